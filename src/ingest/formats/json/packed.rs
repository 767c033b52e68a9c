//! Records within strings: base64, with or without gzip in it, and documents of JSON that were quoted.

use super::document::{Document, Found};
use super::packing::{
    Budget, MAX_BYTES_OF_STRING, MIN_BYTES, Packing, decode, inflate, is_base64, packing,
};
use super::record::may_be_record;
use super::token::{Next, Tokens};
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::text::piece::Piece;
use crate::store::RejectReason;
use crate::store::source::REJECT_BYTES;

/// The most documents in strings of one another.
const MAX_PACKED: usize = 4;

impl Document {
    /// Whether a string is worth a closer look: it may be base64 or JSON. Plain records are not.
    pub(super) fn may_be_packed(raw: &[u8]) -> bool {
        raw.len() >= MIN_BYTES
            && match raw[0] {
                b'{' | b'[' => true,
                _ => raw[..MIN_BYTES].iter().all(|byte| is_base64(*byte)),
            }
    }

    /// Reads the records in a string, if it holds any. Where its name says that it does (`is_named`), it is a reject
    /// if they cannot be read.
    pub(super) fn unpack(&mut self, text: &[u8], is_named: bool, out: &mut Piece) -> Option<Found> {
        let packing = packing(text)?;
        if self.packed >= MAX_PACKED {
            return Some(Found::Reject(RejectReason::PackedTooDeep));
        }
        if self.packed == 0 {
            self.budget = Budget {
                bytes: MAX_BYTES_OF_STRING,
                written: out.written() + MAX_BYTES_OF_STRING,
            };
        }
        match packing {
            Packing::Json => return self.nested(text, false, out).counted(),
            Packing::Lines => return self.lines(text, false, out),
            Packing::Gzip | Packing::Base64Json | Packing::Base64Text => {}
        }
        let depth = MAX_PACKED - self.packed;
        let unpacked = decode(text).and_then(|bytes| inflate(bytes, depth, &mut self.budget.bytes));
        let bytes = match unpacked {
            Ok(bytes) => bytes,
            Err(reason) => return Some(Found::Reject(reason)),
        };
        let begin = bytes.trim_ascii_start();
        if matches!(begin.first(), Some(b'{' | b'[' | b'"')) {
            return self.nested(&bytes, is_named, out).counted();
        }
        self.lines(&bytes, is_named, out)
    }

    /// Reads lines of text.
    pub(super) fn lines(&mut self, bytes: &[u8], is_named: bool, out: &mut Piece) -> Option<Found> {
        let lines = bytes.split(|byte| *byte == b'\n');
        let first = lines.clone().find(|line| !line.trim_ascii().is_empty())?;
        let is_record = self.record_text.reads(first) || is_named && may_be_record(first);
        if !is_record {
            return None;
        }
        self.has_ended = true;
        self.tell("json-messages", super::keys::List::Outer);
        let mut count = 0;
        for line in lines {
            if !line.trim_ascii().is_empty() {
                self.writer.message(line, out);
                count += 1;
            }
        }
        Some(Found::Lines(count))
    }

    /// Reads a document within a string.
    fn nested(&mut self, data: &[u8], is_expected: bool, out: &mut Piece) -> Found {
        let outer = self.enter_nested(is_expected);
        let mut nested = Nested {
            arrays: self.arrays.len(),
            ..Nested::default()
        };
        let probes = self.probes;
        self.packed += 1;
        let result = self.run_nested(data, &mut nested, out);
        let damage = match &result {
            Err(reason) => Some(reason.clone()),
            Ok(_) if self.is_inside() => Some(RejectReason::BadJson),
            Ok(_) => None,
        };
        self.packed -= 1;
        self.leave_nested(outer);
        if let Ok(Some(unsupported)) = result {
            return Found::Unsupported(unsupported);
        }
        let is_known = is_expected || self.probes > probes;
        match (nested.lines, damage) {
            (0, Some(reason)) if is_expected || reason != RejectReason::BadJson => {
                Found::Reject(reason)
            }
            (0, None) if is_known => Found::Passed,
            (0, _) => Found::Nothing,
            (lines, Some(reason)) => {
                // What came before the damage has been written.
                out.push_reject(reason, nested.text(data, data.len()));
                Found::Lines(lines + 1)
            }
            (lines, None) => Found::Lines(lines),
        }
    }

    /// Reads a document to its end, or says what it is if that is not read, or why it cannot be read.
    fn run_nested(
        &mut self,
        data: &[u8],
        nested: &mut Nested,
        out: &mut Piece,
    ) -> Result<Option<Box<Unsupported>>, RejectReason> {
        let (mut tokens, mut at) = (Tokens::default(), 0);
        loop {
            let token = match tokens.next(data, &mut at, true) {
                Next::Token(token) => token,
                Next::Hungry => return Ok(None),
                Next::Broken(_) => return Err(RejectReason::BadJson),
            };
            if self.must_look_ahead(token) {
                self.look_ahead(token, data, at, true);
            }
            let found = self.take(token, data, out);
            let mut found = found.map_err(|_| RejectReason::BadJson)?;
            if self.begun.is_some() {
                nested.begin = tokens.start;
            }
            while found != Found::Nothing {
                match found {
                    // Only a list of this document may still have records.
                    Found::Held(reason) if self.arrays.len() > nested.arrays => {
                        self.hold(reason, nested.text(data, at));
                    }
                    Found::Nothing | Found::Passed | Found::Held(_) => {}
                    Found::Lines(lines) => nested.lines += lines,
                    Found::Reject(reason) => {
                        out.push_reject(reason, nested.text(data, at));
                        nested.lines += 1;
                    }
                    Found::Unsupported(unsupported) => return Ok(Some(unsupported)),
                }
                if out.written() > self.budget.written {
                    return Err(RejectReason::PackedTooLarge);
                }
                found = self.next_row(out);
            }
        }
    }
}

/// What has been read of a document within a string.
#[derive(Debug, Default)]
struct Nested {
    lines: u64,
    /// Where its current element begins.
    begin: usize,
    /// How many lists are open around it.
    arrays: usize,
}

impl Nested {
    /// The text of the current element, up to `end`.
    fn text<'d>(&self, data: &'d [u8], end: usize) -> &'d [u8] {
        let end = end.min(self.begin + REJECT_BYTES);
        &data[self.begin.min(end)..end]
    }
}

impl Found {
    /// None where nothing was found.
    fn counted(self) -> Option<Self> {
        (self != Self::Nothing).then_some(self)
    }
}
