//! Which columns the lines of a file have: from a header, from `--log-format`, or from the shape of the words.

mod around;
pub(crate) mod log_formats;
mod named;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::words::words;
use super::zone::InputZone;
use crate::schema::{self, FIELDS, FieldId, Kind};
use crate::store::{Catalog, Layout, LineStyle};
use log_formats::Orders;
pub(crate) use named::has_record_time;

/// More words than this are no header.
pub(crate) const MAX_FIELDS: usize = 512;
/// A longer word is no name in a header line, in bytes.
const MAX_NAME_BYTES: usize = 256;
/// More names that only files know are not taken in.
const MAX_EXTRA_NAMES: usize = 4096;
/// So many fields in a header show that it is one of a flow log.
pub(crate) const FIELDS_OF_FLOW_LOG: usize = 3;

/// The time of an event of `CloudWatch`, as Logs Insights and `OpenSearch` call it. It is the start of the record.
pub(crate) const EVENT_TIME: &str = "@timestamp";

/// The layouts of a load, each held once, and the names behind them.
#[derive(Debug)]
pub(crate) struct Layouts {
    pub(crate) catalog: Arc<Catalog>,
    /// What `--log-format` says.
    pub(crate) given: Option<Arc<Layout>>,
    /// What is known of the files of some paths.
    orders: Orders,
    /// The zone of times that name none.
    zone: InputZone,
    met: Mutex<Met>,
}

/// The layouts seen so far.
#[derive(Debug, Default)]
struct Met {
    all: HashSet<Arc<Layout>>,
    /// Those of headers of text, by the header.
    by_header: HashMap<String, Arc<Layout>>,
}

/// The text given as the order of the fields is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLogFormat {
    word: String,
}

/// What a line is for the question which columns there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineClass {
    Blank,
    Comment,
    /// The layout is a new one from here on, or the same again.
    Header,
    Words,
}

impl Layouts {
    /// No layout yet but the given one.
    pub(crate) fn new(
        catalog: Arc<Catalog>,
        log_format: Option<&str>,
    ) -> Result<Self, BadLogFormat> {
        let mut layouts = Self {
            catalog,
            given: None,
            orders: Orders::default(),
            zone: InputZone::default(),
            met: Mutex::default(),
        };
        if let Some(text) = log_format {
            layouts.given = Some(layouts.parse_format(text)?);
        }
        Ok(layouts)
    }

    /// The same, where times that name no zone are in `zone`.
    pub(crate) fn in_zone(self, zone: InputZone) -> Self {
        Self { zone, ..self }
    }

    /// The zone of times that name none.
    pub(crate) fn zone(&self) -> InputZone {
        self.zone
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
        if !known || names.len() > MAX_FIELDS {
            return Err(bad(text));
        }
        Ok(self.intern(self.fields(&names), None, LineStyle::Words))
    }

    /// The layout of a header line, if it is one.
    pub(crate) fn header(&self, line: &str) -> Option<Arc<Layout>> {
        // Nearly all files of a folder have the same header.
        if let Some(layout) = self.met().by_header.get(line) {
            return Some(Arc::clone(layout));
        }
        let (names, known) = names_of_header(line)?;
        let unknown = names.len() - known;
        if unknown > 0 && self.catalog.extra_names().len() + unknown > MAX_EXTRA_NAMES {
            return None;
        }
        Some(self.intern(self.fields(&names), Some(line), LineStyle::Words))
    }

    /// Whether a line is a header.
    pub(crate) fn is_header(&self, line: &str) -> bool {
        self.met().by_header.contains_key(line) || names_of_header(line).is_some()
    }

    fn met(&self) -> MutexGuard<'_, Met> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many names that only files know may still be taken in.
    pub(crate) fn names_left(&self) -> usize {
        MAX_EXTRA_NAMES.saturating_sub(self.catalog.extra_names().len())
    }

    /// The layout of columns, which no line names.
    pub(crate) fn of_fields(&self, fields: Vec<FieldId>) -> Arc<Layout> {
        self.intern(fields, None, LineStyle::Words)
    }

    /// The fields of names. A name that comes again gets a column of its own.
    pub(crate) fn fields(&self, names: &[&str]) -> Vec<FieldId> {
        let mut fields = Vec::with_capacity(names.len());
        let known: Vec<FieldId> = names
            .iter()
            .filter_map(|name| schema::lookup_header(name))
            .collect();
        for name in names {
            let of_filter = schema::metric_filter_field(name)
                .filter(|field| known.len() >= FIELDS_OF_FLOW_LOG && !known.contains(field));
            let mut field = of_filter.unwrap_or_else(|| self.catalog.header_field(name));
            let mut times = 2;
            while fields.contains(&field) {
                field = self.catalog.extra(&format!("{name} ({times})"));
                times += 1;
            }
            fields.push(field);
        }
        fields
    }

    pub(crate) fn intern(
        &self,
        fields: Vec<FieldId>,
        header: Option<&str>,
        style: LineStyle,
    ) -> Arc<Layout> {
        let layout = Layout {
            fields,
            header: header.map(str::to_owned),
            style,
        };
        let mut met = self.met();
        if let Some(known) = met.all.get(&layout) {
            return Arc::clone(known);
        }
        let layout = Arc::new(layout);
        met.all.insert(Arc::clone(&layout));
        if let (Some(header), LineStyle::Words) = (header, style) {
            met.by_header.insert(header.to_owned(), Arc::clone(&layout));
        }
        layout
    }
}

/// What the names follow in the extended log format of the W3C.
pub(crate) const W3C_FIELDS: &str = "#Fields:";

/// The names of a header line, and how many of them are known, if it is one.
fn names_of_header(line: &str) -> Option<(Vec<&str>, usize)> {
    let first = line.as_bytes().first().copied().unwrap_or(b' ');
    let names = line.strip_prefix(W3C_FIELDS);
    if !first.is_ascii_alphabetic() && names.is_none() {
        return None;
    }
    let names: Vec<&str> = words(names.unwrap_or(line)).take(MAX_FIELDS + 1).collect();
    // Looking up a long word costs time for each of its bytes.
    if names.iter().any(|name| name.len() > MAX_NAME_BYTES) {
        return None;
    }
    let mut known = 0;
    for name in &names {
        match schema::lookup_header(name) {
            Some(_) => known += 1,
            None if is_name(name) && !is_value(name) => {}
            None => return None,
        }
    }
    (known > 0 && names.len() <= MAX_FIELDS).then_some((names, known))
}

/// Whether a word is spelled as names of fields are: a letter, then letters, digits, `-`, `_` and `.`.
pub(crate) fn is_name(word: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    word.bytes().all(inner)
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// Whether a word that is not a known name is more likely a value: an id, a word of a closed list, or in capitals.
pub(crate) fn is_value(word: &str) -> bool {
    // `instance-tag-3` would be a name: the digits are a counter behind a name.
    let (stem, counter) = word.rsplit_once(['-', '_']).unwrap_or((word, ""));
    let counts = counter.len() == 1 && schema::lookup_header(stem).is_some();
    let digits = word.bytes().any(|byte| byte.is_ascii_digit());
    let capitals = !word.bytes().any(|byte| byte.is_ascii_lowercase());
    capitals || digits && !counts || is_choice(word)
}

/// What programs put before the number of a column that has no name, in its normal spelling.
const MADE_UP: [&str; 4] = ["col", "column", "field", "unnamed:"];

/// Whether a name says only which column it is: `_col2` of Athena, `_c2` of Spark, `Unnamed: 0` of pandas.
pub(crate) fn is_made_up(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_numbered = stem.len() < name.len();
    is_numbered && (stem == "_c" || MADE_UP.contains(&&*schema::normalize(stem)))
}

fn is_choice(word: &str) -> bool {
    FIELDS.iter().any(|def| match def.kind {
        Kind::Choice(words) => words.contains(&word),
        _ => false,
    })
}

impl fmt::Display for BadLogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = crate::format::visible(&self.word);
        write!(
            f,
            "`{word}` is not a list of field names; write them as AWS does, separated by spaces: \
             ${{version}} ${{account-id}} ${{interface-id}} …"
        )
    }
}

impl std::error::Error for BadLogFormat {}
