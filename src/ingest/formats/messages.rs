//! Reads messages with tabs between them: a page of events on one line, as awscli prints the list of their messages with
//! `--output text`.
//!
//! Each message counts as a line.

#[cfg(test)]
mod tests;

use memchr::{memchr, memchr2};

use super::row_reader::{InputBuffer, RowReader};
use super::unsupported::Unsupported;
use crate::ingest::source::decode::End;
use crate::ingest::text::known_order::reads_as_record;
use crate::ingest::text::piece::{LINE_BYTES, Piece};
use crate::schema::Address;
use crate::store::RejectReason;
use crate::store::source::REJECT_BYTES;

/// So many of the first lines are looked at for several messages: pages may be empty or have one message.
const LINES_SEEN: usize = 8;
/// A tab that comes later than this is not looked for, in bytes.
const BYTES_SEEN: usize = 1 << 16;
/// So many messages of a line are looked at.
const MESSAGES_SEEN: usize = 8;
/// What the AWS CLI prints for a page without messages.
const NOTHING: &str = "None";
/// A message in an unknown order has at least so many words.
const MIN_WORDS: usize = 6;

/// A reader of messages with tabs between them.
#[derive(Default)]
pub(crate) struct Messages {
    input: InputBuffer,
    /// Whether the rest of a message that is too long is being skipped.
    is_skipping: bool,
}

/// Whether one of the first lines of `text` is a list of messages.
pub(crate) fn recognize(text: &[u8]) -> bool {
    let beginning = &text[..text.len().min(BYTES_SEEN)];
    if memchr(b'\t', beginning).is_none() {
        return false;
    }
    let lines = text.split(|byte| *byte == b'\n').take(LINES_SEEN);
    for line in lines {
        let Ok(line) = str::from_utf8(line) else {
            return false;
        };
        let messages: Vec<&str> = line.split('\t').take(MESSAGES_SEEN).collect();
        match messages.as_slice() {
            // The text of an empty page, and of one without a list.
            [] | ["" | NOTHING] => {}
            [only] if reads_as_record(only) => {}
            [_] => return false,
            [first, second, ..] => {
                // The second one may be cut off.
                let version = |message: &str| message.split(' ').next().map(str::to_owned);
                return reads_as_record(first)
                    && (reads_as_record(second) || version(first) == version(second))
                    || are_alike(&messages[..messages.len() - 1]);
            }
        }
    }
    false
}

/// Whether messages are records in one order, which need not be a known one.
fn are_alike(messages: &[&str]) -> bool {
    let count = |message: &str| message.split(' ').count();
    let width = messages.first().map_or(0, |first| count(first));
    let is_address = |word: &str| word.parse::<Address>().is_ok();
    let has_addresses =
        |message: &&str| message.split(' ').filter(|word| is_address(word)).count() > 1;
    messages.len() > 1
        && width >= MIN_WORDS
        && messages.iter().all(|message| count(message) == width)
        && messages.iter().any(has_addresses)
}

impl Messages {
    /// Writes the message that `data` begins with, and says how many bytes it has; 0 where there are too few.
    fn message(&mut self, data: &[u8], is_over: bool, out: &mut Piece) -> usize {
        let end = memchr2(b'\t', b'\n', data);
        if self.is_skipping {
            self.is_skipping = end.is_none();
            return end.map_or(data.len(), |end| end + 1);
        }
        let message = match end {
            Some(end) => &data[..end],
            None if is_over => data,
            None if data.len() > LINE_BYTES => {
                self.is_skipping = true;
                out.push_reject(RejectReason::LineTooLong, &data[..REJECT_BYTES]);
                return data.len();
            }
            None => return 0,
        };
        out.push_message(if message.trim_ascii() == NOTHING.as_bytes() {
            b""
        } else {
            message
        });
        message.len() + usize::from(end.is_some())
    }

    fn run(&mut self, out: &mut Piece, is_over: bool) {
        let mut input = std::mem::take(&mut self.input);
        while !input.data().is_empty() && (is_over || !out.is_full()) {
            let used = self.message(input.data(), is_over, out);
            if used == 0 {
                break;
            }
            input.take(used);
        }
        self.input = input;
    }
}

impl RowReader for Messages {
    fn input(&mut self) -> &mut InputBuffer {
        &mut self.input
    }

    fn read(&mut self, out: &mut Piece) {
        self.run(out, false);
    }

    fn finish(&mut self, end: &End, out: &mut Piece) {
        match end {
            End::Stopped => {}
            End::Whole | End::BadChecksum(_) => self.run(out, true),
            _ => {
                if !self.is_skipping {
                    self.input.reject_rest(out);
                }
            }
        }
    }

    fn is_open(&self) -> bool {
        !self.input.data().is_empty()
    }

    fn format(&self) -> &'static str {
        "messages"
    }

    fn unsupported(&self) -> Option<Unsupported> {
        None
    }
}
