//! Shares a large file among threads: one decompresses it and cuts it into batches, the others read them.

use std::sync::Arc;

use memchr::memchr_iter;

use super::batch::{Batch, LargeFile};
use super::columns::{self, ColumnReader};
use super::line_reader::Position;
use super::report::FileReport;
use super::worker::{Worker, caught, enter, source_index};
use crate::ingest::formats::parquet::ColumnFile;
use crate::ingest::formats::piece_reader::PieceReader;
use crate::ingest::text::layout_state::{ActiveLayout, LayoutState};
use crate::ingest::text::noted;
use crate::ingest::text::piece::Piece;
use crate::store::{CHUNK_ROWS, Source};

/// The most text of a batch.
const BATCH_BYTES: usize = 1 << 24;

/// How long what a stream gave waits at most, in milliseconds.
const LONGEST_WAIT: u64 = 1000;

impl Worker<'_> {
    /// Decompresses a large file, and queues its lines for all threads.
    pub(crate) fn large_file(&mut self, index: usize) {
        let file = &self.load.files[index];
        let mut source = file.source.clone();
        let mut report = FileReport::new(source_index(file));
        let large_file = Arc::new(LargeFile::new(index, FileReport::new(source_index(file))));
        let result = caught(|| {
            let Some(mut feed) = self.open(file, &mut source, &mut report) else {
                return;
            };
            self.cut(&mut feed, &large_file, (&mut source, &mut report));
            if !feed.is_columns() {
                return self.conclude(file, feed, &mut source, &mut report);
            }
            let layouts = self.load.context.layouts;
            let opened = columns::open(file, feed, &mut source, &mut report, layouts);
            if let Some(opened) = opened {
                self.share(opened, &large_file);
            }
        });
        if let Err(payload) = result {
            report.panicked(&file.source.path, payload.as_ref());
        }
        let done = large_file.change(|state| {
            state.source = source;
            state.report.merge(report);
            state.is_cut = true;
        });
        self.load.stream_is_cut();
        self.finish(&large_file, done);
    }

    /// Cuts a file into batches.
    fn cut(
        &mut self,
        feed: &mut PieceReader<'_>,
        large_file: &Arc<LargeFile>,
        (source, report): (&mut Source, &mut FileReport),
    ) {
        let file = &self.load.files[large_file.index];
        let (mut layout_state, line) = self
            .load
            .context
            .resume
            .begin(file, self.load.context.layouts);
        let mut batch = Batch::new(large_file, line, &layout_state);
        let (mut taken, mut told) = (0, 0);
        loop {
            let mut piece = self.load.spare_piece();
            if !feed.next(&mut piece) {
                self.load.give_back(vec![piece]);
                if feed.is_over() {
                    break;
                }
                // What has come is shown while nothing comes.
                self.load.context.reporter.read(0);
                told = self.hand_out_early(&mut batch, &layout_state, told);
                continue;
            }
            let before = layout_state.active().clone();
            if enter(layout_state.survey(&piece), source, report) {
                break;
            }
            let active = layout_state.active().clone();
            if active != before {
                // What was found out holds from here on; who reads a batch does not find it out again.
                let line = batch.line + batch.lines as u64;
                let old =
                    std::mem::replace(&mut batch, Batch::new(large_file, line, &layout_state));
                self.hand_out(old);
            }
            let lines = follow(&piece, &mut layout_state);
            if batch.lines + lines > CHUNK_ROWS || batch.bytes() > BATCH_BYTES {
                let line = batch.line + batch.lines as u64;
                let full =
                    std::mem::replace(&mut batch, Batch::new(large_file, line, &layout_state));
                batch.active = active;
                self.hand_out(full);
            }
            batch.lines += lines;
            batch.pieces.push(piece);
            self.load.context.reporter.read(feed.taken() - taken);
            taken = feed.taken();
            told = self.hand_out_early(&mut batch, &layout_state, told);
        }
        self.load
            .context
            .resume
            .leave(file, batch.line + batch.lines as u64, &layout_state);
        self.hand_out(batch);
    }

    /// Queues the row groups of a file of columns for all threads.
    fn share(&mut self, columns: ColumnFile, large_file: &Arc<LargeFile>) {
        let columns = Arc::new(columns);
        let layout_state = LayoutState::at(self.load.context.layouts, ActiveLayout::default());
        for groups in columns.runs() {
            let mut batch = Batch::new(large_file, 1, &layout_state);
            batch.groups = Some((Arc::clone(&columns), groups));
            self.hand_out(batch);
        }
    }

    /// Hands out what has come of a stream that trickles: after 50 ms, 100 ms, 200 ms, … and then every second,
    /// never a trail of tiny chunks. `told` is when that was done last; gives when it is done now.
    fn hand_out_early(
        &mut self,
        batch: &mut Batch,
        layout_state: &LayoutState<'_>,
        told: u64,
    ) -> u64 {
        let now = self.load.context.reporter.elapsed();
        let is_stream = self.load.files[batch.file.index].is_stream();
        let is_late = is_stream && now >= told + (told + 50).min(LONGEST_WAIT);
        if batch.pieces.is_empty() || !is_late && !self.load.context.reporter.is_due(batch.lines) {
            return told;
        }
        let line = batch.line + batch.lines as u64;
        let next = Batch::new(&batch.file, line, layout_state);
        self.hand_out(std::mem::replace(batch, next));
        now
    }

    fn hand_out(&mut self, batch: Batch) {
        if batch.pieces.is_empty() && batch.groups.is_none() {
            return;
        }
        batch.file.change(|state| state.waiting += 1);
        if let Some(batch) = self.load.offer(batch) {
            self.batch(batch);
        }
    }

    pub(crate) fn batch(&mut self, batch: Batch) {
        let file = &self.load.files[batch.file.index];
        let mut report = FileReport::new(source_index(file));
        self.reader.begin_file(file);
        let mut layout_state = LayoutState::at(self.load.context.layouts, batch.active.clone());
        let result = caught(|| {
            if let Some((column_file, groups)) = &batch.groups {
                let mut columns =
                    ColumnReader::new(&mut self.reader, &mut report, self.load.context);
                columns.read(column_file, groups.clone());
                return self.reader.publish();
            }
            let mut position = Position {
                layout_state: &mut layout_state,
                report: &mut report,
                line: batch.line,
            };
            for piece in &batch.pieces {
                self.reader.read(piece, &mut position);
            }
            self.reader.publish();
        });
        if let Err(payload) = result {
            self.reader.discard();
            report.panicked(&file.source.path, payload.as_ref());
        }
        let done = batch.file.change(|state| {
            state.report.merge(report);
            state.waiting -= 1;
        });
        self.load.give_back(batch.pieces);
        self.finish(&batch.file, done);
    }

    /// Says what is known of a large file, where that was the last of it.
    fn finish(&self, large_file: &LargeFile, done: Option<(Source, FileReport)>) {
        if let Some((source, report)) = done {
            self.send_report(large_file.index, source, report);
        }
    }
}

/// Counts the lines of a piece, and applies the headers among them.
fn follow(piece: &Piece, layout_state: &mut LayoutState<'_>) -> usize {
    let text = piece.content();
    let (mut begin, mut lines, mut noted) = (0, 0, 0);
    for end in memchr_iter(b'\n', text) {
        if let Some((_, note)) = piece.note(noted).filter(|(at, _)| *at == begin) {
            noted += 1;
            noted::apply(note, layout_state);
            lines += usize::from(note.is_line());
        } else {
            if layout_state.may_change(text[begin]) {
                layout_state.pass(&text[begin..end]);
            }
            lines += 1;
        }
        begin = end + 1;
    }
    lines
}
