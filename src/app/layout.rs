//! Where each pane goes, worked out when the screen changes and read by `update` and `draw` alike.

use ratatui::layout::{Constraint, Layout as Split, Rect, Spacing};

use super::{Focus, Pane};

/// A screen from which all panes are shown together.
const WIDE: u16 = 120;
/// The rows from which both lower panes are shown together.
const TALL: u16 = 34;
/// Below this many rows the filter bar has a second line only for a message, and one pane is shown at a time.
const LOW: u16 = 16;
/// The rows from which the filter bar is shown beside a pane.
const ROWS_WITH_FILTER: u16 = 7;
/// The rows from which there is a header.
const ROWS_WITH_HEADER: u16 = 8;
/// The rows from which there is a footer.
const ROWS_WITH_FOOTER: u16 = 5;
/// The rows that a long message of the filter bar leaves to the panes, where another pane has the focus.
const PANES_BELOW_MESSAGE: u16 = 10;

/// The areas of the panes, frames included; one that is not shown is empty. Neighbours share a border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The whole screen.
    pub screen: Rect,
    /// The line on top.
    pub header: Rect,
    /// The filter bar.
    pub filter: Rect,
    /// The record list.
    pub records: Rect,
    /// The interfaces over time.
    pub timeline: Rect,
    /// The breakdown.
    pub breakdown: Rect,
    /// The explanation.
    pub explain: Rect,
    /// The line at the bottom.
    pub footer: Rect,
}

impl Layout {
    /// Divides `screen`, so that the pane that has the focus is always shown. The filter bar has `message` lines
    /// to show below its text.
    pub fn of(screen: Rect, focus: Focus, message: u16) -> Self {
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
        // Prose wants more room than a list of which one row is read.
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

    /// The area of `pane`.
    pub fn area(&self, pane: Pane) -> Rect {
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

    /// What is left of the area of `pane` inside its frame.
    pub fn inner(&self, pane: Pane) -> Rect {
        inner(self.area(pane))
    }
}

/// The rows of the filter bar with its frame, on a screen of `rows` of which `rest` are left for it and the panes.
fn filter_height(rows: u16, rest: u16, is_focused: bool, message: u16) -> u16 {
    let usual = if rows < LOW { 3 } else { 4 };
    let whole = usual.max(3 + message);
    if !is_focused {
        return match rows {
            0..ROWS_WITH_FILTER => 0,
            ROWS_WITH_FILTER..LOW => usual,
            _ => whole.min(usual.max(rest.saturating_sub(PANES_BELOW_MESSAGE))),
        };
    }
    let most = if rows < LOW { rest } else { rest / 2 };
    let height = whole.min(most);
    // Below a single row nothing could be shown.
    if rest - height < 2 { rest } else { height }
}

/// The cells of a line in the filter bar.
pub fn filter_width(screen: Rect) -> u16 {
    screen.width.saturating_sub(2)
}

/// What is left of an area inside a frame.
pub fn inner(area: Rect) -> Rect {
    if area.width < 2 || area.height < 2 {
        return Rect::new(area.x, area.y, 0, 0);
    }
    Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

/// Cursor and scroll of a list of `rows` rows, brought into it, so that the cursor is among the `page` rows that there
/// is room for.
pub fn in_list((position, top): (usize, usize), rows: usize, page: usize) -> (usize, usize) {
    let page = page.max(1);
    let position = position.min(rows.saturating_sub(1));
    let top = top.clamp((position + 1).saturating_sub(page), position);
    (position, top.min(rows.max(1).saturating_sub(page)))
}

/// The area of a window of at most `width` × `height` in the middle of `screen`.
pub fn centred(screen: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(screen.width), height.min(screen.height));
    Rect::new(
        screen.x + (screen.width - width) / 2,
        screen.y + (screen.height - height) / 2,
        width,
        height,
    )
}

/// How many candidates of the filter bar are shown at once, frame left out: not so many that nothing is left of
/// what the filter selects.
pub fn candidate_rows(layout: &Layout) -> usize {
    let below = layout.footer.y.saturating_sub(layout.filter.bottom());
    let most = if layout.screen.height >= TALL { 12 } else { 8 };
    usize::from(below.saturating_sub(1)).clamp(1, most)
}

/// The area of the help.
pub fn help(screen: Rect) -> Rect {
    centred(screen, 92, screen.height.saturating_sub(2).max(3))
}

/// The cells of a line of the help.
pub fn help_width(screen: Rect) -> u16 {
    inner(help(screen)).width
}

/// How many lines of the help are on the screen.
pub fn help_page(screen: Rect) -> usize {
    usize::from(inner(help(screen)).height)
}

/// The area of the order of the fields. What would be left beside it must be enough to make something out.
pub fn format_dialog(screen: Rect) -> Rect {
    const WIDTH: u16 = 112;
    const BESIDE: u16 = 16;
    let width = if screen.width < WIDTH + 2 * BESIDE {
        screen.width
    } else {
        WIDTH
    };
    centred(screen, width, screen.height.saturating_sub(2).max(3))
}

/// The list of the columns in it: below what it is about, above what is typed and what is offered.
pub fn format_list(screen: Rect) -> Rect {
    let inner = inner(format_dialog(screen));
    Rect {
        y: inner.y + inner.height.min(2),
        height: inner.height.saturating_sub(5),
        ..inner
    }
}

/// How many columns are on the screen.
pub fn format_page(screen: Rect) -> usize {
    usize::from(format_list(screen).height)
}
