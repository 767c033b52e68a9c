//! xz.

use std::io::{BufRead, ErrorKind};

use lzma_rust2::{Action, Status, XzStream};

use super::stepped::{State, Step, Stepper};
use super::{Fault, Member, WINDOW_BYTES};
use crate::ingest::source::raw::Raw;

/// What a decoder needs besides its dictionary, in KiB.
const OVERHEAD_KIB: u64 = 64;
/// How much longer than its content a stream may be, in bytes: the library keeps a record of every block, empty ones too.
const EXCESS_BYTES: u64 = 32 << 20;
/// The longest index that is skipped, in bytes.
const INDEX_BYTES: usize = 1 << 20;
/// The length of what is behind the index: its checksum, and the footer.
const FOOTER_BYTES: usize = 4 + 12;

#[derive(Default)]
pub(super) struct Xz {
    body: Stepper<Decoder>,
    /// Whether the checksum of a block was wrong.
    is_wrong: bool,
}

impl Member for Xz {
    fn read(&mut self, raw: &mut Raw, into: &mut [u8]) -> Result<usize, Fault> {
        if !self.is_wrong {
            match self.body.read(raw, into) {
                Err(Fault::Checksum) => self.is_wrong = true,
                result => return result,
            }
        }
        // The library stops at a wrong checksum, so that no block behind it can be read, but other members can.
        if raw.peek(1)?.first().is_some_and(|byte| *byte != 0) {
            return Err(Fault::corrupt("the checksum of a block is wrong"));
        }
        skip_index(raw)?;
        Err(Fault::Checksum)
    }
}

fn skip_index(raw: &mut Raw) -> Result<(), Fault> {
    let mut wanted = 2 + FOOTER_BYTES;
    loop {
        let bytes = raw.peek(wanted)?;
        let length = index(bytes).map(|length| length + FOOTER_BYTES);
        if let Some(length) = length.filter(|length| *length <= bytes.len()) {
            raw.consume(length);
            return Ok(());
        }
        if bytes.len() < wanted {
            return Err(Fault::Truncated);
        }
        wanted = bytes.len() + FOOTER_BYTES;
        if wanted > INDEX_BYTES {
            return Err(Fault::corrupt("the checksum of a block is wrong"));
        }
    }
}

/// The length of the index that `bytes` begin, without its checksum.
fn index(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    let blocks = number(bytes, &mut at)?;
    for _ in 0..blocks {
        number(bytes, &mut at)?;
        number(bytes, &mut at)?;
    }
    Some(at.next_multiple_of(4))
}

/// The number at `at`: seven bits a byte, the lowest first.
fn number(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let rest = bytes.get(*at..)?;
    let last = rest.iter().take(9).position(|byte| byte & 0x80 == 0)?;
    *at += last + 1;
    let digits = rest[..=last].iter().rev();
    Some(digits.fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f)))
}

struct Decoder(XzStream);

impl Default for Decoder {
    fn default() -> Self {
        let limit = u32::try_from(WINDOW_BYTES / 1024 + OVERHEAD_KIB).unwrap_or(u32::MAX);
        Self(XzStream::new_mem_limit(false, limit))
    }
}

impl Step for Decoder {
    fn step(&mut self, input: &[u8], into: &mut [u8], is_last: bool) -> Result<State, Fault> {
        let action = if is_last { Action::Finish } else { Action::Run };
        match self.0.process(input, into, action) {
            Ok(_) if self.0.total_in() > self.0.total_out() + EXCESS_BYTES => {
                Err(Fault::corrupt("it has more headers than content"))
            }
            Ok(result) if result.status == Status::StreamEnd => Ok(State::Ended),
            Ok(_) => Ok(State::Open),
            Err(error) => Err(match error.kind() {
                ErrorKind::UnexpectedEof => Fault::Truncated,
                ErrorKind::OutOfMemory => Fault::Unsupported(
                    "needs a dictionary of more than 128 MiB, which is the limit".into(),
                ),
                // The library has no error of its own for it; a test fails where its text changes.
                _ if error.to_string() == "block checksum mismatch" => Fault::Checksum,
                _ => Fault::corrupt(error.to_string()),
            }),
        }
    }

    fn totals(&self) -> (u64, u64) {
        (self.0.total_in(), self.0.total_out())
    }
}
