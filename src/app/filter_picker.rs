//! The list of the filters that are kept: those with a name, then the history, narrowed by what is typed.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::filter_library::FilterLibrary;
use super::layout;
use super::line_editor::LineEditor;
use super::{App, Overlay, Pane};
use crate::format;
use crate::keymap::Action;

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
    /// The words that are typed.
    pub editor: LineEditor,
    /// Every filter.
    pub choices: Vec<Choice>,
    /// The indexes of those in which all of the words occur.
    pub found: Vec<usize>,
    /// The one under the cursor.
    pub position: usize,
    /// The first one on the screen.
    pub top: usize,
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
    fn new(library: &FilterLibrary) -> Self {
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
        self.narrow();
    }

    /// The words that have to occur, in small letters.
    pub fn words(&self) -> Vec<String> {
        let words = self.editor.text().split_whitespace();
        words.map(str::to_lowercase).collect()
    }

    /// The filter under the cursor.
    pub fn current(&self) -> Option<&Choice> {
        self.choices.get(*self.found.get(self.position)?)
    }

    /// Types `text`.
    pub(super) fn insert(&mut self, text: &str) {
        self.editor.insert(text);
        self.start_over();
    }

    fn act(&mut self, action: Action) {
        let page = usize::from(self.view.list.height).max(1);
        match action {
            Action::Down => self.position += 1,
            Action::Up => self.position = self.position.saturating_sub(1),
            Action::PageDown => self.position += page,
            Action::PageUp => self.position = self.position.saturating_sub(page),
            _ if self.editor.act(action) => self.start_over(),
            _ => {}
        }
    }

    /// Narrows the list by other words; the cursor goes to the best of them, which is the first.
    fn start_over(&mut self) {
        self.narrow();
        self.position = 0;
        self.top = 0;
    }

    fn narrow(&mut self) {
        let words = self.words();
        let choices = self.choices.iter().enumerate();
        let found = choices.filter(|(_, choice)| {
            let mut words = words.iter();
            words.all(|word| choice.folded.contains(word))
        });
        self.found = found.map(|(index, _)| index).collect();
    }

    /// Divides the window on `screen`, and brings cursor and scroll into the list.
    pub(super) fn settle(&mut self, screen: Rect) {
        let width = WIDTH.min(screen.width);
        let is_cut = self.widest > usize::from(width.saturating_sub(2));
        let full_text = if is_cut { FULL_TEXT_ROWS + 1 } else { 0 };
        let lines = u16::try_from(self.choices.len().max(1)).unwrap_or(u16::MAX);
        let height = lines.saturating_add(full_text + 4);
        let height = height.max(8).min(screen.height.saturating_sub(2).max(3));
        let window = layout::centred(screen, width, height);
        self.view = PickerAreas::of(window, is_cut);
        let page = usize::from(self.view.list.height);
        let at = (self.position, self.top);
        (self.position, self.top) = layout::in_list(at, self.found.len(), page);
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

impl App {
    /// Opens the list.
    pub(super) fn open_filter_picker(&mut self) {
        self.overlay = Some(Overlay::Find(FilterPicker::new(&self.library)));
    }

    /// Does what a key asks for while the list is open.
    pub(super) fn act_in_filter_picker(&mut self, action: Action) {
        let Some(Overlay::Find(picker)) = &mut self.overlay else {
            return;
        };
        match action {
            Action::Enter => self.take_choice(),
            Action::ForgetFilter => self.forget_choice(),
            _ => picker.act(action),
        }
    }

    /// Puts the filter under the cursor into the bar.
    fn take_choice(&mut self) {
        let Some(Overlay::Find(picker)) = &self.overlay else {
            return;
        };
        let Some(choice) = picker.current() else {
            return;
        };
        let text = choice.filter().to_owned();
        self.overlay = None;
        if self.focus.pane != Pane::Filter {
            self.notice = Some(format!("{}; press u to undo", format::visible(&text)));
            self.replace_filter(text);
            return;
        }
        // What was typed so far was not left, so it is a step and not yet of the history.
        self.filter.remember(self.breakdown.field);
        self.completing.suppress();
        self.filter.replace(text, self.records.selected);
        self.filter.enter(None);
        self.refilter();
    }

    /// Deletes the filter under the cursor.
    fn forget_choice(&mut self) {
        let Some(Overlay::Find(picker)) = &mut self.overlay else {
            return;
        };
        let Some(choice) = picker.current() else {
            return;
        };
        self.notice = Some(format!(
            "deleted {}",
            match &choice.name {
                Some(name) => format!("{name} ({})", choice.shown),
                None => choice.shown.clone(),
            }
        ));
        match choice
            .name
            .as_deref()
            .and_then(|name| name.strip_prefix('$'))
        {
            Some(name) => self.library.unsave(name),
            None => self.library.forget(&choice.text),
        }
        picker.fill(&self.library);
        // The text in the bar may speak of a name that is gone.
        self.refilter();
    }
}
