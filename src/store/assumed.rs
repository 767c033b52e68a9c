//! What was assumed about files.

#[cfg(test)]
mod tests;

use super::Store;
use crate::format;

/// How many names of columns a message lists.
const MAX_LISTED_NAMES: usize = 8;

/// What was assumed about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assumed {
    /// The order of its fields, from the shapes of the words in its first lines.
    Order {
        /// The order, as a log format.
        log_format: String,
        /// How sure it is, in percent.
        confidence: u8,
    },
    /// That columns without a name are text; these are the names that they have for now.
    Names(Vec<String>),
    /// That times without a zone are in UTC; this is the first.
    Zone(String),
    /// That numbers whose digits were lost are what is left of them: the columns, each with the first such number.
    Digits(Vec<(String, String)>),
    /// That records without a time begin at the time of their event, which has this name.
    Start(&'static str),
    /// That accounts with fewer than twelve digits had zeros in front; this is the first.
    Zeros(String),
}

/// The kind of an assumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssumedKind {
    /// The order of fields.
    Order,
    /// What columns without a name are.
    Names,
    /// The zone of times.
    Zone,
    /// The digits that numbers have lost.
    Digits,
    /// When records without a time begin.
    Start,
    /// The zeros in front of accounts.
    Zeros,
}

/// Assumptions of one kind about several files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption<'a> {
    /// The kind of all of them.
    pub kind: AssumedKind,
    /// The files, by their indexes among the sources.
    pub files: Vec<usize>,
    /// What was assumed about the first of them.
    first: &'a Assumed,
    /// Whether it is the same of all of them.
    is_same: bool,
}

impl AssumedKind {
    /// The name in `inspect` and in the list of problems.
    pub fn name(self) -> &'static str {
        match self {
            Self::Order => "order of fields",
            Self::Names => "column names",
            Self::Zone => "time zone",
            Self::Digits => "digits",
            Self::Start => "start",
            Self::Zeros => "account ids",
        }
    }
}

impl Assumed {
    /// The kind of assumption.
    pub fn kind(&self) -> AssumedKind {
        match self {
            Self::Order { .. } => AssumedKind::Order,
            Self::Names(_) => AssumedKind::Names,
            Self::Zone(_) => AssumedKind::Zone,
            Self::Digits(_) => AssumedKind::Digits,
            Self::Start(_) => AssumedKind::Start,
            Self::Zeros(_) => AssumedKind::Zeros,
        }
    }

    /// What was assumed of `files`, and how to say that it is so, or is not. Safe to show.
    pub fn message(&self, files: &str) -> String {
        match self {
            Self::Order {
                log_format,
                confidence,
            } => {
                let log_format = format::visible(log_format);
                format!(
                    "the order of the fields in {files} was inferred from the values, {confidence} % sure; \
                     confirm it with --log-format '{log_format}', or give the right one"
                )
            }
            Self::Names(names) => {
                let names = listed(names.iter().map(String::as_str));
                format!(
                    "columns without a name in {files} were read as text ({names}); \
                     if one of them is a field, name it in the header or with --log-format"
                )
            }
            Self::Zone(time) => format!(
                "times without a zone in {files} were read as UTC (the first is {}); \
                 set the zone with --input-zone UTC, +02:00 or local",
                format::visible(time)
            ),
            Self::Digits(columns) => {
                let names = listed(columns.iter().map(|(name, _)| name.as_str()));
                let number = columns.first().map_or("", |(_, number)| number);
                format!(
                    "values of {names} in {files} lost digits when they were exported, so numbers such as {} are not exact; \
                     export them again as text",
                    format::visible(number)
                )
            }
            Self::Start(name) => format!(
                "records in {files} have no time of their own, so the time of their event, {name}, was read as start"
            ),
            Self::Zeros(account) => {
                let account = format::visible(account);
                format!(
                    "account ids with fewer than 12 digits in {files} were filled up with zeros in front \
                     (the first, {account}, is {account:0>12})"
                )
            }
        }
    }
}

/// The first of `names`, safe to show.
fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(MAX_LISTED_NAMES);
    let shown: Vec<_> = names.take(MAX_LISTED_NAMES).map(format::visible).collect();
    let shown = shown.join(", ");
    if more > 0 {
        format!("{shown} and {more} more")
    } else {
        shown
    }
}

impl Assumption<'_> {
    /// What was assumed, of how many files and of which one first, and how to say that it is so, or is not. Safe to
    /// show.
    pub fn message(&self, store: &Store) -> String {
        let first = self.files.first().and_then(|at| store.sources().get(*at));
        let path = first.map_or_else(|| "?".into(), |source| source.path_text());
        let path = format::visible(&path).into_owned();
        let files = match self.files.len().saturating_sub(1) {
            0 => path,
            1 => format!("{path} and 1 more file"),
            more => format!("{path} and {} more files", format::count(more as u64)),
        };
        match self.first {
            Assumed::Order { .. } if !self.is_same => format!(
                "the orders of the fields in {files} were inferred from the values; `flowdeck inspect` shows them; \
                 read the files of each order separately, with --log-format"
            ),
            assumed => assumed.message(&files),
        }
    }
}

impl Store {
    /// What was assumed about files, by kind.
    pub fn assumptions(&self) -> Vec<Assumption<'_>> {
        let mut found: Vec<Assumption<'_>> = Vec::new();
        for (index, source) in self.sources().iter().enumerate() {
            for assumed in &source.assumed {
                let kind = assumed.kind();
                let known = found.iter_mut().find(|known| known.kind == kind);
                if let Some(known) = known {
                    known.files.push(index);
                    known.is_same &= known.first == assumed;
                } else {
                    found.push(Assumption {
                        kind,
                        files: vec![index],
                        first: assumed,
                        is_same: true,
                    });
                }
            }
        }
        found.sort_by_key(|assumption| assumption.kind);
        found
    }
}
