//! Recognizes the format of a file from its bytes; its name decides nothing.
//!
//! A new format of rows is recognized in [`sniff`] or [`sniff_any_line`] and opened in [`RowFormat::open`].

#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

use memchr::{memchr, memchr_iter};

use super::csv::{self, Csv};
use super::event_ids::EventIds;
use super::json::Json;
use super::messages::{self, Messages};
use super::row_reader::RowReader;
use super::unsupported::{self, Unsupported};
use crate::ingest::compression::{self, Codec, MAGIC_BYTES};
use crate::ingest::text::layouts::log_formats::FileOrder;
use crate::schema::DEFAULT_FORMAT;

/// What a file contains, as its first bytes show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Text,
    Compressed(&'static Codec),
    Rows(RowFormat),
    /// Parquet, whose columns are not read from front to back.
    Columns,
    Unsupported(Unsupported),
}

/// A format whose rows are not lines of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowFormat {
    Json,
    Csv {
        separator: u8,
    },
    /// Messages with tabs between them.
    Messages,
}

impl RowFormat {
    /// A reader at the beginning of a file; `event_ids` are those of the load, and `order` is that of the fields of
    /// records, where it was given or accepted.
    pub(crate) fn open(
        self,
        event_ids: Option<Arc<EventIds>>,
        order: Option<FileOrder>,
    ) -> Box<dyn RowReader> {
        match self {
            Self::Json => Box::new(Json::new(event_ids, order.map(|order| order.layout))),
            Self::Csv { separator } => Box::new(Csv::new(separator, order)),
            Self::Messages => Box::new(Messages::default()),
        }
    }
}

/// How many bytes [`sniff`] needs, which is the most that the magic number of a compression or a file can have.
pub(crate) const SNIFF_BYTES: usize = MAGIC_BYTES;

/// The length of the byte order mark that `bytes` begin with, if they do.
pub(crate) fn byte_order_mark(bytes: &[u8]) -> usize {
    let mark = b"\xef\xbb\xbf";
    if bytes.starts_with(mark) {
        mark.len()
    } else {
        0
    }
}

/// What `bytes` begin; [`SNIFF_BYTES`] of them, or all that there are.
pub(crate) fn sniff(bytes: &[u8]) -> Content {
    if let Some(codec) = compression::recognize(bytes) {
        return Content::Compressed(codec);
    }
    if bytes.starts_with(b"PAR1") {
        return Content::Columns;
    }
    if let Some(unsupported) = unsupported::by_magic(bytes) {
        return Content::Unsupported(unsupported);
    }
    if is_json(&bytes[byte_order_mark(bytes)..]) {
        return Content::Rows(RowFormat::Json);
    }
    Content::Text
}

/// As [`sniff`], with the whole first line at hand, which tells tables, texts of JSON and logs of other services
/// from other text.
pub(crate) fn sniff_line(bytes: &[u8]) -> Content {
    if is_default(bytes) {
        return Content::Text;
    }
    sniff_any_line(bytes)
}

fn sniff_any_line(bytes: &[u8]) -> Content {
    if let Some(unsupported) = unsupported::by_first_line(bytes) {
        return Content::Unsupported(unsupported);
    }
    let content = sniff(bytes);
    if content != Content::Text {
        return content;
    }
    let text = &bytes[byte_order_mark(bytes)..];
    let row = text.trim_ascii_start();
    let line = &row[..memchr(b'\n', row).unwrap_or(row.len())];
    if is_json_text(line) || is_json_list(line) {
        return Content::Rows(RowFormat::Json);
    }
    if messages::recognize(text) {
        return Content::Rows(RowFormat::Messages);
    }
    let separator = csv::recognize(text);
    separator.map_or(content, |separator| {
        Content::Rows(RowFormat::Csv { separator })
    })
}

/// Whether there is what [`sniff_line`] needs: a first line, or the first rows of a table.
pub(crate) fn has_first_rows(bytes: &[u8]) -> bool {
    is_default(bytes) || csv::is_enough(&bytes[byte_order_mark(bytes)..])
}

/// Whether a text begins with AWS's default header and a line of as many words. Most files do, and looking for anything else
/// in each of many small ones takes longer than reading it.
fn is_default(bytes: &[u8]) -> bool {
    static HEADER: LazyLock<String> = LazyLock::new(|| {
        let names = DEFAULT_FORMAT.iter().filter_map(|field| field.def());
        let names: Vec<&str> = names.map(|def| def.name).collect();
        names.join(" ") + "\n"
    });
    let Some(below) = bytes.strip_prefix(HEADER.as_bytes()) else {
        return false;
    };
    let line = memchr(b'\n', below).map(|end| &below[..end]);
    line.is_some_and(|line| memchr_iter(b' ', line).count() == DEFAULT_FORMAT.len() - 1)
}

/// Whether a line is one text of JSON with words in it.
fn is_json_text(line: &[u8]) -> bool {
    let inner = line.trim_ascii().strip_prefix(b"\"");
    let inner = inner.and_then(|line| line.strip_suffix(b"\""));
    inner.is_some_and(|inner| !inner.contains(&b'"') && inner.contains(&b' '))
}

/// Whether a line begins a list of JSON whose first values are numbers: `[1795400460, {`.
fn is_json_list(line: &[u8]) -> bool {
    let Some(inner) = line.trim_ascii().strip_prefix(b"[") else {
        return false;
    };
    let is_bare = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-. \t".contains(byte);
    let is_value = |value: &[u8]| {
        let value = value.trim_ascii();
        matches!(value, b"null" | b"true" | b"false")
            || value.first().is_some_and(u8::is_ascii_digit)
    };
    let mut rest = inner;
    loop {
        let len = rest.iter().take_while(|byte| is_bare(byte)).count();
        let (value, after) = rest.split_at(len);
        match after.first() {
            Some(b',') if is_value(value) => rest = &after[1..],
            Some(b'"' | b'{' | b'[') | None => {
                return value.trim_ascii().is_empty() && rest.len() < inner.len();
            }
            _ => return false,
        }
    }
}

/// Whether the first two characters are those of an object or an array.
fn is_json(bytes: &[u8]) -> bool {
    let mut characters = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (characters.next(), characters.next()) {
        (Some(b'{'), Some(second)) => matches!(second, b'"' | b'}'),
        (Some(b'['), Some(second)) => matches!(second, b'{' | b'[' | b'"' | b']'),
        _ => false,
    }
}
