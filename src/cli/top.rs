//! `flowdeck top`: records grouped by the values of fields, largest groups first.

use std::io;
use std::io::Write;

use clap::Args;

use super::answer;
use super::failure::Outcome;
use super::groups;
use super::groups::{Keys, Times};
use super::interrupt::Interrupt;
use super::load;
use super::names;
use super::options::{MeasureName, Output, Reading, Reporting};
use super::output::Destination;
use crate::analysis::{Counts, KnownCounts, Measure};
use crate::engine::{Combination, GroupBy, GroupField, Listing, Rank};
use crate::export::{Column, Format, Value, row_writer};
use crate::format;
use crate::store::Store;

/// The default `--limit` of a table.
const TABLE_GROUPS: usize = 20;

/// Group matching records by the values of fields
///
/// Prints records, packets, bytes, accepted and rejected records of each group, the largest group first.
#[derive(Args, Clone, Debug)]
pub(super) struct Top {
    /// Field to group by; several fields make a group of each combination of their values
    #[arg(long, value_name = "FIELD", value_delimiter = ',', required = true)]
    by: Vec<String>,

    /// What to order the groups by, largest first
    #[arg(long, value_name = "MEASURE", default_value = "records")]
    measure: MeasureName,

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
    measure: Measure,
    list: Vec<Combination>,
    /// The number of groups, including those beyond the limit.
    distinct: usize,
}

impl Top {
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let destination = Destination::of(&self.output);
        destination.refuse_lines()?;
        destination.refuse_terminal()?;
        let loaded = load::read(&self.reading, self.reporting, interrupt)?;
        let store = &loaded.store;
        destination.refuse_input(store.sources())?;
        let fields = names::fields(&store.catalog, "--by", &self.by)?;
        names::require(store, "--by", &fields)?;
        let answer = answer::answer(&self.reading, store, &[])?;
        let measure = self.measure.into();
        let known = names::sums(store, measure)?;
        let by = GroupBy {
            fields: fields.iter().copied().map(GroupField::from).collect(),
            ..GroupBy::default()
        };
        let times = Times::of(destination.format, self.iso);
        let readable = destination.format == Format::Table;
        let limit = self
            .limit
            .unwrap_or(if readable { TABLE_GROUPS } else { usize::MAX });
        let listing = Listing::largest(Rank::Measure(measure), limit);
        let found = answer::group(&answer, &by, &listing, self.reading.jobs)?;
        let groups = Groups {
            store,
            keys: Keys::new(fields, destination.format, times),
            total: answer.breakdown.total,
            known,
            measure,
            list: found.list,
            distinct: found.total,
        };
        destination.write(interrupt, |out| groups.write(&destination, out))?;
        groups::warn_of_bounds(&groups.list, destination.format);
        Ok(loaded.verdict(!answer.selection.is_empty()))
    }
}

impl Groups<'_> {
    fn write(&self, destination: &Destination, out: &mut dyn Write) -> io::Result<()> {
        let readable = destination.format == Format::Table;
        let mut columns = self.keys.columns(&self.store.catalog);
        for (name, _) in groups::measures(&self.total, self.known) {
            columns.push(Column::number(name));
            if readable && name == self.measure.name() {
                columns.push(Column::number("share"));
            }
        }
        let mut rows = row_writer(
            destination.format,
            columns,
            Box::new(&mut *out),
            destination.terminal,
        )?;
        let total = self.measure.of(&self.total);
        for group in &self.list {
            let mut values: Vec<_> = self.keys.values(&group.keys, &group.labels).collect();
            for (name, number) in groups::measures(&group.counts, self.known) {
                values.push(groups::count(number, readable));
                if readable && name == self.measure.name() {
                    values.push(number.map_or(Value::Missing, |number| {
                        Value::text(format::percent(number, total))
                    }));
                }
            }
            rows.row(&values)?;
        }
        rows.finish()?;
        drop(rows);
        let more = self.distinct - self.list.len();
        if readable && more > 0 {
            let (more, all) = (format::count(more as u64), self.distinct);
            writeln!(out, "… and {more} more; show all with --limit {all}")?;
        }
        Ok(())
    }
}
