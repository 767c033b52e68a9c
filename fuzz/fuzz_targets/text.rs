//! Any bytes as a file: nothing panics, every line is accounted for, and every record of text gives its line back.

#![no_main]

mod reading;

use flowdeck::store::Compression;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let store = reading::read(bytes, None).expect("there is no log format");
    let source = &store.sources()[0];
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    // Only text in UTF-8 that is not compressed gives back parts of its bytes.
    if source.compression != Compression::NONE
        || is_utf16
        || !["text", "csv", "csv-messages"].contains(&source.format)
    {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    for line in reading::lines(&store) {
        assert!(text.contains(&line), "{line}");
    }
});
