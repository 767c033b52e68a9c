//! The record list: which record and which column the cursor is on, and what is on the screen.

use ratatui::layout::Rect;

use super::Pane;
use super::columns::{self, ColumnView, Widths};
use super::layout;
use super::view::{Context, Effect, View};
use crate::analysis::SortBy;
use crate::keymap::{Action, Scope};
use crate::schema::{FieldId, Kind, id};
use crate::store::{Chunk, RowId, Store};

/// The cells between a column and the one after it, on a list that has room.
const GAP: usize = 2;
/// The same on a narrow list.
const NARROW_GAP: usize = 1;
/// The cells between source and destination: an arrow stands there.
const ARROW_GAP: usize = 3;
/// A list from this width on has room.
const ROOMY: u16 = 100;
/// The mark of the cursor and a space.
pub const MARGIN: usize = 2;

/// The state of the record list.
#[derive(Clone, Debug)]
pub struct RecordsPane {
    /// The columns, shown or not.
    pub columns: Vec<ColumnView>,
    /// The column of the cursor.
    pub column: usize,
    /// The first column on the screen.
    pub first_column: usize,
    /// The record of the cursor: the anchor that stays when the list changes around it.
    pub selected: Option<RowId>,
    /// Its position in the list.
    pub position: usize,
    /// The position of the first record on the screen.
    pub top: usize,
    /// How the list is sorted; none for the order in which the records were read.
    pub sort: Option<SortBy>,
    /// Whether values are shown decoded.
    pub decoded: bool,
    is_narrow: bool,
    is_anchored: bool,
    widths: Widths,
}

impl Default for RecordsPane {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            column: 0,
            first_column: 0,
            selected: None,
            position: 0,
            top: 0,
            sort: None,
            decoded: true,
            is_narrow: false,
            is_anchored: false,
            widths: Widths::default(),
        }
    }
}

impl RecordsPane {
    /// Takes in a chunk that has just been loaded.
    pub fn measure(&mut self, chunk: &Chunk, store: &Store) {
        self.widths.measure(chunk, store);
    }

    /// Arranges the columns for a list of `width` characters; the cursor stays on its field.
    pub fn arrange(&mut self, store: &Store, width: u16) {
        let field = self.field();
        self.is_narrow = width < ROOMY;
        self.columns = columns::arrange(store, &self.widths, self.is_narrow, self.decoded);
        if let Some(field) = field {
            self.point_at(field);
        }
    }

    /// The field of the column of the cursor.
    pub fn field(&self) -> Option<FieldId> {
        self.columns.get(self.column).map(|column| column.field)
    }

    /// Puts the cursor on the column of `field`, if there is one.
    pub fn point_at(&mut self, field: FieldId) {
        if let Some(column) = self.columns.iter().position(|column| column.field == field) {
            self.column = column;
        }
    }

    /// Moves the cursor; says whether `action` was a movement. `page` is how many records are on the screen.
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
        // Who is at the top wants to see what comes first, also when something else does.
        self.is_anchored = self.position > 0;
        true
    }

    /// Whether the cursor is on the last of `len` records, where new ones come, and not because there is only one.
    pub fn awaits_more(&self, len: usize) -> bool {
        let is_late = |sort: SortBy| !sort.descending && sort.field.kind() == Kind::Time;
        self.sort.is_none_or(is_late) && len > 1 && self.position + 1 == len
    }

    /// The record that the list is to stay at when it changes; none while the cursor is at the top.
    pub fn anchor(&self) -> Option<RowId> {
        self.selected.filter(|_| self.is_anchored)
    }

    /// Sorts by the column of the cursor: ascending, then descending, then as read.
    pub fn cycle_sort(&mut self) {
        let Some(field) = self.field() else { return };
        self.sort = match self.sort {
            Some(SortBy {
                field: by,
                descending: true,
            }) if by == field => None,
            Some(SortBy { field: by, .. }) if by == field => Some(SortBy {
                field,
                descending: true,
            }),
            _ => Some(SortBy {
                field,
                descending: false,
            }),
        };
    }

    /// Sorts the other way round; a list as read becomes descending by the column of the cursor.
    pub fn flip_sort(&mut self) {
        self.sort = match (self.sort, self.field()) {
            (Some(sort), _) => Some(SortBy {
                descending: !sort.descending,
                ..sort
            }),
            (None, Some(field)) => Some(SortBy {
                field,
                descending: true,
            }),
            (None, None) => None,
        };
    }

    /// Follows the record of the cursor to its position in a new list, which keeps its place on the screen.
    pub fn follow(&mut self, position: Option<usize>) {
        if let (Some(position), Some(_)) = (position, self.anchor()) {
            let offset = self.position.saturating_sub(self.top);
            self.position = position;
            self.top = position.saturating_sub(offset);
        }
    }

    /// The columns that fit into `width` characters.
    pub fn visible(&self, width: usize) -> std::ops::Range<usize> {
        let mut room = width.saturating_sub(MARGIN);
        let mut end = self.first_column;
        for (index, column) in self.columns.iter().enumerate().skip(self.first_column) {
            let Some(left) = room.checked_sub(column.width) else {
                break;
            };
            room = left.saturating_sub(self.gap_after(index));
            end += 1;
        }
        // A column that is wider than the screen is shown all the same, cut.
        self.first_column..end.max((self.first_column + 1).min(self.columns.len()))
    }

    /// The cells between the column `index` and the one after it.
    pub fn gap_after(&self, index: usize) -> usize {
        if self.points(index) {
            ARROW_GAP
        } else if self.is_narrow {
            NARROW_GAP
        } else {
            GAP
        }
    }

    /// Whether an arrow stands between the column `index` and the one after it: from source to destination.
    pub fn points(&self, index: usize) -> bool {
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
            Action::Sort => self.cycle_sort(),
            Action::FlipSort => self.flip_sort(),
            Action::Decode => {
                self.decoded = !self.decoded;
                self.arrange(context.store, inner.width);
            }
            Action::Enter => return Effect::Focus(Pane::Explain),
            Action::KeepValue | Action::DropValue => {
                return context.narrow_to_cell(action == Action::KeepValue);
            }
            Action::CopyCell => return context.copy_cell(),
            Action::CopyLine => return context.copy_line(),
            _ => return Effect::Unhandled,
        }
        Effect::None
    }

    fn settle(&mut self, area: Rect, context: &Context<'_>) {
        let width = usize::from(area.width);
        let at = (self.position, self.top);
        (self.position, self.top) = layout::in_list(at, context.results.len(), page(area));
        self.selected = context.results.row(self.position).or(self.selected);
        self.column = self.column.min(self.columns.len().saturating_sub(1));
        self.first_column = self.first_column.min(self.column);
        while self.first_column < self.column && !self.visible(width).contains(&self.column) {
            self.first_column += 1;
        }
    }
}

/// How many records there is room for below the heading.
fn page(inner: Rect) -> usize {
    usize::from(inner.height.saturating_sub(1))
}
