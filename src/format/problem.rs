//! Problems as they are shown: where, what happened, and what to do about it, joined in one place.

use std::any::Any;
use std::borrow::Cow;
use std::fmt::Display;
use std::sync::OnceLock;

use thiserror::Error;

use super::visible;

/// Something that went wrong. `Display` says what happened, and nothing about where: whoever shows the problem
/// knows that.
pub trait Problem: Display {
    /// What the user can do about it.
    fn advice(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// What happened and the advice, on one line that is safe to show.
    fn sentence(&self) -> String {
        let what = self.to_string();
        let text = match self.advice() {
            Some(advice) => format!("{what}; {advice}"),
            None => what,
        };
        visible(&text).into_owned()
    }

    /// The same after the place where it happened: a path, a path and a line, or an option.
    fn message(&self, place: &str) -> String {
        format!("{}: {}", visible(place), self.sentence())
    }
}

/// A failure of flowdeck's own code: a panic that was caught, or a state that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("flowdeck failed ({what}); this is a bug in flowdeck, not in your data")]
pub struct InternalError {
    /// What the panic said, or what cannot be.
    pub what: String,
    /// The file that was being read.
    pub file: Option<String>,
}

impl InternalError {
    /// A failure that has to do with no file alone.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            file: None,
        }
    }

    /// The failure that a caught panic stands for.
    pub fn of_panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self::new(text.unwrap_or("unknown"))
    }

    /// The same while `file` was being read.
    #[must_use]
    pub fn in_file(self, file: impl Into<String>) -> Self {
        Self {
            file: Some(file.into()),
            ..self
        }
    }
}

impl Problem for InternalError {
    fn advice(&self) -> Option<Cow<'_, str>> {
        let log = match LOG_FILE.get() {
            Some(path) => path.as_str(),
            None => "what `--log FILE` writes when you run it again",
        };
        let attachments = match &self.file {
            Some(file) => format!("{log} and, if you may share it, {file}"),
            None => log.to_owned(),
        };
        let tracker = "flowdeck's issue tracker";
        Some(format!("please report it in {tracker} with {attachments}").into())
    }
}

/// The file that `--log` names, for bug reports.
static LOG_FILE: OnceLock<String> = OnceLock::new();

/// Says which file is being logged to. Only the first call counts.
pub fn set_log_file(path: String) {
    let _ = LOG_FILE.set(path);
}
