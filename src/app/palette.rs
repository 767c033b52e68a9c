//! The palette: every action by name with its keys, found by typing, and done with Enter.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;

use super::layout;
use super::line_editor::Edit;
use super::search_list::SearchList;
use super::view::{Context, Effect, View};
use super::{App, Cmd, Overlay, Pane};
use crate::keymap::{self, Action, Binding, Scope};

/// The scopes whose actions are offered after those of the focused pane and those that work everywhere.
const OTHERS: [Scope; 7] = [
    Scope::Values,
    Scope::Copy,
    Scope::Records,
    Scope::Timeline,
    Scope::Breakdown,
    Scope::Explain,
    Scope::Filter,
];

/// The open palette.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// Every action, in the order shown while nothing is typed.
    pub(crate) entries: Vec<&'static Binding>,
    /// Those that match what is typed, the best first.
    pub(crate) search: SearchList,
}

impl Palette {
    /// The palette for the keys of `pane`.
    pub(super) fn new(pane: Pane) -> Self {
        let first = [pane.scope(), Scope::Global];
        let others = OTHERS.into_iter().filter(|scope| *scope != pane.scope());
        let mut palette = Self::default();
        for binding in first.into_iter().chain(others).flat_map(keymap::for_scope) {
            // Some actions are the same in several panes.
            let is_same =
                |known: &&Binding| (known.action, known.help) == (binding.action, binding.help);
            if is_action(binding) && !palette.entries.iter().any(is_same) {
                palette.entries.push(binding);
            }
        }
        // Nobody looks for how to move by one row.
        palette
            .entries
            .sort_by_key(|entry| is_movement(entry.action));
        palette.narrow();
        palette
    }

    fn narrow(&mut self) {
        let words = self.search.words();
        let entries = self.entries.iter().enumerate();
        let scored = entries.filter_map(|(index, entry)| Some((score(entry, &words)?, index)));
        let mut scored: Vec<(usize, usize)> = scored.collect();
        scored.sort_unstable();
        let found = scored.into_iter().map(|(_, index)| index);
        self.search.start_over(found.collect());
    }
}

fn is_movement(action: Action) -> bool {
    matches!(
        action,
        Action::Down
            | Action::Up
            | Action::Left
            | Action::Right
            | Action::PageDown
            | Action::PageUp
            | Action::HalfPageDown
            | Action::HalfPageUp
            | Action::Top
            | Action::Bottom
            | Action::First
            | Action::Last
    )
}

/// Whether a row of the table is offered: not what only closes or moves within a window, and nothing twice.
fn is_action(binding: &Binding) -> bool {
    let is_global = |action| keymap::for_scope(Scope::Global).any(|row| row.action == action);
    match binding.action {
        Action::Palette => false,
        Action::Back => binding.scope == Scope::Global,
        Action::Enter | Action::Down | Action::Up | Action::Top | Action::Bottom => {
            binding.scope != Scope::Values
        }
        action => binding.scope != Scope::Filter || !is_global(action),
    }
}

/// How well a row of the table matches all of `words`: the less the better; `None` if it does not.
fn score(binding: &Binding, words: &[String]) -> Option<usize> {
    let name = binding.help.to_lowercase();
    let scope = binding.scope.title().to_lowercase();
    let scores = words.iter().map(|word| {
        let is_key = binding
            .keys
            .iter()
            .any(|key| key.to_string().to_lowercase() == *word);
        if is_key {
            return Some(0);
        }
        let in_name = place(&name, word);
        in_name.or_else(|| place(&scope, word).map(|score| score + 1_000))
    });
    scores.sum()
}

/// How early and how closely `word` is found in `text`, both in small letters: as a part of it, or as the beginnings of
/// several of its words, as `soco` in "sort by this column".
fn place(text: &str, word: &str) -> Option<usize> {
    let starts_word = |at: usize| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric())
    };
    let parts = text.match_indices(word).map(|(at, _)| at);
    let best = parts.min_by_key(|at| (!starts_word(*at), *at));
    if let Some(at) = best {
        return Some(at.min(99) + if starts_word(at) { 0 } else { 100 });
    }
    let chars: Vec<char> = text.chars().collect();
    let is_start = |at: usize| at == 0 || !chars[at - 1].is_alphanumeric();
    // Where the part of `word` that was looked at may end.
    let mut ends: Vec<usize> = Vec::new();
    for (count, c) in word.chars().enumerate() {
        let fits = |at: &usize| {
            let is_next = *at > 0 && ends.contains(&(at - 1));
            let is_later = ends.first().is_some_and(|first| first < at);
            chars[*at] == c && (is_start(*at) && (count == 0 || is_later) || is_next)
        };
        ends = (0..chars.len()).filter(fits).collect();
    }
    ends.first().map(|end| 200 + end.min(&99))
}

impl View for Palette {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Palette, Scope::Line]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        let page = usize::from(layout::palette_list(context.layout.screen).height);
        match action {
            Action::Back => return Effect::CloseOverlay,
            Action::Enter => {
                let entry = self.search.current().map(|index| self.entries[index]);
                return entry.map_or_else(
                    || Effect::Notice("no action is called that".to_owned()),
                    |entry| Effect::Run(entry.scope, entry.action),
                );
            }
            _ => match self.search.act(action, page) {
                Edit::Changed => self.narrow(),
                Edit::Moved => {}
                Edit::Unhandled => return Effect::Unhandled,
            },
        }
        Effect::None
    }

    fn insert(&mut self, text: &str, _context: &Context<'_>) -> Effect {
        self.search.editor.insert(text);
        self.narrow();
        Effect::None
    }

    fn settle(&mut self, screen: Rect, _context: &Context<'_>) {
        let page = usize::from(layout::palette_list(screen).height);
        self.search.settle(page);
    }
}

impl App {
    pub(super) fn open_palette(&mut self) {
        self.overlay = Some(Overlay::Palette(Palette::new(self.focus.pane)));
    }

    /// Closes the palette and does an action of the pane or menu that `scope` belongs to.
    pub(super) fn run(&mut self, scope: Scope, action: Action, cmds: &mut Vec<Cmd>) {
        self.overlay = None;
        if let Some(pane) = Pane::of(scope) {
            self.focus_on(pane);
        }
        if scope == Scope::Values {
            self.act(Action::OfferFilters, cmds);
            if !matches!(self.overlay, Some(Overlay::Values(_))) {
                return;
            }
        }
        if !self.act(action, cmds) {
            self.notice = Some("this has no effect here".into());
        }
    }
}
