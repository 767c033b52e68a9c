//! Any bytes as a Parquet file, or the sample with some of its bytes changed: no fault, no end of memory, and every row
//! accounted for.

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use flowdeck::ingest::{Input, Options, load};
use libfuzzer_sys::fuzz_target;

/// A file that is whole.
const SAMPLE: &[u8] = include_bytes!("../../sample-logs/backup.log.parquet");

/// Where the file of this process lies.
static PATH: LazyLock<PathBuf> = LazyLock::new(|| {
    std::env::temp_dir().join(format!("flowdeck-fuzz-{}.parquet", std::process::id()))
});

// Three bytes are a change of the sample, its place and what is put there; or they are the file themselves.
fuzz_target!(|input: (bool, Vec<u8>)| {
    let (is_whole, bytes) = input;
    let file = if is_whole {
        bytes
    } else {
        let mut file = SAMPLE.to_vec();
        for change in bytes.chunks_exact(3) {
            let place = usize::from(u16::from_le_bytes([change[0], change[1]])) % file.len();
            file[place] = change[2];
        }
        file
    };
    fs::write(&*PATH, &file).expect("the folder for what is temporary can be written");
    let options = Options {
        threads: 1,
        ..Options::default()
    };
    let loaded = load(vec![Input::Path(PATH.clone())], options).expect("no format is given");
    let source = &loaded.store.sources()[0];
    assert!(source.tally.is_balanced(), "{source:?}");
    assert_eq!(source.tally.records, loaded.store.rows() as u64);
});
