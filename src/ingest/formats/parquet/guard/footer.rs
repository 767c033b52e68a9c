//! The footer, which says where everything is: found, held against bounds, and decoded.

use std::io;

use parquet::file::metadata::{
    ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, ParquetStatisticsPolicy,
};

use super::panics::guarded;
use super::thrift::{Reader, Wire};
use crate::ingest::formats::parquet::bytes::ParquetBytes;
use crate::ingest::formats::parquet::problem::Problem;

/// The magic at the beginning and at the end of a file.
const MAGIC: &[u8] = b"PAR1";
/// The magic of a file whose footer is encrypted.
const ENCRYPTED: &[u8] = b"PARE";
/// The longest footer that is read, in bytes.
const FOOTER_BYTES: u64 = 16 << 20;
/// Groups of columns inside one another beyond this are not looked into.
const DEEPEST: usize = 32;

/// Reads the footer of a file, and says how long it is.
pub(crate) fn read(content: &ParquetBytes) -> Result<(ParquetMetaData, u64), Problem> {
    let len = content.len();
    // The shortest file: a magic, a length and a magic.
    if len < 12 {
        return Err(Problem::Truncated);
    }
    let tail = content.all(len - 8, 8)?;
    let (count, magic) = tail.split_at(4);
    if magic == ENCRYPTED {
        return Err(Problem::Encrypted);
    }
    if magic != MAGIC {
        return Err(Problem::Truncated);
    }
    let count = count
        .iter()
        .rfold(0, |sum, byte| sum << 8 | u64::from(*byte));
    if count > len - 12 {
        return Err(Problem::damaged("invalid footer length"));
    }
    if count > FOOTER_BYTES {
        return Err(Problem::TooLarge("its footer has more than 16 MiB"));
    }
    let bytes = usize::try_from(count)
        .map_err(io::Error::other)
        .and_then(|count| content.all(len - 8 - count as u64, count))?;
    check(&bytes).ok_or_else(|| Problem::damaged("invalid footer"))?;
    let options = ParquetMetaDataOptions::new()
        .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
    let decode = || ParquetMetaDataReader::decode_metadata_with_options(&bytes, Some(&options));
    let metadata = guarded(decode)??;
    Ok((metadata, count))
}

/// Walks through a footer, and gives none where its lists are longer than it can have elements, or its columns
/// nested deeper than a thread has stack for.
fn check(bytes: &[u8]) -> Option<()> {
    let mut reader = Reader::new(bytes);
    reader.structure(0, &mut |reader, field, wire| {
        if (field, wire) != (SCHEMA, Wire::List) {
            return Some(false);
        }
        let (wire, elements) = reader.list()?;
        if wire != Wire::Structure {
            return None;
        }
        // How many children are still to come of each group that is open.
        let mut open: Vec<u64> = vec![1];
        for element in 0..elements {
            while open.last() == Some(&0) {
                open.pop();
            }
            *open.last_mut()? -= 1;
            let mut children = 0;
            reader.structure(1, &mut |reader, field, wire| {
                let is_count = (field, wire) == (CHILDREN, Wire::Integer);
                if is_count {
                    children = u64::try_from(reader.integer()?).ok()?;
                }
                Some(is_count)
            })?;
            if children > elements - element - 1 || open.len() > DEEPEST {
                return None;
            }
            open.push(children);
        }
        Some(true)
    })
}

/// The field of a footer that has the schema.
const SCHEMA: i64 = 2;
/// The field of an element of a schema that says how many elements belong to it.
const CHILDREN: i64 = 5;
