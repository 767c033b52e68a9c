//! Tables without a header: in which order their columns are, and whether their cells are the texts of records.

use memchr::memmem;

use super::header::{Header, Rows, SAMPLE_BYTES};
use super::row::{Row, Taken};
use crate::ingest::text::fit::{self, Score};
use crate::ingest::text::layouts::log_formats::FileOrder;
use crate::ingest::text::{known_formats, known_order, missing};
use crate::schema::{Address, DEFAULT_FORMAT, FieldId};
use crate::store::LineStyle;

/// So many rows are searched for the text of a record, and for an index.
pub(super) const MAX_ROWS: usize = 20;
/// The fewest rows whose first values show that they are an index.
const MIN_INDEX_ROWS: usize = 3;
/// Every eighth value of a row in an order that was not given may contradict its field.
const RIGHT_OF_ONE_WRONG: usize = 8;

/// The first line of a table.
#[derive(Clone, Copy)]
pub(super) struct Line<'l> {
    pub(super) values: &'l [&'l [u8]],
    pub(super) text: &'l [u8],
    pub(super) separator: u8,
}

/// The order of the columns of a table without a header.
struct Order {
    /// How many values stand before the fields: the index of the row or none.
    index: usize,
    names: Vec<String>,
    /// What is said of it.
    warning: Option<String>,
}

impl Header {
    /// The columns of a table without a header, of which `line` is the first row and `data` the beginning; `order` is that
    /// of the fields, where it was given or accepted.
    pub(super) fn without(line: Line<'_>, order: Option<&FileOrder>, data: &[u8]) -> Self {
        let Line {
            values,
            text,
            separator,
        } = line;
        let data = &data[..data.len().min(SAMPLE_BYTES)];
        let style = LineStyle::Separated {
            separator,
            is_quoted: text.starts_with(b"\""),
            is_empty: memmem::find(data, &[separator, separator]).is_some(),
            has_return: text.ends_with(b"\r"),
        };
        let unnamed = vec![String::new(); values.len()];
        let without_names = |rows, dropped| Self {
            rows,
            dropped,
            has_trailing: false,
            ..Self::new(&unnamed, unnamed.clone(), style)
        };
        if values
            .iter()
            .any(|cell| is_record(cell) || is_like_record(cell))
        {
            return without_names(Rows::Records, Vec::new());
        }
        let Some(order) = order_of(values, order) else {
            let dropped = if has_index(data, separator) {
                vec![0]
            } else {
                Vec::new()
            };
            return without_names(Rows::Unnamed, dropped);
        };
        let index = std::iter::repeat_n(String::new(), order.index);
        let names: Vec<String> = index.chain(order.names).collect();
        Self {
            warning: order.warning,
            ..Self::new(&names, names.clone(), style)
        }
    }
}

/// The order of a row of `values`: the one that was given or accepted, if it fits, else a known one.
fn order_of(values: &[&[u8]], given: Option<&FileOrder>) -> Option<Order> {
    let fitting = given.and_then(|given| {
        let index = values.len().checked_sub(given.names.len())?;
        let is_fitting = given.is_given || fits(given, &values[index..]);
        let is_index = index == 0 || index == 1 && is_number(values[0]);
        (is_index && is_fitting).then(|| Order {
            index,
            names: given.names.clone(),
            warning: given.note.clone(),
        })
    });
    fitting.or_else(|| {
        let (index, fields) = order_of_row(values)?;
        let names = fields.iter().filter_map(|field| field.def());
        let is_other = given.is_some_and(|given| given.is_given);
        Some(Order {
            index,
            names: names.map(|def| def.name.to_owned()).collect(),
            warning: is_other.then(|| OTHER_ORDER.into()),
        })
    })
}

/// What is said where a table is not in the order that was given.
const OTHER_ORDER: &str = "its rows have another number of values than --log-format has fields; they were read in the \
                           known order that they have";

/// Whether hardly a value of a row contradicts the order that was accepted for it.
fn fits(order: &FileOrder, values: &[&[u8]]) -> bool {
    let line = words_of(values);
    let words: Vec<&str> = line.split(' ').collect();
    let score = Score::of(&order.layout.fields, &words);
    score.is_some_and(|score| RIGHT_OF_ONE_WRONG * score.wrong <= words.len())
}

/// The order of the fields of a row without a header, if it is a known one, and how many values stand before them: the
/// index of the row or none.
pub(super) fn order_of_row(values: &[&[u8]]) -> Option<(usize, &'static [FieldId])> {
    let line = words_of(values);
    let words = known_formats::record_words(&line);
    let known = known_order::recognize(&words);
    let is_index = || values.first().is_some_and(|value| is_number(value));
    let known = known
        .filter(|known| known.extra == 0 && (known.prefix == 0 || known.prefix == 1 && is_index()));
    let order = known.map(|known| (known.prefix, known.fields));
    order.or_else(|| known_formats::is_default(&line).then_some((0, &DEFAULT_FORMAT[..])))
}

fn is_number(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

/// Whether the first values of the rows that `data` begins with count them, from 0 or 1 on.
fn has_index(data: &[u8], separator: u8) -> bool {
    let mut row = Row::new(separator);
    let (mut at, mut next, mut count) = (0, None, 0);
    while count < MAX_ROWS && at < data.len() {
        row.reset();
        let Taken::Row(used) = row.take(&data[at..], true) else {
            return false;
        };
        at += used.max(1);
        let values = row.values();
        let first = values.first().copied().unwrap_or_default();
        if values.len() < 2 {
            continue;
        }
        let number = str::from_utf8(first.trim_ascii()).unwrap_or_default();
        let number = number.parse::<u64>().ok().filter(|_| is_number(first));
        let is_next = match (number, next) {
            (Some(number), None) => number <= 1,
            (Some(number), Some(next)) => number == next,
            (None, _) => false,
        };
        if !is_next {
            return false;
        }
        next = number.map(|number| number + 1);
        count += 1;
    }
    count >= MIN_INDEX_ROWS
}

/// Which of the columns that are kept have text, as far as `data` shows: of no other column that has a value, each is a
/// number, an address or a time.
pub(super) fn text_columns(header: &Header, data: &[u8]) -> Vec<bool> {
    let data = &data[..data.len().min(SAMPLE_BYTES)];
    let mut row = Row::new(header.style.separator());
    let mut are_text: Vec<bool> = Vec::new();
    let mut at = 0;
    while at < data.len() {
        row.reset();
        let Taken::Row(used) = row.take(&data[at..], true) else {
            break;
        };
        at += used.max(1);
        let values = row.values();
        // The last row may be cut off.
        let is_last = at >= data.len() && !are_text.is_empty();
        if values.len() != header.columns || is_last {
            continue;
        }
        let values = header.kept(&values).map(<[u8]>::trim_ascii);
        for (index, value) in values.enumerate() {
            let is_text = !missing::is_missing_unless_text(value) && !is_typed(value);
            match are_text.get_mut(index) {
                Some(known) => *known |= is_text,
                None => are_text.push(is_text),
            }
        }
    }
    are_text
}

/// Whether a value is a number, an address or a time.
fn is_typed(value: &[u8]) -> bool {
    let is_numeric = |byte: &u8| byte.is_ascii_digit() || b"+-.,:/ TZeE'=\"".contains(byte);
    let begins = value
        .first()
        .is_some_and(|byte| !byte.is_ascii_alphabetic());
    begins && value.iter().all(is_numeric)
        || str::from_utf8(value).is_ok_and(|text| text.parse::<Address>().is_ok())
}

/// The values of a row as words, by which its order is recognized.
fn words_of(values: &[&[u8]]) -> String {
    let word = |value: &&[u8]| match value.trim_ascii() {
        value if missing::is_missing_unless_text(value) => "-".into(),
        value => String::from_utf8_lossy(value).replace(' ', "T"),
    };
    let words: Vec<String> = values.iter().map(word).collect();
    words.join(" ")
}

/// Whether a cell is the text of a record in a known order.
pub(super) fn is_record(cell: &[u8]) -> bool {
    str::from_utf8(cell).is_ok_and(known_order::reads_as_record)
}

/// Whether a cell is likely the text of a record in an order that is not known.
pub(super) fn is_like_record(cell: &[u8]) -> bool {
    let has_words = || {
        let spaces = memchr::memchr_iter(b' ', cell);
        spaces.take(fit::MIN_RECORD_WORDS - 1).count() == fit::MIN_RECORD_WORDS - 1
    };
    has_words()
        && str::from_utf8(cell)
            .is_ok_and(|text| fit::is_like_record(&known_formats::record_words(text)))
}
