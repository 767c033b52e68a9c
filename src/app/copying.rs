//! What was copied last: where it has gone, and the text alone for who selects it with the mouse.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::view::{Context, Effect, View};
use super::{App, Cmd};
use crate::format;
use crate::keymap::{self, Action, Key, Scope};

/// Where a text has gone that was to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// A program has put it on the clipboard of the desktop.
    Clipboard,
    /// tmux has put it into its paste buffer, and no program of a desktop was there.
    Tmux,
    /// It was sent to the terminal, which does not say whether it took it.
    Terminal,
    /// Nowhere: no program took it, and it is longer than what terminals take.
    TooLong {
        /// The most bytes that are sent to a terminal.
        limit: usize,
    },
}

/// What was copied last, and whether it is shown alone.
#[derive(Clone, Debug, Default)]
pub struct Copying {
    last: Option<Copied>,
    shown: Option<Shown>,
}

#[derive(Clone, Debug)]
struct Copied {
    /// What it is: a value, a line, the filter, a message.
    what: &'static str,
    text: Arc<str>,
}

/// The text on the screen: in pages, if it does not fit.
#[derive(Clone, Debug)]
struct Shown {
    text: Arc<str>,
    pages: Vec<String>,
    page: usize,
}

impl Copying {
    /// Whether a text has the screen for itself.
    pub fn is_shown(&self) -> bool {
        self.shown.is_some()
    }
}

impl App {
    /// Asks to put `text` on the clipboard; `what` is its name in messages.
    pub(super) fn copy(&mut self, what: &'static str, text: String, cmds: &mut Vec<Cmd>) {
        self.notice = Some(format!("copying the {what}"));
        let text: Arc<str> = text.into();
        self.copying.last = Some(Copied {
            what,
            text: Arc::clone(&text),
        });
        cmds.push(Cmd::Copy(text));
    }

    /// Says what became of `text`.
    pub(super) fn on_copied(&mut self, text: &str, delivery: Delivery) {
        // Nothing is said of a text when another one was copied since: what became of that one will be said.
        let last = self.copying.last.as_ref();
        let Some(Copied { what, text }) = last.filter(|last| *last.text == *text) else {
            return;
        };
        self.notice = Some(match delivery {
            Delivery::Clipboard => format!("copied the {what}: {}", format::visible(text)),
            Delivery::Tmux => {
                format!("copied the {what} to tmux; if pasting elsewhere does not work, press Y")
            }
            Delivery::Terminal => {
                format!("sent the {what} to the terminal; if pasting does not work, press Y")
            }
            Delivery::TooLong { limit } => {
                let limit = format::bytes(limit as u64);
                format!(
                    "the {what} is longer than the terminal's limit of {limit}; press Y to show it"
                )
            }
        });
    }

    /// Gives the screen to the text that was copied last.
    pub(super) fn show_copied(&mut self, cmds: &mut Vec<Cmd>) {
        let Some(copied) = &self.copying.last else {
            self.notice = Some("nothing has been copied yet".into());
            return;
        };
        let text = Arc::clone(&copied.text);
        self.show_alone(text, cmds);
    }

    /// Gives the screen to `text`.
    pub(super) fn show_alone(&mut self, text: Arc<str>, cmds: &mut Vec<Cmd>) {
        let pages = pages(&format::visible(&text), self.layout.screen);
        self.copying.shown = Some(Shown {
            text,
            pages,
            page: 0,
        });
        self.show_page(cmds);
    }

    /// Shows the text on a screen that has changed.
    pub(super) fn show_again(&mut self, cmds: &mut Vec<Cmd>) {
        if let Some(shown) = self.copying.shown.take() {
            self.show_alone(shown.text, cmds);
        }
    }

    /// Any key: the next page, and then back to the panes.
    pub(super) fn turn_page(&mut self, key: Key, cmds: &mut Vec<Cmd>) {
        let Some(shown) = &mut self.copying.shown else {
            return;
        };
        let ends = keymap::resolve(&[Scope::Global], key) == Some(Action::Back);
        shown.page += 1;
        if ends || shown.page >= shown.pages.len() {
            self.copying.shown = None;
            cmds.push(Cmd::Redraw);
        } else {
            self.show_page(cmds);
        }
    }

    fn show_page(&self, cmds: &mut Vec<Cmd>) {
        let Some(shown) = &self.copying.shown else {
            return;
        };
        let (page, count) = (shown.page + 1, shown.pages.len());
        let note = if count == 1 {
            "press any key to go back".to_owned()
        } else if page == count {
            format!("page {page} of {count}: press any key to go back")
        } else {
            format!("page {page} of {count}: press any key for the next page, Esc to go back")
        };
        let Rect { width, height, .. } = self.layout.screen;
        // A screen of one row is for the text.
        let room = if height > 1 { usize::from(width) } else { 0 };
        let text = shown.pages.get(shown.page).cloned().unwrap_or_default();
        let note = note.chars().take(room).collect();
        cmds.push(Cmd::Show { text, note });
    }
}

/// Divides `text` so that each part fits on `screen` above a row for a note, when a terminal breaks its lines.
fn pages(text: &str, screen: Rect) -> Vec<String> {
    let cols = usize::from(screen.width).max(1);
    let rows = usize::from(screen.height).saturating_sub(1).max(1);
    let mut pages = vec![String::new()];
    let (mut row, mut col) = (0, 0);
    for grapheme in text.graphemes(true) {
        let width = grapheme.width();
        if col + width > cols {
            (row, col) = (row + 1, 0);
        }
        if row == rows {
            pages.push(String::new());
            row = 0;
        }
        col += width;
        if let Some(page) = pages.last_mut() {
            page.push_str(grapheme);
        }
    }
    pages
}

/// The menu of what to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyMenu;

impl View for CopyMenu {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Copy]
    }

    fn act(&mut self, action: Action, _context: &Context<'_>) -> Effect {
        match action {
            Action::CopyCell | Action::CopyLine | Action::CopyFilter => {
                Effect::CloseOverlayAndAct(action)
            }
            Action::Back => Effect::CloseOverlay,
            _ => Effect::Unhandled,
        }
    }

    fn settle(&mut self, _screen: Rect, _context: &Context<'_>) {}
}
