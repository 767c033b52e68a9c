//! Which flow log a record is from, as far as its file or its log group tells, and the filter that selects the records
//! of one.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;

use crate::format;
use crate::ingest::formats::log_groups;
use crate::schema::FieldId;
use crate::store::Catalog;

/// How the id of a flow log begins.
const ID_PREFIX: &str = "fl-";
/// The fewest hexadecimal digits that follow.
const MIN_ID_DIGITS: usize = 8;
/// How many hexadecimal digits the groups of the id of an export task have.
const TASK_DIGITS: [usize; 5] = [8, 4, 4, 4, 12];
/// How many flow logs are told apart.
const MAX_FLOW_LOGS: usize = 1 << 16;
/// How many values of how many columns a filter may name.
const MAX_TERMS: usize = 4;

/// What tells a flow log from others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Identity {
    /// Its id, which S3 objects have in their names.
    Id(String),
    /// The id of the task that exported its log group.
    ExportTask(String),
    /// Its log group, without the account.
    LogGroup(String),
}

/// The flow logs of a load.
#[derive(Debug, Default)]
pub(super) struct Identities {
    flow_logs: Vec<FlowLog>,
    index: HashMap<Identity, usize>,
    sources: Vec<Source>,
    /// How many sources have no known flow log, which is asked at the beginning of each file.
    unknown_sources: usize,
    /// The terms in records of sources whose paths name their flow logs, each with that flow log.
    terms_of_paths: HashSet<(Term, usize)>,
}

#[derive(Clone, Debug, Default)]
struct Source {
    path: String,
    /// The flow log of its records, if that is known; except for those that name another, if its path names none.
    flow_log: Option<usize>,
    is_named_by_path: bool,
}

/// A value in a column of log groups, as the code of a word.
type Term = (FieldId, u32);

#[derive(Debug)]
struct FlowLog {
    identity: Identity,
    /// Its first source.
    source: usize,
    /// The values of records that name it.
    terms: Vec<Term>,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => f.write_str(id),
            Self::ExportTask(id) => write!(f, "the export task {id}"),
            Self::LogGroup(name) => write!(f, "the log group {name}"),
        }
    }
}

impl Identities {
    pub(super) fn len(&self) -> usize {
        self.flow_logs.len()
    }

    pub(super) fn identity(&self, flow_log: usize) -> Option<&Identity> {
        Some(&self.flow_logs.get(flow_log)?.identity)
    }

    /// The first source with records of a flow log.
    pub(super) fn first_source(&self, flow_log: usize) -> Option<usize> {
        Some(self.flow_logs.get(flow_log)?.source)
    }

    /// The flow log of the records of a source that name none.
    pub(super) fn of_source(&self, source: u32) -> Option<usize> {
        self.sources.get(source as usize)?.flow_log
    }

    /// The flow log of all records of a source, if its path names it.
    pub(super) fn of_source_path(&self, source: u32) -> Option<usize> {
        let source = self.sources.get(source as usize)?;
        source.flow_log.filter(|_| source.is_named_by_path)
    }

    /// Whether the flow log of some source is not known.
    pub(super) fn has_unknown_source(&self) -> bool {
        self.unknown_sources > 0
    }

    /// Enters a source, whose path may name its flow log.
    pub(super) fn enter_path(&mut self, source: usize, path: &Path) {
        let identity = of_path(path);
        let flow_log = identity.and_then(|identity| self.flow_log(identity, source));
        if let Some(missing @ 1..) = (source + 1).checked_sub(self.sources.len()) {
            self.sources.resize(source + 1, Source::default());
            self.unknown_sources += missing;
        }
        let entered = Source {
            path: format::path(path).into_owned(),
            flow_log,
            is_named_by_path: flow_log.is_some(),
        };
        let before = std::mem::replace(&mut self.sources[source], entered);
        self.unknown_sources += usize::from(flow_log.is_none());
        self.unknown_sources -= usize::from(before.flow_log.is_none());
    }

    /// Enters the log group of all records of a source, unless its path names its flow log.
    pub(super) fn enter_log_group(&mut self, source: usize, name: &str) {
        if self
            .sources
            .get(source)
            .is_none_or(|source| source.flow_log.is_some())
        {
            return;
        }
        let identity = Identity::LogGroup(name.to_owned());
        let flow_log = self.flow_log(identity, source);
        if let Some(source) = self.sources.get_mut(source) {
            source.flow_log = flow_log;
            self.unknown_sources -= usize::from(flow_log.is_some());
        }
    }

    /// Enters that records of a source whose path names `flow_log` have `term`.
    pub(super) fn enter_term(&mut self, term: Term, flow_log: usize) {
        self.terms_of_paths.insert((term, flow_log));
    }

    /// The flow log of records with `term`, which stands for `word`, of a source whose path names none.
    pub(super) fn of_term(&mut self, term: Term, word: &str, source: usize) -> Option<usize> {
        let identity = Identity::LogGroup(log_groups::name(word).to_owned());
        let index = self.flow_log(identity, source)?;
        let terms = &mut self.flow_logs.get_mut(index)?.terms;
        if !terms.contains(&term) {
            terms.push(term);
        }
        Some(index)
    }

    fn flow_log(&mut self, identity: Identity, source: usize) -> Option<usize> {
        if let Some(index) = self.index.get(&identity) {
            let known = &mut self.flow_logs[*index];
            known.source = known.source.min(source);
            return Some(*index);
        }
        let index = self.flow_logs.len();
        if index >= MAX_FLOW_LOGS {
            return None;
        }
        self.index.insert(identity.clone(), index);
        self.flow_logs.push(FlowLog {
            identity,
            source,
            terms: Vec::new(),
        });
        Some(index)
    }

    /// The filter that selects the records of a flow log and no others; none if no short one does.
    pub(super) fn filter(&self, flow_log: usize, catalog: &Catalog) -> Option<String> {
        let known = self.flow_logs.get(flow_log)?;
        let is_elsewhere =
            |(term, other): &(Term, usize)| *other != flow_log && known.terms.contains(term);
        if self.terms_of_paths.iter().any(is_elsewhere) {
            return None;
        }
        let mut parts: Vec<String> = Vec::new();
        for (field, code) in &known.terms {
            let word = catalog.dictionaries.of(*field).word(*code);
            parts.push(format!(
                "{} == {}",
                field_name(&catalog.name(*field)),
                quoted(&word)
            ));
        }
        let is_own = |source: &Source| source.flow_log == Some(flow_log);
        if self.sources.iter().any(is_own) {
            let text = self.common_text(flow_log, &known.identity)?;
            parts.push(format!("file contains {text}"));
        }
        (1..=MAX_TERMS)
            .contains(&parts.len())
            .then(|| parts.join(" or "))
    }

    /// A text that the paths of all sources of a flow log have, and those of no other source.
    fn common_text(&self, flow_log: usize, identity: &Identity) -> Option<String> {
        let is_own = |source: &&Source| source.flow_log == Some(flow_log);
        let is_only = |text: &str| {
            let mut others = self.sources.iter().filter(|source| !is_own(source));
            !others.any(|source| source.path.contains(text))
        };
        let (text, written) = match identity {
            Identity::Id(id) | Identity::ExportTask(id) => (id.as_str(), id.clone()),
            Identity::LogGroup(_) => {
                let mut own = self.sources.iter().filter(is_own);
                let first = own.next()?;
                let common = own.fold(first.path.as_str(), |common, source| {
                    let pairs = common.char_indices().zip(source.path.chars());
                    let same = pairs.take_while(|((_, a), b)| a == b).last();
                    let end = same.map_or(0, |((at, c), _)| at + c.len_utf8());
                    common.get(..end).unwrap_or_default()
                });
                (common, quoted(common))
            }
        };
        (!text.is_empty() && is_only(text)).then_some(written)
    }
}

/// `text` as a value in a filter.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The name of a column in a filter.
fn field_name(name: &str) -> String {
    let is_plain = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if is_plain && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return name.to_owned();
    }
    format!("`{}`", name.replace('`', "``"))
}

/// The flow log that wrote the object at `path`, by its name, else by a folder above it.
pub(super) fn of_path(path: &Path) -> Option<Identity> {
    let names = || path.iter().rev().map(|name| name.to_string_lossy());
    let id = names().find_map(|name| id_in(&name));
    id.map(Identity::Id)
        .or_else(|| names().find_map(|name| task_of(&name)))
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

/// The export task that a folder is named by: `exportedlogs/ID/STREAM/000000.gz`.
fn task_of(name: &str) -> Option<Identity> {
    let mut groups = name.split('-');
    let is_group = |digits: &usize| {
        groups.next().is_some_and(|group| {
            group.len() == *digits && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    let is_id = TASK_DIGITS.iter().all(is_group) && groups.next().is_none();
    is_id.then(|| Identity::ExportTask(name.to_owned()))
}
