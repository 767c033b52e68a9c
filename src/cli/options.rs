//! The options that several subcommands share.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::analysis::Measure;
use crate::export::Format;
use crate::ingest::InputZone;
use crate::query;

/// What to read, and which of it.
#[derive(Args, Clone, Debug)]
pub(super) struct Reading {
    /// Files, folders or quoted globs; `-` is the standard input; the lab that flowdeck carries where none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Only records that match, for example 'dst port 22 and reject'
    #[arg(short, long, value_name = "EXPR")]
    pub(super) filter: Option<String>,

    /// Only records that start at T or later: epoch seconds, 2026-11-23T02:23, 02:23 (on the day of the
    /// data), -15m (before the end of the data)
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub(super) since: Option<String>,

    /// Only records that start before T
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub(super) until: Option<String>,

    /// The fields of lines without a header, as AWS shows them: '${version} ${account-id} …', or bare
    /// names, or @FILE with the JSON of describe-flow-logs
    #[arg(long, value_name = "STRING")]
    pub(super) log_format: Option<String>,

    /// The zone of times that name none: UTC, +02:00, or local for that of this machine; UTC is assumed where
    /// it is not given
    #[arg(long, value_name = "ZONE", value_parser = zone, allow_hyphen_values = true)]
    pub(super) input_zone: Option<InputZone>,

    /// When everything has been read, go on with what is appended to files and with new files; of the
    /// commands, query alone can
    #[arg(long)]
    pub(super) follow: bool,

    /// Leave out files that have the same bytes as an earlier one, and events whose id was met before;
    /// without it they are named
    #[arg(long)]
    pub(super) drop_duplicates: bool,

    /// The most memory that records may take, as 2GB or 512MiB: what comes after that is not read; 70 % of
    /// what the machine or its control group allows where it is not given
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(super) max_memory: Option<u64>,

    /// How many threads read and answer; as many as there are cores where it is not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(super) jobs: Option<u16>,
}

/// How to report on the reading.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Reporting {
    /// A line that cannot be read, or anything that was assumed, makes the exit status 2
    #[arg(long)]
    pub(super) strict: bool,

    /// Show no progress on standard error, even if it is a terminal
    #[arg(long)]
    pub(super) no_progress: bool,
}

/// Where rows go and how many.
#[derive(Args, Clone, Debug)]
pub(super) struct Output {
    /// How to write: a table on a terminal, ndjson in a pipe, and what the name of FILE says (csv, json,
    /// ndjson, parquet) unless told otherwise
    #[arg(long, value_name = "FORMAT")]
    pub(super) output: Option<OutputFormat>,

    /// Write to FILE, whole or not at all; `-` is the standard output
    #[arg(short = 'o', value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    /// Aligned columns
    Table,
    /// Comma-separated values
    Csv,
    /// One JSON array
    Json,
    /// One JSON object a line
    Ndjson,
    /// The original lines under their header
    Lines,
    /// Parquet with AWS's columns, for a file or a pipe
    Parquet,
}

/// How answers that are not rows are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum AnswerFormat {
    /// For people
    #[default]
    Table,
    /// One JSON document
    Json,
}

/// What groups are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum MeasureName {
    /// The number of records
    #[default]
    Records,
    /// The sum of packets
    Packets,
    /// The sum of bytes
    Bytes,
}

fn zone(text: &str) -> Result<InputZone, String> {
    InputZone::parse(text).ok_or_else(|| "write UTC, +02:00 or local".into())
}

fn size(text: &str) -> Result<u64, String> {
    query::size(text).ok_or_else(|| "write a number of bytes, as 2GB or 512MiB".into())
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

impl From<MeasureName> for Measure {
    fn from(name: MeasureName) -> Self {
        match name {
            MeasureName::Records => Self::Records,
            MeasureName::Packets => Self::Packets,
            MeasureName::Bytes => Self::Bytes,
        }
    }
}

impl Reading {
    /// Whether it asks for some of the records only.
    pub(super) fn narrows(&self) -> bool {
        let filter = self.filter.as_deref().unwrap_or_default();
        !filter.trim().is_empty() || self.since.is_some() || self.until.is_some()
    }
}
