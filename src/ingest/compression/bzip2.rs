//! bzip2.

use std::io::{self, ErrorKind};

use bzip2::{Decompress, Status};

use super::stepped::{State, Step, Stepper};
use super::{Fault, Member};
use crate::ingest::source::raw::Raw;

#[derive(Default)]
pub(super) struct Bzip2(Stepper<Decoder>);

/// Whether `bytes` begin with a header and a block, or with a header and the end.
pub(super) fn begins(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
            if b"1A".starts_with(rest) || rest.starts_with(b"1A") || rest.starts_with(b"\x17r")
    )
}

impl Member for Bzip2 {
    fn read(&mut self, raw: &mut Raw, into: &mut [u8]) -> Result<usize, Fault> {
        self.0.read(raw, into)
    }
}

struct Decoder(Decompress);

impl Default for Decoder {
    fn default() -> Self {
        Self(Decompress::new(false))
    }
}

impl Step for Decoder {
    fn step(&mut self, input: &[u8], into: &mut [u8], _: bool) -> Result<State, Fault> {
        match self.0.decompress(input, into) {
            Ok(Status::StreamEnd) => Ok(State::Ended),
            Ok(Status::MemNeeded) => Err(io::Error::from(ErrorKind::OutOfMemory).into()),
            Ok(_) => Ok(State::Open),
            // The library does not tell wrong checksums from other faults.
            Err(_) => Err(Fault::corrupt(
                "a block is not valid, or its checksum is wrong",
            )),
        }
    }

    fn totals(&self) -> (u64, u64) {
        (self.0.total_in(), self.0.total_out())
    }
}
