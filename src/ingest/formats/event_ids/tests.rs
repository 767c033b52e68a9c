use super::*;
use crate::ingest::tests::load_files;

#[test]
fn an_id_is_known_the_second_time() {
    let events = EventIds::new(false);
    assert!(!events.is_repeated(b"38"));
    assert!(!events.is_repeated(b"39"));
    assert!(events.is_repeated(b"38"));
    assert!(!events.is_repeated(b""));
}

fn document(ids: std::ops::Range<u32>) -> Vec<u8> {
    let event = |id| {
        format!(
            r#"{{"id":"{id}","message":"2 123456789012 eni-1 10.0.0.1 10.0.0.2 {id} 22 6 1 40 1700000000 1700000060 ACCEPT OK"}}"#
        )
    };
    let events: Vec<String> = ids.map(event).collect();
    format!(
        r#"{{"messageType":"DATA_MESSAGE","logEvents":[{}]}}"#,
        events.join(",")
    )
    .into_bytes()
}

#[test]
fn events_of_several_files_are_named_and_left_out_only_when_that_is_asked() {
    let files = [document(0..10), document(7..12), document(0..3)];
    for drop_duplicates in [false, true] {
        let loaded = load_files(&files, drop_duplicates);
        let line_counts = loaded.store.line_counts();
        assert!(line_counts.is_balanced());
        assert_eq!(line_counts.duplicates, 6);
        assert_eq!(line_counts.lines, 18);
        let records = if drop_duplicates { 12 } else { 18 };
        assert_eq!(line_counts.records, records);
        let sources = loaded.store.sources().iter();
        let told = sources.flat_map(|source| &source.warnings);
        assert!(
            told.clone()
                .all(|text| text.contains("with a duplicate id"))
        );
        assert!(told.count() > 0);
    }
}

#[test]
fn files_with_the_same_events_and_the_same_bytes_count_once() {
    let files = [document(0..10), document(0..10)];
    let line_counts = load_files(&files, false).store.line_counts();
    assert_eq!((line_counts.records, line_counts.duplicates), (20, 10));
    let line_counts = load_files(&files, true).store.line_counts();
    assert_eq!((line_counts.records, line_counts.duplicates), (10, 10));
}

#[test]
fn rows_with_an_id_of_their_own_are_no_events() {
    let rows = br#"{"id":"1","srcaddr":"10.0.0.1"}{"id":"1","srcaddr":"10.0.0.2"}"#.to_vec();
    let loaded = load_files(&[rows], true);
    let line_counts = loaded.store.line_counts();
    assert_eq!((line_counts.records, line_counts.duplicates), (2, 0));
}
