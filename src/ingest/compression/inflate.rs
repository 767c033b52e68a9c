//! Deflate between a header and a trailer with a checksum, as gzip and zlib have it.

use std::cell::Cell;

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

thread_local! {
    /// The state of a stream that has ended, for the next one: of many small files, allocating it takes a good part of
    /// the time.
    static SPARE: Cell<Option<Decompress>> = const { Cell::new(None) };
}

/// A stream of deflate without a header; none before its first step.
#[derive(Default)]
struct Inflate(Option<Decompress>);

fn spare_or_new() -> Decompress {
    match SPARE.take() {
        Some(mut spare) => {
            spare.reset(false);
            spare
        }
        None => Decompress::new(false),
    }
}

impl Drop for Inflate {
    fn drop(&mut self) {
        // While its thread ends, there is no place for it any more.
        let _ = SPARE.try_with(|spare| spare.set(self.0.take()));
    }
}

impl Step for Inflate {
    fn step(&mut self, input: &[u8], into: &mut [u8], _: bool) -> Result<State, Fault> {
        let state = self.0.get_or_insert_with(spare_or_new);
        match state.decompress(input, into, FlushDecompress::None) {
            Ok(Status::StreamEnd) => Ok(State::Ended),
            Ok(Status::Ok | Status::BufError) => Ok(State::Open),
            Err(error) => Err(Fault::corrupt(
                error.message().unwrap_or("corrupt deflate stream"),
            )),
        }
    }

    fn totals(&self) -> (u64, u64) {
        let state = self.0.as_ref();
        state.map_or((0, 0), |state| (state.total_in(), state.total_out()))
    }
}
