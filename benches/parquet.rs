//! Loading Parquet, compared with loading the same records as gzipped text.

use std::fs::{self, File};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group};
use flowdeck::export::{Format, Records, Spelling, write_records};
use flowdeck::ingest::{Input, Options, load};
use flowdeck::store::RowId;

use crate::tree::TREE;

criterion_group!(benches, load_parquet);

/// The number of rounds for the ratio.
const ROUNDS: usize = 5;

/// A Parquet file with the records of the tree, and their number.
static FILE: LazyLock<(PathBuf, u64)> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench.parquet");
    let text: Vec<Input> = TREE.files.iter().cloned().map(Input::Path).collect();
    let store = load(text, Options::default())
        .expect("no format is given")
        .store;
    let records = Records {
        store: &store,
        fields: store.fields(),
        spelling: Spelling::default(),
    };
    let rows = store.reading_order().iter().flat_map(|chunk| {
        let base = store.base(*chunk as usize);
        let rows = store.chunks()[*chunk as usize].rows();
        (base..).take(rows).map(RowId)
    });
    let out = File::create(&path).expect("the build folder can be written");
    write_records(&records, rows, Format::Parquet, Box::new(out), false)
        .expect("the build folder has room");
    (path, store.rows() as u64)
});

fn load_parquet(criterion: &mut Criterion) {
    let (path, records) = &*FILE;
    let mut group = criterion.benchmark_group("parquet");
    group.sample_size(10);
    group.throughput(Throughput::Elements(*records));
    let mut has_run = false;
    for threads in [1, 2] {
        group.bench_function(format!("load Parquet, threads: {threads}"), |bencher| {
            has_run = true;
            bencher.iter(|| black_box(read(std::slice::from_ref(path), threads)));
        });
    }
    group.finish();
    if has_run {
        report(path, *records);
    }
}

/// Prints the ratio of the two, measured alternately, which criterion cannot report.
#[expect(
    clippy::print_stderr,
    reason = "the output is for the person who runs the benchmark"
)]
fn report(path: &PathBuf, records: u64) {
    let bytes = fs::metadata(path).map_or(0, |metadata| metadata.len());
    for threads in [1, 2] {
        let mut rounds: Vec<(f64, f64)> = (0..ROUNDS)
            .map(|_| {
                let text = read(&TREE.files, threads);
                let parquet = read(std::slice::from_ref(path), threads);
                (text / parquet, records as f64 / parquet)
            })
            .collect();
        rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (ratio, rate) = rounds[ROUNDS / 2];
        eprintln!(
            "Parquet, threads: {threads}: {rate:.0} records a second, {ratio:.2} times as many as of text, median of \
             {ROUNDS} (goal 0.5); {bytes} bytes"
        );
    }
}

/// Loads files, and returns the seconds that it took.
fn read(files: &[PathBuf], threads: usize) -> f64 {
    let options = Options {
        threads,
        ..Options::default()
    };
    let inputs = files.iter().cloned().map(Input::Path);
    let begun = Instant::now();
    let loaded = load(inputs.collect(), options).expect("no format is given");
    assert_eq!(loaded.store.line_counts().rejects, 0);
    begun.elapsed().as_secs_f64()
}
