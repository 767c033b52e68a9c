//! What is kept between sessions: the history of filters, the saved filters, the columns of the record list, the log
//! formats that were accepted for folders; and the configuration file.
//!
//! Only this module knows where the files are and how they are written. A file that cannot be used is reported,
//! its content is ignored, and it is never overwritten.

mod columns;
mod history;
mod log_formats;
mod problem;
mod saved_filters;
mod settings;
mod state_file;
#[cfg(test)]
mod tests;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

pub use columns::ColumnLayout;
pub use history::{Entry, History};
pub use log_formats::FolderFormat;
pub use problem::{FileProblem, Problem};
pub use saved_filters::{NameProblem, check_name};
pub use settings::Settings;

use crate::query::Saved;
use state_file::StateFile;

/// The files that state is kept in. State without a file is not kept.
#[derive(Clone, Debug, Default)]
pub struct StateFiles {
    history: Option<StateFile>,
    filters: Option<StateFile>,
    columns: Option<StateFile>,
    log_formats: Option<StateFile>,
    /// Written by people alone.
    settings: Option<StateFile>,
}

/// What earlier sessions kept.
#[derive(Clone, Debug, Default)]
pub struct SavedState {
    pub(crate) history: History,
    /// Sorted by name, ignoring case.
    pub(crate) saved: Vec<Saved>,
    /// The newest last.
    pub(crate) columns: Vec<ColumnLayout>,
    pub(crate) problems: Vec<Problem>,
}

/// A change to what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A filter was used.
    Remember(Entry),
    /// Remove this text from the history.
    Forget(String),
    /// A filter was saved under a name.
    Save(Saved),
    /// Remove the saved filter of this name.
    Unsave(String),
    /// The columns of the record list were changed.
    KeepColumns(ColumnLayout),
    /// A log format was accepted for a folder.
    AcceptFormat(FolderFormat),
}

impl StateFiles {
    /// The files that the environment names, by the XDG base directory specification.
    pub fn from_environment() -> Self {
        Self::of(|name| env::var_os(name))
    }

    /// The files for the environment variables that `variable` looks up.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        // The specification says to ignore relative paths.
        let folder = |name| {
            let path = PathBuf::from(variable(name)?);
            path.is_absolute().then_some(path)
        };
        let home = folder("HOME");
        let file = |variable, default: &str, name: &str| {
            let base = folder(variable).or_else(|| Some(home.as_ref()?.join(default)))?;
            let path = base.join("flowdeck").join(name);
            Some(StateFile::new(path, home.as_deref()))
        };
        Self {
            history: file("XDG_STATE_HOME", ".local/state", "history"),
            filters: file("XDG_CONFIG_HOME", ".config", "filters.toml"),
            columns: file("XDG_CONFIG_HOME", ".config", "columns"),
            log_formats: file("XDG_STATE_HOME", ".local/state", "orders"),
            settings: file("XDG_CONFIG_HOME", ".config", "config.toml"),
        }
    }

    /// The same files without the history of filters and without the accepted log formats.
    #[must_use]
    pub fn without_history(self) -> Self {
        Self {
            history: None,
            log_formats: None,
            ..self
        }
    }

    /// Reads what earlier sessions kept.
    pub fn load(&self) -> SavedState {
        let mut state = SavedState::default();
        if let Some(file) = &self.history {
            match history::read(file) {
                Ok(history) => {
                    state.problems.extend(history.problem(file));
                    state.history = history;
                }
                Err(problem) => state.problems.push(problem),
            }
        }
        if let Some(file) = &self.columns {
            match columns::read(file) {
                Ok(columns) => state.columns = columns,
                Err(problem) => state.problems.push(problem),
            }
        }
        if let Err(problem) = self.settings() {
            state.problems.push(problem);
        }
        if let Err(problem) = self.accepted_formats() {
            state.problems.push(problem);
        }
        match self.saved() {
            Ok((saved, problems)) => {
                state.saved = saved;
                state.problems.extend(problems);
            }
            Err(problem) => state.problems.push(problem),
        }
        state
    }

    /// The saved filters, and why others were left out.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn saved(&self) -> Result<(Vec<Saved>, Vec<Problem>), Problem> {
        match &self.filters {
            Some(file) => saved_filters::read(file),
            None => Ok((Vec::new(), Vec::new())),
        }
    }

    /// The log formats that were accepted for folders.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn accepted_formats(&self) -> Result<Vec<FolderFormat>, Problem> {
        match &self.log_formats {
            Some(file) => log_formats::read(file),
            None => Ok(Vec::new()),
        }
    }

    /// What the configuration file says.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or says something that is not understood.
    pub fn settings(&self) -> Result<Settings, Problem> {
        let file = self.settings.as_ref();
        file.map_or_else(|| Ok(Settings::default()), Settings::read)
    }

    /// Writes a change to its file, and keeps the changes of other sessions.
    ///
    /// # Errors
    ///
    /// When it cannot be kept.
    pub fn apply(&self, change: &Change) -> Result<(), Problem> {
        let edit = |change: &dyn Fn(&mut History)| match &self.history {
            Some(file) => history::edit(file, change),
            None => Ok(()),
        };
        let filters = || self.filters.as_ref().ok_or(Problem::NoFolder);
        match change {
            Change::Remember(entry) => edit(&|history| _ = history.add(entry.clone())),
            Change::Forget(text) => edit(&|history| history.remove(text)),
            Change::Save(saved) => saved_filters::save(filters()?, saved),
            Change::Unsave(name) => saved_filters::unsave(filters()?, name),
            Change::KeepColumns(layout) => match &self.columns {
                Some(file) => columns::keep(file, layout),
                None => Ok(()),
            },
            Change::AcceptFormat(accepted) => match &self.log_formats {
                Some(file) => log_formats::accept(file, accepted),
                None => Ok(()),
            },
        }
    }
}
