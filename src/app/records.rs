//! The record list: its columns, cursor, scroll position and sort order.

use ratatui::layout::Rect;

use super::Pane;
use super::columns::{self, ColumnView, Density, Notation, Widths};
use super::layout;
use super::sorting::Sorting;
use super::view::{Context, Effect, View};
use crate::engine::Ticket;
use crate::keymap::{Action, Scope};
use crate::schema::{FieldId, id};
use crate::store::{Chunk, RowId, Store};

/// Cells between two columns.
const GAP: usize = 2;
/// Cells between two columns of a narrow list.
const NARROW_GAP: usize = 1;
/// Cells between source and destination, with room for an arrow.
const ARROW_GAP: usize = 3;
/// A list with fewer cells than this is narrow.
const MIN_WIDE_WIDTH: u16 = 100;
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
    density: Density,
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
        self.density = if width < MIN_WIDE_WIDTH {
            Density::Narrow
        } else {
            Density::Wide
        };
        self.columns = columns::arrange(store, &self.widths, self.density, self.notation);
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

    /// The columns that fit into `width` cells.
    pub(crate) fn visible(&self, width: usize) -> std::ops::Range<usize> {
        let mut room = width.saturating_sub(MARGIN);
        let mut end = self.first_column;
        for (index, column) in self.columns.iter().enumerate().skip(self.first_column) {
            let Some(left) = room.checked_sub(column.width) else {
                break;
            };
            room = left.saturating_sub(self.gap_after(index));
            end += 1;
        }
        // A column wider than the screen is truncated rather than hidden.
        self.first_column..end.max((self.first_column + 1).min(self.columns.len()))
    }

    /// The column at `cell` of a list of `width` cells, counted from the left edge; the gap after a column belongs to it.
    pub(crate) fn column_at(&self, cell: usize, width: usize) -> Option<usize> {
        let mut end = MARGIN;
        self.visible(width).find(|index| {
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
        match self.density {
            _ if self.has_arrow_after(index) => ARROW_GAP,
            Density::Narrow => NARROW_GAP,
            Density::Wide => GAP,
        }
    }

    /// Whether an arrow is drawn after column `index`, from source to destination.
    pub(crate) fn has_arrow_after(&self, index: usize) -> bool {
        let field = |index: usize| self.columns.get(index).map(|column| column.field);
        matches!(field(index), Some(id::SRCADDR | id::SRCPORT))
            && field(index + 1) == Some(id::DSTADDR)
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
        let width = usize::from(area.width);
        (self.position, self.top) =
            layout::in_list(self.position, self.top, context.results.len(), page(area));
        self.list(context, page(area));
        self.column = self.column.min(self.columns.len().saturating_sub(1));
        self.first_column = self.first_column.min(self.column);
        while self.first_column < self.column && !self.visible(width).contains(&self.column) {
            self.first_column += 1;
        }
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
