//! What is remembered of filters: those that were used, those that have a name, and what is to be kept of them.

#[cfg(test)]
mod tests;

use super::{App, Cmd};
use crate::config::{Change, Entry, History, SavedState};
use crate::format;
use crate::query::Saved;

/// The filters that were used, and those that have a name.
#[derive(Clone, Debug, Default)]
pub struct FilterLibrary {
    /// The filters that were used.
    pub history: History,
    /// The filters that have a name, in the order of their names.
    pub saved: Vec<Saved>,
    walk: Option<Walk>,
    /// The text that was used last, as long as it is not known whether it matches something.
    awaited: Option<String>,
    changes: Vec<Change>,
}

/// A walk through the history.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Walk {
    /// What was in the bar before the first step.
    typed: String,
    /// What entries have to begin with.
    start: String,
    /// Which entry is in the bar.
    at: usize,
}

impl FilterLibrary {
    /// Takes in that a filter was used, and whether it matched something, if that is known.
    fn used(&mut self, text: &str, verdict: Option<bool>) {
        let text = text.trim();
        self.walk = None;
        let was_awaited = self.awaited.as_deref() == Some(text);
        if !was_awaited {
            self.give_up_waiting();
        }
        let mut entries = self.history.entries().iter();
        let before = entries.find(|entry| entry.text == text);
        let entry = Entry {
            text: text.to_owned(),
            matched: verdict.unwrap_or_else(|| before.is_some_and(|entry| entry.matched)),
        };
        let is_news = self.history.entries().last() != Some(&entry);
        if !self.history.add(entry.clone()) {
            return;
        }
        self.awaited = verdict.is_none().then(|| text.to_owned());
        if verdict.is_some() && (is_news || was_awaited) {
            self.changes.push(Change::Remember(entry));
        }
    }

    /// Keeps the filter that was used last, though it is not known whether it matches something.
    fn give_up_waiting(&mut self) {
        if let Some(text) = self.awaited.take() {
            let mut entries = self.history.entries().iter();
            let entry = entries.find(|entry| entry.text == text);
            self.changes.extend(entry.cloned().map(Change::Remember));
        }
    }

    /// The text one step back or forward in the history, which replaces `text` in the filter bar, if there is one. If
    /// `is_typed`, the user typed `text`, and only entries that start with it are considered.
    fn step(&mut self, back: bool, text: &str, is_typed: bool) -> Option<String> {
        let entries = self.history.entries();
        let of_walk = |walk: &Walk| {
            let entry = entries.get(walk.at);
            entry.is_some_and(|entry| entry.text == text)
        };
        // What was edited on the way begins another walk.
        let walk = self.walk.take().filter(of_walk);
        let walk = walk.unwrap_or_else(|| Walk {
            typed: text.to_owned(),
            start: if is_typed {
                text.to_owned()
            } else {
                String::new()
            },
            at: entries.len(),
        });
        let fits = |at: &usize| {
            let entry = entries.get(*at).map(|entry| entry.text.as_str());
            entry.is_some_and(|entry| entry != text && entry.starts_with(&walk.start))
        };
        let next = if back {
            (0..walk.at).rev().find(fits)
        } else {
            (walk.at + 1..entries.len()).find(fits)
        };
        if let Some((at, entry)) = next.and_then(|at| Some((at, entries.get(at)?))) {
            let text = entry.text.clone();
            self.walk = Some(Walk { at, ..walk });
            return Some(text);
        }
        if !back && walk.at < entries.len() {
            return Some(walk.typed);
        }
        self.walk = Some(walk);
        None
    }

    /// The filter whose name is `name`, in whatever case.
    pub(super) fn named(&self, name: &str) -> Option<&Saved> {
        let mut saved = self.saved.iter();
        saved.find(|saved| saved.name.eq_ignore_ascii_case(name))
    }

    /// Gives `text` the name `name`.
    pub(super) fn save(&mut self, name: &str, text: &str) {
        let saved = Saved {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        match self.saved.iter_mut().find(|old| old.name == name) {
            Some(old) => *old = saved.clone(),
            None => self.saved.push(saved.clone()),
        }
        self.saved
            .sort_by_key(|saved| saved.name.to_ascii_lowercase());
        self.changes.push(Change::Save(saved));
    }

    /// Takes the name `name` from its filter.
    pub(super) fn unsave(&mut self, name: &str) {
        self.saved.retain(|saved| saved.name != name);
        self.changes.push(Change::Unsave(name.to_owned()));
    }

    /// Takes `text` out of the history.
    pub(super) fn forget(&mut self, text: &str) {
        self.walk = None;
        self.awaited = self.awaited.take().filter(|awaited| awaited != text);
        self.history.remove(text);
        self.changes.push(Change::Forget(text.to_owned()));
    }
}

impl App {
    /// Takes in what earlier sessions kept.
    pub(super) fn on_saved_state(&mut self, kept: SavedState) {
        self.library.history = kept.history;
        self.library.saved = kept.saved;
        self.know_columns(kept.columns);
        if !kept.problems.is_empty() {
            let problems: Vec<String> = kept.problems.iter().map(ToString::to_string).collect();
            self.notice = Some(problems.join("; "));
        }
        self.refilter();
    }

    /// Remembers the filter in force: as a step that can be walked back to, and in the history. While the text
    /// in the bar is none, the one in force is only on its way to another one.
    pub(super) fn remember_filter(&mut self) {
        self.filter.remember(self.breakdown.field);
        if !self.filter.is_held() {
            let verdict = self.verdict();
            self.library.used(&self.filter.applied, verdict);
        }
    }

    /// Puts `text` in place of the filter in force, so that the old one can be walked back to.
    pub(super) fn replace_filter(&mut self, text: String) {
        self.remember_filter();
        self.filter.editor.set(text);
        self.filter.refer(self.records.selected);
        self.refilter();
        self.remember_filter();
    }

    /// Whether the filter in force matches something, if that is known: one that matches nothing may match
    /// what is still to be loaded.
    fn verdict(&self) -> Option<bool> {
        let verdict = self.results.verdict(self.filter.expression.as_ref());
        verdict.filter(|matched| *matched || !self.load.is_running())
    }

    /// Takes the filter before or after the one in the bar from the history.
    pub(super) fn walk_history(&mut self, back: bool) {
        let text = self.filter.editor.text().to_owned();
        let is_typed = self.filter.is_typed();
        if let Some(text) = self.library.step(back, &text, is_typed) {
            self.filter.completing.suppress();
            self.filter.replace(text, self.records.selected);
            self.refilter();
            return;
        }
        let start = self.library.walk.as_ref().map_or("", |walk| &walk.start);
        let end = if back { "earlier" } else { "later" };
        self.notice = Some(match start {
            "" => format!("no {end} filter in the history"),
            start => format!(
                "no {end} filter in the history starts with {}",
                format::visible(start)
            ),
        });
    }

    /// Asks to keep what is new to be kept.
    pub(super) fn keep(&mut self, cmds: &mut Vec<Cmd>) {
        if let Some(awaited) = &self.library.awaited
            && awaited == self.filter.applied.trim()
            && let verdict @ Some(_) = self.verdict()
        {
            let text = awaited.clone();
            self.library.used(&text, verdict);
        }
        cmds.extend(self.library.changes.drain(..).map(Cmd::SaveState));
    }

    /// Leaves, when all that is to be kept has been said.
    pub(super) fn quit(&mut self, cmds: &mut Vec<Cmd>) {
        self.remember_filter();
        self.library.give_up_waiting();
        self.keep(cmds);
        cmds.push(Cmd::Quit);
    }
}
