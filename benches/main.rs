//! What the program promises about speed, measured: `cargo bench`.

mod analyse;

use criterion::criterion_main;

criterion_main!(analyse::group);
