//! The values of a field under the rest of a filter.

use std::sync::Mutex;
use std::sync::mpsc::channel;

use proptest::prelude::*;

use super::*;
use crate::analysis::tests::naive::{many, records};
use crate::query::complete::WantedValues;

fn values_request(ticket: u64, store: &Store, field: FieldId, prefix: &str) -> ValuesRequest {
    ValuesRequest {
        ticket: Ticket(ticket),
        store: store.clone(),
        wanted: WantedValues {
            field,
            rest: Some(filter()),
            prefix: prefix.to_owned(),
        },
        limit: 5,
    }
}

proptest! {
    #[test]
    fn the_values_are_the_groups_of_the_records_that_the_rest_of_the_filter_selects(
        records in records(60), sizes in prop::collection::vec(1usize..12, 1..12),
        field in prop::sample::select(&naive::FIELDS[..]),
    ) {
        let store = shuffled(&records, &sizes, 3);
        let request = ValuesRequest { limit: usize::MAX, ..values_request(1, &store, field, "") };
        let mut filter_cache = FilterCache::default();
        let counts = filter_cache.values(&request, &settings(2), &|| false).unwrap();
        let groups = naive::grouped(&naive::picked_of(&records), field, Measure::Records);
        let wanted: Vec<(String, u64)> = groups
            .into_iter()
            .filter(|(label, _)| label != "-")
            .map(|(label, records)| (label, records.len() as u64))
            .collect();
        prop_assert_eq!(counts.values, wanted);
    }
}

#[test]
fn only_values_with_the_typed_prefix_are_returned_and_rare_ones_are_found() {
    let records: Vec<Record> = (0..5_000u64)
        .map(|row| Record::at(0, row + 2).with(id::BYTES, &(row % 3_000).to_string()))
        .collect();
    let store = shuffled(&records, &[700], 1);
    let found = |prefix: &str| {
        let request = ValuesRequest {
            wanted: WantedValues {
                rest: None,
                ..values_request(1, &store, id::BYTES, prefix).wanted
            },
            ..values_request(1, &store, id::BYTES, prefix)
        };
        values(&request, 2).values
    };
    assert_eq!(
        found("299"),
        [
            ("299".into(), 2),
            ("2990".into(), 1),
            ("2991".into(), 1),
            ("2992".into(), 1),
            ("2993".into(), 1)
        ]
    );
    assert_eq!(found("1999"), [("1999".into(), 2)]);
    assert_eq!(found("x"), []);
}

#[test]
fn typing_more_of_a_value_reads_no_record_again() {
    let store = shuffled(&many(2_000), &[100], 0);
    let mut filter_cache = FilterCache::default();
    let first = filter_cache.values(
        &values_request(1, &store, id::DSTPORT, ""),
        &settings(1),
        &|| false,
    );
    assert!(!first.unwrap().values.is_empty());
    // Whoever looked at a chunk would have to stop at once.
    let next = filter_cache.values(
        &values_request(2, &store, id::DSTPORT, "4"),
        &settings(1),
        &|| true,
    );
    assert!(
        next.unwrap()
            .values
            .iter()
            .all(|(label, _)| label.starts_with('4'))
    );
    let other = filter_cache.values(
        &values_request(3, &store, id::SRCPORT, "4"),
        &settings(1),
        &|| true,
    );
    assert_eq!(other, None);
}

#[test]
fn a_request_interrupts_the_counting_of_values_which_resumes_afterwards() {
    let store = shuffled(&many(2_000), &[20], 0);
    let (entered, entry) = channel();
    let (resume, wait) = channel::<()>();
    let gate = Arc::new(Mutex::new(Some((entered, wait))));
    let mask = move |_: &Chunk, _: &Mask| {
        if let Some((entered, wait)) = gate.lock().unwrap().take() {
            entered.send(()).unwrap();
            wait.recv().unwrap();
        }
        Mask::All
    };
    let settings = Settings {
        planner: Arc::new(move |_, _| Box::new(mask.clone()) as Masks),
        ..settings(1)
    };
    let (replies, inbox) = channel();
    let engine = Engine::start(settings, move |reply| drop(replies.send(reply))).unwrap();
    engine.ask_values(values_request(1, &store, id::DSTPORT, ""));
    entry.recv().unwrap();
    engine.ask(request(1, &store, &question()));
    resume.send(()).unwrap();
    engine.idle();
    let order: Vec<&str> = inbox
        .try_iter()
        .map(|reply| match reply {
            Reply::Answer(_) => "answer",
            Reply::Values(_) => "values",
            Reply::Counts(_) => "counts",
            Reply::Failed { .. } => "failed",
        })
        .collect();
    assert_eq!(order, ["answer", "values"]);
}

#[test]
fn of_several_waiting_requests_for_values_only_the_newest_is_answered() {
    let store = shuffled(&many(500), &[100], 0);
    let (replies, inbox) = channel();
    let engine = Engine::start(settings(1), move |reply| drop(replies.send(reply))).unwrap();
    for ticket in 1..=4 {
        engine.ask_values(values_request(ticket, &store, id::DSTPORT, ""));
    }
    engine.idle();
    let last = inbox.try_iter().last();
    let Some(Reply::Values(counts)) = last else {
        panic!("{last:?}");
    };
    assert_eq!(counts.ticket, Ticket(4));
}
