//! What is added up of the records of one filter, and from which chunks it has been.
//!
//! Sums can also be taken over from another filter. Then only the records that the two do not share are looked
//! at: those that this filter has beyond the other are added, and those that it lacks are taken out.

use std::sync::Arc;

use crate::analysis::{Accumulate, Grouping, Key, LaneBuckets, Sparklines, Sum, Totals};
use crate::query::Mask;

/// Something that chunks are added to, on several threads.
pub(super) trait Accumulator: Clone + Send + Sync {
    /// Takes in what was added to another sheet.
    fn merge(&mut self, other: &Self);
    /// Takes out what was added to another sheet, all of which was added to this one too.
    fn remove(&mut self, other: &Self);
}

impl Accumulator for Totals {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }

    fn remove(&mut self, other: &Self) {
        Self::remove(self, other);
    }
}

impl Accumulator for Grouping {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }

    fn remove(&mut self, other: &Self) {
        Self::remove(self, other);
    }
}

impl<T: Accumulate> Accumulator for LaneBuckets<T> {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }

    fn remove(&mut self, other: &Self) {
        Self::remove(self, other);
    }
}

impl Accumulator for Sparklines {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }

    fn remove(&mut self, other: &Self) {
        Self::remove(self, other);
    }
}

/// Something that is added up, and the chunks that it has taken in.
#[derive(Clone, Debug)]
pub(super) struct Progress<A> {
    pub(super) value: A,
    done: Vec<bool>,
    /// Whether it began as the sum of another filter's records.
    is_derived: bool,
}

impl<A: Accumulator> Progress<A> {
    pub(super) fn new(value: A) -> Self {
        Self {
            value,
            done: Vec::new(),
            is_derived: false,
        }
    }

    /// The same sum, to be made that of another filter.
    fn derived(&self) -> Self {
        Self {
            value: self.value.clone(),
            done: Vec::new(),
            is_derived: true,
        }
    }

    fn lacks(&self, chunk: usize) -> bool {
        !self.done.get(chunk).copied().unwrap_or(false)
    }

    /// Whether each of the first `chunks` chunks has been taken in.
    fn is_complete(&self, chunks: usize) -> bool {
        (0..chunks).all(|chunk| !self.lacks(chunk))
    }

    /// Takes in what one thread has added and taken out, which are the chunks `done`.
    pub(super) fn take(
        &mut self,
        added: A,
        removed: Option<&A>,
        done: impl Iterator<Item = usize>,
    ) {
        let is_first = !self.is_derived && !self.done.contains(&true);
        if is_first {
            // The first sheet needs no merging.
            self.value = added;
        } else {
            self.value.merge(&added);
        }
        if let Some(removed) = removed.filter(|_| self.is_derived) {
            self.value.remove(removed);
        }
        for chunk in done {
            if self.done.len() <= chunk {
                self.done.resize(chunk + 1, false);
            }
            self.done[chunk] = true;
        }
    }
}

/// The accumulators of a question.
#[derive(Debug, Default)]
pub(super) struct Accumulators {
    pub(super) totals: Option<Progress<Totals>>,
    pub(super) groupings: Vec<Progress<Grouping>>,
    pub(super) lanes: Option<Progress<LaneBuckets<Sum>>>,
    pub(super) sparklines: Option<Progress<Sparklines>>,
    /// The records, by chunk, of the filter that parts were taken over from; those of later chunks are none.
    pub(super) origin: Option<Arc<Vec<Mask>>>,
}

/// Which accumulators are to take in the rows of a chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct Wants {
    pub(super) totals: bool,
    pub(super) groupings: Vec<bool>,
    pub(super) lanes: bool,
    pub(super) sparklines: bool,
}

impl Wants {
    pub(super) fn is_nothing(&self) -> bool {
        !(self.totals || self.lanes || self.sparklines || self.groupings.contains(&true))
    }
}

fn wants<A: Accumulator>(part: &Progress<A>, chunk: usize, derived: bool) -> bool {
    part.is_derived == derived && part.lacks(chunk)
}

impl Accumulators {
    /// Which of the accumulators that were taken over, or else of the others, lack `chunk`.
    pub(super) fn wants(&self, chunk: usize, derived: bool) -> Wants {
        let totals = self.totals.as_ref();
        let groupings = self.groupings.iter();
        let (lanes, sparklines) = (self.lanes.as_ref(), self.sparklines.as_ref());
        Wants {
            totals: totals.is_some_and(|part| wants(part, chunk, derived)),
            groupings: groupings.map(|part| wants(part, chunk, derived)).collect(),
            lanes: lanes.is_some_and(|part| wants(part, chunk, derived)),
            sparklines: sparklines.is_some_and(|part| wants(part, chunk, derived)),
        }
    }

    /// Whether nothing is asked.
    pub(super) fn are_none(&self) -> bool {
        self.totals.is_none()
            && self.groupings.is_empty()
            && self.lanes.is_none()
            && self.sparklines.is_none()
    }

    /// Whether nothing has been taken in yet.
    pub(super) fn are_empty(&self) -> bool {
        fn begun<A>(part: &Progress<A>) -> bool {
            part.is_derived || part.done.contains(&true)
        }
        !(self.totals.as_ref().is_some_and(begun)
            || self.groupings.iter().any(begun)
            || self.lanes.as_ref().is_some_and(begun)
            || self.sparklines.as_ref().is_some_and(begun))
    }

    /// What `other`, which is of `chunks` chunks, has for what these ask; none where that is not all there, or
    /// not finished. Of lanes and sparklines that are of chosen values `needed` must be there.
    pub(super) fn reusable<'a>(
        &self,
        other: &'a Self,
        chunks: usize,
        needed: (&[Key], &[Key]),
    ) -> Option<Reusable<'a>> {
        let totals = match &self.totals {
            None => None,
            Some(_) => Some(other.totals.as_ref()?),
        };
        let mut groupings = Vec::with_capacity(self.groupings.len());
        for wanted in &self.groupings {
            let field = wanted.value.field();
            let mut found = other.groupings.iter();
            groupings.push(found.find(|part| part.value.field() == field)?);
        }
        let lanes = found(
            self.lanes.as_ref(),
            other.lanes.as_ref(),
            |cells, wanted| cells.serves(wanted, needed.0),
        )?;
        let sparklines = found(
            self.sparklines.as_ref(),
            other.sparklines.as_ref(),
            |sparklines, wanted| sparklines.serves(wanted, needed.1),
        )?;
        let is_complete = totals.is_none_or(|part| part.is_complete(chunks))
            && groupings.iter().all(|part| part.is_complete(chunks))
            && lanes.is_none_or(|part| part.is_complete(chunks))
            && sparklines.is_none_or(|part| part.is_complete(chunks));
        is_complete.then_some(Reusable {
            totals,
            groupings,
            lanes,
            sparklines,
        })
    }

    /// Bytes on the heap, nearly.
    pub(super) fn memory(&self) -> usize {
        let groupings = self.groupings.iter().map(|part| part.value.memory());
        groupings.sum::<usize>()
            + self.lanes.as_ref().map_or(0, |part| part.value.memory())
            + self
                .sparklines
                .as_ref()
                .map_or(0, |part| part.value.memory())
    }
}

/// What `serves` for `wanted`, if anything is wanted; none where it is wanted and not there.
#[expect(
    clippy::option_option,
    reason = "nothing wanted and nothing found are two things"
)]
fn found<'a, A>(
    wanted: Option<&Progress<A>>,
    there: Option<&'a Progress<A>>,
    serves: impl Fn(&A, &A) -> bool,
) -> Option<Option<&'a Progress<A>>> {
    match wanted {
        None => Some(None),
        Some(wanted) => there
            .filter(|part| serves(&part.value, &wanted.value))
            .map(Some),
    }
}

/// The accumulators of another filter that could be taken over.
pub(super) struct Reusable<'a> {
    totals: Option<&'a Progress<Totals>>,
    groupings: Vec<&'a Progress<Grouping>>,
    lanes: Option<&'a Progress<LaneBuckets<Sum>>>,
    sparklines: Option<&'a Progress<Sparklines>>,
}

impl Reusable<'_> {
    /// Bytes on the heap, nearly.
    pub(super) fn memory(&self) -> usize {
        let groupings = self.groupings.iter().map(|part| part.value.memory());
        groupings.sum::<usize>()
            + self.lanes.map_or(0, |part| part.value.memory())
            + self.sparklines.map_or(0, |part| part.value.memory())
    }

    /// Accumulators that begin as these, which are those of the records `origin`.
    pub(super) fn derive(self, origin: Arc<Vec<Mask>>) -> Accumulators {
        Accumulators {
            totals: self.totals.map(Progress::derived),
            groupings: self.groupings.into_iter().map(Progress::derived).collect(),
            lanes: self.lanes.map(Progress::derived),
            sparklines: self.sparklines.map(Progress::derived),
            origin: Some(origin),
        }
    }
}
