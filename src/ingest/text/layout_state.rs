//! The layout in force, line after line, and what is found out about it before the first of them.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use memchr::memchr;

use super::fit::{Fit, Score, fit, is_event_time};
use super::known_formats;
use super::layouts::log_formats::Known;
use super::layouts::{EVENT_COLUMNS, Layouts, LineClass, W3C_FIELDS};
use super::parse::{LINE_BYTES, words};
use super::wrapping::{BETWEEN, Wrapping};
use super::zone::InputZone;
use crate::ingest::formats::feed::Piece;
use crate::ingest::formats::rows;
use crate::ingest::infer;
use crate::schema::FieldId;
use crate::store::source::{InferredColumn, InferredOrder};
use crate::store::{Layout, LineStyle, ReadProblem};

/// How many lines are looked at to find out what a file is, and how much text.
const LINES: usize = 400;
const BYTES: usize = 1 << 16;
/// How many of them are shown with a guess, and how much of a word.
const LINES_SHOWN: usize = 8;
const WORD_SHOWN: usize = 64;
/// A guess that is as sure as this, in percent, is taken.
const SURE: u8 = 80;
/// What an export task of `CloudWatch` writes to try whether it may.
const WRITE_TEST: &str = "Permission Check Successful";

/// What a line means depends on this: it goes on from one part of a file to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ActiveLayout {
    pub(crate) layout: Option<Arc<Layout>>,
    wrapping: Wrapping,
}

/// The layout in force, line after line.
#[derive(Clone, Debug)]
pub(crate) struct LayoutState<'a> {
    pub(crate) layouts: &'a Layouts,
    known: Known,
    pub(crate) force: ActiveLayout,
    /// Whether there is nothing more to find out from the first lines.
    is_settled: bool,
}

/// What is to be said of a file after a look at its first lines.
#[derive(Debug, Default)]
pub(crate) struct Finding {
    /// The order that its columns seem to have, if nobody knows it.
    pub(crate) inferred_order: Option<InferredOrder>,
    /// What should be known of it.
    pub(crate) warning: Option<String>,
    /// Why it cannot be read.
    pub(crate) problem: Option<ReadProblem>,
}

impl<'a> LayoutState<'a> {
    /// At the beginning of a file that has no path.
    #[cfg(test)]
    pub(crate) fn new(layouts: &'a Layouts) -> Self {
        Self::of(layouts, Path::new("-"))
    }

    /// At the beginning of the file at `path`.
    pub(crate) fn of(layouts: &'a Layouts, path: &Path) -> Self {
        let known = layouts.known_of(path);
        let layout = match &known {
            Known::Given(layout) => Some(Arc::clone(layout)),
            _ => None,
        };
        let wrapping = Wrapping::default();
        Self {
            layouts,
            known,
            force: ActiveLayout { layout, wrapping },
            is_settled: false,
        }
    }

    /// In the middle of a file, where `force` is in force.
    pub(crate) fn at(layouts: &'a Layouts, force: ActiveLayout) -> Self {
        Self {
            layouts,
            known: Known::Nothing,
            force,
            is_settled: true,
        }
    }

    /// Values under `names` follow. With too many names the layout is unknown.
    pub(crate) fn name(&mut self, names: &[Cow<'_, str>], style: LineStyle, header: Option<&str>) {
        self.force.layout = self.layouts.named(names, style, header);
    }

    /// Goes back to the layout at the beginning of a file.
    pub(crate) fn forget(&mut self) {
        self.force.layout.clone_from(&self.layouts.given);
    }

    /// What is in force.
    pub(crate) fn force(&self) -> &ActiveLayout {
        &self.force
    }

    /// The zone of times that name none.
    pub(crate) fn zone(&self) -> InputZone {
        self.layouts.zone()
    }

    /// The layout in force.
    pub(crate) fn layout(&self) -> Option<&Arc<Layout>> {
        self.force.layout.as_ref()
    }

    /// Whether something stands around lines, so that they have to be read one by one.
    pub(crate) fn is_wrapped(&self) -> bool {
        self.force.wrapping.is_any()
    }

    /// Whether a line that begins with `byte` may change the layout in force.
    pub(crate) fn may_change(&self, byte: u8) -> bool {
        self.layout().is_none() || self.is_wrapped() || byte.is_ascii_alphabetic() || byte == b'#'
    }

    /// Looks at a line that is about to be read, without what stands around it.
    pub(crate) fn meet(&mut self, line: &str) -> LineClass {
        let may_be_header =
            line.starts_with(|c: char| c.is_ascii_alphabetic()) || line.starts_with(W3C_FIELDS);
        if let (true, Some(layout)) = (may_be_header, self.layouts.header(line)) {
            self.force.layout = Some(layout);
            return LineClass::Header;
        }
        match words(line).next() {
            None => return LineClass::Blank,
            Some(word) if word.starts_with('#') => return LineClass::Comment,
            Some(BETWEEN) if self.force.wrapping.has_places => return LineClass::Comment,
            Some(_) => {}
        }
        let may_be_known = match self.layout() {
            None if line.trim_end() == WRITE_TEST => return LineClass::Comment,
            None => true,
            // Lines that were found in several files may have several orders, and no headers.
            Some(layout) => {
                self.is_wrapped() && layout.fields.len() != known_formats::record_words(line).len()
            }
        };
        if may_be_known && let Some((count, order)) = known_formats::order(line) {
            self.force.layout = Some(self.layouts.with_event(count, order));
        }
        LineClass::Words
    }

    /// As [`LayoutState::meet`], of bytes, for one who only wants to know what is in force.
    pub(crate) fn pass(&mut self, line: &[u8]) {
        if line.len() > LINE_BYTES || line.contains(&0) {
            return;
        }
        if let Ok(line) = str::from_utf8(&self.bare(line)) {
            self.meet(line);
        }
    }

    /// A line without what stands around it.
    pub(crate) fn bare<'l>(&self, line: &'l [u8]) -> Cow<'l, [u8]> {
        let text = str::from_utf8(line);
        match (self.is_wrapped(), text) {
            (true, Ok(text)) => match self.strip(text) {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
            _ => Cow::Borrowed(line),
        }
    }

    fn strip<'l>(&self, line: &'l str) -> Cow<'l, str> {
        self.force
            .wrapping
            .strip(line, |rest| self.makes_sense(rest))
    }

    /// Whether a line may begin like this.
    fn makes_sense(&self, line: &str) -> bool {
        if line.trim().is_empty() || line.starts_with('#') || self.layouts.is_header(line) {
            return true;
        }
        let words = known_formats::record_words(line);
        let fits = self.layout().is_some_and(|layout| {
            let is_event = |field: &FieldId| self.layouts.is_event_time(*field);
            let event = layout.fields.first().is_some_and(is_event);
            let begins = words
                .first()
                .is_some_and(|word| !event || is_event_time(word));
            let pairs = || layout.fields.iter().zip(&words);
            begins
                && words.len() == layout.fields.len()
                && pairs().all(|(field, word)| fit(*field, word) != Fit::Contradicts)
        });
        let is_known = known_formats::order(line).is_some_and(|(count, order)| {
            let pair = order.first().zip(words.first());
            count > 0 || pair.is_some_and(|(field, word)| fit(*field, word) != Fit::Contradicts)
        });
        fits || is_known
    }

    /// Looks at the first lines of a file before they are read. `piece` begins with the first of them that were
    /// not looked at yet. Where lines have marks, those that have one say for themselves what they are, and nothing
    /// stands around the others.
    pub(crate) fn survey(&mut self, piece: &Piece) -> Finding {
        let mut finding = Finding::default();
        let (text, has_marks) = (piece.content(), piece.has_marks());
        let is_named = has_marks && text.first().is_some_and(|first| rows::is_mark(*first));
        if self.is_settled || is_named {
            return finding;
        }
        if self.is_plain(text) {
            self.is_settled = true;
            return finding;
        }
        let (lines, is_enough) = first_lines(text, has_marks);
        if lines == [WRITE_TEST] {
            let warning =
                "it has no records: an export task leaves it where it tries whether it may write";
            finding.warning = Some(warning.into());
        }
        if !has_marks {
            self.force.wrapping = Wrapping::of(&lines);
        }
        let lines: Vec<String> = lines
            .iter()
            .map(|line| self.strip(line).into_owned())
            .filter(|line| line != BETWEEN && line != WRITE_TEST)
            .collect();
        let layouts = self.layouts;
        let is_header = |line: &String| layouts.is_header(line);
        self.is_settled = is_enough || lines.iter().any(is_header);
        let before: Vec<&str> = lines
            .iter()
            .take_while(|line| !is_header(line))
            .map(String::as_str)
            .collect();
        if !before.is_empty() {
            self.find_order(&before, &mut finding);
        }
        finding
    }

    /// Whether the first line says what the file is, as it does in nearly all files.
    fn is_plain(&self, text: &[u8]) -> bool {
        let end = memchr(b'\n', text).unwrap_or(text.len());
        let line = text.get(..end).and_then(|line| str::from_utf8(line).ok());
        line.is_some_and(|line| {
            let is_known =
                || matches!(known_formats::order(line), Some((0, order)) if fits_well(order, line));
            self.layouts.is_header(line) || self.known == Known::Nothing && is_known()
        })
    }

    /// Finds the order of `lines`, which have no header.
    fn find_order(&mut self, lines: &[&str], finding: &mut Finding) {
        let rows: Vec<Vec<&str>> = lines
            .iter()
            .map(|line| known_formats::record_words(line))
            .collect();
        if let Known::Given(layout) = &self.known {
            if let Some(count @ 1..) = event_count(&rows, &layout.fields) {
                self.force.layout = Some(self.layouts.with_event(count, &layout.fields));
            }
            self.is_settled = true;
            return;
        }
        if let Known::Remembered(layout) = &self.known
            && let Some(count) = event_count(&rows, &layout.fields)
        {
            self.force.layout = Some(self.layouts.with_event(count, &layout.fields));
            self.is_settled = true;
            let warning = "it has no header; the order of the fields is the one that was accepted for its folder";
            finding.warning = Some(warning.into());
            return;
        }
        if lines
            .iter()
            .any(|line| known_formats::order(line).is_some())
        {
            self.is_settled = true;
            return;
        }
        if let Known::Unclear(problem) = &self.known {
            finding.problem = Some(problem.clone());
            return;
        }
        finding.inferred_order = self.guess(&rows);
        if let Some(guess) = finding
            .inferred_order
            .as_mut()
            .filter(|guess| guess.confidence >= SURE)
        {
            guess.is_used = true;
            let names: Vec<&str> = guess.columns.iter().map(|column| &*column.name).collect();
            let fields = self.layouts.fields(&names);
            self.force.layout = Some(self.layouts.intern(fields, None, LineStyle::Words));
            self.is_settled = true;
        }
    }

    /// What the columns of `rows` seem to be.
    fn guess(&self, rows: &[Vec<&str>]) -> Option<InferredOrder> {
        let times = rows
            .iter()
            .filter(|row| known_formats::event_counts(row) != [0]);
        let count = if 2 * times.count() <= rows.len() {
            0
        } else {
            let is_stream = |row: &&Vec<&str>| row.get(1).is_some_and(|word| is_stream(word));
            let streams = rows.iter().filter(is_stream).count();
            1 + usize::from(2 * streams > rows.len())
        };
        let records: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| row.get(count..).unwrap_or_default().to_vec())
            .collect();
        let inference = infer::detect(&records)?;
        let event = EVENT_COLUMNS.iter().take(count);
        let mut columns: Vec<InferredColumn> = event
            .map(|name| InferredColumn {
                name: (*name).to_owned(),
                confidence: 99,
            })
            .collect();
        for guess in &inference.columns {
            let name = match guess.field {
                Some(field) => self.layouts.catalog.name(field),
                None => format!("column-{}", columns.len() + 1),
            };
            columns.push(InferredColumn {
                name,
                confidence: percent(guess.confidence),
            });
        }
        let shown = rows.iter().filter(|row| row.len() == columns.len());
        let cut = |word: &&str| word.chars().take(WORD_SHOWN).collect();
        let lines = shown
            .take(LINES_SHOWN)
            .map(|row| row.iter().map(cut).collect());
        Some(InferredOrder {
            lines: lines.collect(),
            confidence: percent(inference.confidence),
            columns,
            is_used: false,
        })
    }
}

/// The first lines of `text` that are neither blank nor remarks, and whether there are as many as anybody wants.
fn first_lines(text: &[u8], has_marks: bool) -> (Vec<&str>, bool) {
    let mut lines = Vec::new();
    let mut bytes = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if lines.len() == LINES || bytes > BYTES {
            return (lines, true);
        }
        bytes += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let Ok(line) = str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)) else {
            continue;
        };
        let is_remark = line.starts_with('#') && !line.starts_with(W3C_FIELDS);
        let is_marked = has_marks && line.bytes().next().is_some_and(rows::is_mark);
        if !is_remark
            && !is_marked
            && !line.trim().is_empty()
            && line.len() <= BYTES
            && !line.contains('\0')
        {
            lines.push(line);
        }
    }
    (lines, bytes > BYTES)
}

/// How many words about an event stand before records of `fields` in most of `rows`, where these fit at all.
fn event_count(rows: &[Vec<&str>], fields: &[FieldId]) -> Option<usize> {
    let fits = |row: &Vec<&str>, count: &usize| {
        let words = row.get(*count..).unwrap_or_default();
        let score = Score::of(fields, words);
        score.is_some_and(|score| 8 * score.wrong <= fields.len())
    };
    (0..=2).find(|count| {
        let fitting = rows
            .iter()
            .filter(|row| known_formats::event_counts(row).contains(count) && fits(row, count));
        2 * fitting.count() > rows.len()
    })
}

/// Whether no word of `line` contradicts `order`.
fn fits_well(order: &[FieldId], line: &str) -> bool {
    let score = Score::of(order, &known_formats::record_words(line));
    score.is_some_and(|score| score.wrong == 0)
}

/// Whether a word is the name of a stream of flow logs: an interface, and which of its traffic.
fn is_stream(word: &str) -> bool {
    let traffic = ["-all", "-accept", "-reject"];
    word.starts_with("eni-") && traffic.iter().any(|end| word.ends_with(end))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 100"
)]
fn percent(share: f64) -> u8 {
    share.clamp(0.0, 100.0) as u8
}
