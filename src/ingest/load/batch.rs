//! Parts of large files, as threads share them.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::report::FileReport;
use crate::ingest::formats::parquet::ColumnFile;
use crate::ingest::text::layout_state::{ActiveLayout, LayoutState};
use crate::ingest::text::piece::Piece;
use crate::store::Source;

/// Whole lines of a large file that follow one another: what becomes a chunk.
pub(crate) struct Batch {
    pub(super) file: Arc<LargeFile>,
    pub(super) pieces: Vec<Piece>,
    /// Row groups instead of pieces, where the file has no lines.
    pub(super) groups: Option<(Arc<ColumnFile>, Range<usize>)>,
    /// The first line, counted from 1.
    pub(super) line: u64,
    /// How many lines there are.
    pub(super) lines: usize,
    /// The layout at the first line.
    pub(super) active: ActiveLayout,
}

/// A large file that is being read.
pub(crate) struct LargeFile {
    pub(super) index: usize,
    state: Mutex<State>,
}

pub(super) struct State {
    pub(super) source: Source,
    pub(super) report: FileReport,
    /// Batches that have not been read yet.
    pub(super) waiting: usize,
    /// Whether all batches have been cut.
    pub(super) is_cut: bool,
}

impl LargeFile {
    pub(super) fn new(index: usize, report: FileReport) -> Self {
        Self {
            index,
            state: Mutex::new(State {
                source: Source::default(),
                report,
                waiting: 0,
                is_cut: false,
            }),
        }
    }

    /// Changes the state, and says whether all is done with that.
    pub(super) fn change(&self, change: impl FnOnce(&mut State)) -> Option<(Source, FileReport)> {
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

impl Batch {
    pub(super) fn new(file: &Arc<LargeFile>, line: u64, layout_state: &LayoutState<'_>) -> Self {
        Self {
            file: Arc::clone(file),
            pieces: Vec::new(),
            groups: None,
            line,
            lines: 0,
            active: layout_state.active().clone(),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.pieces.iter().map(Piece::size).sum()
    }
}
