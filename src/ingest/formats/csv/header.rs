//! The header of a table: which columns it has, and how its lines are written.

mod names;

use memchr::memmem;

use super::headless::{is_like_record, is_record};
use crate::ingest::formats::log_groups;
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::formats::unsupported::known::OCSF_TABLE;
use crate::ingest::formats::unsupported::signs::Signs;
use crate::ingest::text::account;
use crate::ingest::text::fit::{Fit, fit};
use crate::ingest::text::layouts::{is_name, is_value};
use crate::ingest::text::piece::Columns;
use crate::ingest::text::value;
use crate::ingest::text::zone::InputZone;
use crate::schema::{self, FieldId, Storage, Value, id};
use crate::store::LineStyle;

/// What Logs Insights puts beside a row so that it can be found again.
const POINTER: &str = "@ptr";
/// How many bytes of a table are looked at for what its columns have and how it writes missing values.
pub(super) const SAMPLE_BYTES: usize = 1 << 16;

/// What is known of a table from its first line.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) style: LineStyle,
    /// The names of the columns; of those that are dropped, too.
    pub(super) names: Vec<String>,
    /// How many values a row has.
    pub(super) columns: usize,
    pub(super) rows: Rows,
    /// All of them, in the order in which the text of a record is looked for.
    pub(super) records: Vec<usize>,
    /// The header as it stood in the file, where there is one.
    pub(super) line: Option<String>,
    /// Whether the header ends with a separator, behind which there is no column.
    pub(super) has_trailing: bool,
    /// Which of them are left out.
    pub(super) dropped: Vec<usize>,
    /// Which of them have the log group and the log stream of an event.
    pub(super) log_group: Option<usize>,
    pub(super) log_stream: Option<usize>,
    /// Which of them is the account.
    pub(super) account: Option<usize>,
    /// How many of them are addresses.
    pub(super) addresses: usize,
    /// How the last line began, up to the separator behind its account, which has all its digits.
    pub(super) before_account: Vec<u8>,
    /// What the table is, where its rows are no records.
    pub(super) unsupported: Option<Unsupported>,
    /// What is said of the order of the columns.
    pub(super) warning: Option<String>,
}

/// What the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// Values under the names of the header, one of which may be the text of a record.
    Values,
    /// The texts of records in the column of this index, as messages have them.
    Messages(usize),
    /// The texts of records, in whichever column.
    Records,
    /// Values in an order that is found out as that of text is.
    Unnamed,
}

impl Header {
    /// The header that `values` are, if they are one. `line` is the line that they stood in, `data` the beginning
    /// of the table.
    pub(super) fn of(values: &[&[u8]], line: &[u8], separator: u8, data: &[u8]) -> Option<Self> {
        let raw = names::raw(values)?;
        let names = names::columns(&raw);
        let message = raw.iter().position(|name| is_message(name.as_bytes()));
        let message = message.or_else(|| names::record_columns(&raw).next());
        let is_known = |name: &String| schema::lookup_header(name).is_some();
        if message.is_none() && !names.iter().any(is_known) {
            return None;
        }
        let unsupported = message.is_none().then(|| unsupported(&names)).flatten();
        let message = message.filter(|message| !has_row_beside(&names, *message));
        let header = Self::new(&raw, names, style(&raw, line, separator, data));
        Some(Self {
            rows: message.map_or(Rows::Values, Rows::Messages),
            line: Some(String::from_utf8_lossy(line).into_owned()),
            unsupported,
            ..header
        })
    }

    /// As [`Header::of`], where some cell below is the text of a record, so that any names will do.
    pub(super) fn of_records(values: &[&[u8]], line: &[u8], separator: u8) -> Option<Self> {
        let raw = names::raw(values)?;
        let names = names::columns(&raw);
        let header = Self::new(&raw, names, style(&raw, line, separator, b""));
        Some(Self {
            rows: Rows::Records,
            line: Some(String::from_utf8_lossy(line).into_owned()),
            ..header
        })
    }

    pub(super) fn new(raw: &[String], names: Vec<String>, style: LineStyle) -> Self {
        let is_dropped = |index: &usize| {
            let (name, is_end) = (&raw[*index], *index == 0 || index + 1 == raw.len());
            name == POINTER || name.is_empty() && is_end
        };
        let mut records: Vec<usize> = names::record_columns(raw).collect();
        let others = (0..raw.len()).filter(|index| !records.contains(index));
        records.extend(others.collect::<Vec<_>>());
        Self {
            style,
            columns: names.len(),
            log_group: raw.iter().position(|name| log_groups::is_group(name)),
            log_stream: raw.iter().position(|name| log_groups::is_stream(name)),
            account: account_column(&names),
            addresses: names.iter().filter(|name| is_address(name)).count(),
            before_account: Vec::new(),
            dropped: (0..names.len()).filter(is_dropped).collect(),
            has_trailing: raw.len() > 1 && raw.last().is_some_and(String::is_empty),
            names,
            records,
            line: None,
            rows: Rows::Values,
            unsupported: None,
            warning: None,
        }
    }

    /// Takes in the first row, which may show that the header is one name shorter: R leaves out the name of a column
    /// of row names. Says whether the columns are others now.
    pub(super) fn fit_to(&mut self, row: &[&[u8]]) -> bool {
        let is_longer = row.len() == self.columns + 1 && self.rows == Rows::Values;
        let wrong = |values: &[&[u8]]| {
            let pairs = self.names.iter().zip(values);
            let wrong = pairs.filter(|(name, value)| !fits(name, value));
            wrong.count()
        };
        if !is_longer || wrong(&row[1..]) >= wrong(&row[..self.columns]) {
            return false;
        }
        self.columns += 1;
        self.names.insert(0, String::new());
        self.account = self.account.map(|index| index + 1);
        for index in self.records.iter_mut().chain(&mut self.dropped) {
            *index += 1;
        }
        self.dropped.insert(0, 0);
        true
    }

    /// Makes the values of a row as many as the columns are, where they differ by a separator at the end alone.
    pub(super) fn trim(&self, values: &mut Vec<&[u8]>) {
        if values.len() == self.columns + 1 && values.last().is_some_and(|last| last.is_empty()) {
            values.pop();
        } else if self.has_trailing && values.len() + 1 == self.columns {
            values.push(b"");
        }
    }

    /// Whether a row of `values` has something in a column behind the last name, which would be lost.
    pub(super) fn has_more(&self, values: &[&[u8]]) -> bool {
        let last = || {
            values
                .last()
                .is_some_and(|last| !last.trim_ascii().is_empty())
        };
        self.has_trailing && values.len() == self.columns && last()
    }

    /// The text of a record in a row: of the first column that has one.
    pub(super) fn record<'v>(&self, values: &[&'v [u8]]) -> Option<&'v [u8]> {
        let mut cells = self.records.iter().filter_map(|index| values.get(*index));
        cells.find(|cell| is_record(cell)).copied()
    }

    /// As [`Header::record`], of a record in an order that is not known.
    pub(super) fn likely_record<'v>(&self, values: &[&'v [u8]]) -> Option<&'v [u8]> {
        let mut cells = self.records.iter().filter_map(|index| values.get(*index));
        cells.find(|cell| is_like_record(cell)).copied()
    }

    /// Whether this is a header too that comes after `before`, and not a row of names.
    pub(super) fn follows(&self, before: &Self) -> bool {
        let is_sure = |name: &String| {
            schema::lookup_header(name).is_some() || is_name(name) && !is_value(name)
        };
        let known = self
            .names
            .iter()
            .filter(|name| schema::lookup_header(name).is_some());
        self.names == before.names || known.count() > 1 && self.names.iter().all(is_sure)
    }

    /// The columns, as far as they are kept. None where the rows are the texts of records.
    pub(super) fn columns(&self) -> Option<Columns> {
        let names = match self.rows {
            Rows::Values => self.kept_names().map(str::to_owned).collect(),
            Rows::Unnamed => Vec::new(),
            Rows::Messages(_) | Rows::Records => return None,
        };
        Some(Columns {
            style: self.style,
            names,
            header: self.line.clone(),
        })
    }

    /// The values of a row that are kept.
    pub(super) fn kept<'v>(&self, values: &[&'v [u8]]) -> impl Iterator<Item = &'v [u8]> {
        let values = values.iter().enumerate();
        let kept = values.filter(|(index, _)| !self.dropped.contains(index));
        kept.map(|(_, value)| *value)
    }

    /// The names of the columns that are kept.
    pub(super) fn kept_names(&self) -> impl Iterator<Item = &str> {
        let names = self.names.iter().enumerate();
        let kept = names.filter(|(index, _)| !self.dropped.contains(index));
        kept.map(|(_, name)| name.as_str())
    }
}

/// Whether a value can stand under a name.
fn fits(name: &str, value: &[u8]) -> bool {
    let Some(field) = schema::lookup_header(name) else {
        return true;
    };
    let value = str::from_utf8(value.trim_ascii()).unwrap_or_default();
    let reading = value::read_loosely(field, value, InputZone::Assumed);
    match reading {
        None => false,
        Some((Value::Missing, _)) => field != id::VERSION,
        Some((Value::Word(_), _)) => fit(field, value) != Fit::Contradicts,
        Some((Value::Number(number), _)) if field == id::VERSION => number < 100,
        Some(_) => true,
    }
}

/// Whether the columns beside the one of messages make records by themselves: they have an address, or a time and some
/// other field. A row is read from them where its message is no record.
fn has_row_beside(names: &[String], message: usize) -> bool {
    let others = names.iter().enumerate();
    let others = others.filter(|(index, _)| *index != message);
    let fields: Vec<FieldId> = others
        .filter_map(|(_, name)| schema::lookup_header(name))
        .collect();
    let is_time = |field: &FieldId| field.is_address_or_time();
    fields
        .iter()
        .any(|field| field.storage() == Storage::Address)
        || fields.iter().any(is_time) && !fields.iter().all(is_time)
}

fn is_address(name: &str) -> bool {
    schema::lookup_header(name).is_some_and(|field| field.storage() == Storage::Address)
}

/// Which column has accounts whose zeros may be lost.
fn account_column(names: &[String]) -> Option<usize> {
    let is_account = |name: &String| schema::lookup_header(name).is_some_and(account::is_account);
    names.iter().position(is_account)
}

/// Whether a column of this name has messages.
pub(super) fn is_message(name: &[u8]) -> bool {
    name == b"@message" || name.eq_ignore_ascii_case(b"message")
}

/// What a table with columns of these names is, where its rows are no records.
fn unsupported(names: &[String]) -> Option<Unsupported> {
    let is_flow =
        |name: &String| schema::lookup_header(name).is_some_and(FieldId::is_address_or_time);
    let has_flow = names.iter().any(is_flow);
    let has = |object: &str| {
        let is_part = |rest: &str| rest.is_empty() || rest.starts_with('.');
        let mut rests = names.iter().filter_map(|name| name.strip_prefix(object));
        rests.any(is_part)
    };
    if has("src_endpoint") && has("dst_endpoint") {
        return Some(OCSF_TABLE);
    }
    let known = Signs::of_all(names).recognize(has_flow);
    let what = ("a table", "its columns are");
    known.or_else(|| (!has_flow).then(|| Unsupported::without_flow("csv", what, names)))
}

/// How the lines of a table are written, as far as its beginning shows.
fn style(names: &[String], line: &[u8], separator: u8, data: &[u8]) -> LineStyle {
    let bare = line.strip_suffix(b"\r").unwrap_or(line);
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let data = &data[..data.len().min(SAMPLE_BYTES)];
    let dashes = [[separator, b'-', separator], [b'"', b'-', b'"']];
    let has_dash = dashes.iter().any(|dash| memmem::find(data, dash).is_some());
    LineStyle::Separated {
        separator,
        is_quoted: quoted.join(&char::from(separator).to_string()).as_bytes() == bare,
        is_empty: !has_dash && memmem::find(data, &[separator, separator]).is_some(),
        has_return: bare.len() < line.len(),
    }
}
