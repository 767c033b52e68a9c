//! `flowdeck explain`: a field, or one record as a sentence and value by value.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::failure::{Failure, Outcome, Verdict};
use super::interrupt::Interrupt;
use super::load;
use super::names;
use super::options::AnswerFormat;
use super::output::Destination;
use super::output::wrap;
use crate::export::json;
use crate::format;
use crate::format::InternalError;
use crate::schema::FieldId;
use crate::store::{Catalog, RowId, Store};
use crate::teach;
use crate::teach::{Explanation, Page};

/// The indentation of paragraphs under their labels, in columns.
const INDENT: usize = 4;
/// Longer names of columns do not widen the others.
const MAX_NAME_WIDTH: usize = 60;

/// Explain a field or a record
///
/// A field is explained by its glossary entry, a record as a sentence and value by value.
#[derive(Args, Clone, Debug)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["field", "record"]))]
pub(super) struct Explain {
    /// Name of a field, in any of its spellings
    #[arg(value_name = "FIELD")]
    field: Option<String>,

    /// One line of a flow log, in quotes
    #[arg(long, value_name = "LINE")]
    record: Option<String>,

    /// Order of the fields in the line, if not that of version 2: as AWS shows it ('${version} ${account-id} …'),
    /// as bare names, or as @FILE with the JSON of describe-flow-logs, Terraform or another text that has it
    #[arg(long, value_name = "STRING", requires = "record")]
    log_format: Option<String>,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    output: AnswerFormat,
}

/// The output of `--output json` for a field.
#[derive(Serialize)]
struct PageDocument<'a> {
    name: &'a str,
    column: &'a str,
    version: Option<u8>,
    origin: &'a str,
    paragraphs: Vec<ParagraphDocument<'a>>,
}

#[derive(Serialize)]
struct ParagraphDocument<'a> {
    label: &'a str,
    text: &'a str,
}

/// The output of `--output json` for a record.
#[derive(Serialize)]
struct RecordDocument<'a> {
    sentence: &'a str,
    fields: Vec<FactDocument<'a>>,
}

#[derive(Serialize)]
struct FactDocument<'a> {
    name: &'a str,
    value: Option<&'a str>,
    decoded: Option<&'a str>,
    meaning: &'a str,
    missing: Option<&'a str>,
}

impl Explain {
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let text = match (&self.field, &self.record) {
            (Some(name), _) => {
                let field = names::field(&Catalog::default(), "explain", name)?;
                self.field_text(field)?
            }
            (None, record) => {
                let line = record.as_deref().unwrap_or_default();
                let store = load::line(line, self.log_format.as_deref(), interrupt)?;
                self.record_text(&store)
            }
        };
        Destination::stdout().write(interrupt, |out| out.write_all(text.as_bytes()))?;
        Ok(Verdict::Found)
    }

    fn field_text(&self, field: FieldId) -> Result<String, Failure> {
        let page = teach::page(field);
        let page =
            page.ok_or_else(|| InternalError::new("a field has no entry in the glossary"))?;
        Ok(match self.output {
            AnswerFormat::Table => page_text(&page),
            AnswerFormat::Json => document(&PageDocument::of(&page, field)),
        })
    }

    fn record_text(&self, store: &Store) -> String {
        let explanation = teach::explain(store, RowId(0));
        match self.output {
            AnswerFormat::Table => explanation_text(&explanation),
            AnswerFormat::Json => document(&RecordDocument::of(&explanation)),
        }
    }
}

fn document(document: &impl Serialize) -> String {
    let text = serde_json::to_string(document).expect("strings and numbers are JSON");
    format!("{}\n", json::escape(&text))
}

fn page_text(page: &Page) -> String {
    let mut out = format!("{}\n", page.name);
    out += &wrap(&page.origin, INDENT);
    for paragraph in &page.paragraphs {
        out.push('\n');
        if !paragraph.label.is_empty() {
            let _ = writeln!(out, "{}", paragraph.label);
        }
        out += &wrap(&paragraph.text, INDENT);
    }
    out
}

fn explanation_text(explanation: &Explanation) -> String {
    let mut out = wrap(&explanation.sentence, 0);
    let facts = explanation.facts.iter();
    let widths = facts.map(|fact| format::visible(&fact.name).width());
    let width = widths.max().unwrap_or(0).min(MAX_NAME_WIDTH) + 2;
    for fact in &explanation.facts {
        let (name, value) = (format::visible(&fact.name), format::visible(&fact.value));
        let _ = write!(out, "\n{name:<width$}{value}");
        if let Some(decoded) = &fact.decoded {
            let _ = write!(out, "  {}", format::visible(decoded));
        }
        out.push('\n');
        out += &wrap(fact.meaning, width);
        if let Some(why) = fact.missing {
            out += &wrap(why, width);
        }
    }
    out
}

impl<'a> PageDocument<'a> {
    fn of(page: &'a Page, field: FieldId) -> Self {
        let def = field.def();
        let paragraphs = page.paragraphs.iter();
        Self {
            name: page.name,
            column: def.map_or(page.name, |def| def.column),
            version: def.map(|def| def.version).filter(|version| *version > 0),
            origin: &page.origin,
            paragraphs: paragraphs
                .map(|paragraph| ParagraphDocument {
                    label: paragraph.label,
                    text: &paragraph.text,
                })
                .collect(),
        }
    }
}

impl<'a> RecordDocument<'a> {
    fn of(explanation: &'a Explanation) -> Self {
        let facts = explanation.facts.iter();
        Self {
            sentence: &explanation.sentence,
            fields: facts
                .map(|fact| FactDocument {
                    name: &fact.name,
                    value: fact.missing.is_none().then_some(fact.value.as_str()),
                    decoded: fact.decoded.as_deref(),
                    meaning: fact.meaning,
                    missing: fact.missing,
                })
                .collect(),
        }
    }
}
