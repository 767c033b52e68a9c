//! Shares a large file among threads: one unpacks it and cuts it into batches, whoever is free reads them.

use std::sync::{Arc, Mutex, PoisonError};

use memchr::memchr_iter;

use super::account::Account;
use super::feed::{Feed, Kind, Piece};
use super::layout::Tracker;
use super::read::Position;
use super::worker::{Worker, caught, name, source_index};
use crate::store::{CHUNK_ROWS, Layout, Source};

/// The most text of a batch.
const BATCH_BYTES: usize = 1 << 24;

/// How long what a stream gave waits at most, in milliseconds.
const LONGEST_WAIT: u64 = 1000;

/// Whole lines of a large file that follow one another: what becomes a chunk.
pub(super) struct Batch {
    file: Arc<Stream>,
    pieces: Vec<Piece>,
    /// The first line, counted from 1.
    line: u64,
    /// How many lines there are.
    lines: usize,
    /// The layout in force at the first line.
    layout: Option<Arc<Layout>>,
}

/// A large file that is being read.
pub(super) struct Stream {
    index: usize,
    state: Mutex<State>,
}

struct State {
    source: Source,
    account: Account,
    /// Batches that have not been read yet.
    waiting: usize,
    /// Whether all batches have been cut.
    is_cut: bool,
}

impl Stream {
    /// Changes the state, and says whether all is done with that.
    fn change(&self, change: impl FnOnce(&mut State)) -> Option<(Source, Account)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let is_done = state.is_cut && state.waiting == 0;
        is_done.then(|| {
            (
                std::mem::take(&mut state.source),
                std::mem::take(&mut state.account),
            )
        })
    }
}

impl Worker<'_> {
    /// Unpacks a large file, and leaves the lines to whoever is free.
    pub(super) fn stream(&mut self, index: usize) {
        let place = &self.load.places[index];
        let mut source = place.source.clone();
        let mut account = Account::new(source_index(place));
        let file = Arc::new(Stream {
            index,
            state: Mutex::new(State {
                source: Source::default(),
                account: Account::new(source_index(place)),
                waiting: 0,
                is_cut: false,
            }),
        });
        let result = caught(|| {
            if let Some(mut feed) = self.open(place, &mut source, &mut account) {
                self.cut(&mut feed, &file);
                self.conclude(place, feed, &mut source, &mut account);
            }
        });
        if let Err(fault) = result {
            account.fault(&name(place), fault.as_ref());
        }
        let done = file.change(|state| {
            state.source = source;
            state.account.merge(account);
            state.is_cut = true;
        });
        self.load.stream_is_cut();
        self.finish(&file, done);
    }

    /// Cuts a file into batches.
    fn cut(&mut self, feed: &mut Feed<'_>, file: &Arc<Stream>) {
        let place = &self.load.places[file.index];
        let (mut tracker, line) = place.begin(self.load.layouts);
        let mut batch = Batch::new(file, line, &tracker);
        let (mut taken, mut told) = (0, 0);
        loop {
            let mut piece = self.load.spare_piece();
            if !feed.next(&mut piece) {
                self.load.give_back(vec![piece]);
                if feed.is_over() {
                    break;
                }
                // What has come is shown while nothing comes.
                self.load.outlet.read(0);
                told = self.hand_out_early(&mut batch, &tracker, told);
                continue;
            }
            let (layout, lines) = (tracker.layout().cloned(), follow(&piece, &mut tracker));
            if batch.lines + lines > CHUNK_ROWS || batch.bytes() > BATCH_BYTES {
                let line = batch.line + batch.lines as u64;
                let full = std::mem::replace(&mut batch, Batch::new(file, line, &tracker));
                batch.layout = layout;
                self.hand_out(full);
            }
            batch.lines += lines;
            batch.pieces.push(piece);
            self.load.outlet.read(feed.taken() - taken);
            taken = feed.taken();
            told = self.hand_out_early(&mut batch, &tracker, told);
        }
        place.leave(feed, batch.line + batch.lines as u64, &tracker);
        self.hand_out(batch);
    }

    /// Hands out what has come of a stream that trickles: after 50 ms, 100 ms, 200 ms, … and then every second,
    /// never a trail of tiny chunks. `told` is when that was done last; gives when it is done now.
    fn hand_out_early(&mut self, batch: &mut Batch, tracker: &Tracker<'_>, told: u64) -> u64 {
        let now = self.load.outlet.elapsed();
        let is_stream = self.load.places[batch.file.index].is_stream();
        let is_late = is_stream && now >= told + (told + 50).min(LONGEST_WAIT);
        if batch.pieces.is_empty() || !is_late && !self.load.outlet.is_due(batch.lines) {
            return told;
        }
        let line = batch.line + batch.lines as u64;
        let next = Batch::new(&batch.file, line, tracker);
        self.hand_out(std::mem::replace(batch, next));
        now
    }

    fn hand_out(&mut self, batch: Batch) {
        if batch.pieces.is_empty() {
            return;
        }
        batch.file.change(|state| state.waiting += 1);
        if let Some(batch) = self.load.offer(batch) {
            self.batch(batch);
        }
    }

    /// Reads a batch.
    pub(super) fn batch(&mut self, batch: Batch) {
        let place = &self.load.places[batch.file.index];
        let mut account = Account::new(source_index(place));
        let mut tracker = Tracker::at(self.load.layouts, batch.layout.clone());
        let result = caught(|| {
            let mut position = Position {
                tracker: &mut tracker,
                account: &mut account,
                line: batch.line,
            };
            for piece in &batch.pieces {
                self.reader.read(piece, &mut position);
            }
            self.reader.publish();
        });
        if let Err(fault) = result {
            self.reader.discard();
            account.fault(&name(place), fault.as_ref());
        }
        let done = batch.file.change(|state| {
            state.account.merge(account);
            state.waiting -= 1;
        });
        self.load.give_back(batch.pieces);
        self.finish(&batch.file, done);
    }

    /// Says what is known of a large file, where that was the last of it.
    fn finish(&self, file: &Stream, done: Option<(Source, Account)>) {
        if let Some((mut source, account)) = done {
            let rejects = account.close(&mut source);
            let place = &self.load.places[file.index];
            place.add_up(&mut source);
            self.load.outlet.source(place.index, source, rejects);
        }
    }
}

impl Batch {
    fn new(file: &Arc<Stream>, line: u64, tracker: &Tracker<'_>) -> Self {
        Self {
            file: Arc::clone(file),
            pieces: Vec::new(),
            line,
            lines: 0,
            layout: tracker.layout().cloned(),
        }
    }

    fn bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.used).sum()
    }
}

/// Counts the lines of a piece, and notices the headers among them.
fn follow(piece: &Piece, tracker: &mut Tracker<'_>) -> usize {
    if piece.kind != Kind::Lines {
        return 1;
    }
    let text = &piece.text[..piece.used];
    let (mut begin, mut lines) = (0, 0);
    for end in memchr_iter(b'\n', text) {
        if tracker.may_change(text[begin]) {
            tracker.pass(&text[begin..end]);
        }
        begin = end + 1;
        lines += 1;
    }
    lines
}
