//! Reads JSON as a stream: one document or many, with or without line ends between them.
//!
//! What is a record in it is found by [`document`]. No document is held as a whole: memory is bounded by the longest
//! string, with what is unpacked of it ([`packing`]), and by a table that comes column by column ([`table`]).

mod ahead;
mod array;
mod classify;
mod cleaning;
mod document;
mod element;
mod element_text;
mod events;
mod field_counts;
mod frame;
mod keys;
mod labelled;
mod left_out;
mod members;
mod open;
mod packed;
mod packing;
mod path;
mod record;
mod resolve;
mod row;
mod skipped;
mod stack;
mod table;
#[cfg(test)]
mod tests;
mod token;
mod unsupported;
mod write;

use std::sync::Arc;

use memchr::memchr;

use super::event_ids::EventIds;
use super::log_groups::LogGroups;
use super::row_reader::{InputBuffer, RowReader};
use super::unsupported::Unsupported;
use crate::ingest::source::decode::End;
use crate::ingest::text::piece::Piece;
use crate::ingest::text::value::Doubt;
use crate::schema::FieldId;
use crate::store::source::REJECT_BYTES;
use crate::store::{Layout, ReadProblem, RejectReason};
use document::{Document, Found};
use element_text::ElementTexts;
use token::{Next, Token, Tokens};

/// A reader of JSON.
pub(crate) struct Json {
    /// The bytes that wait to be read.
    input: InputBuffer,
    tokens: Tokens,
    document: Document,
    /// How many elements have been counted.
    events: u64,
    /// How many of the bytes that wait have been read; they are kept for the text of the current element.
    at: usize,
    texts: ElementTexts,
    /// The beginning of what is broken.
    head: Vec<u8>,
    /// Whether the end of something broken is being searched.
    is_lost: bool,
    /// Whether a line begins at the current position.
    is_at_line: bool,
    /// Whether what is broken has been written.
    is_told: bool,
    broken: Option<Broken>,
    unsupported: Option<Unsupported>,
}

/// Where a document is broken.
#[derive(Debug)]
struct Broken {
    event: u64,
    byte: u64,
    /// What is wrong there; none where it stops.
    why: Option<&'static str>,
    /// Whether more than the element is lost with it.
    is_list: bool,
}

impl Json {
    /// At the beginning, in a load whose events are `known`, of a file whose order of fields may be given.
    pub(crate) fn new(known: Option<Arc<EventIds>>, order: Option<Arc<Layout>>) -> Self {
        Self {
            input: InputBuffer::default(),
            tokens: Tokens::default(),
            document: Document::new(known, order),
            events: 0,
            at: 0,
            texts: ElementTexts::default(),
            head: Vec::new(),
            is_lost: false,
            is_at_line: false,
            is_told: true,
            broken: None,
            unsupported: None,
        }
    }

    fn is_in_token(&self) -> bool {
        self.at < self.input.data().len() || self.tokens.is_in_long()
    }

    /// Writes lines until there are enough or more bytes are needed. Where `is_over`, there will be none.
    fn run(&mut self, out: &mut Piece, is_over: bool) {
        let mut input = std::mem::take(&mut self.input);
        let data = input.data();
        while (is_over || !out.is_full()) && self.unsupported.is_none() {
            if self.is_lost && !self.find_way(data, out) {
                break;
            }
            if self.document.table.is_ready() {
                let found = self.document.next_row(out);
                self.enter(found, data, out);
                continue;
            }
            let was_long = self.tokens.is_in_long();
            let step = match self.tokens.next(data, &mut self.at, is_over) {
                Next::Token(token) if self.must_wait(token, data, is_over) => break,
                Next::Token(token) => self.document.take(token, data, out),
                Next::Hungry => break,
                Next::Broken(why) => Err(why),
            };
            match step {
                Ok(found) => {
                    if let Some(level) = self.document.begun.filter(|_| !was_long) {
                        self.texts.begin(level, self.tokens.start, data);
                    }
                    if !matches!(found, Found::Nothing) {
                        self.enter(found, data, out);
                    }
                    // A colon or a comma nearly always stands directly behind a name or a value.
                    if data
                        .get(self.at)
                        .is_some_and(|mark| self.document.take_mark(*mark))
                    {
                        self.at += 1;
                    }
                }
                Err(why) => self.give_up(why, input.used(), data),
            }
        }
        let used = self.use_up(data);
        input.take(used);
        self.input = input;
    }

    /// Whether more bytes are needed to tell what `token` begins; it is taken again then.
    fn must_wait(&mut self, token: Token, data: &[u8], is_over: bool) -> bool {
        let must_wait = self.document.must_look_ahead(token)
            && !self.document.look_ahead(token, data, self.at, is_over);
        if must_wait {
            self.at = self.tokens.start;
            self.tokens.begin_again();
        }
        must_wait
    }

    /// Counts an element that has ended.
    fn enter(&mut self, found: Found, data: &[u8], out: &mut Piece) {
        let level = self.document.level();
        match found {
            Found::Nothing => return,
            Found::Passed => {}
            Found::Held(reason) => {
                let text = self.texts.of(level, data, self.at, self.tokens.start);
                self.document.hold(reason, text);
            }
            Found::Lines(count) => self.events += count,
            Found::Reject(reason) => {
                self.events += 1;
                let text = self.texts.of(level, data, self.at, self.tokens.start);
                out.push_reject(reason, text);
            }
            Found::Unsupported(unsupported) => self.unsupported = Some(*unsupported),
        }
        self.texts.end(level);
    }

    /// The beginning of the current element, up to `end`.
    fn text<'a>(&'a self, data: &'a [u8], end: usize) -> &'a [u8] {
        let start = self.tokens.start;
        if self.document.is_between_elements() && !self.tokens.is_in_long() {
            return &data[start.min(end)..end.min(start + REJECT_BYTES)];
        }
        self.texts.of(usize::MAX, data, end, start)
    }

    /// Gives up the current document and searches the next one.
    fn give_up(&mut self, why: &'static str, used: u64, data: &[u8]) {
        self.events += 1;
        // The token that has no place here may be the first of the next document.
        let is_bracket = matches!(data.get(self.tokens.start), Some(b'{' | b'['));
        self.is_at_line = self.tokens.is_first && is_bracket && self.tokens.start < self.at;
        if self.is_at_line {
            self.at = self.tokens.start;
        }
        let text = self.text(data, self.at).to_vec();
        let is_list = self.document.is_in_list();
        self.note(used + self.at as u64, Some(why), is_list);
        self.is_lost = true;
        self.is_told = false;
        self.document.reset();
        self.tokens.reset();
        self.texts.clear();
        self.head = text;
    }

    /// Remembers where the document is broken first.
    fn note(&mut self, byte: u64, why: Option<&'static str>, is_list: bool) {
        if self.broken.is_none() {
            self.broken = Some(Broken {
                event: self.events,
                byte,
                why,
                is_list,
            });
        }
    }

    /// Goes on to where a line begins with a bracket. The rest of the broken line is rejected with it.
    fn find_way(&mut self, data: &[u8], out: &mut Piece) -> bool {
        loop {
            if self.is_at_line {
                self.tell(out);
                match data.get(self.at) {
                    None => return false,
                    Some(b'{' | b'[') => break,
                    Some(_) => self.is_at_line = false,
                }
            }
            let rest = &data[self.at..];
            let found = memchr(b'\n', rest);
            if !self.is_told {
                let room = REJECT_BYTES.saturating_sub(self.head.len());
                let line = &rest[..found.unwrap_or(rest.len())];
                self.head.extend_from_slice(&line[..line.len().min(room)]);
            }
            let Some(found) = found else {
                self.at = data.len();
                return false;
            };
            self.at += found + 1;
            self.is_at_line = true;
        }
        self.is_lost = false;
        self.is_at_line = false;
        if self.broken.as_ref().is_some_and(|broken| !broken.is_list) {
            self.broken = None;
        }
        true
    }

    /// Writes what was broken.
    fn tell(&mut self, out: &mut Piece) {
        if !std::mem::replace(&mut self.is_told, true) {
            out.push_reject(RejectReason::BadJson, self.head.trim_ascii_end());
            self.head.clear();
        }
    }

    /// How many bytes need not wait any longer.
    fn use_up(&mut self, data: &[u8]) -> usize {
        let is_alone = !self.document.is_inside() || self.document.is_between_elements();
        if self.tokens.is_in_long() && is_alone {
            self.texts.begin(usize::MAX, self.tokens.start, data);
        }
        let used = self.texts.use_up(self.at, data);
        self.at -= used;
        self.tokens.start = self.tokens.start.saturating_sub(used);
        used
    }
}

impl RowReader for Json {
    fn input(&mut self) -> &mut InputBuffer {
        &mut self.input
    }

    fn read(&mut self, out: &mut Piece) {
        self.run(out, false);
    }

    fn finish(&mut self, end: &End, out: &mut Piece) {
        if matches!(end, End::Stopped) {
            return;
        }
        self.run(out, true);
        if self.is_lost {
            self.tell(out);
        }
        if self.is_lost || self.unsupported.is_some() {
            return;
        }
        if !self.is_open() {
            return;
        }
        let is_in_token = self.is_in_token();
        self.events += 1;
        if matches!(end, End::Whole | End::BadChecksum(_)) {
            let byte = self.input.used() + self.input.data().len() as u64;
            self.note(byte, None, true);
        }
        if self.document.is_in_element() || is_in_token && self.document.may_begin() {
            let data = self.input.data();
            let text = self.text(data, data.len());
            out.push_reject(RejectReason::CutOff, text);
        }
    }

    fn is_open(&self) -> bool {
        self.is_in_token() || self.document.is_inside()
    }

    fn format(&self) -> &'static str {
        self.document.format.unwrap_or("json")
    }

    fn duplicates(&self) -> u64 {
        self.document.duplicates
    }

    fn problem(&self) -> Option<ReadProblem> {
        let broken = self.broken.as_ref()?;
        let (event, byte) = (broken.event, broken.byte);
        Some(match broken.why {
            Some(why) => ReadProblem::JsonInvalid { event, byte, why },
            None => ReadProblem::JsonTruncated { event, byte },
        })
    }

    fn doubts(&self) -> Vec<(FieldId, Doubt, String)> {
        self.document.cleaning.doubts()
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = self.document.cleaning.warnings();
        warnings.extend(self.document.conflicts.warnings());
        warnings.extend(self.document.skipped.warnings());
        warnings.extend(self.document.left_out.warnings());
        warnings
    }

    fn log_groups(&self) -> Option<&LogGroups> {
        Some(&self.document.log_groups)
    }

    fn unsupported(&self) -> Option<Unsupported> {
        self.unsupported.clone()
    }

    fn without_records(&self) -> Option<Unsupported> {
        let names = self.document.names_unread.as_ref()?;
        let what = ("JSON", "its first object has");
        let is_read = self.document.format.is_some();
        (!is_read).then(|| Unsupported::without_flow("json", what, names))
    }
}
