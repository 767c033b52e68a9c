//! The file of saved filters, `name = "filter"`, which people edit too.
//!
//! A change replaces only its own entry; comments, order and spelling of everything else stay.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use thiserror::Error;
use toml::de::{DeTable, DeValue};

use super::problem::{FileProblem, Problem};
use super::state_file::StateFile;
use crate::export::json;
use crate::format;
use crate::query::Saved;
use crate::schema;

const MAX_FILE_BYTES: u64 = 1 << 20;
const MAX_NAME_CHARS: usize = 40;

const FILE_HEADER: &str = "\
# Saved filters: name = \"filter\". Write $name in the filter bar or after --filter to use one.
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

struct Document<'a> {
    text: &'a str,
    entries: Vec<FilterEntry>,
}

/// One `name = "filter"` of the file.
struct FilterEntry {
    name: String,
    filter: String,
    /// Bytes of the name.
    key: Range<usize>,
    /// Bytes of the value.
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
        let mut entries = Vec::new();
        for (key, value) in table.get_ref() {
            let name = key.get_ref().to_string();
            let DeValue::String(filter) = value.get_ref() else {
                return Err(Located {
                    offset: key.span().start,
                    kind: FileProblem::NotAFilter(name),
                });
            };
            entries.push(FilterEntry {
                name,
                filter: filter.to_string(),
                key: key.span(),
                value: value.span(),
            });
        }
        Ok(Self { text, entries })
    }

    fn find(&self, name: &str) -> Option<&FilterEntry> {
        let mut entries = self.entries.iter();
        entries.find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The names and filters of all other entries.
    fn others(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let differs = move |entry: &&FilterEntry| !entry.name.eq_ignore_ascii_case(name);
        let others = self.entries.iter().filter(differs);
        others.map(|other| (other.name.as_str(), other.filter.as_str()))
    }

    /// The text of the file with `saved` added or replaced.
    fn with(&self, saved: &Saved) -> String {
        let literal = literal(&saved.text);
        if let Some(old) = self.find(&saved.name) {
            return self.replaced(old.value.clone(), &literal);
        }
        let mut text = if self.text.trim().is_empty() {
            FILE_HEADER.to_owned()
        } else {
            self.text.to_owned()
        };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        format!("{text}{} = {literal}\n", saved.name)
    }

    /// The text of the file without the entry `name`.
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

/// `filter` as a TOML string: in `'` if it contains quotes or backslashes, so that it stays as it was typed.
fn literal(filter: &str) -> String {
    let is_plain = matches!(format::visible(filter), Cow::Borrowed(_));
    if is_plain && filter.contains(['"', '\\']) && !filter.contains('\'') {
        return format!("'{filter}'");
    }
    // JSON and TOML escape alike, except that JSON writes a character beyond U+FFFF as two surrogates.
    let mut literal = String::from('"');
    for c in filter.chars() {
        let quoted = json::string(c.encode_utf8(&mut [0; 4]));
        let inner = quoted
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let inner = inner.unwrap_or(&quoted);
        if c > '\u{ffff}' && inner.starts_with('\\') {
            let _ = write!(literal, "\\U{:08x}", u32::from(c));
        } else {
            literal.push_str(inner);
        }
    }
    literal.push('"');
    literal
}

/// The filters of the file sorted by name, and why others were left out.
pub(super) fn read(file: &StateFile) -> Result<(Vec<Saved>, Vec<Problem>), Problem> {
    let text = text(file, file.read(MAX_FILE_BYTES)?)?;
    let document = Document::parse(&text).map_err(|found| found.in_file(file, &text))?;
    let (mut saved, mut problems) = (Vec::new(), Vec::new());
    for FilterEntry {
        name, filter, key, ..
    } in document.entries
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
                problems.push(Located { offset, kind }.in_file(file, &text));
            }
        }
    }
    saved.sort_by_key(|saved| saved.name.to_ascii_lowercase());
    Ok((saved, problems))
}

/// Adds a filter to the file, or replaces the one of the same name.
pub(super) fn save(file: &StateFile, saved: &Saved) -> Result<(), Problem> {
    edit(file, &saved.name, Some(&saved.text), |document| {
        document.with(saved)
    })
}

/// Removes a filter from the file.
pub(super) fn unsave(file: &StateFile, name: &str) -> Result<(), Problem> {
    edit(file, name, None, |document| document.without(name))
}

/// Changes the file so that `name` stands for `filter`, or for nothing.
fn edit(
    file: &StateFile,
    name: &str,
    filter: Option<&str>,
    change: impl Fn(&Document<'_>) -> String,
) -> Result<(), Problem> {
    file.rewrite(MAX_FILE_BYTES, |bytes| {
        let old = text(file, bytes)?;
        let document = Document::parse(&old).map_err(|found| found.in_file(file, &old))?;
        let new = change(&document);
        // The file belongs to the user: never write what would not read back as intended.
        let is_as_intended = Document::parse(&new).is_ok_and(|changed| {
            let found = changed.find(name).map(|found| found.filter.as_str());
            found == filter && changed.others(name).eq(document.others(name))
        });
        if is_as_intended {
            Ok(new.into_bytes())
        } else {
            Err(file.problem(FileProblem::NotEditable))
        }
    })
}

fn text(file: &StateFile, bytes: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(bytes).map_err(|error| Problem::File {
        file: file.shown().to_owned(),
        line: Some(line(error.as_bytes(), error.utf8_error().valid_up_to())),
        kind: FileProblem::NotUtf8,
    })
}

impl Located {
    fn in_file(self, file: &StateFile, text: &str) -> Problem {
        Problem::File {
            file: file.shown().to_owned(),
            line: Some(line(text.as_bytes(), self.offset)),
            kind: self.kind,
        }
    }
}

/// The line of the byte `at`, from 1.
fn line(bytes: &[u8], at: usize) -> usize {
    let before = bytes.iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}
