//! The areas of panes and overlays. They are computed when the screen changes and read by both `update` and `draw`.

use ratatui::layout::{Constraint, Layout as Split, Rect, Spacing};

use super::{Focus, Pane};

/// From this many columns on, the explanation is shown beside the other panes.
const WIDE: u16 = 120;
/// From this many rows on, timeline and breakdown are shown together.
const TALL: u16 = 34;
/// Below this many rows, one pane is shown at a time, and the filter bar has a second line only for a message.
const LOW: u16 = 16;
/// From this many rows on, the filter bar is shown even without the focus.
const ROWS_WITH_FILTER: u16 = 7;
/// From this many rows on, there is a header.
const ROWS_WITH_HEADER: u16 = 8;
/// From this many rows on, there is a footer.
const ROWS_WITH_FOOTER: u16 = 5;
/// The rows that a long message of the unfocused filter bar leaves to the panes below.
const ROWS_BELOW_MESSAGE: u16 = 10;

/// The areas of the panes, including their frames. Hidden panes have an empty area; neighbours share a border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub(crate) screen: Rect,
    pub(crate) header: Rect,
    pub(crate) filter: Rect,
    pub(crate) records: Rect,
    pub(crate) timeline: Rect,
    pub(crate) breakdown: Rect,
    pub(crate) explain: Rect,
    pub(crate) footer: Rect,
}

impl Layout {
    /// Divides `screen`. The focused pane is always shown. `message` is the number of lines that the filter bar needs
    /// below its text.
    pub(crate) fn of(screen: Rect, focus: Focus, message: u16) -> Self {
        let rows = screen.height;
        let header = u16::from(rows >= ROWS_WITH_HEADER);
        let footer = u16::from(rows >= ROWS_WITH_FOOTER);
        let rest = rows.saturating_sub(header + footer);
        let filter = filter_height(rows, rest, focus.pane == Pane::Filter, message);
        let [header, filter, body, footer] = Split::vertical([
            Constraint::Length(header),
            Constraint::Length(filter),
            Constraint::Min(0),
            Constraint::Length(footer),
        ])
        .areas(screen);
        // The filter bar and the panes below share a border.
        let shared = u16::from(filter.height > 1 && body.height > 1);
        let body = Rect {
            y: body.y - shared,
            height: body.height + shared,
            ..body
        };
        let mut layout = Self {
            screen,
            header,
            filter,
            footer,
            ..Self::default()
        };
        match focus.pane {
            _ if body.is_empty() => {}
            Pane::Filter if focus.maximised => layout.records = body,
            pane if focus.maximised => *layout.area_mut(pane) = body,
            _ => layout.divide(body, focus),
        }
        layout
    }

    fn divide(&mut self, body: Rect, focus: Focus) {
        let wide = self.screen.width >= WIDE;
        let main = if wide {
            let right = (self.screen.width / 3).clamp(36, 64);
            let [main, explain] =
                Split::horizontal([Constraint::Min(0), Constraint::Length(right)])
                    .spacing(Spacing::Overlap(1))
                    .areas(body);
            self.explain = explain;
            main
        } else {
            body
        };
        if self.screen.height < LOW {
            match focus.pane {
                Pane::Filter => self.records = main,
                Pane::Explain if wide => self.records = main,
                pane => *self.area_mut(pane) = main,
            }
            return;
        }
        if self.screen.height >= TALL && wide {
            [self.records, self.timeline, self.breakdown] = Split::vertical([
                Constraint::Fill(10),
                Constraint::Fill(7),
                Constraint::Fill(6),
            ])
            .spacing(Spacing::Overlap(1))
            .areas(main);
            return;
        }
        let below = match focus.lower {
            Pane::Explain if !wide => Pane::Explain,
            Pane::Breakdown => Pane::Breakdown,
            Pane::Timeline | Pane::Records | Pane::Filter | Pane::Explain => Pane::Timeline,
        };
        // Prose needs more room than a list.
        let share = if below == Pane::Explain {
            (2, 3)
        } else {
            (1, 1)
        };
        let [records, area] =
            Split::vertical([Constraint::Fill(share.0), Constraint::Fill(share.1)])
                .spacing(Spacing::Overlap(1))
                .areas(main);
        self.records = records;
        *self.area_mut(below) = area;
    }

    pub(crate) fn area(&self, pane: Pane) -> Rect {
        match pane {
            Pane::Filter => self.filter,
            Pane::Records => self.records,
            Pane::Timeline => self.timeline,
            Pane::Breakdown => self.breakdown,
            Pane::Explain => self.explain,
        }
    }

    fn area_mut(&mut self, pane: Pane) -> &mut Rect {
        match pane {
            Pane::Filter => &mut self.filter,
            Pane::Records => &mut self.records,
            Pane::Timeline => &mut self.timeline,
            Pane::Breakdown => &mut self.breakdown,
            Pane::Explain => &mut self.explain,
        }
    }

    /// The area inside the frame of `pane`.
    pub(crate) fn inner(&self, pane: Pane) -> Rect {
        inner(self.area(pane))
    }
}

/// The height of the filter bar with its frame. The screen has `rows` rows, of which `rest` are left for the filter bar
/// and the panes.
fn filter_height(rows: u16, rest: u16, is_focused: bool, message: u16) -> u16 {
    let usual = if rows < LOW { 3 } else { 4 };
    let whole = usual.max(3 + message);
    if !is_focused {
        return match rows {
            0..ROWS_WITH_FILTER => 0,
            ROWS_WITH_FILTER..LOW => usual,
            _ => whole.min(usual.max(rest.saturating_sub(ROWS_BELOW_MESSAGE))),
        };
    }
    let max = if rows < LOW { rest } else { rest / 2 };
    let height = whole.min(max);
    // A pane of one row has no room for content.
    if rest - height < 2 { rest } else { height }
}

/// The width inside the frame of the filter bar.
pub(crate) fn filter_width(screen: Rect) -> u16 {
    screen.width.saturating_sub(2)
}

/// The area inside a frame.
pub(crate) fn inner(area: Rect) -> Rect {
    if area.width < 2 || area.height < 2 {
        return Rect::new(area.x, area.y, 0, 0);
    }
    Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

/// Clamps the cursor and the scroll position of a list of `rows` rows, so that the cursor is among the `page` rows on
/// the screen.
pub(crate) fn in_list(position: usize, top: usize, rows: usize, page: usize) -> (usize, usize) {
    let page = page.max(1);
    let position = position.min(rows.saturating_sub(1));
    let top = top.clamp((position + 1).saturating_sub(page), position);
    (position, top.min(rows.max(1).saturating_sub(page)))
}

/// A window of at most `width` × `height` cells, centred on `screen`.
pub(crate) fn centred(screen: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(screen.width), height.min(screen.height));
    Rect::new(
        screen.x + (screen.width - width) / 2,
        screen.y + (screen.height - height) / 2,
        width,
        height,
    )
}

/// The maximum number of completion candidates on the screen. It leaves some of the records visible.
pub(crate) fn candidate_rows(layout: &Layout) -> usize {
    let below = layout.footer.y.saturating_sub(layout.filter.bottom());
    let max = if layout.screen.height >= TALL { 12 } else { 8 };
    usize::from(below.saturating_sub(1)).clamp(1, max)
}

pub(crate) fn help(screen: Rect) -> Rect {
    centred(screen, 92, screen.height.saturating_sub(2).max(3))
}

/// The width inside the frame of the help.
pub(crate) fn help_width(screen: Rect) -> u16 {
    inner(help(screen)).width
}

/// The number of help lines on the screen.
pub(crate) fn help_page(screen: Rect) -> usize {
    usize::from(inner(help(screen)).height)
}

/// The area of the format dialog. It fills the width of the screen unless a readable margin would be left.
pub(crate) fn format_dialog(screen: Rect) -> Rect {
    const WIDTH: u16 = 112;
    const MIN_MARGIN: u16 = 16;
    let width = if screen.width < WIDTH + 2 * MIN_MARGIN {
        screen.width
    } else {
        WIDTH
    };
    centred(screen, width, screen.height.saturating_sub(2).max(3))
}

/// The list of columns in the format dialog, between the file name and the input line.
pub(crate) fn format_list(screen: Rect) -> Rect {
    let inner = inner(format_dialog(screen));
    Rect {
        y: inner.y + inner.height.min(2),
        height: inner.height.saturating_sub(5),
        ..inner
    }
}

/// The number of columns on the screen.
pub(crate) fn format_page(screen: Rect) -> usize {
    usize::from(format_list(screen).height)
}
