//! Tests of the program from outside, and of the rules that its source keeps: one binary, linked once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bounds;
mod circles;
mod cli;
mod copying;
mod docs;
mod documents;
mod generated;
mod layers;
mod live;
mod memory;
mod pty;
mod samples;
mod source;
mod strings;
mod tui;
