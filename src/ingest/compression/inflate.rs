//! Deflate, of which gzip and zlib consist.

use flate2::{Decompress, FlushDecompress, Status};

use super::Fault;
use super::stepped::{State, Step, Stepped};

/// A stream of deflate without a header.
pub(super) struct Inflate(Decompress);

impl Default for Inflate {
    fn default() -> Self {
        Self(Decompress::new(false))
    }
}

impl Step for Inflate {
    fn step(&mut self, input: &[u8], into: &mut [u8], _: bool) -> Stepped {
        let (used, written) = (self.0.total_in(), self.0.total_out());
        let state = match self.0.decompress(input, into, FlushDecompress::None) {
            Ok(Status::StreamEnd) => Ok(State::Ended),
            Ok(Status::Ok | Status::BufError) => Ok(State::Open),
            Err(error) => Err(Fault::corrupt(
                error.message().unwrap_or("corrupt deflate stream"),
            )),
        };
        let since = |now: u64, before: u64| usize::try_from(now - before).unwrap_or(usize::MAX);
        Stepped {
            used: since(self.0.total_in(), used).min(input.len()),
            written: since(self.0.total_out(), written).min(into.len()),
            state,
        }
    }
}
