//! One pass over chunks: masks, totals, groups and buckets together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::analysis::{Cells, Grouping, Scan, Sum, Tally, Totals, Window, spread, useful};
use crate::query::{Expression, Mask, Plan};
use crate::store::{Chunk, Store};

/// What gives the mask of a chunk.
pub(super) type Masks = Box<dyn Fn(&Chunk) -> Mask + Send + Sync>;

/// What makes the masks of a filter on a snapshot.
pub(super) type Planner =
    Arc<dyn Fn(Option<&Arc<Expression>>, &Store) -> Masks + Send + Sync + 'static>;

/// How the work is done.
#[derive(Clone)]
pub(super) struct Settings {
    /// How many threads work.
    pub(super) threads: usize,
    /// After how long a first part is published; none for never.
    pub(super) patience: Option<Duration>,
    /// What evaluates filters.
    pub(super) planner: Planner,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            threads: thread::available_parallelism().map_or(1, Into::into),
            patience: Some(Duration::from_millis(20)),
            planner: Arc::new(plan),
        }
    }
}

fn plan(filter: Option<&Arc<Expression>>, store: &Store) -> Masks {
    match filter {
        None => Box::new(|_| Mask::All),
        Some(expression) => {
            let plan = Plan::new(expression, store);
            Box::new(move |chunk| plan.evaluate(chunk))
        }
    }
}

/// Something that is added up, and the chunks that it has taken in.
#[derive(Clone, Debug)]
pub(super) struct Part<A> {
    pub(super) value: A,
    done: Vec<bool>,
}

/// Something that chunks are added to, on several threads.
pub(super) trait Sheet: Sized + Send + Sync {
    /// Takes in what was added to another sheet.
    fn merge(&mut self, other: &Self);
}

impl Sheet for Totals {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }
}

impl Sheet for Grouping {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }
}

impl<T: Tally> Sheet for Cells<T> {
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }
}

impl<A: Sheet> Part<A> {
    pub(super) fn new(value: A) -> Self {
        Self {
            value,
            done: Vec::new(),
        }
    }

    fn lacks(&self, chunk: usize) -> bool {
        !self.done.get(chunk).copied().unwrap_or(false)
    }

    /// Takes in the sheet of one thread, on which `chunks` are.
    fn take(&mut self, sheet: A, chunks: impl Iterator<Item = usize>) {
        // The first sheet needs no merging.
        if self.done.contains(&true) {
            self.value.merge(&sheet);
        } else {
            self.value = sheet;
        }
        for chunk in chunks {
            if self.done.len() <= chunk {
                self.done.resize(chunk + 1, false);
            }
            self.done[chunk] = true;
        }
    }
}

/// The sheets of a question that a pass fills in.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    pub(super) totals: Option<Part<Totals>>,
    pub(super) groupings: Vec<Part<Grouping>>,
    pub(super) lanes: Option<Part<Cells<Sum>>>,
    pub(super) sparks: Option<Part<Cells<u32>>>,
}

/// What is to be done for a chunk.
struct Task {
    index: usize,
    totals: bool,
    groupings: Vec<bool>,
    lanes: bool,
    sparks: bool,
}

/// What one thread has done.
struct Share {
    tasks: Vec<usize>,
    masks: Vec<(usize, Mask)>,
    scan: Scan,
    totals: Totals,
    groupings: Vec<Grouping>,
    lanes: Option<Cells<Sum>>,
    sparks: Option<Cells<u32>>,
}

/// What a pass works on.
pub(super) struct Pass<'a> {
    pub(super) store: &'a Store,
    pub(super) threads: usize,
    pub(super) masks: &'a (dyn Fn(&Chunk) -> Mask + Send + Sync),
    /// Asked before each chunk, with the number of rows selected so far, whether to stop.
    pub(super) stop: &'a (dyn Fn(usize) -> bool + Sync),
}

impl Sheets {
    fn task(&self, index: usize) -> Task {
        Task {
            index,
            totals: self.totals.as_ref().is_some_and(|p| p.lacks(index)),
            groupings: self.groupings.iter().map(|p| p.lacks(index)).collect(),
            lanes: self.lanes.as_ref().is_some_and(|p| p.lacks(index)),
            sparks: self.sparks.as_ref().is_some_and(|p| p.lacks(index)),
        }
    }

    fn window(&self) -> Option<Window> {
        let lanes = self.lanes.as_ref().map(|part| part.value.window());
        lanes.or_else(|| self.sparks.as_ref().map(|part| part.value.window()))
    }

    fn share(&self) -> Share {
        let scan = Scan::new(self.window());
        let measured = self.totals.is_some() || self.lanes.is_some() || !self.groupings.is_empty();
        Share {
            tasks: Vec::new(),
            masks: Vec::new(),
            scan: if measured { scan } else { scan.unmeasured() },
            totals: Totals::default(),
            groupings: self.groupings.iter().map(|p| p.value.fork()).collect(),
            lanes: self.lanes.as_ref().map(|part| part.value.fork()),
            sparks: self.sparks.as_ref().map(|part| part.value.fork()),
        }
    }

    /// Fills in what the sheets lack of `chunks`, in that order, and the masks that are not known. Returns
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
        let shares = {
            let known = &*masks;
            spread(
                &places,
                useful(pass.threads, tasks.len()),
                || self.share(),
                |share, &place| {
                    share.work(pass, &tasks[place], (known, &selected));
                    share.tasks.push(place);
                },
                &|| (pass.stop)(selected.load(Ordering::Relaxed)),
            )
        };
        let done: usize = shares.iter().map(|share| share.tasks.len()).sum();
        for share in shares {
            self.take(share, &tasks, masks);
        }
        done == tasks.len()
    }

    fn take(&mut self, share: Share, tasks: &[Task], masks: &mut [Option<Mask>]) {
        for (index, mask) in share.masks {
            masks[index] = Some(mask);
        }
        let done = |wanted: &dyn Fn(&Task) -> bool| {
            let tasks = share.tasks.iter().map(|place| &tasks[*place]);
            let chunks: Vec<usize> = tasks.filter(|t| wanted(t)).map(|t| t.index).collect();
            chunks.into_iter()
        };
        if let Some(part) = &mut self.totals {
            part.take(share.totals, done(&|task| task.totals));
        }
        let groupings = self.groupings.iter_mut().zip(share.groupings);
        for (place, (part, grouping)) in groupings.enumerate() {
            part.take(grouping, done(&|task| task.groupings[place]));
        }
        if let (Some(part), Some(cells)) = (&mut self.lanes, share.lanes) {
            part.take(cells, done(&|task| task.lanes));
        }
        if let (Some(part), Some(cells)) = (&mut self.sparks, share.sparks) {
            part.take(cells, done(&|task| task.sparks));
        }
    }
}

impl Task {
    fn is_empty(&self) -> bool {
        !(self.totals || self.lanes || self.sparks || self.groupings.contains(&true))
    }
}

impl Share {
    fn work(
        &mut self,
        pass: &Pass<'_>,
        task: &Task,
        (known, selected): (&[Option<Mask>], &AtomicUsize),
    ) {
        let chunk = &pass.store.chunks()[task.index];
        let evaluated = known[task.index].is_none().then(|| (pass.masks)(chunk));
        let mask = evaluated.as_ref().or(known[task.index].as_ref());
        let mask = mask.unwrap_or(&Mask::None);
        let count = mask.count(chunk.rows());
        if evaluated.is_some() {
            selected.fetch_add(count, Ordering::Relaxed);
        }
        let groupings = self.groupings.iter_mut().zip(&task.groupings);
        let mut groupings: Vec<&mut Grouping> = groupings
            .filter(|(_, wanted)| **wanted)
            .map(|(grouping, _)| grouping)
            .collect();
        let mut lanes = self.lanes.as_mut().filter(|_| task.lanes);
        let mut sparks = self.sparks.as_mut().filter(|_| task.sparks);
        for grouping in &mut groupings {
            grouping.begin(chunk, count);
        }
        if let Some(lanes) = &mut lanes {
            lanes.begin(chunk, count);
        }
        if let Some(sparks) = &mut sparks {
            sparks.begin(chunk, count);
        }
        if !task.is_empty() {
            self.scan.chunk(chunk, mask, |rows, measures| {
                if task.totals {
                    self.totals.add(measures);
                }
                for grouping in &mut groupings {
                    grouping.add(chunk, rows, measures);
                }
                if let Some(lanes) = &mut lanes {
                    lanes.add(chunk, rows, measures);
                }
                if let Some(sparks) = &mut sparks {
                    sparks.add(chunk, rows, measures);
                }
            });
        }
        if let Some(mask) = evaluated {
            self.masks.push((task.index, mask));
        }
    }
}
