//! How many records each group has in each bucket: found while groups are added up, so that the sparklines of the
//! largest groups need not read the rows again.

use super::Window;
use crate::schema::id;
use crate::store::Chunk;

/// The most buckets of a chunk for which its groups are split; chunks with more are left out.
const MAX_SPAN: u32 = 4;
/// With at most this many rows, those of a chunk without slots of its own are kept one by one.
const MAX_SINGLE_ROWS: usize = 1 << 12;

/// Records of some chunks by group and bucket.
#[derive(Clone, Debug)]
pub(crate) struct GroupCells {
    pub(super) window: Window,
    /// The indexes of the chunks.
    pub(crate) chunks: Vec<usize>,
    pub(super) cells: Vec<Cell>,
    split: Split,
}

/// Some records of one group in one bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) slot: u32,
    pub(super) bucket: u32,
    pub(super) records: u32,
}

/// How the rows of the current chunk are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// Not at all: the chunk is left out.
    None,
    /// Each row is a cell.
    Rows,
    /// The sums of the chunk are kept for each of `span` buckets from `first` on.
    Buckets { first: u32, span: u32 },
}

impl GroupCells {
    pub(super) fn new(window: Window) -> Self {
        Self {
            window,
            chunks: Vec::new(),
            cells: Vec::new(),
            split: Split::None,
        }
    }

    /// Begins the chunk at `index`, of which `selected` rows will be added. `has_sums` tells whether it has sums of its
    /// own.
    pub(super) fn begin(&mut self, index: usize, chunk: &Chunk, selected: usize, has_sums: bool) {
        self.split = if has_sums {
            self.buckets_of(chunk).unwrap_or(Split::None)
        } else if selected <= MAX_SINGLE_ROWS {
            Split::Rows
        } else {
            Split::None
        };
        if self.split != Split::None {
            self.chunks.push(index);
        }
    }

    pub(super) fn split(&self) -> Split {
        self.split
    }

    /// The buckets of a chunk, if they are few and every row is in one.
    fn buckets_of(&self, chunk: &Chunk) -> Option<Split> {
        let column = chunk
            .column(id::START)
            .filter(|start| start.present.is_none())?;
        let (low, high) = column.range?;
        let bucket = |time| u32::try_from(self.window.bucket(time)?).ok();
        let (first, last) = (bucket(low)?, bucket(high)?);
        let span = last - first + 1;
        (span <= MAX_SPAN).then_some(Split::Buckets { first, span })
    }

    /// Adds a batch of rows, each of which is a cell.
    pub(super) fn add_rows(&mut self, slots: &[u32], buckets: &[u32]) {
        let rows = slots.iter().zip(buckets);
        self.cells.extend(rows.map(|(slot, bucket)| Cell {
            slot: *slot,
            bucket: *bucket,
            records: 1,
        }));
    }

    /// Adds what `other` has of other chunks; `slot` translates its slots.
    pub(super) fn merge(&mut self, other: &Self, slot: impl Fn(u32) -> u32) {
        self.chunks.extend(&other.chunks);
        self.cells.extend(other.cells.iter().map(|cell| Cell {
            slot: slot(cell.slot),
            ..*cell
        }));
    }

    /// Approximate heap size in bytes.
    pub(super) fn memory(&self) -> usize {
        size_of_val(&*self.chunks) + size_of_val(&*self.cells)
    }
}
