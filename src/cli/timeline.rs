//! `flowdeck timeline`: records in buckets of time.

use std::io;
use std::io::Write;

use clap::Args;

use super::answer;
use super::failure::Outcome;
use super::group_fields;
use super::group_fields::group_fields;
use super::groups;
use super::groups::{Keys, Times};
use super::interrupt::Interrupt;
use super::load;
use super::names;
use super::options::{BadValue, Output, Reading, Reporting};
use super::output::Destination;
use super::report;
use crate::analysis::{Key, KnownCounts, Measure};
use crate::engine::{Combination, GroupBy, Listing};
use crate::export::{Column, Format, row_writer};
use crate::format;
use crate::schema::id;
use crate::store::Catalog;

/// Count matching records over time
///
/// A record counts in the bucket in which it starts. Buckets without records are left out.
#[derive(Args, Clone, Debug)]
pub(super) struct Timeline {
    /// Length of a bucket: 30s, 5m, 2h, 1d or a number of seconds
    #[arg(long, value_name = "DURATION", default_value = "1m", value_parser = seconds)]
    every: u64,

    /// Count each value of a field separately, with /BITS each prefix of addresses, or each combination of the values
    /// of several fields
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    by: Vec<String>,

    /// Print at most N buckets
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

/// The columns beside keys.
const OTHER_COLUMNS: [&str; 6] = ["time", "accept", "reject", "other", "bytes", "packets"];

struct Buckets<'a> {
    catalog: &'a Catalog,
    keys: Keys,
    known: KnownCounts,
    readable: bool,
    times: Times,
    list: Vec<Combination>,
}

impl Timeline {
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let destination = Destination::of(&self.output);
        destination.refuse_lines()?;
        destination.refuse_terminal()?;
        let loaded = load::read(&self.reading, self.reporting, interrupt)?;
        let store = &loaded.store;
        destination.refuse_input(store.sources())?;
        let fields = group_fields(&store.catalog, &self.by)?;
        group_fields::require(store, &fields)?;
        names::require(store, "timeline", &[id::START])?;
        let answer = answer::answer(&self.reading, store, &[])?;
        let known = names::sums(store, Measure::Records)?;
        let by = GroupBy {
            every: Some(self.every),
            fields,
            ..GroupBy::default()
        };
        let found = answer::group(&answer, &by, &Listing::by_value(), self.reading.jobs)?;
        let (mut buckets, timeless): (Vec<_>, Vec<_>) = found
            .list
            .into_iter()
            .partition(|bucket| bucket.keys.first() != Some(&Key::Missing));
        let lost: u64 = timeless.iter().map(|bucket| bucket.counts.records).sum();
        if lost > 0 && store.has(id::START) {
            report::warn(&match lost {
                1 => "1 record has no start time and was left out".to_owned(),
                lost => {
                    let lost = format::count(lost);
                    format!("{lost} records have no start time and were left out")
                }
            });
        }
        for sentence in store.odd_times().sentences() {
            report::warn(&sentence);
        }
        buckets.truncate(self.limit.unwrap_or(usize::MAX));
        let readable = destination.format == Format::Table;
        let times = Times::of(destination.format, self.iso);
        let buckets = Buckets {
            catalog: &store.catalog,
            keys: Keys::new(by.fields, destination.format, times, &OTHER_COLUMNS),
            known,
            readable,
            times,
            list: buckets,
        };
        destination.write(interrupt, |out| buckets.write(&destination, out))?;
        groups::warn_of_bounds(&buckets.list, destination.format);
        Ok(loaded.verdict(!answer.selection.is_empty()))
    }
}

impl Buckets<'_> {
    fn write(&self, destination: &Destination, out: &mut dyn Write) -> io::Result<()> {
        let mut columns = vec![self.times.column(OTHER_COLUMNS[0].into())];
        columns.extend(self.keys.columns(self.catalog));
        let numbers = OTHER_COLUMNS.iter().skip(1);
        columns.extend(numbers.map(|name| Column::number(*name)));
        let (format, terminal) = (destination.format, destination.terminal);
        let mut rows = row_writer(format, columns, Box::new(out), terminal)?;
        for bucket in &self.list {
            let [Key::Number(second), keys @ ..] = bucket.keys.as_slice() else {
                continue;
            };
            let labels = bucket.labels.get(1..).unwrap_or_default();
            let mut values = vec![self.times.value(*second)];
            values.extend(self.keys.values(keys, labels));
            let counts = &bucket.counts;
            let actions = |count| self.known.actions.then_some(count);
            let numbers = [
                actions(counts.accept),
                actions(counts.reject),
                // Records without an action can always be counted.
                Some(counts.other()),
                self.known.measure(Measure::Bytes, counts),
                self.known.measure(Measure::Packets, counts),
            ];
            values.extend(numbers.map(|number| groups::count(number, self.readable)));
            rows.row(&values)?;
        }
        rows.finish()
    }
}

fn seconds(text: &str) -> Result<u64, BadValue> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(digits.len()..).unwrap_or_default();
    let unit: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(BadValue::Duration),
    };
    let number: u64 = digits.parse().map_err(|_| BadValue::Duration)?;
    let seconds = number.checked_mul(unit).filter(|seconds| *seconds > 0);
    seconds.ok_or(BadValue::NoDuration)
}
