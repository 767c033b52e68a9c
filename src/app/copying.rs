//! Copying: which clipboard took the text, and showing the text alone so that it can be selected with the mouse.

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

/// Where a copied text ended up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// On the clipboard of the desktop, by way of a program such as `xclip`.
    Clipboard,
    /// In tmux's paste buffer, because no clipboard program was found.
    Tmux,
    /// Sent to the terminal as an escape sequence, which terminals do not acknowledge.
    Terminal,
    /// Nowhere: no program took it, and it is too long to send to a terminal.
    TooLong {
        /// The maximum number of bytes sent to a terminal.
        limit: usize,
    },
}

/// The last copied text, and the text that is shown alone, if any.
#[derive(Clone, Debug, Default)]
pub struct Copying {
    last: Option<Copied>,
    shown: Option<Shown>,
}

#[derive(Clone, Debug)]
struct Copied {
    /// What the text is, for messages: a value, a line, the filter, a message.
    what: &'static str,
    text: Arc<str>,
}

/// A text that is shown alone, in pages if it does not fit.
#[derive(Clone, Debug)]
struct Shown {
    text: Arc<str>,
    pages: Vec<String>,
    page: usize,
}

impl Copying {
    /// Whether a text is shown alone on the screen.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown.is_some()
    }
}

impl App {
    /// Requests that `text` be put on the clipboard. `what` names it in messages.
    pub(super) fn copy(&mut self, what: &'static str, text: String, cmds: &mut Vec<Cmd>) {
        self.notice = Some(format!("copying the {what}"));
        let text: Arc<str> = text.into();
        self.copying.last = Some(Copied {
            what,
            text: Arc::clone(&text),
        });
        cmds.push(Cmd::Copy(text));
    }

    /// Reports where `text` ended up.
    pub(super) fn on_copied(&mut self, text: &str, delivery: Delivery) {
        // If another text has been copied since, that one will be reported instead.
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

    /// Shows the last copied text alone on the screen.
    pub(super) fn show_copied(&mut self, cmds: &mut Vec<Cmd>) {
        let Some(copied) = &self.copying.last else {
            self.notice = Some("nothing has been copied yet".into());
            return;
        };
        let text = Arc::clone(&copied.text);
        self.show_alone(text, cmds);
    }

    /// Shows `text` alone on the screen.
    pub(super) fn show_alone(&mut self, text: Arc<str>, cmds: &mut Vec<Cmd>) {
        let pages = pages(&format::visible(&text), self.layout.screen);
        self.copying.shown = Some(Shown {
            text,
            pages,
            page: 0,
        });
        self.show_page(cmds);
    }

    /// Divides the text into pages again after the screen was resized.
    pub(super) fn show_again(&mut self, cmds: &mut Vec<Cmd>) {
        if let Some(shown) = self.copying.shown.take() {
            self.show_alone(shown.text, cmds);
        }
    }

    /// Any key shows the next page, and returns to the panes after the last; Esc returns at once.
    pub(super) fn turn_page(&mut self, key: Key, cmds: &mut Vec<Cmd>) {
        let Some(shown) = &mut self.copying.shown else {
            return;
        };
        let action = keymap::resolve(&[Scope::Global], key);
        let ends = matches!(action, Some(Action::Back | Action::Cancel));
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
        // On a screen of one row, the text takes that row.
        let room = if height > 1 { usize::from(width) } else { 0 };
        let text = shown.pages.get(shown.page).cloned().unwrap_or_default();
        let note = note.chars().take(room).collect();
        cmds.push(Cmd::Show { text, note });
    }
}

/// Divides `text` into pages that fit on `screen` above one row for a note, as the terminal would wrap them.
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

/// The menu that asks what to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyMenu;

impl View for CopyMenu {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Copy]
    }

    fn act(&mut self, action: Action, _context: &Context<'_>) -> Effect {
        match action {
            Action::CopyCell | Action::CopyRow | Action::CopyLine | Action::CopyFilter => {
                Effect::CloseOverlayAndAct(action)
            }
            Action::Back => Effect::CloseOverlay,
            _ => Effect::Unhandled,
        }
    }

    fn settle(&mut self, _screen: Rect, _context: &Context<'_>) {}
}
