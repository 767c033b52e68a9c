//! Turns pieces of text into records: even lines many at a time, the others one by one.

use std::borrow::Cow;
use std::sync::Arc;

use memchr::{memchr, memrchr};

use super::account::Account;
use super::builder::{ChunkBuilder, Origin};
use super::fast::{self, Lines, Odd};
use super::feed::{Kind, Piece};
use super::layout::Tracker;
use super::outlet::Outlet;
use super::parse::{self, Line};
use super::rows;
use super::split::Split;
use crate::store::{Catalog, Layout, Reason};

/// How much text is split before it is converted: what stays in the cache together with its gaps.
const WINDOW_BYTES: usize = 1 << 15;

/// What one thread reads lines with.
pub(super) struct LineReader<'o> {
    outlet: &'o Outlet<'o>,
    split: Split,
    odd: Odd,
    /// The chunk that is being built.
    pub(super) builder: ChunkBuilder,
    /// Whether the lines come from a transcoder, so that marks are honoured.
    has_marks: bool,
    /// How many chunks have been published.
    pub(super) published: u64,
}

/// Where the reader is in a file.
pub(super) struct Position<'p, 't> {
    /// The layout in force.
    pub(super) tracker: &'p mut Tracker<'t>,
    /// The account of the lines.
    pub(super) account: &'p mut Account,
    /// The next line, counted from 1.
    pub(super) line: u64,
}

impl<'o> LineReader<'o> {
    /// Publishes through `outlet`.
    pub(super) fn new(catalog: Arc<Catalog>, outlet: &'o Outlet<'o>) -> Self {
        Self {
            outlet,
            split: Split::default(),
            odd: Odd::default(),
            builder: ChunkBuilder::new(catalog),
            has_marks: false,
            published: 0,
        }
    }

    /// Reads the lines of a piece.
    pub(super) fn read(&mut self, piece: &Piece, position: &mut Position<'_, '_>) {
        self.has_marks = piece.has_marks();
        self.outlet.weigh(self.builder.memory());
        match piece.kind {
            Kind::Lines | Kind::Rows => self.lines(piece, position),
            Kind::TooLong => position.reject(Reason::LineTooLong, piece.content()),
            Kind::CutOff => position.reject(Reason::CutOff, piece.content()),
        }
    }

    fn lines(&mut self, piece: &Piece, position: &mut Position<'_, '_>) {
        let mut from = 0;
        while from < piece.used {
            // A header is a window of its own, so that the lines below are split knowing how many words they have.
            let text = piece.content();
            let may_be_header = from == 0 && rows::may_change(text[0], position.tracker);
            let to = if may_be_header {
                line_end(text)
            } else {
                window_end(text, from)
            };
            self.window(&piece.text, from, to, position);
            from = to;
            self.publish_due();
        }
    }

    /// Reads the lines of `text[from..to]`.
    fn window(&mut self, text: &[u8], from: usize, to: usize, position: &mut Position<'_, '_>) {
        let mut split = std::mem::take(&mut self.split);
        let layout = position.tracker.layout();
        let words_split = layout.map_or(1, |layout| layout.fields.len());
        split.split(text, from, to, words_split);
        let (mut line, count) = (0, split.ends.len());
        while line < count {
            if self.builder.room() == 0 {
                self.publish();
            }
            let Some(layout) = position
                .tracker
                .layout()
                .filter(|layout| fast::fits(layout) && !position.tracker.is_wrapped())
            else {
                self.plain(&text[split.line(line)], position);
                line += 1;
                continue;
            };
            let layout = Arc::clone(layout);
            let words = layout.fields.len();
            let even = if split.is_even && words == words_split {
                count - line
            } else {
                even_run(&split, text, line, words)
            };
            if even == 0 {
                self.plain(&text[split.line(line)], position);
                line += 1;
                continue;
            }
            let lines = Lines {
                text,
                split: &split,
                first: line,
                count: even.min(self.builder.room()),
                words,
            };
            line += self.even(lines, &layout, position);
        }
        self.split = split;
    }

    /// Reads even lines, for which there is room, and says how many; fewer where the layout changes.
    fn even(
        &mut self,
        lines: Lines<'_>,
        layout: &Arc<Layout>,
        position: &mut Position<'_, '_>,
    ) -> usize {
        position.account.layout(layout);
        self.builder.bind(layout);
        fast::convert_values(lines, layout, &mut self.builder, &mut self.odd);
        if self.odd.lines.is_empty() {
            self.add(lines, layout, position);
            return lines.count;
        }
        self.builder.discard();
        let odd = std::mem::take(&mut self.odd.lines);
        let mut done = 0;
        for at in odd.iter().copied() {
            let before = Lines {
                first: lines.first + done,
                count: at - done,
                ..lines
            };
            if before.count > 0 {
                self.builder.bind(layout);
                fast::convert_values(before, layout, &mut self.builder, &mut self.odd);
                self.add(before, layout, position);
            }
            self.plain(&lines.text[lines.split.line(lines.first + at)], position);
            done = at + 1;
            if position.tracker.layout() != Some(layout) {
                break;
            }
        }
        self.odd.lines = odd;
        done
    }

    /// Adds even lines whose numbers and addresses have been converted.
    fn add(&mut self, lines: Lines<'_>, layout: &Layout, position: &mut Position<'_, '_>) {
        fast::convert_words(lines, layout, &mut self.builder);
        let line = position.line;
        position.account.note_shortened(line, &self.builder);
        self.builder.add(lines.count, position.origin());
        let count = lines.count as u64;
        position.account.tally.records += count;
        position.account.tally.lines += count;
        position.line += count;
    }

    /// Reads one line the plain way. There is room for it.
    fn plain(&mut self, bytes: &[u8], position: &mut Position<'_, '_>) {
        let bare;
        let line = if self.has_marks {
            bare = Cow::Borrowed(bytes);
            rows::line(&bare, position.tracker)
        } else {
            bare = position.tracker.bare(bytes);
            parse::line(&bare, position.tracker)
        };
        let tally = &mut position.account.tally;
        match line {
            Line::Reject(reason) if self.has_marks => {
                let layout = position.tracker.layout();
                let original = rows::original(bytes, layout.map(|layout| &**layout));
                return position.reject(reason, &original);
            }
            Line::Reject(reason) => return position.reject(reason, bytes),
            Line::Layout => return,
            Line::Record(mut record) => {
                let layout = position.tracker.layout().expect("a record has a layout");
                self.builder.bind(layout);
                if bare.len() < bytes.len() {
                    record.original = Some(String::from_utf8_lossy(bytes));
                }
                self.builder.push(&record, position.origin());
                position.account.layout(layout);
                position.account.note(position.line, &record);
                position.account.tally.records += 1;
            }
            Line::Header => {
                tally.headers += 1;
                if let Some(layout) = position.tracker.layout() {
                    position.account.layout(layout);
                }
            }
            Line::Comment => tally.comments += 1,
            Line::Blank => tally.blanks += 1,
        }
        position.account.tally.lines += 1;
        position.line += 1;
    }

    /// Publishes the records so far where they are due.
    pub(super) fn publish_due(&mut self) {
        if self.outlet.is_due(self.builder.rows()) {
            self.publish();
        }
    }

    /// Publishes the records so far, if there are any.
    pub(super) fn publish(&mut self) {
        if let Some(chunk) = self.builder.finish() {
            self.published += 1;
            self.outlet.chunk(chunk);
        }
    }

    /// Forgets what was not added when reading was broken off.
    pub(super) fn discard(&mut self) {
        self.builder.discard();
    }
}

impl Position<'_, '_> {
    fn origin(&self) -> Origin {
        Origin {
            source: self.account.source,
            line: self.line,
        }
    }

    fn reject(&mut self, reason: Reason, bytes: &[u8]) {
        self.account.reject(self.line, reason, bytes);
        self.line += 1;
    }
}

/// Where the first line of a text ends: behind its line end.
fn line_end(text: &[u8]) -> usize {
    memchr(b'\n', text).map_or(text.len(), |end| end + 1)
}

/// How many lines from `line` on are even.
fn even_run(split: &Split, text: &[u8], line: usize, words: usize) -> usize {
    let lines = line..split.ends.len();
    lines
        .take_while(|line| split.is_even_line(text, *line, words))
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
