//! Any bytes as a file: nothing panics, every line is accounted for, and every record of text gives its line back.

#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let store = reading::read(bytes, None).expect("there is no log format");
    // Only uncompressed text gives back parts of its bytes.
    if bytes.starts_with(b"\x1f\x8b")
        || !["text", "csv", "csv-messages"].contains(&store.sources()[0].format)
    {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    for line in reading::lines(&store) {
        assert!(text.contains(&line), "{line}");
    }
});
