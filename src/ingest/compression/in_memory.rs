//! Decompresses frames in memory into a buffer of known length, such as the pages of Parquet files.

use std::io::BufRead;

use super::lz4::Lz4;
use super::zstd::Zstd;
use super::{Fault, Member};
use crate::ingest::source::raw::Raw;

/// Decompresses frames of zstd that have at most `max_length` bytes together.
pub(crate) fn zstd(packed: &[u8], max_length: usize) -> Result<Vec<u8>, Fault> {
    decompress(packed, max_length, |left| {
        Zstd::with_max_length(left as u64)
    })
}

/// Decompresses frames of LZ4 that have at most `max_length` bytes together.
pub(crate) fn lz4(packed: &[u8], max_length: usize) -> Result<Vec<u8>, Fault> {
    decompress(packed, max_length, |_| Lz4::default())
}

/// Decompresses all members of `packed`; `open` gets the number of bytes that are left for the next one.
fn decompress<M: Member>(
    packed: &[u8],
    max_length: usize,
    open: impl Fn(usize) -> M,
) -> Result<Vec<u8>, Fault> {
    let mut raw = Raw::of_bytes(packed.to_vec());
    let (mut bytes, mut length) = (vec![0; max_length], 0);
    while !raw.fill_buf()?.is_empty() {
        let mut member = open(max_length - length);
        loop {
            let mut excess = [0];
            let into = match &mut bytes[length..] {
                [] => &mut excess[..],
                rest => rest,
            };
            match member.read(&mut raw, into)? {
                0 => break,
                _ if length == max_length => {
                    return Err(Fault::corrupt("it is longer than it should be"));
                }
                count => length += count,
            }
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}
