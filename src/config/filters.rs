//! The file of the filters that have a name: `name = "filter"`, written and read by people too.
//!
//! It is changed where it has to be: comments, order and spelling of everything else stay.

use std::borrow::Cow;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::file::Place;
use crate::export::json;
use crate::format;
use crate::query::Saved;
use crate::schema;

/// A file of more bytes is left alone.
const FILE_BYTES: u64 = 1 << 20;
/// The most characters of a name.
const NAME: usize = 40;

/// What a new file says first.
const HEAD: &str = "\
# Filters that have a name: name = \"filter\". In the filter bar and after --filter, $name stands for the filter.
";

/// Why `name` cannot be the name of a filter; none where it can.
pub fn fault_of_name(name: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() {
        return Some("a filter needs a name".into());
    }
    if !name.chars().all(allowed) {
        return Some("a name has letters a–z, digits, - and _".into());
    }
    if name.len() > NAME {
        return Some(format!("a name has at most {NAME} characters"));
    }
    schema::lookup(name).map(|field| {
        let field = field.def().map_or(name, |def| def.name);
        format!("${name} is the {field} of the record under the cursor")
    })
}

/// What the file says.
struct Document<'a> {
    text: &'a str,
    rows: Vec<Row>,
}

/// A row of the file.
struct Row {
    name: String,
    filter: String,
    /// Where the name stands.
    key: Range<usize>,
    /// Where the filter stands.
    value: Range<usize>,
}

/// Where a file is wrong, in bytes, and how.
type Fault = (usize, String);

impl<'a> Document<'a> {
    fn parse(text: &'a str) -> Result<Self, Fault> {
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            (at, error.message().replace('\n', "; "))
        })?;
        let mut rows = Vec::new();
        for (key, value) in table.get_ref() {
            let name = key.get_ref().to_string();
            let DeValue::String(filter) = value.get_ref() else {
                let fault = format!("{name} is no filter: write {name} = \"…\"");
                return Err((key.span().start, fault));
            };
            rows.push(Row {
                name,
                filter: filter.to_string(),
                key: key.span(),
                value: value.span(),
            });
        }
        Ok(Self { text, rows })
    }

    fn find(&self, name: &str) -> Option<&Row> {
        let mut rows = self.rows.iter();
        rows.find(|row| row.name.eq_ignore_ascii_case(name))
    }

    /// The names and filters but for those of `name`.
    fn others(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let differs = move |row: &&Row| !row.name.eq_ignore_ascii_case(name);
        let others = self.rows.iter().filter(differs);
        others.map(|other| (other.name.as_str(), other.filter.as_str()))
    }

    /// The text with `saved` in it.
    fn with(&self, saved: &Saved) -> String {
        let literal = literal(&saved.text);
        if let Some(old) = self.find(&saved.name) {
            return self.replaced(old.value.clone(), &literal);
        }
        let mut text = if self.text.trim().is_empty() {
            HEAD.to_owned()
        } else {
            self.text.to_owned()
        };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        format!("{text}{} = {literal}\n", saved.name)
    }

    /// The text without the row of `name`.
    fn without(&self, name: &str) -> String {
        let Some(old) = self.find(name) else {
            return self.text.to_owned();
        };
        let before = self.text.get(..old.key.start).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let after = self.text.get(old.value.end..).unwrap_or_default();
        let end = after.find('\n').map_or(after.len(), |end| end + 1);
        self.replaced(start..old.value.end + end, "")
    }

    fn replaced(&self, range: Range<usize>, new: &str) -> String {
        let before = self.text.get(..range.start).unwrap_or_default();
        let after = self.text.get(range.end..).unwrap_or_default();
        format!("{before}{new}{after}")
    }
}

/// `filter` as a string of TOML: between `'` where it has quotes or backslashes itself, so that it stays as it
/// was typed.
fn literal(filter: &str) -> String {
    let is_plain = matches!(format::visible(filter), Cow::Borrowed(_));
    if is_plain && filter.contains(['"', '\\']) && !filter.contains('\'') {
        return format!("'{filter}'");
    }
    // A string of JSON is one of TOML: what acts on a terminal, DEL among it, has four digits in both.
    json::string(filter)
}

/// The filters of the file, in the order of their names, and what is wrong with those that are left out.
pub(super) fn read(place: &Place) -> Result<(Vec<Saved>, Vec<String>), String> {
    let text = text(place, place.read(FILE_BYTES)?)?;
    let document = Document::parse(&text).map_err(|fault| at(place, &text, &fault))?;
    let (mut saved, mut faults) = (Vec::new(), Vec::new());
    for Row {
        name, filter, key, ..
    } in document.rows
    {
        let mut others = saved.iter();
        let other = others.find(|other: &&Saved| other.name.eq_ignore_ascii_case(&name));
        let taken = other.map(|other| format!("{name} and {} are one name", other.name));
        match fault_of_name(&name).or(taken) {
            Some(fault) => faults.push(at(place, &text, &(key.start, fault))),
            None => saved.push(Saved { name, text: filter }),
        }
    }
    saved.sort_by_key(|saved| saved.name.to_ascii_lowercase());
    Ok((saved, faults))
}

/// Puts a filter into the file, in place of one of the same name.
pub(super) fn save(place: &Place, saved: &Saved) -> Result<(), String> {
    edit(place, &saved.name, Some(&saved.text), |document| {
        document.with(saved)
    })
}

/// Takes a filter out of the file.
pub(super) fn unsave(place: &Place, name: &str) -> Result<(), String> {
    edit(place, name, None, |document| document.without(name))
}

/// Makes a change of the file, after which `name` stands for `filter`.
fn edit(
    place: &Place,
    name: &str,
    filter: Option<&str>,
    change: impl Fn(&Document<'_>) -> String,
) -> Result<(), String> {
    place.rewrite(FILE_BYTES, |bytes| {
        let old = text(place, bytes)?;
        let document = Document::parse(&old).map_err(|fault| at(place, &old, &fault))?;
        let new = change(&document);
        // The file belongs to its writer: what would not read as meant does not get there.
        let is_meant = Document::parse(&new).is_ok_and(|changed| {
            let found = changed.find(name).map(|found| found.filter.as_str());
            found == filter && changed.others(name).eq(document.others(name))
        });
        if is_meant {
            Ok(new.into_bytes())
        } else {
            let shown = place.shown();
            Err(format!(
                "{shown} is written in a way that has to be changed by hand"
            ))
        }
    })
}

fn text(place: &Place, bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = line(error.as_bytes(), valid);
        format!("{}:{line}: this is not UTF-8", place.shown())
    })
}

/// A fault with the file and the line.
fn at(place: &Place, text: &str, (at, fault): &Fault) -> String {
    let line = line(text.as_bytes(), *at);
    format!("{}:{line}: {}", place.shown(), format::visible(fault))
}

/// The line of the byte `at`, counted from 1.
fn line(bytes: &[u8], at: usize) -> usize {
    let before = bytes.iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}
