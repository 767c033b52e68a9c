//! The values of a field under the rest of a filter.

use std::sync::Mutex;
use std::sync::mpsc::channel;

use proptest::prelude::*;

use super::*;
use crate::analysis::naive::{many, records};
use crate::query::complete::Wanted;

fn wish(ticket: u64, store: &Store, field: FieldId, prefix: &str) -> Wish {
    Wish {
        ticket: Ticket(ticket),
        store: store.clone(),
        wanted: Wanted {
            field,
            rest: Some(filter()),
            prefix: prefix.to_owned(),
        },
        limit: 5,
    }
}

proptest! {
    #[test]
    fn the_values_are_the_groups_of_the_records_of_the_rest(
        records in records(60), sizes in prop::collection::vec(1usize..12, 1..12),
        field in prop::sample::select(&naive::FIELDS[..]),
    ) {
        let store = shuffled(&records, &sizes, 3);
        let wish = Wish { limit: usize::MAX, ..wish(1, &store, field, "") };
        let mut shelf = Shelf::default();
        let listing = shelf.list(&wish, &settings(2), &|| false).unwrap();
        let groups = naive::grouped(&naive::picked_of(&records), field, Measure::Records);
        let wanted: Vec<(String, u64)> = groups
            .into_iter()
            .filter(|(label, _)| label != "-")
            .map(|(label, records)| (label, records.len() as u64))
            .collect();
        prop_assert_eq!(listing.values, wanted);
    }
}

#[test]
fn only_values_that_begin_as_it_was_typed_are_listed_and_rare_ones_are_found() {
    let records: Vec<Record> = (0..5_000u64)
        .map(|row| Record::at(0, row + 2).with(id::BYTES, &(row % 3_000).to_string()))
        .collect();
    let store = shuffled(&records, &[700], 1);
    let values = |prefix: &str| {
        let wish = Wish {
            wanted: Wanted {
                rest: None,
                ..wish(1, &store, id::BYTES, prefix).wanted
            },
            ..wish(1, &store, id::BYTES, prefix)
        };
        list(&wish, 2).values
    };
    assert_eq!(
        values("299"),
        [
            ("299".into(), 2),
            ("2990".into(), 1),
            ("2991".into(), 1),
            ("2992".into(), 1),
            ("2993".into(), 1)
        ]
    );
    assert_eq!(values("1999"), [("1999".into(), 2)]);
    assert_eq!(values("x"), []);
}

#[test]
fn what_is_typed_of_a_value_looks_at_no_record_again() {
    let store = shuffled(&many(2_000), &[100], 0);
    let mut shelf = Shelf::default();
    let first = shelf.list(&wish(1, &store, id::DSTPORT, ""), &settings(1), &|| false);
    assert!(!first.unwrap().values.is_empty());
    // Whoever looked at a chunk would have to stop at once.
    let next = shelf.list(&wish(2, &store, id::DSTPORT, "4"), &settings(1), &|| true);
    assert!(
        next.unwrap()
            .values
            .iter()
            .all(|(label, _)| label.starts_with('4'))
    );
    let other = shelf.list(&wish(3, &store, id::SRCPORT, "4"), &settings(1), &|| true);
    assert_eq!(other, None);
}

#[test]
fn a_request_comes_before_a_listing_which_goes_on_after_it() {
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
    let engine = Engine::start(settings, move |reply| drop(replies.send(reply)));
    engine.list(wish(1, &store, id::DSTPORT, ""));
    entry.recv().unwrap();
    engine.ask(request(1, &store, &question()));
    resume.send(()).unwrap();
    engine.idle();
    let order: Vec<&str> = inbox
        .try_iter()
        .map(|reply| match reply {
            Reply::Answer(_) => "answer",
            Reply::Listing(_) => "listing",
            Reply::Fault { .. } => "fault",
        })
        .collect();
    assert_eq!(order, ["answer", "listing"]);
}

#[test]
fn of_wishes_that_wait_only_the_newest_is_fulfilled() {
    let store = shuffled(&many(500), &[100], 0);
    let (replies, inbox) = channel();
    let engine = Engine::start(settings(1), move |reply| drop(replies.send(reply)));
    for ticket in 1..=4 {
        engine.list(wish(ticket, &store, id::DSTPORT, ""));
    }
    engine.idle();
    let last = inbox.try_iter().last();
    let Some(Reply::Listing(listing)) = last else {
        panic!("{last:?}");
    };
    assert_eq!(listing.ticket, Ticket(4));
}
