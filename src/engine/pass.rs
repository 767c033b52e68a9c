//! One pass over the chunks of a store: evaluates the filter, and feeds all accumulators at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::accumulator::Accumulator;
use super::accumulators::{Accumulators, Intake, Partial};
use crate::analysis::{Scan, fold_parallel, useful_threads};
use crate::ingest;
use crate::query::{Expression, Mask, Plan};
use crate::store::{Chunk, Store};

/// Evaluates a filter on a chunk. Only for rows of the second argument does the result have to be right.
pub(super) type Masks = Box<dyn Fn(&Chunk, &Mask) -> Mask + Send + Sync>;

/// Prepares a filter for the chunks of a snapshot; tests replace it.
pub(super) type Planner = Arc<dyn Fn(Option<&Expression>, &Store) -> Masks + Send + Sync + 'static>;

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) threads: usize,
    /// A slow pass publishes a partial answer after this time; none for never.
    pub(super) patience: Option<Duration>,
    /// How long there must have been nothing to do before answers are prefetched.
    pub(super) prefetch_delay: Duration,
    pub(super) planner: Planner,
    /// Copying this many bytes of sums costs about as much as reading one row.
    pub(super) bytes_per_row: usize,
    /// The cache of filters may take this many bytes, and half of what the records take.
    pub(super) cache_bytes: usize,
    /// How many bytes are left where so many are used; none if that is not known.
    pub(super) memory_left: fn(usize) -> Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            threads: thread::available_parallelism().map_or(1, Into::into),
            patience: Some(Duration::from_millis(20)),
            prefetch_delay: Duration::from_millis(50),
            planner: Arc::new(plan),
            bytes_per_row: 64,
            cache_bytes: 32 << 20,
            memory_left: ingest::memory_left,
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

/// What is to be done for a chunk. The flags belong to the accumulators, in their order.
struct Task {
    index: usize,
    /// Those that take in all selected rows.
    whole: Vec<bool>,
    /// Those that take in how the rows differ from those of the filter that they were derived from.
    changes: Vec<bool>,
}

impl Task {
    fn is_empty(&self) -> bool {
        !self.whole.contains(&true) && !self.changes.contains(&true)
    }

    fn is_for(&self, place: usize) -> bool {
        self.whole[place] || self.changes[place]
    }
}

/// What one thread has done.
struct ThreadResult {
    /// Places in the list of tasks.
    tasks: Vec<usize>,
    /// The masks that were evaluated, with the indexes of their chunks.
    masks: Vec<(usize, Mask)>,
    scan: Scan,
    added: Partial,
    removed: Option<Partial>,
}

/// What a pass works on.
pub(super) struct Pass<'a> {
    pub(super) store: &'a Store,
    pub(super) threads: usize,
    /// Evaluates the filter on the chunk at an index.
    pub(super) evaluate: &'a (dyn Fn(usize) -> Mask + Sync),
    /// Asked before each chunk, with the number of rows selected so far, whether to stop.
    pub(super) stop: &'a (dyn Fn(usize) -> bool + Sync),
}

impl Pass<'_> {
    /// Adds to `accumulators` what they lack of `chunks`, in that order, and evaluates the masks that are not known.
    /// Returns whether everything is done. What was done before a stop is kept.
    pub(super) fn run(
        &self,
        accumulators: &mut Accumulators,
        masks: &mut [Option<Mask>],
        chunks: impl Iterator<Item = usize>,
    ) -> bool {
        let tasks: Vec<Task> = chunks
            .map(|index| Task {
                index,
                whole: accumulators.wanting(index, Intake::Whole),
                changes: accumulators.wanting(index, Intake::Changes),
            })
            .filter(|task| masks[task.index].is_none() || !task.is_empty())
            .collect();
        if tasks.is_empty() {
            return true;
        }
        let results = self.work(accumulators, masks, &tasks);
        let done: usize = results.iter().map(|result| result.tasks.len()).sum();
        for result in results {
            for (index, mask) in result.masks {
                masks[index] = Some(mask);
            }
            let done = &result.tasks;
            accumulators.take(result.added, result.removed.as_ref(), |place| {
                let done = done.iter().map(|task| &tasks[*task]);
                done.filter(move |task| task.is_for(place))
                    .map(|task| task.index)
            });
        }
        done == tasks.len()
    }

    /// Does `tasks` on several threads.
    fn work(
        &self,
        accumulators: &Accumulators,
        masks: &[Option<Mask>],
        tasks: &[Task],
    ) -> Vec<ThreadResult> {
        let rows = |index: usize| self.store.chunks()[index].rows();
        let known = masks.iter().enumerate();
        let known = known.filter_map(|(index, mask)| Some(mask.as_ref()?.count(rows(index))));
        let selected = AtomicUsize::new(known.sum());
        let places: Vec<usize> = (0..tasks.len()).collect();
        fold_parallel(
            &places,
            useful_threads(self.threads, tasks.len()),
            || ThreadResult::new(accumulators),
            |result, &place| {
                let task = &tasks[place];
                let known = masks[task.index].as_ref();
                let evaluated = known.is_none().then(|| (self.evaluate)(task.index));
                let mask = evaluated.as_ref().or(known).unwrap_or(&Mask::None);
                if evaluated.is_some() {
                    selected.fetch_add(mask.count(rows(task.index)), Ordering::Relaxed);
                }
                let chunk = &self.store.chunks()[task.index];
                result.add(chunk, mask, task, accumulators.base_mask(task.index));
                result
                    .masks
                    .extend(evaluated.map(|mask| (task.index, mask)));
                result.tasks.push(place);
            },
            &|| (self.stop)(selected.load(Ordering::Relaxed)),
        )
    }
}

impl ThreadResult {
    fn new(accumulators: &Accumulators) -> Self {
        Self {
            tasks: Vec::new(),
            masks: Vec::new(),
            scan: accumulators.scan(),
            added: accumulators.fork(),
            removed: accumulators.has_base().then(|| accumulators.fork()),
        }
    }

    fn add(&mut self, chunk: &Chunk, mask: &Mask, task: &Task, base: &Mask) {
        let scan = &mut self.scan;
        let rows = |mask| ChunkRows {
            index: task.index,
            chunk,
            mask,
        };
        add_rows(&mut self.added, &task.whole, rows(mask), scan);
        if !task.changes.contains(&true) {
            return;
        }
        let more = mask.clone().and_not(base);
        add_rows(&mut self.added, &task.changes, rows(&more), scan);
        if let Some(removed) = &mut self.removed {
            let fewer = base.clone().and_not(mask);
            add_rows(removed, &task.changes, rows(&fewer), scan);
        }
    }
}

/// Some rows of a chunk.
#[derive(Clone, Copy)]
struct ChunkRows<'a> {
    index: usize,
    chunk: &'a Chunk,
    mask: &'a Mask,
}

/// Adds `rows` to those accumulators of `partial` that are `wanted`.
fn add_rows(partial: &mut Partial, wanted: &[bool], rows: ChunkRows<'_>, scan: &mut Scan) {
    let ChunkRows { index, chunk, mask } = rows;
    let accumulators = partial.iter_mut().zip(wanted);
    let accumulators = accumulators.filter(|(_, wanted)| **wanted);
    let mut accumulators: Vec<&mut Accumulator> = accumulators.map(|(one, _)| one).collect();
    if accumulators.is_empty() || *mask == Mask::None {
        return;
    }
    let selected = mask.count(chunk.rows());
    for accumulator in &mut accumulators {
        accumulator.begin(index, chunk, selected);
    }
    scan.chunk(chunk, mask, |rows, measures| {
        for accumulator in &mut accumulators {
            accumulator.add(chunk, rows, measures);
        }
    });
}
