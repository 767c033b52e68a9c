//! Loading a tree of files, compared with decompressing the same files; also memory per record.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group};
use flowdeck::ingest::{Input, Loaded, Options, load};

use crate::decode::decode_all;
use crate::tree::TREE;

criterion_group!(benches, load_tree);

/// The minimum number of rounds for the ratio, and the minimum time.
const ROUNDS: usize = 5;
const LASTING: Duration = Duration::from_secs(3);

fn load_tree(criterion: &mut Criterion) {
    let tree = &*TREE;
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(tree.bytes));
    let mut has_run = false;
    for threads in [1, 2] {
        group.bench_function(format!("load, threads: {threads}"), |bencher| {
            has_run = true;
            bencher.iter(|| black_box(read(threads)));
        });
    }
    group.finish();
    if has_run {
        report();
    }
}

/// Prints the ratio of loading to decompressing, measured alternately, and the bytes per record, which criterion cannot
/// report.
#[expect(
    clippy::print_stderr,
    reason = "the output is for the person who runs the benchmark"
)]
fn report() {
    let tree = &*TREE;
    let begun = Instant::now();
    let mut ratios = Vec::new();
    while ratios.len() < ROUNDS || begun.elapsed() < LASTING {
        let decoding = time(|| {
            black_box(decode_all(&tree.files, 2));
        });
        let loading = time(|| {
            black_box(read(2));
        });
        ratios.push(loading.as_secs_f64() / decoding.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    let store = read(2).store;
    eprintln!(
        "load / decompress with 2 threads, median of {}: {:.2} (floor 3.0, goal 2.0)\n\
         bytes a record: {:.1} (floor 40, goal 26)",
        ratios.len(),
        ratios[ratios.len() / 2],
        store.memory() as f64 / store.rows() as f64,
    );
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn read(threads: usize) -> Loaded {
    let options = Options {
        threads,
        ..Options::default()
    };
    let inputs = TREE.files.iter().cloned().map(Input::Path);
    let loaded = load(inputs.collect(), options).expect("no format is given");
    assert_eq!(loaded.store.line_counts().rejects, 0);
    loaded
}
