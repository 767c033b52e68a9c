//! Shares a large file among threads: one unpacks it and cuts it into batches, whoever is free reads them.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memchr_iter;

use super::line_reader::Position;
use super::report::FileReport;
use super::worker::{Worker, caught, enter, source_index};
use crate::ingest::formats::feed::{Feed, Kind, Piece};
use crate::ingest::formats::parquet::Parquet;
use crate::ingest::formats::rows;
use crate::ingest::text::layout_state::{ActiveLayout, LayoutState};
use crate::store::{CHUNK_ROWS, Source};

/// The most text of a batch.
const BATCH_BYTES: usize = 1 << 24;

/// How long what a stream gave waits at most, in milliseconds.
const LONGEST_WAIT: u64 = 1000;

/// Whole lines of a large file that follow one another: what becomes a chunk.
pub(crate) struct Batch {
    file: Arc<Stream>,
    pieces: Vec<Piece>,
    /// Row groups instead of pieces, where the file has no lines.
    groups: Option<(Arc<Parquet>, Range<usize>)>,
    /// The first line, counted from 1.
    line: u64,
    /// How many lines there are.
    lines: usize,
    /// What is in force at the first line.
    force: ActiveLayout,
}

/// A large file that is being read.
pub(crate) struct Stream {
    index: usize,
    state: Mutex<State>,
}

struct State {
    source: Source,
    report: FileReport,
    /// Batches that have not been read yet.
    waiting: usize,
    /// Whether all batches have been cut.
    is_cut: bool,
}

impl Stream {
    /// Changes the state, and says whether all is done with that.
    fn change(&self, change: impl FnOnce(&mut State)) -> Option<(Source, FileReport)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let is_done = state.is_cut && state.waiting == 0;
        is_done.then(|| {
            (
                std::mem::take(&mut state.source),
                std::mem::take(&mut state.report),
            )
        })
    }
}

impl Worker<'_> {
    /// Unpacks a large file, and leaves the lines to whoever is free.
    pub(crate) fn stream(&mut self, index: usize) {
        let place = &self.load.places[index];
        let mut source = place.source.clone();
        let mut report = FileReport::new(source_index(place));
        let file = Arc::new(Stream {
            index,
            state: Mutex::new(State {
                source: Source::default(),
                report: FileReport::new(source_index(place)),
                waiting: 0,
                is_cut: false,
            }),
        });
        let result = caught(|| {
            let Some(mut feed) = self.open(place, &mut source, &mut report) else {
                return;
            };
            self.cut(&mut feed, &file, (&mut source, &mut report));
            if !feed.is_parquet() {
                return self.conclude(place, feed, &mut source, &mut report);
            }
            let layouts = self.load.layouts;
            let opened = Parquet::open(place, feed, &mut source, &mut report, layouts);
            if let Some(parquet) = opened {
                self.share(parquet, &file);
            }
        });
        if let Err(payload) = result {
            report.panicked(&place.source.path, payload.as_ref());
        }
        let done = file.change(|state| {
            state.source = source;
            state.report.merge(report);
            state.is_cut = true;
        });
        self.load.stream_is_cut();
        self.finish(&file, done);
    }

    /// Cuts a file into batches.
    fn cut(
        &mut self,
        feed: &mut Feed<'_>,
        file: &Arc<Stream>,
        (source, report): (&mut Source, &mut FileReport),
    ) {
        let place = &self.load.places[file.index];
        let (mut layout_state, line) = place.begin(self.load.layouts);
        let mut batch = Batch::new(file, line, &layout_state);
        let (mut taken, mut told) = (0, 0);
        loop {
            let mut piece = self.load.spare_piece();
            if !feed.next(&mut piece) {
                self.load.give_back(vec![piece]);
                if feed.is_over() {
                    break;
                }
                // What has come is shown while nothing comes.
                self.load.reporter.read(0);
                told = self.hand_out_early(&mut batch, &layout_state, told);
                continue;
            }
            let before = layout_state.force().clone();
            if enter(layout_state.survey(&piece), source, report) {
                break;
            }
            let force = layout_state.force().clone();
            if force != before {
                // What was found out holds from here on; who reads a batch does not find it out again.
                let line = batch.line + batch.lines as u64;
                let old = std::mem::replace(&mut batch, Batch::new(file, line, &layout_state));
                self.hand_out(old);
            }
            let lines = follow(&piece, &mut layout_state);
            if batch.lines + lines > CHUNK_ROWS || batch.bytes() > BATCH_BYTES {
                let line = batch.line + batch.lines as u64;
                let full = std::mem::replace(&mut batch, Batch::new(file, line, &layout_state));
                batch.force = force;
                self.hand_out(full);
            }
            batch.lines += lines;
            batch.pieces.push(piece);
            self.load.reporter.read(feed.taken() - taken);
            taken = feed.taken();
            told = self.hand_out_early(&mut batch, &layout_state, told);
        }
        place.leave(feed, batch.line + batch.lines as u64, &layout_state);
        self.hand_out(batch);
    }

    /// Leaves the row groups of a Parquet file to whoever is free.
    fn share(&mut self, parquet: Parquet, file: &Arc<Stream>) {
        let parquet = Arc::new(parquet);
        let layout_state = LayoutState::at(self.load.layouts, ActiveLayout::default());
        for groups in parquet.runs() {
            let mut batch = Batch::new(file, 1, &layout_state);
            batch.groups = Some((Arc::clone(&parquet), groups));
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
        let now = self.load.reporter.elapsed();
        let is_stream = self.load.places[batch.file.index].is_stream();
        let is_late = is_stream && now >= told + (told + 50).min(LONGEST_WAIT);
        if batch.pieces.is_empty() || !is_late && !self.load.reporter.is_due(batch.lines) {
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

    /// Reads a batch.
    pub(crate) fn batch(&mut self, batch: Batch) {
        let place = &self.load.places[batch.file.index];
        let mut report = FileReport::new(source_index(place));
        let mut layout_state = LayoutState::at(self.load.layouts, batch.force.clone());
        let result = caught(|| {
            if let Some((parquet, groups)) = &batch.groups {
                parquet.read(groups.clone(), &mut self.reader, &mut report, self.load);
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
            report.panicked(&place.source.path, payload.as_ref());
        }
        let done = batch.file.change(|state| {
            state.report.merge(report);
            state.waiting -= 1;
        });
        self.load.give_back(batch.pieces);
        self.finish(&batch.file, done);
    }

    /// Says what is known of a large file, where that was the last of it.
    fn finish(&self, file: &Stream, done: Option<(Source, FileReport)>) {
        if let Some((mut source, report)) = done {
            let rejects = report.close(&mut source, &self.load.layouts.catalog);
            let place = &self.load.places[file.index];
            place.add_up(&mut source, self.load.reporter.full().is_some());
            self.load.reporter.source(place.index, source, rejects);
        }
    }
}

impl Batch {
    fn new(file: &Arc<Stream>, line: u64, layout_state: &LayoutState<'_>) -> Self {
        Self {
            file: Arc::clone(file),
            pieces: Vec::new(),
            groups: None,
            line,
            lines: 0,
            force: layout_state.force().clone(),
        }
    }

    fn bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.used).sum()
    }
}

/// Counts the lines of a piece, and notices the headers among them.
fn follow(piece: &Piece, layout_state: &mut LayoutState<'_>) -> usize {
    let has_marks = match piece.kind {
        Kind::Lines => false,
        Kind::Rows => true,
        Kind::TooLong | Kind::CutOff => return 1,
    };
    let text = piece.content();
    let (mut begin, mut lines) = (0, 0);
    for end in memchr_iter(b'\n', text) {
        let first = text[begin];
        if has_marks {
            if rows::may_change(first, layout_state) {
                rows::pass(&text[begin..end], layout_state);
            }
            lines += usize::from(rows::is_counted(first));
        } else {
            if layout_state.may_change(first) {
                layout_state.pass(&text[begin..end]);
            }
            lines += 1;
        }
        begin = end + 1;
    }
    lines
}
