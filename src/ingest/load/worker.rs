//! What a loading thread does: takes work, reads files whole, or shares the work of a large one.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use super::columns::{self, ColumnReader};
use super::context::LoadContext;
use super::line_reader::{LineReader, Position};
use super::queue::{Job, LoadQueue};
use super::report::FileReport;
use crate::format;
use crate::ingest::compression::{self, MAGIC_BYTES};
use crate::ingest::formats::piece_reader::{Growth, Mode, PieceReader};
use crate::ingest::infer::survey::Finding;
use crate::ingest::source::checkpoint::ReadExtent;
use crate::ingest::source::decode::{Decoder, End};
use crate::ingest::source::duplicates::is_small;
use crate::ingest::source::input_file::{Bytes, InputFile};
use crate::ingest::source::raw::Raw;
use crate::ingest::text::piece::Piece;
use crate::store::{Compression, ReadProblem, Source, Status};

/// How many bytes of rejected lines a thread holds back, more or less.
const REJECTS_WAITING: usize = 8 << 20;

/// A loading thread.
pub(crate) struct Worker<'l> {
    pub(crate) load: &'l LoadQueue<'l>,
    pub(crate) reader: LineReader<'l>,
    piece: Piece,
    /// Files that have been read, some of whose records may still wait in the builder.
    finished: Vec<(usize, Source, FileReport)>,
    /// The bytes of their rejected lines.
    waiting: usize,
}

impl<'l> Worker<'l> {
    /// Takes its work from `load`.
    pub(crate) fn new(load: &'l LoadQueue<'l>) -> Self {
        Self {
            load,
            reader: LineReader::new(load.context.layouts.catalog.clone(), load.context.reporter)
                .with_counter(load.context.counter),
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
                Job::LargeFile(index) => self.large_file(index),
                Job::Batch(batch) => self.batch(batch),
            }
        }
    }

    fn publish_rest(&mut self) {
        let publishing = AssertUnwindSafe(|| self.reader.publish());
        if let Err(payload) = catch_unwind(publishing) {
            for (index, _, report) in &mut self.finished {
                report.panicked(&self.load.files[*index].source.path, payload.as_ref());
            }
        }
    }

    /// Reports the files whose records have all been published.
    fn send_reports(&mut self) {
        self.waiting = 0;
        for (index, source, report) in std::mem::take(&mut self.finished) {
            self.send_report(index, source, report);
        }
    }

    /// Reports a file whose records have all been published.
    pub(crate) fn send_report(&self, index: usize, mut source: Source, mut report: FileReport) {
        if report.status == Status::Stopped {
            // The memory limit may have stopped the load, too.
            self.stopped(&mut report);
        }
        report.decide_what_it_is(&self.load.files[index], &mut source);
        let is_not_flow_log = matches!(
            report.status,
            Status::Skipped(_) | Status::Unreadable(ReadProblem::NotFlowLog { .. })
        );
        let path = &self.load.files[index].source.path;
        if is_not_flow_log && self.load.context.layouts.is_description(path) {
            report.status = Status::Skipped(ReadProblem::Description);
        }
        let rejects = report.close(&mut source, &self.load.context.layouts.catalog);
        let file = &self.load.files[index];
        let is_full = self.load.context.reporter.full().is_some();
        self.load.context.resume.add_up(file, &mut source, is_full);
        self.load
            .context
            .reporter
            .source(file.index, source, rejects);
    }

    /// Reads a file from its beginning to its end.
    fn file(&mut self, index: usize) {
        let file = &self.load.files[index];
        let mut source = file.source.clone();
        let mut report = FileReport::new(source_index(file));
        let reading = AssertUnwindSafe(|| self.read_file(file, &mut source, &mut report));
        if let Err(payload) = catch_unwind(reading) {
            self.reader.discard();
            report.panicked(&file.source.path, payload.as_ref());
        }
        self.waiting += report.rejects.memory();
        self.finished.push((index, source, report));
        // Lines that were not read wait for records that may be long in coming.
        if self.waiting > REJECTS_WAITING {
            self.publish_rest();
            self.send_reports();
        }
    }

    fn read_file(&mut self, file: &InputFile, source: &mut Source, report: &mut FileReport) {
        let Some(mut feed) = self.open(file, source, report) else {
            return;
        };
        let (mut layout_state, mut line) = self
            .load
            .context
            .resume
            .begin(file, self.load.context.layouts);
        self.reader.begin_file(file);
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
            self.load.context.reporter.read(feed.taken() - taken);
            taken = feed.taken();
            if self.reader.published != published {
                published = self.reader.published;
                self.send_reports();
            }
        }
        if feed.is_columns() {
            let layouts = self.load.context.layouts;
            if let Some(column_file) = columns::open(file, feed, source, report, layouts) {
                let mut columns = ColumnReader::new(&mut self.reader, report, self.load.context);
                for groups in column_file.runs() {
                    columns.read(&column_file, groups);
                }
            }
            return;
        }
        self.load.context.resume.leave(file, line, &layout_state);
        self.conclude(file, feed, source, report);
    }

    /// Opens a file and detects its compression.
    pub(crate) fn open(
        &self,
        file: &InputFile,
        source: &mut Source,
        report: &mut FileReport,
    ) -> Option<PieceReader<'l>> {
        if source.status != Status::Ok {
            report.status = source.status.clone();
            return None;
        }
        if file.bytes == Bytes::Duplicate {
            return None;
        }
        let raw = match self.first_bytes(file) {
            Ok(Some(raw)) => raw,
            Ok(None) => {
                self.stopped(report);
                return None;
            }
            Err(error) => {
                report.status = Status::Unreadable(ReadProblem::of_open(&error));
                return None;
            }
        };
        let (raw, compression) = raw;
        source.compression = compression.unwrap_or(source.compression);
        let context = self.load.context;
        let is_resumed = file.offset() > 0;
        let decoder = match (is_resumed, compression) {
            (true, Some(compression)) => {
                Decoder::resume_compressed(raw, compression, context.stop, file.offset())
            }
            (true, None) => Decoder::resume(raw, context.stop),
            (false, _) => Decoder::new(raw, source.compression, context.stop),
        };
        let reader = if is_resumed {
            let reader = context.resume.take_reader(file);
            PieceReader::resume(decoder, reader, file.takes_last_line())
        } else if file.is_followed() {
            let growth = Growth::at_start(file.takes_last_line());
            PieceReader::new(decoder, Mode::Growing(growth))
        } else if file.is_stream() {
            PieceReader::new(decoder, Mode::Stream)
        } else {
            PieceReader::new(decoder, Mode::Whole)
        };
        let order = context.layouts.order_of(&file.source.path);
        let events = Arc::clone(&context.reporter.events);
        Some(reader.with_event_ids(events).with_order(order))
    }

    /// Opens a file and detects its compression; none where the load is stopped before there are bytes.
    fn first_bytes(&self, file: &InputFile) -> io::Result<Option<(Raw, Option<Compression>)>> {
        let mut raw = Raw::new(file.open()?, file.size);
        loop {
            if self.load.context.is_stopped() {
                return Ok(None);
            }
            match raw.peek(MAGIC_BYTES) {
                // What is appended to a file that is not compressed is not compressed either.
                Ok(_) if file.offset() > 0 && file.compressed_length().is_none() => {
                    return Ok(Some((raw, None)));
                }
                Ok(bytes) => {
                    let codec = compression::recognize(bytes);
                    self.enter_hash(file, &mut raw);
                    return Ok(Some((raw, codec.map(|codec| codec.compression))));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn enter_hash(&self, file: &InputFile, raw: &mut Raw) {
        let hashes = self.load.context.hashes.filter(|_| is_small(file));
        if let Some(hashes) = hashes
            && let Ok(size) = usize::try_from(file.size)
            && let Ok(bytes) = raw.peek(size)
        {
            hashes.enter(file.index, &bytes[..size.min(bytes.len())]);
        }
    }

    /// Enters that a file was not read to its end.
    fn stopped(&self, report: &mut FileReport) {
        match self.load.context.reporter.full() {
            Some(limit) => report.full(limit),
            None => report.end(&End::Stopped),
        }
    }

    /// Counts the events of a file that had been seen before.
    fn enter_duplicates(&self, count: u64, source: &mut Source, report: &mut FileReport) {
        if count == 0 {
            return;
        }
        report.line_counts.duplicates += count;
        let what = if self.load.context.reporter.events.are_dropped {
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
        file: &InputFile,
        feed: PieceReader<'_>,
        source: &mut Source,
        report: &mut FileReport,
    ) {
        let outcome = feed.into_outcome();
        let held = outcome.rest.as_ref().map_or(0, |rest| rest.held as u64);
        let is_compressed = outcome.compression != Compression::NONE;
        let compressed = is_compressed.then_some(outcome.taken);
        if is_compressed {
            source.compression = outcome.compression;
        }
        report.is_suspect |= outcome.has_bad_checksum;
        report.line_counts.bytes_read = match compressed {
            Some(taken) => taken.saturating_sub(file.compressed_length().unwrap_or(0)),
            None => outcome.taken - held,
        };
        report.line_counts.bytes_decoded = outcome.decoded - held;
        source.format = outcome.format;
        self.enter_duplicates(outcome.duplicates, source, report);
        if let Some(problem) = outcome.problem {
            report.broken(problem);
        }
        let read = ReadExtent {
            decoded: outcome.decoded,
            taken: outcome.taken,
            is_compressed,
            is_whole: matches!(outcome.end, End::Whole) && outcome.unsupported.is_none(),
        };
        self.load.context.resume.keep(file, read, outcome.rest);
        source.warnings.extend(outcome.warnings);
        if let Some(name) = &outcome.log_group {
            self.load.context.reporter.enter_log_group(file, name);
        }
        for (field, doubt, word) in &outcome.doubts {
            report.doubt(0, *field, *doubt, word);
        }
        match (outcome.unsupported, outcome.end) {
            (Some(unsupported), _) => report.unsupported(&unsupported),
            (None, End::Stopped) => self.stopped(report),
            (None, end) => {
                report.end(&end);
                let without_records = outcome.without_records;
                if let Some(content) = without_records.filter(|_| report.status == Status::Ok) {
                    report.unsupported(&content);
                }
            }
        }
    }
}

/// Reads `files`, and ends when all threads have ended.
pub(crate) fn read_files(files: &[InputFile], context: LoadContext<'_>) {
    let load = LoadQueue::new(files, context);
    thread::scope(|scope| {
        for _ in 1..context.threads {
            // If the system gives no more threads, the others do the work.
            let _ = thread::Builder::new().spawn_scoped(scope, || Worker::new(&load).run());
        }
        Worker::new(&load).run();
    });
    context.reporter.progress();
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

/// Runs `work`, and returns its panic where it has one.
pub(crate) fn caught(work: impl FnOnce()) -> Result<(), Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(work))
}

/// The index of the source of `file`, as records have it.
pub(crate) fn source_index(file: &InputFile) -> u32 {
    u32::try_from(file.index).expect("fewer files than records")
}
