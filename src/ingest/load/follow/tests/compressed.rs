use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::ingest::compression::tests::compressed;
use crate::ingest::load::reporter::LoadReporter;
use crate::ingest::load::resume::ResumeStates;
use crate::ingest::source::checkpoint::ReadExtent;
use crate::ingest::text::layouts::Layouts;

#[test]
fn a_compressed_file_and_one_in_utf_16_are_read_when_they_are_whole() {
    let text = "srcaddr\n10.0.0.1\n";
    let marked = format!("\u{feff}{text}");
    let utf16 = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut files: Vec<Vec<u8>> = vec![utf16];
    files.extend(
        compressed(text.as_bytes())
            .into_iter()
            .map(|(_, bytes)| bytes),
    );
    for bytes in files {
        is_read_when_it_is_whole(&bytes);
    }
}

#[track_caller]
fn is_read_when_it_is_whole(bytes: &[u8]) {
    with_follower(|follower, folder| {
        let path = folder.join("a.log.gz");
        let mut new = Vec::new();
        for length in [10, 15, bytes.len()] {
            fs::write(&path, &bytes[..length]).unwrap();
            follower.walk(&mut new);
            assert!(new.is_empty(), "{length}");
        }
        follower.walk(&mut new);
        assert_eq!(new.len(), 1);
    });
}

/// Calls `test` with what follows an empty folder, and the folder.
fn with_follower(test: impl FnOnce(&mut Follower<'_>, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    let input = [Input::Path(folder.path().to_owned())];
    let options = FollowOptions {
        inputs: &input,
        intervals: FollowIntervals::default(),
        drops_duplicates: false,
    };
    let layouts = Layouts::new(Arc::default(), None).unwrap();
    let context = LoadContext {
        layouts: &layouts,
        reporter: &LoadReporter::new(&drop, &[]),
        stop: &AtomicBool::new(false),
        threads: 1,
        resume: &ResumeStates::default(),
        hashes: None,
        counter: None,
    };
    let mut follower = Follower::new(&mut [], options, context, DuplicateFiles::default());
    test(&mut follower, folder.path());
}

#[test]
fn bytes_behind_the_last_member_are_not_read_again_and_again() {
    with_follower(|follower, folder| {
        let path = folder.join("a.log.gz");
        fs::write(&path, [7; 50]).unwrap();
        let file = InputFile::of_file(&path, &fs::metadata(&path).unwrap());
        follower.take(file);
        // Of these bytes the last 20 are no member.
        let read = ReadExtent {
            decoded: 100,
            taken: 30,
            is_compressed: true,
            is_whole: true,
        };
        follower.followed[0].file.advance(read, Some(0));
        let mut rounds = Vec::new();
        for length in [50, 60] {
            fs::write(&path, vec![7; length]).unwrap();
            for _ in 0..10 {
                follower.look(0, &mut rounds, &mut Vec::new());
            }
        }
        assert_eq!(rounds.len(), 2);
    });
}

#[test]
fn rows_that_are_appended_to_a_compressed_file_are_read() {
    let mut live = Live::start(&[], &[]);
    fs::write(live.path("a.csv.gz"), gzip("srcaddr,bytes\n10.0.0.1,1\n")).unwrap();
    live.wait_for(&["a.csv.gz:2 10.0.0.1,1"]);
    fs::write(live.path("b.json.gz"), gzip(&(event(1) + "\n"))).unwrap();
    while live.loaded.store.rows() < 2 {
        live.hear();
    }
    live.append("a.csv.gz", gzip("10.0.0.2,2\n10.0."));
    live.append("b.json.gz", gzip(&(event(2) + "\n")));
    while live.loaded.store.rows() < 4 {
        live.hear();
    }
    live.append("a.csv.gz", gzip("0.3,3\n"));
    while live.loaded.store.rows() < 5 {
        live.hear();
    }
    let mut lines = live.lines();
    lines.sort();
    assert_eq!(
        lines[..3],
        [
            "a.csv.gz:2 10.0.0.1,1",
            "a.csv.gz:3 10.0.0.2,2",
            "a.csv.gz:4 10.0.0.3,3"
        ]
    );
    assert_eq!(live.stop().line_counts().rejects, 0);
}

#[test]
fn a_line_in_two_members_of_a_compressed_file_is_one_line() {
    let mut live = Live::start(&[], &[]);
    fs::write(
        live.path("a.log.gz"),
        gzip("srcaddr bytes\n10.0.0.1 7\n10.0.0.2 42"),
    )
    .unwrap();
    live.wait_for(&["a.log.gz:2 10.0.0.1 7"]);
    live.append("a.log.gz", gzip("49\n"));
    // Without a pause the line was still waiting; after one its beginning has been read, and that is said.
    while live.loaded.store.line_counts().bytes_read
        < fs::metadata(live.path("a.log.gz")).unwrap().len()
    {
        live.hear();
    }
    let store = live.stop();
    let is_said = store.sources()[0]
        .warnings
        .iter()
        .any(|warning| warning.contains("may be wrong"));
    assert!(
        is_said || lines(store)[1] == "a.log.gz:3 10.0.0.2 4249",
        "{store:?}"
    );
}

#[test]
fn what_is_appended_to_text_in_utf_16_is_said_not_to_be_read() {
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let mut live = Live::start(&[], &[]);
    fs::write(live.path("a.log"), utf16("\u{feff}srcaddr\n10.0.0.1\n")).unwrap();
    while live.loaded.store.rows() < 1 {
        live.hear();
    }
    live.append("a.log", utf16("10.0.0.2\n"));
    let is_said = |live: &Live| {
        let warnings = &live.loaded.store.sources()[0].warnings;
        warnings
            .iter()
            .any(|warning| warning.contains("is not read"))
    };
    while !is_said(&live) {
        live.hear();
    }
    assert_eq!(live.stop().rows(), 1);
}

#[test]
fn the_last_line_of_a_compressed_file_needs_no_line_end() {
    let live = Live::start(&[], &[]);
    let path = live.path("a.log.gz");
    fs::write(&path, gzip("srcaddr\n10.0.0.1\n10.0.0.2")).unwrap();
    let mut live = live;
    while live.loaded.store.rows() < 2 {
        live.hear();
    }
    assert_eq!(live.stop().rows(), 2);
}

#[test]
fn a_file_that_is_truncated_says_that_lines_may_be_missing() {
    let mut live = Live::start(&[("a.log", "srcaddr\n10.0.0.1\n10.0.0.2\n")], &[]);
    fs::write(live.path("a.log"), "srcaddr\n10.0.0.3\n").unwrap();
    while live.loaded.store.rows() < 3 {
        live.hear();
    }
    let store = live.stop();
    let warnings = &store.sources()[0].warnings;
    assert!(
        warnings
            .iter()
            .any(|warning| warning.contains("truncated or rewritten")),
        "{warnings:?}"
    );
    assert_eq!(store.line_counts().records, 3);
}

#[test]
fn a_compressed_file_whose_writer_pauses_loses_nothing() {
    let lines: Vec<String> = (0..2000)
        .map(|at| format!("10.0.{}.{}\n", at / 256, at % 256))
        .collect();
    let bytes = gzip(&format!("srcaddr\n{}", lines.concat()));
    let mut live = Live::start(&[], &[]);
    fs::write(live.path("a.log.gz"), &bytes[..bytes.len() / 3]).unwrap();
    while live.loaded.store.rows() < 100 {
        live.hear();
    }
    live.append("a.log.gz", &bytes[bytes.len() / 3..bytes.len() / 2]);
    thread::sleep(Duration::from_millis(100));
    live.append("a.log.gz", &bytes[bytes.len() / 2..]);
    while live.loaded.store.rows() < 2000 {
        live.hear();
    }
    let read = live.stop();
    assert_eq!((read.rows(), read.line_counts().rejects), (2000, 0));
    assert_eq!(read.line_counts().bytes_read, bytes.len() as u64);
    assert_eq!(read.sources()[0].status, Status::Ok);
}

#[test]
fn members_that_are_appended_to_a_compressed_file_are_read() {
    let mut live = Live::start(&[], &[]);
    fs::write(live.path("a.log.gz"), gzip("srcaddr\n10.0.0.1\n")).unwrap();
    live.wait_for(&["a.log.gz:2 10.0.0.1"]);
    live.append("a.log.gz", gzip("10.0.0.2\n"));
    live.wait_for(&["a.log.gz:2 10.0.0.1", "a.log.gz:3 10.0.0.2"]);
    assert_eq!(live.stop().line_counts().lines, 3);
}

#[test]
fn a_compressed_document_that_is_half_written_is_read_on() {
    let element = |at: usize| format!("{{\"srcaddr\":\"10.0.{}.{}\"}}", at / 256, at % 256);
    let elements: Vec<String> = (0..2000).map(element).collect();
    let bytes = gzip(&format!("[{}]", elements.join(",\n")));
    let mut live = Live::start(&[], &[]);
    fs::write(live.path("a.json.gz"), &bytes[..bytes.len() / 2]).unwrap();
    while live.loaded.store.rows() < 100 {
        live.hear();
    }
    live.append("a.json.gz", &bytes[bytes.len() / 2..]);
    while live.loaded.store.rows() < 2000 {
        live.hear();
    }
    let read = live.stop();
    assert_eq!((read.rows(), read.line_counts().rejects), (2000, 0));
    assert_eq!(read.sources()[0].status, Status::Ok);
}
