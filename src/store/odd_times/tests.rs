use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::query::tests::records;
use crate::store::Store;

fn store(times: &[(u64, u64)]) -> Store {
    let rows: Vec<_> = times
        .iter()
        .map(|(start, end)| records::record(&format!("start={start} end={end}")))
        .collect();
    let given = records::store(&rows, 4);
    let mut store = Store::new(Arc::clone(&given.catalog), Vec::new());
    for chunk in given.chunks() {
        store.push(Arc::new(Chunk::clone(chunk).with_reversed_times(true)));
    }
    store
}

#[test]
fn times_of_another_age_are_counted_and_are_not_in_the_usual_span() {
    let store = store(&[
        (1_763_856_000, 1_763_856_060),
        (5, 60),
        (1_763_856_100, 1_763_856_090),
        (4_070_908_800, 4_070_908_860),
    ]);
    assert_eq!(store.span(), Some((5, 4_070_908_860)));
    assert_eq!(store.usual_span(), Some((1_763_856_000, 1_763_856_100)));
    assert_eq!(
        store.odd_times().sentences(),
        [
            "1 record starts before 2014",
            "1 record ends in the future",
            "1 record ends before it starts",
        ]
    );
}

#[test]
fn what_is_in_the_future_depends_on_the_clock_when_records_come() {
    let store = store(&[(1_763_856_000, 1_763_856_060)]);
    let chunk = &store.chunks()[0];
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let mut odd = OddTimes::default();
    assert_eq!(odd.add_at(chunk, at(1_763_700_000)), None);
    assert_eq!(odd.future, 1);
    assert_eq!(odd.add_at(chunk, at(1_763_856_000)), chunk.span());
    assert_eq!(odd.future, 1);
}

#[test]
fn where_all_times_are_odd_they_are_the_span() {
    let store = store(&[(5, 60), (70, 80)]);
    assert_eq!(store.usual_span(), Some((5, 80)));
    assert_eq!(store.odd_times().outside(), 2);
}
