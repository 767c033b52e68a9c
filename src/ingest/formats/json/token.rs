//! Takes JSON apart into its marks, texts and bare words, as far as the bytes have come.

use memchr::memchr3;

/// The longest string that is read: a record of Kinesis has up to 1 MiB, and base64 adds a third.
pub(super) const MAX_STRING_BYTES: usize = 2 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `{`
    OpenObject,
    /// `[`
    OpenArray,
    /// `}`
    CloseObject,
    /// `]`
    CloseArray,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// What stands between quotation marks.
    Text {
        /// Where it begins in the bytes given.
        from: usize,
        to: usize,
        /// Whether it has no backslash.
        is_plain: bool,
    },
    /// A text that is longer than any that is read.
    LongText,
    Number {
        from: usize,
        to: usize,
    },
    /// `true` or `false`.
    Bool {
        /// Which.
        is_true: bool,
    },
    /// `null`, or the `NaN` of other writers.
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Token(Token),
    /// Nothing before there are more bytes.
    Hungry,
    /// Nothing that JSON has; this says what is wrong.
    Broken(&'static str),
}

/// The longest number or bare word.
const LONGEST_BARE: usize = 512;

/// What is known of the text that has begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Text {
    /// It has no backslash so far.
    #[default]
    Plain,
    /// It has one.
    Escaped,
    /// It is too long, and nothing of it is kept.
    Long,
}

/// Finds tokens. No part of a text is searched twice.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// How many bytes of the text that has begun are known to be in it.
    searched: usize,
    text: Text,
    /// Where the last token begins, or what there is of it.
    pub(super) start: usize,
    /// Whether it is the first of its line.
    pub(super) is_first: bool,
    /// Whether a line end came last.
    has_line_end: bool,
}

impl Tokens {
    /// Begins anew, at a place that is in no text.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// Goes back to the beginning of the last token.
    pub(super) fn begin_again(&mut self) {
        self.has_line_end = self.is_first;
    }

    /// Whether `at` is in the middle of a text that is not kept.
    pub(super) fn is_in_long(&self) -> bool {
        self.text == Text::Long
    }

    /// The token of `data` that begins at `at` or behind white space there; `at` moves behind it.
    /// Where `is_over`, no more bytes will come.
    #[inline]
    pub(super) fn next(&mut self, data: &[u8], at: &mut usize, is_over: bool) -> Next {
        if self.is_in_long() {
            return self.long_text(data, at);
        }
        let Some(byte) = self.skip_white(data, at) else {
            return Next::Hungry;
        };
        self.start = *at;
        self.is_first = self.has_line_end;
        let token = match byte {
            b'"' => return self.quoted(data, at),
            b'{' => Token::OpenObject,
            b'}' => Token::CloseObject,
            b'[' => Token::OpenArray,
            b']' => Token::CloseArray,
            b':' => Token::Colon,
            b',' => Token::Comma,
            _ => {
                let bare = bare(data, at, is_over);
                self.has_line_end &= bare == Next::Hungry;
                return bare;
            }
        };
        self.has_line_end = false;
        *at += 1;
        Next::Token(token)
    }

    /// The first byte from `at` on that is no white space. A record separator is some: it begins texts in one
    /// form of streams of JSON.
    fn skip_white(&mut self, data: &[u8], at: &mut usize) -> Option<u8> {
        while let Some(byte) = data.get(*at) {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' | 0x1e => {
                    self.has_line_end = *byte == b'\n';
                    *at += 1;
                }
                byte => return Some(*byte),
            }
        }
        None
    }

    #[inline]
    fn quoted(&mut self, data: &[u8], at: &mut usize) -> Next {
        let from = *at + 1;
        loop {
            let begin = from + self.searched;
            let rest = data.get(begin..).unwrap_or_default();
            let Some(found) = memchr3(b'"', b'\\', b'\n', rest) else {
                self.searched += rest.len();
                break;
            };
            let place = begin + found;
            match data[place] {
                b'"' => {
                    let is_plain = self.text == Text::Plain;
                    self.end_text();
                    *at = place + 1;
                    return Next::Token(Token::Text {
                        from,
                        to: place,
                        is_plain,
                    });
                }
                b'\n' => {
                    *at = place;
                    return Next::Broken(LINE_END);
                }
                _ => {}
            }
            self.text = Text::Escaped;
            self.searched = place - from;
            if place + 1 >= data.len() {
                break;
            }
            self.searched += 2;
        }
        if self.searched > MAX_STRING_BYTES {
            self.text = Text::Long;
            *at = from + self.searched;
            return self.long_text(data, at);
        }
        Next::Hungry
    }

    /// Passes over the rest of a text that is too long.
    fn long_text(&mut self, data: &[u8], at: &mut usize) -> Next {
        while let Some(found) = memchr3(b'"', b'\\', b'\n', &data[*at..]) {
            let place = *at + found;
            match data[place] {
                b'"' => {
                    *at = place + 1;
                    self.end_text();
                    return Next::Token(Token::LongText);
                }
                b'\n' => {
                    *at = place;
                    return Next::Broken(LINE_END);
                }
                _ if place + 1 >= data.len() => {
                    *at = place;
                    return Next::Hungry;
                }
                _ => *at = place + 2,
            }
        }
        *at = data.len();
        Next::Hungry
    }

    fn end_text(&mut self) {
        self.searched = 0;
        self.text = Text::Plain;
        self.has_line_end = false;
    }
}

const LINE_END: &str = "a string has no closing quotation mark on its line";

#[inline]
fn bare(data: &[u8], at: &mut usize, is_over: bool) -> Next {
    let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
    let rest = &data[*at..];
    let digits = rest.iter().take(LONGEST_BARE);
    let digits = digits.take_while(|byte| byte.is_ascii_digit()).count();
    let is_whole = digits > 0 && rest.get(digits).is_some_and(|byte| !is_inside(byte));
    if is_whole && digits < LONGEST_BARE {
        let (from, to) = (*at, *at + digits);
        *at = to;
        return Next::Token(Token::Number { from, to });
    }
    let len = rest
        .iter()
        .take(LONGEST_BARE)
        .take_while(|byte| is_inside(byte))
        .count();
    if len == rest.len() && !is_over {
        return Next::Hungry;
    }
    let word = &rest[..len];
    let token = match word {
        b"true" => Token::Bool { is_true: true },
        b"false" => Token::Bool { is_true: false },
        b"null" | b"NaN" => Token::Null,
        _ if is_number(word) => Token::Number {
            from: *at,
            to: *at + len,
        },
        _ => {
            *at += len.max(1);
            return Next::Broken("expected a value");
        }
    };
    *at += len;
    Next::Token(token)
}

fn is_number(word: &[u8]) -> bool {
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    let is_spelled = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    digits.first().is_some_and(u8::is_ascii_digit)
        && word.len() < LONGEST_BARE
        && digits.iter().all(is_spelled)
}

/// Appends what a text between quotation marks says, or says what is wrong with it.
pub(super) fn unescape(raw: &[u8], into: &mut Vec<u8>) -> Result<(), &'static str> {
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        into.extend_from_slice(&rest[..at]);
        let (kind, after) = rest[at + 1..].split_first().ok_or(BAD_ESCAPE)?;
        rest = after;
        let byte = match kind {
            b'"' | b'\\' | b'/' => *kind,
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            b'u' => {
                let letter = unicode(&mut rest).ok_or(BAD_ESCAPE)?;
                into.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            _ => return Err(BAD_ESCAPE),
        };
        into.push(byte);
    }
    into.extend_from_slice(rest);
    Ok(())
}

const BAD_ESCAPE: &str = "invalid escape sequence";

/// The character whose digits stand at the beginning of `rest`; half of a pair without the other is a
/// replacement character.
fn unicode(rest: &mut &[u8]) -> Option<char> {
    let first = four_digits(rest)?;
    *rest = &rest[4..];
    if !(0xd800..0xdc00).contains(&first) {
        return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    let second = rest.strip_prefix(b"\\u").and_then(four_digits);
    let Some(second) = second.filter(|second| (0xdc00..0xe000).contains(second)) else {
        return Some(char::REPLACEMENT_CHARACTER);
    };
    *rest = &rest[6..];
    char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
}

fn four_digits(text: &[u8]) -> Option<u32> {
    let digits = str::from_utf8(text.get(..4)?).ok()?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}
