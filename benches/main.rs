//! Benchmarks: `cargo bench`, or `cargo bench -- decode` for some of them. `README.md` says what each measures.
//!
//! They run on a generated day of flow logs. `FLOWDECK_BENCH_RECORDS` sets the number of records
//! (by default 1,000,000, and 10,000,000 in memory); the figures in docs/performance.md are for 10,000,000.

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
