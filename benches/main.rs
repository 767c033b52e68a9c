//! Benchmarks: `cargo bench`, or `cargo bench -- decode` for some of them. `README.md` says what each measures.
//!
//! They run on a generated day of flow logs. `FLOWDECK_BENCH_RECORDS` says how many records it has
//! (1,000,000, and 10,000,000 where they are made in memory); the figures of the README are those of 10,000,000.

mod analyse;
mod decode;
mod filter;
mod forms;
mod load;
mod memory;
mod parquet;
mod tree;

criterion::criterion_main!(
    decode::benches,
    filter::benches,
    load::benches,
    forms::benches,
    parquet::benches,
    analyse::benches
);
