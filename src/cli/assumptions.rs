//! What was worked out about files rather than known, as commands say it: a line for each kind.

use serde::Serialize;

use super::report;
use crate::store::{AssumedKind, Assumption, Store};

/// What `inspect` gives of a kind.
#[derive(Debug, Serialize)]
pub(super) struct AssumptionAccount {
    /// What kind of thing was assumed.
    pub(super) kind: &'static str,
    files: Vec<String>,
    /// What was assumed, and how to say that it is so.
    pub(super) text: String,
}

impl AssumptionAccount {
    /// What was assumed about the files of `store`, by kind.
    pub(super) fn all(store: &Store) -> Vec<Self> {
        let assumptions = store.assumptions();
        assumptions.iter().map(|one| Self::of(one, store)).collect()
    }

    fn of(assumption: &Assumption<'_>, store: &Store) -> Self {
        let sources = assumption.files.iter();
        let sources = sources.filter_map(|index| store.sources().get(*index));
        Self {
            kind: assumption.kind.name(),
            files: sources
                .map(|source| source.path.to_string_lossy().into_owned())
                .collect(),
            text: assumption.telling(store),
        }
    }
}

/// Says what was assumed about the files of `store`, but for the kinds that were `told` before; as errors where
/// `strict`.
pub(super) fn tell(store: &Store, strict: bool, told: &mut Vec<AssumedKind>) {
    for assumption in store.assumptions() {
        if told.contains(&assumption.kind) {
            continue;
        }
        told.push(assumption.kind);
        let text = format!("assumed: {}", assumption.telling(store));
        if strict {
            report::error(&text);
        } else {
            report::warn(&text);
        }
    }
}
