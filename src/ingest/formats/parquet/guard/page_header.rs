//! The header of a page: what kind of page it is, how long, and how its values are written.

use parquet::basic::Encoding;
use parquet::column::page::Page;

use super::thrift::{Reader, Wire};
use crate::ingest::formats::parquet::problem::Problem;

/// The header of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    /// How many bytes the header itself has.
    pub(crate) len: usize,
    /// How many bytes the page has in the file.
    pub(crate) packed: usize,
    /// How many it has after unpacking.
    pub(crate) unpacked: usize,
    /// What kind of page it is.
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Something about other pages.
    Index,
    /// The distinct values.
    Dictionary { values: u32 },
    Data {
        values: u32,
        encoding: Encoding,
        level_encoding: Encoding,
    },
    /// Values, with what says which rows have one in front and not packed.
    DataV2 {
        values: u32,
        nulls: u32,
        encoding: Encoding,
        /// The bytes of both kinds of levels, and of those that say where a row begins.
        levels: usize,
        repetition: usize,
        is_packed: bool,
    },
}

/// The numbers of a structure by their fields, as far as they are of interest.
type Numbers = [Option<i64>; 8];

impl Header {
    /// Reads the header at the beginning of `bytes`; none where there is none, or not all of it.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let mut outer = Numbers::default();
        // Those of the structures in fields 5 to 8.
        let mut inner = [Numbers::default(); 4];
        reader.structure(0, &mut |reader, field, wire| {
            let nested = usize::try_from(field - 5).ok();
            match (wire, nested.and_then(|nested| inner.get_mut(nested))) {
                (Wire::Structure, Some(numbers)) => {
                    reader.structure(1, &mut |reader, field, wire| {
                        number(reader, field, wire, numbers)
                    })?;
                    Some(true)
                }
                _ => number(reader, field, wire, &mut outer),
            }
        })?;
        let [data, _, dictionary, second] = inner;
        let count = |number: Option<i64>| u32::try_from(number?).ok();
        let size = |number: Option<i64>| usize::try_from(i32::try_from(number?).ok()?).ok();
        let kind = match outer[1]? {
            0 => Kind::Data {
                values: count(data[1])?,
                encoding: encoding(data[2]?)?,
                level_encoding: encoding(data[3]?)?,
            },
            2 => Kind::Dictionary {
                values: count(dictionary[1])?,
            },
            3 => Kind::DataV2 {
                values: count(second[1])?,
                nulls: count(second[2])?,
                encoding: encoding(second[4]?)?,
                levels: size(second[5])?.checked_add(size(second[6])?)?,
                repetition: size(second[6])?,
                is_packed: second[7] != Some(0),
            },
            _ => Kind::Index,
        };
        Some(Self {
            len: reader.at(),
            packed: size(outer[3])?,
            unpacked: size(outer[2])?,
            kind,
        })
    }
}

/// Reads a number into `numbers`, if it is one.
fn number(reader: &mut Reader<'_>, field: i64, wire: Wire, numbers: &mut Numbers) -> Option<bool> {
    let place = usize::try_from(field)
        .ok()
        .and_then(|field| numbers.get_mut(field));
    let value = match (wire, &place) {
        (Wire::Bool(value), _) => i64::from(value),
        (Wire::Integer, Some(_)) => reader.integer()?,
        _ => return Some(false),
    };
    if let Some(place) = place {
        *place = Some(value);
    }
    Some(true)
}

#[expect(
    deprecated,
    reason = "old programs name it for levels that are not there"
)]
fn encoding(code: i64) -> Option<Encoding> {
    Some(match code {
        0 => Encoding::PLAIN,
        2 => Encoding::PLAIN_DICTIONARY,
        3 => Encoding::RLE,
        4 => Encoding::BIT_PACKED,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        8 => Encoding::RLE_DICTIONARY,
        9 => Encoding::BYTE_STREAM_SPLIT,
        _ => return None,
    })
}

impl Kind {
    /// How many values the page has, missing ones included.
    pub(crate) fn values(self) -> u32 {
        match self {
            Self::Index => 0,
            Self::Dictionary { values }
            | Self::Data { values, .. }
            | Self::DataV2 { values, .. } => values,
        }
    }

    /// The page of unpacked `bytes`, whose values are written in `encoding`.
    pub(crate) fn page(self, encoding: Encoding, bytes: Vec<u8>) -> Result<Page, Problem> {
        match self {
            Self::Data {
                values,
                level_encoding,
                ..
            } => Ok(Page::DataPage {
                buf: bytes.into(),
                num_values: values,
                encoding,
                def_level_encoding: level_encoding,
                rep_level_encoding: level_encoding,
                statistics: None,
            }),
            Self::DataV2 {
                values,
                nulls,
                levels,
                repetition,
                ..
            } => Ok(Page::DataPageV2 {
                def_levels_byte_len: u32::try_from(levels - repetition)
                    .ok()
                    .filter(|_| levels <= bytes.len())
                    .ok_or_else(|| Problem::damaged("the levels of a page are longer than it"))?,
                buf: bytes.into(),
                num_values: values,
                encoding,
                num_nulls: nulls,
                num_rows: values,
                rep_levels_byte_len: u32::try_from(repetition)
                    .map_err(|_| Problem::damaged("the levels of a page are longer than it"))?,
                is_compressed: false,
                statistics: None,
            }),
            Self::Dictionary { .. } | Self::Index => Err(Problem::damaged("no data page")),
        }
    }
}
