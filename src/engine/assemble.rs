//! Makes an answer of what is known of a filter.

use std::sync::Arc;

use super::accumulator::{Accumulator, NeededKeys};
use super::filter_state::{FilterState, MAX_BUCKETS, Run, SortedChunks};
use super::memory::SortTooLarge;
use super::pass::Pass;
use super::without_part::without_part;
use super::{Answer, Question};
use crate::analysis::{
    Breakdown, Counts, Grouping, Key, LaneBuckets, ListedRows, Measure, RowOrder, Selection,
    SortBy, SortedRows, Sparklines, TimeOrder, Timeline, Totals,
};
use crate::schema::FieldId;
use crate::store::RowId;

/// So many records before and after the cursor are put in order before the answer is sent; a screen shows fewer.
const PAGE: usize = 256;

/// The values with the most of the measure.
struct LargestLanes {
    /// Those to draw, and the next largest after them.
    keys: Vec<Key>,
    /// How many to draw.
    limit: usize,
    /// How many values there are in all.
    distinct: usize,
}

impl FilterState {
    /// Makes the answer of what is known; none when superseded on the way.
    pub(super) fn assemble(&mut self, run: &Run<'_>, complete: bool) -> Option<Answer> {
        let question = &run.request.question;
        let mut breakdown = self.breakdown(question);
        let groups = breakdown.keys();
        breakdown.groups.truncate(question.group_limit);
        let largest = self.largest_lanes(question);
        self.fill_details(run, &groups, largest.as_ref())?;
        let sparklines = self.accumulators.sparklines_mut();
        if let Some(sparklines) = sparklines.or_else(|| self.details.sparklines_mut()) {
            breakdown.add_sparklines(sparklines, question.window.is_some());
        }
        let timeline = self.timeline(question, largest);
        let selection = Selection::new(run.request.store.clone(), self.records());
        let selection = Arc::new(selection);
        let (rows, not_sorted) = self.list(run, &selection, complete)?;
        let context = &run.context;
        let anchor = run.request.anchor;
        let anchor = anchor.and_then(|row| self.position(run, &selection, &rows, row));
        if let ListedRows::Time(order) = &rows {
            let first = anchor.unwrap_or(0).saturating_sub(PAGE);
            let threads = context.settings.threads;
            order.prepare_page(first, 2 * PAGE, threads, context.superseded);
        }
        if (context.superseded)() {
            return None;
        }
        let without = if complete && selection.is_empty() {
            without_part(run.request, context.settings, context.superseded)
        } else {
            Vec::new()
        };
        Some(Answer {
            ticket: run.request.ticket,
            complete,
            anchor,
            selection,
            timeline: timeline.map(Arc::new),
            breakdown: Arc::new(breakdown),
            rows,
            not_sorted,
            without,
            seconds: run.began.elapsed().as_secs_f64(),
        })
    }

    /// The largest groups, without their sparklines, and the next largest after them.
    fn breakdown(&self, question: &Question) -> Breakdown {
        let field = question.breakdown;
        let total = self.accumulators.totals();
        let total = total.map(Totals::counts).unwrap_or_default();
        let empty = Grouping::new(field);
        let groups = self.accumulators.groups_by(field).unwrap_or(&empty);
        let limit = with_runners_up(question.group_limit);
        Breakdown::new(&self.store.catalog, groups, total, question.measure, limit)
    }

    /// The largest lanes, if not every value has one.
    fn largest_lanes(&self, question: &Question) -> Option<LargestLanes> {
        let window = question.window?;
        if self.accumulators.has_lanes() {
            return None;
        }
        let groups = self.accumulators.groups_by(question.lanes)?;
        // As many lanes as memory allows; a screen has room for far fewer.
        let room = (MAX_BUCKETS / (window.buckets + 1)).max(1);
        let limit = question.lane_limit.min(room);
        let catalog = &self.store.catalog;
        let total = Counts::default();
        let (by, most) = (question.measure, with_runners_up(limit));
        let largest = Breakdown::new(catalog, groups, total, by, most);
        Some(LargestLanes {
            keys: largest.keys(),
            limit,
            distinct: largest.distinct,
        })
    }

    /// Fills the lanes and sparklines of chosen values from the chunks that have been searched; none when superseded.
    fn fill_details(
        &mut self,
        run: &Run<'_>,
        groups: &[Key],
        largest: Option<&LargestLanes>,
    ) -> Option<()> {
        let question = &run.request.question;
        let first = |keys: &[Key], limit: usize| keys.get(..limit).unwrap_or(keys).to_vec();
        let lanes = largest.map(|largest| first(&largest.keys, largest.limit));
        let (lanes, sparklines) = (
            lanes.unwrap_or_default(),
            first(groups, question.group_limit),
        );
        let needed = NeededKeys {
            lanes: &lanes,
            sparklines: &sparklines,
        };
        self.choose_details(question, groups, largest, needed);
        self.fill_from_groups(question.breakdown);
        self.reuse_details(run, needed);
        let pass = Pass {
            store: &run.request.store,
            threads: run.context.settings.threads,
            evaluate: &|chunk| run.evaluator.mask(chunk),
            stop: &|_| (run.context.superseded)(),
        };
        let searched: Vec<usize> = (0..self.masks.len())
            .filter(|index| self.masks[*index].is_some())
            .collect();
        let is_done = pass.run(&mut self.details, &mut self.masks, searched.into_iter());
        if is_done {
            self.details.drop_base();
        }
        is_done.then_some(())
    }

    /// Fills sparklines with the records by bucket that were found while the groups by `field` were added up.
    fn fill_from_groups(&mut self, field: FieldId) {
        let Some(cells) = self.accumulators.take_cells(field) else {
            return;
        };
        // If they leave most chunks, deriving the sparklines from those of another filter may cost less.
        let searched = self.masks.iter().flatten().count();
        let are_most = cells.chunks.len() * 2 >= searched;
        let groups = self.accumulators.groups_by(field);
        if let Some(groups) = groups.filter(|_| are_most || self.details.is_begun()) {
            self.details.add_cells(groups, &cells);
        }
    }

    /// Makes the lanes and sparklines of chosen values. They are made for more values than are shown: then they may
    /// still do when more records have changed the order.
    fn choose_details(
        &mut self,
        question: &Question,
        groups: &[Key],
        largest: Option<&LargestLanes>,
        needed: NeededKeys<'_>,
    ) {
        let store = &self.store;
        let mut old = self.details.take_list();
        if let Some((largest, window)) = largest.zip(question.window) {
            let field = question.lanes;
            self.details.keep_or_add(
                &mut old,
                |known| {
                    known.as_lanes_mut().is_some_and(|lanes| {
                        lanes.field() == field
                            && lanes.has_lanes(needed.lanes)
                            && lanes.move_to(window)
                    })
                },
                || {
                    let keys = largest.keys.clone();
                    Accumulator::Lanes(LaneBuckets::chosen(field, window, keys, store))
                },
            );
            if question.measure != Measure::Records {
                let measure = question.measure;
                self.details.keep_or_add(
                    &mut old,
                    |known| {
                        let known = known.as_lane_sizes_mut();
                        known.is_some_and(|known| known.adapt(measure, field, needed.lanes, window))
                    },
                    || {
                        let keys = largest.keys.clone();
                        let sizes = Sparklines::chosen(measure, field, window, keys, store);
                        Accumulator::LaneSizes(sizes)
                    },
                );
            }
        }
        let is_filled = self.accumulators.has_sparklines();
        if let Some(window) = question.sparkline_window().filter(|_| !is_filled) {
            let (measure, field) = (question.measure, question.breakdown);
            self.details.keep_or_add(
                &mut old,
                |known| {
                    let known = known.as_sparklines_mut();
                    known
                        .is_some_and(|known| known.adapt(measure, field, needed.sparklines, window))
                },
                || {
                    let keys = groups.to_vec();
                    Accumulator::Sparklines(Sparklines::chosen(measure, field, window, keys, store))
                },
            );
        }
    }

    fn timeline(&mut self, question: &Question, largest: Option<LargestLanes>) -> Option<Timeline> {
        let catalog = &self.store.catalog;
        if let Some(mut lanes) = self.accumulators.lanes_mut() {
            let limit = question.lane_limit;
            return Some(Timeline::of_largest(catalog, &mut lanes, limit));
        }
        let mut largest = largest?;
        largest.keys.truncate(largest.limit);
        let mut lanes = self.details.lanes_mut()?;
        Some(Timeline::of_keys(
            catalog,
            &mut lanes,
            &largest.keys,
            largest.distinct,
        ))
    }

    /// The list of the records, and why they are not sorted if they are not; none when superseded.
    fn list(
        &mut self,
        run: &Run<'_>,
        selection: &Arc<Selection>,
        complete: bool,
    ) -> Option<(ListedRows, Option<SortTooLarge>)> {
        Some(match &run.request.question.order {
            RowOrder::Time { descending } => {
                let order = TimeOrder::new(Arc::clone(selection), *descending);
                (ListedRows::Time(Arc::new(order)), None)
            }
            RowOrder::Columns(sorts) if complete => match self.sort(run, selection, sorts)? {
                Ok(rows) => (ListedRows::Sorted(rows), None),
                Err(problem) => (ListedRows::Reading, Some(problem)),
            },
            RowOrder::Columns(_) | RowOrder::Reading => (ListedRows::Reading, None),
        })
    }

    /// The records sorted, or why they are not; none when superseded.
    fn sort(
        &mut self,
        run: &Run<'_>,
        selection: &Selection,
        by: &[SortBy],
    ) -> Option<Result<Arc<SortedRows>, SortTooLarge>> {
        let chunks = self.store.chunks().len();
        if let Some(known) = self.sorted_by(by, chunks) {
            return Some(Ok(Arc::clone(known)));
        }
        let context = &run.context;
        let threads = context.settings.threads;
        let rows = if let Some(rows) = self.sorted_from_others(run, selection, by) {
            rows
        } else {
            let needed = SortedRows::memory(selection, by, threads);
            let left = (context.settings.memory_left)(self.memory_in_use(run));
            if let Err(problem) = SortTooLarge::check(selection.len(), needed, left) {
                return Some(Err(problem));
            }
            SortedRows::new(selection, by, threads, context.superseded)?
        };
        let rows = Arc::new(rows);
        self.sorted = Some(SortedChunks {
            by: by.to_vec(),
            chunks,
            rows: Arc::clone(&rows),
        });
        Some(Ok(rows))
    }

    /// Approximate bytes of the records, and of what is known of each filter.
    fn memory_in_use(&self, run: &Run<'_>) -> usize {
        let others = run.context.others.iter().map(Self::memory);
        self.store.memory() + self.memory() + others.sum::<usize>()
    }

    /// The position of `row` in the list, or of the next record that is in it, or of the last one. None if the list
    /// is empty, or if the chunk of the row has not been searched.
    fn position(
        &self,
        run: &Run<'_>,
        selection: &Selection,
        rows: &ListedRows,
        row: RowId,
    ) -> Option<usize> {
        if row.0 as usize >= self.store.rows() {
            return None;
        }
        let (chunk, _) = self.store.locate(row);
        self.masks[chunk].as_ref()?;
        let context = &run.context;
        if let ListedRows::Time(order) = rows {
            order.prepare_row(row, context.settings.threads, context.superseded);
            if (context.superseded)() {
                return None;
            }
        }
        let position = rows.position(selection, &run.request.question.order, row);
        let last = selection.len().checked_sub(1)?;
        Some(position.min(last))
    }
}

/// How many of the largest values to find if `limit` are shown: while files load they change places, and among those
/// of all records are most of those of other filters.
fn with_runners_up(limit: usize) -> usize {
    limit.saturating_mul(4)
}
