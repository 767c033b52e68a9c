//! Asks the terminal for the colour of its background, so that the theme fits it.

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::time::{Duration, Instant};

use crossterm::event::KeyCode;
use terminal_colorsaurus::{Error, QueryOptions, background_color};

use crate::keymap::Key;
use crate::theme::Rgb;

/// How long the terminal may take to answer.
const MAX_WAIT: Duration = Duration::from_millis(100);
/// How long after the question an answer is told from keys.
const MAX_LATE: Duration = Duration::from_secs(10);
/// The most characters of an answer: `11;rgba:ffff/ffff/ffff/ffff`.
const MAX_ANSWER: usize = 32;

/// What the terminal answered.
pub(super) enum Answer {
    Colour(Rgb),
    /// It does not know the question.
    Unknown,
    /// Nothing so far: the answer may still come, among the keys.
    Late,
}

/// Whether the terminal may be asked: GNU screen and the Linux console do not answer, and do not say so.
pub(super) fn may_ask(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    let term = variable("TERM").unwrap_or_default();
    let term = term.to_string_lossy();
    let is_screen = is_set("STY") || term.starts_with("screen") && !is_set("TMUX");
    !is_screen && term != "linux"
}

/// Asks, and waits for the answer. Nothing else may read from the terminal meanwhile.
pub(super) fn ask() -> Answer {
    let mut options = QueryOptions::default();
    options.timeout = MAX_WAIT;
    match background_color(options) {
        Ok(colour) => {
            let (red, green, blue) = colour.scale_to_8bit();
            Answer::Colour(Rgb([red, green, blue]))
        }
        Err(Error::UnsupportedTerminal(_)) => Answer::Unknown,
        Err(_) => Answer::Late,
    }
}

/// Tells an answer that comes late from keys: `Alt-]`, `11;rgb:` and a colour, and `Alt-\` or `Ctrl-G`.
pub(super) struct LateAnswer {
    /// Until when an answer is expected.
    until: Option<Instant>,
    /// The keys that may be the beginning of an answer.
    held: Vec<Key>,
}

impl LateAnswer {
    /// `is_expected` unless the terminal has answered.
    pub(super) fn new(is_expected: bool) -> Self {
        Self {
            until: is_expected.then(|| Instant::now() + MAX_LATE),
            held: Vec::new(),
        }
    }

    /// The keys that are no part of an answer, after `key` was read.
    pub(super) fn keys(&mut self, key: Key) -> Vec<Key> {
        if self.until.is_none_or(|until| Instant::now() > until) && self.held.is_empty() {
            self.until = None;
            return vec![key];
        }
        let is_end = match key.code {
            KeyCode::Char('\\') => key.alt,
            KeyCode::Char('g') => key.ctrl,
            _ => false,
        };
        let is_begin = key.alt && key.code == KeyCode::Char(']');
        if is_begin && self.held.is_empty() {
            self.held.push(key);
            return Vec::new();
        }
        if self.held.is_empty() {
            return vec![key];
        }
        if is_end && self.held.len() > 1 {
            *self = Self::new(false);
            return Vec::new();
        }
        self.held.push(key);
        let fits = self.held.len() <= MAX_ANSWER && fits(self.held.get(1..).unwrap_or_default());
        if fits {
            Vec::new()
        } else {
            self.held.drain(..).collect()
        }
    }
}

/// Whether `keys` may be the beginning of `11;rgb:` and a colour.
fn fits(keys: &[Key]) -> bool {
    const BEGIN: &str = "11;rgb";
    let Some(text) = keys
        .iter()
        .map(|key| key.typed())
        .collect::<Option<String>>()
    else {
        return false;
    };
    match text.strip_prefix(BEGIN) {
        Some(rest) => rest
            .chars()
            .all(|c| c.is_ascii_hexdigit() || "a:/".contains(c)),
        None => BEGIN.starts_with(&text),
    }
}
