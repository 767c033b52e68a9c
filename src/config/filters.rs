//! The file of the filters that have a name: `name = "filter"`, written and read by people too.
//!
//! It is changed where it has to be: comments, order and spelling of everything else stay.

use std::borrow::Cow;
use std::ops::Range;

use thiserror::Error;
use toml::de::{DeTable, DeValue};

use super::file::Place;
use super::problem::{FileProblem, Problem};
use crate::export::json;
use crate::format;
use crate::query::Saved;
use crate::schema;

/// A file of more bytes is left alone.
const FILE_BYTES: u64 = 1 << 20;
/// The most characters of a name.
const MAX_NAME_CHARS: usize = 40;

/// How a new file begins.
const HEAD: &str = "\
# Filters that have a name: name = \"filter\". In the filter bar and after --filter, $name stands for the filter.
";

/// Why a name cannot be that of a filter.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NameProblem {
    /// There is none.
    #[error("a filter needs a name")]
    Empty,
    /// It has other characters than these.
    #[error("a name may only have letters a–z, digits, - and _")]
    BadCharacter,
    /// It is too long.
    #[error("a name may have at most {MAX_NAME_CHARS} characters")]
    TooLong,
    /// It is that of a field.
    #[error("${name} already stands for the {field} of the selected record")]
    Field {
        /// As it was given.
        name: String,
        /// As AWS spells the field.
        field: String,
    },
    /// The file has it twice, perhaps in another case.
    #[error("{name} and {other} are the same name")]
    Twice {
        /// As it stands first.
        name: String,
        /// As it stands later.
        other: String,
    },
}

/// Whether `name` can be the name of a filter.
///
/// # Errors
///
/// When it has other characters, is too long, or is the name of a field.
pub fn check_name(name: &str) -> Result<(), NameProblem> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() {
        return Err(NameProblem::Empty);
    }
    if !name.chars().all(allowed) {
        return Err(NameProblem::BadCharacter);
    }
    if name.len() > MAX_NAME_CHARS {
        return Err(NameProblem::TooLong);
    }
    match schema::lookup(name) {
        Some(field) => Err(NameProblem::Field {
            name: name.to_owned(),
            field: field.def().map_or(name, |def| def.name).to_owned(),
        }),
        None => Ok(()),
    }
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

/// What is wrong with a file, and at which byte.
struct Located {
    offset: usize,
    kind: FileProblem,
}

impl<'a> Document<'a> {
    fn parse(text: &'a str) -> Result<Self, Located> {
        let table = DeTable::parse(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let kind = FileProblem::NotToml(error.message().replace('\n', "; "));
            Located { offset, kind }
        })?;
        let mut rows = Vec::new();
        for (key, value) in table.get_ref() {
            let name = key.get_ref().to_string();
            let DeValue::String(filter) = value.get_ref() else {
                return Err(Located {
                    offset: key.span().start,
                    kind: FileProblem::NotAFilter(name),
                });
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
pub(super) fn read(place: &Place) -> Result<(Vec<Saved>, Vec<Problem>), Problem> {
    let text = text(place, place.read(FILE_BYTES)?)?;
    let document = Document::parse(&text).map_err(|found| found.in_file(place, &text))?;
    let (mut saved, mut problems) = (Vec::new(), Vec::new());
    for Row {
        name, filter, key, ..
    } in document.rows
    {
        let mut others = saved.iter();
        let other = others.find(|other: &&Saved| other.name.eq_ignore_ascii_case(&name));
        let checked = check_name(&name).and_then(|()| match other {
            Some(other) => Err(NameProblem::Twice {
                name: name.clone(),
                other: other.name.clone(),
            }),
            None => Ok(()),
        });
        match checked {
            Ok(()) => saved.push(Saved { name, text: filter }),
            Err(problem) => {
                let (offset, kind) = (key.start, problem.into());
                problems.push(Located { offset, kind }.in_file(place, &text));
            }
        }
    }
    saved.sort_by_key(|saved| saved.name.to_ascii_lowercase());
    Ok((saved, problems))
}

/// Puts a filter into the file, in place of one of the same name.
pub(super) fn save(place: &Place, saved: &Saved) -> Result<(), Problem> {
    edit(place, &saved.name, Some(&saved.text), |document| {
        document.with(saved)
    })
}

/// Takes a filter out of the file.
pub(super) fn unsave(place: &Place, name: &str) -> Result<(), Problem> {
    edit(place, name, None, |document| document.without(name))
}

/// Makes a change of the file, after which `name` stands for `filter`.
fn edit(
    place: &Place,
    name: &str,
    filter: Option<&str>,
    change: impl Fn(&Document<'_>) -> String,
) -> Result<(), Problem> {
    place.rewrite(FILE_BYTES, |bytes| {
        let old = text(place, bytes)?;
        let document = Document::parse(&old).map_err(|found| found.in_file(place, &old))?;
        let new = change(&document);
        // The file belongs to its writer: what would not read as meant does not get there.
        let is_meant = Document::parse(&new).is_ok_and(|changed| {
            let found = changed.find(name).map(|found| found.filter.as_str());
            found == filter && changed.others(name).eq(document.others(name))
        });
        if is_meant {
            Ok(new.into_bytes())
        } else {
            Err(place.problem(FileProblem::NotEditable))
        }
    })
}

fn text(place: &Place, bytes: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(bytes).map_err(|error| Problem::File {
        file: place.shown().to_owned(),
        line: Some(line(error.as_bytes(), error.utf8_error().valid_up_to())),
        kind: FileProblem::NotUtf8,
    })
}

impl Located {
    fn in_file(self, place: &Place, text: &str) -> Problem {
        Problem::File {
            file: place.shown().to_owned(),
            line: Some(line(text.as_bytes(), self.offset)),
            kind: self.kind,
        }
    }
}

/// The line of the byte `at`, counted from 1.
fn line(bytes: &[u8], at: usize) -> usize {
    let before = bytes.iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}
