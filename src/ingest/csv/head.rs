//! The header of a table: which columns it has, and how its lines are written.

use memchr::{memchr, memchr_iter, memmem};

use super::row::{Row, Taken};
use crate::ingest::layout::{is_default, is_name, is_value};
use crate::ingest::{rows, value};
use crate::schema::{self, DEFAULT_FORMAT};
use crate::store::Form;

/// What may stand between values.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// What Logs Insights puts beside a row so that it can be found again.
const POINTER: &str = "@ptr";
/// How much of a table is looked at to see what stands for a missing value.
const LOOKED_AT: usize = 1 << 16;

/// What is known of a table from its first line.
#[derive(Debug)]
pub(super) struct Head {
    form: Form,
    /// The names of the columns.
    names: Vec<String>,
    /// How many values a row has.
    pub(super) columns: usize,
    /// Which of them is the text of a record.
    pub(super) message: Option<usize>,
    /// Which of them are left out.
    pub(super) dropped: Vec<usize>,
}

/// The separator of the table whose first line is `line`, if it is one.
pub(in crate::ingest) fn recognise(line: &[u8]) -> Option<u8> {
    let is_table = |separator: &u8| {
        // What takes rows apart is dear to make, and nearly every text has none of these in its first line.
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
            && (Head::of(&values, line, *separator, b"").is_some() || is_without_head(&values))
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

impl Head {
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
        let names: Vec<String> = raw.iter().map(|name| rows::column_name(name)).collect();
        let is_known = |name: &String| schema::lookup_header(name).is_some();
        if message.is_none() && !names.iter().any(is_known) {
            return None;
        }
        let is_dropped = |index: &usize| raw[*index] == POINTER;
        let dropped = (0..names.len()).filter(is_dropped).collect();
        let form = form(&raw, line, separator, data);
        Some(Self {
            form,
            columns: names.len(),
            names,
            message,
            dropped,
        })
    }

    /// The default format, where the first line is a row.
    pub(super) fn without(separator: u8, line: &[u8]) -> Self {
        let names = DEFAULT_FORMAT.iter().filter_map(|field| field.def());
        Self {
            form: Form::Separated {
                separator,
                is_quoted: line.starts_with(b"\""),
                is_empty: false,
                has_return: line.ends_with(b"\r"),
            },
            names: names.map(|def| def.name.to_owned()).collect(),
            columns: DEFAULT_FORMAT.len(),
            message: None,
            dropped: Vec::new(),
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

    /// Writes the header.
    pub(super) fn write_header(&self, line: &[u8], out: &mut Vec<u8>) {
        let names = self.kept_names().filter(|_| self.message.is_none());
        rows::write_layout(rows::HEADER, self.form, names, Some(line), out);
    }

    /// Writes the layout of a table without a header.
    pub(super) fn write_layout(&self, out: &mut Vec<u8>) {
        rows::write_layout(rows::LAYOUT, self.form, self.kept_names(), None, out);
    }

    fn kept_names(&self) -> impl Iterator<Item = &str> {
        let names = self.names.iter().enumerate();
        let kept = names.filter(|(index, _)| !self.dropped.contains(index));
        kept.map(|(_, name)| name.as_str())
    }

    /// Whether the values of a line give it back, so that it can be read as words.
    pub(super) fn is_plain(&self, line: &[u8]) -> bool {
        let Form::Separated {
            is_quoted,
            is_empty,
            has_return,
            ..
        } = self.form
        else {
            return false;
        };
        let Some(line) = without_return(line, has_return) else {
            return false;
        };
        if self.message.is_some() || !self.dropped.is_empty() || line.is_empty() || line[0] == b'#'
        {
            return false;
        }
        // A line of words alone could be a header.
        let mut is_row = false;
        let mut is_plain_word = |word: &[u8]| {
            is_row |= !word.first().is_some_and(u8::is_ascii_alphabetic);
            match word {
                b"" => is_empty && !is_quoted,
                b"-" => !is_empty,
                [b'0'..=b'9', ..] => true,
                word => !value::is_nothing(word),
            }
        };
        let separator = self.form.separator();
        if is_quoted {
            let Some(inner) = unquoted(line) else {
                return false;
            };
            let words = memmem::find_iter(inner, &self.between()).count() + 1;
            let quotes = memchr_iter(b'"', inner).count();
            return words == self.columns
                && quotes == 2 * (words - 1)
                && !inner
                    .iter()
                    .any(|byte| *byte <= b' ' || *byte == separator && *byte != b',')
                && self
                    .words(inner)
                    .all(|word| !word.contains(&separator) && is_plain_word(word))
                && is_row;
        }
        // Without a way out, so that many bytes are looked at at once.
        let odd = line.iter().fold(0, |odd, byte| {
            odd | u8::from(*byte <= b' ' && *byte != separator) | u8::from(*byte == b'"')
        });
        if odd != 0 {
            return false;
        }
        let (mut words, mut begin) = (0, 0);
        let are_plain = memchr_iter(separator, line).chain([line.len()]).all(|end| {
            let word = &line[begin..end];
            begin = end + 1;
            words += 1;
            is_plain_word(word)
        });
        are_plain && words == self.columns && is_row
    }

    /// What stands between two values in quotation marks, with the marks.
    fn between(&self) -> [u8; 3] {
        [b'"', self.form.separator(), b'"']
    }

    fn words<'a>(&self, inner: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let between = self.between();
        let mut rest = Some(inner);
        std::iter::from_fn(move || {
            let words = rest?;
            let Some(at) = memmem::find(words, &between) else {
                return rest.take();
            };
            rest = Some(&words[at + 3..]);
            Some(&words[..at])
        })
    }

    /// Writes a plain line.
    pub(super) fn write_plain(&self, line: &[u8], out: &mut Vec<u8>) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let separator = self.form.separator();
        let begin = out.len();
        match unquoted(line) {
            Some(inner) => {
                for (index, word) in self.words(inner).enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    out.extend_from_slice(word);
                }
            }
            None if self.form.missing().is_empty() => {
                for (index, word) in line.split(|byte| *byte == separator).enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    out.extend_from_slice(if word.is_empty() { b"-" } else { word });
                }
            }
            None => {
                out.extend_from_slice(line);
                for byte in &mut out[begin..] {
                    if *byte == separator {
                        *byte = b' ';
                    }
                }
            }
        }
        out.push(b'\n');
    }
}

fn unquoted(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

/// A line without the carriage return that it must have, or must not have.
fn without_return(line: &[u8], has_return: bool) -> Option<&[u8]> {
    match line.strip_suffix(b"\r") {
        Some(line) => has_return.then_some(line),
        None => (!has_return).then_some(line),
    }
}

/// How the lines of a table are written, as far as its beginning shows.
fn form(names: &[String], line: &[u8], separator: u8, data: &[u8]) -> Form {
    let bare = line.strip_suffix(b"\r").unwrap_or(line);
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let data = &data[..data.len().min(LOOKED_AT)];
    let dashes = [[separator, b'-', separator], [b'"', b'-', b'"']];
    let has_dash = dashes.iter().any(|dash| memmem::find(data, dash).is_some());
    Form::Separated {
        separator,
        is_quoted: quoted.join(&char::from(separator).to_string()).as_bytes() == bare,
        is_empty: !has_dash && memmem::find(data, &[separator, separator]).is_some(),
        has_return: bare.len() < line.len(),
    }
}
