//! Reads Parquet: the columns of a file become columns of chunks.
//!
//! The `parquet` crate decodes footers and columns. Sizes in a Parquet file are untrusted: [`guard`] bounds them before
//! the crate allocates.

mod bytes;
mod bytes_value;
mod encoding;
mod events;
mod file;
mod guard;
mod lists;
mod maps;
mod problem;
mod skipped;
#[cfg(test)]
mod tests;
mod values;
mod words;

pub(crate) use bytes::ParquetBytes;
pub(crate) use file::{BATCH_ROWS, ColumnFile, Refusal};
pub(crate) use guard::pages::Meter;
pub use guard::panics::silence_damage;
pub(crate) use problem::Problem;
pub(crate) use values::{Batch, Cells};
pub(crate) use words::has_control;

/// The name of the format.
pub(crate) const FORMAT: &str = "parquet";

/// The name of the format of events in the schema of OCSF.
pub(crate) const OCSF_FORMAT: &str = "ocsf-parquet";
