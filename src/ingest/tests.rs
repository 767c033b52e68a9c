mod assumed;
mod cases;
mod counting;
mod encodings;
mod faults;
mod forms;
mod headless;
mod known_orders;
mod no_records;
mod ocsf;
mod orders;
mod parquet;
mod properties;
mod tables;
mod threads;

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use crate::ingest::*;
use crate::store::{LineCounts, RejectReason, RowId, Status};

/// The header of the default format.
pub(super) const HEADER: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
/// A record of the default format.
pub(super) const RECORD: &str = "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK";

/// Loads files of these bytes, which lie beside one another.
pub(super) fn load_files(files: &[Vec<u8>], drop_duplicates: bool) -> Loaded {
    let folder = TempDir::new().unwrap();
    for (index, bytes) in files.iter().enumerate() {
        fs::write(folder.path().join(index.to_string()), bytes).unwrap();
    }
    let options = Options {
        drop_duplicates,
        ..Options::default()
    };
    load(vec![Input::Path(folder.path().to_owned())], options).unwrap()
}

/// What a load gave, in reading order and as text: all that anybody could ask of it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    /// Source, line, the line itself, and name and text of every value.
    records: Vec<(usize, u64, String, Vec<String>)>,
    /// Source, line, reason and text.
    rejects: Vec<(u32, u64, RejectReason, String)>,
    line_counts: LineCounts,
}

fn seen(store: &Store) -> Seen {
    let mut records = Vec::new();
    for chunk in store.reading_order() {
        let base = store.base(*chunk as usize);
        let rows = u32::try_from(store.chunks()[*chunk as usize].rows()).unwrap();
        records.extend((base..base + rows).map(|row| record(store, RowId(row))));
    }
    let rejects = store.rejects().kept.iter();
    let mut rejects: Vec<_> = rejects
        .map(|reject| {
            (
                reject.source,
                reject.line,
                reject.reason.clone(),
                reject.text.clone(),
            )
        })
        .collect();
    rejects.sort();
    Seen {
        records,
        rejects,
        line_counts: store.line_counts(),
    }
}

fn record(store: &Store, row: RowId) -> (usize, u64, String, Vec<String>) {
    let (source, line) = store.source_position(row);
    let (chunk, offset) = store.chunk_of(row);
    let fields = &chunk.run(offset).layout.fields;
    let value = |field: &_| {
        format!(
            "{}={}",
            store.catalog.name(*field),
            store.cell_text(row, *field)
        )
    };
    (
        source,
        line,
        store.line_text(row),
        fields.iter().map(value).collect(),
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A folder with these files in it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

#[track_caller]
fn load_path(path: &Path, options: Options) -> Loaded {
    let loaded = load(vec![Input::Path(path.to_owned())], options).unwrap();
    for source in loaded.store.sources() {
        assert!(source.line_counts.is_balanced(), "{source:?}");
    }
    loaded
}

/// Loads one file of these bytes.
#[track_caller]
pub(super) fn load_bytes(bytes: &[u8]) -> Loaded {
    let folder = folder(&[("file.log", bytes)]);
    load_path(&folder.path().join("file.log"), Options::default())
}

/// `records` lines like [`RECORD`], each a little different.
fn records(records: usize) -> Vec<u8> {
    let mut text = Vec::new();
    for number in 0..records {
        let port = (1024 + number % 60_000).to_string();
        writeln!(text, "{}", RECORD.replace("20641", &port)).unwrap();
    }
    text
}

fn text_of(lines: &[&str]) -> Vec<u8> {
    let mut text = lines.join("\n").into_bytes();
    text.push(b'\n');
    text
}

#[test]
fn the_lab_has_5856_records() {
    let loaded = load(vec![Input::Lab], Options::default()).unwrap();
    let line_counts = loaded.store.line_counts();
    assert_eq!(
        (line_counts.records, line_counts.headers, line_counts.lines),
        (5856, 2, 5858)
    );
    assert_eq!(loaded.store.interfaces(), 4);
    assert!(loaded.store.sources()[0].path.starts_with("lab"));
    assert!(
        loaded
            .store
            .sources()
            .iter()
            .all(|source| source.status == Status::Ok)
    );
}

#[test]
fn a_log_format_that_is_none_is_an_error_before_anything_is_read() {
    for text in ["", "   ", "what is this?", "${version", "foo bar"] {
        let options = Options {
            log_format: Some(text.into()),
            threads: 1,
            ..Options::default()
        };
        let error = load(vec![Input::Lab], options).unwrap_err().to_string();
        assert!(error.contains("write them as AWS does"), "{error}");
    }
}

#[test]
fn a_load_tells_its_story_in_order() {
    let bytes = records(5000);
    let folder = folder(&[("a.log", &bytes), ("b.log", &bytes)]);
    let events = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&events);
    let input = vec![Input::Path(folder.path().to_owned())];
    let catalog = Arc::new(Catalog::default());
    let loading = start(input, Options::default(), catalog, move |event| {
        sink.lock().unwrap().push(event);
    });
    loading.unwrap().wait();
    let events = events.lock().unwrap();
    assert!(matches!(&events[0], LoadEvent::Found { sources, skipped: 0 } if sources.len() == 2));
    assert!(matches!(
        events[events.len() - 1],
        LoadEvent::Finished { stopped: false, .. }
    ));
    let mut rows = [0; 2];
    for event in events.iter() {
        match event {
            LoadEvent::Chunk(chunk) => {
                for row in 0..chunk.rows() {
                    rows[chunk.run(row).source as usize] += 1;
                }
            }
            LoadEvent::Source { index, source, .. } => {
                assert_eq!(source.line_counts.records, 5000);
                assert_eq!(rows[*index], 5000, "its chunks come before it");
            }
            _ => {}
        }
    }
    let last = events.iter().rev().find_map(|event| match event {
        LoadEvent::Progress(progress) => Some(*progress),
        _ => None,
    });
    let last = last.unwrap();
    assert_eq!((last.records, last.files_done, last.files), (10_000, 2, 2));
    assert_eq!(
        (last.bytes_read, last.bytes_total),
        (last.bytes_total, bytes.len() as u64 * 2)
    );
}
