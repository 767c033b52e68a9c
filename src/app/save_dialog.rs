//! The question for the name under which a filter is saved.

#[cfg(test)]
mod tests;

use super::line_editor::LineEditor;
use super::{App, Overlay};
use crate::config;
use crate::format;
use crate::keymap::Action;
use crate::query::Saved;

/// The open question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaveDialog {
    /// The name.
    pub editor: LineEditor,
    /// The filter that is to be saved.
    pub filter: String,
    /// Why the name cannot be one, if it cannot.
    pub fault: Option<String>,
    /// The filter that has the name now, if there is one.
    pub replaces: Option<String>,
}

impl App {
    /// Asks for the name of the filter in force.
    pub(super) fn open_save_dialog(&mut self) {
        let filter = self.filter.applied.trim();
        if filter.is_empty() {
            self.notice = Some("no filter to save".into());
            return;
        }
        self.overlay = Some(Overlay::Save(SaveDialog {
            filter: filter.to_owned(),
            ..SaveDialog::default()
        }));
    }

    /// Does what a key asks for while the question is open.
    pub(super) fn act_in_save_dialog(&mut self, action: Action) {
        let Some(Overlay::Save(dialog)) = &mut self.overlay else {
            return;
        };
        if action == Action::Enter {
            self.save_filter();
        } else if dialog.editor.act(action) {
            self.check_name();
        }
    }

    /// Says what there is to say about the name.
    pub(super) fn check_name(&mut self) {
        let Some(Overlay::Save(dialog)) = &mut self.overlay else {
            return;
        };
        let name = dialog.editor.text();
        let old = self.library.named(name);
        dialog.replaces = old.map(|saved| saved.text.clone());
        dialog.fault = config::check_name(name)
            .err()
            .map(|problem| problem.to_string());
        dialog.fault = dialog.fault.take().or_else(|| {
            // A filter may refer to others, and these to the name.
            let saved = Saved {
                name: name.to_owned(),
                text: dialog.filter.clone(),
            };
            let others = self.library.saved.iter();
            let others = others.filter(|saved| !saved.name.eq_ignore_ascii_case(name));
            let saved: Vec<Saved> = others.cloned().chain([saved]).collect();
            self.filter
                .fault_of(&format!("${name}"), &self.store, &saved)
        });
    }

    fn save_filter(&mut self) {
        self.check_name();
        let Some(Overlay::Save(dialog)) = &mut self.overlay else {
            return;
        };
        if dialog.fault.is_some() {
            return;
        }
        let name = dialog.editor.text();
        let old = self.library.named(name);
        let name = old.map_or(name, |saved| &saved.name).to_owned();
        let filter = std::mem::take(&mut dialog.filter);
        self.overlay = None;
        self.notice = Some(format!("saved as ${name}: {}", format::visible(&filter)));
        self.library.save(&name, &filter);
        // The text in the bar may speak of that name.
        self.refilter();
    }
}
