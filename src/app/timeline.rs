//! The interfaces over time: which lane and which bar the cursor is on, and which stretch of time is shown.

use crate::analysis::{Timeline, Window};
use crate::keymap::Action;
use crate::schema::{FieldId, id};

/// The rows of one lane: accepted above, rejected below.
pub const LANE_ROWS: u16 = 2;
/// The cells of a lane's name, and of what stands around it, in a pane of `width` cells: a whole interface id
/// where there is room, else its end.
pub fn label_width(width: u16) -> u16 {
    if width >= 110 { 24 } else { 10 }
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
    /// The bar of the cursor.
    pub bucket: usize,
    /// Where marking began, as an epoch second.
    pub brush: Option<u64>,
    /// The stretch of time shown; none for all of it.
    pub view: Option<(u64, u64)>,
}

impl Default for TimelinePane {
    fn default() -> Self {
        Self {
            field: id::INTERFACE_ID,
            lane: 0,
            top: 0,
            bucket: 0,
            brush: None,
            view: None,
        }
    }
}

impl TimelinePane {
    /// The buckets to ask for: as many as there are characters, over the stretch shown.
    pub fn window(&self, span: Option<(u64, u64)>, width: u16) -> Option<Window> {
        let bars = usize::from(width.saturating_sub(label_width(width) + TOTAL)).max(8);
        Some(Window::covering(self.view.or(span)?, bars))
    }

    /// Moves the cursor; says whether `action` was a movement.
    pub fn act(&mut self, action: Action) -> bool {
        match action {
            Action::Left => self.bucket = self.bucket.saturating_sub(1),
            Action::Right => self.bucket += 1,
            Action::First => self.bucket = 0,
            Action::Last => self.bucket = usize::MAX,
            Action::Up => self.lane = self.lane.saturating_sub(1),
            Action::Down => self.lane += 1,
            Action::Top => self.lane = 0,
            Action::Bottom => self.lane = usize::MAX,
            _ => return false,
        }
        true
    }

    /// Shows `factor` times as much time around the cursor, within `span`; all of it where that is less.
    pub fn zoom(&mut self, factor: f64, span: (u64, u64), window: Window) {
        let shown = (window.buckets as u64 * window.width).max(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a stretch of time is positive and far below 2^53 seconds"
        )]
        let wanted = ((shown as f64 * factor) as u64).max(8);
        if wanted >= span.1 - span.0 {
            self.view = None;
            return;
        }
        let at = window.first + self.bucket as u64 * window.width;
        let first = at.saturating_sub(wanted / 2).clamp(span.0, span.1 - wanted);
        self.view = Some((first, first + wanted - 1));
    }

    /// The stretch of time under the cursor or between mark and cursor: its first second, and the first one
    /// after it.
    pub fn stretch(&self, window: Window) -> (u64, u64) {
        let at = window.first + self.bucket as u64 * window.width;
        let from = self.brush.unwrap_or(at);
        (at.min(from), at.max(from) + window.width)
    }

    /// Brings cursor and scroll into the timeline; `rows` is how many rows there are for lanes.
    pub fn settle(&mut self, timeline: Option<&Timeline>, rows: usize) {
        let Some(timeline) = timeline else { return };
        self.bucket = self.bucket.min(timeline.window.buckets.saturating_sub(1));
        self.lane = self.lane.min(timeline.lanes.len());
        let room = (rows / usize::from(LANE_ROWS)).saturating_sub(1).max(1);
        let last = timeline.lanes.len().saturating_sub(room);
        if let Some(lane) = self.lane.checked_sub(1) {
            self.top = self.top.clamp((lane + 1).saturating_sub(room), lane);
        }
        self.top = self.top.min(last);
    }
}
