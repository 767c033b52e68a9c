use proptest::prelude::*;

use super::*;
use crate::analysis::SortBy;
use crate::analysis::tests::naive::{many, records, with_far_addresses};
use crate::query::{Context, compile, term};
use crate::schema::FieldId;

fn fields() -> impl Strategy<Value = FieldId> {
    prop::sample::select(&naive::FIELDS[..])
}

pub(super) fn questions() -> impl Strategy<Value = Question> {
    let windows = prop_oneof![
        Just(None),
        (999_900u64..1_000_200, 1u64..40, 1usize..30).prop_map(|(first, width, buckets)| {
            Some(Window {
                first,
                width,
                buckets,
            })
        }),
        Just(Some(Window {
            first: 0,
            width: 1 << 34,
            buckets: 2
        })),
    ];
    let measures = prop::sample::select(vec![Measure::Records, Measure::Packets, Measure::Bytes]);
    let limits = (0usize..6, 0usize..6);
    let orders = prop_oneof![
        Just(RowOrder::Reading),
        any::<bool>().prop_map(|descending| RowOrder::Time { descending }),
        naive::sorts().prop_map(RowOrder::Columns),
    ];
    let by_action = (
        any::<(bool, bool)>(),
        windows,
        fields(),
        fields(),
        measures,
        limits,
        orders,
    );
    by_action.prop_map(
        |((filtered, by_action), window, lanes, breakdown, measure, limits, order)| Question {
            filter: filtered.then(filter),
            window,
            lanes,
            lane_limit: limits.0,
            breakdown,
            measure,
            by_action,
            group_limit: limits.1,
            order,
        },
    )
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1usize..12, 1..12)
}

proptest! {
    #[test]
    fn an_answer_is_what_counting_record_by_record_gives(
        records in records(60), sizes in sizes(), seed: u64, question in questions(),
    ) {
        check(&records, &shuffled(&records, &sizes, seed), &question);
    }

    #[test]
    fn buckets_and_groups_of_single_values_add_up_to_the_selection(
        records in records(60), sizes in sizes(), question in questions(),
    ) {
        let whole = Window { first: 0, width: 100_000, buckets: 20 };
        let question = Question {
            window: Some(whole),
            lane_limit: usize::MAX,
            group_limit: usize::MAX,
            ..question
        };
        let store = shuffled(&records, &sizes, 1);
        let answer = once(&request(1, &store, &question), &settings(2));
        let len = answer.selection.len() as u64;
        let timeline = answer.timeline.unwrap();
        let timed = answer.selection.rows().filter(|row| {
            store.number(*row, id::START).is_some()
        });
        let in_buckets: u64 = timeline.all.buckets.iter().map(|bucket| bucket.records).sum();
        prop_assert_eq!(in_buckets, timed.count() as u64);
        prop_assert_eq!(timeline.all.total.records, len);
        prop_assert_eq!(answer.breakdown.total.records, len);
        let both = |field| [id::ADDR, id::PKT_ADDR, id::PORT].contains(&field);
        let in_lanes: u64 = timeline.lanes.iter().map(|lane| lane.total.records).sum();
        prop_assert!(in_lanes == len || both(question.lanes) && in_lanes > len);
        for group in &answer.breakdown.groups {
            let whole = question.measure.of(&group.counts);
            prop_assert_eq!(group.by_action.unwrap().total(), whole);
            let timed = records.iter().all(|record| record.number(id::START).is_some());
            let drawn = group.sparkline.iter().fold(0u64, |sum, bucket| sum.saturating_add(*bucket));
            prop_assert!(drawn == whole || !timed && drawn < whole);
        }
        let in_groups: u64 = answer.breakdown.groups.iter().map(|g| g.counts.records).sum();
        prop_assert!(in_groups == len || both(question.breakdown) && in_groups > len);
    }

    #[test]
    fn threads_chunk_sizes_and_the_order_of_publication_change_nothing(
        records in records(60), sizes in sizes(), seed: u64, threads in 1usize..5, question in questions(),
    ) {
        let plain = once(&request(1, &shuffled(&records, &[1_000], 0), &question), &settings(1));
        let other = shuffled(&records, &sizes, seed);
        let other = once(&request(1, &other, &question), &settings(threads));
        prop_assert_eq!(content(&plain), content(&other));
    }

    #[test]
    fn growing_chunk_by_chunk_is_the_same_as_one_pass(
        records in records(60), sizes in sizes(), seed: u64, question in questions(),
    ) {
        let store = shuffled(&records, &sizes, seed);
        let mut filter_cache = FilterCache::default();
        let stores = growing(&store);
        for (ticket, store) in (1u64..).zip(&stores) {
            let request = request(ticket, store, &question);
            let grown = filter_cache.answer(&request, &settings(2), &|| false, &mut |_| {}).unwrap();
            prop_assert_eq!(content(&grown), content(&once(&request, &settings(1))));
        }
    }

    #[test]
    fn a_window_that_grows_with_the_data_is_the_same_as_one_pass(
        records in records(60), sizes in sizes(), seed: u64, at_most in 1usize..40, question in questions(),
    ) {
        let store = shuffled(&records, &sizes, seed);
        let mut filter_cache = FilterCache::default();
        for (ticket, store) in (1u64..).zip(growing(&store)) {
            let window = store.span().map(|span| Window::covering(span, at_most));
            let question = Question { window, ..question.clone() };
            let request = request(ticket, &store, &question);
            let grown = filter_cache.answer(&request, &settings(2), &|| false, &mut |_| {}).unwrap();
            prop_assert_eq!(content(&grown), content(&once(&request, &settings(1))));
        }
    }

    #[test]
    fn a_group_holds_what_a_filter_for_its_value_selects(
        records in records(40), sizes in sizes(),
        breakdown in fields().prop_filter("a filter reads it", |field| *field != id::TIME),
    ) {
        let store = shuffled(&records, &sizes, 1);
        let question = Question { filter: None, group_limit: usize::MAX, breakdown, ..question() };
        let answer = answer(&request(1, &store, &question), 1);
        for group in &answer.breakdown.groups {
            let text = term(&store.catalog, breakdown, &group.label, true);
            let context = Context::of(&store, &[]);
            let compiled = compile(&text, &context);
            prop_assert!(compiled.expression.is_some(), "{}: {:?}", text, compiled.diagnostics);
            let question = Question { filter: compiled.expression, ..question.clone() };
            let found = super::super::answer(&request(1, &store, &question), 1);
            prop_assert_eq!(found.breakdown.total, group.counts, "{}", text);
        }
    }

    #[test]
    fn one_question_after_another_is_the_same_as_each_alone(
        records in records(40), sizes in sizes(), questions in prop::collection::vec(questions(), 1..8),
    ) {
        let store = shuffled(&records, &sizes, 7);
        let mut filter_cache = FilterCache::default();
        for (ticket, question) in (1u64..).zip(&questions) {
            let request = request(ticket, &store, question);
            let found = filter_cache.answer(&request, &settings(2), &|| false, &mut |_| {}).unwrap();
            prop_assert_eq!(content(&found), content(&once(&request, &settings(1))));
        }
    }

    #[test]
    fn a_pass_that_was_stopped_is_taken_up_where_it_stopped(
        records in records(60), sizes in sizes(), stops in prop::collection::vec(0usize..9, 1..6),
        question in questions(),
    ) {
        let store = shuffled(&records, &sizes, 7);
        let mut filter_cache = FilterCache::default();
        for (ticket, stop) in (1u64..).zip(stops) {
            let request = request(ticket, &store, &question);
            let left = std::sync::atomic::AtomicUsize::new(stop);
            let superseded = || left.fetch_update(
                Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1),
            ).is_err();
            filter_cache.answer(&request, &settings(1), &superseded, &mut |_| {});
        }
        let request = request(100, &store, &question);
        let found = filter_cache.answer(&request, &settings(2), &|| false, &mut |_| {}).unwrap();
        prop_assert_eq!(content(&found), content(&once(&request, &settings(1))));
    }

    #[test]
    fn the_anchor_is_where_its_record_is_or_the_next_one(
        records in records(40), sizes in sizes(), question in questions(), at: prop::sample::Index,
    ) {
        prop_assume!(!records.is_empty());
        let store = shuffled(&records, &sizes, 3);
        let anchor = RowId(u32::try_from(at.index(store.rows())).unwrap());
        let request = Request { anchor: Some(anchor), ..request(1, &store, &question) };
        let answer = once(&request, &settings(1));
        let everything = Question { filter: None, ..question.clone() };
        let all = once(&super::request(1, &store, &everything), &settings(1));
        // The list as it would be with all records in it: the anchor is there, and from it on the next.
        let rows = |answer: &Answer| answer.page(0, usize::MAX);
        let (all, list) = (rows(&all), rows(&answer));
        let from = all.iter().position(|row| *row == anchor).unwrap();
        let next = all[from..].iter().find_map(|row| list.iter().position(|other| other == row));
        prop_assert_eq!(answer.anchor, next.or_else(|| list.len().checked_sub(1)));
    }
}

#[test]
fn many_records_are_counted_as_few_are() {
    let records = many(9_000);
    for sizes in [&[9_000][..], &[900, 7_000, 400]] {
        let store = shuffled(&records, sizes, 5);
        for field in naive::FIELDS {
            let question = Question {
                window: Some(Window::covering(store.span().unwrap(), 50)),
                lanes: field,
                breakdown: field,
                lane_limit: 5,
                group_limit: 7,
                ..question()
            };
            check(&records, &store, &question);
        }
    }
}

/// Grouping all records builds the indexes with which those that a filter selects are grouped.
#[test]
fn addresses_that_have_an_index_are_counted_as_without_one() {
    for (has_ipv6, addresses) in [(false, 397), (true, 397), (false, 40), (true, 40)] {
        let records = with_far_addresses(16_000, addresses, has_ipv6);
        let store = shuffled(&records, &[12_000, 500], 3);
        for filter in [None, Some(filter()), None] {
            let question = Question {
                filter,
                window: Some(Window::covering(store.span().unwrap(), 50)),
                breakdown: id::SRCADDR,
                group_limit: 400,
                ..question()
            };
            check(&records, &store, &question);
        }
        let indexes = store.chunks().iter();
        let indexes = indexes.filter_map(|chunk| chunk.known_value_index(id::SRCADDR));
        assert_eq!(indexes.count(), 1, "of the large chunk");
    }
}

#[test]
fn an_empty_store_has_an_empty_answer() {
    let answer = answer(&request(1, &Store::default(), &question()), 2);
    assert!(answer.complete && answer.selection.is_empty());
    assert_eq!(answer.breakdown.groups, []);
    assert_eq!(answer.timeline.unwrap().lanes, []);
    let sorted = Question {
        order: RowOrder::Columns(vec![SortBy {
            field: id::START,
            descending: false,
        }]),
        ..question()
    };
    let answer = super::answer(&request(1, &Store::default(), &sorted), 2);
    assert_eq!(answer.page(0, 9), []);
}

#[test]
fn sums_stay_at_the_largest_number_that_there_is() {
    let record = |line| Record::at(0, line).with(id::BYTES, &u64::MAX.to_string());
    let records = [record(2), record(4), record(5)];
    let store = shuffled(&records, &[1], 0);
    let answer = once(&request(1, &store, &question()), &settings(2));
    assert_eq!(answer.breakdown.total.bytes, u64::MAX);
    assert_eq!(answer.breakdown.groups[0].counts.bytes, u64::MAX);
    assert_eq!(answer.breakdown.total.records, 3);
}

#[test]
fn records_without_traffic_are_counted_beside_those_with() {
    let lines = [
        "2 1234 eni-a 10.0.0.1 10.0.0.2 40000 22 6 10 840 1000005 1000060 ACCEPT OK",
        "2 1234 eni-a 10.0.0.9 10.0.0.2 40001 22 6 2 80 1000025 1000060 REJECT OK",
        "2 1234 eni-a 10.0.0.9 10.0.0.2 0 0 1 1 84 1000026 1000060 ACCEPT OK",
        "2 1234 eni-b - - - - - - - 1000025 1000085 - NODATA",
        "2 1234 eni-b - - - - - - - 1000085 1000145 - SKIPDATA",
    ];
    let records = (1u64..).zip(lines);
    let records: Vec<Record> = records
        .map(|(line, text)| Record::of_line(0, line, text))
        .collect();
    let question = Question {
        filter: None,
        ..question()
    };
    let answer = answer(&request(1, &shuffled(&records, &[2], 0), &question), 1);
    let total = answer.breakdown.total;
    assert_eq!((total.records, total.packets, total.bytes), (5, 13, 1004));
    assert_eq!((total.accept, total.reject, total.other()), (2, 1, 2));
    assert_eq!((total.nodata, total.skipdata), (1, 1));
    let groups: Vec<(&str, u64)> = answer
        .breakdown
        .groups
        .iter()
        .map(|group| (group.label.as_str(), group.counts.records))
        .collect();
    // An ICMP record has no port, whatever stands in its field.
    assert_eq!(groups, [("22", 2), ("-", 3)]);
    let timeline = answer.timeline.unwrap();
    let drawn: Vec<(&str, Vec<u64>)> = timeline
        .lanes
        .iter()
        .map(|lane| {
            let buckets = lane.buckets.iter().take(5).map(|bucket| bucket.records);
            (lane.label.as_str(), buckets.collect())
        })
        .collect();
    assert_eq!(
        drawn,
        [
            ("eni-a", vec![1, 2, 0, 0, 0]),
            ("eni-b", vec![0, 1, 0, 0, 1])
        ]
    );
}

#[test]
fn records_are_not_sorted_where_too_little_memory_is_left() {
    let store = shuffled(&many(2_000), &[300], 3);
    let sorted = |memory_left: fn(usize) -> Option<u64>| {
        let question = Question {
            order: RowOrder::Columns(vec![SortBy {
                field: id::BYTES,
                descending: true,
            }]),
            ..question()
        };
        let settings = Settings {
            memory_left,
            ..settings(2)
        };
        once(&request(1, &store, &question), &settings)
    };
    let answer = sorted(|_| Some(1_000));
    let problem = answer.not_sorted.unwrap();
    assert_eq!(problem.records, answer.selection.len());
    assert!(problem.needed > problem.left && problem.left == 1_000);
    assert!(answer.complete && answer.rows.sorted().is_none());
    for enough in [sorted(|_| Some(10_000_000)), sorted(|_| None)] {
        assert_eq!(enough.not_sorted, None);
        assert!(enough.rows.sorted().is_some());
    }
}

/// Chunks of many rows are added up in sums of their own, which are split by bucket where a chunk has few.
#[test]
fn sparklines_of_large_chunks_are_what_counting_record_by_record_gives() {
    let records = many(18_000);
    for sizes in [&[9_000][..], &[8_000, 500, 9_500]] {
        let store = shuffled(&records, sizes, 3);
        for width in [100, 700, 5_000] {
            for (first, filter) in [(1_699_999_950, None), (1_700_000_400, Some(filter()))] {
                for breakdown in [id::SRCADDR, id::DSTPORT, id::ADDR] {
                    let question = Question {
                        filter: filter.clone(),
                        window: Some(Window {
                            first,
                            width,
                            buckets: 3_000 / usize::try_from(width).unwrap() + 1,
                        }),
                        measure: Measure::Records,
                        breakdown,
                        group_limit: 40,
                        ..question()
                    };
                    check(&records, &store, &question);
                }
            }
        }
    }
}
