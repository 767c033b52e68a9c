//! Any bytes as a Parquet file, or the sample with some of its bytes changed: no fault, no end of memory, and every row
//! accounted for.

#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;

/// A file that is whole.
const SAMPLE: &[u8] = include_bytes!("../../sample-logs/backup.log.parquet");

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
    reading::read(&file, None).expect("there is no log format");
});
