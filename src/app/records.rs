//! The record list: its columns, cursor, scroll position and sort order.

use ratatui::layout::Rect;

use super::Pane;
use super::cell_text::{CellStyle, Notation, Times};
use super::column_chooser::ColumnRow;
use super::columns::{self, Arrangement, ColumnChoice, ColumnView, Widths};
use super::layout;
use super::prompt::PromptKind;
use super::sorting::Sorting;
use super::view::{ColumnChange, Context, Effect, View};
use crate::engine::Ticket;
use crate::keymap::{Action, Scope};
use crate::schema::{FieldId, id};
use crate::store::{Chunk, RowId, Store};

/// The cell that says that there are more columns to the right.
const MORE_MARK: usize = 1;
/// The fewest cells of a column.
const MIN_WIDTH: usize = 3;
/// Cells before the first column: the cursor symbol and a space.
pub(crate) const MARGIN: usize = 2;

/// The state of the record list.
#[derive(Clone, Debug, Default)]
pub struct RecordsPane {
    /// All columns, including those that are scrolled off the screen.
    pub(crate) columns: Vec<ColumnView>,
    /// Index of the column under the cursor.
    pub(crate) column: usize,
    /// Index of the leftmost column on the screen.
    pub(crate) first_column: usize,
    /// The record under the cursor. It stays selected when the list around it changes.
    pub(crate) selected: Option<RowId>,
    /// Position of the selected record in the list.
    pub(crate) position: usize,
    /// Position of the topmost record on the screen.
    pub(crate) top: usize,
    /// The records on the screen, from the topmost on.
    pub(crate) rows: Vec<RowId>,
    /// What `rows` are of.
    listed: Listed,
    pub(crate) sorting: Sorting,
    pub(crate) notation: Notation,
    pub(crate) times: Times,
    /// How the cells are written now.
    pub(crate) style: CellStyle,
    /// What was chosen for the columns.
    pub(crate) choice: ColumnChoice,
    /// The cells of the list.
    width: usize,
    /// Whether the list follows the selected record when it changes.
    is_anchored: bool,
    /// Whether the cursor is where it was put before the first key.
    is_unmoved: bool,
    widths: Widths,
}

/// Which part of which list is on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Listed {
    edition: (Ticket, bool),
    top: usize,
    count: usize,
}

impl RecordsPane {
    /// Widens the columns to the values of a newly loaded chunk.
    pub(crate) fn measure(&mut self, chunk: &Chunk, store: &Store) {
        self.widths.measure(chunk, store);
    }

    /// Rebuilds the columns for a list of `width` cells. The cursor stays on its field.
    pub(crate) fn arrange(&mut self, store: &Store, width: u16) {
        let field = self.field();
        self.width = width.into();
        self.style = columns::style(store, self.notation, self.times, self.room());
        let arrangement = Arrangement {
            store,
            widths: &self.widths,
            choice: &self.choice,
            style: self.style,
            width: self.room(),
        };
        self.columns = arrangement.columns();
        if let Some(field) = field {
            self.point_at(field);
        }
    }

    /// The field under the cursor; `None` until something has been loaded.
    pub(crate) fn field(&self) -> Option<FieldId> {
        self.columns.get(self.column).map(|column| column.field)
    }

    /// Moves the cursor to the column of `field`, if there is one.
    pub(crate) fn point_at(&mut self, field: FieldId) {
        if let Some(column) = self.columns.iter().position(|column| column.field == field) {
            self.column = column;
        }
    }

    /// Moves the cursor. Returns false if `action` is not a movement. `page` is the number of records on the screen.
    pub(crate) fn move_cursor(&mut self, action: Action, page: usize) -> bool {
        let page = page.max(1);
        match action {
            Action::Down => self.position += 1,
            Action::Up => self.position = self.position.saturating_sub(1),
            Action::PageDown => {
                self.position += page;
                self.top += page;
            }
            Action::PageUp => {
                self.position = self.position.saturating_sub(page);
                self.top = self.top.saturating_sub(page);
            }
            Action::HalfPageDown => {
                self.position += page.div_ceil(2);
                self.top += page.div_ceil(2);
            }
            Action::HalfPageUp => {
                self.position = self.position.saturating_sub(page.div_ceil(2));
                self.top = self.top.saturating_sub(page.div_ceil(2));
            }
            Action::Top => self.position = 0,
            Action::Bottom => self.position = usize::MAX,
            Action::Left => self.column = self.column.saturating_sub(1),
            Action::Right => self.column += 1,
            Action::First => self.column = 0,
            Action::Last => self.column = usize::MAX,
            _ => return false,
        }
        // At the top, the cursor stays on the first position whichever record that is.
        self.is_anchored = self.position > 0;
        self.is_unmoved = false;
        true
    }

    /// Whether the cursor is on the last of `len` records and new records are appended after it, as in `tail -f`. A
    /// single record does not count: the cursor is on it anyway.
    pub(crate) fn awaits_more(&self, len: usize) -> bool {
        self.sorting.appends() && len > 1 && self.position + 1 == len
    }

    /// The record to keep under the cursor when the list changes; `None` while the cursor is at the top.
    pub(crate) fn anchor(&self) -> Option<RowId> {
        self.selected.filter(|_| self.is_anchored)
    }

    /// Puts the cursor on the record at `position` before it has been moved.
    pub(crate) fn start_at(&mut self, position: usize) {
        self.position = position;
        self.is_anchored = position > 0;
        self.is_unmoved = true;
    }

    /// Moves to the selected record's new `position`, scrolled so that it stays in the same row of the screen.
    pub(crate) fn follow(&mut self, position: Option<usize>) {
        match (position, self.anchor()) {
            (Some(position), Some(_)) => {
                let offset = self.position.saturating_sub(self.top);
                self.position = position;
                self.top = position.saturating_sub(offset);
            }
            (None, Some(_)) if self.is_unmoved => self.start_at(0),
            _ => {}
        }
    }

    /// The columns on the screen.
    pub(crate) fn visible(&self) -> Vec<usize> {
        let (frozen, first) = (self.choice.frozen, self.first_column);
        columns::visible(&self.columns, frozen, first, self.room())
    }

    /// The cells for columns.
    fn room(&self) -> usize {
        self.width.saturating_sub(MARGIN + MORE_MARK)
    }

    /// Whether there are more columns to the left, and to the right, of those on the screen.
    pub(crate) fn has_more(&self) -> [bool; 2] {
        let last = self.visible().last().copied();
        [
            self.first_column > self.choice.frozen,
            last.is_some_and(|last| last + 1 < self.columns.len()),
        ]
    }

    /// The column at `cell`, counted from the left edge of the list; the gap after a column belongs to it.
    pub(crate) fn column_at(&self, cell: usize) -> Option<usize> {
        let mut end = MARGIN;
        self.visible().into_iter().find(|index| {
            end += self.columns[*index].width + self.gap_after(*index);
            cell < end
        })
    }

    /// Moves the cursor to a position of the list.
    pub(crate) fn select(&mut self, position: usize) {
        self.position = position;
        self.is_anchored = position > 0;
    }

    /// Cells between column `index` and the next.
    pub(crate) fn gap_after(&self, index: usize) -> usize {
        columns::gap_after(&self.columns, index, self.room())
    }

    /// Whether an arrow is drawn after column `index`, from source to destination.
    pub(crate) fn has_arrow_after(&self, index: usize) -> bool {
        columns::has_arrow_after(&self.columns, index)
    }

    /// Scrolls so that the column under the cursor is on the screen, and uses the room that is left.
    fn scroll_columns(&mut self) {
        let frozen = self.choice.frozen.min(self.columns.len());
        self.column = self.column.min(self.columns.len().saturating_sub(1));
        self.first_column = self.first_column.max(frozen);
        if self.column >= frozen {
            self.first_column = self.first_column.min(self.column);
        }
        columns::narrow(&mut self.columns);
        while self.first_column < self.column && !self.visible().contains(&self.column) {
            self.first_column += 1;
        }
        let (shown, room) = (self.visible(), self.room());
        columns::widen(&mut self.columns, &shown, room);
    }

    /// All columns for the list of them: first those that are shown, in their order.
    pub(crate) fn column_rows(&self, store: &Store) -> Vec<ColumnRow> {
        let row = |field: FieldId, width: Option<usize>, is_frozen: bool| ColumnRow {
            field,
            name: store.catalog.name(field),
            records: self.widths.records_with(field),
            width,
            is_frozen,
        };
        let shown = self.columns.iter().enumerate();
        let shown = shown.map(|(index, column)| {
            row(column.field, Some(column.width), index < self.choice.frozen)
        });
        let hidden = store.fields();
        let hidden = hidden.into_iter().filter(|field| self.is_hidden(*field));
        shown
            .chain(hidden.map(|field| row(field, None, false)))
            .collect()
    }

    fn is_hidden(&self, field: FieldId) -> bool {
        !self.columns.iter().any(|column| column.field == field)
    }

    /// Shows the column of `field` if it is hidden.
    pub(crate) fn show_column(&mut self, field: FieldId) {
        self.choice.hidden.retain(|hidden| *hidden != field);
    }

    pub(crate) fn change_columns(&mut self, change: ColumnChange, store: &Store) {
        let place = |field: FieldId| self.columns.iter().position(|c| c.field == field);
        match change {
            ColumnChange::Reset => self.choice = ColumnChoice::default(),
            ColumnChange::KeepForAll => {}
            ColumnChange::Toggle(field) if self.is_hidden(field) => self.show_column(field),
            // One column stays.
            ColumnChange::Toggle(_) if self.columns.len() < 2 => {}
            ColumnChange::Toggle(field) => self.choice.hidden.push(field),
            ColumnChange::Narrower(field) => self.resize(place(field), false),
            ColumnChange::Wider(field) => self.resize(place(field), true),
            ColumnChange::Freeze(field) => {
                let frozen = place(field).map_or(0, |index| index + 1);
                let is_undone = frozen == self.choice.frozen;
                self.choice.frozen = if is_undone { 0 } else { frozen };
            }
            ColumnChange::Earlier(field) => {
                let index = place(field).and_then(|index| index.checked_sub(1));
                self.exchange(index, store);
            }
            ColumnChange::Later(field) => self.exchange(place(field), store),
        }
    }

    fn resize(&mut self, column: Option<usize>, is_wider: bool) {
        let Some(column) = column.and_then(|index| self.columns.get(index)) else {
            return;
        };
        let width = if is_wider {
            column.width + 1
        } else {
            column.width.saturating_sub(1).max(MIN_WIDTH)
        };
        let field = column.field;
        self.choice.widths.retain(|(other, _)| *other != field);
        self.choice.widths.push((field, width));
    }

    /// Exchanges the column at `index` with the next.
    fn exchange(&mut self, index: Option<usize>, store: &Store) {
        let shown = self.columns.iter().map(|column| column.field);
        let mut order: Vec<FieldId> = shown.collect();
        let Some(index) = index.filter(|index| index + 1 < order.len()) else {
            return;
        };
        order.swap(index, index + 1);
        order.extend(
            store
                .fields()
                .into_iter()
                .filter(|field| self.is_hidden(*field)),
        );
        self.choice.order = order;
    }
}

impl View for RecordsPane {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Records, Scope::Global]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        let inner = context.layout.inner(Pane::Records);
        if self.move_cursor(action, page(inner)) {
            return Effect::None;
        }
        match action {
            Action::Sort => self.sorting.cycle(self.field().unwrap_or(id::START)),
            Action::AddSort => self.sorting.add(self.field().unwrap_or(id::START)),
            Action::FlipSort => self.sorting.flip(self.field()),
            Action::Decode => {
                self.notation = match self.notation {
                    Notation::Decoded => Notation::Raw,
                    Notation::Raw => Notation::Decoded,
                };
                self.arrange(context.store, inner.width);
            }
            Action::NextTimes => return Effect::ShowTimes(self.times.next()),
            Action::ChooseZone => return Effect::OpenPrompt(PromptKind::Zone),
            Action::FindText => return Effect::OpenPrompt(PromptKind::Find),
            Action::GoTo => return Effect::OpenPrompt(PromptKind::GoTo),
            Action::NextMatch => return Effect::FindNext { is_forward: true },
            Action::PreviousMatch => return Effect::FindNext { is_forward: false },
            Action::ShowColumns => return Effect::ShowColumns,
            Action::ToggleColumn | Action::Narrower | Action::Wider => {
                let change = self.field().map(|field| match action {
                    Action::Narrower => ColumnChange::Narrower(field),
                    Action::Wider => ColumnChange::Wider(field),
                    _ => ColumnChange::Toggle(field),
                });
                return change.map_or(Effect::None, Effect::ChangeColumns);
            }
            Action::Enter => return Effect::Focus(Pane::Explain),
            Action::KeepValue | Action::DropValue => {
                return context.narrow_to_cell(action == Action::KeepValue);
            }
            Action::OfferFilters => return context.offer_filters(),
            Action::CopyCell => return context.copy_cell(),
            Action::CopyLine => return context.copy_line(),
            _ => return Effect::Unhandled,
        }
        Effect::None
    }

    fn settle(&mut self, area: Rect, context: &Context<'_>) {
        (self.position, self.top) =
            layout::in_list(self.position, self.top, context.results.len(), page(area));
        self.list(context, page(area));
        self.scroll_columns();
    }
}

impl RecordsPane {
    /// Finds the `count` records on the screen, unless it is known which they are.
    fn list(&mut self, context: &Context<'_>, count: usize) {
        let listed = Listed {
            edition: context.results.edition(),
            top: self.top,
            count: count.max(1),
        };
        if self.listed != listed {
            self.rows = context.results.page(listed.top, listed.count);
            self.listed = listed;
        }
        let row = self.rows.get(self.position.saturating_sub(self.top));
        self.selected = row.copied().or(self.selected);
    }
}

/// The number of records that fit below the heading.
fn page(inner: Rect) -> usize {
    usize::from(inner.height.saturating_sub(1))
}
