//! The list of the fields by whose values a pane can show records, narrowed by what is typed.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::Pane;
use super::layout;
use super::line_editor::Edit;
use super::search_list::SearchList;
use super::view::{Context, Effect, View};
use crate::format;
use crate::keymap::{Action, Scope};
use crate::schema::FieldId;
use crate::store::Catalog;
use crate::teach;

/// The width of the window, in cells; the fields with their meaning are rarely wider.
const WIDTH: u16 = 84;
/// The most rows of the list on the screen.
const MAX_ROWS: u16 = 24;

/// A field of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChoice {
    pub(crate) field: FieldId,
    /// The name, safe to show.
    pub(crate) name: String,
    /// What the glossary says of it, in one line.
    pub(crate) summary: &'static str,
    folded: String,
}

/// The open list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPicker {
    /// The pane that will show the chosen field.
    pub(crate) pane: Pane,
    /// The field that it shows now.
    pub(crate) current: FieldId,
    /// Every field.
    pub(crate) choices: Vec<FieldChoice>,
    /// Those in which all words occur.
    pub(crate) search: SearchList,
    /// The window with its frame.
    pub(crate) window: Rect,
}

impl FieldPicker {
    /// A list of `fields` for `pane`, which shows `current`; the cursor is on that.
    pub(super) fn new(pane: Pane, current: FieldId, fields: &[FieldId], catalog: &Catalog) -> Self {
        let choice = |field: &FieldId| {
            let name = format::visible(&catalog.name(*field)).into_owned();
            let summary = teach::entry(*field).map_or("", |entry| &entry.summary);
            FieldChoice {
                field: *field,
                folded: format!("{name} {summary}").to_lowercase(),
                name,
                summary,
            }
        };
        let choices: Vec<FieldChoice> = fields.iter().map(choice).collect();
        let position = fields.iter().position(|field| *field == current);
        Self {
            pane,
            current,
            search: SearchList {
                found: (0..choices.len()).collect(),
                position: position.unwrap_or(0),
                ..SearchList::default()
            },
            choices,
            window: Rect::default(),
        }
    }

    /// The width of the column of names, in cells.
    pub(crate) fn name_width(&self) -> usize {
        let names = self.choices.iter().map(|choice| choice.name.width());
        names.max().unwrap_or(0)
    }

    /// The room for the list, below the line of the words.
    pub(crate) fn list(&self) -> Rect {
        let inner = layout::inner(self.window);
        Rect {
            y: inner.y + 1.min(inner.height),
            height: inner.height.saturating_sub(1),
            ..inner
        }
    }

    /// Narrows the list to the fields in which all words occur: those whose name begins with the first word come first.
    fn narrow(&mut self) {
        let words = self.search.words();
        let choices = self.choices.iter().enumerate();
        let found = choices.filter(|(_, choice)| {
            let mut words = words.iter();
            words.all(|word| choice.folded.contains(word))
        });
        let mut found: Vec<usize> = found.map(|(index, _)| index).collect();
        if let Some(first) = words.first() {
            found.sort_by_key(|index| !self.choices[*index].folded.starts_with(first));
        }
        self.search.start_over(found);
    }
}

impl View for FieldPicker {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Fields, Scope::Line]
    }

    fn act(&mut self, action: Action, _context: &Context<'_>) -> Effect {
        let page = usize::from(self.list().height);
        match action {
            Action::Back => return Effect::CloseOverlay,
            Action::Enter => {
                let choice = self.search.current().map(|index| &self.choices[index]);
                return choice.map_or(Effect::None, |choice| {
                    Effect::ShowField(self.pane, choice.field)
                });
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
        let rows = u16::try_from(self.choices.len()).unwrap_or(u16::MAX);
        let rows = rows.clamp(1, MAX_ROWS);
        self.window = layout::centred(screen, WIDTH, rows + 3);
        self.search.settle(usize::from(self.list().height));
    }
}
