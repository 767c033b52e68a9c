//! Finds interfaces that two flow logs record over the same time: their traffic is in the files twice.
//!
//! Of most records only the interface is looked at: times matter where an interface is in several flow logs.

mod identity;
mod recorded;
mod seen;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak,
};

use crate::format;
use crate::ingest::formats::log_groups;
use crate::ingest::source::input_file::InputFile;
use crate::schema::{FieldId, id};
use crate::store::{Catalog, Cell, Chunk, Column, Overlap};
use identity::{Identities, Identity};
use recorded::Recorded;
use seen::{InterfaceSet, Seen};

/// Of how many interfaces spans are kept.
const MAX_INTERFACES: usize = 1 << 16;
/// How many flow logs of an interface are compared.
const MAX_COMPARED: usize = 64;
/// How many pairs of flow logs are reported.
const MAX_REPORTED: usize = 4;

/// When each flow log recorded each interface.
#[derive(Debug)]
pub(crate) struct FlowLogs {
    catalog: Arc<Catalog>,
    identities: RwLock<Identities>,
    recorded: Mutex<HashMap<RecordedKey, Recorded>>,
    seen: Mutex<Seen>,
    /// All chunks, which are looked at again where more interfaces turn out to be in several flow logs.
    chunks: Mutex<Vec<Weak<Chunk>>>,
    /// Whether that has to be done.
    is_stale: AtomicBool,
    /// Whether there are records that have not been compared.
    is_changed: AtomicBool,
    told: Mutex<Vec<Overlap>>,
}

/// An interface, as the code of its id, and a flow log.
type RecordedKey = (u32, usize);

/// The flow logs that the rows of a chunk name, by the columns and the codes of their words.
#[derive(Debug, Default)]
struct NamedFlowLogs {
    columns: Vec<FieldId>,
    flow_logs: HashMap<(FieldId, u32), usize>,
}

impl NamedFlowLogs {
    fn of(&self, chunk: &Chunk, row: usize) -> Option<usize> {
        self.columns.iter().find_map(|field| {
            let Cell::Word(code) = chunk.cell(row, *field) else {
                return None;
            };
            self.flow_logs.get(&(*field, code)).copied()
        })
    }
}

impl FlowLogs {
    /// The flow logs of `files`.
    pub(crate) fn of(files: &[InputFile], catalog: Arc<Catalog>) -> Self {
        let flow_logs = Self {
            catalog,
            identities: RwLock::default(),
            recorded: Mutex::default(),
            seen: Mutex::default(),
            chunks: Mutex::default(),
            is_stale: AtomicBool::new(false),
            is_changed: AtomicBool::new(false),
            told: Mutex::default(),
        };
        for file in files {
            flow_logs.enter_file(file.index, &file.source.path);
        }
        flow_logs
    }

    /// Enters a file that was found.
    pub(crate) fn enter_file(&self, source: usize, path: &Path) {
        self.identities_mut().enter_path(source, path);
    }

    /// Enters that all events of a file are of one log group, which its records do not keep.
    pub(crate) fn enter_log_group(&self, source: usize, name: &str) {
        self.identities_mut().enter_log_group(source, name);
        self.is_stale.store(true, Ordering::Relaxed);
        self.is_changed.store(true, Ordering::Relaxed);
    }

    /// Whether records of a source may turn out to be in another flow log, too.
    pub(crate) fn may_overlap(&self, source: u32) -> bool {
        let identities = self.identities();
        // Records of a source whose path names its flow log are of no other, even those that name another. Records of other
        // sources may name any.
        identities.of_source(source).is_some()
            && (identities.len() > 1 || identities.has_unknown_source())
    }

    fn identities(&self) -> RwLockReadGuard<'_, Identities> {
        self.identities
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn identities_mut(&self) -> RwLockWriteGuard<'_, Identities> {
        self.identities
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of the records of a chunk.
    pub(crate) fn note(&self, chunk: &Arc<Chunk>) {
        self.is_changed.store(true, Ordering::Relaxed);
        let named = self.named(chunk);
        let identities = self.identities();
        if identities.len() > 1 {
            if let Some(shared) = self.see(chunk, &identities, &named) {
                self.record(chunk, &identities, &named, &shared);
            }
        } else {
            self.is_stale.store(true, Ordering::Relaxed);
        }
        drop(identities);
        let mut chunks = lock(&self.chunks);
        // Chunks that the program has dropped would only take space.
        if chunks.len() == chunks.capacity() {
            chunks.retain(|chunk| chunk.strong_count() > 0);
        }
        chunks.push(Arc::downgrade(chunk));
    }

    /// The flow logs that rows of a chunk name themselves, where the paths of their sources name none.
    fn named(&self, chunk: &Chunk) -> NamedFlowLogs {
        let mut named = NamedFlowLogs::default();
        for (field, _) in chunk.columns() {
            if field.def().is_some() {
                continue;
            }
            let name = self.catalog.name(*field);
            if !log_groups::is_group(&name) && name != "log" {
                continue;
            }
            named.columns.push(*field);
            let words = self.catalog.dictionaries.of(*field);
            let mut met = HashSet::new();
            for (rows, source) in runs(chunk) {
                let of_path = self.identities().of_source_path(source);
                let mut last = None;
                for row in rows {
                    let Cell::Word(code) = chunk.cell(row, *field) else {
                        continue;
                    };
                    if last.replace(code) == Some(code) || !met.insert((code, of_path)) {
                        continue;
                    }
                    let (term, word) = ((*field, code), words.word(code));
                    if !log_groups::is_group_value(&name, &word) {
                        continue;
                    }
                    let mut identities = self.identities_mut();
                    if let Some(flow_log) = of_path {
                        identities.enter_term(term, flow_log);
                    } else if let Some(flow_log) = identities.of_term(term, &word, source as usize)
                    {
                        named.flow_logs.insert(term, flow_log);
                    }
                }
            }
        }
        named
    }

    /// Enters which interfaces of a chunk are in which flow logs. Gives those that are in several, if the chunk has one.
    fn see(
        &self,
        chunk: &Chunk,
        identities: &Identities,
        named: &NamedFlowLogs,
    ) -> Option<InterfaceSet> {
        let column = chunk.column(id::INTERFACE_ID)?;
        let mut keys: Vec<RecordedKey> = Vec::new();
        let mut met = InterfaceSet::default();
        for (rows, source) in runs(chunk) {
            let of_source = identities.of_source(source);
            if of_source.is_none() && named.columns.is_empty() {
                continue;
            }
            // The flow log of all rows.
            let of_all = match named.columns.as_slice() {
                [] => of_source,
                _ => identities.of_source_path(source),
            };
            let begun = keys.len();
            let mut last = None;
            for row in rows {
                let Some(interface) = code(column, row) else {
                    continue;
                };
                if let Some(flow_log) = of_all {
                    // A file has an interface in many records.
                    if last != Some(interface) && met.insert(interface) {
                        keys.push((interface, flow_log));
                    }
                } else if let Some(flow_log) = named.of(chunk, row).or(of_source)
                    && keys.last() != Some(&(interface, flow_log))
                {
                    keys.push((interface, flow_log));
                }
                last = Some(interface);
            }
            for (interface, _) in keys.get(begun..).unwrap_or_default() {
                met.remove(*interface);
            }
        }
        keys.sort_unstable();
        keys.dedup();
        let mut seen = lock(&self.seen);
        let (mut is_news, mut has_shared) = (false, false);
        for (interface, flow_log) in keys {
            is_news |= seen.enter(interface, flow_log);
            has_shared |= seen.shared.contains(interface);
        }
        if is_news {
            self.is_stale.store(true, Ordering::Relaxed);
        }
        has_shared.then(|| seen.shared.clone())
    }

    /// Takes in the times of the records of `shared` interfaces.
    fn record(
        &self,
        chunk: &Chunk,
        identities: &Identities,
        named: &NamedFlowLogs,
        shared: &InterfaceSet,
    ) {
        let Some(column) = chunk.column(id::INTERFACE_ID) else {
            return;
        };
        let mut met: HashMap<RecordedKey, Recorded> = HashMap::new();
        for (rows, source) in runs(chunk) {
            let of_source = identities.of_source(source);
            let of_path = identities.of_source_path(source);
            for row in rows {
                let Some(interface) = code(column, row).filter(|code| shared.contains(*code))
                else {
                    continue;
                };
                let flow_log = of_path.or_else(|| named.of(chunk, row));
                let Some(flow_log) = flow_log.or(of_source) else {
                    continue;
                };
                let Some((mut span, action)) = values(chunk, row) else {
                    continue;
                };
                // An export ends with the records that start before its end.
                if let Some(Identity::ExportTask(_)) = identities.identity(flow_log) {
                    span.1 = span.0;
                }
                let recorded = met.entry((interface, flow_log)).or_default();
                recorded.add(span, action);
            }
        }
        let mut recorded = lock(&self.recorded);
        for (key, new) in met {
            if recorded.len() < MAX_INTERFACES || recorded.contains_key(&key) {
                recorded.entry(key).or_default().merge(&new);
            }
        }
    }

    /// Looks at all chunks again.
    fn look_again(&self) {
        let chunks: Vec<Arc<Chunk>> = lock(&self.chunks)
            .iter()
            .filter_map(Weak::upgrade)
            .collect();
        let named: Vec<NamedFlowLogs> = chunks.iter().map(|chunk| self.named(chunk)).collect();
        let identities = self.identities();
        for (chunk, named) in chunks.iter().zip(&named) {
            self.see(chunk, &identities, named);
        }
        self.is_stale.store(false, Ordering::Relaxed);
        let shared = lock(&self.seen).shared.clone();
        if shared.is_empty() {
            return;
        }
        for (chunk, named) in chunks.iter().zip(&named) {
            self.record(chunk, &identities, named, &shared);
        }
    }

    /// The pairs of flow logs that record the same interfaces over the same time, with what to do about each; none if
    /// nothing is new.
    pub(crate) fn news(&self) -> Option<Vec<Overlap>> {
        if self.identities().len() < 2 || !self.is_changed.swap(false, Ordering::Relaxed) {
            return None;
        }
        if self.is_stale.load(Ordering::Relaxed) {
            self.look_again();
        }
        let mut told = lock(&self.told);
        let known = told.len();
        for overlap in self.overlaps() {
            let is_told = |other: &Overlap| other.flow_logs == overlap.flow_logs;
            if told.len() < MAX_REPORTED && !told.iter().any(is_told) {
                told.push(overlap);
            }
        }
        (told.len() > known).then(|| told.clone())
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let recorded = lock(&self.recorded);
        let mut of_interface: HashMap<u32, Vec<(usize, &Recorded)>> = HashMap::new();
        for ((interface, flow_log), known) in &*recorded {
            let of_interface = of_interface.entry(*interface).or_default();
            of_interface.push((*flow_log, known));
        }
        let mut pairs: HashMap<(usize, usize), Vec<u32>> = HashMap::new();
        for (interface, mut flow_logs) in of_interface {
            flow_logs.sort_unstable_by_key(|(flow_log, _)| *flow_log);
            flow_logs.truncate(MAX_COMPARED);
            for (at, (first, known)) in flow_logs.iter().enumerate() {
                let others = flow_logs.iter().skip(at + 1);
                for (second, _) in others.filter(|(_, other)| known.repeats(other)) {
                    pairs.entry((*first, *second)).or_default().push(interface);
                }
            }
        }
        let identities = self.identities();
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable_by_key(|((first, second), _)| {
            let source = |flow_log| identities.first_source(flow_log);
            (source(*first), source(*second), *first, *second)
        });
        let overlaps = pairs
            .into_iter()
            .take(MAX_REPORTED)
            .filter_map(|(pair, interfaces)| self.overlap(&identities, pair, &interfaces));
        overlaps.collect()
    }

    fn overlap(
        &self,
        identities: &Identities,
        (first, second): (usize, usize),
        interfaces: &[u32],
    ) -> Option<Overlap> {
        let words = self.catalog.dictionaries.of(id::INTERFACE_ID);
        let names = interfaces.iter().map(|code| words.word(*code).to_string());
        let example = names.min()?;
        let flow_logs = [identities.identity(first)?, identities.identity(second)?];
        let what = match interfaces.len() as u64 {
            1 => format!("the interface {example} is"),
            count => format!("{} interfaces ({example} is one) are", format::count(count)),
        };
        let is_task = |one: &&Identity| matches!(one, Identity::ExportTask(_));
        let where_it_is = if flow_logs.iter().any(is_task) {
            "two flow logs or exports"
        } else {
            "two flow logs"
        };
        let [one, other] = flow_logs;
        let filter = [first, second]
            .into_iter()
            .find_map(|flow_log| identities.filter(flow_log, &self.catalog));
        let way_out = match filter {
            Some(filter) if identities.len() > 2 => {
                format!("this filter keeps one, and nothing of other flow logs: {filter}")
            }
            Some(filter) => format!("this filter keeps one: {filter}"),
            None => "read the files of one of them".to_owned(),
        };
        let message = format!(
            "{what} in {where_it_is} over the same time, {one} and {other}, so that traffic counts twice; {way_out}"
        );
        Some(Overlap {
            source: identities
                .first_source(first)?
                .max(identities.first_source(second)?),
            flow_logs: [one.to_string(), other.to_string()],
            message: format::visible(&message).into_owned(),
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The rows of each run of a chunk, and their source.
fn runs(chunk: &Chunk) -> impl Iterator<Item = (Range<usize>, u32)> {
    let ends = chunk.runs().iter().skip(1).map(|run| run.row as usize);
    let ends = ends.chain([chunk.rows()]);
    let runs = chunk.runs().iter().zip(ends);
    runs.map(|(run, end)| (run.row as usize..end, run.source))
}

/// The code of a word.
fn code(column: &Column, row: usize) -> Option<u32> {
    u32::try_from(column.integer(row)?).ok()
}

/// The start and the end of a record, and its action as a bit.
fn values(chunk: &Chunk, row: usize) -> Option<((u64, u64), u64)> {
    let number = |field: FieldId| match chunk.cell(row, field) {
        Cell::Number(number) => Some(number),
        _ => None,
    };
    let start = number(id::START).or_else(|| number(id::END))?;
    let end = number(id::END).unwrap_or(start).max(start);
    let action = match chunk.cell(row, id::ACTION) {
        Cell::Word(code) => 1 << code.min(u64::BITS - 1),
        _ => 0,
    };
    Some(((start, end), action))
}
