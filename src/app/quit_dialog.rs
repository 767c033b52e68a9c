//! The question whether to quit, asked if something would be lost.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;

use super::view::{Context, Effect, View};
use super::{App, Cmd, Overlay};
use crate::format;
use crate::keymap::{Action, Scope};

/// The dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuitDialog {
    /// What would be lost, a sentence each.
    pub(crate) losses: Vec<String>,
}

impl View for QuitDialog {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Quit]
    }

    fn act(&mut self, action: Action, _context: &Context<'_>) -> Effect {
        match action {
            Action::Quit => Effect::Quit,
            Action::Back => Effect::CloseOverlay,
            _ => Effect::Unhandled,
        }
    }

    fn settle(&mut self, _screen: Rect, _context: &Context<'_>) {}
}

impl App {
    /// Leaves the program, or asks first if something would be lost.
    pub(super) fn ask_to_quit(&mut self, cmds: &mut Vec<Cmd>) {
        let losses = self.losses();
        if losses.is_empty() {
            self.quit(cmds);
        } else {
            self.overlay = Some(Overlay::Quit(QuitDialog { losses }));
        }
    }

    /// What would be lost by leaving. The history and saved filters are kept.
    fn losses(&self) -> Vec<String> {
        let mut losses = Vec::new();
        let sources = self.store.sources().iter();
        let is_pipe = |path: &std::path::Path| path.as_os_str() == "-";
        let piped = sources.filter(|source| is_pipe(&source.path));
        let records: u64 = piped.map(|source| source.line_counts.records).sum();
        if records > 0 {
            let records = format::counted(records, "record", "records");
            losses.push(format!(
                "{records} from a pipe, which cannot be read again."
            ));
        }
        if self.load.is_running() && self.store.rows() > 0 {
            let records = format::counted(self.store.rows() as u64, "record", "records");
            losses.push(format!(
                "The load, which is still running: {records} so far."
            ));
        }
        if self.filter.is_held() && !self.filter.editor.text().trim().is_empty() {
            let text = format::visible(self.filter.editor.text());
            losses.push(format!(
                "The text in the filter bar, which is not a filter yet: {text}"
            ));
        }
        losses
    }
}
