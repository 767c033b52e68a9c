//! Reads Parquet: the columns of a file become columns of chunks.
//!
//! The `parquet` crate decodes footers and columns. Sizes in a Parquet file are untrusted: [`guard`] bounds them before
//! the crate allocates.

mod bytes;
mod bytes_value;
mod encoding;
mod file;
mod guard;
mod problem;
mod skipped;
#[cfg(test)]
mod tests;
mod values;
mod words;

use super::unsupported::Unsupported;
pub(crate) use bytes::ParquetBytes;
pub(crate) use file::{ColumnFile, Refusal};
pub(crate) use guard::pages::Meter;
pub use guard::panics::silence_damage;
pub(crate) use problem::Problem;
pub(crate) use values::{Batch, Cells};
pub(crate) use words::has_control;

/// The name of the format.
pub(crate) const FORMAT: &str = "parquet";

pub(crate) const SECURITY_LAKE: Unsupported = Unsupported::form(
    "ocsf-parquet",
    "Parquet of Security Lake in the OCSF schema",
    "make flow log columns of it: duckdb -c \"copy (select src_endpoint.ip srcaddr, dst_endpoint.ip dstaddr, \
              src_endpoint.port srcport, dst_endpoint.port dstport, traffic.packets packets, traffic.bytes bytes \
              from 'FILE') to 'NEW.parquet' (compression gzip)\"",
);
