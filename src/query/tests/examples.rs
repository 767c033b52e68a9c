//! Checks the documented examples of the language in `tests/filters/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::*;
use crate::store::RowId;

/// A file of examples, with the context of its filters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    /// The topic of the file, in a sentence.
    says: String,
    /// The selected record, as `field=value` words.
    record: Option<String>,
    /// The fields of the loaded files; empty where nothing is loaded.
    #[serde(default)]
    fields: Vec<String>,
    /// The earliest start and the latest end of the data.
    span: Option<(u64, u64)>,
    /// The saved filters.
    #[serde(default)]
    saved: Vec<Named>,
    example: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    text: String,
}

/// A filter and the result of compiling it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    /// The text, as typed.
    filter: String,
    /// Its canonical form.
    is: Option<String>,
    /// The error, once its last word is finished.
    error: Option<String>,
    warning: Option<String>,
    /// The problem while its end is being typed.
    unfinished: Option<String>,
    /// The place of the diagnostic: a text or a column; by default the end of the filter.
    at: Option<At>,
    suggestion: Option<String>,
    /// What it shows, in a sentence.
    says: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum At {
    Text(String),
    Column(usize),
}

/// Every file of examples by its name.
fn pages() -> Vec<(String, Page)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/filters");
    let mut pages: Vec<(String, Page)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let page = toml::from_str(&text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            (name, page)
        })
        .collect();
    pages.sort_by(|(a, _), (b, _)| a.cmp(b));
    pages
}

impl Page {
    /// Calls `with` with the context of the page.
    fn within<T>(&self, with: impl FnOnce(&Context<'_>) -> T) -> T {
        let record = self.record.iter().map(|text| records::record(text));
        let store = records::store(&record.collect::<Vec<_>>(), 1);
        let catalog = &store.catalog;
        catalog.header_field("odd:name");
        let field = |name: &String| catalog.lookup(name).unwrap_or_else(|| panic!("{name}"));
        let fields: Vec<FieldId> = self.fields.iter().map(field).collect();
        let saved: Vec<Saved> = self
            .saved
            .iter()
            .map(|named| Saved {
                name: named.name.clone(),
                text: named.text.clone(),
            })
            .collect();
        with(&Context {
            catalog,
            fields: &fields,
            sources: &[],
            span: self.span,
            selected: self.record.as_ref().map(|_| Selected {
                store: &store,
                row: RowId(0),
            }),
            saved: &saved,
        })
    }
}

impl Example {
    /// The expected message and its severity.
    fn said(&self) -> Option<(Severity, &str)> {
        let said = [
            (Severity::Error, &self.error),
            (Severity::Warning, &self.warning),
            (Severity::Incomplete, &self.unfinished),
        ];
        said.into_iter()
            .find_map(|(severity, message)| Some((severity, message.as_deref()?)))
    }

    /// The bytes of the diagnostic.
    fn span(&self) -> std::ops::Range<usize> {
        let end = self.filter.trim_end().len();
        match &self.at {
            None => end..end,
            Some(At::Column(column)) => *column..*column,
            Some(At::Text(text)) => {
                let found: Vec<usize> = self.filter.match_indices(text).map(|(at, _)| at).collect();
                assert!(!found.is_empty(), "{text} is not in {}", self.filter);
                // The last one, if the text occurs more than once.
                let at = found[found.len() - 1];
                at..at + text.len()
            }
        }
    }

    /// The differences between the example and the result.
    fn faults(&self, context: &Context<'_>) -> Vec<String> {
        let mut faults = Vec::new();
        let mut same = |found: String, said: String| {
            if found != said {
                faults.push(format!("{}\n  says  {said}\n  is    {found}", self.filter));
            }
        };
        // A comment finishes the word before it, so that what is wrong with it is an error.
        let finish = if self.error.is_some() { " #" } else { "" };
        let compiled = compile(&format!("{}{finish}", self.filter), context);
        let told = |diagnostic: &Diagnostic| {
            let suggestion = diagnostic.suggestion.as_deref().unwrap_or_default();
            let Diagnostic {
                severity,
                span,
                message,
                ..
            } = diagnostic;
            format!("{severity:?} at {span:?}: {message} [{suggestion}]")
        };
        let found: Vec<String> = compiled.diagnostics.iter().map(told).collect();
        let said = self.said().map(|(severity, message)| Diagnostic {
            severity,
            span: self.span(),
            message: message.to_owned(),
            suggestion: self.suggestion.clone(),
        });
        let said: Vec<String> = said.iter().map(told).collect();
        same(found.join("; "), said.join("; "));
        let canonical = compiled.expression.as_ref().map(ToString::to_string);
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "no filter".into());
        same(text(&canonical), text(&self.is));
        if let Some(canonical) = canonical {
            let again = compile(&canonical, context);
            let means = |compiled: &Compiled| format!("{:?}", compiled.expression);
            same(means(&again), means(&compiled));
        }
        if !self.says.ends_with(['.', '!']) {
            faults.push(format!("{}: no sentence: {}", self.filter, self.says));
        }
        faults
    }
}

#[test]
fn every_example_is_what_it_says() {
    let mut faults = Vec::new();
    for (name, page) in pages() {
        assert!(page.says.ends_with('.'), "{name}");
        let found = page.within(|context| {
            let faults = page.example.iter().map(|example| example.faults(context));
            faults.flatten().collect::<Vec<String>>()
        });
        faults.extend(found.iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_example_stands_twice() {
    let mut seen = BTreeSet::new();
    for (name, page) in pages() {
        let about = (
            page.record.clone(),
            page.fields.clone(),
            page.span,
            page.saved.len(),
        );
        for example in &page.example {
            let key = (example.filter.clone(), about.clone());
            assert!(seen.insert(key), "{name}: {}", example.filter);
        }
    }
}

#[test]
fn there_are_many() {
    let count: usize = pages().iter().map(|(_, page)| page.example.len()).sum();
    assert!(count >= 600, "{count}");
}

#[test]
fn nothing_is_wrong_while_an_example_is_typed() {
    let mut faults = Vec::new();
    for (name, page) in pages() {
        page.within(|context| {
            for example in page.example.iter().filter(|example| example.is.is_some()) {
                let wrong = |beginning: &&str| {
                    let said = compile(beginning, context).diagnostics;
                    said.iter().any(|d| d.severity == Severity::Error)
                };
                let text = &example.filter;
                let beginnings = text.char_indices().filter_map(|(at, _)| text.get(..at));
                let wrong: Vec<&str> = beginnings.filter(wrong).collect();
                if !wrong.is_empty() {
                    faults.push(format!("{name}: {text}: {wrong:?}"));
                }
            }
        });
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
