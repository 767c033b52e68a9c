//! The contract of panes and overlays: the keys of a view, what it does with one, and how it keeps its cursor in its
//! area. A view changes nothing but itself; what else is to happen it returns as an [`Effect`], which `App` applies.

use ratatui::layout::Rect;

use super::cell_text::Times;
use super::filter_library::FilterLibrary;
use super::layout::Layout;
use super::prompt::PromptKind;
use super::results::Results;
use super::value_menu::Subject;
use super::{Focus, Pane};
use crate::config::FolderFormat;
use crate::keymap::{Action, Scope};
use crate::schema::FieldId;
use crate::store::{RowId, Store};

/// A pane or an overlay.
pub(crate) trait View {
    /// The scopes of its keys, innermost first.
    fn scopes(&self) -> &'static [Scope];

    /// Does what a key asks for.
    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect;

    /// Types or pastes `text`; `Unhandled` where there is nothing to type into, as in most views.
    fn insert(&mut self, _text: &str, _context: &Context<'_>) -> Effect {
        Effect::Unhandled
    }

    /// Adjusts cursor and scroll to the content and to `area`: the room inside the frame of a pane, the whole screen
    /// for an overlay.
    fn settle(&mut self, area: Rect, context: &Context<'_>);

    /// Takes in what has been loaded, saved or deleted since.
    fn refresh(&mut self, _context: &Context<'_>) {}
}

/// What a view may read of the session.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) store: &'a Store,
    pub(crate) results: &'a Results,
    pub(crate) layout: &'a Layout,
    pub(crate) library: &'a FilterLibrary,
    pub(crate) focus: Focus,
    /// The record and the field under the cursor of the list; the record is kept while nothing matches.
    pub(crate) row: Option<RowId>,
    pub(crate) field: Option<FieldId>,
}

/// What `App` is to do after a view has acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    None,
    /// The key does what it does everywhere.
    Unhandled,
    /// Show a message in the footer.
    Notice(String),
    Focus(Pane),
    /// Count by the next measure: records, packets, bytes.
    NextMeasure,
    /// Offer the fields by whose values a pane can show records.
    ChooseField(Pane),
    /// Show records by the values of a field in a pane.
    ShowField(Pane, FieldId),
    FocusNext,
    CloseOverlay,
    /// Close the overlay and do an action of the pane or menu of a scope.
    Run(Scope, Action),
    /// Leave the program.
    Quit,
    /// Do what another key does.
    Act(Action),
    /// Close the overlay and let the pane below do this.
    CloseOverlayAndAct(Action),
    Copy {
        /// What the text is: a value, a line, a message.
        what: &'static str,
        text: String,
    },
    /// Show only this text on the screen.
    ShowText(String),
    /// Move the cursor of the record list by one row.
    MoveRecord(Action),
    /// Move the cursor of the record list to the column of a field.
    SelectField(FieldId),
    /// Add a condition on a value to the filter.
    Narrow(Condition),
    /// The same, and group by the next field.
    DrillDown(Condition),
    /// Offer filters for a value.
    OfferFilters(Subject),
    /// Replace the filter by one that was offered.
    UseOffered(String),
    /// Add a condition in the filter language to the filter.
    AddTerm(String),
    /// Replace the filter by the one that the glossary suggests.
    TryFilter(String),
    /// Find a text in the list; the last one if it is empty.
    Find(String),
    FindNext {
        is_forward: bool,
    },
    /// Move the cursor of the list to a position.
    GoTo(usize),
    GoToColumn(FieldId),
    ShowTimes(Times),
    ChangeColumns(ColumnChange),
    ShowColumns,
    OpenPrompt(PromptKind),
    /// Take a filter from the list of saved filters and history.
    UseFilter(String),
    /// Delete a saved filter.
    DeleteSaved(String),
    /// Delete a filter from the history.
    DeleteFromHistory(String),
    /// The text of the filter bar has changed.
    FilterEdited,
    SaveFilter {
        name: String,
        filter: String,
    },
    AcceptFormat(FolderFormat),
}

/// A change to the columns of the record list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnChange {
    /// Show it if it is hidden, hide it if it is shown.
    Toggle(FieldId),
    Narrower(FieldId),
    Wider(FieldId),
    /// Exchange it with the column before it.
    Earlier(FieldId),
    /// Exchange it with the column after it.
    Later(FieldId),
    /// Keep the columns up to this one on the screen, or no longer.
    Freeze(FieldId),
    /// Undo all changes.
    Reset,
    /// Show all logs that have no columns of their own in this way.
    KeepForAll,
}

/// That a field is `value`, or is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) field: FieldId,
    pub(crate) value: String,
    pub(crate) is_equal: bool,
}

impl Effect {
    /// `Copy`, or a message that says why there is nothing to copy.
    pub(crate) fn copy(what: &'static str, text: Option<String>, reason: &str) -> Self {
        match text {
            Some(text) => Self::Copy { what, text },
            None => Self::Notice(reason.to_owned()),
        }
    }
}

impl Context<'_> {
    /// The record under the cursor, if it is on the screen.
    pub(crate) fn shown_row(&self) -> Option<RowId> {
        self.row.filter(|_| !self.results.is_empty())
    }

    /// Narrows the filter to the cell under the cursor, or to all others.
    pub(crate) fn narrow_to_cell(&self, is_equal: bool) -> Effect {
        let Some((row, field)) = self.row.zip(self.field) else {
            return Effect::Notice("no record to take a value from".to_owned());
        };
        Effect::Narrow(Condition {
            field,
            value: self.store.cell_text(row, field),
            is_equal,
        })
    }

    /// Offers filters for the cell under the cursor.
    pub(crate) fn offer_filters(&self) -> Effect {
        let Some((row, field)) = self.shown_row().zip(self.field) else {
            return Effect::Notice("no record to take a value from".to_owned());
        };
        Effect::OfferFilters(Subject {
            field,
            value: self.store.cell_text(row, field),
            row: Some(row),
        })
    }

    /// Copies the cell under the cursor.
    pub(crate) fn copy_cell(&self) -> Effect {
        let cell = self.shown_row().zip(self.field);
        let text = cell.map(|(row, field)| self.store.cell_text(row, field));
        Effect::copy("value", text, "no record to copy from")
    }

    /// Copies the original line of the record under the cursor.
    pub(crate) fn copy_line(&self) -> Effect {
        let text = self.shown_row().map(|row| self.store.line_text(row));
        Effect::copy("line", text, "no record to copy from")
    }
}
