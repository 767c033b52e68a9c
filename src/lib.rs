//! An explorer for AWS VPC Flow Logs.
//!
//! ```text
//! source ─▶ decode ─▶ layout/parse ─▶ store (chunks of columns) ─▶ query ─▶ analysis ─▶ engine ─▶ app ─▶ ui
//! (bytes)   (lines)   (typed values)                               (mask)   (panes)     (worker)  (state) (frame)
//! ```
//!
//! One direction, no way back. A line becomes values once, and values become pixels without strings in
//! between except at the two ends. Read the modules in the order in which they stand here.

pub mod format;

pub mod schema;

pub mod store;

pub mod ingest;

pub mod query;

pub mod analysis;

pub mod engine;

pub mod teach;

pub mod export;

pub mod synth;

pub mod keymap;
pub mod theme;

pub mod config;

pub mod app;

pub mod ui;

pub mod tui;

pub mod cli;
