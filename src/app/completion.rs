//! What the filter bar offers to write at its cursor: a list that follows the text, with values and how many
//! records have them as soon as the engine has listed them.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::{App, Cmd, FilterBar, Pane};
use crate::engine::{Ticket, ValueCounts, ValuesRequest};
use crate::query::complete::{self, Candidate, Completion, WantedValues};

/// How many values are asked for.
const VALUES: usize = 100;

/// The state of the list.
#[derive(Clone, Debug, Default)]
pub struct Completing {
    /// The text and the cursor that the list is for; none while the bar does not have the keys.
    of: Option<(String, usize)>,
    /// What can be said without the records.
    known: Completion,
    /// The values that the records have, once they are listed.
    values: Vec<Candidate>,
    /// What is offered: both, in the order in which it is shown.
    pub items: Vec<Candidate>,
    /// The candidate that was chosen; none as long as nobody has chosen.
    pub chosen: Option<usize>,
    /// The first candidate on the screen.
    pub top: usize,
    /// Whether the list is shown.
    pub is_shown: bool,
    is_suppressed: bool,
    /// Whether it is to be shown as soon as there is something in it.
    is_due: bool,
    newest: Ticket,
    answered: Ticket,
    /// What was asked last, and of how many records.
    asked: Option<(WantedValues, usize)>,
}

impl Completing {
    /// The bytes of the text that a candidate takes the place of.
    pub fn span(&self) -> Range<usize> {
        self.known.span.clone()
    }

    /// Whether values are on their way.
    pub fn is_waiting(&self) -> bool {
        self.asked.is_some() && self.answered != self.newest
    }

    /// The text is about to change, or its cursor to move, without anybody typing: the list stays away.
    pub(super) fn suppress(&mut self) {
        self.is_suppressed = true;
    }

    /// The list is for nothing any more.
    fn close(&mut self) {
        *self = Self {
            newest: self.newest,
            ..Self::default()
        };
    }

    /// Takes in what could be written at `cursor` of `text`.
    fn open(&mut self, text: &str, cursor: usize, known: Completion) {
        let typed = text.get(known.span.start..cursor).unwrap_or_default();
        // After a whole filter nothing has to follow, and the records are what is looked at.
        let is_wanted = !known.is_whole || !typed.is_empty();
        if self.known.values != known.values {
            self.values.clear();
            // What is still on its way is for another place.
            self.newest = Ticket(self.newest.0 + 1);
            self.asked = None;
        }
        self.of = Some((text.to_owned(), cursor));
        self.known = known;
        (self.chosen, self.top) = (None, 0);
        self.arrange();
        let is_suppressed = std::mem::take(&mut self.is_suppressed);
        self.is_due = is_wanted && !is_suppressed;
        self.show();
    }

    /// What has been typed of the word at the cursor.
    fn typed(&self) -> &str {
        let (text, cursor) = self.of.as_ref().map_or(("", 0), |of| (&of.0, of.1));
        text.get(self.known.span.start..cursor).unwrap_or_default()
    }

    /// Whether the word at the cursor has been begun.
    pub(super) fn is_begun(&self) -> bool {
        !self.typed().is_empty()
    }

    /// Shows the list, if it is due and has anything in it that is not there already.
    fn show(&mut self) {
        let typed = self.typed();
        let is_said = matches!(&self.items[..], [only] if only.text.eq_ignore_ascii_case(typed));
        self.is_shown = self.is_due && !is_said && !self.items.is_empty();
    }

    /// Puts together what is offered. Values come with their counts as soon as there are any; what could be a
    /// value and is not among them comes after them.
    fn arrange(&mut self) {
        let is_value = |item: &&Candidate| item.kind == complete::CandidateKind::Value;
        let known = &self.known.candidates;
        let listed = |item: &&Candidate| {
            let mut values = self.values.iter();
            values.any(|value| value.text.eq_ignore_ascii_case(&item.text))
        };
        let operators = known.iter().filter(|item| !is_value(item));
        let others = known.iter().filter(|item| is_value(item) && !listed(item));
        let items = operators.chain(&self.values).chain(others);
        self.items = items.cloned().collect();
    }

    /// Takes in values, unless they are stale.
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
        // The choice stays where it was made.
        self.chosen = chosen.and_then(|chosen| {
            let mut items = self.items.iter();
            items.position(|item| item.text == chosen.text)
        });
        if self.chosen.is_none() {
            self.show();
        }
    }

    /// Chooses the candidate after or before the one that is chosen; opens a list that is not shown.
    pub(super) fn choose(&mut self, forward: bool) {
        if self.items.is_empty() {
            return;
        }
        let last = self.items.len() - 1;
        self.chosen = Some(match (self.chosen, forward) {
            _ if !self.is_shown => 0,
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
        self.is_shown = true;
    }

    /// Brings the choice onto the screen, which has room for `rows` candidates.
    fn settle(&mut self, rows: usize) {
        let at = self.chosen.unwrap_or(0);
        self.top = self.top.clamp((at + 1).saturating_sub(rows), at);
    }

    /// The candidate that is taken: the chosen one, or else the first.
    fn current(&self) -> Option<&Candidate> {
        let shown = self.items.get(self.chosen.unwrap_or(0));
        shown.filter(|_| self.is_shown)
    }
}

impl App {
    /// Keeps the list in step with the text; and asks for values, if those are not what was asked last.
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
        // While files load, the values of the records that were there when they were asked for will do.
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
            limit: VALUES,
        })));
    }

    pub(super) fn on_values(&mut self, counts: ValueCounts) {
        self.filter.completing.take(counts);
    }
}

impl FilterBar {
    /// Writes the candidate in place of the word at the cursor; false if there is none.
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
