//! Turns pieces of text into records: uniform lines many at a time, the others one by one.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use super::record_counter::RecordCounter;
use super::report::FileReport;
use super::reporter::LoadReporter;
use super::worker::source_index;
use crate::ingest::builder::{ChunkBuilder, Origin};
use crate::ingest::input::LineCounter;
use crate::ingest::source::input_file::InputFile;
use crate::ingest::text::layout_state::LayoutState;
use crate::ingest::text::noted;
use crate::ingest::text::parse::{self, Line};
use crate::ingest::text::piece::{LineSource, Note, Piece};
use crate::ingest::text::separated;
use crate::ingest::text::split::Split;
use crate::ingest::text::vectorized;
use crate::ingest::text::vectorized::{Irregular, Lines};
use crate::store::{Catalog, Layout, RejectReason};

/// How much text is split before it is converted: it stays in the cache together with its gaps.
const WINDOW_BYTES: usize = 1 << 15;

/// What one thread reads lines with.
pub(crate) struct LineReader<'o> {
    reporter: &'o LoadReporter<'o>,
    split: Split,
    irregular: Irregular,
    /// The chunk that is being built.
    pub(crate) builder: ChunkBuilder,
    /// Counts plain records instead of adding them to the chunk.
    counter: Option<RecordCounter>,
    /// How many uniform lines are converted at once, at most: few where headers follow upon one another, since what was
    /// converted behind a header is lost.
    run_limit: usize,
    /// How many notes of the piece have been passed.
    notes_passed: usize,
    /// How many chunks have been published.
    pub(crate) published: u64,
}

/// What becomes of uniform lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Their records are added to the chunk.
    Kept,
    /// They are only counted.
    Counted,
}

/// Where the reader is in a file.
pub(crate) struct Position<'p, 't> {
    /// The layout of the next line.
    pub(crate) layout_state: &'p mut LayoutState<'t>,
    /// The report of the lines.
    pub(crate) report: &'p mut FileReport,
    /// The next line, counted from 1.
    pub(crate) line: u64,
}

impl<'o> LineReader<'o> {
    /// Publishes through `reporter`.
    pub(crate) fn new(catalog: Arc<Catalog>, reporter: &'o LoadReporter<'o>) -> Self {
        Self {
            reporter,
            split: Split::default(),
            irregular: Irregular::default(),
            builder: ChunkBuilder::new(catalog),
            counter: None,
            run_limit: usize::MAX,
            notes_passed: 0,
            published: 0,
        }
    }

    /// The same, counting plain records with `counter`.
    pub(crate) fn with_counter(self, counter: Option<&dyn LineCounter>) -> Self {
        Self {
            counter: counter.map(|counter| {
                let catalog = Arc::clone(self.builder.catalog());
                RecordCounter::new(counter, catalog)
            }),
            ..self
        }
    }

    /// Prepares for lines of `file`.
    pub(crate) fn begin_file(&mut self, file: &InputFile) {
        self.builder.set_folder_values(&file.source.folder_values);
        if let Some(counter) = &mut self.counter {
            counter.begin_file(self.reporter.may_count(source_index(file)));
        }
    }

    /// Reads the lines of a piece.
    pub(crate) fn read(&mut self, piece: &Piece, position: &mut Position<'_, '_>) {
        self.notes_passed = 0;
        self.reporter.check_memory(self.builder.memory());
        self.lines(piece, position);
        self.report_counted();
    }

    fn report_counted(&mut self) {
        if let Some(counter) = &mut self.counter {
            self.reporter.count(counter.take());
        }
    }

    fn lines(&mut self, piece: &Piece, position: &mut Position<'_, '_>) {
        let mut from = 0;
        while from < piece.used {
            // A header is a window of its own, so that the lines below are split knowing how many words they have.
            let text = piece.content();
            if piece.source == LineSource::Text && piece.first_note().is_none() {
                from += position.pass_blanks(&text[from..]);
                if from == text.len() {
                    break;
                }
            }
            let may_be_header = from == 0 && may_change(piece, position.layout_state);
            let to = if may_be_header {
                line_end(text)
            } else {
                window_end(text, from)
            };
            self.window(piece, from..to, position);
            from = to;
            self.publish_due();
        }
    }

    /// Reads the lines of a range of the text.
    fn window(&mut self, piece: &Piece, range: Range<usize>, position: &mut Position<'_, '_>) {
        let text = piece.text.as_slice();
        let mut split = std::mem::take(&mut self.split);
        let layout = position.layout_state.layout();
        let words_split = layout.map_or(1, |layout| layout.fields.len());
        split.split(text, range.start, range.end, words_split);
        let (mut line, count) = (0, split.ends.len());
        while line < count {
            if self.builder.room() == 0 {
                self.publish();
            }
            let Some(layout) = position
                .layout_state
                .layout()
                .filter(|layout| vectorized::fits(layout) && !position.layout_state.is_wrapped())
            else {
                self.scalar(piece, split.line(line), position);
                line += 1;
                continue;
            };
            let layout = Arc::clone(layout);
            let words = layout.fields.len();
            let uniform = if split.is_uniform && words == words_split {
                count - line
            } else {
                uniform_run(&split, text, line, words, self.run_limit)
            };
            if uniform == 0 {
                self.scalar(piece, split.line(line), position);
                line += 1;
                continue;
            }
            let lines = Lines {
                text,
                split: &split,
                first: line,
                count: uniform.min(self.builder.room()).min(self.run_limit),
                words,
            };
            line += self.uniform(piece, lines, position);
        }
        self.split = split;
    }

    /// Reads uniform lines, for which there is room, and says how many; fewer where the layout changes.
    fn uniform(
        &mut self,
        piece: &Piece,
        lines: Lines<'_>,
        position: &mut Position<'_, '_>,
    ) -> usize {
        let layout = position.layout_state.layout().map(Arc::clone);
        let layout = &layout.expect("uniform lines have a layout");
        position.report.layout(layout);
        let outcome = self.convert(piece, lines, layout);
        if self.irregular.lines.is_empty() {
            self.add(lines, layout, outcome, position);
            self.run_limit = self.run_limit.saturating_mul(2);
            return lines.count;
        }
        if outcome == Outcome::Kept {
            self.builder.discard();
        }
        let irregular = std::mem::take(&mut self.irregular.lines);
        let mut done = 0;
        for at in irregular.iter().copied() {
            let before = Lines {
                first: lines.first + done,
                count: at - done,
                ..lines
            };
            if before.count > 0 {
                if outcome == Outcome::Kept {
                    self.builder.bind(layout);
                    let (builder, irregular) = (&mut self.builder, &mut self.irregular);
                    vectorized::convert_values(before, layout, builder, irregular);
                }
                self.add(before, layout, outcome, position);
            }
            self.scalar(piece, lines.split.line(lines.first + at), position);
            done = at + 1;
            if position.layout_state.layout() != Some(layout) {
                self.run_limit = 2 * done;
                break;
            }
        }
        self.irregular.lines = irregular;
        done
    }

    /// Converts the numbers and addresses of uniform lines, or only checks them if the lines are to be counted.
    fn convert(&mut self, piece: &Piece, lines: Lines<'_>, layout: &Arc<Layout>) -> Outcome {
        if let Some(counter) = &mut self.counter
            && counter.applies(piece.source, layout)
            && counter.check(lines, layout, &mut self.irregular)
        {
            return Outcome::Counted;
        }
        self.builder.bind(layout);
        vectorized::convert_values(lines, layout, &mut self.builder, &mut self.irregular);
        Outcome::Kept
    }

    /// Adds or counts uniform lines whose numbers and addresses have been converted.
    fn add(
        &mut self,
        lines: Lines<'_>,
        layout: &Layout,
        outcome: Outcome,
        position: &mut Position<'_, '_>,
    ) {
        let counter = self.counter.as_mut();
        if let Some(counter) = counter.filter(|_| outcome == Outcome::Counted) {
            counter.count(lines);
        } else {
            vectorized::convert_words(lines, layout, &mut self.builder);
            let line = position.line;
            position.report.note_shortened(line, &self.builder);
            self.builder.add(lines.count, position.origin());
        }
        let count = lines.count as u64;
        position.report.line_counts.records += count;
        position.report.line_counts.lines += count;
        position.line += count;
    }

    /// The note on the line that begins at `at`, where it has one. Lines are asked for in their order.
    fn note<'p>(&mut self, piece: &'p Piece, at: usize) -> Option<&'p Note> {
        let (begin, note) = piece.note(self.notes_passed)?;
        if *begin != at {
            return None;
        }
        self.notes_passed += 1;
        Some(note)
    }

    /// Reads one line on the scalar path. There is room for it.
    fn scalar(&mut self, piece: &Piece, range: Range<usize>, position: &mut Position<'_, '_>) {
        let note = self.note(piece, range.start);
        let bytes = &piece.text[range];
        let bare = match piece.source {
            LineSource::Text => position.layout_state.bare(bytes),
            LineSource::Rows => Cow::Borrowed(bytes),
        };
        let line = match note {
            Some(note) => noted::line(note, piece, position.layout_state),
            None => parse::line(&bare, position.layout_state),
        };
        match line {
            Line::Reject(reason) => {
                let style = position.layout_state.layout().map(|layout| layout.style);
                let is_misfit = matches!(
                    reason,
                    RejectReason::TooFewFields
                        | RejectReason::TooManyFields
                        | RejectReason::BadValue(_)
                );
                if is_misfit && position.layout_state.is_order_given() {
                    position.report.misfit(false);
                }
                let original = match (note, piece.source) {
                    (Some(note), _) => noted::original(note, piece),
                    (None, LineSource::Rows) => separated::original(bytes, style),
                    (None, LineSource::Text) => Cow::Borrowed(bytes),
                };
                return position.reject(reason, &original);
            }
            Line::Layout => return,
            Line::Record(mut record, other) => {
                if other.is_some() && position.layout_state.is_order_given() {
                    position.report.misfit(true);
                }
                let layout = other
                    .as_ref()
                    .or_else(|| position.layout_state.layout())
                    .expect("a record has a layout");
                self.builder.bind(layout);
                if bare.len() < bytes.len() {
                    record.original = Some(String::from_utf8_lossy(bytes));
                }
                self.builder.push(&record, position.origin());
                position.report.layout(layout);
                position.report.note(position.line, &record);
                position.report.line_counts.records += 1;
            }
            Line::Header => {
                position.report.line_counts.headers += 1;
                if let Some(layout) = position.layout_state.layout() {
                    position.report.layout(layout);
                }
            }
            Line::Comment => position.report.line_counts.comments += 1,
            Line::Blank => position.report.line_counts.blanks += 1,
        }
        position.report.line_counts.lines += 1;
        position.line += 1;
    }

    /// Publishes the records so far where they are due.
    pub(crate) fn publish_due(&mut self) {
        if self.reporter.is_due(self.builder.rows()) {
            self.publish();
        }
    }

    /// Publishes the records so far, if there are any.
    pub(crate) fn publish(&mut self) {
        self.report_counted();
        if let Some(chunk) = self.builder.finish() {
            self.published += 1;
            self.reporter.chunk(chunk);
        }
    }

    /// Forgets what was not added when reading was broken off.
    pub(crate) fn discard(&mut self) {
        self.builder.discard();
    }
}

impl Position<'_, '_> {
    /// Counts the empty lines that `text` begins with, of which there may be billions, and gives their length.
    fn pass_blanks(&mut self, text: &[u8]) -> usize {
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        if !text.first().is_some_and(is_end) {
            return 0;
        }
        let length = text.iter().take_while(|byte| is_end(byte)).count();
        let ends = &text[..length];
        let Some(last) = memrchr(b'\n', ends) else {
            return 0;
        };
        let blanks = memchr_iter(b'\n', ends).count() as u64;
        self.report.line_counts.blanks += blanks;
        self.report.line_counts.lines += blanks;
        self.line += blanks;
        last + 1
    }

    fn origin(&self) -> Origin {
        Origin {
            source: self.report.source,
            line: self.line,
        }
    }

    fn reject(&mut self, reason: RejectReason, bytes: &[u8]) {
        self.report.reject(self.line, reason, bytes);
        self.line += 1;
    }
}

/// Whether the first line of a piece may change the layout in effect.
fn may_change(piece: &Piece, layout_state: &LayoutState<'_>) -> bool {
    match piece.first_note() {
        Some(note) => note.changes_layout(),
        None => layout_state.may_change(piece.text[0]),
    }
}

/// Where the first line of a text ends: behind its line end.
fn line_end(text: &[u8]) -> usize {
    memchr(b'\n', text).map_or(text.len(), |end| end + 1)
}

/// How many lines from `line` on are uniform, up to `limit`.
fn uniform_run(split: &Split, text: &[u8], line: usize, words: usize, limit: usize) -> usize {
    let lines = line..split.ends.len();
    lines
        .take(limit)
        .take_while(|line| split.is_uniform_line(text, *line, words))
        .count()
}

/// Where a window that begins at `from` ends: behind a line end.
fn window_end(text: &[u8], from: usize) -> usize {
    if text.len() - from <= WINDOW_BYTES {
        return text.len();
    }
    let window = &text[from..from + WINDOW_BYTES];
    if let Some(last) = memrchr(b'\n', window) {
        return from + last + 1;
    }
    let rest = from + WINDOW_BYTES;
    memchr(b'\n', &text[rest..]).map_or(text.len(), |end| rest + end + 1)
}
