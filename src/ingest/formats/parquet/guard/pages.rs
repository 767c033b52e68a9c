//! Reads and decompresses the pages of a column.
//!
//! Done here because the crate allocates what a page header states and decompresses without a limit.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use parquet::basic::{Compression, Encoding, Type};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

use super::codecs::decompress;
use super::delta;
use super::delta::DeltaStrings;
use super::page_header::{Header, Kind};
use super::panics::unguarded;
use crate::ingest::formats::parquet::bytes::ParquetBytes;
use crate::ingest::formats::parquet::problem::Problem;

/// The largest page, in bytes.
const PAGE_BYTES: usize = 64 << 20;
/// What the pages of all columns may hold in memory together, in bytes.
const HELD_BYTES: usize = 256 << 20;
/// How many bytes to read for a page header, in growing steps.
const HEADER_READ_SIZES: [usize; 3] = [1 << 8, 1 << 14, 1 << 20];

/// What the columns of a row group hold in memory, and what they have read.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    held: AtomicUsize,
    packed: AtomicU64,
    unpacked: AtomicU64,
}

impl Meter {
    /// How many bytes were taken from the file, and how many they were after unpacking.
    pub(crate) fn read(&self) -> (u64, u64) {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (read(&self.packed), read(&self.unpacked))
    }
}

/// The dictionary of a column, once it has been read: its words are known again by where they are in memory, so it
/// has to stay there.
pub(crate) type Dictionary = OnceLock<Page>;

/// The pages of a column of a row group.
pub(crate) struct Pages {
    content: Arc<ParquetBytes>,
    meter: Arc<Meter>,
    dictionary: Arc<Dictionary>,
    codec: Compression,
    physical: Type,
    /// The bytes of a value, of a type with a fixed length.
    width: usize,
    is_optional: bool,
    list_values: Option<Arc<AtomicU64>>,
    /// Where the next page begins, and where the last one ends.
    at: u64,
    end: u64,
    has_dictionary: bool,
    /// What the dictionary and the page that was given last hold.
    held: [usize; 2],
}

/// Which bytes of which file are the pages of a column, and what is in them.
pub(crate) struct Span {
    pub(crate) at: u64,
    pub(crate) len: u64,
    pub(crate) codec: Compression,
    pub(crate) physical: Type,
    /// The bytes of a value, of a type with a fixed length.
    pub(crate) width: usize,
    pub(crate) is_optional: bool,
    /// How many values the pages may have until this is set again, where rows have lists of values.
    pub(crate) list_values: Option<Arc<AtomicU64>>,
}

impl Pages {
    pub(crate) fn new(
        content: Arc<ParquetBytes>,
        span: Span,
        meter: Arc<Meter>,
        dictionary: Arc<Dictionary>,
    ) -> Self {
        Self {
            content,
            meter,
            dictionary,
            codec: span.codec,
            physical: span.physical,
            width: span.width,
            is_optional: span.is_optional,
            list_values: span.list_values,
            at: span.at,
            end: span.at.saturating_add(span.len),
            has_dictionary: false,
            held: [0; 2],
        }
    }

    /// The header of the next page.
    fn header(&mut self) -> std::result::Result<Header, Problem> {
        for size in HEADER_READ_SIZES {
            let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
            let bytes = self.content.some(self.at, size.min(left))?;
            if let Some(header) = Header::read(&bytes) {
                self.at += header.len as u64;
                return Ok(header);
            }
            if bytes.len() < size {
                break;
            }
        }
        Err(Problem::damaged("invalid page header"))
    }

    /// Makes room for the bytes of the dictionary, or of the next page.
    fn hold(&mut self, is_dictionary: bool, bytes: usize) -> std::result::Result<(), Problem> {
        if bytes > PAGE_BYTES {
            return Err(Problem::TooLarge("a page has more than 64 MiB"));
        }
        self.take(usize::from(is_dictionary), bytes)
    }

    /// Takes `bytes` instead of what was held at `place`.
    fn take(&mut self, place: usize, bytes: usize) -> std::result::Result<(), Problem> {
        let before = std::mem::replace(&mut self.held[place], bytes);
        self.meter.held.fetch_sub(before, Ordering::Relaxed);
        let others = self.meter.held.fetch_add(bytes, Ordering::Relaxed);
        if others + bytes > HELD_BYTES {
            return Err(Problem::TooLarge(
                "the pages of a row group take more than 256 MiB together",
            ));
        }
        Ok(())
    }

    fn next_page(&mut self) -> std::result::Result<Option<Page>, Problem> {
        loop {
            if self.at >= self.end {
                return Ok(None);
            }
            let header = self.header()?;
            if header.packed as u64 > self.end - self.at {
                return Err(Problem::damaged("a page is longer than its column"));
            }
            let at = self.at;
            self.at += header.packed as u64;
            self.meter
                .packed
                .fetch_add((header.len + header.packed) as u64, Ordering::Relaxed);
            match header.kind {
                Kind::Dictionary { .. } if self.has_dictionary => {
                    return Err(Problem::damaged("a column has two dictionaries"));
                }
                Kind::Index | Kind::Data { values: 0, .. } | Kind::DataV2 { values: 0, .. } => {}
                _ => return self.page(&header, at).map(Some),
            }
        }
    }

    fn page(&mut self, header: &Header, at: u64) -> std::result::Result<Page, Problem> {
        let is_dictionary = matches!(header.kind, Kind::Dictionary { .. });
        self.check_lists(header.kind)?;
        self.hold(is_dictionary, header.unpacked.max(header.packed))?;
        let packed = self.content.all(at, header.packed)?;
        let bytes = match header.kind {
            Kind::DataV2 {
                levels, is_packed, ..
            } if is_packed => {
                let bad = || Problem::damaged("the levels of a page are longer than the page");
                let (before, packed) = packed.split_at_checked(levels).ok_or_else(bad)?;
                let rest = header.unpacked.checked_sub(levels).ok_or_else(bad)?;
                let mut bytes = before.to_vec();
                bytes.extend(decompress(self.codec, packed, rest)?);
                bytes
            }
            Kind::DataV2 { .. } => packed,
            _ => decompress(self.codec, &packed, header.unpacked)?,
        };
        self.meter
            .unpacked
            .fetch_add(bytes.len() as u64, Ordering::Relaxed);
        match header.kind {
            Kind::Dictionary { values, .. } => self.dictionary(bytes, values),
            _ => self.data(header, bytes),
        }
    }

    fn dictionary(&mut self, bytes: Vec<u8>, values: u32) -> std::result::Result<Page, Problem> {
        let (least, each) = match self.physical {
            Type::INT32 | Type::FLOAT => (4, 4),
            Type::INT64 | Type::DOUBLE => (8, 8),
            Type::INT96 => (12, 12),
            // Its length in the page; in memory a pointer, and what is known of it.
            Type::BYTE_ARRAY => (4, 64),
            Type::FIXED_LEN_BYTE_ARRAY if self.width > 0 => (self.width as u64, 64),
            Type::BOOLEAN | Type::FIXED_LEN_BYTE_ARRAY => {
                return Err(Problem::damaged("a dictionary for values that have none"));
            }
        };
        if u64::from(values) * least > bytes.len() as u64 {
            return Err(Problem::damaged("a dictionary is shorter than it says"));
        }
        let held = bytes.len() + values as usize * each;
        // What is made of it takes more than its bytes, and counts, but it is no page.
        self.take(1, held)?;
        self.has_dictionary = true;
        let page = Page::DictionaryPage {
            buf: bytes.into(),
            num_values: values,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        // It was empty, since no column has two.
        let _ = self.dictionary.set(page.clone());
        Ok(page)
    }

    fn data(&mut self, header: &Header, bytes: Vec<u8>) -> std::result::Result<Page, Problem> {
        let (encoding, levels) = match header.kind {
            Kind::Data { encoding, .. } => (encoding, None),
            Kind::DataV2 {
                encoding, levels, ..
            } => (encoding, Some(levels)),
            Kind::Dictionary { .. } | Kind::Index => return Err(Problem::damaged("no data page")),
        };
        let is_word = self.physical == Type::BYTE_ARRAY;
        let is_fixed = self.physical == Type::FIXED_LEN_BYTE_ARRAY;
        let (encoding, bytes) = match encoding {
            Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY if !self.has_dictionary => {
                return Err(Problem::damaged(
                    "a page needs a dictionary that is missing",
                ));
            }
            Encoding::PLAIN
            | Encoding::PLAIN_DICTIONARY
            | Encoding::RLE_DICTIONARY
            | Encoding::RLE
            | Encoding::BYTE_STREAM_SPLIT => (encoding, bytes),
            Encoding::DELTA_BINARY_PACKED if !is_word && !is_fixed => (encoding, bytes),
            Encoding::DELTA_LENGTH_BYTE_ARRAY | Encoding::DELTA_BYTE_ARRAY
                if is_word || is_fixed && encoding == Encoding::DELTA_BYTE_ARRAY =>
            {
                let levels = match levels {
                    Some(levels) => levels,
                    None => self.levels(&bytes)?,
                };
                let strings = match encoding {
                    Encoding::DELTA_LENGTH_BYTE_ARRAY => DeltaStrings::Lengths,
                    _ if is_fixed => DeltaStrings::FixedPrefixes(self.width),
                    _ => DeltaStrings::Prefixes,
                };
                let most = header.kind.values() as usize;
                let plain = delta::to_plain(&bytes, levels, strings, most, PAGE_BYTES)?;
                self.hold(false, plain.len())?;
                (Encoding::PLAIN, plain)
            }
            other => return Err(Problem::Unknown(format!("a column is written as {other}"))),
        };
        header.kind.page(encoding, bytes)
    }

    /// Bounds the values of lists: a page with few bytes can have very many, and a row any number of pages.
    fn check_lists(&self, kind: Kind) -> std::result::Result<(), Problem> {
        let Some(left) = &self.list_values else {
            return match kind {
                Kind::DataV2 {
                    repetition: 1.., ..
                } => Err(Problem::damaged(
                    "a page has lists, but its column has none",
                )),
                _ => Ok(()),
            };
        };
        let values = match kind {
            Kind::Dictionary { .. } | Kind::Index => 0,
            kind => u64::from(kind.values()),
        };
        let before = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(values)
        });
        before.map(|_| ()).map_err(|_| {
            Problem::TooLarge("a page or a row has more than 4,194,304 values in lists")
        })
    }

    /// How many bytes at the beginning of a page of the first version say which rows have a value.
    fn levels(&self, bytes: &[u8]) -> std::result::Result<usize, Problem> {
        let bad = || Problem::damaged("the levels of a page are longer than the page");
        let mut all = 0;
        for _ in 0..usize::from(self.list_values.is_some()) + usize::from(self.is_optional) {
            let rest = bytes.get(all..).ok_or_else(bad)?;
            let count = rest.first_chunk().ok_or_else(bad)?;
            let len = u64::from(u32::from_le_bytes(*count)) + 4;
            let len = usize::try_from(len).map_err(|_| bad())?;
            if len > rest.len() {
                return Err(bad());
            }
            all += len;
        }
        Ok(all)
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        let held = self.held.iter().sum();
        self.meter.held.fetch_sub(held, Ordering::Relaxed);
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        Ok(unguarded(|| self.next_page())?)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Err(ParquetError::General(
            "pages are not looked at in advance".into(),
        ))
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        // A row may go on in the next page.
        Ok(self.at >= self.end)
    }

    fn skip_next_page(&mut self) -> Result<()> {
        Err(ParquetError::General("no page is skipped".into()))
    }
}
