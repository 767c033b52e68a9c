//! The list of columns: which are shown, in which order, how wide, and how many records have a value.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;

use super::layout;
use super::line_editor::{Edit, LineEditor};
use super::view::{ColumnChange, Context, Effect, View};
use crate::keymap::{Action, Scope};
use crate::schema::FieldId;

/// A column in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ColumnRow {
    pub(crate) field: FieldId,
    pub(crate) name: String,
    /// How many of the loaded records have a value.
    pub(crate) records: u64,
    /// None where it is hidden.
    pub(crate) width: Option<usize>,
    pub(crate) is_frozen: bool,
}

/// The open list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnChooser {
    /// All columns, the hidden ones last.
    pub(crate) rows: Vec<ColumnRow>,
    /// The field under the cursor.
    field: Option<FieldId>,
    pub(crate) top: usize,
    /// Part of the names to list.
    pub(crate) editor: LineEditor,
    pub(crate) is_searching: bool,
}

impl ColumnChooser {
    pub(super) fn new(rows: Vec<ColumnRow>, field: Option<FieldId>) -> Self {
        Self {
            rows,
            field,
            ..Self::default()
        }
    }

    /// The columns whose names have the searched text.
    pub(crate) fn listed(&self) -> Vec<&ColumnRow> {
        let wanted = self.editor.text().to_lowercase();
        let rows = self.rows.iter();
        rows.filter(|row| row.name.to_lowercase().contains(&wanted))
            .collect()
    }

    /// The index of the column under the cursor among those that are listed.
    pub(crate) fn position(&self) -> usize {
        let listed = self.listed();
        let at = listed.iter().position(|row| Some(row.field) == self.field);
        at.unwrap_or(0)
    }

    fn move_to(&mut self, position: usize) {
        let listed = self.listed();
        let row = listed.get(position.min(listed.len().saturating_sub(1)));
        self.field = row.map(|row| row.field).or(self.field);
    }

    fn search(&mut self, action: Action) -> Effect {
        match action {
            Action::Enter => self.is_searching = false,
            Action::Back => {
                self.is_searching = false;
                self.editor = LineEditor::default();
            }
            _ => {
                if self.editor.act(action) == Edit::Unhandled {
                    return Effect::Unhandled;
                }
                self.move_to(self.position());
            }
        }
        Effect::None
    }

    fn change(&self, action: Action) -> Option<ColumnChange> {
        let listed = self.listed();
        let field = listed.get(self.position())?.field;
        Some(match action {
            Action::ToggleColumn => ColumnChange::Toggle(field),
            Action::Narrower => ColumnChange::Narrower(field),
            Action::Wider => ColumnChange::Wider(field),
            Action::MoveEarlier => ColumnChange::Earlier(field),
            Action::MoveLater => ColumnChange::Later(field),
            Action::FreezeColumns => ColumnChange::Freeze(field),
            Action::ResetColumns => ColumnChange::Reset,
            Action::KeepColumns => ColumnChange::KeepForAll,
            _ => return None,
        })
    }
}

impl View for ColumnChooser {
    fn scopes(&self) -> &'static [Scope] {
        if self.is_searching {
            &[Scope::Prompt, Scope::Line]
        } else {
            &[Scope::Columns]
        }
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        if self.is_searching {
            return self.search(action);
        }
        if let Some(change) = self.change(action) {
            return Effect::ChangeColumns(change);
        }
        let (at, page) = (self.position(), layout::help_page(context.layout.screen));
        match action {
            Action::Down => self.move_to(at + 1),
            Action::Up => self.move_to(at.saturating_sub(1)),
            Action::PageDown => self.move_to(at + page),
            Action::PageUp => self.move_to(at.saturating_sub(page)),
            Action::Top => self.move_to(0),
            Action::Bottom => self.move_to(usize::MAX),
            Action::Search => self.is_searching = true,
            Action::Enter => {
                let listed = self.listed();
                let row = listed.get(at);
                return row.map_or(Effect::None, |row| Effect::GoToColumn(row.field));
            }
            Action::Back => return Effect::CloseOverlay,
            _ => return Effect::Unhandled,
        }
        Effect::None
    }

    fn insert(&mut self, text: &str, _context: &Context<'_>) -> Effect {
        if !self.is_searching {
            return Effect::Unhandled;
        }
        self.editor.insert(text);
        self.move_to(self.position());
        Effect::None
    }

    fn settle(&mut self, screen: Rect, _context: &Context<'_>) {
        let page = layout::help_page(screen).saturating_sub(1);
        (_, self.top) = layout::in_list(self.position(), self.top, self.listed().len(), page);
    }
}
