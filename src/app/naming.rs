//! The question for the name under which a filter is saved.

use super::line_editor::LineEditor;
use super::{App, Overlay};
use crate::config;
use crate::format;
use crate::keymap::Action;

/// The open question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    /// The name.
    pub editor: LineEditor,
    /// The filter that is to be saved.
    pub filter: String,
    /// Why the name cannot be one, if it cannot; nothing is said of a name that is not begun.
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
        naming.fault = config::fault_of_name(name).filter(|_| !name.is_empty());
        let mut saved = self.memory.saved.iter();
        let old = saved.find(|saved| saved.name == name);
        naming.replaces = old.map(|saved| saved.text.clone());
    }

    fn save_filter(&mut self) {
        let Some(Overlay::Save(naming)) = &mut self.overlay else {
            return;
        };
        let name = naming.editor.text().to_owned();
        naming.fault = config::fault_of_name(&name);
        if naming.fault.is_some() {
            return;
        }
        let filter = std::mem::take(&mut naming.filter);
        self.overlay = None;
        self.notice = Some(format!("${name} is {}", format::visible(&filter)));
        self.memory.save(&name, &filter);
        // The text in the bar may speak of that name.
        self.refilter();
    }
}
