//! How far a file that may grow has been read, and how reading goes on from there.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::feed::Feed;
use super::layout::{Force, Layouts, Tracker};
use super::source::{Place, identity};
use super::transcoder::Transcoder;
use crate::store::{Source, Status};

/// How much of what has been read is remembered, to see whether it is still there.
const SEAM: u64 = 64;

/// How far a file has been read.
#[derive(Debug, Default)]
pub(super) struct Mark {
    /// How many bytes have been read: those of whole lines, or all where a transcoder keeps what it could not use.
    pub(super) offset: u64,
    /// How many bytes follow that have no line end yet.
    pub(super) held: u64,
    /// Whether more bytes would be more of the same.
    pub(super) can_grow: bool,
    /// The file itself, so that it can be read when it has another name. Not of every file, since a program may
    /// have only so many open.
    pub(super) file: Option<File>,
    keeps_open: bool,
    /// The last bytes before `offset`.
    seam: Vec<u8>,
    /// How many lines have been read.
    lines: u64,
    /// What is in force for the next line.
    force: Force,
    /// What goes on with more bytes, where they are no text.
    transcoder: Option<Transcoder>,
    /// Whether what has been read ends in the middle of something.
    is_unended: bool,
    /// What is known of the file so far.
    source: Option<Source>,
}

impl Place {
    /// The mark of a file that is followed.
    pub(super) fn mark(&self) -> Option<MutexGuard<'_, Mark>> {
        let mark = self.mark.as_deref();
        mark.map(|mark| mark.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a mark at the beginning of a file that is to be followed. `keeps_open` says whether the file stays
    /// open, so that what is written to it while it is renamed is not lost.
    pub(super) fn follow(&mut self, keeps_open: bool) {
        let mark = Mark {
            keeps_open,
            ..Mark::default()
        };
        self.mark = Some(Arc::new(Mutex::new(mark)));
    }

    /// Whether the file is followed.
    pub(super) fn is_followed(&self) -> bool {
        self.mark.is_some()
    }

    /// Where to read on.
    pub(super) fn offset(&self) -> u64 {
        self.mark().map_or(0, |mark| mark.offset)
    }

    /// Opens a file where it is to be read on.
    pub(super) fn open_file(&self) -> io::Result<Box<dyn Read + Send>> {
        let Some(mut mark) = self.mark() else {
            return Ok(Box::new(File::open(&self.source.path)?));
        };
        let mut file = self.file(&mark)?;
        file.seek(SeekFrom::Start(mark.offset))?;
        if mark.file.is_none() && mark.keeps_open {
            mark.file = Some(file.try_clone()?);
        }
        Ok(Box::new(file))
    }

    /// The file that was read, and no other that has its name by now.
    fn file(&self, mark: &Mark) -> io::Result<File> {
        if let Some(file) = &mark.file {
            return file.try_clone();
        }
        let path = &self.source.path;
        let file = File::open(path)?;
        if mark.offset > 0 && identity(path, &file.metadata()?) != self.identity {
            let text = "another file has its name now";
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        }
        Ok(file)
    }

    /// Whether the bytes before the mark are still those that were read.
    pub(super) fn holds(&self, mark: &Mark) -> bool {
        let seam = self.read_seam(mark, mark.seam.len());
        seam.is_ok_and(|seam| seam == mark.seam)
    }

    fn read_seam(&self, mark: &Mark, length: usize) -> io::Result<Vec<u8>> {
        let mut file = self.file(mark)?;
        let mut seam = vec![0; length];
        file.seek(SeekFrom::Start(mark.offset - length as u64))?;
        file.read_exact(&mut seam)?;
        Ok(seam)
    }

    /// The layout in force where reading goes on, and the line.
    pub(super) fn begin<'l>(&self, layouts: &'l Layouts) -> (Tracker<'l>, u64) {
        match self.mark() {
            Some(mark) if mark.offset > 0 => {
                let tracker = Tracker::at(layouts, mark.force.clone());
                (tracker, mark.lines + 1)
            }
            _ => (Tracker::of(layouts, &self.source.path), 1),
        }
    }

    /// Moves the mark to where reading ended: `line` would be the next line.
    pub(super) fn leave(&self, feed: &Feed<'_>, line: u64, tracker: &Tracker<'_>) {
        let Some(mut mark) = self.mark() else { return };
        mark.lines = line - 1;
        mark.force = tracker.force().clone();
        mark.is_unended = feed.is_unended();
        match feed.growing() {
            Some(held) => {
                mark.can_grow = true;
                mark.held = held as u64;
                mark.offset += feed.decoded() - mark.held;
                let length = usize::try_from(mark.offset.min(SEAM)).unwrap_or(0);
                mark.seam = self.read_seam(&mark, length).unwrap_or_default();
            }
            None => mark.can_grow = false,
        }
        if !mark.can_grow {
            mark.file = None;
        }
    }

    /// Keeps what goes on when more bytes have come.
    pub(super) fn keep(&self, transcoder: Option<Transcoder>) {
        if let Some(mut mark) = self.mark() {
            mark.transcoder = transcoder;
        }
    }

    /// What goes on with the bytes behind the mark, where they are no text.
    pub(super) fn take_transcoder(&self) -> Option<Transcoder> {
        self.mark().and_then(|mut mark| mark.transcoder.take())
    }

    /// Adds to what is known of a part of the file what was known of those before. `is_full` says whether there is
    /// no memory for more.
    pub(super) fn add_up(&self, source: &mut Source, is_full: bool) {
        let Some(mut mark) = self.mark() else { return };
        if let Some(before) = mark.source.take() {
            let part = std::mem::replace(source, before);
            source.tally += part.tally;
            for layout in part.layouts {
                if !source.layouts.contains(&layout) {
                    source.layouts.push(layout);
                }
            }
            for warning in part.warnings {
                if !source.warnings.contains(&warning) {
                    source.warnings.push(warning);
                }
            }
            for assumed in part.assumed {
                if source
                    .assumed
                    .iter()
                    .all(|known| known.kind() != assumed.kind())
                {
                    source.assumed.push(assumed);
                }
            }
            source.format = part.format;
            source.status = match part.status {
                Status::Empty if source.tally.lines > 0 => Status::Ok,
                // Following was ended while it looked for more: what came before is whole.
                Status::Stopped(_) if part.tally.lines == 0 && !is_full => {
                    std::mem::take(&mut source.status)
                }
                status => status,
            };
        }
        mark.source = Some(source.clone());
    }
}

impl Mark {
    /// What is known of the file, where its last line has no end yet.
    pub(super) fn unended(&self) -> Option<Source> {
        let mut source = self.source.clone().filter(|_| self.is_unended)?;
        source
            .warnings
            .push("its last line has no end yet, and was not read".into());
        Some(source)
    }
}
