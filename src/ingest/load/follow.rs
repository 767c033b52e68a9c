//! Follows files: reads what is appended to them, and new files.
//!
//! Files are polled, not watched: that works on every file system, network ones included.

mod followed;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant, SystemTime};

use self::followed::{Followed, LastLine, State};
use super::context::LoadContext;
use super::worker::read_files;
use crate::ingest::event::LoadEvent;
use crate::ingest::formats::sniff::{Content, SNIFF_BYTES, sniff};
use crate::ingest::input::{FollowIntervals, Input};
use crate::ingest::source::duplicates::DuplicateFiles;
use crate::ingest::source::find;
use crate::ingest::source::input_file::{Bytes, Identity, InputFile, identity};
use crate::ingest::source::utf16::byte_order;
use crate::store::{ReadProblem, Status};

/// How many files stay open at most, so that nothing written while they are renamed is lost.
const MAX_OPEN_FILES: usize = 64;
/// How a Parquet file begins and ends.
const COLUMNS_MAGIC: [u8; 4] = *b"PAR1";
/// How many files the program opens for other things.
const OTHER_OPEN_FILES: usize = 32;
/// How many polls without new bytes a renamed file gets before it is given up.
const MAX_IDLE_POLLS: u32 = 100;
/// A pause lasts at least so many times as long as the look before it, so that following takes little of the time.
const MIN_PAUSE_FACTOR: u32 = 10;

/// The warning about a file that has other content than before.
const REWRITTEN: &str = "it was truncated or rewritten while it was followed; lines that were written to it shortly before \
                         may be missing";
/// The warning about a file whose last line was taken without a line end.
const LAST_LINE_WENT_ON: &str = "its last line was read before it was complete, and then more was written to it: the record \
                                 of that line may be wrong";

/// What is followed, and how.
#[derive(Clone, Copy)]
pub(crate) struct FollowOptions<'f> {
    /// Where new files are looked for.
    pub(crate) inputs: &'f [Input],
    pub(crate) intervals: FollowIntervals,
    pub(crate) drops_duplicates: bool,
}

/// The files that are followed.
pub(crate) struct Follower<'f> {
    options: FollowOptions<'f>,
    context: LoadContext<'f>,
    duplicates: DuplicateFiles,
    /// Every file so far, by the index of its source.
    followed: Vec<Followed>,
    /// How many of them stay open.
    max_open_files: usize,
    /// The newest file of each path.
    by_path: HashMap<PathBuf, usize>,
    by_identity: HashMap<Identity, usize>,
    /// Files that are new, and compressed or in UTF-16: how long each was when it was seen last. It is read when that stays so.
    growing: HashMap<PathBuf, Size>,
}

type Size = (u64, Option<SystemTime>);

impl<'f> Follower<'f> {
    /// Follows `files`, which have not been read yet; `duplicates` are those among them.
    pub(crate) fn new(
        files: &mut [InputFile],
        options: FollowOptions<'f>,
        context: LoadContext<'f>,
        duplicates: DuplicateFiles,
    ) -> Self {
        let mut follower = Self {
            options,
            context,
            duplicates,
            followed: Vec::new(),
            max_open_files: max_open_files(context.threads),
            by_path: HashMap::new(),
            by_identity: HashMap::new(),
            growing: HashMap::new(),
        };
        for file in files {
            follower.take(file.clone());
        }
        follower
    }

    /// Takes a file among those that are followed.
    fn take(&mut self, mut file: InputFile) {
        if file.bytes == Bytes::File {
            file.follow(self.followed.len() < self.max_open_files);
        }
        let index = file.index;
        self.context.resume.forget(index);
        if matches!(file.bytes, Bytes::File | Bytes::Duplicate) {
            self.by_path.insert(file.source.path.clone(), index);
            if let Some(identity) = file.identity.clone() {
                self.by_identity.insert(identity, index);
            }
        }
        let followed = Followed {
            file,
            state: State::AtPath,
            modified: None,
            seen: 0,
            tried: 0,
            last_line: LastLine::Waiting(0),
        };
        if index < self.followed.len() {
            self.followed[index] = followed;
        } else {
            self.followed.push(followed);
        }
    }

    /// Reads what is there, says so by `caught_up`, and goes on until it is stopped, or nothing can come any more.
    pub(crate) fn run(mut self, mut pairs: Vec<(usize, usize)>, caught_up: impl FnOnce(f64)) {
        let context = self.context;
        let begun = Instant::now();
        let files = self.followed.iter().map(|followed| followed.file.clone());
        let (streams, files): (Vec<_>, Vec<_>) = files.partition(InputFile::is_stream);
        let may_come = files
            .iter()
            .any(|file| matches!(file.bytes, Bytes::File | Bytes::Nowhere));
        thread::scope(|scope| {
            // A stream may last as long as the session, and nothing else shall wait for it.
            let read_streams = || read_files(&streams, context);
            let reading = thread::Builder::new().spawn_scoped(scope, read_streams);
            if reading.is_err() {
                read_files(&streams, context);
            }
            read_files(&files, context);
            if !self.options.drops_duplicates {
                pairs = self.duplicates.among(&files, context.stop);
            }
            context
                .reporter
                .duplicates(pairs, self.options.drops_duplicates);
            context.reporter.overlaps();
            caught_up(begun.elapsed().as_secs_f64());
            if may_come {
                self.follow();
            }
            // A panic there has been reported already.
            let _ = reading.map(ScopedJoinHandle::join);
        });
        for followed in &self.followed {
            let unended = context.resume.unended(&followed.file);
            if let Some(source) = unended {
                context.reporter.tell(LoadEvent::Source {
                    index: followed.file.index,
                    source: Box::new(source),
                    rejects: crate::store::Rejects::default(),
                });
            }
        }
    }

    fn follow(&mut self) {
        let stop = self.context.stop;
        let (mut wait, mut walk_wait) = (self.options.intervals.poll, self.options.intervals.walk);
        let (mut walked, mut compared) = (Instant::now(), Instant::now());
        while !stop.load(Ordering::Relaxed) {
            thread::park_timeout(wait);
            let looked = Instant::now();
            let (mut round, mut new) = (Vec::new(), Vec::new());
            for index in 0..self.followed.len() {
                self.look(index, &mut round, &mut new);
            }
            wait = pause(self.options.intervals.poll, looked.elapsed());
            if walked.elapsed() >= walk_wait {
                walked = Instant::now();
                self.walk(&mut new);
                walk_wait = pause(self.options.intervals.walk, walked.elapsed());
            }
            if !round.is_empty() || !new.is_empty() {
                self.read(round, new);
            }
            if compared.elapsed() >= walk_wait {
                self.context.reporter.overlaps();
                compared = Instant::now();
            }
        }
        self.context.reporter.overlaps();
    }

    /// Looks whether there is more in a file, or another file under its name.
    fn look(&mut self, index: usize, round: &mut Vec<InputFile>, new: &mut Vec<InputFile>) {
        let followed = &mut self.followed[index];
        let path = &followed.file.source.path;
        let Some(mut checkpoint) = followed.file.checkpoint() else {
            return;
        };
        if followed.state == State::Abandoned {
            return;
        }
        if !checkpoint.can_grow {
            drop(checkpoint);
            self.look_at_columns(index, round);
            return self.look_at_finished(index);
        }
        let at_path = fs::metadata(path)
            .ok()
            .filter(|_| followed.state == State::AtPath);
        let here = at_path
            .clone()
            .filter(|metadata| identity(path, metadata) == followed.file.identity);
        let read = checkpoint.length();
        let Some(metadata) = here else {
            let length = checkpoint
                .file
                .as_ref()
                .and_then(|file| file.metadata().ok());
            let length = length.map(|metadata| metadata.len());
            let idle_polls = match followed.state {
                State::Renamed { idle_polls } => idle_polls + 1,
                _ => 0,
            };
            let has_more = length.is_some_and(|length| length > read);
            followed.state = if length.is_none() || !has_more && idle_polls > MAX_IDLE_POLLS {
                checkpoint.file = None;
                State::Abandoned
            } else {
                State::Renamed {
                    idle_polls: if has_more { 0 } else { idle_polls },
                }
            };
            drop(checkpoint);
            if has_more {
                round.push(followed.file.rest(length.unwrap_or(0)));
            }
            if self.by_path.get(path) == Some(&index) {
                self.by_path.remove(path);
                let other = at_path.filter(Metadata::is_file);
                new.extend(other.map(|other| followed.file.replaced_by(&other)));
            }
            return;
        };
        let modified = metadata.modified().ok();
        let is_changed = modified != followed.modified || metadata.len() != read;
        if !is_changed {
            let waits = checkpoint.compressed.is_some() && checkpoint.held > 0;
            checkpoint.takes_last_line |= waits && followed.last_line.has_waited();
            if checkpoint.takes_last_line {
                drop(checkpoint);
                round.push(followed.file.rest(metadata.len()));
            }
            return;
        }
        followed.modified = modified;
        if metadata.len() < read || !followed.file.holds(&checkpoint) {
            // What was read stays; what is there now is read from its beginning.
            checkpoint.file = None;
            followed.state = State::Abandoned;
            drop(checkpoint);
            new.push(followed.file.replaced_by(&metadata));
            self.warn(index, REWRITTEN);
        } else if metadata.len() > read {
            let is_compressed = checkpoint.compressed.is_some();
            drop(checkpoint);
            if is_compressed && followed.waits_for_writer(metadata.len()) {
                return;
            }
            round.push(followed.file.rest(metadata.len()));
            let last_line = std::mem::replace(&mut followed.last_line, LastLine::Waiting(0));
            if last_line == LastLine::Taken {
                self.warn(index, LAST_LINE_WENT_ON);
            }
        }
    }

    /// Looks whether a file has grown that was read to its end and cannot be read on.
    fn look_at_finished(&mut self, index: usize) {
        let followed = &mut self.followed[index];
        let path = &followed.file.source.path;
        let checkpoint = followed.file.checkpoint();
        let Some(length) = checkpoint.and_then(|checkpoint| checkpoint.final_length) else {
            return;
        };
        let has_grown = fs::metadata(path).is_ok_and(|metadata| {
            metadata.len() > length && identity(path, &metadata) == followed.file.identity
        });
        if has_grown {
            followed.state = State::Abandoned;
            let warning = "more was written to it after it was read to its end, and is not read: only UTF-8 text with \
                           line feeds can be read on";
            self.warn(index, warning);
        }
    }

    /// Adds a warning to a file that has been read.
    fn warn(&self, index: usize, warning: &str) {
        if let Some(source) = self.context.resume.warn(index, warning) {
            self.context.reporter.tell(LoadEvent::Source {
                index,
                source: Box::new(source),
                rejects: crate::store::Rejects::default(),
            });
        }
    }

    /// Looks whether a file of columns that was cut off is whole now. It is read from its beginning then.
    fn look_at_columns(&mut self, index: usize, round: &mut Vec<InputFile>) {
        let followed = &self.followed[index];
        if followed.state != State::AtPath || !self.context.resume.is_unfinished(index) {
            return;
        }
        let path = &followed.file.source.path;
        let Ok(metadata) = fs::metadata(path) else {
            return;
        };
        if metadata.len() == followed.file.size || !ends_as_columns(path) {
            return;
        }
        let file = InputFile {
            index,
            ..followed.file.replaced_by(&metadata)
        };
        self.take(file);
        round.push(self.followed[index].file.clone());
    }

    /// Looks for new files.
    fn walk(&mut self, new: &mut Vec<InputFile>) {
        let mut growing = HashMap::new();
        for file in find::find(self.options.inputs).list {
            let path = &file.source.path;
            let is_known = self.by_path.contains_key(path)
                || new.iter().any(|other| other.source.path == *path);
            if self.is_new_table(&file) {
                new.push(file);
                continue;
            }
            if file.bytes != Bytes::File || is_known {
                continue;
            }
            let known = file.identity.as_ref();
            if let Some(index) = known.and_then(|identity| self.by_identity.get(identity)) {
                let followed = &mut self.followed[*index];
                // It has been renamed, and is followed under its new name.
                followed.file.source.path.clone_from(path);
                followed.state = State::AtPath;
                self.by_path.insert(path.clone(), *index);
                continue;
            }
            let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
            let size = (file.size, modified.ok());
            // Such a file that is still being written has no end yet.
            if may_grow(path) || self.growing.get(path) == Some(&size) {
                new.push(file);
            } else {
                growing.insert(path.clone(), size);
            }
        }
        self.growing = growing;
    }

    /// Whether a file stands for a folder that has become a table, which is refused.
    fn is_new_table(&self, file: &InputFile) -> bool {
        let is_table = matches!(
            file.source.status,
            Status::Unreadable(ReadProblem::TableFolder { .. })
        );
        let is_same = |followed: &Followed| followed.file.source.path == file.source.path;
        is_table && !self.followed.iter().any(is_same)
    }

    /// Reads what is new.
    fn read(&mut self, mut round: Vec<InputFile>, new: Vec<InputFile>) {
        let reporter = self.context.reporter;
        let (mut pairs, mut added) = (Vec::new(), Vec::new());
        let count = new.len();
        for mut file in new {
            let missing = self.followed.iter().position(|followed| {
                let missing = &followed.file;
                let is_missing = matches!(missing.source.status, Status::Missing(_));
                let is_match = is_missing && file.input.is_some() && missing.input == file.input;
                missing.bytes == Bytes::Nowhere
                    && (is_match || file.source.path.starts_with(&missing.source.path))
            });
            file.index = missing.unwrap_or(self.followed.len());
            if missing.is_none() {
                added.push(file.source.clone());
            }
            if file.bytes == Bytes::File
                && let Some(first) = self
                    .duplicates
                    .meet(file.index, &file.source.path, file.size)
            {
                pairs.push((file.index, first));
                if self.options.drops_duplicates {
                    file.bytes = Bytes::Duplicate;
                }
            }
            let index = file.index;
            reporter.enter_file(&file);
            self.take(file);
            round.push(self.followed[index].file.clone());
        }
        if !added.is_empty() {
            reporter.tell(LoadEvent::Added(added));
        }
        round.sort_by_key(|file| file.index);
        reporter.begin_round(&round, count);
        read_files(&round, self.context);
        reporter.duplicates(pairs, self.options.drops_duplicates);
    }
}

/// How many files may stay open while `threads` threads read others, within what the system allows.
fn max_open_files(threads: usize) -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let limit = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    limit.map_or(MAX_OPEN_FILES, |limit| {
        let others = OTHER_OPEN_FILES + threads;
        (limit.saturating_sub(others) / 2).min(MAX_OPEN_FILES)
    })
}

/// How long to wait after a look that took `cost`.
fn pause(interval: Duration, cost: Duration) -> Duration {
    interval.max(cost * MIN_PAUSE_FACTOR)
}

/// Whether a file has the end of a whole file of columns.
fn ends_as_columns(path: &Path) -> bool {
    let mut magic = [0; 4];
    let read = File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::End(-4))?;
        file.read_exact(&mut magic)
    });
    read.is_ok() && magic == COLUMNS_MAGIC
}

/// Whether a file may grow bit by bit, so that it can be read before it is whole.
fn may_grow(path: &Path) -> bool {
    let first = File::open(path).and_then(|mut file| {
        let mut bytes = [0; SNIFF_BYTES];
        let mut count = 0;
        loop {
            match file.read(&mut bytes[count..]) {
                Ok(0) => break,
                Ok(read) => count += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let is_utf16 = byte_order(&bytes[..count]).is_some();
        Ok((sniff(&bytes[..count]), is_utf16))
    });
    matches!(first, Ok((Content::Text | Content::Rows(_), false)))
}
