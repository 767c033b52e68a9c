//! Loading a tree of files, compared with decompressing the same files, and with parsing their text alone; also memory
//! per record.

use std::fs;
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group};
use flate2::read::MultiGzDecoder;
use flowdeck::ingest::{Input, Loaded, Options, load};

use crate::decode::decode_all;
use crate::tree::TREE;

criterion_group!(benches, load_tree);

/// The minimum number of rounds for the ratio, and the minimum time.
const ROUNDS: usize = 5;
const LASTING: Duration = Duration::from_secs(3);

/// Of how much text it is measured what decompressing and parsing take alone.
const TEXT_BYTES: u64 = 64 << 20;

fn load_tree(criterion: &mut Criterion) {
    let tree = &*TREE;
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(tree.bytes));
    let mut has_run = false;
    for threads in [1, 2] {
        group.bench_function(format!("load, threads: {threads}"), |bencher| {
            has_run = true;
            bencher.iter(|| black_box(read(&TREE.files, threads)));
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
        let decode = || {
            black_box(decode_all(&tree.files, 2));
        };
        let load = || {
            black_box(read(&tree.files, 2));
        };
        let (decoding, loading) = if ratios.len().is_multiple_of(2) {
            let decoding = time(decode);
            (decoding, time(load))
        } else {
            let loading = time(load);
            (time(decode), loading)
        };
        ratios.push(loading.as_secs_f64() / decoding.as_secs_f64());
    }
    let store = read(&tree.files, 2).store;
    eprintln!(
        "load / decompress with 2 threads, median of {}: {:.2} (floor 2.2, goal 1.9)\n\
         bytes a record: {:.1} (floor 40, goal 26)",
        ratios.len(),
        median(&mut ratios),
        store.memory() as f64 / store.rows() as f64,
    );
    report_parts();
}

/// Prints what a record takes on one thread: to decompress, to parse text that is not compressed, and to load.
#[expect(
    clippy::print_stderr,
    reason = "the output is for the person who runs the benchmark"
)]
fn report_parts() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-text");
    let (files, texts) = decompressed(&root);
    let records = read(&files, 1).store.rows() as f64;
    let mut times = [const { Vec::new() }; 3];
    for round in 0..ROUNDS {
        let parts: [&dyn Fn(); 3] = [
            &|| {
                black_box(decode_all(&files, 1));
            },
            &|| {
                black_box(read(&texts, 1));
            },
            &|| {
                black_box(read(&files, 1));
            },
        ];
        // Another part first in each round.
        for at in (0..3).map(|at| (at + round) % 3) {
            times[at].push(time(parts[at]).as_secs_f64() * 1e9 / records);
        }
    }
    let [decoding, parsing, loading] = times.map(|mut times| median(&mut times));
    eprintln!(
        "nanoseconds a record on one thread, median of {ROUNDS}: {decoding:.0} to decompress, {parsing:.0} to load text, \
         {loading:.0} to load gzip ({:.2} of both)",
        loading / (decoding + parsing),
    );
    fs::remove_dir_all(&root).expect("it was created by this run");
}

/// The first files of the tree, and their text in files below `root`.
fn decompressed(root: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    fs::create_dir_all(root).expect("the build folder can be written");
    let (mut files, mut texts, mut bytes) = (Vec::new(), Vec::new(), 0);
    for file in &TREE.files {
        let packed = fs::File::open(file).expect("the tree was made for this run");
        let mut text = Vec::new();
        let read = MultiGzDecoder::new(packed).read_to_end(&mut text);
        bytes += read.expect("the files are whole") as u64;
        let path = root.join(format!("{:06}.log", texts.len()));
        fs::write(&path, text).expect("the build folder can be written");
        files.push(file.clone());
        texts.push(path);
        if bytes >= TEXT_BYTES {
            break;
        }
    }
    (files, texts)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) {
        f64::midpoint(values[middle - 1], values[middle])
    } else {
        values[middle]
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn read(files: &[PathBuf], threads: usize) -> Loaded {
    let options = Options {
        threads,
        ..Options::default()
    };
    let inputs = files.iter().cloned().map(Input::Path);
    let loaded = load(inputs.collect(), options).expect("no format is given");
    assert_eq!(loaded.store.line_counts().rejects, 0);
    loaded
}
