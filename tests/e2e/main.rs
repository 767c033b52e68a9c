//! Tests of the program from outside: one binary, so that everything is linked once.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cli;
