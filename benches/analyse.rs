//! Groups, timelines and pages of ten million records.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group};
use flowdeck::analysis::{Measure, RowOrder, Selection, SortBy, SortedRows, Window};
use flowdeck::engine::{
    GroupBy, GroupField, Listing, Question, Rank, Request, Ticket, answer, group_by,
};
use flowdeck::query::Mask;
use flowdeck::schema::{DEFAULT_FORMAT, FieldId, id};
use flowdeck::store::{Bitmap, CHUNK_ROWS, Chunk, Column, Integers, Store};

use crate::memory::{self, Random};
use crate::tree;

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(15)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = analyse
}

const FILES: usize = 144;
const FIRST: u64 = 1_700_006_400;
const INTERFACES: u64 = 203;
/// How many external addresses there are.
const STRANGERS: u64 = 100_000;
const THREADS: usize = 2;

/// An internal host, or an external one in two of five cases. A few hosts of each kind have most of the traffic.
fn address(random: &mut Random) -> u64 {
    if random.below(5) < 3 {
        let bound = 1 + random.below(400);
        return (10 << 24) + random.below(bound) * 37;
    }
    let bound = 1 + random.below(STRANGERS);
    let stranger = random.below(bound);
    0x1000_0000 + stranger.wrapping_mul(0x9e37_79b9) % 0xb000_0000
}

fn port(random: &mut Random) -> u64 {
    match random.below(3) {
        0 => 32_768 + random.below(28_232),
        1 => 443,
        _ => random.one_of(&[22, 53, 80, 123, 3_389, 5_432, 8_080]),
    }
}

/// One record, in the order of the default format.
fn record(random: &mut Random, file: u64) -> [u64; 14] {
    let start = FIRST + file * 600 + random.below(600);
    let bound = 1 + random.below(400);
    let packets = 1 + random.below(bound);
    let idle = random.below(50) == 0;
    [
        2,
        0,
        random.below(INTERFACES),
        address(random),
        address(random),
        port(random),
        port(random),
        random.one_of(&[6, 6, 6, 17, 1]),
        packets,
        packets * (40 + random.below(1_400)),
        start,
        start + 1 + random.below(59),
        u64::from(random.below(3) == 0),
        u64::from(idle),
    ]
}

/// Whether a record without traffic has no value of `field`.
fn is_missing(field: FieldId) -> bool {
    ![
        id::VERSION,
        id::ACCOUNT_ID,
        id::INTERFACE_ID,
        id::START,
        id::END,
        id::LOG_STATUS,
    ]
    .contains(&field)
}

fn store() -> Store {
    let (mut store, layout) = memory::empty(&DEFAULT_FORMAT);
    let dictionaries = &store.catalog.dictionaries;
    dictionaries.of(id::ACCOUNT_ID).code("123456789010");
    for number in 0..INTERFACES {
        let name = format!("eni-{number:017x}");
        dictionaries.of(id::INTERFACE_ID).code(&name);
    }
    let mut random = Random(1);
    let all = usize::try_from(tree::records(10_000_000)).expect("as many as fit in memory");
    for row in (0..all).step_by(CHUNK_ROWS) {
        let rows = CHUNK_ROWS.min(all - row);
        let mut values = vec![Vec::with_capacity(rows); DEFAULT_FORMAT.len()];
        for at in row..row + rows {
            let file = (at * FILES / all) as u64;
            let record = record(&mut random, file);
            for (column, value) in values.iter_mut().zip(record) {
                column.push(value);
            }
        }
        let busy = Bitmap::from_fn(rows, |row| values[13][row] == 0);
        let column = |(field, values): (&FieldId, &Vec<u64>)| {
            let present = is_missing(*field).then(|| busy.clone());
            memory::column(*field, values, present)
        };
        let columns = DEFAULT_FORMAT.iter().zip(&values).map(column).collect();
        memory::push(&mut store, &layout, rows, columns);
    }
    store
}

/// About a third of the records: the rejected ones.
fn rejected(store: &Store) -> Selection {
    let mask = |chunk: &Arc<Chunk>| match chunk.column(id::ACTION).map(Column::integers) {
        Some(Integers::Bits { bits, .. }) => Mask::Bits(bits.clone()),
        _ => Mask::None,
    };
    let masks = store.chunks().iter().map(mask).collect();
    Selection::new(store.clone(), masks)
}

/// Some hundred thousand records: those rejected at two ports.
fn knocking(store: &Store, rejected: &Selection) -> Selection {
    let mask = |(chunk, mask): (&Arc<Chunk>, &Mask)| {
        let ports = chunk.column(id::DSTPORT).map(Column::integers);
        let knocks = Bitmap::from_fn(chunk.rows(), |row| {
            mask.get(row) && ports.is_some_and(|p| [22, 3_389].contains(&p.get(row)))
        });
        Mask::of(knocks)
    };
    let masks = store.chunks().iter().zip(rejected.masks()).map(mask);
    Selection::new(store.clone(), masks.collect())
}

fn question() -> Question {
    Question {
        filter: None,
        window: None,
        lanes: id::INTERFACE_ID,
        lane_limit: 0,
        breakdown: id::ACTION,
        measure: Measure::Bytes,
        by_action: false,
        group_limit: 20,
        order: RowOrder::Reading,
    }
}

fn answers(criterion: &mut Criterion, store: &Store) {
    let day = Window {
        first: FIRST,
        width: 60,
        buckets: 1_440,
    };
    let questions = [
        (
            "top 20 srcaddr by bytes",
            Question {
                breakdown: id::SRCADDR,
                ..question()
            },
        ),
        (
            "minute by interface by action",
            Question {
                window: Some(day),
                lane_limit: usize::MAX,
                ..question()
            },
        ),
        (
            "every pane, by dstport",
            Question {
                window: Some(Window::covering((day.first, day.end() - 1), 100)),
                lane_limit: 20,
                breakdown: id::DSTPORT,
                ..question()
            },
        ),
        (
            "every pane, by srcaddr",
            Question {
                window: Some(Window::covering((day.first, day.end() - 1), 100)),
                lane_limit: 20,
                breakdown: id::SRCADDR,
                ..question()
            },
        ),
    ];
    for (name, question) in questions {
        let request = Request {
            ticket: Ticket(1),
            store: store.clone(),
            question,
            anchor: None,
        };
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| black_box(answer(&request, THREADS)));
        });
    }
}

fn pages(criterion: &mut Criterion, name: &str, selection: &Selection) {
    let sort = SortBy {
        field: id::START,
        descending: false,
    };
    let fields = DEFAULT_FORMAT;
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            let order = SortedRows::new(selection, &[sort], THREADS, &|| false).unwrap_or_default();
            let page = order.rows.iter().take(50);
            let cells: Vec<String> = page
                .flat_map(|row| fields.map(|field| selection.store().cell_text(*row, field)))
                .collect();
            black_box((order, cells))
        });
    });
}

fn analyse(criterion: &mut Criterion) {
    let store = store();
    answers(criterion, &store);
    let selected = rejected(&store);
    for (name, fields) in [
        ("pairs of addresses", vec![id::SRCADDR, id::DSTADDR]),
        (
            "pairs of interface and port",
            vec![id::INTERFACE_ID, id::DSTPORT],
        ),
    ] {
        let by = GroupBy {
            fields: fields.into_iter().map(GroupField::from).collect(),
            ..GroupBy::default()
        };
        let listing = Listing::largest(Rank::Measure(Measure::Records), 20);
        criterion.bench_function(&format!("rejected, top 20 {name}"), |bencher| {
            bencher.iter(|| black_box(group_by(&selected, &by, &listing, THREADS)));
        });
    }
    pages(
        criterion,
        "rejected to two ports, first page by start",
        &knocking(&store, &selected),
    );
    pages(criterion, "rejected, first page by start", &selected);
    pages(
        criterion,
        "everything, first page by start",
        &Selection::everything(store),
    );
}
