//! Any bytes as a file: nothing panics, every line is accounted for, and every record gives its line back.

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use flowdeck::ingest::{Input, Options, load};
use flowdeck::store::RowId;
use libfuzzer_sys::fuzz_target;

/// The file that is read, one for each fuzzer that runs.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let name = format!("flowdeck-fuzz-text-{}", std::process::id());
    std::env::temp_dir().join(name)
});

fuzz_target!(|bytes: &[u8]| {
    fs::write(&*FILE, bytes).expect("the folder for temporary files can be written to");
    let options = Options {
        threads: 1,
        ..Options::default()
    };
    let loaded = load(vec![Input::Path(FILE.clone())], options).expect("there is no log format");
    let store = loaded.store;
    let tally = store.tally();
    assert!(tally.is_balanced(), "{tally:?}");
    assert_eq!(tally.records, store.rows() as u64);
    if bytes.starts_with(b"\x1f\x8b") {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    for row in 0..store.rows().min(64) {
        let row = RowId(u32::try_from(row).expect("few records"));
        let line = store.line_text(row);
        assert!(text.contains(&line), "{line}");
    }
});
