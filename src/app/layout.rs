//! The areas of panes and overlays. They are computed when the screen changes and read by both `update` and `draw`.

use ratatui::layout::{Constraint, Layout as Split, Rect};

use super::{Focus, Pane};

/// From this many columns on, the explanation is shown beside the other panes.
const WIDE: u16 = 120;
/// From this many rows on, timeline and breakdown are shown together.
const TALL: u16 = 34;
/// From this many rows on, a screen that is not wide shows the explanation below the other panes.
const VERY_TALL: u16 = 54;
/// Below this many rows, one pane is shown at a time, and the filter bar has a second line only for a message.
const LOW: u16 = 20;
/// From this many rows on, there is a footer.
const ROWS_WITH_FOOTER: u16 = 5;
/// From this many rows on, the filter bar is shown even without the focus.
const ROWS_WITH_FILTER: u16 = 8;
/// From this many rows on, there is a header.
const ROWS_WITH_HEADER: u16 = 9;
/// The rows that a long message of the unfocused filter bar leaves to the panes below.
const ROWS_BELOW_MESSAGE: u16 = 10;
/// The rows of the lowest pane that shows something: a heading and a record in a frame.
const MIN_PANE_HEIGHT: u16 = 4;

/// The areas of the panes, including their frames. Hidden panes have an empty area.
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
    /// The pane whose title names the hidden panes.
    pub(crate) tabs: Option<Pane>,
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
        let mut layout = Self {
            screen,
            header,
            filter,
            footer,
            ..Self::default()
        };
        match focus.pane {
            _ if body.is_empty() => {}
            Pane::Filter if focus.maximised => layout.show_alone(Pane::Records, body),
            pane if focus.maximised => layout.show_alone(pane, body),
            _ => layout.divide(body, focus),
        }
        layout
    }

    /// Shows one pane in `area`, which names the others in its title.
    fn show_alone(&mut self, pane: Pane, area: Rect) {
        *self.area_mut(pane) = area;
        self.tabs = Some(pane);
    }

    fn divide(&mut self, body: Rect, focus: Focus) {
        let wide = self.screen.width >= WIDE;
        let main = if wide {
            let right = (self.screen.width / 3).clamp(36, 64);
            let columns = [Constraint::Min(0), Constraint::Length(right)];
            let [main, explain] = Split::horizontal(columns).areas(body);
            self.explain = explain;
            main
        } else {
            body
        };
        if self.screen.height < LOW {
            return match focus.pane {
                Pane::Filter => self.show_alone(Pane::Records, main),
                Pane::Explain if wide => self.show_alone(Pane::Records, main),
                pane => self.show_alone(pane, main),
            };
        }
        // Prose needs more room than a list.
        let is_tall = self.screen.height >= TALL;
        let share = |pane| match pane {
            Pane::Explain if !is_tall => 15,
            Pane::Timeline if is_tall => 7,
            Pane::Breakdown if is_tall => 6,
            _ => 10,
        };
        let shown = stacked(self.screen, focus.lower);
        let shares = shown.iter().map(|pane| Constraint::Fill(share(*pane)));
        let areas = Split::vertical(shares).split(main);
        for (pane, area) in shown.iter().zip(areas.iter()) {
            *self.area_mut(*pane) = *area;
        }
        self.tabs = shown.last().copied();
    }

    /// The panes that the title of `pane` names: itself, and the hidden panes if it stands for them.
    pub(crate) fn titles(&self, pane: Pane) -> Vec<Pane> {
        let is_hidden = |other: Pane| self.area(other).is_empty();
        let stands_for = |other| self.tabs == Some(pane) && is_hidden(other);
        let panes = Pane::ALL.into_iter().skip(1);
        panes
            .filter(|other| *other == pane || stands_for(*other))
            .collect()
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
    // A lower pane has no room for content.
    if rest - height < MIN_PANE_HEIGHT {
        rest
    } else {
        height
    }
}

/// The panes that `screen` shows one below another. `lower` is the one wanted where not all fit.
fn stacked(screen: Rect, lower: Pane) -> &'static [Pane] {
    let wide = screen.width >= WIDE;
    match (lower, screen.height) {
        (_, VERY_TALL..) if !wide => &[
            Pane::Records,
            Pane::Timeline,
            Pane::Breakdown,
            Pane::Explain,
        ],
        (Pane::Explain, TALL..) if !wide => &[Pane::Records, Pane::Timeline, Pane::Explain],
        (_, TALL..) => &[Pane::Records, Pane::Timeline, Pane::Breakdown],
        (Pane::Explain, _) if !wide => &[Pane::Records, Pane::Explain],
        (Pane::Breakdown, _) => &[Pane::Records, Pane::Breakdown],
        _ => &[Pane::Records, Pane::Timeline],
    }
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

/// The menu of filters for a value, with `lines` lines.
pub(crate) fn value_menu(screen: Rect, lines: usize) -> Rect {
    let lines = u16::try_from(lines).unwrap_or(u16::MAX);
    centred(screen, 110, lines.saturating_add(2))
}

/// The palette.
pub(crate) fn palette(screen: Rect) -> Rect {
    centred(screen, 110, screen.height.saturating_sub(4).clamp(4, 30))
}

/// The actions in the palette, below the typed text and a line.
pub(crate) fn palette_list(screen: Rect) -> Rect {
    let inner = inner(palette(screen));
    let above = inner.height.min(2);
    Rect {
        y: inner.y + above,
        height: inner.height - above,
        ..inner
    }
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
