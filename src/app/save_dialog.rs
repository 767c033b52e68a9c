//! The dialog that asks for the name under which a filter is saved.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;

use super::filter;
use super::line_editor::{Edit, LineEditor};
use super::view::{Context, Effect, View};
use crate::config;
use crate::keymap::{Action, Scope};
use crate::query::Saved;
use crate::store::RowId;

/// The dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaveDialog {
    /// The name.
    pub editor: LineEditor,
    /// The filter to be saved.
    pub filter: String,
    /// The record that the filter refers to, if it refers to one.
    row: Option<RowId>,
    /// Why the name cannot be used, in a sentence.
    pub error: Option<String>,
    /// The filter that has this name already.
    pub replaces: Option<String>,
}

impl SaveDialog {
    pub(super) fn new(filter: String, row: Option<RowId>) -> Self {
        Self {
            filter,
            row,
            ..Self::default()
        }
    }

    fn check_name(&mut self, context: &Context<'_>) {
        let name = self.editor.text();
        let old = context.library.named(name);
        self.replaces = old.map(|saved| saved.text.clone());
        let problem = config::check_name(name).err();
        let error = problem.map(|problem| problem.to_string());
        self.error = error.or_else(|| self.error_of_reference(context));
    }

    /// Why the filter cannot be used under its name: filters may refer to one another.
    fn error_of_reference(&self, context: &Context<'_>) -> Option<String> {
        let name = self.editor.text();
        let saved = Saved {
            name: name.to_owned(),
            text: self.filter.clone(),
        };
        let others = context.library.saved.iter();
        let others = others.filter(|saved| !saved.name.eq_ignore_ascii_case(name));
        let saved: Vec<Saved> = others.cloned().chain([saved]).collect();
        filter::error_of(&format!("${name}"), self.row, context.store, &saved)
    }

    fn save(&mut self, context: &Context<'_>) -> Effect {
        self.check_name(context);
        if self.error.is_some() {
            return Effect::None;
        }
        let name = self.editor.text();
        let old = context.library.named(name);
        Effect::SaveFilter {
            name: old.map_or(name, |saved| &saved.name).to_owned(),
            filter: self.filter.clone(),
        }
    }
}

impl View for SaveDialog {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Save, Scope::Line]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        match action {
            Action::Enter => return self.save(context),
            Action::Back => return Effect::CloseOverlay,
            _ => {}
        }
        match self.editor.act(action) {
            Edit::Changed => self.check_name(context),
            Edit::Moved => {}
            Edit::Unhandled => return Effect::Unhandled,
        }
        Effect::None
    }

    fn insert(&mut self, text: &str, context: &Context<'_>) -> Effect {
        self.editor.insert(text);
        self.check_name(context);
        Effect::None
    }

    fn settle(&mut self, _screen: Rect, _context: &Context<'_>) {}
}
