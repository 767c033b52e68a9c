//! What is kept between sessions: the history of filters, the filters that have a name, and the orders of
//! fields that were accepted for folders.
//!
//! Where the files are and what is in them is known here alone. A file that cannot be used costs what is in
//! it, is named in a sentence, and is never written over.

mod file;
mod filters;
mod history;
mod orders;
mod problem;
#[cfg(test)]
mod tests;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

pub use filters::{NameProblem, check_name};
pub use history::{Entry, History};
pub use orders::Accepted;
pub use problem::{FileProblem, Problem};

use crate::query::Saved;
use file::Place;

/// Where things are kept; what has no place is not kept.
#[derive(Clone, Debug, Default)]
pub struct Places {
    history: Option<Place>,
    filters: Option<Place>,
    orders: Option<Place>,
}

/// What was kept by earlier sessions.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The filters that were used.
    pub history: History,
    /// The filters that have a name, in the order of their names.
    pub saved: Vec<Saved>,
    /// What could not be read, and why.
    pub problems: Vec<Problem>,
}

/// A change of what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A filter was used.
    Remember(Entry),
    /// This text is to go from the history.
    Forget(String),
    /// A filter was given a name.
    Save(Saved),
    /// The filter of this name is to go.
    Unsave(String),
    /// An order of fields was accepted for a folder.
    Accept(Accepted),
}

impl Places {
    /// The places that the variables of the environment name, as the XDG base directory specification has it.
    pub fn from_environment() -> Self {
        Self::of(|name| env::var_os(name))
    }

    /// The places that `variable` names.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        // A path that is not absolute is to be ignored, says the specification.
        let folder = |name| {
            let path = PathBuf::from(variable(name)?);
            path.is_absolute().then_some(path)
        };
        let home = folder("HOME");
        let place = |name, usual: &str, file: &str| {
            let base = folder(name).or_else(|| Some(home.as_ref()?.join(usual)))?;
            let path = base.join("flowdeck").join(file);
            Some(Place::new(path, home.as_deref()))
        };
        Self {
            history: place("XDG_STATE_HOME", ".local/state", "history"),
            filters: place("XDG_CONFIG_HOME", ".config", "filters.toml"),
            orders: place("XDG_STATE_HOME", ".local/state", "orders"),
        }
    }

    /// The same places without one for the history of filters, and without one for the orders of fields that
    /// were accepted.
    #[must_use]
    pub fn without_history(self) -> Self {
        Self {
            history: None,
            orders: None,
            ..self
        }
    }

    /// What earlier sessions kept.
    pub fn recall(&self) -> Kept {
        let mut kept = Kept::default();
        if let Some(place) = &self.history {
            match history::read(place) {
                Ok(history) => {
                    kept.problems.extend(history.problem(place));
                    kept.history = history;
                }
                Err(problem) => kept.problems.push(problem),
            }
        }
        if let Err(problem) = self.accepted() {
            kept.problems.push(problem);
        }
        match self.saved() {
            Ok((saved, problems)) => {
                kept.saved = saved;
                kept.problems.extend(problems);
            }
            Err(problem) => kept.problems.push(problem),
        }
        kept
    }

    /// The filters that have a name, and what is wrong with those that are left out.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn saved(&self) -> Result<(Vec<Saved>, Vec<Problem>), Problem> {
        match &self.filters {
            Some(place) => filters::read(place),
            None => Ok((Vec::new(), Vec::new())),
        }
    }

    /// The orders of fields that were accepted for folders.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn accepted(&self) -> Result<Vec<Accepted>, Problem> {
        match &self.orders {
            Some(place) => orders::read(place),
            None => Ok(Vec::new()),
        }
    }

    /// Makes a change of what is kept, among those that other sessions make.
    ///
    /// # Errors
    ///
    /// When it cannot be kept.
    pub fn make(&self, change: &Change) -> Result<(), Problem> {
        let edit = |change: &dyn Fn(&mut History)| match &self.history {
            Some(place) => history::edit(place, change),
            None => Ok(()),
        };
        let filters = || self.filters.as_ref().ok_or(Problem::NoFolder);
        match change {
            Change::Remember(entry) => edit(&|history| _ = history.add(entry.clone())),
            Change::Forget(text) => edit(&|history| history.remove(text)),
            Change::Save(saved) => filters::save(filters()?, saved),
            Change::Unsave(name) => filters::unsave(filters()?, name),
            Change::Accept(accepted) => match &self.orders {
                Some(place) => orders::accept(place, accepted),
                None => Ok(()),
            },
        }
    }
}
