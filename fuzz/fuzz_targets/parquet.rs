//! Any bytes as a Parquet file, or the sample with some of its bytes changed: no panic, bounded memory, and every row
//! accounted for.

#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;

/// A valid file.
const SAMPLE: &[u8] = include_bytes!("../../sample-logs/backup.log.parquet");

// Each three bytes change the sample: two for the position, one for the value. Or the bytes are the file themselves.
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
