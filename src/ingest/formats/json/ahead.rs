//! Looks ahead to the end of an object whose list may have records: they are read unless the object is a record.
//!
//! An object gives the same whichever of its members comes first, and no list waits in memory for the end of its
//! object.

use super::array::Items;
use super::document::Document;
use super::element::{Element, Lists, MIN_RECORD_BYTES, has_words};
use super::field_counts::FieldCounts;
use super::frame::Frame;
use super::keys::{Class, Key, List, NO_KEY};
use super::token::{Next, Token, Tokens, unescape};

/// How far behind the beginning of a list is looked, in bytes.
const AHEAD_BYTES: usize = 64 << 10;

/// Whether an object with a list is a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Record,
    NoRecord,
    /// More bytes are needed.
    Open,
}

/// Where the look ahead is in the rest of an object.
struct Ahead {
    /// How many brackets are open whose contents do not matter.
    skipped: usize,
    /// The members around the current one that are objects, the innermost last, without it.
    prefixes: Vec<Key>,
    /// The member whose value is the innermost object; none at the top of the element.
    prefix: Key,
    key: Key,
    /// Whether a name comes next.
    is_at_name: bool,
    fields: FieldCounts,
}

impl Document {
    /// Whether the list that is open has to be decided on before `token`, which may begin a record in it.
    pub(super) fn must_look_ahead(&self, token: Token) -> bool {
        self.is_list_open
            && match token {
                Token::OpenObject | Token::OpenArray => true,
                Token::Text { from, to, .. } => to - from >= MIN_RECORD_BYTES,
                _ => false,
            }
    }

    /// Decides what the list is for that is open, and returns whether there were enough bytes: `data` from `at` on,
    /// behind `token`.
    pub(super) fn look_ahead(
        &mut self,
        token: Token,
        data: &[u8],
        at: usize,
        is_over: bool,
    ) -> bool {
        let Some(mut element) = self.elements.top_mut().map(std::mem::take) else {
            return true;
        };
        let verdict = if self.is_record_so_far(&element) {
            Verdict::Record
        } else {
            let rest = &data[at..data.len().min(at + AHEAD_BYTES)];
            let mut ahead = self.begin_ahead(token, element.fields);
            self.verdict(&mut ahead, rest, is_over && at + rest.len() == data.len())
        };
        let is_cut = data.len() - at >= AHEAD_BYTES || is_over;
        let is_decided = verdict != Verdict::Open || is_cut;
        if is_decided {
            self.is_list_open = false;
            element.is_searched = verdict != Verdict::Record;
            if verdict == Verdict::Record {
                if element.named == Lists::Named {
                    self.left_out.lists += 1;
                }
                if let Some(array) = self.arrays.top_mut() {
                    array.items = Items::Value;
                }
            }
        }
        if let Some(top) = self.elements.top_mut() {
            std::mem::swap(top, &mut element);
        }
        is_decided
    }

    /// Whether the members of an element so far are those of a record.
    pub(super) fn is_record_so_far(&self, element: &Element) -> bool {
        if element.fields.is_row() {
            return true;
        }
        if element.message.is_some() && self.is_in_events() {
            return true;
        }
        let mut texts = element.message.iter().chain(&element.candidates);
        texts.any(|text| self.record_text.is_record(element.value(text.cell)))
    }

    /// Whether the object with the list that is open is an event of `CloudWatch`, or in one.
    fn is_in_events(&self) -> bool {
        let around = self.arrays.len().saturating_sub(1);
        let mut around = self.arrays.items().take(around);
        around.any(|array| array.place.list == List::Events)
    }

    fn begin_ahead(&self, token: Token, fields: FieldCounts) -> Ahead {
        let is_bracket = matches!(token, Token::OpenObject | Token::OpenArray);
        let mut prefixes = Vec::new();
        let mut skipped = usize::from(is_bracket);
        for frame in self.frames.iter().rev() {
            match frame {
                Frame::Array => skipped += 1,
                Frame::Member(member) => prefixes.push(member.prefix),
                _ => break,
            }
        }
        prefixes.reverse();
        Ahead {
            skipped,
            prefixes,
            prefix: self.prefix,
            key: NO_KEY,
            is_at_name: false,
            fields,
        }
    }

    fn verdict(&mut self, ahead: &mut Ahead, rest: &[u8], is_over: bool) -> Verdict {
        let (mut tokens, mut at) = (Tokens::default(), 0);
        loop {
            let token = match tokens.next(rest, &mut at, is_over) {
                Next::Token(token) => token,
                Next::Hungry => return Verdict::Open,
                Next::Broken(_) => return Verdict::NoRecord,
            };
            match token {
                Token::OpenArray => ahead.skipped += 1,
                Token::OpenObject if ahead.skipped > 0 || !ahead.enter(self) => ahead.skipped += 1,
                Token::CloseArray | Token::CloseObject if ahead.skipped > 0 => ahead.skipped -= 1,
                Token::CloseObject => match ahead.prefixes.pop() {
                    Some(prefix) => ahead.prefix = prefix,
                    None => return Verdict::NoRecord,
                },
                Token::CloseArray => return Verdict::NoRecord,
                _ if ahead.skipped > 0 => {}
                Token::Comma => ahead.is_at_name = true,
                Token::Colon => ahead.is_at_name = false,
                token if ahead.is_at_name => {
                    if self.find_name(token, rest, ahead).is_err() {
                        return Verdict::NoRecord;
                    }
                }
                token => {
                    if self.is_record_with(token, rest, ahead) {
                        return Verdict::Record;
                    }
                }
            }
        }
    }

    /// Takes in the name of a member.
    fn find_name(
        &mut self,
        token: Token,
        rest: &[u8],
        ahead: &mut Ahead,
    ) -> Result<(), &'static str> {
        ahead.key = NO_KEY;
        if let Token::Text { from, to, .. } = token {
            let mut name = std::mem::take(&mut self.scratch);
            name.clear();
            unescape(&rest[from..to], &mut name)?;
            // Numbers name rows, and are too many to be told apart.
            if !name.iter().all(u8::is_ascii_digit) {
                ahead.key = self.keys.find_nested(ahead.prefix, &name, &mut self.path);
            }
            self.scratch = name;
        }
        Ok(())
    }

    /// Whether the element is a record with one more member, whose value is `token`.
    fn is_record_with(&mut self, token: Token, rest: &[u8], ahead: &mut Ahead) -> bool {
        let member = self.keys.member(ahead.key);
        ahead.fields.add(member.meaning);
        if ahead.fields.is_row() {
            return true;
        }
        let Token::Text { from, to, .. } = token else {
            return false;
        };
        if matches!(member.class, Class::Message { .. }) && self.is_in_events() {
            return true;
        }
        if !has_words(&rest[from..to]) {
            return false;
        }
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        let is_record =
            unescape(&rest[from..to], &mut text).is_ok() && self.record_text.is_record(&text);
        self.scratch = text;
        is_record
    }
}

impl Ahead {
    /// Enters the object that is the value of the current member, unless its contents do not matter.
    fn enter(&mut self, document: &Document) -> bool {
        let class = document.keys.member(self.key).class;
        if self.key == NO_KEY || class == Class::Extracted {
            return false;
        }
        self.prefixes.push(self.prefix);
        self.prefix = self.key;
        self.is_at_name = true;
        true
    }
}
