//! An explorer for AWS VPC Flow Logs.
//!
//! ```text
//! files ─▶ ingest ─▶ store ──▶ engine (query: mask, analysis: answer) ─┬▶ app ─▶ ui ─▶ tui
//!                                                                      └▶ cli, export
//! ```
//!
//! Data flows one way: each line is parsed once and stays typed until it is drawn or exported. `ARCHITECTURE.md` is the
//! map of the modules, which are listed here in the order of their layers.

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
