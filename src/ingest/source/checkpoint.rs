//! How far a file that may grow has been read, and how reading goes on from there.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::input_file::{InputFile, identity};
use crate::ingest::formats::feed::Feed;
use crate::ingest::formats::transcoder::Transcoder;
use crate::ingest::text::layout_state::{ActiveLayout, LayoutState};
use crate::ingest::text::layouts::Layouts;
use crate::store::{Source, Status};

/// How much of what has been read is remembered, to see whether it is still there.
const TAIL_BYTES: u64 = 64;

/// How far a file has been read.
#[derive(Debug, Default)]
pub(crate) struct Checkpoint {
    /// How many bytes have been read: those of whole lines, or all where a transcoder keeps what it could not use.
    pub(crate) offset: u64,
    /// How many bytes follow that have no line end yet.
    pub(crate) held: u64,
    /// Whether more bytes would be more of the same.
    pub(crate) can_grow: bool,
    /// The file itself, so that it can be read when it has another name. Not of every file, since a program may
    /// have only so many open.
    pub(crate) file: Option<File>,
    keeps_open: bool,
    /// The last bytes before `offset`.
    tail: Vec<u8>,
    /// How many lines have been read.
    lines: u64,
    /// What is in force for the next line.
    force: ActiveLayout,
    /// What goes on with more bytes, where they are no text.
    transcoder: Option<Transcoder>,
    /// Whether what has been read ends in the middle of something.
    is_unended: bool,
    /// What is known of the file so far.
    source: Option<Source>,
}

impl InputFile {
    /// The checkpoint of a file that is followed.
    pub(crate) fn checkpoint(&self) -> Option<MutexGuard<'_, Checkpoint>> {
        let checkpoint = self.checkpoint.as_deref();
        checkpoint.map(|checkpoint| checkpoint.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a checkpoint at the beginning of a file that is to be followed. `keeps_open` says whether the file stays
    /// open, so that what is written to it while it is renamed is not lost.
    pub(crate) fn follow(&mut self, keeps_open: bool) {
        let checkpoint = Checkpoint {
            keeps_open,
            ..Checkpoint::default()
        };
        self.checkpoint = Some(Arc::new(Mutex::new(checkpoint)));
    }

    /// Whether the file is followed.
    pub(crate) fn is_followed(&self) -> bool {
        self.checkpoint.is_some()
    }

    /// Where to read on.
    pub(crate) fn offset(&self) -> u64 {
        self.checkpoint().map_or(0, |checkpoint| checkpoint.offset)
    }

    /// Opens a file where it is to be read on.
    pub(crate) fn open_file(&self) -> io::Result<Box<dyn Read + Send>> {
        let Some(mut checkpoint) = self.checkpoint() else {
            return Ok(Box::new(File::open(&self.source.path)?));
        };
        let mut file = self.file(&checkpoint)?;
        file.seek(SeekFrom::Start(checkpoint.offset))?;
        if checkpoint.file.is_none() && checkpoint.keeps_open {
            checkpoint.file = Some(file.try_clone()?);
        }
        Ok(Box::new(file))
    }

    /// The file that was read, and no other that has its name by now.
    fn file(&self, checkpoint: &Checkpoint) -> io::Result<File> {
        if let Some(file) = &checkpoint.file {
            return file.try_clone();
        }
        let path = &self.source.path;
        let file = File::open(path)?;
        if checkpoint.offset > 0 && identity(path, &file.metadata()?) != self.identity {
            let text = "another file has its name now";
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        }
        Ok(file)
    }

    /// Whether the bytes before the checkpoint are still those that were read.
    pub(crate) fn holds(&self, checkpoint: &Checkpoint) -> bool {
        let tail = self.read_tail(checkpoint, checkpoint.tail.len());
        tail.is_ok_and(|tail| tail == checkpoint.tail)
    }

    fn read_tail(&self, checkpoint: &Checkpoint, length: usize) -> io::Result<Vec<u8>> {
        let mut file = self.file(checkpoint)?;
        let mut tail = vec![0; length];
        file.seek(SeekFrom::Start(checkpoint.offset - length as u64))?;
        file.read_exact(&mut tail)?;
        Ok(tail)
    }

    /// The layout in force where reading goes on, and the line.
    pub(crate) fn begin<'l>(&self, layouts: &'l Layouts) -> (LayoutState<'l>, u64) {
        match self.checkpoint() {
            Some(checkpoint) if checkpoint.offset > 0 => {
                let layout_state = LayoutState::at(layouts, checkpoint.force.clone());
                (layout_state, checkpoint.lines + 1)
            }
            _ => (LayoutState::of(layouts, &self.source.path), 1),
        }
    }

    /// Moves the checkpoint to where reading ended: `line` would be the next line.
    pub(crate) fn leave(&self, feed: &Feed<'_>, line: u64, layout_state: &LayoutState<'_>) {
        let Some(mut checkpoint) = self.checkpoint() else {
            return;
        };
        checkpoint.lines = line - 1;
        checkpoint.force = layout_state.force().clone();
        checkpoint.is_unended = feed.is_unended();
        match feed.growing() {
            Some(held) => {
                checkpoint.can_grow = true;
                checkpoint.held = held as u64;
                checkpoint.offset += feed.decoded() - checkpoint.held;
                let length = usize::try_from(checkpoint.offset.min(TAIL_BYTES)).unwrap_or(0);
                checkpoint.tail = self.read_tail(&checkpoint, length).unwrap_or_default();
            }
            None => checkpoint.can_grow = false,
        }
        if !checkpoint.can_grow {
            checkpoint.file = None;
        }
    }

    /// Keeps what goes on when more bytes have come.
    pub(crate) fn keep(&self, transcoder: Option<Transcoder>) {
        if let Some(mut checkpoint) = self.checkpoint() {
            checkpoint.transcoder = transcoder;
        }
    }

    /// What goes on with the bytes behind the checkpoint, where they are no text.
    pub(crate) fn take_transcoder(&self) -> Option<Transcoder> {
        self.checkpoint()
            .and_then(|mut checkpoint| checkpoint.transcoder.take())
    }

    /// Adds to what is known of a part of the file what was known of those before. `is_full` says whether there is
    /// no memory for more.
    pub(crate) fn add_up(&self, source: &mut Source, is_full: bool) {
        let Some(mut checkpoint) = self.checkpoint() else {
            return;
        };
        if let Some(before) = checkpoint.source.take() {
            let part = std::mem::replace(source, before);
            source.line_counts += part.line_counts;
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
                Status::Empty if source.line_counts.lines > 0 => Status::Ok,
                // Following was ended while it looked for more: what came before is whole.
                Status::Stopped(_) if part.line_counts.lines == 0 && !is_full => {
                    std::mem::take(&mut source.status)
                }
                status => status,
            };
        }
        checkpoint.source = Some(source.clone());
    }
}

impl Checkpoint {
    /// What is known of the file, where its last line has no end yet.
    pub(crate) fn unended(&self) -> Option<Source> {
        let mut source = self.source.clone().filter(|_| self.is_unended)?;
        source
            .warnings
            .push("its last line has no end yet, and was not read".into());
        Some(source)
    }
}
