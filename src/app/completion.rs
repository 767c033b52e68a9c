//! Completion in the filter bar: a list of candidates that follows the text, with values and their record counts once
//! the engine has listed them.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::{App, Cmd, FilterBar, Pane};
use crate::engine::{Ticket, ValueCounts, ValuesRequest};
use crate::query::complete::{self, Candidate, Completion, WantedValues};

/// The maximum number of values requested from the engine.
const MAX_VALUES: usize = 100;
/// The number of values listed before operators: half of a short list.
const FIRST_VALUES: usize = 4;

/// The list of candidates.
#[derive(Clone, Debug, Default)]
pub struct Completing {
    /// The text and the cursor that the list was made for; `None` while the filter bar is not focused.
    of: Option<(String, usize)>,
    /// What is known without looking at records.
    known: Completion,
    /// The values found in the records, once the engine has listed them.
    values: Vec<Candidate>,
    /// Both of them, in the order shown.
    pub(crate) items: Vec<Candidate>,
    /// Index of the chosen candidate; `None` until the user has chosen one.
    pub(crate) chosen: Option<usize>,
    /// Index of the first candidate on the screen.
    pub(crate) top: usize,
    opening: Opening,
    /// Keeps the list closed after the next change of text or cursor.
    is_suppressed: bool,
    newest: Ticket,
    answered: Ticket,
    /// The last request, and the number of records loaded at that time.
    asked: Option<(WantedValues, usize)>,
}

/// When the list opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Opening {
    /// When the user asks for a candidate.
    #[default]
    OnRequest,
    /// As soon as it has candidates.
    Automatic,
}

impl Completing {
    /// Whether the list is open. An automatic list stays closed while it only repeats the typed word.
    pub(crate) fn is_shown(&self) -> bool {
        let typed = self.typed();
        let is_typed = matches!(&self.items[..], [only] if only.text.eq_ignore_ascii_case(typed));
        let has_news = !is_typed && !self.items.is_empty();
        self.chosen.is_some() || self.opening == Opening::Automatic && has_news
    }

    /// The bytes of the text that a candidate replaces.
    pub(crate) fn span(&self) -> Range<usize> {
        self.known.span.clone()
    }

    /// Whether values have been requested and have not arrived.
    pub(crate) fn is_waiting(&self) -> bool {
        self.asked.is_some() && self.answered != self.newest
    }

    /// Keeps the list closed when the text or the cursor changes next, because the change is not typed.
    pub(super) fn suppress(&mut self) {
        self.is_suppressed = true;
    }

    /// Clears the list. Ticket numbers are not reused.
    fn close(&mut self) {
        *self = Self {
            newest: self.newest,
            ..Self::default()
        };
    }

    /// Fills the list with what could be written at `cursor` in `text`.
    fn open(&mut self, text: &str, cursor: usize, known: Completion) {
        let typed = text.get(known.span.start..cursor).unwrap_or_default();
        // A complete filter needs no continuation, and the list would cover the records.
        let is_wanted = !known.is_whole || !typed.is_empty();
        if self.known.values != known.values {
            self.values.clear();
            // Makes the answer to the running request stale.
            self.newest = Ticket(self.newest.0 + 1);
            self.asked = None;
        }
        self.of = Some((text.to_owned(), cursor));
        self.known = known;
        (self.chosen, self.top) = (None, 0);
        self.arrange();
        let is_suppressed = std::mem::take(&mut self.is_suppressed);
        self.opening = if is_wanted && !is_suppressed {
            Opening::Automatic
        } else {
            Opening::OnRequest
        };
    }

    /// The part of the word before the cursor.
    fn typed(&self) -> &str {
        let (text, cursor) = self.of.as_ref().map_or(("", 0), |of| (&of.0, of.1));
        text.get(self.known.span.start..cursor).unwrap_or_default()
    }

    /// Whether there is part of a word before the cursor.
    pub(super) fn has_typed_word(&self) -> bool {
        !self.typed().is_empty()
    }

    /// Merges the candidates. Where an operator or a value can be written, the most frequent values come first, because
    /// they are what is written most often; then operators, other values with counts, and possible values that no record
    /// has. Elsewhere, fields and phrases come before values.
    fn arrange(&mut self) {
        let is_value = |item: &&Candidate| item.kind == complete::CandidateKind::Value;
        let known = &self.known.candidates;
        let listed = |item: &&Candidate| {
            let mut values = self.values.iter();
            values.any(|value| value.text.eq_ignore_ascii_case(&item.text))
        };
        let is_operator = |item: &Candidate| item.kind == complete::CandidateKind::Operator;
        let operators = known.iter().filter(|item| !is_value(item));
        let others = known.iter().filter(|item| is_value(item) && !listed(item));
        let first = if known.iter().any(is_operator) {
            FIRST_VALUES.min(self.values.len())
        } else {
            0
        };
        let (first, rest) = self.values.split_at(first);
        let items = first.iter().chain(operators).chain(rest).chain(others);
        self.items = items.cloned().collect();
    }

    /// Stores values from the engine unless they are stale.
    fn take(&mut self, counts: ValueCounts) {
        let Some(wanted) = &self.known.values else {
            return;
        };
        if counts.ticket != self.newest {
            return;
        }
        self.answered = counts.ticket;
        let value =
            |(label, records): (String, u64)| complete::value(wanted.field, &label, records);
        self.values = counts.values.into_iter().map(value).collect();
        let chosen = self.chosen.and_then(|at| self.items.get(at)).cloned();
        self.arrange();
        // Keep the chosen candidate, wherever it is now.
        self.chosen = chosen.and_then(|chosen| {
            let mut items = self.items.iter();
            items.position(|item| item.text == chosen.text)
        });
    }

    /// Chooses the next or previous candidate, wrapping around. Opens the list if it is closed.
    pub(super) fn choose(&mut self, forward: bool) {
        if self.items.is_empty() {
            return;
        }
        let last = self.items.len() - 1;
        self.chosen = Some(match (self.chosen, forward) {
            _ if !self.is_shown() => 0,
            (None, true) => 0,
            (None, false) => last,
            (Some(at), true) => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            (Some(at), false) => at.checked_sub(1).unwrap_or(last),
        });
    }

    /// Whether the user has chosen a candidate.
    pub(super) fn is_chosen(&self) -> bool {
        self.chosen.is_some() && self.is_shown()
    }

    /// Chooses the previous candidate, or none if the first is chosen.
    pub(super) fn choose_above(&mut self) {
        self.chosen = self.chosen.and_then(|at| at.checked_sub(1));
    }

    /// Scrolls so that the chosen candidate is among the `rows` on the screen.
    fn settle(&mut self, rows: usize) {
        let at = self.chosen.unwrap_or(0);
        self.top = self.top.clamp((at + 1).saturating_sub(rows), at);
    }

    /// The candidate to insert: the chosen one, or else the first.
    fn current(&self) -> Option<&Candidate> {
        let shown = self.items.get(self.chosen.unwrap_or(0));
        shown.filter(|_| self.is_shown())
    }
}

impl App {
    /// Updates the list to the text and the cursor, and requests values if they have not been requested yet.
    pub(super) fn suggest(&mut self, cmds: &mut Vec<Cmd>) {
        if self.focus.pane != Pane::Filter || self.overlay.is_some() {
            self.filter.completing.close();
            return;
        }
        let (text, cursor) = (self.filter.editor.text(), self.filter.editor.cursor());
        let is_of = |of: &(String, usize)| of.0 == text && of.1 == cursor;
        if !self.filter.completing.of.as_ref().is_some_and(is_of) {
            let known = self.filter.completion(&self.store, &self.library.saved);
            let text = text.to_owned();
            self.filter.completing.open(&text, cursor, known);
        }
        self.filter
            .completing
            .settle(super::layout::candidate_rows(&self.layout));
        self.request_values(cmds);
    }

    fn request_values(&mut self, cmds: &mut Vec<Cmd>) {
        let completing = &mut self.filter.completing;
        let wanted = completing.known.values.clone();
        let wanted = wanted.filter(|wanted| complete::has_listable_values(wanted.field));
        let Some(wanted) = wanted.filter(|_| self.store.rows() > 0) else {
            return;
        };
        // While files load, values from an earlier part of the records are good enough.
        let is_asked = |asked: &(WantedValues, usize)| {
            asked.0 == wanted && (asked.1 == self.store.rows() || self.load.is_running())
        };
        if completing.asked.as_ref().is_some_and(is_asked) {
            return;
        }
        completing.newest = Ticket(completing.newest.0 + 1);
        completing.asked = Some((wanted.clone(), self.store.rows()));
        cmds.push(Cmd::Values(Box::new(ValuesRequest {
            ticket: completing.newest,
            store: self.store.clone(),
            wanted,
            limit: MAX_VALUES,
        })));
    }

    pub(super) fn on_values(&mut self, counts: ValueCounts) {
        self.filter.completing.take(counts);
    }
}

impl FilterBar {
    /// Replaces the word at the cursor with the current candidate. Returns false if there is none.
    pub(super) fn write_candidate(&mut self) -> bool {
        let Some(candidate) = self.completing.current() else {
            return false;
        };
        let (text, span) = (candidate.text.clone(), self.completing.span());
        let after = self.editor.text().get(span.end..).unwrap_or_default();
        let is_apart = after.starts_with(|c: char| c.is_whitespace() || ")}],".contains(c));
        let space = if is_apart { "" } else { " " };
        self.editor.replace(span, &format!("{text}{space}"));
        true
    }
}
