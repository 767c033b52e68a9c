//! The accumulators of one filter, and which chunks each of them has taken in.
//!
//! Accumulators can be derived from those of another filter. Then only the records in which the two filters differ
//! are read: those that only this filter selects are added, and those that only the other one selects are removed.

use std::sync::Arc;

use super::accumulator::{Accumulator, NeededKeys};
use crate::analysis::{
    GroupCells, Grouping, LaneSums, Measure, Reads, Scan, Sparklines, Totals, Window,
};
use crate::query::Mask;
use crate::schema::FieldId;

/// An accumulator and the chunks that it has taken in.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    accumulator: Accumulator,
    done: Vec<bool>,
    /// Whether it began as the sum of another filter's records.
    is_derived: bool,
}

/// How rows of a chunk get into an accumulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intake {
    /// All selected rows are added.
    Whole,
    /// Rows in which the filter differs from the one that the sums were derived from are added or removed.
    Changes,
}

/// The accumulators that a question needs.
#[derive(Debug, Default)]
pub(super) struct Accumulators {
    list: Vec<Progress>,
    /// The records, by chunk, of the filter that sums were derived from; those of later chunks are none.
    base: Option<Arc<Vec<Mask>>>,
}

/// The accumulators of another filter from which some could be derived.
pub(super) struct Reusable<'a>(Vec<&'a Progress>);

/// What one thread has added up of some chunks: forks of the list, in the same order.
pub(super) type Partial = Vec<Accumulator>;

impl Progress {
    fn new(accumulator: Accumulator) -> Self {
        Self {
            accumulator,
            done: Vec::new(),
            is_derived: false,
        }
    }

    fn lacks(&self, chunk: usize) -> bool {
        !self.done.get(chunk).copied().unwrap_or(false)
    }

    fn is_complete(&self, chunks: usize) -> bool {
        (0..chunks).all(|chunk| !self.lacks(chunk))
    }

    fn is_begun(&self) -> bool {
        self.is_derived || self.done.contains(&true)
    }

    /// Whether `chunk` is still to be taken in, in the way of `intake`.
    fn wants(&self, chunk: usize, intake: Intake) -> bool {
        self.is_derived == (intake == Intake::Changes) && self.lacks(chunk)
    }

    /// Takes in what one thread has added and removed for the chunks `done`.
    fn take(
        &mut self,
        added: Accumulator,
        removed: Option<&Accumulator>,
        done: impl Iterator<Item = usize>,
    ) {
        if self.is_begun() {
            self.accumulator.merge(&added);
        } else {
            // Nothing to merge with yet.
            self.accumulator = added;
        }
        if let Some(removed) = removed.filter(|_| self.is_derived) {
            self.accumulator.remove(removed);
        }
        self.finish(done);
    }

    fn finish(&mut self, chunks: impl Iterator<Item = usize>) {
        for chunk in chunks {
            if self.done.len() <= chunk {
                self.done.resize(chunk + 1, false);
            }
            self.done[chunk] = true;
        }
    }
}

impl Accumulators {
    pub(super) fn of(accumulator: Accumulator) -> Self {
        Self {
            list: vec![Progress::new(accumulator)],
            base: None,
        }
    }

    /// Moves the first accumulator of `old` that `fits`, or can be made to, into this list; else adds a new one.
    pub(super) fn keep_or_add(
        &mut self,
        old: &mut Self,
        mut fits: impl FnMut(&mut Accumulator) -> bool,
        make: impl FnOnce() -> Accumulator,
    ) {
        let mut known = old.list.iter_mut();
        let place = known.position(|progress| fits(&mut progress.accumulator));
        self.list.push(match place {
            Some(place) => old.list.swap_remove(place),
            None => Progress::new(make()),
        });
    }

    /// Takes the accumulators out, and leaves an empty list with the same base.
    pub(super) fn take_list(&mut self) -> Self {
        Self {
            list: std::mem::take(&mut self.list),
            base: None,
        }
    }

    /// The accumulators themselves.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Accumulator> {
        self.list
            .iter_mut()
            .map(|progress| &mut progress.accumulator)
    }

    fn iter(&self) -> impl Iterator<Item = &Accumulator> {
        self.list.iter().map(|progress| &progress.accumulator)
    }

    pub(super) fn totals(&self) -> Option<&Totals> {
        self.iter().find_map(Accumulator::as_totals)
    }

    pub(super) fn groups_by(&self, field: FieldId) -> Option<&Grouping> {
        self.iter().find_map(|other| other.as_groups_by(field))
    }

    /// Makes the groups by `field` split records by the buckets of `window` too. Sums that were derived cannot be split.
    pub(super) fn split_groups(&mut self, field: FieldId, window: Option<Window>) {
        for progress in &mut self.list {
            let window = window.filter(|_| !progress.is_derived);
            if let Some(groups) = progress.accumulator.as_groups_mut() {
                groups.split_by(window.filter(|_| groups.field() == field));
            }
        }
    }

    /// Takes out the records by bucket of the groups by `field`.
    pub(super) fn take_cells(&mut self, field: FieldId) -> Option<GroupCells> {
        let mut groups = self.iter_mut().filter_map(Accumulator::as_groups_mut);
        groups.find(|groups| groups.field() == field)?.take_cells()
    }

    /// Adds the records by bucket of whole chunks to those accumulators that can take them and have none of these
    /// chunks; `groups` has counted them.
    pub(super) fn add_cells(&mut self, groups: &Grouping, cells: &GroupCells) {
        let chunks = || cells.chunks.iter().copied();
        for progress in &mut self.list {
            if !progress.is_derived
                && chunks().all(|chunk| progress.lacks(chunk))
                && progress.accumulator.add_cells(groups, cells)
            {
                progress.finish(chunks());
            }
        }
    }

    /// The lanes of the timeline, and their packets or bytes where these are added up.
    pub(super) fn lanes_mut(&mut self) -> Option<LaneSums<'_>> {
        let (mut cells, mut sizes) = (None, None);
        for accumulator in self.iter_mut() {
            match accumulator {
                Accumulator::Lanes(lanes) => cells = Some(lanes),
                Accumulator::LaneSizes(of_lanes) => sizes = Some(of_lanes),
                Accumulator::Totals(_) | Accumulator::Groups(_) | Accumulator::Sparklines(_) => {}
            }
        }
        Some(LaneSums {
            cells: cells?,
            sizes,
        })
    }

    pub(super) fn sparklines_mut(&mut self) -> Option<&mut Sparklines> {
        self.iter_mut().find_map(Accumulator::as_sparklines_mut)
    }

    pub(super) fn has_lanes(&self) -> bool {
        let mut all = self.iter();
        all.any(|other| matches!(other, Accumulator::Lanes(_)))
    }

    pub(super) fn has_sparklines(&self) -> bool {
        let mut all = self.iter();
        all.any(|other| matches!(other, Accumulator::Sparklines(_)))
    }

    pub(super) fn into_first(self) -> Option<Accumulator> {
        self.list
            .into_iter()
            .map(|progress| progress.accumulator)
            .next()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether any chunk has been taken in, or any sum derived.
    pub(super) fn is_begun(&self) -> bool {
        self.list.iter().any(Progress::is_begun)
    }

    /// For each accumulator whether it still has to take in `chunk`, in the way of `intake`.
    pub(super) fn wanting(&self, chunk: usize, intake: Intake) -> Vec<bool> {
        let all = self.list.iter();
        all.map(|progress| progress.wants(chunk, intake)).collect()
    }

    /// Empty forks, for one thread.
    pub(super) fn fork(&self) -> Partial {
        self.iter().map(Accumulator::fork).collect()
    }

    /// A scan that reads what the accumulators need, and no more.
    pub(super) fn scan(&self) -> Scan {
        let reads = self.iter().map(Accumulator::reads).max();
        let measure = self.iter().find_map(|other| match other {
            Accumulator::Sparklines(sizes) | Accumulator::LaneSizes(sizes) => Some(sizes.measure()),
            _ => None,
        });
        Scan::new(self.iter().find_map(Accumulator::window)).reading(
            reads.unwrap_or(Reads::Nothing),
            measure.unwrap_or(Measure::Records),
        )
    }

    /// Takes in what one thread has added and removed. `done` gives the chunks for the accumulator at a place.
    pub(super) fn take<C: Iterator<Item = usize>>(
        &mut self,
        added: Partial,
        removed: Option<&Partial>,
        done: impl Fn(usize) -> C,
    ) {
        for (place, (progress, added)) in self.list.iter_mut().zip(added).enumerate() {
            let removed = removed.map(|partial| &partial[place]);
            progress.take(added, removed, done(place));
        }
    }

    /// The accumulators of `other`, complete for `chunks` chunks, that can stand for these; none unless all can.
    pub(super) fn reusable<'a>(
        &self,
        other: &'a Self,
        chunks: usize,
        needed: NeededKeys<'_>,
    ) -> Option<Reusable<'a>> {
        let found = self.iter().map(|wanted| {
            let mut others = other.list.iter();
            let found = others.find(|other| other.accumulator.can_stand_for(wanted, needed));
            found.filter(|other| other.is_complete(chunks))
        });
        found.collect::<Option<_>>().map(Reusable)
    }

    /// Accumulators that begin as the sums of the records `base`, and become those of this filter.
    pub(super) fn derive_from(reusable: &Reusable<'_>, base: Arc<Vec<Mask>>) -> Self {
        let derived = reusable.0.iter().map(|progress| {
            let mut accumulator = progress.accumulator.clone();
            if let Some(groups) = accumulator.as_groups_mut() {
                groups.split_by(None);
            }
            Progress {
                accumulator,
                done: Vec::new(),
                is_derived: true,
            }
        });
        Self {
            list: derived.collect(),
            base: Some(base),
        }
    }

    /// Whether some sums are still those of another filter, at least in part.
    pub(super) fn has_base(&self) -> bool {
        self.base.is_some()
    }

    /// Forgets the other filter, once all differences from it have been taken in.
    pub(super) fn drop_base(&mut self) {
        self.base = None;
    }

    /// The rows of a chunk that derived accumulators contain already.
    pub(super) fn base_mask(&self, chunk: usize) -> &Mask {
        let base = self.base.as_deref();
        base.and_then(|base| base.get(chunk)).unwrap_or(&Mask::None)
    }

    /// Approximate heap size in bytes.
    pub(super) fn memory(&self) -> usize {
        self.iter().map(Accumulator::memory).sum()
    }
}

impl Reusable<'_> {
    /// Approximate heap size in bytes.
    pub(super) fn memory(&self) -> usize {
        let all = self.0.iter();
        all.map(|progress| progress.accumulator.memory()).sum()
    }
}
