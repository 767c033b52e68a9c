//! Records within strings: base64, with or without gzip in it, and documents of JSON that were quoted.

use std::io::Read;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::MultiGzDecoder;

use super::document::{Document, Found};
use super::record::may_be_record;
use super::token::{Next, Tokens};
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::text::piece::Piece;
use crate::store::RejectReason;
use crate::store::source::REJECT_BYTES;

/// The most documents in strings of one another.
const MAX_PACKED: usize = 4;
/// The most bytes that a string may have when it is decompressed.
pub(crate) const MAX_UNPACKED_BYTES: usize = 16 << 20;
/// The fewest characters of a string that may hold a record.
const MIN_BYTES: usize = 40;
/// How a gzip member begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What a string holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Json,
    /// Base64 of gzip.
    Gzip,
    /// Base64 of JSON.
    Base64Json,
    /// Base64 of text.
    Base64Text,
    /// Several lines of text.
    Lines,
}

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
        match packing {
            Packing::Json => return self.nested(text, false, out).counted(),
            Packing::Lines => return self.lines(text, false, out),
            Packing::Gzip | Packing::Base64Json | Packing::Base64Text => {}
        }
        let bytes = match decode(text).and_then(|bytes| inflate(bytes, MAX_PACKED - self.packed)) {
            Ok(bytes) => bytes,
            Err(reason) => return Some(Found::Reject(reason)),
        };
        let begin = bytes.trim_ascii_start();
        if matches!(begin.first(), Some(b'{' | b'[' | b'"')) {
            let is_expected = is_named || packing == Packing::Gzip;
            return self.nested(&bytes, is_expected, out).counted();
        }
        self.lines(&bytes, is_named, out)
    }

    /// Reads lines of text.
    fn lines(&mut self, bytes: &[u8], is_named: bool, out: &mut Piece) -> Option<Found> {
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
        self.packed += 1;
        let mut nested = Nested::default();
        let result = self.run_nested(data, &mut nested, out);
        let is_broken = result.is_err() || self.is_inside();
        self.packed -= 1;
        self.leave_nested(outer);
        if let Ok(Some(unsupported)) = result {
            return Found::Unsupported(unsupported);
        }
        match nested.lines {
            0 if is_broken && is_expected => Found::Reject(RejectReason::BadJson),
            0 if is_expected => Found::Passed,
            0 => Found::Nothing,
            lines if is_broken => {
                // What came before the damage has been written.
                out.push_reject(RejectReason::BadJson, nested.text(data, data.len()));
                Found::Lines(lines + 1)
            }
            lines => Found::Lines(lines),
        }
    }

    /// Reads a document to its end, or says what it is if that is not read.
    fn run_nested(
        &mut self,
        data: &[u8],
        nested: &mut Nested,
        out: &mut Piece,
    ) -> Result<Option<Unsupported>, &'static str> {
        let (mut tokens, mut at) = (Tokens::default(), 0);
        loop {
            let token = match tokens.next(data, &mut at, true) {
                Next::Token(token) => token,
                Next::Hungry => return Ok(None),
                Next::Broken(why) => return Err(why),
            };
            let mut found = self.take(token, data, out)?;
            if self.begun.is_some() {
                nested.begin = tokens.start;
            }
            while found != Found::Nothing {
                match found {
                    Found::Nothing | Found::Passed | Found::Held(_) => {}
                    Found::Lines(lines) => nested.lines += lines,
                    Found::Reject(reason) => {
                        out.push_reject(reason, nested.text(data, at));
                        nested.lines += 1;
                    }
                    Found::Unsupported(unsupported) => return Ok(Some(unsupported)),
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

/// What a string holds, as its beginning shows.
fn packing(text: &[u8]) -> Option<Packing> {
    if text.len() < MIN_BYTES {
        return None;
    }
    if is_json(text) {
        return Some(Packing::Json);
    }
    if !text[..MIN_BYTES].iter().all(|byte| is_base64(*byte)) {
        let lines = text.trim_ascii_end().contains(&b'\n');
        return lines.then_some(Packing::Lines);
    }
    let begin = decode(&text[..MIN_BYTES]).ok()?;
    if begin.starts_with(&GZIP) {
        return Some(Packing::Gzip);
    }
    if is_json(begin.trim_ascii_start()) {
        return Some(Packing::Base64Json);
    }
    let is_text = begin
        .iter()
        .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    (is_text && begin.contains(&b' ')).then_some(Packing::Base64Text)
}

/// Whether text begins as an object or a list does.
fn is_json(text: &[u8]) -> bool {
    let mut characters = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (characters.next(), characters.next()) {
        (Some(b'{'), Some(second)) => *second == b'"',
        (Some(b'['), Some(second)) => matches!(second, b'{' | b'[' | b'"'),
        _ => false,
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=' | b'\\')
}

/// The bytes that base64 stands for, in either alphabet, with or without padding and line ends.
fn decode(text: &[u8]) -> Result<Vec<u8>, RejectReason> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let is_url = text.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let alphabet = if is_url { &URL_SAFE } else { &STANDARD };
    let engine = GeneralPurpose::new(alphabet, config);
    let has_white = text.iter().any(u8::is_ascii_whitespace);
    let decoded = if has_white {
        let bare: Vec<u8> = text
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        engine.decode(bare)
    } else {
        engine.decode(text)
    };
    decoded.map_err(|_| RejectReason::BadPacked)
}

/// What gzip, up to `depth` times, holds.
fn inflate(mut bytes: Vec<u8>, depth: usize) -> Result<Vec<u8>, RejectReason> {
    let mut times = 0;
    while bytes.starts_with(&GZIP) {
        if times == depth {
            return Err(RejectReason::PackedTooDeep);
        }
        times += 1;
        let mut unpacked = Vec::new();
        let limit = MAX_UNPACKED_BYTES as u64 + 1;
        let reading = MultiGzDecoder::new(bytes.as_slice())
            .take(limit)
            .read_to_end(&mut unpacked);
        if unpacked.len() > MAX_UNPACKED_BYTES {
            return Err(RejectReason::PackedTooLarge);
        }
        if reading.is_err() {
            return Err(RejectReason::BadPacked);
        }
        bytes = unpacked;
    }
    Ok(bytes)
}
