//! What a string holds that is no text: base64, gzip, JSON, or several lines; and how much of it is unpacked.

use std::io::Read;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::MultiGzDecoder;

use crate::store::RejectReason;

/// The most bytes that a string may have when it is decompressed.
const MAX_UNPACKED_BYTES: usize = 16 << 20;
/// The most bytes that come from one string, or from the strings of one object, with all strings in one another; and
/// the most that is written of them.
pub(super) const MAX_BYTES_OF_STRING: usize = 64 << 20;
/// The fewest characters of a string that may hold a record.
pub(super) const MIN_BYTES: usize = 40;
/// How a gzip member begins, and how base64 spells that.
const GZIP: [u8; 2] = [0x1f, 0x8b];
const GZIP_BASE64: &[u8] = b"H4sI";

/// What a string holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
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

/// How much more may be unpacked and written of the strings of one object.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Budget {
    /// Bytes to unpack.
    pub(super) bytes: usize,
    /// How long the piece may become.
    pub(super) written: usize,
}

/// Whether a string is base64 of gzip, as its first characters say.
pub(super) fn is_packed_gzip(text: &[u8]) -> bool {
    text.len() >= MIN_BYTES && text.starts_with(GZIP_BASE64)
}

/// What a string holds, as its beginning shows.
pub(super) fn packing(text: &[u8]) -> Option<Packing> {
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

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=' | b'\\')
}

/// The bytes that base64 stands for, in either alphabet, with or without padding and line ends.
pub(super) fn decode(text: &[u8]) -> Result<Vec<u8>, RejectReason> {
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

/// What gzip, up to `depth` times, holds, if it is no more than `budget` bytes, which are used up.
pub(super) fn inflate(
    mut bytes: Vec<u8>,
    depth: usize,
    budget: &mut usize,
) -> Result<Vec<u8>, RejectReason> {
    let mut times = 0;
    while bytes.starts_with(&GZIP) {
        if times == depth {
            return Err(RejectReason::PackedTooDeep);
        }
        times += 1;
        let mut unpacked = Vec::new();
        let most = MAX_UNPACKED_BYTES.min(*budget);
        let reading = MultiGzDecoder::new(bytes.as_slice())
            .take(most as u64 + 1)
            .read_to_end(&mut unpacked);
        *budget = budget.saturating_sub(unpacked.len());
        if unpacked.len() > most {
            return Err(RejectReason::PackedTooLarge);
        }
        if reading.is_err() {
            return Err(RejectReason::BadPacked);
        }
        bytes = unpacked;
    }
    Ok(bytes)
}
