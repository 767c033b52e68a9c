//! What is added up of the records of one filter, and from which chunks it has been.
//!
//! Sums can also be taken over from another filter. Then only the records that the two do not share are looked
//! at: those that this filter has beyond the other are added, and those that it lacks are taken out.

use std::sync::Arc;

use crate::analysis::{Cells, Grouping, Key, Sparks, Sum, Tally, Totals};
use crate::query::Mask;

/// Something that chunks are added to, on several threads.
pub(super) trait Sheet: Clone + Send + Sync {
    /// Takes in what was added to another sheet.
    fn merge(&mut self, other: &Self);
    /// Takes out what was added to another sheet, all of which was added to this one too.
    fn remove(&mut self, other: &Self);
}

impl Sheet for Totals {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }

    fn remove(&mut self, other: &Self) {
        Self::remove(self, other);
    }
}

impl Sheet for Grouping {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }

    fn remove(&mut self, other: &Self) {
        Self::remove(self, other);
    }
}

impl<T: Tally> Sheet for Cells<T> {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }

    fn remove(&mut self, other: &Self) {
        Self::remove(self, other);
    }
}

impl Sheet for Sparks {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }

    fn remove(&mut self, other: &Self) {
        Self::remove(self, other);
    }
}

/// Something that is added up, and the chunks that it has taken in.
#[derive(Clone, Debug)]
pub(super) struct Part<A> {
    pub(super) value: A,
    done: Vec<bool>,
    /// Whether it began as the sum of another filter's records.
    is_taken_over: bool,
}

impl<A: Sheet> Part<A> {
    pub(super) fn new(value: A) -> Self {
        Self {
            value,
            done: Vec::new(),
            is_taken_over: false,
        }
    }

    /// The same sum, to be made that of another filter.
    fn taken_over(&self) -> Self {
        Self {
            value: self.value.clone(),
            done: Vec::new(),
            is_taken_over: true,
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
        let is_first = !self.is_taken_over && !self.done.contains(&true);
        if is_first {
            // The first sheet needs no merging.
            self.value = added;
        } else {
            self.value.merge(&added);
        }
        if let Some(removed) = removed.filter(|_| self.is_taken_over) {
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

/// The sheets of a question.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    pub(super) totals: Option<Part<Totals>>,
    pub(super) groupings: Vec<Part<Grouping>>,
    pub(super) lanes: Option<Part<Cells<Sum>>>,
    pub(super) sparks: Option<Part<Sparks>>,
    /// The records, by chunk, of the filter that parts were taken over from; those of later chunks are none.
    pub(super) origin: Option<Arc<Vec<Mask>>>,
}

/// Which sheets are to take in the rows of a chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct Wants {
    pub(super) totals: bool,
    pub(super) groupings: Vec<bool>,
    pub(super) lanes: bool,
    pub(super) sparks: bool,
}

impl Wants {
    pub(super) fn is_nothing(&self) -> bool {
        !(self.totals || self.lanes || self.sparks || self.groupings.contains(&true))
    }
}

fn wants<A: Sheet>(part: &Part<A>, chunk: usize, taken_over: bool) -> bool {
    part.is_taken_over == taken_over && part.lacks(chunk)
}

impl Sheets {
    /// Which of the sheets that were taken over, or else of the others, lack `chunk`.
    pub(super) fn wants(&self, chunk: usize, taken_over: bool) -> Wants {
        let totals = self.totals.as_ref();
        let groupings = self.groupings.iter();
        let (lanes, sparks) = (self.lanes.as_ref(), self.sparks.as_ref());
        Wants {
            totals: totals.is_some_and(|part| wants(part, chunk, taken_over)),
            groupings: groupings
                .map(|part| wants(part, chunk, taken_over))
                .collect(),
            lanes: lanes.is_some_and(|part| wants(part, chunk, taken_over)),
            sparks: sparks.is_some_and(|part| wants(part, chunk, taken_over)),
        }
    }

    /// Whether nothing is asked.
    pub(super) fn are_none(&self) -> bool {
        self.totals.is_none()
            && self.groupings.is_empty()
            && self.lanes.is_none()
            && self.sparks.is_none()
    }

    /// Whether nothing has been taken in yet.
    pub(super) fn are_empty(&self) -> bool {
        fn begun<A>(part: &Part<A>) -> bool {
            part.is_taken_over || part.done.contains(&true)
        }
        !(self.totals.as_ref().is_some_and(begun)
            || self.groupings.iter().any(begun)
            || self.lanes.as_ref().is_some_and(begun)
            || self.sparks.as_ref().is_some_and(begun))
    }

    /// What `other`, which is of `chunks` chunks, has for what these ask; none where that is not all there, or
    /// not finished. Of lanes and sparklines that are of chosen values `needed` must be there.
    pub(super) fn offer<'a>(
        &self,
        other: &'a Self,
        chunks: usize,
        needed: (&[Key], &[Key]),
    ) -> Option<Offer<'a>> {
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
        let sparks = found(
            self.sparks.as_ref(),
            other.sparks.as_ref(),
            |sparks, wanted| sparks.serves(wanted, needed.1),
        )?;
        let is_complete = totals.is_none_or(|part| part.is_complete(chunks))
            && groupings.iter().all(|part| part.is_complete(chunks))
            && lanes.is_none_or(|part| part.is_complete(chunks))
            && sparks.is_none_or(|part| part.is_complete(chunks));
        is_complete.then_some(Offer {
            totals,
            groupings,
            lanes,
            sparks,
        })
    }

    /// Bytes on the heap, nearly.
    pub(super) fn memory(&self) -> usize {
        let groupings = self.groupings.iter().map(|part| part.value.memory());
        groupings.sum::<usize>()
            + self.lanes.as_ref().map_or(0, |part| part.value.memory())
            + self.sparks.as_ref().map_or(0, |part| part.value.memory())
    }
}

/// What `serves` for `wanted`, if anything is wanted; none where it is wanted and not there.
#[expect(
    clippy::option_option,
    reason = "nothing wanted and nothing found are two things"
)]
fn found<'a, A>(
    wanted: Option<&Part<A>>,
    there: Option<&'a Part<A>>,
    serves: impl Fn(&A, &A) -> bool,
) -> Option<Option<&'a Part<A>>> {
    match wanted {
        None => Some(None),
        Some(wanted) => there
            .filter(|part| serves(&part.value, &wanted.value))
            .map(Some),
    }
}

/// The sheets of another filter that could be taken over.
pub(super) struct Offer<'a> {
    totals: Option<&'a Part<Totals>>,
    groupings: Vec<&'a Part<Grouping>>,
    lanes: Option<&'a Part<Cells<Sum>>>,
    sparks: Option<&'a Part<Sparks>>,
}

impl Offer<'_> {
    /// Bytes on the heap, nearly.
    pub(super) fn memory(&self) -> usize {
        let groupings = self.groupings.iter().map(|part| part.value.memory());
        groupings.sum::<usize>()
            + self.lanes.map_or(0, |part| part.value.memory())
            + self.sparks.map_or(0, |part| part.value.memory())
    }

    /// Sheets that begin as these, which are those of the records `origin`.
    pub(super) fn take_over(self, origin: Arc<Vec<Mask>>) -> Sheets {
        Sheets {
            totals: self.totals.map(Part::taken_over),
            groupings: self.groupings.into_iter().map(Part::taken_over).collect(),
            lanes: self.lanes.map(Part::taken_over),
            sparks: self.sparks.map(Part::taken_over),
            origin: Some(origin),
        }
    }
}
