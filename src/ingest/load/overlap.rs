//! Finds interfaces that two flow logs record over the same time: their traffic is in the files twice.
//!
//! Nothing is done unless the names of the files have the ids of several flow logs.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::format;
use crate::ingest::source::input_file::InputFile;
use crate::schema::{FieldId, id};
use crate::store::{Catalog, Cell, Chunk, Overlap};

/// How the id of a flow log begins.
const ID_PREFIX: &str = "fl-";
/// The fewest hexadecimal digits that follow.
const MIN_ID_DIGITS: usize = 8;
/// Spans of time with a smaller gap, in seconds, count as one.
const MAX_GAP: u64 = 3600;
/// How many spans are kept of an interface in a flow log; with more, those with the smallest gap become one.
const MAX_SPANS: usize = 32;
/// Of how many interfaces spans are kept.
const MAX_INTERFACES: usize = 1 << 16;
/// How many pairs of flow logs are reported.
const MAX_REPORTED: usize = 4;

/// When each flow log recorded each interface.
#[derive(Debug)]
pub(crate) struct FlowLogs {
    ids: Vec<String>,
    /// The flow log of each source, and the first source of each flow log.
    of_source: Vec<Option<usize>>,
    recorded: Mutex<HashMap<(u32, usize), Recorded>>,
}

/// What a flow log recorded of an interface.
#[derive(Clone, Debug, Default)]
struct Recorded {
    /// From the first start to the last end, ascending and without overlaps.
    spans: Vec<(u64, u64)>,
    /// The codes of the actions, as bits: a flow log of rejected traffic repeats none of accepted traffic.
    actions: u64,
}

impl FlowLogs {
    /// The flow logs of `files`, if there are several.
    pub(crate) fn of(files: &[InputFile]) -> Option<Self> {
        let mut ids: Vec<String> = Vec::new();
        let mut of_source = vec![None; files.len()];
        for file in files {
            let Some(id) = flow_log_id(&file.source.path) else {
                continue;
            };
            let known = ids.iter().position(|known| *known == id);
            let index = known.unwrap_or_else(|| {
                ids.push(id);
                ids.len() - 1
            });
            if let Some(of_source) = of_source.get_mut(file.index) {
                *of_source = Some(index);
            }
        }
        (ids.len() > 1).then(|| Self {
            ids,
            of_source,
            recorded: Mutex::default(),
        })
    }

    /// Takes note of the records of a chunk.
    pub(crate) fn note(&self, chunk: &Chunk) {
        let mut met: HashMap<(u32, usize), Recorded> = HashMap::new();
        let ends = chunk.runs().iter().skip(1).map(|run| run.row as usize);
        let ends = ends.chain([chunk.rows()]);
        for (run, end) in chunk.runs().iter().zip(ends) {
            let flow_log = self.of_source.get(run.source as usize).copied().flatten();
            let Some(flow_log) = flow_log else { continue };
            // A file has an interface in many records: the last one is at hand.
            let mut last: Option<(u32, (u64, u64), u64)> = None;
            for row in run.row as usize..end {
                let Some((interface, span, action)) = values(chunk, row) else {
                    continue;
                };
                match &mut last {
                    Some((code, known, actions)) if *code == interface => {
                        *known = (known.0.min(span.0), known.1.max(span.1));
                        *actions |= action;
                    }
                    _ => {
                        if let Some((code, span, actions)) = last.take() {
                            met.entry((code, flow_log)).or_default().add(span, actions);
                        }
                        last = Some((interface, span, action));
                    }
                }
            }
            if let Some((code, span, actions)) = last {
                met.entry((code, flow_log)).or_default().add(span, actions);
            }
        }
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, new) in met {
            if recorded.len() >= MAX_INTERFACES && !recorded.contains_key(&key) {
                continue;
            }
            let known = recorded.entry(key).or_default();
            for span in new.spans {
                known.add(span, new.actions);
            }
        }
    }

    /// The pairs of flow logs that record the same interfaces over the same time, with what to do about each.
    pub(crate) fn overlaps(&self, catalog: &Catalog) -> Vec<Overlap> {
        let recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of_interface: HashMap<u32, Vec<(usize, &Recorded)>> = HashMap::new();
        for ((interface, flow_log), known) in &*recorded {
            let of_interface = of_interface.entry(*interface).or_default();
            of_interface.push((*flow_log, known));
        }
        let mut pairs: HashMap<(usize, usize), Vec<u32>> = HashMap::new();
        for (interface, mut flow_logs) in of_interface {
            flow_logs.sort_unstable_by_key(|(flow_log, _)| *flow_log);
            for (at, (first, known)) in flow_logs.iter().enumerate() {
                let others = flow_logs.iter().skip(at + 1);
                for (second, _) in others.filter(|(_, other)| known.repeats(other)) {
                    pairs.entry((*first, *second)).or_default().push(interface);
                }
            }
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable();
        let pairs = pairs.into_iter().take(MAX_REPORTED);
        pairs
            .filter_map(|(pair, interfaces)| self.overlap(pair, &interfaces, catalog))
            .collect()
    }

    fn overlap(
        &self,
        (first, second): (usize, usize),
        interfaces: &[u32],
        catalog: &Catalog,
    ) -> Option<Overlap> {
        let is_second = |of_source: &Option<usize>| *of_source == Some(second);
        let source = self.of_source.iter().position(is_second)?;
        let words = catalog.dictionaries.of(id::INTERFACE_ID);
        let names = interfaces.iter().map(|code| words.word(*code).to_string());
        let example = names.min()?;
        let example = format::visible(&example).into_owned();
        let (first, second) = (self.ids.get(first)?, self.ids.get(second)?);
        let what = match interfaces.len() as u64 {
            1 => format!("the interface {example} is"),
            count => format!("{} interfaces ({example} is one) are", format::count(count)),
        };
        Some(Overlap {
            source,
            message: format!(
                "{what} in two flow logs over the same time, {first} and {second}, so that traffic counts twice; \
                 this filter keeps one: file contains {first}"
            ),
        })
    }
}

impl Recorded {
    /// Adds records from the start to the end of `span`.
    fn add(&mut self, span: (u64, u64), actions: u64) {
        self.actions |= actions;
        let at = self.spans.partition_point(|known| known.0 <= span.0);
        self.spans.insert(at, span);
        let mut merged: Vec<(u64, u64)> = Vec::with_capacity(self.spans.len());
        for span in &self.spans {
            match merged.last_mut() {
                Some(last) if span.0 <= last.1.saturating_add(MAX_GAP) => {
                    last.1 = last.1.max(span.1);
                }
                _ => merged.push(*span),
            }
        }
        if merged.len() > MAX_SPANS {
            let gap = |at: &usize| merged[*at].0 - merged[at - 1].1;
            if let Some(at) = (1..merged.len()).min_by_key(gap) {
                merged[at - 1].1 = merged[at].1;
                merged.remove(at);
            }
        }
        self.spans = merged;
    }

    /// Whether `other` may have the same traffic.
    fn repeats(&self, other: &Self) -> bool {
        let (a, b) = (self.actions, other.actions);
        let has_same_actions = a == 0 || b == 0 || a & b != 0;
        let is_same_time = |a: &(u64, u64), b: &(u64, u64)| a == b || a.0.max(b.0) < a.1.min(b.1);
        has_same_actions
            && self
                .spans
                .iter()
                .any(|span| other.spans.iter().any(|other| is_same_time(span, other)))
    }
}

/// The interface of a record, its start and end, and its action as a bit.
fn values(chunk: &Chunk, row: usize) -> Option<(u32, (u64, u64), u64)> {
    let Cell::Word(interface) = chunk.cell(row, id::INTERFACE_ID) else {
        return None;
    };
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
    Some((interface, (start, end), action))
}

/// The id of the flow log that wrote the object at `path`: from its name, else from a folder above it.
fn flow_log_id(path: &Path) -> Option<String> {
    let mut names = path.iter().rev().map(|name| name.to_string_lossy());
    names.find_map(|name| id_in(&name))
}

fn id_in(name: &str) -> Option<String> {
    let (before, rest) = name.split_once(ID_PREFIX)?;
    let digits = rest.find(|c: char| !c.is_ascii_hexdigit());
    let digits = rest.get(..digits.unwrap_or(rest.len()))?;
    let is_word = !before.ends_with(|c: char| c.is_ascii_alphanumeric());
    if is_word && digits.len() >= MIN_ID_DIGITS {
        return Some(format!("{ID_PREFIX}{digits}"));
    }
    id_in(rest)
}
