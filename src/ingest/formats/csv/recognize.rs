//! Tells from its first lines whether a text is a table, and what stands between its values.

use memchr::{memchr, memchr_iter, memrchr};

use super::header::{Header, is_message};
use super::headless::{MAX_ROWS, is_like_record, is_record, order_of_row};
use super::row::{Row, Taken};
use super::simple::unquoted;
use crate::ingest::text::fit::{self, Fit, fit};
use crate::ingest::text::layouts::W3C_FIELDS;
use crate::ingest::text::missing;
use crate::schema;

/// What may stand between values; `\u{1}` in the files of Hive, a blank in those of R.
const SEPARATORS: [u8; 6] = [b',', b';', b'\t', b'|', 1, b' '];
/// The first line that is neither blank nor a comment nor an Excel `sep=` line, with what comes after it.
fn first_row(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let Some(end) = memchr(b'\n', rest) {
        if !is_before_header(&rest[..end]) {
            break;
        }
        rest = &rest[end + 1..];
    }
    rest
}

/// Whether a line may stand before a header.
pub(super) fn is_before_header(line: &[u8]) -> bool {
    let is_comment = line.starts_with(b"#") && !line.starts_with(W3C_FIELDS.as_bytes());
    is_comment || line.iter().all(u8::is_ascii_whitespace) || named_separator(line).is_some()
}

/// The separator that a line such as `sep=;` names for Excel.
pub(super) fn named_separator(line: &[u8]) -> Option<u8> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = unquoted(line).unwrap_or(line);
    let name = line.get(..4)?;
    match &line[4..] {
        [separator] if name.eq_ignore_ascii_case(b"sep=") => Some(*separator),
        _ => None,
    }
}

/// Whether the first lines are there: a row, and the one after it where that may be needed.
pub(crate) fn is_enough(text: &[u8]) -> bool {
    let row = first_row(text);
    let Some(end) = memchr(b'\n', row) else {
        return false;
    };
    let is_table = SEPARATORS
        .iter()
        .any(|separator| *separator != b' ' && row[..end].contains(separator));
    let (line, below) = (&row[..end], &row[end + 1..]);
    let has_rows = |count: usize| memchr_iter(b'\n', below).nth(count - 1).is_some();
    if !is_table && !row.starts_with(b"\"") {
        let names = words(line);
        // A row with one word more than a header may be one of R, or the only one that is too long.
        let is_longer = || {
            let next = memchr(b'\n', below).map(|end| words(&below[..end]));
            next.is_some_and(|next| next.len() == names.len() + 1)
        };
        // The rows first: they take less time than the names.
        let has_needed_rows = has_rows(1) && (!is_longer() || has_rows(MAX_ROWS));
        return has_needed_rows || known(&names) < 2;
    }
    // Under names of fields the next row decides; under others a record may come later.
    let has_field = words(line).iter().any(|name| {
        let parts = name.split(|byte| SEPARATORS.contains(byte));
        known(
            &parts
                .map(|name| unquoted(name).unwrap_or(name))
                .collect::<Vec<_>>(),
        ) > 0
    });
    let rows = if has_field { 1 } else { MAX_ROWS };
    has_rows(rows)
}

/// The separator of the table that `text` begins, if it is one.
pub(crate) fn recognize(text: &[u8]) -> Option<u8> {
    let named = text.split(|byte| *byte == b'\n').next();
    if let Some(separator) = named.and_then(named_separator) {
        return Some(separator);
    }
    let text = first_row(text);
    if text.starts_with(b"#") {
        return None;
    }
    let line = &text[..memchr(b'\n', text).unwrap_or(text.len())];
    let is_table = |separator: &u8| is_table(text, line, *separator);
    SEPARATORS.into_iter().find(is_table)
}

fn is_table(text: &[u8], line: &[u8], separator: u8) -> bool {
    // Building a CSV reader is expensive, and few texts have a separator in their first line.
    let bare = line.trim_ascii();
    let is_alone = memchr(separator, line).is_none();
    let may_be_alone = || bare.starts_with(b"\"") || is_message(unquoted(bare).unwrap_or(bare));
    if is_alone && !(separator == b',' && may_be_alone()) {
        return false;
    }
    if separator == b' ' && !may_be_r_table(text, line) {
        return false;
    }
    let mut row = Row::new(separator);
    let Taken::Row(_) = row.take(line, true) else {
        return false;
    };
    let values = row.values();
    if is_alone {
        return values.first().is_some_and(|name| is_message(name))
            || record_cells(text, separator) != RecordCells::None;
    }
    // Commas among the words before a record are part of a text.
    if separator != b'\t' && is_record(bare) {
        return false;
    }
    if separator == b' ' {
        return is_r_table(&values, text, line);
    }
    if let Some(header) = Header::of(&values, line, separator, b"") {
        // Names without an address or a time are those of a text, where tabs are as good as spaces. In a text with tabs
        // here and there the next line hardly has one.
        if separator == b'\t' && header.unsupported.is_some() {
            return false;
        }
        let next = text.get(line.len() + 1..).unwrap_or_default();
        let next = &next[..memchr(b'\n', next).unwrap_or(next.len())];
        return separator != b'\t' || next.is_empty() || next.contains(&b'\t');
    }
    // The AWS CLI puts a record between tabs without a line of names; that is read as text.
    if separator == b'\t' && values.iter().any(|value| is_record(value)) {
        return false;
    }
    let is_like = values.iter().any(|value| is_like_record(value));
    let is_quoted = memchr(b'"', line).is_some();
    match record_cells(text, separator) {
        _ if values.iter().any(|value| is_record(value)) || is_like && is_quoted => true,
        RecordCells::Known => true,
        // In lines of text a separator may stand within a value.
        RecordCells::Likely if !is_like => true,
        _ => is_row(&values, separator, text),
    }
}

/// Whether a first line is a row in a table without a header.
fn is_row(values: &[&[u8]], separator: u8, text: &[u8]) -> bool {
    let is_text = || separator == b'\t' && !has_missing(text);
    if text.starts_with(b"{") || text.starts_with(b"[") || is_text() {
        return false;
    }
    order_of_row(values).is_some() || are_like_records(text, separator, values.len())
}

/// Whether the first lines have `columns` values each, hardly any of them a phrase, and one of them is like a record. The
/// first line alone may be one without traffic.
fn are_like_records(text: &[u8], separator: u8, columns: usize) -> bool {
    let mut row = Row::new(separator);
    let (mut at, mut is_like, mut count) = (0, false, 0);
    while at < text.len() && count < MAX_ROWS {
        row.reset();
        let Taken::Row(used) = row.take(&text[at..], true) else {
            return false;
        };
        let is_cut = count > 0 && at + used == text.len() && !text.ends_with(b"\n");
        at += used.max(1);
        let values = row.values();
        let is_blank = values.iter().all(|value| value.trim_ascii().is_empty());
        if is_cut || is_blank {
            continue;
        }
        let words = values.iter().map(|value| str::from_utf8(value).ok());
        let Some(words) = words.collect::<Option<Vec<&str>>>() else {
            return false;
        };
        let phrases = words.iter().filter(|word| is_phrase(word)).count();
        if words.len() != columns || MAX_PHRASES * phrases > columns {
            return false;
        }
        is_like |= fit::is_like_record(&words);
        count += 1;
    }
    is_like
}

/// One value of so many may be a phrase, such as a tag.
const MAX_PHRASES: usize = 4;

/// Whether a value has several words, and is no date with a time of day.
fn is_phrase(value: &str) -> bool {
    let value = value.trim();
    let is_time = || value.starts_with(|c: char| c.is_ascii_digit()) && value.contains(':');
    value.contains(' ') && !is_time()
}

/// Whether values between tabs are missing as they are in no text of AWS: what has nothing but words between tabs is
/// text.
fn has_missing(text: &[u8]) -> bool {
    let lines = text.split(|byte| *byte == b'\n').take(MAX_ROWS);
    let mut lines = lines.filter(|line| !line.is_empty());
    lines.any(|line| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut values = line.split(|byte| *byte == b'\t');
        values.any(|value| value != b"-" && missing::is_missing_unless_text(value))
    })
}

/// Whether cells are the texts of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordCells {
    None,
    /// Most rows have a cell that is like a record, in an order that is not known.
    Likely,
    /// One is a record in a known order.
    Known,
}

/// Whether cells below the first line are the texts of records, in rows with as many values as that line has.
pub(super) fn record_cells(text: &[u8], separator: u8) -> RecordCells {
    let mut row = Row::new(separator);
    let Taken::Row(mut at) = row.take(text, true) else {
        return RecordCells::None;
    };
    let columns = row.values().len();
    let (mut rows, mut likely) = (0, 0);
    for _ in 0..MAX_ROWS {
        row.reset();
        if at >= text.len() {
            break;
        }
        let Taken::Row(used) = row.take(&text[at..], true) else {
            break;
        };
        let inner = unquoted(text[at..at + used].trim_ascii());
        let is_quoted = inner.is_some_and(|inner| !inner.contains(&b'"'));
        let values = row.values();
        let is_row = values.len() == columns && (columns > 1 || is_quoted);
        if is_row && values.iter().any(|cell| is_record(cell)) {
            return RecordCells::Known;
        }
        rows += 1;
        likely += usize::from(is_row && values.iter().any(|cell| is_like_record(cell)));
        at += used.max(1);
    }
    if 2 * likely > rows {
        RecordCells::Likely
    } else {
        RecordCells::None
    }
}

/// Whether there are quoted names, or the first row has one word more than the line of names: all that
/// [`is_r_table`] takes, and no text of AWS.
fn may_be_r_table(text: &[u8], line: &[u8]) -> bool {
    let rest = text.get(line.len() + 1..).unwrap_or_default();
    let mut lines = rest.split(|byte| *byte == b'\n');
    let next = lines.find(|line| !line.trim_ascii().is_empty());
    let is_longer = |next: &[u8]| words(next).len() == words(line).len() + 1;
    line.contains(&b'"') || next.is_some_and(is_longer)
}

/// Whether a text with blanks between values is what R's `write.table` writes: quoted names, or rows with one value
/// more, their names, than the header.
fn is_r_table(names: &[&[u8]], text: &[u8], line: &[u8]) -> bool {
    let is_header = Header::of(names, line, b' ', b"").is_some() && known(names) > 1;
    if line.starts_with(b"\"") {
        return is_header;
    }
    let rest = text.get(line.len() + 1..).unwrap_or_default();
    // The last line may be cut off, and the only one is needed.
    let whole = memrchr(b'\n', rest).map_or(rest, |end| &rest[..end]);
    let rows = whole.split(|byte| *byte == b'\n').take(MAX_ROWS);
    let mut rows = rows.map(words).filter(|row| !row.is_empty()).peekable();
    let is_number = |word: &&[u8]| word.iter().all(u8::is_ascii_digit);
    let is_name = |word: &&[u8]| is_number(word) || word.starts_with(b"\"");
    let is_remark = |word: &&[u8]| word.starts_with(b"#");
    // A line with a word too many is no row with a name: its words fit the names from the first on.
    let is_named = |row: &Vec<&[u8]>| contradicting(names, &row[1..]) < contradicting(names, row);
    is_header
        && rows.peek().is_some_and(is_named)
        && rows.all(|row| {
            row.len() == names.len() + 1
                && row.first().is_some_and(is_name)
                && !row.last().is_some_and(is_remark)
        })
}

/// How many words are no values of the fields that `names` are.
fn contradicting(names: &[&[u8]], words: &[&[u8]]) -> usize {
    let contradicts = |(name, word): &(&&[u8], &&[u8])| {
        let word = unquoted(word).unwrap_or(word);
        let name = str::from_utf8(name.trim_ascii()).unwrap_or_default();
        let field = schema::lookup_header(name).filter(|_| !missing::is_missing_unless_text(word));
        let word = str::from_utf8(word).unwrap_or_default();
        field.is_some_and(|field| fit(field, word) == Fit::Contradicts)
    };
    names.iter().zip(words).filter(contradicts).count()
}

fn words(line: &[u8]) -> Vec<&[u8]> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let words = line.split(|byte| *byte == b' ');
    words.filter(|word| !word.is_empty()).collect()
}

/// How many names are those of fields.
fn known(names: &[&[u8]]) -> usize {
    let is_known = |name: &&&[u8]| {
        let name = str::from_utf8(name.trim_ascii()).unwrap_or_default();
        schema::lookup_header(name).is_some()
    };
    names.iter().filter(is_known).count()
}
