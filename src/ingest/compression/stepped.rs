//! Decoders that are given a part of the input and room for a part of the output.

use std::io::{BufRead, ErrorKind};

use super::Fault;
use crate::ingest::source::raw::Raw;

/// A decoder that is given a part of the input and room for a part of the output.
pub(super) trait Step {
    /// Decodes bytes of `input` into `into`. `is_last` says whether no input follows.
    fn step(&mut self, input: &[u8], into: &mut [u8], is_last: bool) -> Result<State, Fault>;

    /// How many bytes of input have been used and how many of output written in all steps, failed ones included.
    fn totals(&self) -> (u64, u64);
}

/// What a decoder does next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// There is no more.
    Ended,
}

/// Reads with a decoder that works in steps.
#[derive(Default)]
pub(super) struct Stepper<S> {
    decoder: S,
    /// How it ended, once what it gave before that has been given.
    end: Option<Result<(), Fault>>,
}

impl<S: Step> Stepper<S> {
    /// As [`Member::read`](super::Member::read).
    pub(super) fn read(&mut self, raw: &mut Raw, into: &mut [u8]) -> Result<usize, Fault> {
        if let Some(end) = self.end.take() {
            return end.map(|()| 0);
        }
        loop {
            // Where nothing comes, the decoder may still have bytes to give.
            let (input, blocked) = match raw.fill_buf() {
                Ok(input) => (input, None),
                Err(error) if error.kind() == ErrorKind::WouldBlock => (&[][..], Some(error)),
                Err(error) => return Err(error.into()),
            };
            let is_last = input.is_empty() && blocked.is_none();
            let before = self.decoder.totals();
            let state = self.decoder.step(input, into, is_last);
            let after = self.decoder.totals();
            let used = since(after.0, before.0).min(input.len());
            let written = since(after.1, before.1).min(into.len());
            raw.consume(used);
            let end = match (state, blocked) {
                (Ok(State::Ended), _) => Some(Ok(())),
                (Err(fault), _) => Some(Err(fault)),
                (Ok(State::Open), _) if written > 0 || used > 0 => None,
                (Ok(State::Open), Some(error)) => Some(Err(error.into())),
                (Ok(State::Open), None) if is_last => Some(Err(Fault::Truncated)),
                (Ok(State::Open), None) => {
                    Some(Err(Fault::corrupt("it cannot be decoded further")))
                }
            };
            match end {
                end if written > 0 => {
                    self.end = end;
                    return Ok(written);
                }
                Some(end) => return end.map(|()| 0),
                None => {}
            }
        }
    }
}

fn since(now: u64, before: u64) -> usize {
    usize::try_from(now - before).unwrap_or(usize::MAX)
}
