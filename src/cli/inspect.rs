//! `flowdeck inspect`: a report on the files and lines that were read or rejected.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use clap::Args;
use serde::Serialize;

use super::answer;
use super::failure::Outcome;
use super::interrupt::Interrupt;
use super::load;
use super::load::Loaded;
use super::options::{AnswerFormat, Reading, Reporting};
use super::output::Destination;
use crate::analysis::{Counts, KnownCounts};
use crate::export::json;
use crate::store::InferredOrder;
use crate::store::{Assumption, Reject, RejectReason, Source, Status, Store};
use others::Others;
use table::Matching;

mod others;
mod proposal;
mod table;

/// Show what was read and what could not be
///
/// Prints files, formats, counts, time span, interfaces, and the lines that could not be read, with reasons.
///
/// The status of a file is `ok`, `empty`, `skipped` (a file in a folder that is not a flow log), `missing` (there is
/// no such file, or the glob matches none), `truncated`, `corrupt`, `unreadable`, `limit` (the memory limit was reached, or the file is larger than flowdeck supports), or
/// `stopped` (the load was interrupted).
#[derive(Args, Clone, Debug)]
pub(super) struct Inspect {
    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    reporting: Reporting,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    output: AnswerFormat,
}

/// The output of `--output json`. The keys and their order are stable across releases.
#[derive(Debug, Serialize)]
struct Account {
    files: usize,
    lines: u64,
    records: u64,
    rejects: u64,
    headers: u64,
    comments: u64,
    blanks: u64,
    skipped_files: usize,
    accept: Option<u64>,
    reject: Option<u64>,
    nodata: Option<u64>,
    skipdata: Option<u64>,
    first: Option<u64>,
    last: Option<u64>,
    interfaces: usize,
    bytes_read: u64,
    bytes_decoded: u64,
    memory_bytes: usize,
    load_seconds: f64,
    reject_reasons: BTreeMap<String, u64>,
    suspect: u64,
    /// Duplicate records, read or skipped: of files identical to an earlier one, and of events with an id that occurred
    /// before.
    duplicates: u64,
    warnings: Vec<String>,
    /// Assumptions, by kind.
    assumed: Vec<AssumptionAccount>,
    sources: Vec<SourceAccount>,
    reject_examples: Vec<Example>,
    /// Files in folders that are no flow logs.
    not_flow_logs: usize,
    /// Records with other actions than ACCEPT and REJECT, and with other log-statuses than OK, NODATA and SKIPDATA.
    other_actions: BTreeMap<String, u64>,
    other_statuses: BTreeMap<String, u64>,
}

/// A rejected line; only the first few of each reason are listed.
#[derive(Debug, Serialize)]
struct Example {
    reason: String,
    path: String,
    line: u64,
    text: String,
}

/// How many rejected lines are listed per reason.
const EXAMPLES: usize = 3;

/// A file in the JSON output.
#[derive(Debug, Serialize)]
struct SourceAccount {
    path: String,
    format: &'static str,
    compression: &'static str,
    layout: Vec<String>,
    records: u64,
    rejects: u64,
    status: &'static str,
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guess: Option<Proposal>,
}

/// A kind of assumption in the JSON output.
#[derive(Debug, Serialize)]
struct AssumptionAccount {
    kind: &'static str,
    files: Vec<String>,
    /// The assumption, and how to confirm or correct it.
    text: String,
}

impl AssumptionAccount {
    /// The assumptions about the files of `store`, by kind.
    fn all(store: &Store) -> Vec<Self> {
        let assumptions = store.assumptions();
        assumptions.iter().map(|one| Self::of(one, store)).collect()
    }

    fn of(assumption: &Assumption<'_>, store: &Store) -> Self {
        let sources = assumption.files.iter();
        let sources = sources.filter_map(|index| store.sources().get(*index));
        Self {
            kind: assumption.kind.name(),
            files: sources
                .map(|source| source.path_text().into_owned())
                .collect(),
            text: assumption.message(store),
        }
    }
}

/// The inferred field order of a file.
#[derive(Debug, Serialize)]
struct Proposal {
    log_format: String,
    confidence: u8,
    used: bool,
    columns: Vec<ProposedColumn>,
}

#[derive(Debug, Serialize)]
struct ProposedColumn {
    name: String,
    confidence: u8,
}

impl Inspect {
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let loaded = load::read(&self.reading, self.reporting, interrupt)?;
        let answer = answer::answer(&self.reading, &loaded.store, &[])?;
        let totals = answer.breakdown.total;
        let narrowed = self.reading.narrows();
        let others = Others::of(&self.reading, &loaded.store, &answer, &totals);
        let more = others.parts(totals.records);
        let account = Account::of(&loaded, &totals, others);
        let destination = Destination::stdout();
        destination.write(interrupt, |out| match self.output {
            AnswerFormat::Table => {
                let matching = narrowed.then_some(totals.records);
                let matching = Matching {
                    records: matching,
                    more: &more,
                };
                table::write(&account, &loaded.store, &matching, out)
            }
            AnswerFormat::Json => {
                let document = serde_json::to_string(&account)?;
                writeln!(out, "{}", json::escape(&document))
            }
        })?;
        Ok(loaded.verdict(totals.records > 0))
    }
}

impl Account {
    /// The report on `loaded`. Counts by action and status come from `totals`, which covers only records that match the
    /// filter; everything else covers all records.
    fn of(loaded: &Loaded, totals: &Counts, others: Others) -> Self {
        let store = &loaded.store;
        let known = KnownCounts::of(store);
        let line_counts = store.line_counts();
        let span = store.span();
        let reasons = store.rejects().by_reason.iter();
        Self {
            files: store.sources().len(),
            lines: line_counts.lines,
            records: line_counts.records,
            rejects: line_counts.rejects,
            headers: line_counts.headers,
            comments: line_counts.comments,
            blanks: line_counts.blanks,
            skipped_files: loaded.skipped,
            accept: known.actions.then_some(totals.accept),
            reject: known.actions.then_some(totals.reject),
            nodata: known.statuses.then_some(totals.nodata),
            skipdata: known.statuses.then_some(totals.skipdata),
            first: span.map(|(first, _)| first),
            last: span.map(|(_, last)| last),
            interfaces: store.interfaces(),
            bytes_read: line_counts.bytes_read,
            bytes_decoded: line_counts.bytes_decoded,
            memory_bytes: store.memory(),
            load_seconds: loaded.seconds,
            reject_reasons: reasons
                .map(|(reason, n)| (reason.to_string(), *n))
                .collect(),
            suspect: line_counts.suspect,
            duplicates: line_counts.duplicates,
            warnings: store
                .sources()
                .iter()
                .flat_map(warnings)
                .chain(store.odd_times().sentences())
                .collect(),
            assumed: AssumptionAccount::all(store),
            sources: store
                .sources()
                .iter()
                .map(|source| SourceAccount::of(source, store))
                .collect(),
            reject_examples: examples(store),
            not_flow_logs: store.sources().iter().filter(|s| s.is_skipped()).count(),
            other_actions: others.actions,
            other_statuses: others.statuses,
        }
    }
}

impl SourceAccount {
    fn of(source: &Source, store: &Store) -> Self {
        let names = source.layouts.first().map_or_else(Vec::new, |layout| {
            let names = layout.fields.iter().map(|field| store.catalog.name(*field));
            names.collect()
        });
        Self {
            path: source.path_text().into_owned(),
            format: source.format,
            compression: source.compression.name(),
            layout: names,
            records: source.line_counts.records,
            rejects: source.line_counts.rejects,
            status: source.status.name(),
            error: source.status.error(),
            guess: source.inferred_order.as_deref().map(Proposal::of),
        }
    }
}

impl Proposal {
    fn of(guess: &InferredOrder) -> Self {
        let columns = guess.columns.iter().map(|column| ProposedColumn {
            name: column.name.clone(),
            confidence: column.confidence,
        });
        Self {
            log_format: guess.names(),
            confidence: guess.confidence,
            used: guess.is_used,
            columns: columns.collect(),
        }
    }
}

/// The first lines of each reason, the most frequent reason first.
fn examples(store: &Store) -> Vec<Example> {
    let rejects = store.rejects();
    let mut reasons: Vec<(&RejectReason, &u64)> = rejects.by_reason.iter().collect();
    reasons.sort_by_key(|(_, count)| Reverse(**count));
    let mut examples = Vec::new();
    for (reason, _) in reasons {
        let kept = rejects.kept.iter();
        let mut of_reason: Vec<&Reject> = kept.filter(|reject| reject.reason == *reason).collect();
        of_reason.sort_by_key(|reject| (reject.source, reject.line));
        examples.extend(of_reason.into_iter().take(EXAMPLES).map(|reject| {
            let source = store.sources().get(reject.source as usize);
            let path = source.map_or_else(|| "?".into(), |source| source.path_text());
            Example {
                reason: reason.to_string(),
                path: path.into_owned(),
                line: reject.line,
                text: reject.text.clone(),
            }
        }));
    }
    examples
}

/// Notes on `source` that are not errors.
fn warnings(source: &Source) -> Vec<String> {
    let path = source.path_text();
    let mut warnings: Vec<String> = source
        .warnings
        .iter()
        .map(|warning| format!("{path}: {warning}"))
        .collect();
    if let Status::EmptyFolder(_) = source.status {
        warnings.extend(source.message());
    }
    if source.layouts.len() > 1 {
        let count = source.layouts.len();
        warnings.push(format!(
            "{path}: {count} different orders of fields; the first is shown"
        ));
    }
    warnings
}
