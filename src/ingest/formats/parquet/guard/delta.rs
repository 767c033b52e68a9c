//! Decodes strings in `DELTA_LENGTH_BYTE_ARRAY` and `DELTA_BYTE_ARRAY` into plain ones.
//!
//! Done here so that the size of the strings is bounded before they are built.

use super::thrift::Reader;
use crate::ingest::formats::parquet::problem::Problem;

/// How the strings of a page are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeltaStrings {
    /// With their lengths in front.
    Lengths,
    /// Each with the length of the prefix that it shares with the string before it.
    Prefixes,
    /// The same, of a type with a fixed length: plain values have no length.
    FixedPrefixes(usize),
}

/// Turns the strings of `page` behind its first `levels` bytes into plain ones: at most `most` of them, and in at most
/// `bytes` bytes.
pub(crate) fn to_plain(
    page: &[u8],
    levels: usize,
    encoding: DeltaStrings,
    most: usize,
    bytes: usize,
) -> Result<Vec<u8>, Problem> {
    let has_prefixes = encoding != DeltaStrings::Lengths;
    let bad = || Problem::damaged("invalid delta-encoded strings");
    let mut rest = page.get(levels..).ok_or_else(bad)?;
    let prefixes = if has_prefixes {
        let (prefixes, len) = lengths(rest, most).ok_or_else(bad)?;
        rest = rest.get(len..).ok_or_else(bad)?;
        prefixes
    } else {
        Vec::new()
    };
    let (suffixes, len) = lengths(rest, most).ok_or_else(bad)?;
    let mut rest = rest.get(len..).ok_or_else(bad)?;
    if has_prefixes && prefixes.len() != suffixes.len() {
        return Err(bad());
    }
    let mut plain = page[..levels].to_vec();
    let mut last = 0..0;
    for (index, suffix) in suffixes.into_iter().enumerate() {
        let prefix = prefixes.get(index).copied().unwrap_or(0);
        let (new, after) = rest.split_at_checked(suffix).ok_or_else(bad)?;
        rest = after;
        if prefix > last.len() {
            return Err(bad());
        }
        let len = prefix + suffix;
        if plain.len() + len + 4 > bytes {
            return Err(Problem::TooLarge("a page has more than 64 MiB"));
        }
        match encoding {
            DeltaStrings::FixedPrefixes(width) if width != len => return Err(bad()),
            DeltaStrings::FixedPrefixes(_) => {}
            _ => plain.extend(u32::try_from(len).map_err(|_| bad())?.to_le_bytes()),
        }
        let begin = plain.len();
        plain.extend_from_within(last.start..last.start + prefix);
        plain.extend_from_slice(new);
        last = begin..plain.len();
    }
    Ok(plain)
}

/// Lengths in blocks of differences, at most `most`, and how many bytes they take.
fn lengths(bytes: &[u8], most: usize) -> Option<(Vec<usize>, usize)> {
    let mut reader = Reader::new(bytes);
    let block = usize::try_from(reader.varint()?).ok()?;
    let parts = usize::try_from(reader.varint()?).ok()?;
    let count = usize::try_from(reader.varint()?).ok()?;
    let mut length = reader.integer()?;
    let is_whole = parts > 0 && block % parts == 0 && block / parts % 8 == 0;
    if count > most || !is_whole || block == 0 {
        return None;
    }
    let part = block / parts;
    let mut lengths = Vec::with_capacity(count);
    if count > 0 {
        lengths.push(usize::try_from(length).ok()?);
    }
    while lengths.len() < count {
        let least = reader.integer()?;
        let widths = reader.take(parts)?;
        for width in widths {
            if lengths.len() >= count {
                break;
            }
            let width = usize::from(*width);
            if width > 64 {
                return None;
            }
            let packed = reader.take(part.checked_mul(width)? / 8)?;
            for index in 0..part.min(count - lengths.len()) {
                let difference = bits(packed, index * width, width).cast_signed();
                length = length.wrapping_add(least).wrapping_add(difference);
                lengths.push(
                    usize::try_from(length)
                        .ok()
                        .filter(|len| *len <= MAX_WORD_BYTES)?,
                );
            }
        }
    }
    Some((lengths, reader.at()))
}

/// No word is longer than a page.
const MAX_WORD_BYTES: usize = 1 << 30;

/// `width` bits from bit `from` on, the least significant first.
fn bits(bytes: &[u8], from: usize, width: usize) -> u64 {
    (0..width).fold(0, |sum, bit| {
        let at = from + bit;
        let is_set = bytes
            .get(at / 8)
            .is_some_and(|byte| byte >> (at % 8) & 1 == 1);
        sum | u64::from(is_set) << bit
    })
}
