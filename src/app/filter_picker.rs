//! The list of the filters that are kept: those with a name, then the history, narrowed by what is typed.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::filter_library::FilterLibrary;
use super::layout;
use super::line_editor::Edit;
use super::search_list::SearchList;
use super::view::{Context, Effect, View};
use crate::format;
use crate::keymap::{Action, Scope};

/// The cells before a filter: the mark of the cursor and a tick, each with a space.
pub const MARGIN: usize = 4;
/// The cells between a name and its filter.
pub const GAP: usize = 2;
/// The widest that the window becomes.
const WIDTH: u16 = 112;
/// The lines in which a filter that is cut in the list is shown in full.
const FULL_TEXT_ROWS: u16 = 3;
/// From so many lines on there is a line between the words and the list, and room to show a filter in full.
const MIN_ROWS_FOR_FULL_TEXT: u16 = 12;

/// A filter of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The name with its `$`, of a filter that has one.
    pub name: Option<String>,
    /// The filter, safe to show.
    pub shown: String,
    /// Whether the filter matched something when it was used last.
    pub matched: bool,
    text: String,
    folded: String,
}

/// The open list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterPicker {
    /// Every filter.
    pub choices: Vec<Choice>,
    /// Those in which all words occur.
    pub search: SearchList,
    /// The cells of the column of names.
    pub names: usize,
    /// The cells that the longest row takes.
    widest: usize,
    /// Where everything is.
    pub view: PickerAreas,
}

/// Where the parts of the list are; what there is no room for is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PickerAreas {
    /// The window with its frame.
    pub window: Rect,
    /// The words.
    pub words: Rect,
    /// The line below them.
    pub rule: Rect,
    /// The filters.
    pub list: Rect,
    /// The line above the filter under the cursor.
    pub full_text_rule: Rect,
    /// The filter under the cursor, where it is cut in the list.
    pub full_text: Rect,
}

impl Choice {
    fn new(name: Option<&str>, text: &str, matched: bool) -> Self {
        let name = name.map(|name| format!("${name}"));
        let shown = format::visible(text).into_owned();
        let folded = format!("{} {shown}", name.as_deref().unwrap_or_default()).to_lowercase();
        Self {
            name,
            shown,
            matched,
            text: text.to_owned(),
            folded,
        }
    }

    /// What the filter is called in the bar.
    fn filter(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.text)
    }
}

impl FilterPicker {
    /// The list of what is remembered.
    pub(super) fn new(library: &FilterLibrary) -> Self {
        let mut picker = Self::default();
        picker.fill(library);
        picker
    }

    fn fill(&mut self, library: &FilterLibrary) {
        let entries = library.history.entries();
        let has_matched = |text: &str| {
            let mut used = entries.iter();
            used.any(|entry| entry.text == text && entry.matched)
        };
        let saved = library.saved.iter().map(|saved| {
            let matched = has_matched(&saved.text) || has_matched(&format!("${}", saved.name));
            Choice::new(Some(&saved.name), &saved.text, matched)
        });
        let used = entries.iter().rev();
        let used = used.map(|entry| Choice::new(None, &entry.text, entry.matched));
        self.choices = saved.chain(used).collect();
        let names = self
            .choices
            .iter()
            .filter_map(|choice| choice.name.as_ref());
        self.names = names.map(|name| name.width()).max().unwrap_or(0);
        let row = |choice: &Choice| {
            let name = choice.name.as_ref().map_or(0, |_| self.names + GAP);
            MARGIN + name + choice.shown.width()
        };
        self.widest = self.choices.iter().map(row).max().unwrap_or(0);
        self.search.found = self.find();
    }

    /// The filter under the cursor.
    pub fn current(&self) -> Option<&Choice> {
        self.choices.get(self.search.current()?)
    }

    fn start_over(&mut self) {
        self.search.start_over(self.find());
    }

    /// The indexes of the filters in which all words occur.
    fn find(&self) -> Vec<usize> {
        let words = self.search.words();
        let choices = self.choices.iter().enumerate();
        let found = choices.filter(|(_, choice)| {
            let mut words = words.iter();
            words.all(|word| choice.folded.contains(word))
        });
        found.map(|(index, _)| index).collect()
    }

    /// Deletes the filter under the cursor.
    fn delete(&self) -> Effect {
        let Some(choice) = self.current() else {
            return Effect::None;
        };
        let name = choice.name.as_deref();
        match name.and_then(|name| name.strip_prefix('$')) {
            Some(name) => Effect::DeleteSaved(name.to_owned()),
            None => Effect::DeleteFromHistory(choice.text.clone()),
        }
    }
}

impl View for FilterPicker {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Find, Scope::Line]
    }

    fn act(&mut self, action: Action, _context: &Context<'_>) -> Effect {
        let page = usize::from(self.view.list.height);
        match action {
            Action::Enter => {
                let choice = self.current();
                return choice.map_or(Effect::None, |choice| {
                    Effect::UseFilter(choice.filter().to_owned())
                });
            }
            Action::ForgetFilter => return self.delete(),
            Action::Back => return Effect::CloseOverlay,
            _ => match self.search.act(action, page) {
                Edit::Changed => self.start_over(),
                Edit::Moved => {}
                Edit::Unhandled => return Effect::Unhandled,
            },
        }
        Effect::None
    }

    fn insert(&mut self, text: &str, _context: &Context<'_>) -> Effect {
        self.search.editor.insert(text);
        self.start_over();
        Effect::None
    }

    fn settle(&mut self, screen: Rect, _context: &Context<'_>) {
        let width = WIDTH.min(screen.width);
        let is_cut = self.widest > usize::from(width.saturating_sub(2));
        let full_text = if is_cut { FULL_TEXT_ROWS + 1 } else { 0 };
        let lines = u16::try_from(self.choices.len().max(1)).unwrap_or(u16::MAX);
        let height = lines.saturating_add(full_text + 4);
        let height = height.max(8).min(screen.height.saturating_sub(2).max(3));
        let window = layout::centred(screen, width, height);
        self.view = PickerAreas::of(window, is_cut);
        self.search.settle(usize::from(self.view.list.height));
    }

    fn refresh(&mut self, context: &Context<'_>) {
        self.fill(context.library);
    }
}

impl PickerAreas {
    fn of(window: Rect, is_cut: bool) -> Self {
        let mut rest = layout::inner(window);
        let is_roomy = rest.height >= MIN_ROWS_FOR_FULL_TEXT;
        let mut view = Self {
            window,
            words: take_lines(&mut rest, 1, false),
            ..Self::default()
        };
        if rest.height > 4 {
            view.rule = take_lines(&mut rest, 1, false);
        }
        if is_roomy && is_cut {
            view.full_text = take_lines(&mut rest, FULL_TEXT_ROWS, true);
            view.full_text_rule = take_lines(&mut rest, 1, true);
        }
        view.list = rest;
        view
    }
}

/// Takes `count` lines off the top or the bottom of `area`.
fn take_lines(area: &mut Rect, count: u16, bottom: bool) -> Rect {
    let height = count.min(area.height);
    let mut taken = Rect { height, ..*area };
    area.height -= height;
    if bottom {
        taken.y += area.height;
    } else {
        area.y += height;
    }
    taken
}
