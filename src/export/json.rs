//! Rows as JSON objects: one array, or one object a line.
//!
//! Numbers are numbers and a missing value is `null`. Characters that could act on a terminal are written as
//! `\u` escapes, which JSON readers decode; so the output is safe to print.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::io::Write;

use super::{Column, RowWriter, Value};
use crate::format;

/// How much text is collected before it is written.
const BUFFER_BYTES: usize = 1 << 16;

/// Writes rows as JSON objects.
pub struct Rows<'a> {
    out: Box<dyn Write + 'a>,
    /// What is not written yet.
    text: Vec<u8>,
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
        let keys = columns.iter().map(|column| string(&column.name) + ":");
        Self {
            out,
            text: Vec::with_capacity(BUFFER_BYTES + (1 << 12)),
            keys: keys.collect(),
            array,
            empty: true,
        }
    }

    fn release(&mut self) -> io::Result<()> {
        self.out.write_all(&self.text)?;
        self.text.clear();
        Ok(())
    }
}

impl RowWriter for Rows<'_> {
    fn row(&mut self, values: &[Value<'_>]) -> io::Result<()> {
        if self.array {
            let before: &[u8] = if self.empty { b"[\n" } else { b",\n" };
            self.text.extend_from_slice(before);
        }
        self.empty = false;
        self.text.push(b'{');
        for (index, (key, value)) in self.keys.iter().zip(values).enumerate() {
            if index > 0 {
                self.text.push(b',');
            }
            self.text.extend_from_slice(key.as_bytes());
            append(value, &mut self.text);
        }
        self.text.push(b'}');
        if !self.array {
            self.text.push(b'\n');
        }
        if self.text.len() >= BUFFER_BYTES {
            self.release()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.release()?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.array {
            let end: &[u8] = if self.empty { b"[]\n" } else { b"\n]\n" };
            self.text.extend_from_slice(end);
        }
        self.release()?;
        self.out.flush()
    }
}

fn append(value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Missing => out.extend_from_slice(b"null"),
        Value::Number(number) => format::push_decimal(*number, out),
        Value::Address(address) => {
            out.push(b'"');
            address.push_to(out);
            out.push(b'"');
        }
        Value::Text(text) if text.bytes().all(is_plain) => {
            out.push(b'"');
            out.extend_from_slice(text.as_bytes());
            out.push(b'"');
        }
        Value::Text(text) => out.extend_from_slice(string(text).as_bytes()),
    }
}

/// Whether a character needs no escape in a JSON string, and does not control a terminal.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

/// `text` as a JSON string in which control characters of terminals are escaped.
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
