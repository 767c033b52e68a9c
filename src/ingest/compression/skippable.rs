//! Skippable frames, which zstd and LZ4 have in common (RFC 8878, section 3.1.2).

use std::io::BufRead;

use super::{Fault, peek, take};
use crate::ingest::source::raw::Raw;

/// The length of the magic number.
const MAGIC_BYTES: usize = 4;

/// Whether `bytes` begin such a frame.
pub(super) fn is_skippable(bytes: &[u8]) -> bool {
    matches!(bytes, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// Reads the header of such a frame, if one comes next, and returns how many bytes follow it.
pub(super) fn begin(raw: &mut Raw) -> Result<Option<u64>, Fault> {
    if !is_skippable(peek(raw, MAGIC_BYTES)?) {
        return Ok(None);
    }
    let [_, _, _, _, length @ ..] = take::<8>(raw)?;
    Ok(Some(u32::from_le_bytes(length).into()))
}

/// Skips the `left` bytes of such a frame.
pub(super) fn skip(raw: &mut Raw, left: &mut u64) -> Result<(), Fault> {
    while *left > 0 {
        let bytes = raw.fill_buf()?;
        if bytes.is_empty() {
            return Err(Fault::Truncated);
        }
        let count = usize::try_from(*left).map_or(bytes.len(), |left| left.min(bytes.len()));
        raw.consume(count);
        *left -= count as u64;
    }
    Ok(())
}
