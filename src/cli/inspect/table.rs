//! The report of `inspect` as text: at most 80 columns wide, with details only for problems.

use std::fmt::Write as _;
use std::io;
use std::io::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Account, Example, SourceAccount, proposal};
use crate::format;
use crate::store::{AssumedKind, Store};

/// The width of the report, in columns.
pub(super) const WIDTH: usize = 80;
/// The column where the text beside the labels starts.
const INDENT: usize = 12;
/// With more files than this, only those with a problem are listed.
const MAX_LISTED_ALL: usize = 12;
const MAX_LISTED: usize = 20;

/// The records that a filter selects.
pub(super) struct Matching<'a> {
    /// How many there are, where there is a filter.
    pub(super) records: Option<u64>,
    /// The numbers of those that are neither accepted nor rejected, nor without data.
    pub(super) more: &'a [String],
}

/// Writes `account`.
pub(super) fn write(
    account: &Account,
    store: &Store,
    matching: &Matching<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    entry(out, "read", &read(account))?;
    entry(out, "lines", &lines(account))?;
    if let Some(matching) = matching.records {
        let (part, whole) = (format::count(matching), format::count(account.records));
        entry(out, "matching", &[format!("{part} of {whole} records")])?;
    }
    let mut actions = actions(account, matching.records.unwrap_or(account.records));
    actions.extend_from_slice(matching.more);
    entry(out, "records", &actions)?;
    entry(out, "time", &[span(account)])?;
    entry(
        out,
        "interfaces",
        &[format::count(account.interfaces as u64)],
    )?;
    entry(out, "memory", &[memory(account)])?;
    for (index, layout) in layouts(account).into_iter().enumerate() {
        let label = if index == 0 { "columns" } else { "or" };
        entry_of(out, label, layout, " ")?;
    }
    files(out, account)?;
    rejects(out, account)?;
    proposal::write(store, out)?;
    // Inferred field orders are shown above, with sample lines.
    let assumed = account.assumed.iter();
    let assumed = assumed.filter(|one| one.kind != AssumedKind::Order.name());
    paragraphs(out, "assumed", assumed.map(|one| one.text.as_str()))?;
    let warnings = account.warnings.iter().map(String::as_str);
    paragraphs(out, "warnings", warnings.take(MAX_LISTED))?;
    more(out, account.warnings.len(), "warnings")
}

/// One sentence per line, the first after `label`.
fn paragraphs<'t>(
    out: &mut dyn Write,
    label: &str,
    texts: impl Iterator<Item = &'t str>,
) -> io::Result<()> {
    for (index, text) in texts.enumerate() {
        if index == 0 {
            writeln!(out)?;
        }
        let label = if index == 0 { label } else { "" };
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        entry_of(out, label, &words, " ")?;
    }
    Ok(())
}

fn entry(out: &mut dyn Write, label: &str, parts: &[String]) -> io::Result<()> {
    entry_of(out, label, parts, " · ")
}

/// A label and its text, wrapped between the parts.
pub(super) fn entry_of(
    out: &mut dyn Write,
    label: &str,
    parts: &[String],
    between: &str,
) -> io::Result<()> {
    let mut line = format!("{label:<INDENT$}");
    let mut first = true;
    for part in parts {
        let part = format::visible(part);
        let needed = part.width() + if first { 0 } else { between.width() };
        if !first && line.width() + needed > WIDTH {
            writeln!(out, "{}", line.trim_end())?;
            line = " ".repeat(INDENT);
            first = true;
        }
        if !first {
            line += between;
        }
        line += &part;
        first = false;
    }
    writeln!(out, "{}", line.trim_end())
}

fn read(account: &Account) -> Vec<String> {
    let mut parts = vec![plural(account.files as u64, "file")];
    if account.skipped_files > 0 {
        parts.push(format!(
            "{} skipped",
            format::count(account.skipped_files as u64)
        ));
    }
    if account.not_flow_logs > 0 {
        let count = account.not_flow_logs as u64;
        parts.push(format::counted(count, "not a flow log", "not flow logs"));
    }
    parts.push(format::bytes(account.bytes_read));
    if account.bytes_decoded != account.bytes_read {
        parts.push(format!("{} decoded", format::bytes(account.bytes_decoded)));
    }
    parts.push(format::elapsed(account.load_seconds));
    parts
}

/// `5,858 = 5,856 records + 2 headers`.
fn lines(account: &Account) -> Vec<String> {
    let mut text = format!(
        "{} = {}",
        format::count(account.lines),
        plural(account.records, "record")
    );
    let parts = [
        (account.headers, "header"),
        (account.comments, "comment"),
        (account.blanks, "blank"),
        (account.rejects, "reject"),
    ];
    for (number, name) in parts {
        if number > 0 {
            let _ = write!(text, " + {}", plural(number, name));
        }
    }
    let mut lines = vec![text];
    if account.suspect > 0 {
        let suspect = plural(account.suspect, "record");
        lines.push(format!(
            "{suspect} suspect, because a checksum does not match"
        ));
    }
    if account.duplicates > 0 {
        lines.push(format!(
            "{} duplicated, in files with the same bytes or events with the same id",
            plural(account.duplicates, "record")
        ));
    }
    lines
}

fn actions(account: &Account, records: u64) -> Vec<String> {
    let mut parts = Vec::new();
    for (number, name) in [(account.accept, "ACCEPT"), (account.reject, "REJECT")] {
        parts.push(match number {
            Some(number) => {
                let share = format::percent(number, records);
                format!("{} {name} ({share})", format::count(number))
            }
            None => format!("- {name}"),
        });
    }
    for (number, name) in [(account.nodata, "NODATA"), (account.skipdata, "SKIPDATA")] {
        if let Some(number @ 1..) = number {
            parts.push(format!("{} {name}", format::count(number)));
        }
    }
    parts
}

fn span(account: &Account) -> String {
    let (Some(first), Some(last)) = (account.first, account.last) else {
        return "no record has a time".into();
    };
    let end = if format::date(first) == format::date(last) {
        format::time_of_day(last)
    } else {
        format::date_time(last)
    };
    let length = format::duration(last.saturating_sub(first));
    format!("{} – {end} UTC ({length})", format::date_time(first))
}

fn memory(account: &Account) -> String {
    let memory = account.memory_bytes as u64;
    match memory.checked_div(account.records) {
        Some(each) => format!(
            "{} ({} a record)",
            format::bytes(memory),
            format::bytes(each)
        ),
        None => format::bytes(memory),
    }
}

fn plural(number: u64, name: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{} {name}{end}", format::count(number))
}

/// The first few distinct layouts of the files.
fn layouts(account: &Account) -> Vec<&[String]> {
    let mut layouts: Vec<&[String]> = Vec::new();
    for source in &account.sources {
        if layouts.len() < 3 && !source.layout.is_empty() && !layouts.contains(&&source.layout[..])
        {
            layouts.push(&source.layout);
        }
    }
    layouts
}

/// All files if there are few, otherwise only those with problems.
fn files(out: &mut dyn Write, account: &Account) -> io::Result<()> {
    let few = account.sources.len() <= MAX_LISTED_ALL;
    let is_listed = |source: &&SourceAccount| {
        few || !matches!(source.status, "ok" | "empty") || source.rejects > 0
    };
    let listed: Vec<&SourceAccount> = account.sources.iter().filter(is_listed).collect();
    if listed.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(
        out,
        "{:>11} {:>8}  {:<10}  file",
        "records", "rejects", "status"
    )?;
    for source in listed.iter().take(MAX_LISTED) {
        writeln!(
            out,
            "{:>11} {:>8}  {:<10}  {}",
            format::count(source.records),
            format::count(source.rejects),
            source.status,
            end_of(&format::visible(&source.path), WIDTH - 34),
        )?;
        if let Some(error) = &source.error {
            let error = format::visible(error);
            writeln!(out, "{:22}{error}", "")?;
        }
    }
    more(out, listed.len(), "files")
}

fn more(out: &mut dyn Write, count: usize, what: &str) -> io::Result<()> {
    match count.saturating_sub(MAX_LISTED) {
        0 => Ok(()),
        rest => writeln!(
            out,
            "{:INDENT$}and {} more {what}",
            "",
            format::count(rest as u64)
        ),
    }
}

/// The reject reasons, most frequent first, each with its first lines.
fn rejects(out: &mut dyn Write, account: &Account) -> io::Result<()> {
    if account.rejects == 0 {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(out, "{:>11}  reason, and the first lines", "rejects")?;
    for examples in account
        .reject_examples
        .chunk_by(|a, b| a.reason == b.reason)
    {
        let reason = examples.first().map_or("", |example| &example.reason);
        let count = account.reject_reasons.get(reason).copied().unwrap_or(0);
        let reason = format::visible(reason);
        writeln!(out, "{:>11}  {reason}", format::count(count))?;
        for Example {
            path, line, text, ..
        } in examples
        {
            let place = format!("{}:{line}", format::visible(path));
            writeln!(out, "{:13}{}", "", end_of(&place, WIDTH - 13))?;
            let text = format::visible(text);
            writeln!(out, "{:15}{}", "", start_of(&text, WIDTH - 15))?;
        }
        let rest = count.saturating_sub(examples.len() as u64);
        if rest > 0 {
            writeln!(out, "{:13}and {} more", "", format::count(rest))?;
        }
    }
    Ok(())
}

/// The end of `text` that fits `width` columns, because the ends of paths differ.
pub(super) fn end_of(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width - 1;
    let mut kept: Vec<char> = Vec::new();
    for c in text.chars().rev() {
        let Some(rest) = room.checked_sub(c.width().unwrap_or(0)) else {
            break;
        };
        room = rest;
        kept.push(c);
    }
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}

/// The beginning of `text` that fits `width` columns.
pub(super) fn start_of(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width - 1;
    let mut kept = String::new();
    for c in text.chars() {
        let Some(rest) = room.checked_sub(c.width().unwrap_or(0)) else {
            break;
        };
        room = rest;
        kept.push(c);
    }
    kept + "…"
}
