//! The header of a table: which columns it has, and how its lines are written.

use memchr::{memchr, memmem};

use super::row::{Row, Taken};
use super::simple::unquoted;
use crate::ingest::formats::row_reader::column_name;
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::formats::unsupported::signs::Signs;
use crate::ingest::text::account;
use crate::ingest::text::known_formats::is_default;
use crate::ingest::text::layouts::{is_name, is_value};
use crate::ingest::text::piece::Columns;
use crate::schema::{self, DEFAULT_FORMAT, FieldId};
use crate::store::LineStyle;

/// What may stand between values.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// What Logs Insights puts beside a row so that it can be found again.
const POINTER: &str = "@ptr";
/// How many bytes of a table are searched for the way it writes missing values.
const LOOKED_AT: usize = 1 << 16;

/// What is known of a table from its first line.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) style: LineStyle,
    /// The names of the columns.
    names: Vec<String>,
    /// How many values a row has.
    pub(super) columns: usize,
    /// Which of them is the text of a record.
    pub(super) message: Option<usize>,
    /// Which of them are left out.
    pub(super) dropped: Vec<usize>,
    /// Which of them is the account.
    pub(super) account: Option<usize>,
    /// How the last line began, up to the separator behind its account, which has all its digits.
    pub(super) before_account: Vec<u8>,
    /// What the table is, where its rows are no records.
    pub(super) unsupported: Option<Unsupported>,
}

/// The separator of the table whose first line is `line`, if it is one.
pub(crate) fn recognize(line: &[u8]) -> Option<u8> {
    let is_table = |separator: &u8| {
        // Building a CSV reader is expensive, and few texts have a separator in their first line.
        let alone = line.trim_ascii();
        if memchr(*separator, line).is_none()
            && !(*separator == b',' && is_message(unquoted(alone).unwrap_or(alone)))
        {
            return false;
        }
        let mut row = Row::new(*separator);
        let Taken::Row(_) = row.take(line, true) else {
            return false;
        };
        let values = row.values();
        // Words with tabs between them are text, unless a space is in one of them.
        let is_text = *separator == b'\t' && !line.contains(&b' ');
        let is_messages =
            || *separator == b',' && values.first().is_some_and(|name| is_message(name));
        let is_alone = values.len() < 2 && !is_messages();
        !is_text
            && !is_alone
            && (Header::of(&values, line, *separator, b"").is_some() || is_without_head(&values))
    };
    SEPARATORS.into_iter().find(is_table)
}

/// Whether values without a header are those of the default format.
fn is_without_head(values: &[&[u8]]) -> bool {
    let line = values.join(&b' ');
    values.len() == DEFAULT_FORMAT.len() && str::from_utf8(&line).is_ok_and(is_default)
}

fn is_message(name: &[u8]) -> bool {
    name == b"@message" || name.eq_ignore_ascii_case(b"message")
}

impl Header {
    /// The header that `values` are, if they are one. `line` is the line that they stood in, `data` the beginning
    /// of the table.
    pub(super) fn of(values: &[&[u8]], line: &[u8], separator: u8, data: &[u8]) -> Option<Self> {
        let may_be = |name: &[u8]| {
            name.first()
                .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'@')
        };
        if !values.iter().all(|name| may_be(name.trim_ascii())) {
            return None;
        }
        let mut names = Vec::with_capacity(values.len());
        for name in values {
            names.push(str::from_utf8(name.trim_ascii()).ok()?.to_owned());
        }
        let message = values.iter().position(|name| is_message(name.trim_ascii()));
        let raw = names;
        let names: Vec<String> = raw.iter().map(|name| column_name(name)).collect();
        let is_known = |name: &String| schema::lookup_header(name).is_some();
        if message.is_none() && !names.iter().any(is_known) {
            return None;
        }
        let unsupported = message.is_none().then(|| unsupported(&names)).flatten();
        let is_dropped = |index: &usize| raw[*index] == POINTER;
        let dropped = (0..names.len()).filter(is_dropped).collect();
        let style = style(&raw, line, separator, data);
        Some(Self {
            style,
            columns: names.len(),
            account: account_column(&names),
            before_account: Vec::new(),
            names,
            message,
            dropped,
            unsupported,
        })
    }

    /// The default format, where the first line is a row.
    pub(super) fn without(separator: u8, line: &[u8]) -> Self {
        let names = DEFAULT_FORMAT.iter().filter_map(|field| field.def());
        let names: Vec<String> = names.map(|def| def.name.to_owned()).collect();
        Self {
            style: LineStyle::Separated {
                separator,
                is_quoted: line.starts_with(b"\""),
                is_empty: false,
                has_return: line.ends_with(b"\r"),
            },
            account: account_column(&names),
            before_account: Vec::new(),
            names,
            columns: DEFAULT_FORMAT.len(),
            message: None,
            dropped: Vec::new(),
            unsupported: None,
        }
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

    /// The columns, as far as they are kept; `line` is the header line, where there is one. None where the rows are
    /// messages.
    pub(super) fn columns(&self, line: Option<&[u8]>) -> Option<Columns> {
        let names = self.kept_names().map(str::to_owned).collect();
        let header = line.map(|line| String::from_utf8_lossy(line).into_owned());
        self.message.is_none().then_some(Columns {
            style: self.style,
            names,
            header,
        })
    }

    /// The names of the columns that are kept.
    pub(super) fn kept_names(&self) -> impl Iterator<Item = &str> {
        let names = self.names.iter().enumerate();
        let kept = names.filter(|(index, _)| !self.dropped.contains(index));
        kept.map(|(_, name)| name.as_str())
    }
}

/// Which column has accounts whose zeros may be lost.
fn account_column(names: &[String]) -> Option<usize> {
    let is_account = |name: &String| schema::lookup_header(name).is_some_and(account::is_account);
    names.iter().position(is_account)
}

/// What a table with columns of these names is, where its rows are no records.
fn unsupported(names: &[String]) -> Option<Unsupported> {
    let is_flow =
        |name: &String| schema::lookup_header(name).is_some_and(FieldId::is_address_or_time);
    let has_flow = names.iter().any(is_flow);
    let known = Signs::of_all(names).recognize(has_flow);
    let what = ("a table", "its columns are");
    known.or_else(|| (!has_flow).then(|| Unsupported::without_flow("csv", what, names)))
}

/// How the lines of a table are written, as far as its beginning shows.
fn style(names: &[String], line: &[u8], separator: u8, data: &[u8]) -> LineStyle {
    let bare = line.strip_suffix(b"\r").unwrap_or(line);
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let data = &data[..data.len().min(LOOKED_AT)];
    let dashes = [[separator, b'-', separator], [b'"', b'-', b'"']];
    let has_dash = dashes.iter().any(|dash| memmem::find(data, dash).is_some());
    LineStyle::Separated {
        separator,
        is_quoted: quoted.join(&char::from(separator).to_string()).as_bytes() == bare,
        is_empty: !has_dash && memmem::find(data, &[separator, separator]).is_some(),
        has_return: bare.len() < line.len(),
    }
}
