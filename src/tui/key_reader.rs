//! Reads keys, and joins Escape and the key after it: some terminals send Alt and a key in two pieces.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use crossterm::event::{Event, KeyEventKind};

use crate::keymap::Key;

/// How long after Escape another key belongs to it. Nobody types that fast, and over a slow connection both pieces
/// still arrive in one packet.
const TOGETHER: Duration = Duration::from_millis(20);

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Key(Key),
    /// Anything but a key.
    Other(Event),
}

/// Gives events in their order, with keys joined.
pub(super) struct KeyReader<R> {
    read: R,
    /// Events that were read too early.
    waiting: VecDeque<Input>,
}

impl<R: FnMut(Option<Duration>) -> io::Result<Option<Event>>> KeyReader<R> {
    /// `read` waits for the next event for at most the given time, or forever.
    pub(super) fn new(read: R) -> Self {
        Self {
            read,
            waiting: VecDeque::new(),
        }
    }

    pub(super) fn next(&mut self) -> io::Result<Input> {
        let first = loop {
            if let Some(input) = self.take(None)? {
                break input;
            }
        };
        let Input::Key(mut key) = first else {
            return Ok(first);
        };
        while key.may_continue() {
            let Some(next) = self.take(Some(TOGETHER))? else {
                break;
            };
            let joined = match next {
                Input::Key(next) => key.joined_with(next),
                Input::Other(_) => None,
            };
            let Some(joined) = joined else {
                self.waiting.push_front(next);
                break;
            };
            key = joined;
        }
        Ok(Input::Key(key))
    }

    fn take(&mut self, wait: Option<Duration>) -> io::Result<Option<Input>> {
        if let Some(waiting) = self.waiting.pop_front() {
            return Ok(Some(waiting));
        }
        Ok(match (self.read)(wait)? {
            Some(Event::Key(key)) if key.kind == KeyEventKind::Release => None,
            Some(Event::Key(key)) => Some(Input::Key(key.into())),
            Some(event) => Some(Input::Other(event)),
            None => None,
        })
    }
}
