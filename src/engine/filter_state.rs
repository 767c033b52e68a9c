//! What the worker has worked out for one filter, and how an answer is made of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::accumulators::{Accumulator, Accumulators, Progress};
use super::evaluator::{Evaluator, Parent};
use super::pass::{Pass, Settings};
use super::{Answer, Question, Request};
use crate::analysis::{
    Breakdown, Counts, Dimension, Grouping, Key, LaneBuckets, Measure, Selection, SortBy,
    SortedRows, Sparklines, Timeline, Totals, Window,
};
use crate::query::{Expression, Mask};
use crate::schema::FieldId;
use crate::store::{RowId, Store};

/// A first part of an answer has so many records at least.
const SCREENFUL: usize = 200;
/// Up to so many cells a field gets a lane for each of its values in the same pass that finds the records;
/// else a second pass draws the lanes of the largest values only.
const CELLS: usize = 1 << 19;

/// Everything that is known of the records of one filter.
#[derive(Debug, Default)]
pub(super) struct FilterState {
    pub(super) store: Store,
    pub(super) filter: Option<Arc<Expression>>,
    /// By chunk; none where the filter has not been evaluated.
    pub(super) masks: Vec<Option<Mask>>,
    /// The filter that this one comes from, if one was known; kept until this one has been evaluated.
    parent: Option<Parent>,
    pub(super) accumulators: Accumulators,
    /// Lanes and sparklines of chosen values, drawn in a second pass.
    pub(super) details: Accumulators,
    /// The rows of all chunks up to a number of them, sorted.
    order: Option<(SortBy, usize, Arc<SortedRows>)>,
}

/// The values with the most records.
struct Ranking {
    /// Those to draw, and the next largest after them.
    keys: Vec<Key>,
    /// How many to draw.
    limit: usize,
    /// How many values there are in all.
    distinct: usize,
}

/// One run of [`FilterState::answer`].
pub(super) struct Run<'a> {
    pub(super) request: &'a Request,
    pub(super) settings: &'a Settings,
    pub(super) superseded: &'a (dyn Fn() -> bool + Sync),
    /// What is known of other filters.
    pub(super) others: &'a [FilterState],
    pub(super) evaluator: &'a Evaluator<'a>,
    began: Instant,
}

impl FilterState {
    /// A state for `filter`, of which nothing is known.
    pub(super) fn new(filter: Option<Arc<Expression>>) -> Self {
        Self {
            filter,
            ..Self::default()
        }
    }

    /// Whether what is known here holds for the records of `store`: there may be more of them.
    pub(super) fn holds(&self, store: &Store) -> bool {
        let filter = self.filter.as_ref();
        let anchored = filter.is_some_and(|filter| filter.is_anchored());
        extends(&self.store, store) && !(anchored && self.store.span() != store.span())
    }

    /// Whether the filter has been evaluated on all chunks that the state knows.
    pub(super) fn is_searched(&self) -> bool {
        self.masks.iter().all(Option::is_some)
    }

    /// The records, by chunk; none of those chunks that have not been searched.
    pub(super) fn records(&self) -> Vec<Mask> {
        let masks = self.masks.iter();
        masks
            .map(|mask| mask.clone().unwrap_or(Mask::None))
            .collect()
    }

    /// The records sorted, where that is known of all of `chunks` chunks.
    pub(super) fn order_of(&self, sort: SortBy, chunks: usize) -> Option<&SortedRows> {
        let order = self.order.as_ref();
        let (_, _, order) = order.filter(|(by, of, _)| (*by, *of) == (sort, chunks))?;
        Some(order)
    }

    /// Bytes on the heap, nearly.
    pub(super) fn memory(&self) -> usize {
        let masks = self.masks.iter().flatten().map(Mask::memory);
        let order = self.order.as_ref();
        masks.sum::<usize>()
            + self.accumulators.memory()
            + self.details.memory()
            + order.map_or(0, |(_, _, order)| order.rows.len() * size_of::<RowId>())
    }

    /// Answers `request`, building on what is there and on `others`. First parts go to `publish`; none when
    /// superseded.
    pub(super) fn answer(
        &mut self,
        request: &Request,
        settings: &Settings,
        superseded: &(dyn Fn() -> bool + Sync),
        (others, publish): (&[Self], &mut dyn FnMut(Answer)),
    ) -> Option<Answer> {
        let began = Instant::now();
        self.store = request.store.clone();
        self.masks.resize(self.store.chunks().len(), None);
        self.lay_out(&request.question);
        let known = self.parent.take();
        let parent = known.or_else(|| self.find_parent(others));
        let filter = request.question.filter.as_deref();
        let evaluator = Evaluator::new((filter, &request.store), settings, parent.as_ref());
        let run = Run {
            request,
            settings,
            superseded,
            others,
            evaluator: &evaluator,
            began,
        };
        let answer = self.run(&run, publish);
        self.parent = parent.filter(|_| !self.is_searched());
        answer
    }

    fn run(&mut self, run: &Run<'_>, publish: &mut dyn FnMut(Answer)) -> Option<Answer> {
        self.reuse_accumulators(run);
        // While sums are still those of another filter there is no first part to show.
        let is_own = self.accumulators.origin.is_none();
        let mut patience = run.settings.patience.filter(|_| is_own);
        while !self.search(run, patience) {
            if (run.superseded)() {
                return None;
            }
            patience = None;
            publish(self.assemble(run, false)?);
        }
        // Every difference has been taken in.
        self.accumulators.origin = None;
        self.assemble(run, true)
    }

    /// Makes the accumulators that `question` asks for, and keeps those that are there.
    fn lay_out(&mut self, question: &Question) {
        let store = &self.store;
        let every =
            |field, window: Option<Window>| window.filter(|window| is_small(field, *window, store));
        let lanes = every(question.lanes, question.window);
        let sparklines = every(question.breakdown, question.sparkline_window());
        let accumulators = &mut self.accumulators;
        if accumulators.totals.is_none() {
            accumulators.totals = Some(Progress::new(Totals::default()));
        }

        let mut wanted = vec![question.breakdown];
        if question.window.is_some() && lanes.is_none() && question.lanes != question.breakdown {
            wanted.push(question.lanes);
        }
        let mut old = std::mem::take(&mut accumulators.groupings);
        for field in wanted {
            let known = old.iter().position(|part| part.value.field() == field);
            let part = known.map(|place| old.swap_remove(place));
            let part = part.unwrap_or_else(|| Progress::new(Grouping::new(&[field], 1)));
            accumulators.groupings.push(part);
        }

        let (field, group, measure) = (question.lanes, question.breakdown, question.measure);
        match lanes {
            Some(window) => keep(
                &mut accumulators.lanes,
                |cells| cells.field() == field && cells.move_to(window),
                || LaneBuckets::every(field, window),
            ),
            None => accumulators.lanes = None,
        }
        match sparklines {
            Some(window) => keep(
                &mut accumulators.sparklines,
                |cells| cells.is_of(measure, group) && cells.move_to(window),
                || Sparklines::every(measure, group, window),
            ),
            None => accumulators.sparklines = None,
        }
        self.prepare();
    }

    /// Tells the accumulators what of the store is not in its chunks.
    pub(super) fn prepare(&mut self) {
        let (store, accumulators, details) =
            (&self.store, &mut self.accumulators, &mut self.details);
        for grouping in &mut accumulators.groupings {
            grouping.value.prepare(store);
        }
        for part in details.lanes.iter_mut().chain(&mut accumulators.lanes) {
            part.value.prepare(store);
        }
        for part in details
            .sparklines
            .iter_mut()
            .chain(&mut accumulators.sparklines)
        {
            part.value.prepare(store);
        }
    }

    /// Goes over the chunks that have not been looked at, in reading order. Returns whether it came to the
    /// end; else it was superseded, or `patience` is over and there are enough records for a first part.
    fn search(&mut self, run: &Run<'_>, patience: Option<Duration>) -> bool {
        let tired = |selected: usize| {
            patience
                .is_some_and(|patience| selected >= SCREENFUL && run.began.elapsed() >= patience)
        };
        let store = &run.request.store;
        let pass = Pass {
            store,
            threads: run.settings.threads,
            masks: &|chunk| run.evaluator.mask(chunk),
            stop: &|selected| (run.superseded)() || tired(selected),
        };
        let chunks = store.reading_order().iter().map(|index| *index as usize);
        self.accumulators.fill(&pass, &mut self.masks, chunks)
    }

    /// Makes the answer of what is known; none when superseded on the way.
    fn assemble(&mut self, run: &Run<'_>, complete: bool) -> Option<Answer> {
        let question = &run.request.question;
        let mut breakdown = self.breakdown(question);
        let groups = breakdown.keys();
        breakdown.groups.truncate(question.group_limit);
        let ranking = self.ranking(question);
        self.detail(run, &groups, ranking.as_ref())?;
        if let Some(part) = self
            .accumulators
            .sparklines
            .as_mut()
            .or(self.details.sparklines.as_mut())
        {
            breakdown.add_sparklines(&mut part.value, question.window.is_some());
        }
        let timeline = self.timeline(question, ranking);
        let selection = Selection::new(run.request.store.clone(), self.records());
        let order = match question.sort.filter(|_| complete) {
            Some(sort) => Some(self.sorted(run, &selection, sort)?),
            None => None,
        };
        let place = |row| self.place(&selection, order.as_deref().zip(question.sort), row);
        let without = if complete && selection.is_empty() {
            super::without_part::without(run)
        } else {
            Vec::new()
        };
        Some(Answer {
            ticket: run.request.ticket,
            complete,
            anchor: run.request.anchor.and_then(place),
            selection: Arc::new(selection),
            timeline: timeline.map(Arc::new),
            breakdown: Arc::new(breakdown),
            sorted_rows: order,
            without,
            seconds: run.began.elapsed().as_secs_f64(),
        })
    }

    fn grouping(&self, field: FieldId) -> Option<&Grouping> {
        let groupings = self.accumulators.groupings.iter().map(|part| &part.value);
        groupings
            .into_iter()
            .find(|grouping| grouping.field() == field)
    }

    /// The largest groups, without their sparklines, and the next largest after them.
    fn breakdown(&self, question: &Question) -> Breakdown {
        let field = question.breakdown;
        let total = self.accumulators.totals.as_ref();
        let total = total.map(|part| part.value.counts()).unwrap_or_default();
        let empty = Grouping::new(&[field], 1);
        let grouping = self.grouping(field).unwrap_or(&empty);
        let wanted = (question.measure, with_followers(question.group_limit));
        Breakdown::new(&self.store.catalog, grouping, total, wanted)
    }

    /// The largest lanes where not every value has one.
    fn ranking(&self, question: &Question) -> Option<Ranking> {
        let window = question.window?;
        if self.accumulators.lanes.is_some() {
            return None;
        }
        let grouping = self.grouping(question.lanes)?;
        // So many lanes as there are cells for; a screen has room for far fewer.
        let room = (CELLS / (window.buckets + 1)).max(1);
        let limit = question.lane_limit.min(room);
        let wanted = (Measure::Records, with_followers(limit));
        let largest = Breakdown::new(&self.store.catalog, grouping, Counts::default(), wanted);
        Some(Ranking {
            keys: largest.keys(),
            limit,
            distinct: largest.distinct,
        })
    }

    /// Draws the lanes and sparklines of chosen values over the chunks that have been searched.
    fn detail(&mut self, run: &Run<'_>, groups: &[Key], ranking: Option<&Ranking>) -> Option<()> {
        let question = &run.request.question;
        let store = &self.store;
        let details = &mut self.details;
        match ranking.zip(question.window) {
            Some((Ranking { keys, limit, .. }, window)) => keep(
                &mut details.lanes,
                |cells| {
                    let needed = &keys[..keys.len().min(*limit)];
                    cells.field() == question.lanes
                        && cells.has_lanes(needed)
                        && cells.move_to(window)
                },
                || LaneBuckets::chosen(question.lanes, window, keys.clone(), store),
            ),
            None => details.lanes = None,
        }
        let window = question.sparkline_window();
        match window.filter(|_| self.accumulators.sparklines.is_none()) {
            Some(window) => keep(
                &mut details.sparklines,
                |sparklines| {
                    let needed = &groups[..groups.len().min(question.group_limit)];
                    sparklines.is_of(question.measure, question.breakdown)
                        && sparklines.has_lanes(needed)
                        && sparklines.move_to(window)
                },
                || {
                    let cells = (question.breakdown, window);
                    Sparklines::chosen(question.measure, cells, groups.to_vec(), store)
                },
            ),
            None => details.sparklines = None,
        }
        let first = |keys: &[Key], limit: usize| keys.get(..limit).unwrap_or(keys).to_vec();
        let lanes = ranking.map(|ranking| first(&ranking.keys, ranking.limit));
        let sparklines = first(groups, question.group_limit);
        self.reuse_details(run, (&lanes.unwrap_or_default(), &sparklines));
        let pass = Pass {
            store: &run.request.store,
            threads: run.settings.threads,
            masks: &|chunk| run.evaluator.mask(chunk),
            stop: &|_| (run.superseded)(),
        };
        let searched: Vec<usize> = (0..self.masks.len())
            .filter(|index| self.masks[*index].is_some())
            .collect();
        let done = self
            .details
            .fill(&pass, &mut self.masks, searched.into_iter());
        if done {
            self.details.origin = None;
        }
        done.then_some(())
    }

    fn timeline(&mut self, question: &Question, ranking: Option<Ranking>) -> Option<Timeline> {
        let catalog = &self.store.catalog;
        if let Some(part) = &self.accumulators.lanes {
            return Some(Timeline::of_largest(
                catalog,
                &part.value,
                question.lane_limit,
            ));
        }
        let Ranking {
            mut keys,
            limit,
            distinct,
        } = ranking?;
        keys.truncate(limit);
        let cells = &mut self.details.lanes.as_mut()?.value;
        Some(Timeline::of_keys(catalog, cells, &keys, distinct))
    }

    fn sorted(
        &mut self,
        run: &Run<'_>,
        selection: &Selection,
        sort: SortBy,
    ) -> Option<Arc<SortedRows>> {
        let chunks = self.store.chunks().len();
        match &self.order {
            Some((known, of, order)) if *known == sort && *of == chunks => Some(Arc::clone(order)),
            _ => {
                let order = match self.order_from_others(run, selection, sort) {
                    Some(order) => order,
                    None => SortedRows::new(selection, sort, run.settings.threads, run.superseded)?,
                };
                let order = Arc::new(order);
                self.order = Some((sort, chunks, Arc::clone(&order)));
                Some(order)
            }
        }
    }

    /// The position of `row` in the list, or of the next record that is in it, or of the last one. None
    /// where the list is empty, or does not know of the row yet.
    fn place(
        &self,
        selection: &Selection,
        order: Option<(&SortedRows, SortBy)>,
        row: RowId,
    ) -> Option<usize> {
        if row.0 as usize >= self.store.rows() {
            return None;
        }
        let (chunk, _) = self.store.locate(row);
        self.masks[chunk].as_ref()?;
        let position = match order {
            Some((order, sort)) => order.position(selection, sort, row),
            None => selection.rank(row),
        };
        let last = selection.len().checked_sub(1)?;
        Some(position.min(last))
    }
}

/// Whether a lane for each value of `field` is affordable.
fn is_small(field: FieldId, window: Window, store: &Store) -> bool {
    let size = Dimension::size(field, store);
    size.and_then(|size| size.checked_mul(window.buckets.checked_add(1)?))
        .is_some_and(|cells| cells <= CELLS)
}

/// Keeps a part that `fits`, or that can be made to, and makes it where there is none. Where lanes are chosen they
/// are made for more values than are shown: then they may still do when more records have changed the order.
fn keep<A: Accumulator>(
    part: &mut Option<Progress<A>>,
    fits: impl FnOnce(&mut A) -> bool,
    make: impl FnOnce() -> A,
) {
    if !part.as_mut().is_some_and(|part| fits(&mut part.value)) {
        *part = Some(Progress::new(make()));
    }
}

/// How many of the largest values to know where so many are shown: while files load they change places, and
/// among those of all records are most of those of other filters.
fn with_followers(limit: usize) -> usize {
    limit.saturating_mul(4)
}

/// Whether `new` is `old` with more chunks behind.
fn extends(old: &Store, new: &Store) -> bool {
    let (a, b) = (old.chunks(), new.chunks());
    Arc::ptr_eq(&old.catalog, &new.catalog)
        && a.len() <= b.len()
        && a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b))
}
