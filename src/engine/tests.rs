mod answers;
mod filter_cache;
mod filter_counts;
mod value_counts;
mod whole;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use super::pass::{Masks, Settings};
use super::*;
use crate::analysis::tests::naive::{self, picked_rows};
use crate::analysis::{ByAction, Key, Lane, SortBy};
use crate::query::Mask;
use crate::schema::id;
use crate::store::Chunk;
use crate::store::tests::fixtures::{Record, shuffled};

/// Any filter; [`settings`] make of it what the tests pick.
fn filter() -> Arc<Expression> {
    Arc::new(Expression::Everything)
}

/// Settings under which a filter selects what the tests pick.
fn settings(threads: usize) -> Settings {
    Settings {
        threads,
        patience: None,
        prefetch_delay: Duration::ZERO,
        planner: Arc::new(|filter, _| -> Masks {
            match filter {
                None => Box::new(|_, _| Mask::All),
                Some(_) => Box::new(|chunk, _| picked_rows(chunk)),
            }
        }),
        bytes_per_row: usize::MAX,
        cache_bytes: usize::MAX,
        memory_left: |_| None,
    }
}

fn question() -> Question {
    Question {
        filter: Some(filter()),
        window: Some(Window {
            first: 1_000_000,
            width: 20,
            buckets: 12,
        }),
        lanes: id::INTERFACE_ID,
        lane_limit: 3,
        breakdown: id::DSTPORT,
        measure: Measure::Bytes,
        by_action: true,
        group_limit: 3,
        order: RowOrder::Reading,
    }
}

fn request(ticket: u64, store: &Store, question: &Question) -> Request {
    Request {
        ticket: Ticket(ticket),
        store: store.clone(),
        question: question.clone(),
        anchor: None,
    }
}

/// The stores that hold the first chunk of `store`, the first two, and so on.
fn growing(store: &Store) -> Vec<Store> {
    let mut grown = Store::new(Arc::clone(&store.catalog), store.sources().to_vec());
    let grow = |chunk: &Arc<Chunk>| {
        grown.push(Arc::clone(chunk));
        grown.clone()
    };
    store.chunks().iter().map(grow).collect()
}

/// An answer without what may differ: rows as the places where they were read.
#[derive(Debug, PartialEq)]
struct Content {
    rows: Vec<(u32, u64)>,
    listed: Vec<(u32, u64)>,
    timeline: Option<Timeline>,
    breakdown: Breakdown,
}

fn content(answer: &Answer) -> Content {
    assert!(answer.complete);
    let place = |row: RowId| {
        let (source, line) = answer.selection.store().source_position(row);
        (u32::try_from(source).unwrap(), line)
    };
    // Codes are handed out in the order of publication, so only the labels say what a key is.
    let plain = |key: &mut Key| {
        if let Key::Word(code) = key {
            *code = 0;
        }
    };
    let mut timeline = answer.timeline.as_deref().cloned();
    for lane in timeline.iter_mut().flat_map(|timeline| &mut timeline.lanes) {
        plain(&mut lane.key);
    }
    let mut breakdown = (*answer.breakdown).clone();
    for group in &mut breakdown.groups {
        plain(&mut group.key);
    }
    Content {
        rows: answer.selection.rows().map(place).collect(),
        listed: answer.page(0, usize::MAX).into_iter().map(place).collect(),
        timeline,
        breakdown,
    }
}

fn once(request: &Request, settings: &Settings) -> Answer {
    let mut filter_cache = FilterCache::default();
    filter_cache
        .answer(request, settings, &|| false, &mut |_| {})
        .unwrap()
}

#[track_caller]
fn check_list(answer: &Answer, selected: &[&Record], question: &Question) {
    let sorts = match &question.order {
        RowOrder::Reading => &[],
        RowOrder::Time { descending } => &[SortBy {
            field: id::START,
            descending: *descending,
        }][..],
        RowOrder::Columns(sorts) => sorts,
    };
    assert_eq!(
        content(answer).listed,
        naive::sorted(selected, sorts),
        "{question:?}"
    );
}

#[track_caller]
fn check(records: &[Record], store: &Store, question: &Question) {
    let answer = once(&request(1, store, question), &settings(2));
    let selected: Vec<&Record> = match question.filter {
        None => records.iter().collect(),
        Some(_) => naive::picked_of(records),
    };
    let total = naive::counts(selected.iter().copied());
    assert_eq!(answer.selection.len(), selected.len());
    check_list(&answer, &selected, question);

    let breakdown = &answer.breakdown;
    let groups = naive::grouped(&selected, question.breakdown, question.measure);
    assert_eq!(breakdown.total, total);
    assert_eq!(breakdown.distinct, groups.len(), "{question:?}");
    let parts = |records: &[&Record]| -> Option<ByAction> {
        let is_known =
            question.by_action || question.window.is_some() || question.measure == Measure::Records;
        is_known.then(|| naive::parts(records, question.measure))
    };
    assert_eq!(breakdown.by_action, parts(&selected), "{question:?}");
    let spark = |records: &[&Record]| -> Vec<u64> {
        let buckets = question
            .window
            .map(|window| naive::buckets(records, window));
        let buckets = buckets.unwrap_or_default();
        let measured = buckets.iter().map(|bucket| question.measure.of(bucket));
        measured.collect()
    };
    let wanted: Vec<_> = groups
        .iter()
        .take(question.group_limit)
        .map(|(label, records)| {
            let counts = naive::counts(records.iter().copied());
            (label.clone(), counts, parts(records), spark(records))
        })
        .collect();
    let found: Vec<_> = breakdown
        .groups
        .iter()
        .map(|group| {
            let sparkline = group.sparkline.clone();
            (
                group.label.clone(),
                group.counts,
                group.by_action,
                sparkline,
            )
        })
        .collect();
    assert_eq!(found, wanted, "{question:?}");

    let Some(window) = question.window else {
        assert_eq!(answer.timeline, None);
        return;
    };
    check_timeline(&answer.timeline.unwrap(), &selected, question, window);
}

#[track_caller]
fn check_timeline(timeline: &Timeline, selected: &[&Record], question: &Question, window: Window) {
    let total = naive::counts(selected.iter().copied());
    assert_eq!(timeline.all.buckets, naive::buckets(selected, window));
    assert_eq!(timeline.all.total, total);
    let measure = question.measure;
    assert_eq!(timeline.measure, measure);
    let lanes = naive::grouped(selected, question.lanes, measure);
    assert_eq!(timeline.distinct, lanes.len());
    let measured = |lane: &Lane| -> Vec<ByAction> {
        let buckets = 0..window.buckets;
        buckets.map(|bucket| lane.measured(bucket)).collect()
    };
    let all = (measured(&timeline.all), timeline.all.measured_total());
    let all_wanted = naive::measured(selected, window, measure);
    assert_eq!(all, (all_wanted, naive::parts(selected, measure)));
    let wanted: Vec<_> = lanes
        .iter()
        .take(question.lane_limit)
        .map(|(label, records)| {
            let total = naive::counts(records.iter().copied());
            let sizes = naive::measured(records, window, measure);
            let parts = naive::parts(records, measure);
            (
                label.clone(),
                naive::buckets(records, window),
                total,
                sizes,
                parts,
            )
        })
        .collect();
    let found: Vec<_> = timeline
        .lanes
        .iter()
        .map(|lane| {
            let (label, buckets) = (lane.label.clone(), lane.buckets.clone());
            let parts = lane.measured_total();
            (label, buckets, lane.total, measured(lane), parts)
        })
        .collect();
    assert_eq!(found, wanted, "{question:?}");
}
