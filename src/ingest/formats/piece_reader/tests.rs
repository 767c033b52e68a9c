use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::ingest::source::raw::Raw;
use crate::store::Compression;

/// Stands for a portion that does not come for some time.
const PAUSE: &[u8] = b"pause";

/// Gives portions one after the other, and says stop after the last.
struct Portions {
    portions: Vec<&'static [u8]>,
    stop: Option<Arc<AtomicBool>>,
}

impl Read for Portions {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let portion = self.portions.remove(0);
        if portion == PAUSE {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        into[..portion.len()].copy_from_slice(portion);
        if let (true, Some(stop)) = (self.portions.is_empty(), &self.stop) {
            stop.store(true, Ordering::Relaxed);
        }
        Ok(portion.len())
    }
}

/// The pieces that come of some portions.
fn rows(portions: &[&'static [u8]], is_eager: bool, stops: bool) -> Vec<Piece> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut portions = portions.to_vec();
    if !stops {
        portions.push(b"");
    }
    let reader = Portions {
        portions,
        stop: stops.then(|| Arc::clone(&stop)),
    };
    let decoder = Decoder::new(Raw::new(Box::new(reader), 0), Compression::NONE, &stop);
    let mode = if is_eager { Mode::Stream } else { Mode::Whole };
    let mut feed = PieceReader::new(decoder, mode);
    let mut pieces = Vec::new();
    loop {
        let mut piece = Piece::default();
        if feed.next(&mut piece) {
            assert!(piece.text.len() >= piece.used + PAD);
            pieces.push(piece);
        } else if feed.is_over() {
            return pieces;
        }
    }
}

/// The pieces that come of some portions, as text and where that is from.
fn pieces(portions: &[&'static [u8]], is_eager: bool, stops: bool) -> Vec<(String, LineSource)> {
    let pieces = rows(portions, is_eager, stops).into_iter();
    let text = |piece: &Piece| String::from_utf8_lossy(piece.content()).into_owned();
    pieces.map(|piece| (text(&piece), piece.source)).collect()
}

fn lines(text: &str) -> (String, LineSource) {
    (text.to_owned(), LineSource::Text)
}

#[test]
fn pieces_end_with_lines_and_the_last_one_gets_its_end() {
    let portions: [&[u8]; 3] = [b"one\ntwo", b"\nthree\nfo", b"ur"];
    let eager = [lines("one\n"), lines("two\nthree\n"), lines("four\n")];
    assert_eq!(pieces(&portions, true, false), eager);
    let patient = [lines("one\ntwo\nthree\nfour\n")];
    assert_eq!(pieces(&portions, false, false), patient);
}

#[test]
fn a_stop_leaves_out_the_line_that_it_breaks() {
    let portions: [&[u8]; 2] = [b"one\ntwo\n", b"three\nfou"];
    for is_eager in [true, false] {
        let pieces = pieces(&portions, is_eager, true);
        let text: String = pieces.into_iter().map(|(text, _)| text).collect();
        assert!(text.ends_with('\n') && !text.contains("fou"), "{text}");
    }
}

#[test]
fn a_byte_order_mark_is_seen_however_the_bytes_come() {
    let portions: [&[u8]; 4] = [b"\xef", b"\xbb", b"\xbfone\n", b"two\n"];
    let text: String = pieces(&portions, true, false)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(text, "one\ntwo\n");
}

#[test]
fn what_is_no_text_is_delivered_as_it_comes() {
    let portions: [&[u8]; 4] = [
        b"{\"message\":\"one\"}{\"mess",
        b"age\":\"two",
        b"\"}",
        b"{\"message\":\"three\"}",
    ];
    let rows = |text: &str| (text.to_owned(), LineSource::Rows);
    let eager = [rows("one\n"), rows("two\n"), rows("three\n")];
    assert_eq!(pieces(&portions, true, false), eager);
    assert_eq!(pieces(&portions, false, false), [rows("one\ntwo\nthree\n")]);
    let table: [&[u8]; 3] = [b"\xef\xbb", b"\xbfmessage\none t", b"wo\nthree\nfo"];
    let texts: Vec<String> = pieces(&table, true, false)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(texts, ["\n", "one two\nthree\n", "fo\n"]);
}

#[test]
fn a_table_on_a_pipe_does_not_depend_on_pauses() {
    let record: &[u8] = b"2,\"2 123456789012 eni-0a1b2c3d4e5f60718 10.0.1.5 10.0.2.9 49152 443 6 10 4400 1795400460 \
                          1795400519 ACCEPT OK\"\n";
    let dates: &[u8] = b"srcaddr,start\n::1,11/02/2026 2:21:00\n";
    let cases: [[&[u8]; 2]; 4] = [
        [b"version,note\n", record],
        [b"Date,Host\n", record],
        [dates, b"::1,11/23/2026 2:21:00\n"],
        [b"srcaddr,bytes,note\n::1,5,NA\n", b"::1,NA,x\n"],
    ];
    let text = |portions: &[&'static [u8]]| -> Vec<String> {
        let lines = rows(portions, true, false).into_iter();
        lines.flat_map(|piece| piece.visible_lines()).collect()
    };
    for [first, second] in cases {
        let whole = text(&[first, second]);
        assert!(
            whole.iter().all(|line| !line.starts_with("reject")),
            "{whole:?}"
        );
        assert!(whole.len() > 1, "{whole:?}");
        assert_eq!(text(&[first, PAUSE, PAUSE, second]), whole);
        assert_eq!(text(&[first, PAUSE, second, PAUSE]), whole);
    }
    // A line of names that are no fields may still be text.
    let found = pieces(&[b"Date,Host\n", PAUSE, b"a b\n"], true, false);
    assert_eq!(found, [lines("Date,Host\na b\n")]);
}
