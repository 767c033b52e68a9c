//! Only decompressing the files: the lower bound of a load.

use std::fs::File;
use std::hint::black_box;
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use criterion::{Criterion, Throughput, criterion_group};
use flate2::read::MultiGzDecoder;

use crate::tree::TREE;

criterion_group!(benches, decompress);

fn decompress(criterion: &mut Criterion) {
    let tree = &*TREE;
    let mut group = criterion.benchmark_group("decode");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(tree.bytes));
    for threads in [1, 2] {
        let name = format!("decompress, threads: {threads}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let bytes = decode_all(&tree.files, threads);
                assert_eq!(black_box(bytes), tree.bytes);
            });
        });
    }
    group.finish();
}

/// Decompresses every file on `threads` threads and counts the bytes.
pub(crate) fn decode_all(files: &[PathBuf], threads: usize) -> u64 {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut buffer = vec![0; 1 << 18];
        let mut bytes = 0;
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let file = File::open(path).expect("the tree was made for this run");
            let mut decoder = MultiGzDecoder::new(std::io::BufReader::with_capacity(1 << 16, file));
            loop {
                match decoder.read(&mut buffer).expect("the files are whole") {
                    0 => break,
                    count => bytes += count as u64,
                }
            }
        }
        bytes
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker does not panic"))
            .sum()
    })
}
