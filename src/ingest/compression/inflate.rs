//! Deflate between a header and a trailer with a checksum, as gzip and zlib have it.

use flate2::{Decompress, FlushDecompress, Status};

use super::stepped::{State, Step, Stepper};
use super::{Fault, Member};
use crate::ingest::source::raw::Raw;

/// What a format puts around a stream of deflate. The value itself is the checksum.
pub(super) trait Container: Default + Send {
    /// Skips the header.
    fn skip_header(raw: &mut Raw) -> Result<(), Fault>;

    /// Adds decompressed bytes to the checksum.
    fn update(&mut self, bytes: &[u8]);

    /// Reads the trailer, and returns whether the checksum is right.
    fn check_trailer(&self, raw: &mut Raw) -> Result<bool, Fault>;
}

/// A member that is a stream of deflate in a container.
#[derive(Default)]
pub(super) struct Deflated<C> {
    part: Part,
    body: Stepper<Inflate>,
    container: C,
}

#[derive(Clone, Copy, Default)]
enum Part {
    #[default]
    Header,
    Body,
    Trailer,
}

impl<C: Container> Member for Deflated<C> {
    fn read(&mut self, raw: &mut Raw, into: &mut [u8]) -> Result<usize, Fault> {
        loop {
            match self.part {
                Part::Header => {
                    C::skip_header(raw)?;
                    self.part = Part::Body;
                }
                Part::Body => {
                    let count = self.body.read(raw, into)?;
                    if count > 0 {
                        self.container.update(&into[..count]);
                        return Ok(count);
                    }
                    self.part = Part::Trailer;
                }
                Part::Trailer => {
                    let is_right = self.container.check_trailer(raw)?;
                    return is_right.then_some(0).ok_or(Fault::Checksum);
                }
            }
        }
    }
}

/// A stream of deflate without a header.
struct Inflate(Decompress);

impl Default for Inflate {
    fn default() -> Self {
        Self(Decompress::new(false))
    }
}

impl Step for Inflate {
    fn step(&mut self, input: &[u8], into: &mut [u8], _: bool) -> Result<State, Fault> {
        match self.0.decompress(input, into, FlushDecompress::None) {
            Ok(Status::StreamEnd) => Ok(State::Ended),
            Ok(Status::Ok | Status::BufError) => Ok(State::Open),
            Err(error) => Err(Fault::corrupt(
                error.message().unwrap_or("corrupt deflate stream"),
            )),
        }
    }

    fn totals(&self) -> (u64, u64) {
        (self.0.total_in(), self.0.total_out())
    }
}
