//! The timeline: its cursor, its marked bars and the time range that it shows.

#[cfg(test)]
mod tests;

use std::ops::Range;

use ratatui::layout::{Position, Rect};

use super::Pane;
use super::layout::Layout;
use super::results::Results;
use super::value_menu::Subject;
use super::view::{Condition, Context, Effect, View};
use crate::analysis::Window;
use crate::format;
use crate::keymap::{Action, Scope};
use crate::schema::{FieldId, id};
use crate::store::Store;

/// The rows of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LaneShape {
    /// For what was accepted, above the axis of the lane.
    pub(crate) up: u16,
    /// For what was rejected, below it.
    pub(crate) down: u16,
    /// Between two lanes.
    pub(crate) gap: u16,
    /// How many lanes fit.
    pub(crate) lanes: usize,
}

/// A bar is not higher than so many rows.
const MAX_UP: u16 = 6;

impl LaneShape {
    /// Of `lanes` lanes in `rows` rows: they grow with the room.
    pub(crate) fn of(rows: u16, lanes: usize) -> Self {
        let lanes = u16::try_from(lanes.max(1)).unwrap_or(u16::MAX);
        // Behind the last lane no gap is needed.
        let (up, down, gap) = match (rows + 1) / lanes {
            0..3 => (1, 1, 0),
            3 => (1, 1, 1),
            each @ 4..7 => (each - 2, 1, 1),
            each => ((each - 3).min(MAX_UP), 2, 1),
        };
        let each = up + down + gap;
        Self {
            up,
            down,
            gap,
            lanes: usize::from((rows + gap) / each).max(1),
        }
    }

    /// The rows from one lane to the next.
    pub(crate) fn pitch(self) -> u16 {
        self.up + self.down + self.gap
    }
}

/// Cells for the name of a lane, with the cursor and a space, in a pane of `width` cells. A wide pane has room for a
/// whole interface id.
pub(crate) fn label_width(width: u16) -> u16 {
    match width {
        0..30 => 6,
        30..110 => 10,
        110.. => 24,
    }
}

/// Rows for lanes in a pane of `height` rows. The last row is for the time axis, unless one lane needs all rows.
pub(crate) fn lane_rows(height: u16) -> u16 {
    if height <= 2 { height } else { height - 1 }
}

/// Cells for the total of a lane and a space.
pub(crate) const TOTAL_WIDTH: u16 = 9;

/// The state of the pane.
#[derive(Clone, Debug)]
pub struct TimelinePane {
    /// There is one lane per value of this field.
    pub(crate) field: FieldId,
    /// The lane under the cursor; 0 is the total of all lanes.
    pub(crate) lane: usize,
    /// The first lane on the screen below the total.
    pub(crate) top: usize,
    /// The time under the cursor, in epoch seconds; `None` for the earliest.
    pub(crate) at: Option<u64>,
    /// Where marking began, in epoch seconds.
    pub(crate) brush: Option<u64>,
    /// How the lanes are drawn in the pane.
    pub(crate) shape: LaneShape,
    /// The time range to which the filter limits records, as first and last second.
    filtered: Option<(u64, u64)>,
    /// The ranges zoomed into, each within the one before. The last is shown; if there is none, that of the filter is.
    views: Vec<(u64, u64)>,
}

impl Default for TimelinePane {
    fn default() -> Self {
        Self {
            field: id::INTERFACE_ID,
            lane: 0,
            top: 0,
            at: None,
            brush: None,
            shape: LaneShape::of(0, 1),
            filtered: None,
            views: Vec::new(),
        }
    }
}

/// The time range shown in a pane of a given width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The first and the last second.
    pub(crate) range: (u64, u64),
    /// The bars. The first may begin before the range, and the last may end after it.
    pub(crate) window: Window,
    /// The number of bars that fit.
    pub(crate) room: usize,
}

impl TimelinePane {
    /// Shows the time range to which the filter limits records, if it has changed.
    pub(super) fn follow_filter(&mut self, filtered: Option<(u64, u64)>) {
        if self.filtered != filtered {
            self.filtered = filtered;
            self.views.clear();
        }
    }

    /// Makes a lane of each value of `field`.
    pub(super) fn show(&mut self, field: FieldId) {
        self.field = field;
        self.lane = 0;
        self.top = 0;
    }

    /// The time range shown. If the timeline is hidden, the width of the pane in its place is used.
    pub(super) fn shown_in(&self, layout: &Layout, store: &Store) -> Option<Shown> {
        let panes = [Pane::Timeline, Pane::Breakdown, Pane::Records];
        let widths = panes.map(|pane| layout.inner(pane).width);
        let width = widths.into_iter().find(|width| *width > 0);
        self.shown(store.usual_span(), width.unwrap_or(layout.screen.width))
    }

    /// The value of the lane under the cursor; `None` on the total.
    fn selected_lane(&self, results: &Results) -> Option<String> {
        let timeline = results.answer.as_ref()?.timeline.as_ref()?;
        let lane = timeline.lanes.get(self.lane.checked_sub(1)?)?;
        Some(lane.label.clone())
    }

    /// A condition for the marked bars, or for the one under the cursor.
    fn time_filter(&self, window: Window, store: &Store) -> String {
        let Range {
            start: from,
            end: to,
        } = self.selected_time(window);
        let start = store.catalog.name(id::START);
        let (from, to) = (format::iso(from), format::iso(to));
        format!("{start} >= {from} and {start} < {to}")
    }

    /// The part of `span` shown in a pane of `width` cells, in at most as many bars as fit.
    pub(crate) fn shown(&self, span: Option<(u64, u64)>, width: u16) -> Option<Shown> {
        let room = usize::from(width.saturating_sub(label_width(width) + TOTAL_WIDTH)).max(1);
        let range = self.views.last().copied().or(self.filtered).or(span)?;
        Some(Shown {
            range,
            window: Window::covering(range, room),
            room,
        })
    }

    /// Index of the bar under the cursor.
    pub(crate) fn bar(&self, window: Window) -> usize {
        let at = self.at.unwrap_or(0).max(window.first);
        window
            .bucket(at)
            .unwrap_or_else(|| window.buckets.saturating_sub(1))
    }

    /// Moves the cursor. Returns false if `action` is not a movement.
    pub(crate) fn move_cursor(&mut self, action: Action, shown: Shown) -> bool {
        let bar = self.bar(shown.window);
        let last = shown.window.buckets.saturating_sub(1);
        match action {
            Action::Left => self.go_to(bar.saturating_sub(1), shown),
            Action::Right => self.go_to((bar + 1).min(last), shown),
            Action::First => self.go_to(0, shown),
            Action::Last => self.go_to(last, shown),
            Action::Up => self.lane = self.lane.saturating_sub(1),
            Action::Down => self.lane = self.lane.saturating_add(1),
            Action::Top => self.lane = 0,
            Action::Bottom => self.lane = usize::MAX,
            _ => return false,
        }
        true
    }

    fn go_to(&mut self, bar: usize, shown: Shown) {
        let begin = shown.window.start_of(bar);
        self.at = Some(begin.clamp(shown.range.0, shown.range.1));
    }

    /// Switches to the next shorter bar length. The cursor stays at its time and, as far as the data allows, in its
    /// column. Returns false if bars cannot be shorter.
    pub(crate) fn zoom_in(&mut self, shown: Shown) -> bool {
        let Some(width) = shown.window.shorter() else {
            return false;
        };
        let (first, last) = shown.range;
        let column = self.bar(shown.window) as u64;
        let at = self.at.unwrap_or(first).clamp(first, last);
        let begin = |time: u64| time - time % width;
        let cells = |count: u64| width.saturating_mul(count);
        let room = shown.room as u64;
        let lowest = begin(first);
        let highest = begin(last).saturating_sub(cells(room - 1)).max(lowest);
        let from = begin(at).saturating_sub(cells(column));
        let from = from.clamp(lowest, highest);
        let to = from.saturating_add(cells(room) - 1);
        self.at = Some(at);
        self.views.push((from.max(first), to.min(last)));
        true
    }

    /// Undoes the last [`TimelinePane::zoom_in`]. The cursor stays at its time. Returns false if the whole range is
    /// shown.
    pub(crate) fn zoom_out(&mut self) -> bool {
        self.views.pop().is_some()
    }

    /// Shows the whole time range.
    pub(crate) fn zoom_fit(&mut self) {
        self.views.clear();
    }

    /// Moves the cursor to the lane and the bar at a cell of the pane; left of the first bar, only to the lane.
    pub(crate) fn point_at(&mut self, cell: Position, area: Rect, shown: Shown) {
        let row = cell.y.saturating_sub(area.y) / self.shape.pitch();
        if cell.y < area.y + lane_rows(area.height) {
            self.lane = match usize::from(row) {
                0 => 0,
                row => self.top + row,
            };
        }
        let last = shown.window.buckets.saturating_sub(1);
        if let Some(bar) = cell.x.checked_sub(area.x + label_width(area.width)) {
            self.go_to(usize::from(bar).min(last), shown);
        }
    }

    /// Starts marking bars at the cursor, or clears the mark.
    pub(crate) fn mark(&mut self, window: Window) {
        let at = window.start_of(self.bar(window));
        self.brush = self.brush.is_none().then_some(at);
    }

    /// The time of the bars from the mark to the cursor, or of the bar under the cursor, in epoch seconds.
    pub(crate) fn selected_time(&self, window: Window) -> Range<u64> {
        let at = window.start_of(self.bar(window));
        let mark = self.brush.unwrap_or(at);
        // All bars begin at multiples of their length, on the screen or not.
        let mark = mark - mark % window.width.max(1);
        at.min(mark)..at.max(mark).saturating_add(window.width)
    }
}

const NO_LANE: &str = "select a lane first; this row is the total of all lanes";

impl View for TimelinePane {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Timeline, Scope::Global]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        let notice = |text: &str| Effect::Notice(text.to_owned());
        let lane = self.selected_lane(context.results);
        match action {
            Action::CopyCell => return Effect::copy("value", lane, NO_LANE),
            Action::OfferFilters => {
                return lane.map_or_else(
                    || notice(NO_LANE),
                    |value| {
                        Effect::OfferFilters(Subject {
                            field: self.field,
                            value,
                            row: None,
                        })
                    },
                );
            }
            Action::CopyLine => return notice("no line to copy here; go to a record first"),
            _ => {}
        }
        let Some(shown) = self.shown_in(context.layout, context.store) else {
            return Effect::Unhandled;
        };
        if self.move_cursor(action, shown) {
            return Effect::None;
        }
        match action {
            Action::Enter => {
                let term = self.time_filter(shown.window, context.store);
                self.brush = None;
                return Effect::AddTerm(term);
            }
            Action::Brush => self.mark(shown.window),
            Action::ZoomIn if !self.zoom_in(shown) => {
                return notice("a bar cannot be shorter than 1 second");
            }
            Action::ZoomOut if !self.zoom_out() => return notice("the whole time range is shown"),
            Action::ZoomIn | Action::ZoomOut => {}
            Action::ZoomFit => self.zoom_fit(),
            Action::NextMeasure => return Effect::NextMeasure,
            Action::ChooseField => return Effect::ChooseField(Pane::Timeline),
            Action::KeepValue | Action::DropValue => {
                return lane.map_or_else(
                    || notice(NO_LANE),
                    |value| {
                        Effect::Narrow(Condition {
                            field: self.field,
                            value,
                            is_equal: action == Action::KeepValue,
                        })
                    },
                );
            }
            _ => return Effect::Unhandled,
        }
        Effect::None
    }

    fn settle(&mut self, area: Rect, context: &Context<'_>) {
        let answer = context.results.answer.as_deref();
        let Some(timeline) = answer.and_then(|answer| answer.timeline.as_deref()) else {
            return;
        };
        self.lane = self.lane.min(timeline.lanes.len());
        self.shape = LaneShape::of(lane_rows(area.height), timeline.lanes.len() + 1);
        let room = self.shape.lanes.saturating_sub(1).max(1);
        let last = timeline.lanes.len().saturating_sub(room);
        if let Some(lane) = self.lane.checked_sub(1) {
            self.top = self.top.clamp((lane + 1).saturating_sub(room), lane);
        }
        self.top = self.top.min(last);
    }
}
