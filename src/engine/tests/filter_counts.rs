//! The records of several filters, counted before one is chosen.

use std::sync::mpsc::channel;

use super::*;
use crate::analysis::tests::naive::many;
use crate::query::{self, Context};

fn request(ticket: u64, store: &Store, filters: &[&str]) -> CountRequest {
    let fields = store.fields();
    let context = Context::of(store, &fields);
    let expression = |text: &&str| query::compile(text, &context).expression.unwrap();
    CountRequest {
        ticket: Ticket(ticket),
        store: store.clone(),
        filters: filters.iter().map(expression).collect(),
    }
}

#[test]
fn each_filter_is_counted_as_if_it_were_asked_alone() {
    let store = shuffled(&many(500), &[64], 1);
    let filters = [
        "action == REJECT",
        "action != REJECT",
        "srcport < 100 or dstport < 100",
    ];
    let together = counts(&request(1, &store, &filters), 2).counts;
    let alone = filters.map(|filter| counts(&request(1, &store, &[filter]), 1).counts[0]);
    assert_eq!(together, alone);
    assert!(together[0] > 0 && together[0] < 500, "{together:?}");
}

#[test]
fn only_the_newest_request_for_counts_is_answered_and_the_worker_goes_on() {
    let store = shuffled(&many(500), &[64], 1);
    let (replies, received) = channel();
    let engine = Engine::spawn(move |reply| replies.send(reply).unwrap()).unwrap();
    for ticket in 1..=20 {
        engine.ask_counts(request(ticket, &store, &["action == REJECT"]));
    }
    engine.idle();
    drop(engine);
    let last = received.iter().last().unwrap();
    assert!(
        matches!(
            last,
            Reply::Counts(FilterCounts {
                ticket: Ticket(20),
                ..
            })
        ),
        "{last:?}"
    );
}
