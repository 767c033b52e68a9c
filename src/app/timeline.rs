//! The interfaces over time: which lane and which bar the cursor is on, and which stretch of time is shown.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;

use super::Pane;
use super::layout::Layout;
use super::results::Results;
use super::view::{Condition, Context, Effect, View};
use crate::analysis::Window;
use crate::format;
use crate::keymap::{Action, Scope};
use crate::schema::{FieldId, id};
use crate::store::Store;

/// The rows of one lane: accepted above, rejected below.
pub const LANE_ROWS: u16 = 2;

/// The cells of a lane's name, and of what stands around it, in a pane of `width` cells: a whole interface id
/// where there is room, else its end.
pub fn label_width(width: u16) -> u16 {
    match width {
        0..30 => 6,
        30..110 => 10,
        110.. => 24,
    }
}

/// The rows for lanes in a pane of `height` rows: all but that of the times, which goes where one lane takes them all.
pub fn lane_rows(height: u16) -> u16 {
    if height <= LANE_ROWS {
        height
    } else {
        height - 1
    }
}

/// The width of a lane's total, and a space.
pub const TOTAL: u16 = 8;

/// The state of the pane.
#[derive(Clone, Debug)]
pub struct TimelinePane {
    /// The field whose values are the lanes.
    pub field: FieldId,
    /// The lane of the cursor; 0 is all lanes together.
    pub lane: usize,
    /// The first lane on the screen after that of all.
    pub top: usize,
    /// The time of the cursor, as an epoch second; none for the first that there is.
    pub at: Option<u64>,
    /// Where marking began, as an epoch second.
    pub brush: Option<u64>,
    /// The stretches of time that were zoomed into, each within the one before: their first and last seconds. The
    /// last one is shown, or all the time there is where there is none.
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
            views: Vec::new(),
        }
    }
}

/// The time that the pane shows, of a pane of some width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The first and the last second.
    pub stretch: (u64, u64),
    /// The bars; the first may begin before the stretch, and the last may end after it.
    pub window: Window,
    /// How many bars there is room for.
    pub room: usize,
}

impl TimelinePane {
    /// What the timeline shows, or would show in the area of the pane that is shown in its place.
    pub(super) fn shown_in(&self, layout: &Layout, store: &Store) -> Option<Shown> {
        let panes = [Pane::Timeline, Pane::Breakdown, Pane::Records];
        let widths = panes.map(|pane| layout.inner(pane).width);
        let width = widths.into_iter().find(|width| *width > 0);
        self.shown(store.span(), width.unwrap_or(layout.screen.width))
    }

    /// The value of the lane of the cursor; none in the lane of all together.
    fn selected_lane(&self, results: &Results) -> Option<String> {
        let timeline = results.answer.as_ref()?.timeline.as_ref()?;
        let lane = timeline.lanes.get(self.lane.checked_sub(1)?)?;
        Some(lane.label.clone())
    }

    /// A condition for the marked bars, or for the one of the cursor.
    fn time_filter(&self, window: Window, store: &Store) -> String {
        let (from, to) = self.stretch(window);
        let start = store.catalog.name(id::START);
        let (from, to) = (format::iso(from), format::iso(to));
        format!("{start} >= {from} and {start} < {to}")
    }

    /// What is shown of `span` in a pane of `width` cells: as many bars as there is room for, or fewer.
    pub fn shown(&self, span: Option<(u64, u64)>, width: u16) -> Option<Shown> {
        let room = usize::from(width.saturating_sub(label_width(width) + TOTAL)).max(1);
        let stretch = self.views.last().copied().or(span)?;
        Some(Shown {
            stretch,
            window: Window::covering(stretch, room),
            room,
        })
    }

    /// The bar of the cursor.
    pub fn bar(&self, window: Window) -> usize {
        let at = self.at.unwrap_or(0).max(window.first);
        window
            .bucket(at)
            .unwrap_or_else(|| window.buckets.saturating_sub(1))
    }

    /// Moves the cursor; says whether `action` was a movement.
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
        self.at = Some(begin.clamp(shown.stretch.0, shown.stretch.1));
    }

    /// Shows the next shorter bars, as many as there is room for. The cursor stays at its time, and as far as
    /// there is time on both sides of it, in its column. Says whether there are shorter bars.
    pub fn zoom_in(&mut self, shown: Shown) -> bool {
        let Some(width) = shown.window.shorter() else {
            return false;
        };
        let (first, last) = shown.stretch;
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

    /// Shows what was shown before the last [`TimelinePane::zoom_in`]; the cursor stays at its time. Says whether
    /// there was something before.
    pub fn zoom_out(&mut self) -> bool {
        self.views.pop().is_some()
    }

    /// Shows all the time there is.
    pub fn zoom_fit(&mut self) {
        self.views.clear();
    }

    /// Begins to mark bars at the cursor, or stops.
    pub fn mark(&mut self, window: Window) {
        let at = window.start_of(self.bar(window));
        self.brush = self.brush.is_none().then_some(at);
    }

    /// The bar under the cursor or those between mark and cursor: their first second, and the first one after them.
    pub fn stretch(&self, window: Window) -> (u64, u64) {
        let at = window.start_of(self.bar(window));
        let mark = self.brush.unwrap_or(at);
        // Bars begin at multiples of their length, also those that are not on the screen.
        let mark = mark - mark % window.width.max(1);
        (at.min(mark), at.max(mark).saturating_add(window.width))
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
        let rows = lane_rows(area.height);
        self.lane = self.lane.min(timeline.lanes.len());
        let room = usize::from(rows / LANE_ROWS).saturating_sub(1).max(1);
        let last = timeline.lanes.len().saturating_sub(room);
        if let Some(lane) = self.lane.checked_sub(1) {
            self.top = self.top.clamp((lane + 1).saturating_sub(room), lane);
        }
        self.top = self.top.min(last);
    }
}
