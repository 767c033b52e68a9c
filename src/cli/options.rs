//! Options that several subcommands share.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;
use thiserror::Error;

use crate::analysis::Measure;
use crate::engine::Rank;
use crate::export::Format;
use crate::ingest::InputZone;
use crate::query;

/// The input, and the records to select from it.
#[derive(Args, Clone, Debug)]
pub(super) struct Reading {
    /// Files, folders or quoted globs; `-` for standard input; default: the bundled sample capture
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Only records that match, for example 'dst port 22 and reject'
    #[arg(short, long, value_name = "EXPR")]
    pub(super) filter: Option<String>,

    /// Only records that start at T or later: epoch seconds, 2026-11-23T02:23, 02:23 (on the day of the
    /// data) or -15m (before the end of the data)
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub(super) since: Option<String>,

    /// Only records that start before T
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub(super) until: Option<String>,

    /// Order of the fields in lines without a header, as AWS shows it ('${version} ${account-id} …'), as bare
    /// names, or as @FILE with the JSON of describe-flow-logs, Terraform or another text that has it
    #[arg(long, value_name = "STRING")]
    pub(super) log_format: Option<String>,

    /// Time zone of times without one: UTC, +02:00, or local for the zone of this machine; default: UTC
    #[arg(long, value_name = "ZONE", value_parser = zone, allow_hyphen_values = true)]
    pub(super) input_zone: Option<InputZone>,

    /// Keep reading as files grow and new files appear; only the explorer and query can do this
    #[arg(long)]
    pub(super) follow: bool,

    /// Skip files with the same bytes as an earlier one, and events whose id has occurred before; without it,
    /// they are read and reported
    #[arg(long)]
    pub(super) drop_duplicates: bool,

    /// Memory limit for records, such as 2GB or 512MiB; what would exceed it is not read; default: 50 % of what
    /// the machine or its control group allows
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(super) max_memory: Option<u64>,

    /// Number of threads; default: one for each core
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(super) jobs: Option<u16>,
}

/// How to report problems and progress while reading.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Reporting {
    /// Exit with status 2 if a line could not be read or anything was assumed
    #[arg(long)]
    pub(super) strict: bool,

    /// Never show progress on standard error
    #[arg(long)]
    pub(super) no_progress: bool,
}

/// The format and the destination of rows.
#[derive(Args, Clone, Debug)]
pub(super) struct Output {
    /// Output format; default: a table on a terminal, ndjson in a pipe, and for -o FILE what its name ends in
    /// (csv, json, ndjson or parquet)
    #[arg(long, value_name = "FORMAT")]
    pub(super) output: Option<OutputFormat>,

    /// Write to FILE, all or nothing; `-` for standard output
    #[arg(short = 'o', value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
}

/// Output formats of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    /// Aligned columns
    Table,
    /// Comma-separated values
    Csv,
    /// One JSON array
    Json,
    /// One JSON object per line
    Ndjson,
    /// The original lines, under their header
    Lines,
    /// Parquet with AWS's column names, for a file or a pipe
    Parquet,
}

/// Output formats of reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum AnswerFormat {
    /// A report to read
    #[default]
    Table,
    /// One JSON document
    Json,
}

/// The measure that groups are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum MeasureName {
    /// The number of records
    #[default]
    Records,
    /// The sum of packets
    Packets,
    /// The sum of bytes
    Bytes,
    /// The number of distinct values of the field of --distinct
    Distinct,
}

/// An invalid value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum BadValue {
    #[error("write UTC, +02:00 or local")]
    Zone,
    #[error("write a number of bytes, such as 2GB or 512MiB")]
    Size,
    #[error("write a whole number, such as 1000, or a size, such as 2GB")]
    Amount,
    #[error("write 30s, 5m, 2h, 1d, or a number of seconds")]
    Duration,
    #[error("write a length of at least 1s")]
    NoDuration,
}

fn zone(text: &str) -> Result<InputZone, BadValue> {
    InputZone::parse(text).ok_or(BadValue::Zone)
}

fn size(text: &str) -> Result<u64, BadValue> {
    query::size(text).ok_or(BadValue::Size)
}

/// A count, or a size in bytes.
pub(super) fn amount(text: &str) -> Result<u64, BadValue> {
    query::size(text).ok_or(BadValue::Amount)
}

impl From<OutputFormat> for Format {
    fn from(name: OutputFormat) -> Self {
        match name {
            OutputFormat::Table => Self::Table,
            OutputFormat::Csv => Self::Csv,
            OutputFormat::Json => Self::Json,
            OutputFormat::Ndjson => Self::Ndjson,
            OutputFormat::Lines => Self::Lines,
            OutputFormat::Parquet => Self::Parquet,
        }
    }
}

impl From<MeasureName> for Rank {
    fn from(name: MeasureName) -> Self {
        match name {
            MeasureName::Records => Self::Measure(Measure::Records),
            MeasureName::Packets => Self::Measure(Measure::Packets),
            MeasureName::Bytes => Self::Measure(Measure::Bytes),
            MeasureName::Distinct => Self::Distinct,
        }
    }
}

impl Reading {
    /// Whether a filter or a time bound is given.
    pub(super) fn narrows(&self) -> bool {
        let filter = self.filter.as_deref().unwrap_or_default();
        !filter.trim().is_empty() || self.since.is_some() || self.until.is_some()
    }
}
