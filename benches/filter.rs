//! Filters over ten million records in memory, on one core.
//!
//! The columns are made here, so that the figures are those of the filters alone: addresses of 32 bits, ports
//! of 16, one record in nine rejected, one in a hundred of a protocol without ports, none missing a value
//! but in `tcp-flags`.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group};
use flowdeck::query::{Context, Plan, compile};
use flowdeck::schema::{FieldId, id};
use flowdeck::store::{
    Addresses, Bitmap, CHUNK_ROWS, Catalog, Chunk, Column, Integers, Layout, Run, Store, Values,
};

const CHUNKS: u32 = 153;

const FILTERS: [&str; 16] = [
    "action == REJECT",
    "srcaddr == 10.16.3.77",
    "srcaddr in 10.16.0.0/12",
    "dstport == 443",
    "dstport in {22, 3389} and action == REJECT",
    "port == 443",
    "bytes > 10k",
    "protocol == udp",
    "interface-id == eni-00000000000000007",
    "start >= 2025-11-23T12:00 and start < 2025-11-23T13:00",
    "not (addr public and reject)",
    "tcp-flags has syn and not tcp-flags has ack",
    "dstport in {20, 21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 443, 445, 993, 995, 1723, 3306, 3389, 5900, 8080}",
    "bps > 1M",
    "scope == outbound",
    "\"10.16.3.77 \" and dstport == 22 and reject",
];

/// A generator of numbers that are only meant to be different (xorshift).
struct Numbers(u64);

impl Numbers {
    fn one_of(&mut self, values: &[u64]) -> u64 {
        values[usize::try_from(self.below(values.len() as u64)).expect("an index")]
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

fn column(field: FieldId, chunk: u32, numbers: &mut Numbers) -> Column {
    let mut one = |row: u64| match field {
        id::INTERFACE_ID => numbers.below(200),
        id::SRCADDR | id::DSTADDR => match numbers.below(10) {
            0..7 => 0x0a10_0000 + numbers.below(4) * 0x0008_0000 + numbers.below(5_000),
            _ => 0x0100_0000 + numbers.below(0xd000_0000),
        },
        id::SRCPORT => 1_024 + numbers.below(64_000),
        id::DSTPORT => {
            let client = 1_024 + numbers.below(64_000);
            numbers.one_of(&[443, 443, 443, 80, 53, 22, 3389, client])
        }
        id::PROTOCOL => match numbers.below(100) {
            0 => 1,
            1..20 => 17,
            _ => 6,
        },
        id::PACKETS => 1 + numbers.below(200),
        id::BYTES => 40 + numbers.below(200_000),
        id::START => 1_763_856_000 + u64::from(chunk) * 560 + row / 120,
        id::END => 1_763_856_000 + u64::from(chunk) * 560 + row / 120 + 60,
        id::ACTION => u64::from(numbers.below(9) == 0),
        id::TCP_FLAGS => numbers.one_of(&[0, 2, 3, 18, 19]),
        _ => 2,
    };
    let values: Vec<u64> = (0..CHUNK_ROWS as u64).map(&mut one).collect();
    let (min, max) = values
        .iter()
        .fold((u64::MAX, 0), |(min, max), v| (min.min(*v), max.max(*v)));
    let packed = Integers::pack(&values, min, max);
    Column {
        values: match field {
            id::SRCADDR | id::DSTADDR => Values::Addresses(Addresses {
                narrow: packed,
                wide: None,
            }),
            id::ACTION | id::INTERFACE_ID => Values::Words(packed),
            _ => Values::Numbers(packed),
        },
        present: (field == id::TCP_FLAGS).then(|| Bitmap::from_fn(CHUNK_ROWS, |row| row % 5 != 0)),
        range: Some((min, max)),
    }
}

fn store() -> Store {
    let fields = vec![
        id::VERSION,
        id::INTERFACE_ID,
        id::SRCADDR,
        id::DSTADDR,
        id::SRCPORT,
        id::DSTPORT,
        id::PROTOCOL,
        id::PACKETS,
        id::BYTES,
        id::START,
        id::END,
        id::ACTION,
        id::TCP_FLAGS,
    ];
    let catalog = Arc::new(Catalog::default());
    for number in 0..200 {
        let interfaces = catalog.dictionaries.of(id::INTERFACE_ID);
        interfaces.code(&format!("eni-{number:017}"));
    }
    let mut store = Store::new(catalog, Vec::new());
    let layout = Arc::new(Layout {
        fields: fields.clone(),
        header: None,
    });
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for chunk in 0..CHUNKS {
        let columns = fields
            .iter()
            .map(|field| (*field, column(*field, chunk, &mut numbers)));
        let run = Run {
            row: 0,
            source: chunk,
            line: 2,
            layout: Arc::clone(&layout),
        };
        store.push(Arc::new(Chunk::new(
            CHUNK_ROWS,
            columns.collect(),
            vec![run],
            Vec::new(),
        )));
    }
    store
}

fn filter(criterion: &mut Criterion) {
    let store = store();
    let context = Context {
        catalog: &store.catalog,
        fields: &[],
        span: store.span(),
        selected: None,
        saved: &[],
    };
    let mut group = criterion.benchmark_group("filter 10 million");
    group.sample_size(10);
    for text in FILTERS {
        let expression = compile(text, &context)
            .expression
            .expect("the filters are sound");
        group.bench_function(text, |bencher| {
            bencher.iter(|| {
                let plan = Plan::new(&expression, &store);
                let rows = |chunk: &Arc<Chunk>| plan.evaluate(chunk).count(chunk.rows());
                black_box(store.chunks().iter().map(rows).sum::<usize>())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, filter);
