//! Filters over ten million records in memory, on one core.
//!
//! The columns are created here, so that only the filters are measured: addresses of 32 bits, ports of 16, one record
//! in nine rejected, one in a hundred of a protocol without ports, missing values only in `tcp-flags`.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group};
use flowdeck::query::{Context, Plan, compile};
use flowdeck::schema::{FieldId, id};
use flowdeck::store::{Bitmap, CHUNK_ROWS, Chunk, Store};

use crate::memory::{self, Random};

const CHUNKS: u64 = 153;
const INTERFACES: u64 = 200;

const FIELDS: [FieldId; 13] = [
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

/// The value of `field` in a row of a chunk.
fn value(field: FieldId, (chunk, row): (u64, u64), random: &mut Random) -> u64 {
    match field {
        id::INTERFACE_ID => random.below(INTERFACES),
        id::SRCADDR | id::DSTADDR => match random.below(10) {
            0..7 => 0x0a10_0000 + random.below(4) * 0x0008_0000 + random.below(5_000),
            _ => 0x0100_0000 + random.below(0xd000_0000),
        },
        id::SRCPORT => 1_024 + random.below(64_000),
        id::DSTPORT => {
            let client = 1_024 + random.below(64_000);
            random.one_of(&[443, 443, 443, 80, 53, 22, 3389, client])
        }
        id::PROTOCOL => match random.below(100) {
            0 => 1,
            1..20 => 17,
            _ => 6,
        },
        id::PACKETS => 1 + random.below(200),
        id::BYTES => 40 + random.below(200_000),
        id::START => 1_763_856_000 + chunk * 560 + row / 120,
        id::END => 1_763_856_000 + chunk * 560 + row / 120 + 60,
        id::ACTION => u64::from(random.below(9) == 0),
        id::TCP_FLAGS => random.one_of(&[0, 2, 3, 18, 19]),
        _ => 2,
    }
}

fn store() -> Store {
    let (mut store, layout) = memory::empty(&FIELDS);
    let interfaces = store.catalog.dictionaries.of(id::INTERFACE_ID);
    for number in 0..INTERFACES {
        interfaces.code(&format!("eni-{number:017}"));
    }
    let mut random = Random(1);
    for chunk in 0..CHUNKS {
        let columns = FIELDS.map(|field| {
            let rows = 0..CHUNK_ROWS as u64;
            let values: Vec<u64> = rows
                .map(|row| value(field, (chunk, row), &mut random))
                .collect();
            let flagged = || Bitmap::from_fn(CHUNK_ROWS, |row| row % 5 != 0);
            memory::column(field, &values, (field == id::TCP_FLAGS).then(flagged))
        });
        memory::push(&mut store, &layout, CHUNK_ROWS, columns.to_vec());
    }
    store
}

fn filter(criterion: &mut Criterion) {
    let store = store();
    let context = Context::of(&store, &[]);
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
