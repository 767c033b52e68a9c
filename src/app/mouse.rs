//! The mouse: the focus, the wheel, selecting, sorting by a heading, and marking a time range.

#[cfg(test)]
mod tests;

use ratatui::layout::{Position, Rect};

use super::filter_picker::FilterPicker;
use super::layout;
use super::palette::Palette;
use super::{App, Cmd, Overlay, Pane};
use crate::keymap::Action;

/// How many lines one step of the wheel moves.
const WHEEL_LINES: usize = 3;

/// What the mouse did, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub kind: MouseKind,
    /// The column, from 0.
    pub column: u16,
    /// The row, from 0.
    pub row: u16,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button was pressed.
    Press,
    /// The mouse was moved while the left button was held.
    Drag,
    /// The wheel was turned up.
    WheelUp,
    /// The wheel was turned down.
    WheelDown,
}

impl App {
    pub(super) fn on_mouse(&mut self, mouse: Mouse, cmds: &mut Vec<Cmd>) {
        if self.copying.is_shown() {
            return;
        }
        self.notice = None;
        let at = Position::new(mouse.column, mouse.row);
        let wheel = match mouse.kind {
            MouseKind::WheelUp => Some(Action::Up),
            MouseKind::WheelDown => Some(Action::Down),
            MouseKind::Press | MouseKind::Drag => None,
        };
        match (wheel, self.overlay.is_some()) {
            (Some(action), true) => self.repeat(None, action, cmds),
            (Some(action), false) => self.turn_wheel(at, action, cmds),
            (None, true) if mouse.kind == MouseKind::Press => self.press_in_overlay(at, cmds),
            (None, true) => {}
            (None, false) if mouse.kind == MouseKind::Press => self.press_in_pane(at, cmds),
            (None, false) => self.drag(at),
        }
    }

    /// The wheel moves in the pane below the pointer, which need not have the focus.
    fn turn_wheel(&mut self, at: Position, action: Action, cmds: &mut Vec<Cmd>) {
        match self.pane_at(at) {
            // Elsewhere in the bar, arrow keys would replace the text by another of the history.
            Some(Pane::Filter) | None => {
                if self.focus.pane == Pane::Filter && self.filter.completing.is_shown() {
                    self.filter.completing.choose(action == Action::Down);
                }
            }
            pane => self.repeat(pane, action, cmds),
        }
    }

    /// Has a pane, or the overlay if `pane` is `None`, do a movement as often as one step of the wheel means.
    fn repeat(&mut self, pane: Option<Pane>, action: Action, cmds: &mut Vec<Cmd>) {
        for _ in 0..WHEEL_LINES {
            if let Some((view, context)) = self.view_mut(pane) {
                let effect = view.act(action, &context);
                self.apply(effect, cmds);
            }
        }
    }

    fn pane_at(&self, at: Position) -> Option<Pane> {
        let mut panes = Pane::ALL.into_iter();
        panes.find(|pane| self.layout.area(*pane).contains(at))
    }

    /// Chooses a line of a list. A press outside of the window closes it.
    fn press_in_overlay(&mut self, at: Position, cmds: &mut Vec<Cmd>) {
        let screen = self.layout.screen;
        let (window, list) = match &self.overlay {
            Some(Overlay::Values(menu)) => {
                let window = layout::value_menu(screen, menu.lines.len());
                (window, layout::inner(window))
            }
            Some(Overlay::Palette(_)) => (layout::palette(screen), layout::palette_list(screen)),
            Some(Overlay::Find(picker)) => (picker.view.window, picker.view.list),
            Some(Overlay::Help(_)) => (layout::help(screen), Rect::ZERO),
            _ => return,
        };
        if !window.contains(at) {
            self.overlay = None;
            return;
        }
        if !list.contains(at) {
            return;
        }
        let row = usize::from(at.y - list.y);
        let (position, top, len) = match &mut self.overlay {
            Some(Overlay::Values(menu)) => (&mut menu.position, menu.top, menu.lines.len()),
            Some(
                Overlay::Palette(Palette { search, .. })
                | Overlay::Find(FilterPicker { search, .. }),
            ) => (&mut search.position, search.top, search.found.len()),
            _ => return,
        };
        if top + row < len {
            *position = top + row;
            self.act(Action::Enter, cmds);
        }
    }

    fn press_in_pane(&mut self, at: Position, cmds: &mut Vec<Cmd>) {
        let Some(pane) = self.pane_at(at) else {
            return;
        };
        self.focus_on(pane);
        let area = self.layout.inner(pane);
        if !area.contains(at) {
            return;
        }
        let (column, row) = (usize::from(at.x - area.x), usize::from(at.y - area.y));
        match pane {
            Pane::Records => self.press_in_records(column, row, cmds),
            Pane::Breakdown => {
                let answer = self.results.answer.as_ref();
                let groups = answer.map_or(0, |answer| answer.breakdown.groups.len());
                if self.breakdown.top + row < groups {
                    self.breakdown.position = self.breakdown.top + row;
                }
            }
            Pane::Timeline => {
                self.timeline.brush = None;
                if let Some(shown) = self.timeline.shown_in(&self.layout, &self.store) {
                    self.timeline.point_at(at, area, shown);
                }
            }
            Pane::Filter | Pane::Explain => {}
        }
    }

    /// Selects a cell, or sorts by the heading of a column.
    fn press_in_records(&mut self, column: usize, row: usize, cmds: &mut Vec<Cmd>) {
        if let Some(column) = self.records.column_at(column) {
            self.records.column = column;
        }
        match row.checked_sub(1) {
            None => _ = self.act(Action::Sort, cmds),
            Some(row) if self.records.top + row < self.results.len() => {
                let position = self.records.top + row;
                self.records.select(position);
            }
            Some(_) => {}
        }
    }

    /// Marks the bars from where the button was pressed.
    fn drag(&mut self, at: Position) {
        let area = self.layout.inner(Pane::Timeline);
        if self.focus.pane != Pane::Timeline || area.is_empty() {
            return;
        }
        if let Some(shown) = self.timeline.shown_in(&self.layout, &self.store) {
            if self.timeline.brush.is_none() {
                self.timeline.mark(shown.window);
            }
            self.timeline.point_at(at, area, shown);
        }
    }
}
