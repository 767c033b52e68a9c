//! However a load is shared out, it gives the same.

use super::*;
use crate::ingest::load::context::LoadContext;
use crate::ingest::load::reporter::LoadReporter;
use crate::ingest::load::resume::ResumeStates;
use crate::ingest::load::run;
use crate::ingest::load::worker::read_files;
use crate::ingest::source::find::find;
use crate::ingest::source::input_file::{Bytes, InputFile};

/// Loads files with so many threads.
fn load_files(files: &[InputFile], threads: usize) -> Store {
    let catalog = Arc::new(Catalog::default());
    let layouts = Layouts::new(Arc::clone(&catalog), None).unwrap();
    let sources = files.iter().map(|file| file.source.clone()).collect();
    let loaded = Mutex::new(Loaded {
        store: Store::new(catalog, sources),
        ..Loaded::default()
    });
    let sink = |event| loaded.lock().unwrap().take_in(event);
    let stop = AtomicBool::new(false);
    let reporter = LoadReporter::new(&sink, files);
    let context = LoadContext {
        layouts: &layouts,
        reporter: &reporter,
        stop: &stop,
        threads,
        resume: &ResumeStates::default(),
        hashes: None,
        counter: None,
    };
    read_files(files, context);
    drop(reporter);
    loaded.into_inner().unwrap().store
}

/// Lines of two layouts, with something odd now and then.
fn mixed(lines: usize) -> Vec<u8> {
    let mut text = format!("{HEADER}\n").into_bytes();
    for number in 0..lines {
        let line = match (number % 1000, number % 2000) {
            (1, _) => "not a record".to_owned(),
            (2, _) => "# a remark".to_owned(),
            (3, 3) => RECORD.replace(' ', "  "),
            (4, 4) => RECORD.replace("172.31.16.139", "2001:db8::1"),
            (5, 1005) => "srcaddr action instance-tag".to_owned(),
            (_, 1006..) => format!("1.2.3.4 REJECT eni-{number}"),
            (0, 0) => HEADER.to_owned(),
            _ => RECORD.replace("20641", &(number % 65_536).to_string()),
        };
        text.extend(line.into_bytes());
        text.push(b'\n');
    }
    text
}

#[test]
fn a_large_file_is_read_the_same_by_any_number_of_threads() {
    let text = mixed(150_000);
    let folder = folder(&[("a.log", &text), ("b.log.gz", &gzip(&text))]);
    let mut files = find(&[Input::Path(folder.path().to_owned())]).list;
    let alone = load_files(&files, 1);
    let expected = seen(&alone);
    assert_eq!(expected.line_counts.lines, 300_002);
    assert_eq!(expected.line_counts.rejects, 300);
    assert_eq!(expected.line_counts.headers, 2 * (1 + 75 + 75));
    for threads in [1, 2, 3] {
        for file in &mut files {
            file.bytes = Bytes::Stream;
        }
        let shared = load_files(&files, threads);
        assert!(seen(&shared) == expected, "{threads} threads");
        let small = shared
            .chunks()
            .iter()
            .filter(|chunk| chunk.rows() < 10_000)
            .count();
        assert!(small <= 12, "{small} small chunks");
        let layouts = |store: &Store| -> Vec<_> {
            let sources = store.sources().iter();
            sources.map(|source| source.layouts.len()).collect()
        };
        assert_eq!(layouts(&shared), layouts(&alone));
    }
}

#[test]
fn every_batch_knows_the_layout_at_its_beginning() {
    let mut text = Vec::new();
    for number in 0..400_000 {
        let line = match (number % 7001, number / 7001 % 2) {
            (0, 0) => "srcaddr action",
            (0, _) => "action srcaddr",
            (_, 0) => "1.2.3.4 ACCEPT",
            (_, _) => "ACCEPT 1.2.3.4",
        };
        text.extend(line.bytes().chain([b'\n']));
    }
    let folder = folder(&[("a.log", &text)]);
    let mut files = find(&[Input::Path(folder.path().to_owned())]).list;
    files[0].bytes = Bytes::Stream;
    let store = load_files(&files, 2);
    assert_eq!(
        (store.line_counts().records, store.line_counts().headers),
        (399_942, 58)
    );
    let runs = store.chunks().iter().map(|chunk| chunk.runs().len());
    assert!(store.chunks().len() > 5 && runs.sum::<usize>() < 80);
}

#[test]
fn many_small_files_fill_chunks_and_are_read_the_same_by_any_number_of_threads() {
    let files: Vec<(String, Vec<u8>)> = (0..60)
        .map(|number| {
            let text = mixed(1500 + number);
            let packed = if number % 2 == 0 { gzip(&text) } else { text };
            (format!("{number:03}.log"), packed)
        })
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let folder = folder(&files);
    let files = find(&[Input::Path(folder.path().to_owned())]).list;
    let expected = load_files(&files, 1);
    // 60 × 1,500 records: one early chunk, one full one for each unit of work.
    assert!(expected.chunks().len() < 20, "{}", expected.chunks().len());
    for threads in [2, 3] {
        assert!(seen(&load_files(&files, threads)) == seen(&expected));
    }
}

#[test]
fn no_chunk_lies_between_the_first_and_the_last_row_of_another() {
    let text = mixed(30_000);
    let files: Vec<(String, Vec<u8>)> =
        (0..9).map(|n| (format!("{n}.log"), text.clone())).collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let folder = folder(&files);
    let files = find(&[Input::Path(folder.path().to_owned())]).list;
    let store = load_files(&files, 3);
    let mut last = None;
    for index in store.reading_order() {
        let chunk = &store.chunks()[*index as usize];
        for row in 0..chunk.rows() {
            let place = Some((chunk.run(row).source, chunk.line(row)));
            assert!(place > last, "{place:?} after {last:?}");
            last = place;
        }
    }
}

#[test]
fn a_stopped_load_keeps_what_was_read_and_its_accounts_balance() {
    let text = mixed(100_000);
    let folder = folder(&[
        ("a.log", &text),
        ("b.log", &text),
        ("c.log.gz", &gzip(&text)),
    ]);
    let events = Arc::new(Mutex::new(Vec::new()));
    let loading: Arc<Mutex<Option<Arc<AtomicBool>>>> = Arc::default();
    let (sink, flag) = (Arc::clone(&events), Arc::clone(&loading));
    let input = vec![Input::Path(folder.path().to_owned())];
    let options = Options {
        threads: 1,
        ..Options::default()
    };
    let mut held = loading.lock().unwrap();
    let started = start(input, options, Arc::default(), move |event| {
        // The first chunk stops the load.
        let stop = flag.lock().unwrap();
        if let (LoadEvent::Chunk(_), Some(stop)) = (&event, stop.as_ref()) {
            stop.store(true, Ordering::Relaxed);
        }
        sink.lock().unwrap().push(event);
    });
    let started = started.unwrap();
    *held = Some(Arc::clone(&started.stop));
    drop(held);
    started.wait();
    let events = events.lock().unwrap();
    let mut loaded = Loaded {
        store: Store::default(),
        ..Loaded::default()
    };
    for event in events.iter() {
        loaded.take_in(event.clone());
    }
    assert!(matches!(
        events[events.len() - 1],
        LoadEvent::Finished { stopped: true, .. }
    ));
    let sources = loaded.store.sources();
    assert!(
        sources
            .iter()
            .all(|source| source.status == Status::Stopped),
        "{sources:?}"
    );
    assert!(loaded.store.line_counts().is_balanced());
    assert_eq!(
        loaded.store.line_counts().records,
        loaded.store.rows() as u64
    );
    assert!(loaded.store.rows() > 1000 && loaded.store.rows() < 50_000);
}

#[test]
fn a_fault_costs_its_file_and_never_the_load() {
    let folder = folder(&[("a.log", &records(100_000)), ("b.log", &records(100))]);
    let statuses = Mutex::new(Vec::new());
    let faulted = AtomicBool::new(false);
    let sink = |event| match event {
        LoadEvent::Chunk(_) if !faulted.swap(true, Ordering::Relaxed) => panic!("on purpose"),
        LoadEvent::Source { index, source, .. } => {
            assert!(source.line_counts.is_balanced());
            statuses
                .lock()
                .unwrap()
                .push((index, source.status.clone()));
        }
        _ => {}
    };
    let layouts = Layouts::new(Arc::default(), None).unwrap();
    let inputs = [Input::Path(folder.path().to_owned())];
    let options = Options {
        threads: 1,
        ..Options::default()
    };
    run(&inputs, &options, &layouts, &AtomicBool::new(false), &sink);
    let statuses = statuses.into_inner().unwrap();
    let error = statuses[0].1.error().unwrap();
    assert!(error.contains("on purpose"), "{error}");
    assert!(error.contains("a bug in flowdeck"), "{error}");
    let report = "please report it in flowdeck's issue tracker with ";
    assert!(
        error.contains(report) && error.ends_with("a.log"),
        "{error}"
    );
    assert_eq!(statuses[1], (1, Status::Ok));
}

/// A list of rows whose members change, with something odd now and then.
fn document(rows: usize) -> Vec<u8> {
    let row = |number: usize| match number % 5000 {
        7 => "{\"x\":1}".to_owned(),
        8 => format!(
            "{{\"note\":\"a b\",\"new-{}\":1,\"end\":{number}}}",
            number % 7
        ),
        9 => format!("{{\"message\":\"{RECORD}\"}}"),
        _ => format!("{{\"bytes\":{number},\"srcaddr\":\"1.2.3.4\",\"action\":\"ACCEPT\"}}"),
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("[{}]", rows.join(",\n")).into_bytes()
}

/// A table with something odd now and then.
fn table(rows: usize) -> Vec<u8> {
    let row = |number: usize| match number % 5000 {
        7 => "too,few".to_owned(),
        8 => format!("{number},1.2.3.4,\"a, b\""),
        9 => "srcaddr,bytes,action".to_owned(),
        10 => "1.2.3.4,7,ACCEPT".to_owned(),
        11 => "bytes,srcaddr,action".to_owned(),
        _ => format!("{number},1.2.3.4,ACCEPT"),
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("bytes,srcaddr,action\n{}\n", rows.join("\n")).into_bytes()
}

#[test]
fn a_large_document_or_table_is_read_the_same_by_any_number_of_threads() {
    let files = [("a.json", document(150_000)), ("b.csv", table(150_000))];
    let files = files.each_ref().map(|(name, bytes)| (*name, &bytes[..]));
    let folder = folder(&files);
    let mut files = find(&[Input::Path(folder.path().to_owned())]).list;
    let alone = load_files(&files, 1);
    let expected = seen(&alone);
    assert_eq!(expected.line_counts.lines, 300_001);
    assert_eq!(
        (expected.line_counts.rejects, expected.line_counts.headers),
        (60, 61)
    );
    assert!(expected.line_counts.is_balanced());
    for file in &mut files {
        file.bytes = Bytes::Stream;
    }
    for threads in [1, 2, 3] {
        let shared = load_files(&files, threads);
        assert!(seen(&shared) == expected, "{threads} threads");
    }
}
