//! Any bytes as JSON: nothing panics, every line is accounted for, and every record gives a line back.

#![no_main]

use std::cell::RefCell;
use std::fs;

use flowdeck::ingest::{Input, Options, load};
use flowdeck::store::RowId;
use libfuzzer_sys::fuzz_target;

/// How a document may begin; the bytes go on from there.
const BEGINNINGS: [&str; 5] = [
    "",
    "[",
    r#"{"events":[{"message":""#,
    r#"{"results":[[{"field":"srcAddr","value":""#,
    r#"{"srcaddr":"1.2.3.4","x":"#,
];

thread_local! {
    static FOLDER: RefCell<tempfile::TempDir> = RefCell::new(tempfile::tempdir().expect("a folder for the file"));
}

fuzz_target!(|input: (u8, &[u8])| {
    let (beginning, rest) = input;
    let beginning = BEGINNINGS[usize::from(beginning) % BEGINNINGS.len()];
    FOLDER.with_borrow(|folder| {
        let path = folder.path().join("file");
        fs::write(&path, [beginning.as_bytes(), rest].concat()).expect("the folder can be written");
        let options = Options {
            threads: 1,
            ..Options::default()
        };
        let store = load(vec![Input::Path(path)], options).expect("no format is given").store;
        let tally = store.tally();
        assert!(tally.is_balanced(), "{tally:?}");
        assert_eq!(tally.records, store.rows() as u64);
        assert_eq!(tally.rejects, store.rejects().count());
        let fault = store.sources()[0].status.error();
        assert!(fault.is_none_or(|text| !text.contains("please report")), "{fault:?}");
        for row in 0..store.rows().min(50) {
            let row = RowId(u32::try_from(row).expect("a few"));
            assert!(!store.line_text(row).is_empty());
        }
    });
});
