//! Rows as JSON objects: one array, or one object a line.
//!
//! Numbers are numbers and a missing value is `null`. Characters that could act on a terminal are written as
//! `\u` escapes, which changes nothing for a reader of JSON; so the output is safe to look at as it is.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::io::BufWriter;
use std::io::Write;

use super::{Column, RowWriter, Value};
use crate::format;

/// Writes rows as JSON objects.
pub struct Rows<'a> {
    out: BufWriter<Box<dyn Write + 'a>>,
    /// The keys as JSON strings, each with its colon.
    keys: Vec<String>,
    array: bool,
    empty: bool,
}

impl<'a> Rows<'a> {
    /// A writer of one array, with an object on each line of it.
    pub fn array(columns: &[Column], out: Box<dyn Write + 'a>) -> Self {
        Self::new(columns, out, true)
    }

    /// A writer of one object a line.
    pub fn lines(columns: &[Column], out: Box<dyn Write + 'a>) -> Self {
        Self::new(columns, out, false)
    }

    fn new(columns: &[Column], out: Box<dyn Write + 'a>, array: bool) -> Self {
        Self {
            out: BufWriter::with_capacity(1 << 16, out),
            keys: columns
                .iter()
                .map(|column| format!("{}:", string(&column.name)))
                .collect(),
            array,
            empty: true,
        }
    }
}

impl RowWriter for Rows<'_> {
    fn row(&mut self, values: &[Value<'_>]) -> io::Result<()> {
        if self.array {
            let before: &[u8] = if self.empty { b"[\n" } else { b",\n" };
            self.out.write_all(before)?;
        }
        self.empty = false;
        let mut before = b'{';
        for (key, value) in self.keys.iter().zip(values) {
            self.out.write_all(&[before])?;
            before = b',';
            self.out.write_all(key.as_bytes())?;
            match value {
                Value::Missing => self.out.write_all(b"null")?,
                Value::Number(number) => write!(self.out, "{number}")?,
                Value::Address(address) => write!(self.out, "\"{address}\"")?,
                Value::Text(text) => self.out.write_all(string(text).as_bytes())?,
            }
        }
        self.out
            .write_all(if self.keys.is_empty() { b"{}" } else { b"}" })?;
        if self.array {
            return Ok(());
        }
        self.out.write_all(b"\n")
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.array {
            let end: &[u8] = if self.empty { b"[]\n" } else { b"\n]\n" };
            self.out.write_all(end)?;
        }
        self.out.flush()
    }
}

/// `text` as a JSON string in which every character that acts on a terminal is escaped.
pub fn string(text: &str) -> String {
    let plain = serde_json::Value::from(text).to_string();
    escape(&plain).into_owned()
}

/// `json` with every character that acts on a terminal escaped. They only stand inside strings: outside of
/// them JSON knows no such character but line ends and tabs, which [`serde_json`] writes none of unasked.
pub fn escape(json: &str) -> Cow<'_, str> {
    if matches!(format::visible(json), Cow::Borrowed(_)) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    let mut units = [0; 2];
    let mut buffer = [0; 4];
    for c in json.chars() {
        if c == '\n'
            || matches!(
                format::visible(c.encode_utf8(&mut buffer)),
                Cow::Borrowed(_)
            )
        {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut units) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    Cow::Owned(out)
}
