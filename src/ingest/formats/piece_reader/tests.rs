use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::ingest::source::raw::Raw;
use crate::store::Compression;

/// Gives portions one after the other, and says stop after the last.
struct Portions {
    portions: Vec<&'static [u8]>,
    stop: Option<Arc<AtomicBool>>,
}

impl Read for Portions {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let portion = self.portions.remove(0);
        into[..portion.len()].copy_from_slice(portion);
        if let (true, Some(stop)) = (self.portions.is_empty(), &self.stop) {
            stop.store(true, Ordering::Relaxed);
        }
        Ok(portion.len())
    }
}

/// The pieces that come of some portions, as text and where that is from.
fn pieces(portions: &[&'static [u8]], is_eager: bool, stops: bool) -> Vec<(String, LineSource)> {
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
    let mut piece = Piece::default();
    let mut pieces = Vec::new();
    while feed.next(&mut piece) {
        let text = String::from_utf8_lossy(piece.content()).into_owned();
        assert!(piece.text.len() >= piece.used + PAD);
        pieces.push((text, piece.source));
    }
    pieces
}

fn lines(text: &str) -> (String, LineSource) {
    (text.to_owned(), LineSource::Text)
}

#[test]
fn pieces_end_with_lines_and_the_last_one_gets_its_end() {
    let portions: [&[u8]; 3] = [b"one\ntw", b"o\nthree\nfo", b"ur"];
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
