//! `flowdeck top`: records grouped by the values of fields, largest groups first.

use std::io;
use std::io::Write;

use clap::Args;

use super::answer;
use super::failure::{Failure, Outcome};
use super::group_fields;
use super::group_fields::group_fields;
use super::groups;
use super::groups::{Keys, Times};
use super::interrupt::Interrupt;
use super::load;
use super::names;
use super::options::{MeasureName, Output, Reading, Reporting, amount};
use super::output::Destination;
use crate::analysis::{Counts, KnownCounts, Measure};
use crate::engine::{Combination, GroupBy, Listing, Order, Rank};
use crate::export::{Column, Format, Value, row_writer};
use crate::format;
use crate::schema::{FieldId, id};
use crate::store::Store;

/// The default `--limit` of a table.
const TABLE_GROUPS: usize = 20;

/// Group matching records by the values of fields
///
/// Prints records, packets, bytes, accepted and rejected records of each group, the largest group first. With
/// srcaddr/24 the addresses of a group have the same first 24 bits, those of IPv6 the same 64; srcaddr/24/48 sets both.
#[derive(Args, Clone, Debug)]
pub(super) struct Top {
    /// Field to group by, with /BITS to group addresses by prefix; several fields make a group of each combination
    /// of their values
    #[arg(long, value_name = "FIELD", value_delimiter = ',', required = true)]
    by: Vec<String>,

    /// What to order the groups by, largest first
    #[arg(long, value_name = "MEASURE", default_value = "records")]
    measure: MeasureName,

    /// Count the distinct values of FIELD in each group
    #[arg(long, value_name = "FIELD", required_if_eq("measure", "distinct"))]
    distinct: Option<String>,

    /// Print only groups whose measure is at least N
    #[arg(long, value_name = "N", value_parser = amount)]
    at_least: Option<u64>,

    /// Print when each group was first and last seen: its earliest start and its latest end
    #[arg(long)]
    seen: bool,

    /// Print at most N groups; default: 20 in a table, all in other formats
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Print times in ISO 8601 instead of epoch seconds
    #[arg(long)]
    iso: bool,

    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    output: Output,
}

struct Groups<'a> {
    store: &'a Store,
    keys: Keys,
    total: Counts,
    known: KnownCounts,
    rank: Rank,
    /// The field whose distinct values are counted.
    distinct: Option<FieldId>,
    /// How the times at which a group was first and last seen are written, if they are.
    seen: Option<Times>,
    list: Vec<Combination>,
    /// The number of groups that are large enough, including those beyond the limit.
    found: usize,
}

impl Top {
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let destination = Destination::of(&self.output);
        destination.refuse_lines()?;
        destination.refuse_terminal()?;
        let loaded = load::read(&self.reading, self.reporting, interrupt)?;
        let store = &loaded.store;
        destination.refuse_input(store.sources())?;
        let by = self.group_by(store)?;
        let answer = answer::answer(&self.reading, store, &[])?;
        let rank = self.measure.into();
        let known = names::sums(store, measure_of(rank))?;
        let times = Times::of(destination.format, self.iso);
        let readable = destination.format == Format::Table;
        let limit = self
            .limit
            .unwrap_or(if readable { TABLE_GROUPS } else { usize::MAX });
        let listing = Listing {
            order: Order::Largest(rank),
            at_least: self.at_least.unwrap_or(0),
            limit,
        };
        let found = answer::group(&answer, &by, &listing, self.reading.jobs)?;
        let groups = Groups {
            store,
            keys: Keys::new(by.fields, destination.format, times, &groups::MEASURES),
            total: answer.breakdown.total,
            known,
            rank,
            distinct: by.distinct,
            seen: by.seen.then_some(times),
            list: found.list,
            found: found.total,
        };
        destination.write(interrupt, |out| groups.write(&destination, out))?;
        groups::warn_of_bounds(&groups.list, destination.format);
        Ok(loaded.verdict(groups.found > 0))
    }

    fn group_by(&self, store: &Store) -> Result<GroupBy, Failure> {
        let fields = group_fields(&store.catalog, &self.by)?;
        group_fields::require(store, &fields)?;
        let distinct = self.distinct.as_deref().map(str::trim);
        let distinct = distinct.map(|name| names::field(&store.catalog, "--distinct", name));
        let distinct = distinct.transpose()?;
        names::require(store, "--distinct", distinct.as_slice())?;
        if self.seen {
            names::require(store, "--seen", &[id::START, id::END])?;
        }
        Ok(GroupBy {
            every: None,
            fields,
            distinct,
            seen: self.seen,
            records_only: false,
        })
    }
}

/// The measure of which the groups are parts, which distinct values are not.
fn measure_of(rank: Rank) -> Measure {
    match rank {
        Rank::Measure(measure) => measure,
        Rank::Distinct => Measure::Records,
    }
}

impl Groups<'_> {
    fn write(&self, destination: &Destination, out: &mut dyn Write) -> io::Result<()> {
        let readable = destination.format == Format::Table;
        let mut rows = row_writer(
            destination.format,
            self.columns(readable),
            Box::new(&mut *out),
            destination.terminal,
        )?;
        for group in &self.list {
            rows.row(&self.values(group, readable))?;
        }
        rows.finish()?;
        drop(rows);
        let more = self.found - self.list.len();
        if readable && more > 0 {
            let (more, all) = (format::count(more as u64), self.found);
            writeln!(out, "… and {more} more; show all with --limit {all}")?;
        }
        Ok(())
    }

    fn columns(&self, readable: bool) -> Vec<Column> {
        let catalog = &self.store.catalog;
        let mut columns = self.keys.columns(catalog);
        for (name, _) in groups::measures(&self.total, self.known) {
            columns.push(Column::number(name));
            if readable && self.is_measure(name) {
                columns.push(Column::number("share"));
            }
        }
        if let Some(field) = self.distinct {
            let name = if readable {
                format!("distinct {}", catalog.name(field))
            } else {
                format!("distinct_{}", catalog.column(field))
            };
            columns.push(Column::number(name));
        }
        if let Some(times) = self.seen {
            let names = if readable {
                ["first seen", "last seen"]
            } else {
                ["first_seen", "last_seen"]
            };
            columns.extend(names.map(|name| times.column(name.into())));
        }
        columns
    }

    fn values<'a>(&'a self, group: &'a Combination, readable: bool) -> Vec<Value<'a>> {
        let mut values: Vec<_> = self.keys.values(&group.keys, &group.labels).collect();
        let total = measure_of(self.rank).of(&self.total);
        for (name, number) in groups::measures(&group.counts, self.known) {
            values.push(groups::count(number, readable));
            if readable && self.is_measure(name) {
                values.push(number.map_or(Value::Missing, |number| {
                    Value::text(format::percent(number, total))
                }));
            }
        }
        if self.distinct.is_some() {
            values.push(groups::count(group.distinct, readable));
        }
        if let Some(times) = self.seen {
            let (first, last) = group.seen.unzip();
            let seen = [first, last].map(|second| second.map(|second| times.value(second)));
            values.extend(seen.map(|value| value.unwrap_or(Value::Missing)));
        }
        values
    }

    /// Whether the groups are ordered by the measure of this name.
    fn is_measure(&self, name: &str) -> bool {
        matches!(self.rank, Rank::Measure(measure) if measure.name() == name)
    }
}
