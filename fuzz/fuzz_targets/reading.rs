//! Reads bytes as a file, and asserts what must hold for any input.

use std::fs;
use std::sync::Once;

use flowdeck::ingest::{Input, Options, load, silence_damage};
use flowdeck::store::{RowId, Store};
use tempfile::TempDir;

/// The most records that are printed as lines.
const MAX_RECORDS: usize = 64;

thread_local! {
    static FOLDER: TempDir = tempfile::tempdir().expect("the folder for temporary files can be written to");
}

/// The records of a file with these bytes; none if `log_format` is invalid.
pub fn read(bytes: &[u8], log_format: Option<String>) -> Option<Store> {
    static SILENCED: Once = Once::new();
    // The fuzzer stops at any panic; those of the Parquet crate are reported as damage.
    SILENCED.call_once(silence_damage);
    let store = FOLDER.with(|folder| {
        let path = folder.path().join("file");
        fs::write(&path, bytes).expect("the folder for temporary files can be written to");
        let options = Options {
            log_format,
            threads: 1,
            ..Options::default()
        };
        Some(load(vec![Input::Path(path)], options).ok()?.store)
    })?;
    let line_counts = store.line_counts();
    assert!(line_counts.is_balanced(), "{line_counts:?}");
    assert_eq!(line_counts.records, store.rows() as u64);
    assert_eq!(line_counts.rejects, store.rejects().count());
    // A fault is caught, so that a session outlives it, and told in the status of its file.
    let error = store.sources()[0].status.error();
    assert!(
        error.as_ref().is_none_or(|text| !text.contains("bug in flowdeck")),
        "{error:?}"
    );
    Some(store)
}

/// The lines of the first records.
#[allow(dead_code, reason = "not every fuzzer asks")]
pub fn lines(store: &Store) -> impl Iterator<Item = String> {
    let rows = 0..u32::try_from(store.rows().min(MAX_RECORDS)).expect("a few");
    rows.map(|row| store.line_text(RowId(row)))
}
