//! The columns that are kept for later sessions: those of logs with the same fields, or else those of all logs.

#[cfg(test)]
mod tests;

use super::columns::ColumnChoice;
use super::{App, Cmd};
use crate::config::{Change, ColumnLayout};
use crate::store::{Catalog, Store};

/// What was kept, and which of it is in use.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeptColumns {
    layouts: Vec<ColumnLayout>,
    /// The fields of the loaded logs when their columns were looked up.
    fields: Vec<String>,
}

impl KeptColumns {
    /// What was kept for logs with these fields, or else for all logs.
    fn of(&self, fields: &[String]) -> Option<&ColumnLayout> {
        let find = |fields: &[String]| {
            let layouts = self.layouts.iter();
            layouts.rev().find(|layout| layout.fields == fields)
        };
        find(fields).or_else(|| find(&[]))
    }
}

impl App {
    /// Takes the columns from an earlier session, in the order in which they were kept.
    pub(super) fn know_columns(&mut self, layouts: Vec<ColumnLayout>) {
        self.kept_columns.layouts = layouts;
        self.kept_columns.fields.clear();
        self.restore_columns();
    }

    /// Uses what was kept for the loaded logs, if these have other fields than before.
    pub(super) fn restore_columns(&mut self) {
        let fields = field_names(&self.store);
        if fields.is_empty() || fields == self.kept_columns.fields {
            return;
        }
        let kept = self.kept_columns.of(&fields);
        if let Some(layout) = kept {
            self.records.choice = choice(layout, &self.store.catalog);
            self.arrange();
        }
        self.kept_columns.fields = fields;
    }

    /// Keeps the columns for logs with the same fields, or for all that have no layout of their own.
    pub(super) fn keep_columns(&mut self, is_for_all: bool, cmds: &mut Vec<Cmd>) {
        let fields = if is_for_all {
            Vec::new()
        } else {
            field_names(&self.store)
        };
        let layout = layout(&self.records.choice, &self.store.catalog, fields);
        let layouts = &mut self.kept_columns.layouts;
        layouts.retain(|known| known.fields != layout.fields);
        layouts.push(layout.clone());
        cmds.push(Cmd::SaveState(Change::KeepColumns(layout)));
    }
}

fn field_names(store: &Store) -> Vec<String> {
    let fields = store.fields().into_iter();
    let mut names: Vec<String> = fields.map(|field| store.catalog.name(field)).collect();
    names.sort_unstable();
    names
}

fn choice(layout: &ColumnLayout, catalog: &Catalog) -> ColumnChoice {
    let lookup = |name: &String| catalog.lookup(name);
    let widths = layout.widths.iter();
    ColumnChoice {
        order: layout.order.iter().filter_map(lookup).collect(),
        hidden: layout.hidden.iter().filter_map(lookup).collect(),
        widths: widths
            .filter_map(|(name, width)| Some((lookup(name)?, *width)))
            .collect(),
        frozen: layout.frozen,
    }
}

fn layout(choice: &ColumnChoice, catalog: &Catalog, fields: Vec<String>) -> ColumnLayout {
    let names = |fields: &[crate::schema::FieldId]| {
        let fields = fields.iter();
        fields.map(|field| catalog.name(*field)).collect()
    };
    let widths = choice.widths.iter();
    ColumnLayout {
        fields,
        order: names(&choice.order),
        hidden: names(&choice.hidden),
        widths: widths
            .map(|(field, width)| (catalog.name(*field), *width))
            .collect(),
        frozen: choice.frozen,
    }
}
