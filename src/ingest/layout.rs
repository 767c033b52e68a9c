//! Which columns the lines of a file have: from a header, from `--log-format`, or from the shape of the words.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::parse::{LINE_BYTES, words};
use super::value;
use crate::schema::{self, DEFAULT_FORMAT, FIELDS, FieldId, Kind, Value, id};
use crate::store::{Catalog, Layout};

/// More words than this are no header.
const MOST_FIELDS: usize = 512;
/// More names that only files know are not taken in.
const MOST_EXTRAS: usize = 4096;
/// So many of the typed words of a line may be wrong and it still has the shape of version 2.
const WRONG_ALLOWED: usize = 2;

/// The layouts of a load, each held once, and the names behind them.
#[derive(Debug)]
pub(super) struct Layouts {
    /// The names.
    pub(super) catalog: Arc<Catalog>,
    /// What `--log-format` says.
    given: Option<Arc<Layout>>,
    known: Mutex<Vec<Arc<Layout>>>,
}

/// The text given as the order of the fields is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLogFormat {
    word: String,
}

/// What a line is for the question which columns there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meeting {
    /// White space.
    Blank,
    /// A remark.
    Comment,
    /// The layout is a new one from here on, or the same again.
    Header,
    /// Anything else.
    Words,
}

/// The layout in force, line after line.
#[derive(Clone, Debug)]
pub(super) struct Tracker<'a> {
    layouts: &'a Layouts,
    current: Option<Arc<Layout>>,
}

impl Layouts {
    /// No layout yet but the given one.
    pub(super) fn new(
        catalog: Arc<Catalog>,
        log_format: Option<&str>,
    ) -> Result<Self, BadLogFormat> {
        let mut layouts = Self {
            catalog,
            given: None,
            known: Mutex::default(),
        };
        if let Some(text) = log_format {
            layouts.given = Some(layouts.parse_format(text)?);
        }
        Ok(layouts)
    }

    /// Reads `${version} ${account-id}`, bare names, or a mixture.
    fn parse_format(&self, text: &str) -> Result<Arc<Layout>, BadLogFormat> {
        let bad = |word: &str| BadLogFormat {
            word: word.to_owned(),
        };
        let mut names = Vec::new();
        // `${a}${b}` without a space is what a shell leaves of some quotings.
        for word in text.replace('}', "} ").split_whitespace() {
            let name = word
                .strip_prefix("${")
                .map_or(Some(word), |rest| rest.strip_suffix('}'));
            let name = name.filter(|name| is_name(name)).ok_or_else(|| bad(word))?;
            names.push(name.to_owned());
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let known = names
            .iter()
            .any(|name| schema::lookup_header(name).is_some());
        if !known || names.len() > MOST_FIELDS {
            return Err(bad(text));
        }
        Ok(self.intern(self.fields(&names), None))
    }

    /// The layout of a header line, if it is one.
    fn header(&self, line: &str) -> Option<Arc<Layout>> {
        let names = line.strip_prefix(W3C_FIELDS).unwrap_or(line);
        let names: Vec<&str> = words(names).take(MOST_FIELDS + 1).collect();
        let mut known = 0;
        for name in &names {
            match schema::lookup_header(name) {
                Some(_) => known += 1,
                None if is_name(name) && !is_value(name) => {}
                None => return None,
            }
        }
        let unknown = names.len() - known;
        if known == 0 || names.len() > MOST_FIELDS {
            return None;
        }
        if unknown > 0 && self.catalog.extra_names().len() + unknown > MOST_EXTRAS {
            return None;
        }
        Some(self.intern(self.fields(&names), Some(line)))
    }

    /// How many names that only files know may still be taken in.
    pub(super) fn names_left(&self) -> usize {
        MOST_EXTRAS.saturating_sub(self.catalog.extra_names().len())
    }

    /// The layout of columns, which no line names.
    pub(super) fn of_fields(&self, fields: Vec<FieldId>) -> Arc<Layout> {
        self.intern(fields, None)
    }

    /// The fields of names. A name that comes again gets a column of its own.
    pub(super) fn fields(&self, names: &[&str]) -> Vec<FieldId> {
        let mut fields = Vec::with_capacity(names.len());
        for name in names {
            let mut field = self.catalog.header_field(name);
            let mut times = 2;
            while fields.contains(&field) {
                field = self.catalog.extra(&format!("{name} ({times})"));
                times += 1;
            }
            fields.push(field);
        }
        fields
    }

    fn default_format(&self) -> Arc<Layout> {
        self.intern(DEFAULT_FORMAT.to_vec(), None)
    }

    fn intern(&self, fields: Vec<FieldId>, header: Option<&str>) -> Arc<Layout> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let same = known
            .iter()
            .find(|layout| layout.header.as_deref() == header && layout.fields == fields);
        if let Some(layout) = same {
            return Arc::clone(layout);
        }
        let header = header.map(str::to_owned);
        known.push(Arc::new(Layout { fields, header }));
        Arc::clone(&known[known.len() - 1])
    }
}

/// What the names follow in the extended log format of the W3C.
const W3C_FIELDS: &str = "#Fields:";

impl<'a> Tracker<'a> {
    /// At the beginning of a file.
    pub(super) fn new(layouts: &'a Layouts) -> Self {
        Self {
            layouts,
            current: layouts.given.clone(),
        }
    }

    /// In the middle of a file, where `layout` is in force.
    pub(super) fn at(layouts: &'a Layouts, layout: Option<Arc<Layout>>) -> Self {
        Self {
            layouts,
            current: layout,
        }
    }

    /// The layout in force.
    pub(super) fn layout(&self) -> Option<&Arc<Layout>> {
        self.current.as_ref()
    }

    /// Whether a line that begins with `byte` may change the layout in force.
    pub(super) fn may_change(&self, byte: u8) -> bool {
        self.current.is_none() || byte.is_ascii_alphabetic() || byte == b'#'
    }

    /// Looks at a line that is about to be read.
    pub(super) fn meet(&mut self, line: &str) -> Meeting {
        let first = line.as_bytes().first().copied().unwrap_or(b' ');
        let may_be_header = first.is_ascii_alphabetic() || line.starts_with(W3C_FIELDS);
        if let (true, Some(layout)) = (may_be_header, self.layouts.header(line)) {
            self.current = Some(layout);
            return Meeting::Header;
        }
        match words(line).next() {
            None => return Meeting::Blank,
            Some(word) if word.starts_with('#') => return Meeting::Comment,
            Some(_) => {}
        }
        if self.current.is_none() && has_default_shape(line) {
            self.current = Some(self.layouts.default_format());
        }
        Meeting::Words
    }

    /// As [`Tracker::meet`], of bytes, for one who only wants to know the layout in force.
    pub(super) fn pass(&mut self, line: &[u8]) {
        if line.len() > LINE_BYTES || line.contains(&0) {
            return;
        }
        if let Ok(line) = str::from_utf8(line) {
            self.meet(line);
        }
    }
}

/// Whether a word is spelled as names of fields are: a letter, then letters, digits, `-`, `_` and `.`.
fn is_name(word: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    word.bytes().all(inner)
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// Whether a word that nobody knows as a name is rather a value: an id, a word of a closed list, or in capitals.
fn is_value(word: &str) -> bool {
    // `instance-tag-3` would be a name: the digits are a counter behind a name.
    let (stem, counter) = word.rsplit_once(['-', '_']).unwrap_or((word, ""));
    let counts = counter.len() == 1 && schema::lookup_header(stem).is_some();
    let digits = word.bytes().any(|byte| byte.is_ascii_digit());
    let capitals = !word.bytes().any(|byte| byte.is_ascii_lowercase());
    capitals || digits && !counts || is_choice(word)
}

fn is_choice(word: &str) -> bool {
    FIELDS.iter().any(|def| match def.kind {
        Kind::Choice(words) => words.contains(&word),
        _ => false,
    })
}

/// Whether a line has the words of the default format, version 2, where its numbers and addresses are.
fn has_default_shape(line: &str) -> bool {
    let mut words = words(line);
    let mut wrong = 0;
    for field in DEFAULT_FORMAT {
        let Some(word) = words.next() else {
            return false;
        };
        let value = value::read(field, word);
        let needed = [id::VERSION, id::START, id::END].contains(&field);
        wrong += usize::from(value.is_none() || needed && value == Some(Value::Missing));
    }
    wrong <= WRONG_ALLOWED && words.next().is_none_or(|word| word.starts_with('#'))
}

impl fmt::Display for BadLogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = crate::format::visible(&self.word);
        write!(
            f,
            "log format: `{word}` is no order of fields; give names of fields with spaces between, as AWS shows them: \
             ${{version}} ${{account-id}} ${{interface-id}} …"
        )
    }
}

impl std::error::Error for BadLogFormat {}
