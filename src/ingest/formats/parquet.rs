//! Reads Parquet: from the columns of a file straight into the columns of chunks.
//!
//! The `parquet` crate decodes footers and columns. What it would do to memory with a file that lies is prevented
//! here: the footer is held against bounds first, and the pages are unpacked here.

mod bytes;
mod encoding;
mod file;
mod guard;
mod problem;
mod rows;
mod skipped;
#[cfg(test)]
mod tests;
mod values;

use std::fs::File;
use std::ops::Range;

use super::feed::Feed;
use super::sniff::Unsupported;
use crate::ingest::load::line_reader::LineReader;
use crate::ingest::load::queue::Load;
use crate::ingest::load::report::FileReport;
use crate::ingest::source::decode::End;
use crate::ingest::source::input_file::{Bytes, InputFile};
use crate::ingest::text::layouts::Layouts;
use crate::ingest::text::value::Doubt;
use crate::store::{CHUNK_ROWS, Compression, Source, Status};
use bytes::Content;
use file::{Refusal, Table};
pub use guard::panics::silence_damage;
use problem::Problem;
use rows::Sink;

/// The name of the format.
pub(crate) const FORMAT: &str = "parquet";
/// What comes from a pipe, or out of gzip, is collected in memory up to this, in bytes.
const COLLECTED: usize = 512 << 20;

const SECURITY_LAKE: Unsupported = Unsupported::form(
    "ocsf-parquet",
    "Parquet of Security Lake in the OCSF schema",
    "make flow log columns of it: duckdb -c \"copy (select src_endpoint.ip srcaddr, dst_endpoint.ip dstaddr, \
              src_endpoint.port srcport, dst_endpoint.port dstport, traffic.packets packets, traffic.bytes bytes \
              from 'FILE') to 'NEW.parquet' (compression gzip)\"",
);

/// A Parquet file that is being read, some row groups at a time.
pub(crate) struct Parquet {
    table: Table,
}

impl Parquet {
    /// Opens the file that `feed` has found to be Parquet. What is wrong with it goes into `report`.
    pub(crate) fn open(
        place: &InputFile,
        feed: Feed<'_>,
        source: &mut Source,
        report: &mut FileReport,
        layouts: &Layouts,
    ) -> Option<Self> {
        source.format = FORMAT;
        let is_on_disk = place.bytes == Bytes::File && source.compression == Compression::None;
        let content = if is_on_disk {
            drop(feed);
            File::open(&source.path).and_then(Content::of_file)
        } else {
            match collect(feed, source, report) {
                Some(bytes) => Ok(Content::of_memory(bytes)),
                None => return None,
            }
        };
        let opening = content
            .map_err(|error| Refusal::Problem(error.into()))
            .and_then(|content| {
                guard::panics::guarded(|| Table::open(content, layouts))
                    .unwrap_or_else(|problem| Err(problem.into()))
            });
        match opening {
            Ok(table) => {
                source.warnings.extend(table.warnings.iter().cloned());
                source.skipped_columns.clone_from(&table.skipped_columns);
                if let Some(field) = table.zoneless {
                    let column = format!("the column {}", layouts.catalog.name(field));
                    report.doubt(0, field, Doubt::Zone, &column);
                }
                report.line_counts.bytes_read += if is_on_disk { table.footer } else { 0 };
                report.line_counts.bytes_decoded += table.footer;
                let (said, has) = table.says();
                if said != has {
                    let why =
                        format!("the footer counts {said} rows, but the row groups have {has}");
                    report.status = Problem::Damaged(why).status("");
                }
                Some(Self { table })
            }
            Err(Refusal::SecurityLake) => {
                source.format = SECURITY_LAKE.format;
                report.unsupported(&SECURITY_LAKE);
                None
            }
            Err(Refusal::Unsupported(foreign)) => {
                source.format = foreign.format;
                report.unsupported(&foreign);
                None
            }
            Err(Refusal::Problem(problem)) => {
                report.status = problem.status("");
                None
            }
        }
    }

    /// The row groups in runs that are worth being read by themselves.
    pub(crate) fn runs(&self) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let (mut first, mut rows) = (0, 0);
        for (index, group) in self.table.groups.iter().enumerate() {
            rows += group.rows;
            if rows >= CHUNK_ROWS as u64 || index + 1 == self.table.groups.len() {
                runs.push(first..index + 1);
                (first, rows) = (index + 1, 0);
            }
        }
        runs
    }

    /// Reads row groups. The rows that can be read are, whatever becomes of others.
    pub(crate) fn read<'l>(
        &self,
        groups: Range<usize>,
        reader: &mut LineReader<'l>,
        report: &mut FileReport,
        load: &Load<'l>,
    ) {
        for index in groups {
            let mut sink = Sink {
                reader,
                report,
                load,
            };
            let Err(problem) = sink.group(&self.table, index) else {
                continue;
            };
            if matches!(problem, Problem::Stopped) {
                return report.end(&End::Stopped);
            }
            if report.status == Status::Ok {
                let count = self.table.groups.len();
                let place = format!("row group {} of {count}: ", index + 1);
                report.status = problem.status(&place);
            }
        }
    }
}

/// All bytes of something that can only be read from front to back.
fn collect(feed: Feed<'_>, source: &mut Source, report: &mut FileReport) -> Option<Vec<u8>> {
    let (mut decoder, mut bytes) = feed.into_decoder();
    let end = loop {
        let begun = bytes.len();
        if begun > COLLECTED {
            report.status = Problem::TooLarge(
                "Parquet from a pipe, or within gzip, is collected in memory, and this has more than 512 MiB",
            )
            .status("");
            return None;
        }
        bytes.resize(begun + (begun / 2).clamp(1 << 16, 1 << 24), 0);
        match decoder.read(&mut bytes[begun..]) {
            Ok(count) => bytes.truncate(begun + count),
            Err(end) => {
                bytes.truncate(begun);
                break end;
            }
        }
    };
    report.line_counts.bytes_read = decoder.taken();
    source.warnings.extend(decoder.warnings);
    match end {
        End::Whole => Some(bytes),
        // Its footer is at the end, so it may well be complete; what is not shows when it is read.
        End::BadChecksum => {
            report.end(&end);
            Some(bytes)
        }
        End::Truncated | End::Corrupt(_) | End::Failed(_) | End::Stopped => {
            report.end(&end);
            None
        }
    }
}
