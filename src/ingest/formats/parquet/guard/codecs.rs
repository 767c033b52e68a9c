//! Decompresses pages: each into exactly as many bytes as its header states.

#[cfg(test)]
mod tests;

use std::io::Read;

use brotli_decompressor::Decompressor;
use flate2::bufread::MultiGzDecoder;
use lz4_flex::block::decompress_into;
use parquet::basic::Compression;

use crate::ingest::compression::{Fault, in_memory};
use crate::ingest::formats::parquet::problem::Problem;

/// How many bytes of Brotli are read at once.
const BROTLI_BYTES: usize = 1 << 12;

/// Whether pages of this compression are read.
pub(crate) fn is_supported(codec: Compression) -> bool {
    match codec {
        Compression::UNCOMPRESSED
        | Compression::SNAPPY
        | Compression::GZIP(_)
        | Compression::BROTLI(_)
        | Compression::LZ4
        | Compression::LZ4_RAW
        | Compression::ZSTD(_) => true,
        Compression::LZO => false,
    }
}

/// Decompresses what has to be exactly `len` bytes; the caller bounds these.
pub(super) fn decompress(
    codec: Compression,
    packed: &[u8],
    len: usize,
) -> Result<Vec<u8>, Problem> {
    let bytes = match codec {
        Compression::UNCOMPRESSED => packed.to_vec(),
        // A page without values may have nothing packed at all.
        _ if len == 0 => Vec::new(),
        Compression::SNAPPY => {
            if snap::raw::decompress_len(packed).ok() != Some(len) {
                return Err(wrong_length());
            }
            let decompressed = snap::raw::Decoder::new().decompress_vec(packed);
            decompressed.map_err(|error| Problem::Damaged(error.to_string()))?
        }
        Compression::GZIP(_) => read(MultiGzDecoder::new(packed), len)?,
        Compression::BROTLI(_) => read(Decompressor::new(packed, BROTLI_BYTES), len)?,
        Compression::ZSTD(_) => in_memory::zstd(packed, len).map_err(damage)?,
        Compression::LZ4_RAW => block(packed, len)?,
        Compression::LZ4 => lz4(packed, len)?,
        Compression::LZO => {
            return Err(Problem::Unknown(format!(
                "a column is compressed with {codec}"
            )));
        }
    };
    if bytes.len() == len {
        Ok(bytes)
    } else {
        Err(wrong_length())
    }
}

fn wrong_length() -> Problem {
    Problem::damaged("a page does not have the length that its header states")
}

fn damage(fault: Fault) -> Problem {
    match fault {
        Fault::Truncated => Problem::damaged("a page ends early"),
        Fault::Corrupt(why) => Problem::Damaged(why),
        Fault::Checksum => Problem::damaged("the checksum of a page is wrong"),
        Fault::Unsupported(what) => Problem::Unknown(format!("a page {what}")),
        Fault::Read(error) => error.into(),
    }
}

/// Reads what should be `len` bytes, and at most one more.
fn read(decoder: impl Read, len: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::with_capacity(len + 1);
    decoder
        .take(len as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Problem::Damaged(error.to_string()))?;
    Ok(bytes)
}

fn block(packed: &[u8], len: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = vec![0; len];
    let count =
        decompress_into(packed, &mut bytes).map_err(|error| Problem::Damaged(error.to_string()))?;
    bytes.truncate(count);
    Ok(bytes)
}

/// The older LZ4, for which there is no rule: most have the framing of Hadoop, others a frame or a block alone.
fn lz4(packed: &[u8], len: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = vec![0; len];
    if hadoop(packed, &mut bytes).is_some() {
        return Ok(bytes);
    }
    if packed.starts_with(b"\x04\x22\x4d\x18")
        && let Ok(bytes) = in_memory::lz4(packed, len)
    {
        return Ok(bytes);
    }
    block(packed, len)
}

/// Blocks as Hadoop frames them: the length of some blocks after decompression, then each with its length before.
fn hadoop(packed: &[u8], into: &mut [u8]) -> Option<()> {
    fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
        let (number, rest) = bytes.split_first_chunk()?;
        Some((usize::try_from(u32::from_be_bytes(*number)).ok()?, rest))
    }
    let (mut rest, mut at) = (packed, 0);
    while !rest.is_empty() {
        let (length, after) = number(rest)?;
        let end = at + length;
        rest = after;
        while at < end {
            let (size, after) = number(rest)?;
            let (block, after) = after.split_at_checked(size)?;
            let count = decompress_into(block, into.get_mut(at..end)?).ok()?;
            if count == 0 {
                return None;
            }
            (at, rest) = (at + count, after);
        }
    }
    (at == into.len()).then_some(())
}
