//! How reading goes on in files that grow: the layout, the line number and the reader of rows of each.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ingest::formats::piece_reader::Rest;
use crate::ingest::formats::row_reader::RowReader;
use crate::ingest::source::checkpoint::ReadExtent;
use crate::ingest::source::input_file::InputFile;
use crate::ingest::text::layout_state::{ActiveLayout, LayoutState};
use crate::ingest::text::layouts::Layouts;
use crate::store::{Source, Status};

/// The states of the files that are followed, by the index of their source.
#[derive(Debug, Default)]
pub(crate) struct ResumeStates(Mutex<HashMap<usize, ResumeState>>);

/// What is known of the part of a file that has been read.
#[derive(Debug, Default)]
struct ResumeState {
    lines: u64,
    /// The layout of the next line.
    active: ActiveLayout,
    /// What reads the next bytes, where they are rows.
    reader: Option<Box<dyn RowReader>>,
    /// Whether what has been read ends in the middle of something.
    is_open: bool,
    source: Option<Source>,
}

impl ResumeStates {
    fn states(&self) -> MutexGuard<'_, HashMap<usize, ResumeState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets a file, in whose place another one is read.
    pub(crate) fn forget(&self, index: usize) {
        self.states().remove(&index);
    }

    /// The layout where reading goes on, and the number of the line.
    pub(crate) fn begin<'l>(
        &self,
        file: &InputFile,
        layouts: &'l Layouts,
    ) -> (LayoutState<'l>, u64) {
        if file.offset() > 0
            && let Some(state) = self.states().get(&file.index)
        {
            return (
                LayoutState::at(layouts, state.active.clone()),
                state.lines + 1,
            );
        }
        (LayoutState::of(layouts, &file.source.path), 1)
    }

    /// What reads the next bytes of a file, where they are rows.
    pub(crate) fn take_reader(&self, file: &InputFile) -> Option<Box<dyn RowReader>> {
        self.states().get_mut(&file.index)?.reader.take()
    }

    /// Remembers where reading ended: `line` would be the next line.
    pub(crate) fn leave(&self, file: &InputFile, line: u64, layout_state: &LayoutState<'_>) {
        if file.is_followed() {
            let mut states = self.states();
            let state = states.entry(file.index).or_default();
            state.lines = line - 1;
            state.active = layout_state.active().clone();
        }
    }

    /// Moves the checkpoint of a file to where `read` ended.
    pub(crate) fn keep(&self, file: &InputFile, read: ReadExtent, rest: Option<Rest>) {
        file.advance(read, rest.as_ref().map(|rest| rest.held));
        if file.is_followed() {
            let mut states = self.states();
            let state = states.entry(file.index).or_default();
            let rest = rest.unwrap_or_default();
            state.is_open = rest.is_open;
            state.reader = rest.reader;
        }
    }

    /// Adds to what is known of a part of the file what was known of those before. `is_full` says whether there is
    /// no memory for more.
    pub(crate) fn add_up(&self, file: &InputFile, source: &mut Source, is_full: bool) {
        if !file.is_followed() {
            return;
        }
        let mut states = self.states();
        let state = states.entry(file.index).or_default();
        if let Some(before) = state.source.take() {
            let part = std::mem::replace(source, before);
            source.line_counts += part.line_counts;
            // Each layout is held once.
            let mut known: HashSet<_> = source.layouts.iter().map(Arc::as_ptr).collect();
            for layout in part.layouts {
                if known.insert(Arc::as_ptr(&layout)) {
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
                Status::Stopped if part.line_counts.lines == 0 && !is_full => {
                    std::mem::take(&mut source.status)
                }
                other => other,
            };
        }
        state.source = Some(source.clone());
    }

    /// Adds a warning to what is known of the file of source `index`, if it has been read.
    pub(crate) fn warn(&self, index: usize, warning: &str) -> Option<Source> {
        let mut states = self.states();
        let source = states.get_mut(&index)?.source.as_mut()?;
        source.warnings.push(warning.into());
        Some(source.clone())
    }

    /// Whether the file of source `index` was found cut off or damaged, so that nothing could be read: its writer may not
    /// have ended yet.
    pub(crate) fn is_unfinished(&self, index: usize) -> bool {
        let states = self.states();
        let source = states.get(&index).and_then(|state| state.source.as_ref());
        source.is_some_and(|source| {
            source.line_counts.lines == 0
                && matches!(source.status, Status::Truncated(_) | Status::Corrupt(_))
        })
    }

    /// What is known of a file whose last line has no end.
    pub(crate) fn unended(&self, file: &InputFile) -> Option<Source> {
        let states = self.states();
        let state = states.get(&file.index).filter(|state| state.is_open)?;
        let mut source = state.source.clone()?;
        source
            .warnings
            .push("the last line is incomplete and was not read".into());
        Some(source)
    }
}
