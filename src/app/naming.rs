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
pub struct Naming {
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
    pub(super) fn open_naming(&mut self) {
        let filter = self.filter.applied.trim();
        if filter.is_empty() {
            self.notice = Some("there is no filter to save".into());
            return;
        }
        self.overlay = Some(Overlay::Save(Naming {
            filter: filter.to_owned(),
            ..Naming::default()
        }));
    }

    /// Does what a key asks for while the question is open.
    pub(super) fn act_in_naming(&mut self, action: Action) {
        let Some(Overlay::Save(naming)) = &mut self.overlay else {
            return;
        };
        if action == Action::Enter {
            self.save_filter();
        } else if naming.editor.act(action) {
            self.check_name();
        }
    }

    /// Says what there is to say about the name.
    pub(super) fn check_name(&mut self) {
        let Some(Overlay::Save(naming)) = &mut self.overlay else {
            return;
        };
        let name = naming.editor.text();
        let old = self.memory.named(name);
        naming.replaces = old.map(|saved| saved.text.clone());
        naming.fault = config::check_name(name)
            .err()
            .map(|problem| problem.to_string());
        naming.fault = naming.fault.take().or_else(|| {
            // A filter may refer to others, and these to the name.
            let saved = Saved {
                name: name.to_owned(),
                text: naming.filter.clone(),
            };
            let others = self.memory.saved.iter();
            let others = others.filter(|saved| !saved.name.eq_ignore_ascii_case(name));
            let saved: Vec<Saved> = others.cloned().chain([saved]).collect();
            self.filter
                .fault_of(&format!("${name}"), &self.store, &saved)
        });
    }

    fn save_filter(&mut self) {
        self.check_name();
        let Some(Overlay::Save(naming)) = &mut self.overlay else {
            return;
        };
        if naming.fault.is_some() {
            return;
        }
        let name = naming.editor.text();
        let old = self.memory.named(name);
        let name = old.map_or(name, |saved| &saved.name).to_owned();
        let filter = std::mem::take(&mut naming.filter);
        self.overlay = None;
        self.notice = Some(format!("${name} is {}", format::visible(&filter)));
        self.memory.save(&name, &filter);
        // The text in the bar may speak of that name.
        self.refilter();
    }
}
