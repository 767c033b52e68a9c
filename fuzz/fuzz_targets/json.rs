//! Any bytes as JSON: nothing panics, every line is accounted for, and every record gives a line back.

#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;

/// Beginnings of documents, which the bytes continue.
const BEGINNINGS: [&str; 11] = [
    "",
    "[",
    r#"{"events":[{"message":""#,
    r#"{"results":[[{"field":"srcAddr","value":""#,
    r#"{"srcaddr":"1.2.3.4","x":"#,
    r#"{"a":{"srcaddr":"1.2.3.4","b":["#,
    r#"["version","srcaddr","start"]["#,
    r#"{"columns":["srcaddr","start"],"data":[["#,
    r#"{"srcaddr":{"0":"1.2.3.4","1":""#,
    r#"{"ResultSet":{"Rows":[{"Data":[{"VarCharValue":"srcaddr"},{"#,
    r#"{"awslogs":{"data":"eyJtZXNzYWdlIjoi"#,
];

fuzz_target!(|input: (u8, &[u8])| {
    let (beginning, rest) = input;
    let beginning = BEGINNINGS[usize::from(beginning) % BEGINNINGS.len()];
    let store = reading::read(&[beginning.as_bytes(), rest].concat(), None)
        .expect("there is no log format");
    assert!(reading::lines(&store).all(|line| !line.is_empty()));
});
