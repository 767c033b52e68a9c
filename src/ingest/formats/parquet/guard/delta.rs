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

/// Turns the strings of `page` behind its first `levels` bytes into plain ones: at most `values` of them, and in at most
/// `max_bytes` bytes.
pub(crate) fn to_plain(
    page: &[u8],
    levels: usize,
    encoding: DeltaStrings,
    values: usize,
    max_bytes: usize,
) -> Result<Vec<u8>, Problem> {
    let has_prefixes = encoding != DeltaStrings::Lengths;
    let bad = || Problem::damaged("invalid delta-encoded strings");
    // The header of a page may state any number of values, and lengths of no bits take no bytes.
    let min_value_bytes = match encoding {
        DeltaStrings::Lengths | DeltaStrings::Prefixes => size_of::<u32>(),
        DeltaStrings::FixedPrefixes(width) => width.max(1),
    };
    let max_values = values.min(max_bytes / min_value_bytes);
    let mut rest = page.get(levels..).ok_or_else(bad)?;
    let prefixes = if has_prefixes {
        let (prefixes, len) = lengths(rest, max_values)?;
        rest = rest.get(len..).ok_or_else(bad)?;
        prefixes
    } else {
        Vec::new()
    };
    let (suffixes, len) = lengths(rest, max_values)?;
    let mut rest = rest.get(len..).ok_or_else(bad)?;
    if has_prefixes && prefixes.len() != suffixes.len() {
        return Err(bad());
    }
    let mut plain = page[..levels].to_vec();
    let mut last = 0..0;
    for (index, suffix) in suffixes.into_iter().enumerate() {
        let prefix = prefixes.get(index).map_or(0, |prefix| *prefix as usize);
        let suffix = suffix as usize;
        let (new, after) = rest.split_at_checked(suffix).ok_or_else(bad)?;
        rest = after;
        if prefix > last.len() {
            return Err(bad());
        }
        let len = prefix + suffix;
        if plain.len() + len + 4 > max_bytes {
            return Err(TOO_LARGE);
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

const TOO_LARGE: Problem = Problem::TooLarge("a page has more than 64 MiB");

/// No word is longer than a page.
const MAX_WORD_BYTES: u32 = 1 << 30;

/// Lengths in blocks of differences, at most `max_values`, and how many bytes they take.
fn lengths(bytes: &[u8], max_values: usize) -> Result<(Vec<u32>, usize), Problem> {
    let bad = || Problem::damaged("invalid delta-encoded strings");
    let mut reader = Reader::new(bytes);
    let header = Blocks::read(&mut reader).ok_or_else(bad)?;
    if header.values > max_values {
        return Err(TOO_LARGE);
    }
    let lengths = header.lengths(&mut reader).ok_or_else(bad)?;
    Ok((lengths, reader.at()))
}

/// The header of lengths.
struct Blocks {
    values: usize,
    first: i64,
    /// How many parts a block has, and how many lengths a part.
    parts: usize,
    part_values: usize,
}

impl Blocks {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let block = usize::try_from(reader.varint()?).ok()?;
        let parts = usize::try_from(reader.varint()?).ok()?;
        let values = usize::try_from(reader.varint()?).ok()?;
        let first = reader.integer()?;
        let is_whole = parts > 0 && block > 0 && block % parts == 0 && block / parts % 8 == 0;
        is_whole.then(|| Self {
            values,
            first,
            parts,
            part_values: block / parts,
        })
    }

    fn lengths(&self, reader: &mut Reader<'_>) -> Option<Vec<u32>> {
        let checked = |length: i64| {
            u32::try_from(length)
                .ok()
                .filter(|len| *len <= MAX_WORD_BYTES)
        };
        let mut length = self.first;
        let mut lengths = Vec::with_capacity(self.values);
        if self.values > 0 {
            lengths.push(checked(length)?);
        }
        while lengths.len() < self.values {
            let least = reader.integer()?;
            for width in reader.take(self.parts)? {
                let left = self.values - lengths.len();
                if left == 0 {
                    break;
                }
                let width = usize::from(*width);
                if width > 64 {
                    return None;
                }
                let packed = reader.take(self.part_values.checked_mul(width)? / 8)?;
                for index in 0..self.part_values.min(left) {
                    let difference = bits(packed, index * width, width).cast_signed();
                    length = length.wrapping_add(least).wrapping_add(difference);
                    lengths.push(checked(length)?);
                }
            }
        }
        Some(lengths)
    }
}

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
