//! `flowdeck query`: matching records.

mod count;
mod follow;

use clap::Args;

use super::answer;
use super::failure::FollowConflict;
use super::failure::{Failure, Outcome, Problem};
use super::interrupt::Interrupt;
use super::load;
use super::names;
use super::options::{Output, Reading, Reporting};
use super::output::Destination;
use crate::engine::Answer;
use crate::export::{Format, Records, Spelling, records, write_records};
use crate::ingest;
use crate::schema::FieldId;
use crate::store::{RowId, Store};
use follow::Writing;

/// Print matching records
#[derive(Args, Clone, Debug)]
pub(super) struct Query {
    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    output: Output,

    /// Columns to print, computed ones included; default: every field of the files, `file` and `line`; in a
    /// table, the most useful ones
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    columns: Vec<String>,

    /// Fields to sort by, most significant first; `-` before a field sorts in descending order; default: the
    /// order in which records were read
    #[arg(
        long,
        value_name = "FIELDS",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    sort: Vec<String>,

    /// Print at most N records
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Print times in ISO 8601 instead of epoch seconds
    #[arg(long)]
    iso: bool,

    /// Print only the number of matching records
    #[arg(long, conflicts_with = "limit")]
    count: bool,
}

impl Query {
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let destination = Destination::of(&self.output);
        if self.reading.follow {
            return self.follow(&destination, interrupt);
        }
        if !self.count {
            destination.refuse_terminal()?;
        }
        let (reading, reporting) = (&self.reading, self.reporting);
        let loaded = load::read_counting(reading, reporting, self.counter(), interrupt)?;
        let store = &loaded.store;
        destination.refuse_input(store.sources())?;
        let columns = self.columns(store)?;
        let sorts = names::sorts(&store.catalog, &self.sort)?;
        let by: Vec<FieldId> = sorts.iter().map(|sort| sort.field).collect();
        names::require(store, "--sort", &by)?;
        let answer = answer::answer(reading, store, &sorts)?;
        if self.count {
            let count = loaded.counted.matching + answer.selection.len() as u64;
            destination.write(interrupt, |out| writeln!(out, "{count}"))?;
            return Ok(loaded.verdict(count > 0));
        }
        let fields = fields(store, columns, destination.format);
        let records = Records {
            store,
            fields,
            spelling: self.spelling(&destination),
        };
        if destination.format == Format::Parquet {
            check_parquet(&records, &answer)?;
        }
        let going_on = |_: &RowId| interrupt.code().is_none();
        let rows = answer::rows(&answer)
            .take(self.limit.unwrap_or(usize::MAX))
            .take_while(going_on);
        destination.write(interrupt, |out| {
            write_records(
                &records,
                rows,
                destination.format,
                Box::new(out),
                destination.terminal,
            )
        })?;
        Ok(loaded.verdict(!answer.selection.is_empty()))
    }
}

impl Query {
    fn follow(&self, destination: &Destination, interrupt: &Interrupt) -> Outcome {
        if let Some(conflict) = self.conflict_with_follow(destination) {
            return Err(Failure::at("--follow", conflict));
        }
        let columns = |store: &Store| {
            let columns = self.columns(store)?;
            Ok(fields(store, columns, destination.format))
        };
        let writing = Writing {
            destination,
            spelling: self.spelling(destination),
            limit: self.limit.unwrap_or(usize::MAX),
            fields: &columns,
        };
        follow::follow(&self.reading, self.reporting, &writing, interrupt)
    }

    fn conflict_with_follow(&self, destination: &Destination) -> Option<FollowConflict> {
        if self.count {
            return Some(FollowConflict::Count);
        }
        if !self.sort.is_empty() {
            return Some(FollowConflict::SortBy);
        }
        match destination.format {
            Format::Json => Some(FollowConflict::Json),
            Format::Parquet => Some(FollowConflict::Parquet),
            _ => (!destination.is_stdout()).then_some(FollowConflict::File),
        }
    }

    /// The requested columns. A column that no file has is empty, with a warning.
    fn columns(&self, store: &Store) -> Result<Vec<FieldId>, Failure> {
        let columns = names::columns(&store.catalog, &self.columns)?;
        names::require(store, "--columns", &columns)?;
        Ok(columns)
    }

    fn spelling(&self, destination: &Destination) -> Spelling {
        Spelling {
            iso: self.iso,
            readable: destination.format == Format::Table,
        }
    }
}

/// Checks that there is memory to write the records of `answer` as Parquet.
fn check_parquet(records: &Records<'_>, answer: &Answer) -> Result<(), Failure> {
    let sorted = answer.rows.sorted().map_or(0, |order| order.rows.len());
    let used = records.store.memory() + sorted * size_of::<RowId>();
    let needed = records.parquet_memory(answer.selection.len()) as u64;
    match ingest::memory_left(used) {
        Some(left) if left < needed => Err(Failure::at(
            "--output parquet",
            Problem::ParquetTooLarge { needed, left },
        )),
        _ => Ok(()),
    }
}

/// The columns to write; the most useful ones if none were requested.
fn fields(store: &Store, columns: Vec<FieldId>, format: Format) -> Vec<FieldId> {
    if columns.is_empty() {
        return match format {
            Format::Table => records::table_fields(store),
            Format::Csv | Format::Json | Format::Ndjson | Format::Lines | Format::Parquet => {
                records::every_field(store)
            }
        };
    }
    columns
}
