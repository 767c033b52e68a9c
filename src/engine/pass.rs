//! One pass over chunks: masks, totals, groups and buckets together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::accumulators::{Accumulators, Wants};
use crate::analysis::{
    Grouping, LaneBuckets, Measure, Reads, Scan, Sparklines, Sum, Totals, Window, fold_parallel,
    useful_threads,
};
use crate::query::{Expression, Mask, Plan};
use crate::store::{Chunk, Store};

/// What gives the mask of a chunk; only what it says of the rows of the second argument counts.
pub(super) type Masks = Box<dyn Fn(&Chunk, &Mask) -> Mask + Send + Sync>;

/// What makes the masks of a filter on a snapshot.
pub(super) type Planner = Arc<dyn Fn(Option<&Expression>, &Store) -> Masks + Send + Sync + 'static>;

/// How the work is done.
#[derive(Clone)]
pub(super) struct Settings {
    /// How many threads work.
    pub(super) threads: usize,
    /// After how long a first part is published; none for never.
    pub(super) patience: Option<Duration>,
    /// What evaluates filters.
    pub(super) planner: Planner,
    /// How many bytes of sums cost as much to copy as one row costs to look at.
    pub(super) bytes_a_row: usize,
    /// The bytes that may be kept of filters that are not in force, beside half of what the records take.
    pub(super) memory: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            threads: thread::available_parallelism().map_or(1, Into::into),
            patience: Some(Duration::from_millis(20)),
            planner: Arc::new(plan),
            bytes_a_row: 64,
            memory: 32 << 20,
        }
    }
}

fn plan(filter: Option<&Expression>, store: &Store) -> Masks {
    match filter {
        None => Box::new(|_, _| Mask::All),
        Some(expression) => {
            let plan = Plan::new(expression, store);
            Box::new(move |chunk, among| plan.evaluate_among(chunk, among))
        }
    }
}

/// What is to be done for a chunk.
struct Task {
    index: usize,
    /// The accumulators that take in all selected rows.
    whole: Wants,
    /// Those that take in how the rows differ from those of the filter that they were taken over from.
    changes: Wants,
}

impl Task {
    fn is_empty(&self) -> bool {
        self.whole.is_nothing() && self.changes.is_nothing()
    }
}

/// What one thread writes on: empty accumulators of the same layout.
struct Partial {
    totals: Totals,
    groupings: Vec<Grouping>,
    lanes: Option<LaneBuckets<Sum>>,
    sparklines: Option<Sparklines>,
}

/// What one thread has done.
struct ThreadResult {
    tasks: Vec<usize>,
    masks: Vec<(usize, Mask)>,
    scan: Scan,
    added: Partial,
    removed: Option<Partial>,
}

/// What a pass works on.
pub(super) struct Pass<'a> {
    pub(super) store: &'a Store,
    pub(super) threads: usize,
    /// Gives the mask of the chunk at an index.
    pub(super) masks: &'a (dyn Fn(usize) -> Mask + Sync),
    /// Asked before each chunk, with the number of rows selected so far, whether to stop.
    pub(super) stop: &'a (dyn Fn(usize) -> bool + Sync),
}

impl Accumulators {
    fn task(&self, index: usize) -> Task {
        Task {
            index,
            whole: self.wants(index, false),
            changes: self.wants(index, true),
        }
    }

    fn window(&self) -> Option<Window> {
        let lanes = self.lanes.as_ref().map(|part| part.value.window());
        lanes.or_else(|| self.sparklines.as_ref().map(|part| part.value.window()))
    }

    fn partial(&self) -> Partial {
        Partial {
            totals: Totals::default(),
            groupings: self.groupings.iter().map(|p| p.value.fork()).collect(),
            lanes: self.lanes.as_ref().map(|part| part.value.fork()),
            sparklines: self.sparklines.as_ref().map(|part| part.value.fork()),
        }
    }

    fn result(&self) -> ThreadResult {
        let counted = self.totals.is_some() || self.lanes.is_some() || !self.groupings.is_empty();
        let sparklines = self.sparklines.as_ref().map(|part| part.value.measure());
        let reads = match sparklines {
            _ if counted => Reads::Everything,
            None | Some(Measure::Records) => Reads::Nothing,
            Some(Measure::Packets | Measure::Bytes) => Reads::Weights,
        };
        ThreadResult {
            tasks: Vec::new(),
            masks: Vec::new(),
            scan: Scan::new(self.window()).reading(reads, sparklines.unwrap_or_default()),
            added: self.partial(),
            removed: self.origin.is_some().then(|| self.partial()),
        }
    }

    /// Fills in what the accumulators lack of `chunks`, in that order, and the masks that are not known. Returns
    /// whether nothing is left to do. What was done before a stop is kept.
    pub(super) fn fill(
        &mut self,
        pass: &Pass<'_>,
        masks: &mut [Option<Mask>],
        chunks: impl Iterator<Item = usize>,
    ) -> bool {
        let tasks: Vec<Task> = chunks
            .map(|index| self.task(index))
            .filter(|task| masks[task.index].is_none() || !task.is_empty())
            .collect();
        if tasks.is_empty() {
            return true;
        }
        let rows = |index: usize| pass.store.chunks()[index].rows();
        let known = masks.iter().enumerate();
        let known = known.filter_map(|(index, mask)| Some(mask.as_ref()?.count(rows(index))));
        let selected = AtomicUsize::new(known.sum());
        let places: Vec<usize> = (0..tasks.len()).collect();
        let results = {
            let (known, accumulators) = (&*masks, &*self);
            fold_parallel(
                &places,
                useful_threads(pass.threads, tasks.len()),
                || accumulators.result(),
                |result, &place| {
                    let task = &tasks[place];
                    let evaluated = known[task.index]
                        .is_none()
                        .then(|| (pass.masks)(task.index));
                    let mask = evaluated.as_ref().or(known[task.index].as_ref());
                    let mask = mask.unwrap_or(&Mask::None);
                    if evaluated.is_some() {
                        selected.fetch_add(mask.count(rows(task.index)), Ordering::Relaxed);
                    }
                    result.work(
                        &pass.store.chunks()[task.index],
                        mask,
                        task,
                        accumulators.origin(task.index),
                    );
                    result
                        .masks
                        .extend(evaluated.map(|mask| (task.index, mask)));
                    result.tasks.push(place);
                },
                &|| (pass.stop)(selected.load(Ordering::Relaxed)),
            )
        };
        let done: usize = results.iter().map(|result| result.tasks.len()).sum();
        for result in results {
            self.take(result, &tasks, masks);
        }
        done == tasks.len()
    }

    /// The rows of a chunk that parts which were taken over hold already.
    fn origin(&self, chunk: usize) -> &Mask {
        let origin = self.origin.as_deref();
        origin
            .and_then(|origin| origin.get(chunk))
            .unwrap_or(&Mask::None)
    }

    fn take(&mut self, result: ThreadResult, tasks: &[Task], masks: &mut [Option<Mask>]) {
        for (index, mask) in result.masks {
            masks[index] = Some(mask);
        }
        let done = |wanted: &dyn Fn(&Wants) -> bool| {
            let tasks = result.tasks.iter().map(|place| &tasks[*place]);
            let chunks: Vec<usize> = tasks
                .filter(|task| wanted(&task.whole) || wanted(&task.changes))
                .map(|task| task.index)
                .collect();
            chunks.into_iter()
        };
        let (added, removed) = (result.added, result.removed.as_ref());
        if let Some(part) = &mut self.totals {
            let removed = removed.map(|partial| &partial.totals);
            part.take(added.totals, removed, done(&|wants| wants.totals));
        }
        let groupings = self.groupings.iter_mut().zip(added.groupings);
        for (place, (part, grouping)) in groupings.enumerate() {
            let removed = removed.map(|partial| &partial.groupings[place]);
            part.take(grouping, removed, done(&|wants| wants.groupings[place]));
        }
        if let (Some(part), Some(cells)) = (&mut self.lanes, added.lanes) {
            let removed = removed.and_then(|partial| partial.lanes.as_ref());
            part.take(cells, removed, done(&|wants| wants.lanes));
        }
        if let (Some(part), Some(cells)) = (&mut self.sparklines, added.sparklines) {
            let removed = removed.and_then(|partial| partial.sparklines.as_ref());
            part.take(cells, removed, done(&|wants| wants.sparklines));
        }
    }
}

impl ThreadResult {
    fn work(&mut self, chunk: &Chunk, mask: &Mask, task: &Task, origin: &Mask) {
        let Self {
            scan,
            added,
            removed,
            ..
        } = self;
        added.write(scan, chunk, mask, &task.whole);
        if task.changes.is_nothing() {
            return;
        }
        let more = mask.clone().and_not(origin);
        added.write(scan, chunk, &more, &task.changes);
        if let Some(removed) = removed {
            let less = origin.clone().and_not(mask);
            removed.write(scan, chunk, &less, &task.changes);
        }
    }
}

impl Partial {
    /// Adds the rows of `mask` to the accumulators that want them.
    fn write(&mut self, scan: &mut Scan, chunk: &Chunk, mask: &Mask, wants: &Wants) {
        if wants.is_nothing() || *mask == Mask::None {
            return;
        }
        let count = mask.count(chunk.rows());
        let groupings = self.groupings.iter_mut().zip(&wants.groupings);
        let mut groupings: Vec<&mut Grouping> = groupings
            .filter(|(_, wanted)| **wanted)
            .map(|(grouping, _)| grouping)
            .collect();
        let mut lanes = self.lanes.as_mut().filter(|_| wants.lanes);
        let mut sparklines = self.sparklines.as_mut().filter(|_| wants.sparklines);
        for grouping in &mut groupings {
            grouping.begin(chunk, count);
        }
        if let Some(lanes) = &mut lanes {
            lanes.begin(chunk, count);
        }
        if let Some(sparklines) = &mut sparklines {
            sparklines.begin(chunk, count);
        }
        scan.chunk(chunk, mask, |rows, measures| {
            if wants.totals {
                self.totals.add(measures);
            }
            for grouping in &mut groupings {
                grouping.add(chunk, rows, measures);
            }
            if let Some(lanes) = &mut lanes {
                lanes.add(chunk, rows, measures);
            }
            if let Some(sparklines) = &mut sparklines {
                sparklines.add(chunk, rows, measures);
            }
        });
    }
}
