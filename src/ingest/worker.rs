//! What a loading thread does: takes work, reads files whole, or shares the work of a large one.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::account::Account;
use super::decode::{Decoder, End, Raw};
use super::feed::{Feed, Piece};
use super::layout::Finding;
use super::parquet::Parquet;
use super::pipeline::{Job, Load};
use super::read::{LineReader, Position};
use super::sniff::{Content, ENOUGH, sniff};
use super::source::{Bytes, Place};
use crate::format;
use crate::format::visible;
use crate::store::{Compression, Source, Status};

/// How many bytes of rejected lines a thread holds back, more or less.
const REJECTS_WAITING: usize = 8 << 20;

/// A loading thread.
pub(super) struct Worker<'l> {
    pub(super) load: &'l Load<'l>,
    pub(super) reader: LineReader<'l>,
    piece: Piece,
    /// Files that have been read, some of whose records may still wait in the builder.
    finished: Vec<(usize, Source, Account)>,
    /// The bytes of their rejected lines.
    waiting: usize,
}

impl<'l> Worker<'l> {
    /// Takes its work from `load`.
    pub(super) fn new(load: &'l Load<'l>) -> Self {
        Self {
            load,
            reader: LineReader::new(load.layouts.catalog.clone(), load.outlet),
            piece: Piece::default(),
            finished: Vec::new(),
            waiting: 0,
        }
    }

    /// Works until there is nothing left.
    pub(super) fn run(&mut self) {
        while let Some(job) = self.load.take() {
            match job {
                Job::Files(files) => {
                    for index in files {
                        self.file(index);
                    }
                    self.publish_rest();
                    self.report();
                }
                Job::Stream(index) => self.stream(index),
                Job::Batch(batch) => self.batch(batch),
            }
        }
    }

    fn publish_rest(&mut self) {
        let publishing = AssertUnwindSafe(|| self.reader.publish());
        if let Err(fault) = catch_unwind(publishing) {
            for (index, _, account) in &mut self.finished {
                account.fault(&name(&self.load.places[*index]), fault.as_ref());
            }
        }
    }

    /// Says what is known of the files whose records have all been published.
    fn report(&mut self) {
        self.waiting = 0;
        for (index, mut source, account) in self.finished.drain(..) {
            let rejects = account.close(&mut source, &self.load.layouts.catalog);
            let place = &self.load.places[index];
            place.add_up(&mut source, self.load.outlet.full().is_some());
            self.load.outlet.source(place.index, source, rejects);
        }
    }

    /// Reads a file from its beginning to its end.
    fn file(&mut self, index: usize) {
        let place = &self.load.places[index];
        let mut source = place.source.clone();
        let mut account = Account::new(source_index(place));
        let reading = AssertUnwindSafe(|| self.read_file(place, &mut source, &mut account));
        if let Err(fault) = catch_unwind(reading) {
            self.reader.discard();
            account.fault(&name(place), fault.as_ref());
        }
        self.waiting += account.rejects.memory();
        self.finished.push((index, source, account));
        // Lines that were not read wait for records that may be long in coming.
        if self.waiting > REJECTS_WAITING {
            self.publish_rest();
            self.report();
        }
    }

    fn read_file(&mut self, place: &Place, source: &mut Source, account: &mut Account) {
        let Some(mut feed) = self.open(place, source, account) else {
            return;
        };
        let (mut tracker, mut line) = place.begin(self.load.layouts);
        let mut taken = 0;
        let mut published = self.reader.published;
        while feed.next(&mut self.piece) {
            if enter(place, tracker.survey(&self.piece), source, account) {
                break;
            }
            let mut position = Position {
                tracker: &mut tracker,
                account,
                line,
            };
            self.reader.read(&self.piece, &mut position);
            line = position.line;
            account.tally.bytes_decoded = feed.decoded();
            account.tally.bytes_read = feed.taken();
            self.load.outlet.read(feed.taken() - taken);
            taken = feed.taken();
            if self.reader.published != published {
                published = self.reader.published;
                self.report();
            }
        }
        if feed.is_parquet() {
            let layouts = self.load.layouts;
            if let Some(file) = Parquet::open(place, feed, source, account, layouts) {
                for groups in file.runs() {
                    file.read(groups, &mut self.reader, account, self.load);
                }
            }
            return;
        }
        place.leave(&feed, line, &tracker);
        self.conclude(place, feed, source, account);
    }

    /// Opens a file and finds out how it is packed.
    pub(super) fn open(
        &self,
        place: &Place,
        source: &mut Source,
        account: &mut Account,
    ) -> Option<Feed<'l>> {
        if source.status != Status::Ok {
            account.status = source.status.clone();
            return None;
        }
        if place.bytes == Bytes::Twin {
            return None;
        }
        let (raw, content) = match self.first_bytes(place) {
            Ok(Some(opened)) => opened,
            Ok(None) => {
                self.stopped(place, account);
                return None;
            }
            Err(error) => {
                account.status = Status::Unreadable(format!(
                    "{}: it cannot be read ({error}); check the path and its permissions",
                    name(place)
                ));
                return None;
            }
        };
        if content == Content::Gzip {
            source.compression = Compression::Gzip;
        }
        let decoder = Decoder::new(raw, source.compression, self.load.stop);
        let feed = Feed::new(decoder, place.is_stream());
        let feed = feed.noticing(Arc::clone(&self.load.outlet.events));
        Some(if place.is_followed() {
            feed.of_growing(place.offset() > 0, place.take_transcoder())
        } else {
            feed
        })
    }

    /// Opens a file and looks at its first bytes; none where the load is stopped before there are any.
    fn first_bytes(&self, place: &Place) -> io::Result<Option<(Raw, Content)>> {
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
    fn stopped(&self, place: &Place, account: &mut Account) {
        match self.load.outlet.full() {
            Some(limit) => account.full(&name(place), limit),
            None => account.end(&name(place), &End::Stopped),
        }
    }

    /// Enters that events of a file had been met before.
    fn enter_duplicates(&self, count: u64, source: &mut Source, account: &mut Account) {
        if count == 0 {
            return;
        }
        account.tally.duplicates += count;
        let what = if self.load.outlet.events.are_dropped {
            "they were left out"
        } else {
            "they are there twice; --drop-duplicates leaves them out"
        };
        let events = if count == 1 {
            "event has"
        } else {
            "events have"
        };
        let count = format::count(count);
        source.warnings.push(format!(
            "{count} {events} an id that was met before: {what}"
        ));
    }

    /// Enters how a file ended.
    pub(super) fn conclude(
        &self,
        place: &Place,
        mut feed: Feed<'_>,
        source: &mut Source,
        account: &mut Account,
    ) {
        let held = feed.growing().unwrap_or(0) as u64;
        account.tally.bytes_read = feed.taken() - held;
        account.tally.bytes_decoded = feed.decoded() - held;
        source.format = feed.format();
        self.enter_duplicates(feed.duplicates(), source, account);
        if let Some(fault) = feed.fault() {
            account.broken(&name(place), fault);
        }
        let unread = feed.unread();
        place.keep(feed.take_transcoder());
        let (end, warnings, foreign) = feed.into_end();
        source.warnings.extend(warnings);
        match (foreign, end) {
            (Some(foreign), _) => account.foreign(&name(place), &foreign),
            (None, End::Stopped) => self.stopped(place, account),
            (None, end) => {
                account.end(&name(place), &end);
                if let Some(unread) = unread.filter(|_| account.status == Status::Ok) {
                    account.foreign(&name(place), &unread);
                }
            }
        }
    }
}

/// Enters what was found out about a file before its lines were read, and says whether that ends it.
pub(super) fn enter(
    place: &Place,
    finding: Finding,
    source: &mut Source,
    account: &mut Account,
) -> bool {
    source.warnings.extend(finding.warning);
    if let Some(guess) = finding.guess {
        source.guess = Some(Arc::new(guess));
    }
    if let Some(fault) = &finding.fault {
        account.status = Status::Unreadable(format!("{}: {fault}", name(place)));
    }
    finding.fault.is_some()
}

/// Reads `work`, and gives back the fault where it has one.
pub(super) fn caught(work: impl FnOnce()) -> Result<(), Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(work))
}

/// The name of a place, safe to show.
pub(super) fn name(place: &Place) -> String {
    visible(&place.source.path.to_string_lossy()).into_owned()
}

/// The index of the source of `place`, as records have it.
pub(super) fn source_index(place: &Place) -> u32 {
    u32::try_from(place.index).expect("fewer files than records")
}
