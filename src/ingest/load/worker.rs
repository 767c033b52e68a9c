//! What a loading thread does: takes work, reads files whole, or shares the work of a large one.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::line_reader::{LineReader, Position};
use super::queue::{Job, Load};
use super::report::FileReport;
use crate::format;
use crate::ingest::formats::feed::{Feed, Piece};
use crate::ingest::formats::parquet::Parquet;
use crate::ingest::formats::sniff::{Content, ENOUGH, sniff};
use crate::ingest::source::decode::{Decoder, End, Raw};
use crate::ingest::source::input_file::{Bytes, InputFile};
use crate::ingest::text::layout_state::Finding;
use crate::store::{Compression, ReadProblem, Source, Status};

/// How many bytes of rejected lines a thread holds back, more or less.
const REJECTS_WAITING: usize = 8 << 20;

/// A loading thread.
pub(crate) struct Worker<'l> {
    pub(crate) load: &'l Load<'l>,
    pub(crate) reader: LineReader<'l>,
    piece: Piece,
    /// Files that have been read, some of whose records may still wait in the builder.
    finished: Vec<(usize, Source, FileReport)>,
    /// The bytes of their rejected lines.
    waiting: usize,
}

impl<'l> Worker<'l> {
    /// Takes its work from `load`.
    pub(crate) fn new(load: &'l Load<'l>) -> Self {
        Self {
            load,
            reader: LineReader::new(load.layouts.catalog.clone(), load.reporter),
            piece: Piece::default(),
            finished: Vec::new(),
            waiting: 0,
        }
    }

    /// Works until there is nothing left.
    pub(crate) fn run(&mut self) {
        while let Some(job) = self.load.take() {
            match job {
                Job::Files(files) => {
                    for index in files {
                        self.file(index);
                    }
                    self.publish_rest();
                    self.send_reports();
                }
                Job::Stream(index) => self.stream(index),
                Job::Batch(batch) => self.batch(batch),
            }
        }
    }

    fn publish_rest(&mut self) {
        let publishing = AssertUnwindSafe(|| self.reader.publish());
        if let Err(payload) = catch_unwind(publishing) {
            for (index, _, report) in &mut self.finished {
                report.panicked(&self.load.places[*index].source.path, payload.as_ref());
            }
        }
    }

    /// Says what is known of the files whose records have all been published.
    fn send_reports(&mut self) {
        self.waiting = 0;
        for (index, mut source, report) in self.finished.drain(..) {
            let rejects = report.close(&mut source, &self.load.layouts.catalog);
            let place = &self.load.places[index];
            place.add_up(&mut source, self.load.reporter.full().is_some());
            self.load.reporter.source(place.index, source, rejects);
        }
    }

    /// Reads a file from its beginning to its end.
    fn file(&mut self, index: usize) {
        let place = &self.load.places[index];
        let mut source = place.source.clone();
        let mut report = FileReport::new(source_index(place));
        let reading = AssertUnwindSafe(|| self.read_file(place, &mut source, &mut report));
        if let Err(payload) = catch_unwind(reading) {
            self.reader.discard();
            report.panicked(&place.source.path, payload.as_ref());
        }
        self.waiting += report.rejects.memory();
        self.finished.push((index, source, report));
        // Lines that were not read wait for records that may be long in coming.
        if self.waiting > REJECTS_WAITING {
            self.publish_rest();
            self.send_reports();
        }
    }

    fn read_file(&mut self, place: &InputFile, source: &mut Source, report: &mut FileReport) {
        let Some(mut feed) = self.open(place, source, report) else {
            return;
        };
        let (mut layout_state, mut line) = place.begin(self.load.layouts);
        let mut taken = 0;
        let mut published = self.reader.published;
        while feed.next(&mut self.piece) {
            if enter(layout_state.survey(&self.piece), source, report) {
                break;
            }
            let mut position = Position {
                layout_state: &mut layout_state,
                report,
                line,
            };
            self.reader.read(&self.piece, &mut position);
            line = position.line;
            report.line_counts.bytes_decoded = feed.decoded();
            report.line_counts.bytes_read = feed.taken();
            self.load.reporter.read(feed.taken() - taken);
            taken = feed.taken();
            if self.reader.published != published {
                published = self.reader.published;
                self.send_reports();
            }
        }
        if feed.is_parquet() {
            let layouts = self.load.layouts;
            if let Some(file) = Parquet::open(place, feed, source, report, layouts) {
                for groups in file.runs() {
                    file.read(groups, &mut self.reader, report, self.load);
                }
            }
            return;
        }
        place.leave(&feed, line, &layout_state);
        self.conclude(place, feed, source, report);
    }

    /// Opens a file and finds out how it is packed.
    pub(crate) fn open(
        &self,
        place: &InputFile,
        source: &mut Source,
        report: &mut FileReport,
    ) -> Option<Feed<'l>> {
        if source.status != Status::Ok {
            report.status = source.status.clone();
            return None;
        }
        if place.bytes == Bytes::Duplicate {
            return None;
        }
        let (raw, content) = match self.first_bytes(place) {
            Ok(Some(opened)) => opened,
            Ok(None) => {
                self.stopped(report);
                return None;
            }
            Err(error) => {
                report.status = Status::Unreadable(ReadProblem::of_open(&error));
                return None;
            }
        };
        if content == Content::Gzip {
            source.compression = Compression::Gzip;
        }
        let decoder = Decoder::new(raw, source.compression, self.load.stop);
        let feed = Feed::new(decoder, place.is_stream());
        let feed = feed.noticing(Arc::clone(&self.load.reporter.events));
        Some(if place.is_followed() {
            feed.of_growing(place.offset() > 0, place.take_transcoder())
        } else {
            feed
        })
    }

    /// Opens a file and looks at its first bytes; none where the load is stopped before there are any.
    fn first_bytes(&self, place: &InputFile) -> io::Result<Option<(Raw, Content)>> {
        let mut raw = Raw::new(place.open()?, place.size);
        loop {
            if self.load.is_stopped() {
                return Ok(None);
            }
            match raw.peek(ENOUGH) {
                // What is read on is what it was.
                Ok(_) if place.offset() > 0 => return Ok(Some((raw, Content::Text { skip: 0 }))),
                Ok(bytes) => {
                    let content = sniff(bytes);
                    return Ok(Some((raw, content)));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Enters that a file was not read to its end.
    fn stopped(&self, report: &mut FileReport) {
        match self.load.reporter.full() {
            Some(limit) => report.full(limit),
            None => report.end(&End::Stopped),
        }
    }

    /// Enters that events of a file had been met before.
    fn enter_duplicates(&self, count: u64, source: &mut Source, report: &mut FileReport) {
        if count == 0 {
            return;
        }
        report.line_counts.duplicates += count;
        let what = if self.load.reporter.events.are_dropped {
            "skipped"
        } else {
            "counted twice; `--drop-duplicates` skips them"
        };
        let events = format::counted(count, "event", "events");
        source
            .warnings
            .push(format!("{events} with a duplicate id: {what}"));
    }

    /// Enters how a file ended.
    pub(crate) fn conclude(
        &self,
        place: &InputFile,
        mut feed: Feed<'_>,
        source: &mut Source,
        report: &mut FileReport,
    ) {
        let held = feed.growing().unwrap_or(0) as u64;
        report.line_counts.bytes_read = feed.taken() - held;
        report.line_counts.bytes_decoded = feed.decoded() - held;
        source.format = feed.format();
        self.enter_duplicates(feed.duplicates(), source, report);
        if let Some(problem) = feed.problem() {
            report.broken(problem);
        }
        let unread = feed.unread();
        place.keep(feed.take_transcoder());
        let (end, warnings, foreign) = feed.into_end();
        source.warnings.extend(warnings);
        match (foreign, end) {
            (Some(foreign), _) => report.unsupported(&foreign),
            (None, End::Stopped) => self.stopped(report),
            (None, end) => {
                report.end(&end);
                if let Some(unread) = unread.filter(|_| report.status == Status::Ok) {
                    report.unsupported(&unread);
                }
            }
        }
    }
}

/// Enters what was found out about a file before its lines were read, and says whether that ends it.
pub(crate) fn enter(finding: Finding, source: &mut Source, report: &mut FileReport) -> bool {
    source.warnings.extend(finding.warning);
    if let Some(guess) = finding.inferred_order {
        source.inferred_order = Some(Arc::new(guess));
    }
    let Some(problem) = finding.problem else {
        return false;
    };
    report.status = Status::Unreadable(problem);
    true
}

/// Reads `work`, and gives back the fault where it has one.
pub(crate) fn caught(work: impl FnOnce()) -> Result<(), Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(work))
}

/// The index of the source of `place`, as records have it.
pub(crate) fn source_index(place: &InputFile) -> u32 {
    u32::try_from(place.index).expect("fewer files than records")
}
