//! The text of a problem: location, message and advice, joined in one place.

use std::any::Any;
use std::borrow::Cow;
use std::fmt::Display;
use std::sync::OnceLock;

use thiserror::Error;

use super::visible;

/// An error for the user. `Display` gives the message without the location, which the caller adds.
pub trait Problem: Display {
    /// Advice for the user.
    fn advice(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// The message and the advice on one line, escaped for the terminal.
    fn sentence(&self) -> String {
        let what = self.to_string();
        let text = match self.advice() {
            Some(advice) => format!("{what}; {advice}"),
            None => what,
        };
        visible(&text).into_owned()
    }

    /// The same, prefixed with the location: a path, a path and a line, or an option.
    fn message(&self, place: &str) -> String {
        format!("{}: {}", visible(place), self.sentence())
    }
}

/// A bug in flowdeck: a caught panic, or a broken invariant.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("flowdeck failed ({what}); this is a bug in flowdeck, not in your data")]
pub struct InternalError {
    /// The panic message, or the broken invariant.
    pub what: String,
    /// The file being read, if any.
    pub file: Option<String>,
}

impl InternalError {
    /// A failure not related to a single file.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            file: None,
        }
    }

    /// Converts the payload of a caught panic.
    pub fn of_panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self::new(text.unwrap_or("unknown"))
    }

    /// Adds the file that was being read.
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

/// Sets the file being logged to. Only the first call has an effect.
pub fn set_log_file(path: String) {
    let _ = LOG_FILE.set(path);
}
