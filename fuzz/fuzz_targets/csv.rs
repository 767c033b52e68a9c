//! Any bytes as a table: nothing panics, every line is accounted for, and every record gives a line back.

#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;

/// Beginnings of documents, which the bytes continue.
const BEGINNINGS: [&str; 5] = [
    "",
    "srcaddr,bytes,action\n",
    "\"srcaddr\";\"bytes\"\n",
    "timestamp,message\n",
    "@timestamp,srcAddr,bytes,@ptr\r\n",
];

fuzz_target!(|input: (u8, &[u8])| {
    let (beginning, rest) = input;
    let beginning = BEGINNINGS[usize::from(beginning) % BEGINNINGS.len()];
    let store = reading::read(&[beginning.as_bytes(), rest].concat(), None)
        .expect("there is no log format");
    assert!(reading::lines(&store).all(|line| !line.is_empty()));
});
