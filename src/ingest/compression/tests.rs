//! Every compression, with encoders for the other tests.

mod damage;
mod encode;

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use super::*;
use crate::ingest::source::decode::{Decoder, End};
pub(crate) use encode::{compressed, gzip};

/// Gives portions, and between any two of them nothing for a moment, as a pipe does.
struct Portions {
    waiting: VecDeque<Vec<u8>>,
    is_paused: bool,
    /// Whether more may come behind the last portion.
    is_open: bool,
}

impl Read for Portions {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.is_paused = !self.is_paused;
        if self.is_paused {
            return Err(ErrorKind::WouldBlock.into());
        }
        let Some(mut portion) = self.waiting.pop_front() else {
            return if self.is_open {
                Err(ErrorKind::WouldBlock.into())
            } else {
                Ok(0)
            };
        };
        let rest = portion.split_off(portion.len().min(into.len()));
        into[..portion.len()].copy_from_slice(&portion);
        if !rest.is_empty() {
            self.waiting.push_front(rest);
        }
        Ok(portion.len())
    }
}

/// What comes of bytes in portions of `size`: all that was given, how it ended, and what is said besides.
fn decode(compression: Compression, bytes: &[u8], size: usize) -> (Vec<u8>, End, Vec<String>) {
    let portions = Portions {
        waiting: bytes.chunks(size).map(<[u8]>::to_vec).collect(),
        is_paused: false,
        is_open: false,
    };
    let stop = AtomicBool::new(false);
    let raw = Raw::new(Box::new(portions), 0);
    let mut decoder = Decoder::new(raw, compression, &stop);
    let (mut out, mut room) = (Vec::new(), vec![0; 1 << 14]);
    loop {
        match decoder.read(&mut room) {
            Ok(count) => out.extend_from_slice(&room[..count]),
            Err(end) => return (out, end, decoder.warnings),
        }
    }
}

fn text() -> Vec<u8> {
    let lines = (0..6000).map(|number| {
        let (address, port) = (number % 251, 1024 + number * 7919 % 60_000);
        format!("2 123456789010 eni-0a1b 10.0.0.{address} 10.0.1.9 {port} 443 6 20 4249 ACCEPT\n")
    });
    lines.collect::<String>().into_bytes()
}

#[test]
fn a_table_of_compressions_has_each_once_and_knows_it_by_its_bytes() {
    for (compression, bytes) in compressed(b"2 eni-1\n") {
        let found = recognize(&bytes[..bytes.len().min(MAGIC_BYTES)]);
        assert_eq!(found.unwrap().compression, compression);
        assert_eq!(codec(compression), found);
    }
    let names = CODECS.iter().map(|codec| codec.compression.name());
    let names: std::collections::HashSet<&str> = names.collect();
    assert_eq!(names.len(), CODECS.len());
    for text in ["x^ is text", "BZh is text", "x\n", "2 1234", ""] {
        assert!(recognize(text.as_bytes()).is_none(), "{text}");
    }
}

#[test]
fn every_compression_gives_the_text_in_any_portions() {
    let text = text();
    for (compression, bytes) in compressed(&text) {
        for size in [1, 7, 1000, bytes.len()] {
            let (out, end, warnings) = decode(compression, &bytes, size);
            assert!(out == text, "{compression:?} {size}: {} bytes", out.len());
            assert!(matches!(end, End::Whole), "{compression:?}: {end:?}");
            assert_eq!(warnings, [""; 0]);
        }
    }
}

#[test]
fn all_members_are_read_and_zeros_between_them_are_padding() {
    let text = text();
    for ((compression, bytes), (_, empty)) in compressed(&text).into_iter().zip(compressed(b"")) {
        let file = [&empty[..], &bytes, &[0; 8], &bytes, &[0; 512]].concat();
        for size in [5, file.len()] {
            let (out, end, warnings) = decode(compression, &file, size);
            assert!(out == [&text[..], &text].concat(), "{compression:?}");
            assert!(matches!(end, End::Whole), "{compression:?}: {end:?}");
            assert_eq!(warnings, [""; 0]);
        }
    }
}

#[test]
fn bytes_behind_the_last_member_are_said() {
    for (compression, bytes) in compressed(b"2 eni-1\n") {
        for garbage in [&b"\n"[..], b"garbage", b"\x01"] {
            let (out, end, warnings) = decode(compression, &[&bytes, garbage].concat(), 100);
            assert_eq!(out, b"2 eni-1\n");
            assert!(matches!(end, End::Whole), "{compression:?}: {end:?}");
            assert!(warnings[0].contains("they were not read"), "{warnings:?}");
        }
    }
}

/// The compressions whose blocks are smaller than the text, so that a part of the file gives a part of the text.
const STREAMED: [&str; 5] = ["gzip", "zlib", "zstd", "lz4", "xz"];

#[test]
fn what_has_come_is_given_while_nothing_comes() {
    let text = text().repeat(2);
    for (compression, bytes) in compressed(&text) {
        let half = &bytes[..bytes.len() / 2];
        let portions = Portions {
            waiting: [half.to_vec()].into(),
            is_paused: true,
            is_open: true,
        };
        let stop = AtomicBool::new(false);
        let raw = Raw::new(Box::new(portions), 0);
        let mut decoder = Decoder::new(raw, compression, &stop);
        let (mut out, mut room) = (Vec::new(), vec![0; 1 << 14]);
        loop {
            match decoder.read(&mut room) {
                Ok(0) => break,
                Ok(count) => out.extend_from_slice(&room[..count]),
                Err(end) => panic!("{compression:?}: {end:?}"),
            }
        }
        assert!(text.starts_with(&out));
        let is_much = out.len() > text.len() / 5;
        assert!(
            is_much || !STREAMED.contains(&compression.name()),
            "{compression:?}"
        );
    }
}

#[test]
fn what_expands_far_is_given_while_its_input_comes() {
    let zeros = vec![0; 24 << 20];
    for (compression, bytes) in compressed(&zeros) {
        assert!(compression.name() == "xz" || bytes.len() < 200_000);
        let portions = Portions {
            waiting: bytes
                .chunks(bytes.len().div_ceil(32))
                .map(<[u8]>::to_vec)
                .collect(),
            is_paused: false,
            is_open: false,
        };
        let stop = AtomicBool::new(false);
        let mut decoder = Decoder::new(Raw::new(Box::new(portions), 0), compression, &stop);
        let (mut length, mut given, mut room) = (0, Vec::new(), vec![1; 1 << 16]);
        while let Ok(count) = decoder.read(&mut room) {
            assert!(room[..count].iter().all(|byte| *byte == 0));
            length += count;
            if count == 0 {
                given.push(length);
            }
        }
        assert_eq!(length, zeros.len(), "{compression:?}");
        // Half of the input is in the middle pause.
        let is_given = given[given.len() / 2] > length / 4;
        assert!(
            is_given || !STREAMED.contains(&compression.name()),
            "{compression:?}: {given:?}"
        );
    }
}

/// Gives the same bytes for ever, and sets `stop` when it is read; after many reads it ends all the same.
struct Endless {
    bytes: &'static [u8],
    stop: Arc<AtomicBool>,
    reads: usize,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.stop.store(true, Ordering::Relaxed);
        self.reads += 1;
        if self.reads > 1000 {
            return Ok(0);
        }
        let count = into.len() / self.bytes.len() * self.bytes.len();
        for part in into[..count].chunks_mut(self.bytes.len()) {
            part.copy_from_slice(self.bytes);
        }
        Ok(count)
    }
}

#[test]
fn input_without_output_can_be_stopped() {
    // A header, and what may follow it for ever: empty blocks, a long skippable frame, padding behind a member.
    for (name, header, bytes) in [
        (
            "gzip",
            &b"\x1f\x8b\x08\0\0\0\0\0\0\x03"[..],
            &b"\0\0\0\xff\xff"[..],
        ),
        ("zstd", b"\x28\xb5\x2f\xfd\0\0", b"\0\0\0"),
        ("zstd", b"\x50\x2a\x4d\x18\xff\xff\xff\xff", b"x"),
        ("lz4", b"\x04\x22\x4d\x18\x60\x70\x73", b"\x01\0\0\0\0"),
        ("zlib", b"\x78\x9c\x03\0\0\0\0\x01", b"\0"),
    ] {
        let stop = Arc::new(AtomicBool::new(false));
        let endless = Endless {
            bytes,
            stop: Arc::clone(&stop),
            reads: 0,
        };
        let raw = Raw::new(Box::new(header.chain(endless)), 0);
        let mut decoder = Decoder::new(raw, Compression::named(name), &stop);
        let end = loop {
            match decoder.read(&mut [0; 64]) {
                Ok(_) => {}
                Err(end) => break end,
            }
        };
        assert!(matches!(end, End::Stopped), "{name}: {end:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_file_that_is_cut_gives_a_beginning_of_its_text(
        cut in any::<prop::sample::Index>(),
        size in 1usize..5000,
    ) {
        let text = &text()[..100_000];
        for (compression, bytes) in compressed(text) {
            let cut = 1 + cut.index(bytes.len() - 1);
            let (out, end, _) = decode(compression, &bytes[..cut], size);
            prop_assert!(text.starts_with(&out), "{:?}", compression);
            prop_assert!(matches!(end, End::Truncated(_)), "{:?}: {:?}", compression, end);
        }
    }

    #[test]
    fn any_byte_may_be_wrong(
        at in any::<prop::sample::Index>(),
        bit in 0u8..8,
        size in 1usize..5000,
    ) {
        let text = &text()[..50_000];
        for (compression, mut bytes) in compressed(text) {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let (out, end, _) = decode(compression, &bytes, size);
            // Each has a checksum, so that what differs is said.
            prop_assert!(
                !matches!(end, End::Whole) || out == text || out.is_empty(),
                "{:?} byte {}: {:?}", compression, at, end
            );
        }
    }
}
