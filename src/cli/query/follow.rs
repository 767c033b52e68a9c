//! `query --follow`: writes existing records, then those that arrive in files, new files and pipes.

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};

use crate::cli::answer;
use crate::cli::failure::{Failure, Verdict};
use crate::cli::filter;
use crate::cli::interrupt::{Interrupt, POLL_INTERVAL};
use crate::cli::load;
use crate::cli::options::{Reading, Reporting};
use crate::cli::output::Destination;
use crate::cli::report;
use crate::export::{Arriving, Records, Spelling};
use crate::ingest;
use crate::ingest::LoadEvent;
use crate::query::Expression;
use crate::schema::FieldId;
use crate::store::{Chunk, Store};

pub(super) struct Writing<'w> {
    pub(super) destination: &'w Destination,
    pub(super) spelling: Spelling,
    pub(super) limit: usize,
    /// The columns, known after the first records.
    pub(super) fields: &'w dyn Fn(&Store) -> Result<Vec<FieldId>, Failure>,
}

/// The records loaded, and how many of them have been written.
struct Following<'w> {
    reading: &'w Reading,
    writing: &'w Writing<'w>,
    /// Information on the files; their records are dropped once written.
    loaded: ingest::Loaded,
    waiting: Vec<Arc<Chunk>>,
    filter: Option<Arc<Expression>>,
    is_filtered: bool,
    out: Option<Arriving<'w>>,
    written: usize,
}

/// Writes records until all inputs have ended or a signal arrives.
pub(super) fn follow(
    reading: &Reading,
    reporting: Reporting,
    writing: &Writing<'_>,
    interrupt: &Interrupt,
) -> Result<Verdict, Failure> {
    let inputs = load::inputs_of(reading)?;
    if let Some(verdict) = load::nothing_to_read(&inputs, true) {
        return Ok(verdict);
    }
    let loaded = ingest::Loaded::default();
    let catalog = Arc::clone(&loaded.store.catalog);
    let (sender, events) = mpsc::sync_channel(load::MAX_WAITING_EVENTS);
    let sink = move |event| {
        // The receiver is dropped once `--limit` is reached.
        let _ = sender.send(event);
    };
    let mut options = load::options(reading, interrupt)?;
    // There is no limit, because records are dropped once written.
    options.max_memory = None;
    let loading = load::start(inputs, options, catalog, sink)?;
    let mut following = Following {
        reading,
        writing,
        loaded,
        waiting: Vec::new(),
        filter: None,
        is_filtered: false,
        out: None,
        written: 0,
    };
    let ended = following.run(&events, reporting, interrupt);
    loading.stop();
    ended
}

impl Following<'_> {
    fn run(
        &mut self,
        events: &Receiver<LoadEvent>,
        reporting: Reporting,
        interrupt: &Interrupt,
    ) -> Result<Verdict, Failure> {
        let (mut caught_up, mut finished) = (false, false);
        let mut assumed = Vec::new();
        let mut told = report::Told::default();
        while !finished && self.written < self.writing.limit {
            if let Some(code) = interrupt.code() {
                told.rest(&self.loaded.store, reporting.strict);
                return Err(Failure::Interrupted(code));
            }
            let first = match events.recv_timeout(POLL_INTERVAL) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let mut news = Vec::new();
            for event in std::iter::once(first).chain(events.try_iter()) {
                finished |= matches!(event, LoadEvent::Finished { .. });
                if let LoadEvent::CaughtUp(_) = event {
                    caught_up = true;
                    report::load(&self.loaded, reporting.strict);
                    told = report::Told::everything_of(&self.loaded.store);
                    let known = self.loaded.store.assumptions();
                    assumed.extend(known.into_iter().map(|one| one.kind));
                    self.filter()?;
                }
                match &event {
                    LoadEvent::Source { index, .. } => news.push(*index),
                    LoadEvent::Overlaps(overlaps) => {
                        news.extend(overlaps.iter().map(|overlap| overlap.source));
                    }
                    _ => {}
                }
                match event {
                    LoadEvent::Chunk(chunk) => self.waiting.push(chunk),
                    event => self.loaded.take_in(event),
                }
            }
            if caught_up {
                if !news.is_empty() {
                    told.news(&self.loaded.store, &news, reporting.strict);
                    report::assumptions(&self.loaded.store, reporting.strict, &mut assumed);
                }
                self.write()?;
            }
        }
        if caught_up {
            told.rest(&self.loaded.store, reporting.strict);
        }
        let sources = self.loaded.store.sources().iter();
        let is_troubled = sources.into_iter().any(|source| source.status.is_failure());
        let has_rejects = self.loaded.store.rejects().count() > 0;
        if is_troubled || reporting.strict && (has_rejects || !assumed.is_empty()) {
            return Ok(Verdict::Incomplete);
        }
        Ok(Verdict::of(self.written > 0))
    }

    /// The filter. Times relative to the end of the data refer to the data present at the start.
    fn filter(&mut self) -> Result<Option<Arc<Expression>>, Failure> {
        if self.is_filtered {
            return Ok(self.filter.clone());
        }
        let mut store = self.loaded.store.clone();
        for chunk in &self.waiting {
            store.push(Arc::clone(chunk));
        }
        let filter = filter::expression(self.reading, &store)?;
        self.filter.clone_from(&filter);
        self.is_filtered = true;
        Ok(filter)
    }

    fn write(&mut self) -> Result<(), Failure> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let filter = self.filter()?;
        for chunk in self.waiting.drain(..) {
            self.loaded.store.push(chunk);
        }
        let answer = answer::answer_to(filter, &self.loaded.store, self.reading.jobs);
        let destination = self.writing.destination;
        let out = if let Some(out) = &mut self.out {
            out
        } else {
            let fields = (self.writing.fields)(&self.loaded.store)?;
            let out: Box<dyn Write> = Box::new(io::stdout());
            let records = Records {
                store: &self.loaded.store,
                fields,
                spelling: self.writing.spelling,
            };
            let out = Arriving::new(&records, destination.format, out, destination.terminal);
            self.out
                .insert(out.map_err(|error| Failure::of_output(&error))?)
        };
        let rows = answer.selection.rows();
        let rows = rows.take(self.writing.limit - self.written);
        let written = out.write(&self.loaded.store, rows);
        let written = written.map_err(|error| Failure::of_output(&error))?;
        self.written += usize::try_from(written).unwrap_or(usize::MAX);
        self.loaded.store.forget_rows();
        Ok(())
    }
}
