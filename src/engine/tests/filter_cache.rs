//! What is known of other filters makes an answer quicker, and never another one.

use std::sync::atomic::AtomicUsize;

use proptest::prelude::*;

use super::*;
use crate::analysis::tests::naive::{many, records};
use crate::query::{Context, compile};

/// Terms that select some of the records of these tests, many of them or few.
const TERMS: [&str; 12] = [
    "action == ACCEPT",
    "reject",
    "dstport in {22, 443}",
    "not dstport 22",
    "bytes > 1000",
    "packets < 3",
    "srcaddr in 10.0.0.0/8",
    "interface-id == eni-a",
    "exists srcaddr",
    "bps > 100",
    "time < 1000100",
    "last 60s",
];

/// A sequence of filters as typed: most are derived from the previous one.
fn filters() -> impl Strategy<Value = Vec<String>> {
    let step = (0usize..8, 0..TERMS.len());
    prop::collection::vec(step, 1..10).prop_map(|steps| {
        let mut parts: Vec<&str> = Vec::new();
        let mut glue = " and ";
        steps
            .into_iter()
            .map(|(what, term)| {
                match what {
                    0..4 => parts.push(TERMS[term]),
                    4..6 => drop(parts.pop()),
                    6 => glue = if glue == " and " { " or " } else { " and " },
                    _ => parts.clear(),
                }
                parts.join(glue)
            })
            .collect()
    })
}

/// The same records without numbers so large that their sums stay at the largest number there is.
fn countable(records: Vec<Record>, wanted: bool) -> Vec<Record> {
    if !wanted {
        return records;
    }
    let small = |record: Record| {
        let (bytes, packets) = (record.line % 7 * 400, record.line % 5);
        let record = record.with(id::BYTES, &bytes.to_string());
        record.with(id::PACKETS, &packets.to_string())
    };
    records.into_iter().map(small).collect()
}

fn read(text: &str, store: &Store) -> Option<Arc<Expression>> {
    let context = Context::of(store, &[]);
    let compiled = compile(text, &context);
    let expression = compiled
        .expression
        .unwrap_or_else(|| panic!("{text}: {:?}", compiled.diagnostics));
    (*expression != Expression::Everything).then_some(expression)
}

/// Settings under which filters mean what they say and sums are taken over whenever they can be.
fn real(threads: usize) -> Settings {
    Settings {
        threads,
        patience: None,
        bytes_per_row: usize::MAX,
        cache_bytes: usize::MAX,
        memory_left: |_| None,
        ..Settings::default()
    }
}

fn asked(question: &Question, filter: &str, store: &Store) -> Question {
    Question {
        filter: read(filter, store),
        ..question.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn one_filter_after_another_is_the_same_as_each_alone(
        records in records(80), sizes in prop::collection::vec(1usize..30, 1..6), filters in filters(),
        question in super::answers::questions(), small: bool,
    ) {
        let store = shuffled(&countable(records, small), &sizes, 7);
        let mut filter_cache = FilterCache::default();
        for (ticket, filter) in (1u64..).zip(&filters) {
            let request = request(ticket, &store, &asked(&question, filter, &store));
            let found = filter_cache.answer(&request, &real(2), &|| false, &mut |_| {}).unwrap();
            prop_assert_eq!(content(&found), content(&once(&request, &real(1))), "{:?}", filters);
        }
    }

    #[test]
    fn stops_and_chunks_that_arrive_in_between_change_nothing(
        records in records(80), sizes in prop::collection::vec(1usize..30, 2..8), filters in filters(),
        stops in prop::collection::vec(0usize..12, 10), question in super::answers::questions(), small: bool,
    ) {
        let stores = growing(&shuffled(&countable(records, small), &sizes, 5));
        let mut filter_cache = FilterCache::default();
        for (ticket, filter) in (0..).zip(&filters) {
            let Some(store) = stores.get(ticket.min(stores.len().saturating_sub(1))) else { break };
            let request = request(ticket as u64, store, &asked(&question, filter, store));
            let left = AtomicUsize::new(stops[ticket]);
            let superseded = || left.fetch_update(
                Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1),
            ).is_err();
            filter_cache.answer(&request, &real(1), &superseded, &mut |_| {});
            if ticket % 3 == 2 {
                let found = filter_cache.answer(&request, &real(2), &|| false, &mut |_| {}).unwrap();
                prop_assert_eq!(content(&found), content(&once(&request, &real(1))), "{:?}", filters);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_was_prefetched_or_begun_to_be_changes_nothing(
        records in records(80), sizes in prop::collection::vec(1usize..30, 1..6), filters in filters(),
        likely in filters(), stops in prop::collection::vec(0usize..40, 10),
        question in super::answers::questions(), small: bool,
    ) {
        let store = shuffled(&countable(records, small), &sizes, 7);
        let likely: Vec<_> = likely.iter().filter_map(|filter| read(filter, &store)).collect();
        let mut filter_cache = FilterCache::default();
        for (ticket, filter) in (0..).zip(&filters) {
            let request = request(ticket as u64, &store, &asked(&question, filter, &store));
            let found = filter_cache.answer(&request, &real(2), &|| false, &mut |_| {}).unwrap();
            prop_assert_eq!(content(&found), content(&once(&request, &real(1))), "{:?}", filters);
            let prefetch = PrefetchRequest {
                ticket: request.ticket,
                store: store.clone(),
                question: Question { order: RowOrder::Reading, ..question.clone() },
                filters: likely.clone(),
            };
            let left = AtomicUsize::new(stops[ticket]);
            let superseded = || left.fetch_update(
                Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1),
            ).is_err();
            filter_cache.prefetch(&prefetch, &real(1), &superseded);
        }
    }
}

#[test]
fn what_is_prefetched_counts_as_used_before_the_filter_used_last() {
    let store = shuffled(&many(2_000), &[500], 3);
    let mut filter_cache = FilterCache::default();
    for (ticket, filter) in [(1, ""), (2, "dstport == 22")] {
        let request = request(ticket, &store, &asked(&question(), filter, &store));
        filter_cache
            .answer(&request, &real(1), &|| false, &mut |_| {})
            .unwrap();
    }
    let texts = ["reject", "accept"];
    let prefetch = PrefetchRequest {
        ticket: Ticket(2),
        store: store.clone(),
        question: question(),
        filters: texts.iter().filter_map(|text| read(text, &store)).collect(),
    };
    assert!(filter_cache.prefetch(&prefetch, &real(1), &|| false));
    let filters = filter_cache.filters();
    let kept: Vec<String> = filters.iter().flatten().map(ToString::to_string).collect();
    assert_eq!(filters[0], None);
    assert_eq!(
        kept,
        ["action == REJECT", "action == ACCEPT", "dstport == 22"]
    );
}

/// Settings that count the rows which filters are asked of.
fn counting(asked: &Arc<AtomicUsize>) -> Settings {
    let asked = Arc::clone(asked);
    let inner = real(1).planner;
    Settings {
        planner: Arc::new(move |filter, store| -> Masks {
            let masks = inner(filter, store);
            let asked = Arc::clone(&asked);
            Box::new(move |chunk: &Chunk, among: &Mask| {
                asked.fetch_add(among.count(chunk.rows()), Ordering::SeqCst);
                masks(chunk, among)
            })
        }),
        ..real(1)
    }
}

#[test]
fn a_term_that_is_added_is_asked_of_the_rows_that_were_left() {
    let store = shuffled(&many(4_000), &[500], 3);
    let rows = Arc::new(AtomicUsize::new(0));
    let settings = counting(&rows);
    let mut filter_cache = FilterCache::default();
    let mut ask = |ticket, text: &str| {
        rows.store(0, Ordering::SeqCst);
        let request = request(ticket, &store, &asked(&question(), text, &store));
        let found = filter_cache.answer(&request, &settings, &|| false, &mut |_| {});
        (found.unwrap().selection.len(), rows.load(Ordering::SeqCst))
    };
    let (all, asked_of) = ask(1, "");
    assert_eq!((all, asked_of), (4_000, 4_000));
    let (rejects, asked_of) = ask(2, "reject");
    assert_eq!(asked_of, 4_000);
    assert!(rejects > 0 && rejects < 4_000);
    let (fewer, asked_of) = ask(3, "reject and packets < 20");
    assert_eq!(asked_of, rejects);
    assert!(fewer > 0 && fewer < rejects);
    let (_, asked_of) = ask(4, "reject or packets < 20");
    assert_eq!(asked_of, 4_000 - rejects);
    // Back to what was there.
    assert_eq!(ask(5, "reject"), (rejects, 0));
    assert_eq!(ask(6, ""), (4_000, 0));
}

#[test]
fn a_list_that_is_sorted_is_sorted_when_it_is_narrowed() {
    let records = many(3_000);
    let store = shuffled(&records, &[250, 999], 3);
    for descending in [false, true] {
        for field in naive::FIELDS {
            let question = Question {
                order: RowOrder::Columns(vec![SortBy { field, descending }]),
                ..question()
            };
            let mut filter_cache = FilterCache::default();
            for (ticket, text) in (1u64..).zip(["", "packets > 2", "packets > 2 and accept"]) {
                let request = request(ticket, &store, &asked(&question, text, &store));
                let found = filter_cache.answer(&request, &real(2), &|| false, &mut |_| {});
                let (found, alone) = (found.unwrap(), once(&request, &real(1)));
                assert_eq!(content(&found), content(&alone), "{field:?} {text}");
            }
        }
    }
}

#[test]
fn filters_used_long_ago_are_forgotten_and_that_of_all_records_last() {
    let store = shuffled(&many(2_000), &[500], 3);
    let settings = Settings {
        cache_bytes: 0,
        ..real(1)
    };
    let mut filter_cache = FilterCache::default();
    for port in 0..40 {
        let filter = if port == 0 {
            String::new()
        } else {
            format!("dstport > {port}")
        };
        let request = request(port, &store, &asked(&question(), &filter, &store));
        filter_cache
            .answer(&request, &settings, &|| false, &mut |_| {})
            .unwrap();
    }
    let kept = filter_cache.filters();
    assert!(kept.len() < 18, "{}", kept.len());
    assert!(kept.iter().any(Option::is_none));
    assert_eq!(
        kept.last().unwrap().as_ref().unwrap().to_string(),
        "dstport > 39"
    );
}

#[test]
fn where_nothing_matches_each_part_is_told_that_stands_in_the_way() {
    let store = shuffled(&many(4_000), &[500], 3);
    let found = |text: &str| {
        let request = request(1, &store, &asked(&question(), text, &store));
        once(&request, &real(2)).without
    };
    let count = |text: &str| {
        let request = request(1, &store, &asked(&question(), text, &store));
        once(&request, &real(1)).selection.len()
    };
    let without = found("reject and packets < 20 and dstport == 1");
    let [without] = &without[..] else {
        panic!("{without:?}");
    };
    assert_eq!(without.part, "dstport == 1");
    assert_eq!(without.records, count("reject and packets < 20"));
    let both = found("reject and accept");
    let told: Vec<(&str, usize)> = both.iter().map(|w| (w.part.as_str(), w.records)).collect();
    assert_eq!(
        told,
        [
            ("action == REJECT", count("accept")),
            ("action == ACCEPT", count("reject")),
        ]
    );
    assert!(found("reject").is_empty(), "something matches");
    assert!(found("dstport == 1 and dstport == 2 and dstport == 3").is_empty());
    assert!(found("dstport == 1").is_empty());
}
