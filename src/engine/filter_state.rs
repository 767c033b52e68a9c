//! What is known of the records of one filter: which match, and what has been added up of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::accumulator::Accumulator;
use super::accumulators::Accumulators;
use super::evaluator::{Evaluator, Predecessor};
use super::pass::{Pass, Settings};
use super::{Answer, Question, Request};
use crate::analysis::{
    Dimension, Grouping, LaneBuckets, Measure, SortBy, SortedRows, Sparklines, Totals, Window,
};
use crate::query::{Expression, Mask};
use crate::schema::FieldId;
use crate::store::{RowId, Store};

/// A partial answer has at least this many records.
const MIN_PARTIAL_RECORDS: usize = 200;
/// If lanes for all values of a field take at most this many buckets, they are filled in the pass that finds the
/// records; else a second pass fills those of the largest values.
pub(super) const MAX_BUCKETS: usize = 1 << 19;

#[derive(Debug, Default)]
pub(super) struct FilterState {
    pub(super) store: Store,
    pub(super) filter: Option<Arc<Expression>>,
    /// Whether it was prefetched.
    pub(super) is_likely: bool,
    /// By chunk; none where the filter has not been evaluated.
    pub(super) masks: Vec<Option<Mask>>,
    /// Kept until this filter has been evaluated on every chunk.
    predecessor: Option<Predecessor>,
    /// Fed in the pass that evaluates the filter.
    pub(super) accumulators: Accumulators,
    /// Lanes and sparklines of chosen values, filled in a second pass.
    pub(super) details: Accumulators,
    pub(super) sorted: Option<SortedChunks>,
}

/// Sorted rows, and of which chunks they are.
#[derive(Debug)]
pub(super) struct SortedChunks {
    pub(super) by: Vec<SortBy>,
    /// How many chunks there were.
    pub(super) chunks: usize,
    pub(super) rows: Arc<SortedRows>,
}

/// What a state works with besides the question.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) settings: &'a Settings,
    /// Whether a newer request has arrived, so that this one can stop.
    pub(super) superseded: &'a (dyn Fn() -> bool + Sync),
    /// The states of other filters.
    pub(super) others: &'a [FilterState],
}

/// One run of [`FilterState::answer`].
pub(super) struct Run<'a> {
    pub(super) request: &'a Request,
    pub(super) context: Context<'a>,
    pub(super) evaluator: &'a Evaluator<'a>,
    pub(super) began: Instant,
}

impl FilterState {
    pub(super) fn new(filter: Option<Arc<Expression>>) -> Self {
        Self {
            filter,
            ..Self::default()
        }
    }

    /// Whether what is known holds for `store`, which may have more chunks.
    pub(super) fn holds_for(&self, store: &Store) -> bool {
        let filter = self.filter.as_ref();
        let is_anchored = filter.is_some_and(|filter| filter.is_anchored());
        extends(&self.store, store) && !(is_anchored && self.store.span() != store.span())
    }

    /// Whether the filter has been evaluated on every known chunk.
    pub(super) fn is_searched(&self) -> bool {
        self.masks.iter().all(Option::is_some)
    }

    /// The matching records, by chunk; none of chunks that have not been searched.
    pub(super) fn records(&self) -> Vec<Mask> {
        let masks = self.masks.iter();
        masks
            .map(|mask| mask.clone().unwrap_or(Mask::None))
            .collect()
    }

    /// The records sorted, if that is known of all of `chunks` chunks.
    pub(super) fn sorted_by(&self, by: &[SortBy], chunks: usize) -> Option<&Arc<SortedRows>> {
        let sorted = self.sorted.as_ref();
        let sorted = sorted.filter(|sorted| sorted.by == by && sorted.chunks == chunks)?;
        Some(&sorted.rows)
    }

    /// Approximate heap size in bytes.
    pub(super) fn memory(&self) -> usize {
        let masks = self.masks.iter().flatten().map(Mask::memory);
        let sorted = self.sorted.as_ref();
        masks.sum::<usize>()
            + self.accumulators.memory()
            + self.details.memory()
            + sorted.map_or(0, |sorted| sorted.rows.rows.len() * size_of::<RowId>())
    }

    /// Sets the snapshot, which may only add chunks to the one before.
    pub(super) fn set_store(&mut self, store: &Store) {
        self.store = store.clone();
        self.masks.resize(store.chunks().len(), None);
    }

    /// Answers `request` from what is known and what is still missing. Partial answers go to `publish`; none when
    /// superseded.
    pub(super) fn answer(
        &mut self,
        request: &Request,
        context: Context<'_>,
        publish: &mut dyn FnMut(Answer),
    ) -> Option<Answer> {
        let began = Instant::now();
        self.set_store(&request.store);
        self.choose_accumulators(&request.question);
        let known = self.predecessor.take();
        let predecessor = known.or_else(|| self.find_predecessor(context.others));
        let evaluator = Evaluator::new(
            request.question.filter.as_deref(),
            &request.store,
            context.settings,
            predecessor.as_ref(),
        );
        let run = Run {
            request,
            context,
            evaluator: &evaluator,
            began,
        };
        let answer = self.run(&run, publish);
        self.predecessor = predecessor.filter(|_| !self.is_searched());
        answer
    }

    fn run(&mut self, run: &Run<'_>, publish: &mut dyn FnMut(Answer)) -> Option<Answer> {
        self.reuse_accumulators(run);
        // Derived sums are wrong until the last chunk has been searched, so they give no partial answer.
        let is_own = !self.accumulators.has_base();
        let mut patience = run.context.settings.patience.filter(|_| is_own);
        while !self.search(run, patience) {
            if (run.context.superseded)() {
                return None;
            }
            patience = None;
            publish(self.assemble(run, false)?);
        }
        self.accumulators.drop_base();
        self.assemble(run, true)
    }

    /// Makes the accumulators that `question` needs, and keeps those that are there.
    fn choose_accumulators(&mut self, question: &Question) {
        let store = &self.store;
        let in_first_pass = |field, window: Option<Window>| {
            window.filter(|window| fits_first_pass(field, *window, store))
        };
        let lanes = in_first_pass(question.lanes, question.window);
        let sparklines = in_first_pass(question.breakdown, question.sparkline_window());
        let needs_groups =
            question.window.is_some() && lanes.is_none() && question.lanes != question.breakdown;
        let lanes_by = needs_groups.then_some(question.lanes);

        let mut old = self.accumulators.take_list();
        let list = &mut self.accumulators;
        list.keep_or_add(
            &mut old,
            |known| known.as_totals().is_some(),
            || Accumulator::Totals(Totals::default()),
        );
        for field in std::iter::once(question.breakdown).chain(lanes_by) {
            list.keep_or_add(
                &mut old,
                |known| known.as_groups_by(field).is_some(),
                || Accumulator::Groups(Grouping::new(field)),
            );
        }
        if let Some(window) = lanes {
            let field = question.lanes;
            list.keep_or_add(
                &mut old,
                |known| {
                    let lanes = known.as_lanes_mut();
                    lanes.is_some_and(|lanes| lanes.field() == field && lanes.move_to(window))
                },
                || Accumulator::Lanes(LaneBuckets::every(field, window)),
            );
        }
        if let Some(window) = lanes.filter(|_| question.measure != Measure::Records) {
            let (measure, field) = (question.measure, question.lanes);
            list.keep_or_add(
                &mut old,
                |known| {
                    let known = known.as_lane_sizes_mut();
                    known.is_some_and(|known| known.adapt(measure, field, &[], window))
                },
                || Accumulator::LaneSizes(Sparklines::every(measure, field, window)),
            );
        }
        if let Some(window) = sparklines {
            let (measure, field) = (question.measure, question.breakdown);
            list.keep_or_add(
                &mut old,
                |known| {
                    let known = known.as_sparklines_mut();
                    known.is_some_and(|known| known.adapt(measure, field, &[], window))
                },
                || Accumulator::Sparklines(Sparklines::every(measure, field, window)),
            );
        }
        let is_counted = sparklines.is_none() && question.measure == Measure::Records;
        list.split_groups(question.breakdown, question.window.filter(|_| is_counted));
        self.prepare();
    }

    /// Lets the accumulators read what the chunks of the store do not hold.
    pub(super) fn prepare(&mut self) {
        let accumulators = self.accumulators.iter_mut();
        for accumulator in accumulators.chain(self.details.iter_mut()) {
            accumulator.prepare(&self.store);
        }
    }

    /// Searches the chunks that have not been searched, in reading order. Returns whether it came to the end; else it
    /// was superseded, or `patience` is over and there are enough records for a partial answer.
    fn search(&mut self, run: &Run<'_>, patience: Option<Duration>) -> bool {
        let is_partial = |selected: usize| {
            patience.is_some_and(|patience| {
                selected >= MIN_PARTIAL_RECORDS && run.began.elapsed() >= patience
            })
        };
        let store = &run.request.store;
        let pass = Pass {
            store,
            threads: run.context.settings.threads,
            evaluate: &|chunk| run.evaluator.mask(chunk),
            stop: &|selected| (run.context.superseded)() || is_partial(selected),
        };
        let chunks = store.reading_order().iter().map(|index| *index as usize);
        pass.run(&mut self.accumulators, &mut self.masks, chunks)
    }
}

/// Whether a lane for every value of `field` is affordable.
fn fits_first_pass(field: FieldId, window: Window, store: &Store) -> bool {
    let size = Dimension::size(field, store);
    size.and_then(|size| size.checked_mul(window.buckets.checked_add(1)?))
        .is_some_and(|buckets| buckets <= MAX_BUCKETS)
}

/// Whether `new` is `old` with more chunks at its end.
fn extends(old: &Store, new: &Store) -> bool {
    let (a, b) = (old.chunks(), new.chunks());
    Arc::ptr_eq(&old.catalog, &new.catalog)
        && a.len() <= b.len()
        && a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b))
}
