//! What keys do: the view that takes the keys acts first, then what a key does everywhere, then their effects.

use std::sync::Arc;

use super::column_chooser::ColumnChooser;
use super::copying::CopyMenu;
use super::field_picker::FieldPicker;
use super::filter_picker::FilterPicker;
use super::format_dialog::FormatDialog;
use super::help::Help;
use super::problems::ProblemList;
use super::prompt::Prompt;
use super::save_dialog::SaveDialog;
use super::view::{ColumnChange, Condition, Effect};
use super::{App, Cmd, FilterBar, Overlay, Pane};
use crate::config::{Change, FolderFormat};
use crate::format;
use crate::keymap::Action;
use crate::query;
use crate::schema::FieldId;
use crate::store::Catalog;

impl App {
    /// Does `action`. Returns false if it has no effect here.
    pub(super) fn act(&mut self, action: Action, cmds: &mut Vec<Cmd>) -> bool {
        let Some((view, context)) = self.view_mut(self.active()) else {
            return false;
        };
        match view.act(action, &context) {
            Effect::Unhandled => self.act_everywhere(action, cmds),
            effect => {
                self.apply(effect, cmds);
                true
            }
        }
    }

    /// Does what a key does in every pane. Returns false if that is nothing.
    fn act_everywhere(&mut self, action: Action, cmds: &mut Vec<Cmd>) -> bool {
        match action {
            Action::Quit if self.focus.maximised => self.focus.maximised = false,
            Action::Quit => self.ask_to_quit(cmds),
            Action::Cancel => self.cancel(cmds),
            Action::Suspend => cmds.push(Cmd::Suspend),
            Action::Redraw => cmds.push(Cmd::Redraw),
            Action::Back => self.back(),
            Action::Focus(scope) => {
                if let Some(pane) = Pane::of(scope) {
                    self.focus_on(pane);
                }
            }
            Action::NextPane => self.focus_on(self.focus.pane.after(1)),
            Action::PreviousPane => self.focus_on(self.focus.pane.after(Pane::ALL.len() - 1)),
            Action::Maximise => self.focus.maximised = !self.focus.maximised,
            Action::Pause => self.pause(),
            Action::Help => self.open_help(),
            Action::Palette => self.open_palette(),
            Action::ShowProblems => {
                self.overlay = Some(Overlay::Problems(ProblemList::new(&self.store)));
            }
            Action::CopyMenu => self.overlay = Some(Overlay::Copy(CopyMenu)),
            Action::FindFilter => {
                self.overlay = Some(Overlay::Find(FilterPicker::new(&self.library)));
            }
            Action::SaveFilter => self.open_save_dialog(),
            Action::ShowFormat => self.open_format_dialog(),
            Action::ShowCopied => self.show_copied(cmds),
            Action::CopyFilter => {
                let filter = Some(self.filter.applied.clone());
                let filter = filter.filter(|filter| !filter.trim().is_empty());
                self.apply(Effect::copy("filter", filter, "no filter to copy"), cmds);
            }
            Action::CopyRow => {
                let text = self.row_text();
                self.apply(Effect::copy("record", text, "no record to copy from"), cmds);
            }
            Action::FilterBack => self.walk(false),
            Action::FilterForward => self.walk(true),
            Action::HistoryBack => self.walk_history(true),
            Action::HistoryForward => self.walk_history(false),
            Action::ClearFilter if self.filter.editor.text().is_empty() => {
                self.notice = Some("there is no filter to clear".into());
            }
            Action::ClearFilter => {
                self.replace_filter(String::new());
                self.notice = Some("cleared the filter; press u to undo".into());
            }
            _ => return false,
        }
        true
    }

    pub(super) fn apply(&mut self, effect: Effect, cmds: &mut Vec<Cmd>) {
        match effect {
            Effect::None | Effect::Unhandled => {}
            Effect::Notice(text) => self.notice = Some(text),
            Effect::Focus(pane) => self.focus_on(pane),
            Effect::NextMeasure => self.breakdown.next_measure(),
            Effect::ChooseField(pane) => self.choose_field(pane),
            Effect::ShowField(pane, field) => self.show_field(pane, field),
            Effect::FocusNext => self.focus_on(self.focus.pane.after(1)),
            Effect::CloseOverlay => self.overlay = None,
            Effect::CloseOverlayAndAct(action) => {
                self.overlay = None;
                self.act(action, cmds);
            }
            Effect::Act(action) => _ = self.act_everywhere(action, cmds),
            Effect::Run(scope, action) => self.run(scope, action, cmds),
            Effect::Quit => self.quit(cmds),
            Effect::Copy { what, text } => self.copy(what, text, cmds),
            Effect::ShowText(text) => self.show_alone(text.into(), cmds),
            Effect::MoveRecord(action) => _ = self.records.move_cursor(action, 1),
            Effect::SelectField(field) => self.records.point_at(field),
            Effect::Find(text) => {
                self.overlay = None;
                self.find(text, cmds);
            }
            Effect::FindNext { is_forward } => self.find_next(is_forward, cmds),
            Effect::GoTo(position) => {
                self.overlay = None;
                self.records.select(position);
            }
            Effect::GoToColumn(field) => {
                self.overlay = None;
                self.records.show_column(field);
                self.arrange();
                self.records.point_at(field);
            }
            Effect::ShowTimes(times) => {
                self.overlay = None;
                self.records.times = times;
                self.arrange();
            }
            Effect::ChangeColumns(change) => self.change_columns(change, cmds),
            Effect::ShowColumns => {
                let rows = self.records.column_rows(&self.store);
                let chooser = ColumnChooser::new(rows, self.records.field());
                self.overlay = Some(Overlay::Columns(chooser));
            }
            Effect::OpenPrompt(kind) => self.overlay = Some(Overlay::Prompt(Prompt::new(kind))),
            Effect::Narrow(condition) => self.narrow(&condition),
            Effect::DrillDown(condition) => self.drill_down(&condition),
            Effect::OfferFilters(subject) => self.open_value_menu(subject, cmds),
            Effect::UseOffered(filter) => self.use_offered(&filter),
            Effect::AddTerm(term) => self.add_term(&term),
            Effect::TryFilter(filter) => {
                self.notice = Some(format!("trying {filter}; press u to undo"));
                self.replace_filter(filter);
            }
            Effect::UseFilter(text) => self.use_filter(text),
            Effect::DeleteSaved(name) => self.delete_saved(&name),
            Effect::DeleteFromHistory(text) => {
                self.notice = Some(format!("deleted {}", format::visible(&text)));
                self.library.forget(&text);
                self.after_delete();
            }
            Effect::FilterEdited => {
                self.filter.typed(self.records.selected);
                self.filter.watch_partial(&self.store.catalog);
                self.refilter();
            }
            Effect::SaveFilter { name, filter } => {
                self.overlay = None;
                self.notice = Some(format!("saved as ${name}: {}", format::visible(&filter)));
                self.library.save(&name, &filter);
                // The text in the filter bar may use that name.
                self.refilter();
            }
            Effect::AcceptFormat(accepted) => self.accept_format(accepted, cmds),
        }
    }

    fn change_columns(&mut self, change: ColumnChange, cmds: &mut Vec<Cmd>) {
        let is_for_all = change == ColumnChange::KeepForAll;
        if is_for_all {
            self.notice = Some("these columns are kept for all logs without their own".into());
        }
        self.records.change_columns(change, &self.store);
        self.arrange();
        self.keep_columns(is_for_all, cmds);
        if let Some(Overlay::Columns(chooser)) = &mut self.overlay {
            chooser.rows = self.records.column_rows(&self.store);
        }
    }

    /// The values of the record under the cursor as the list shows them.
    fn row_text(&self) -> Option<String> {
        let row = self.records.selected.filter(|_| !self.results.is_empty())?;
        let columns = self.records.columns.iter();
        let cells = columns.map(|column| self.records.style.text(&self.store, row, column.field));
        Some(cells.collect::<Vec<_>>().join("\t"))
    }

    fn delete_saved(&mut self, name: &str) {
        let text = self.library.named(name).map_or("", |saved| &saved.text);
        self.notice = Some(format!("deleted ${name} ({})", format::visible(text)));
        self.library.unsave(name);
        self.after_delete();
    }

    fn show_field(&mut self, pane: Pane, field: FieldId) {
        self.overlay = None;
        match pane {
            Pane::Timeline => self.timeline.show(field),
            _ => self.breakdown.show(field),
        }
    }

    /// Offers the fields by whose values `pane` can show records.
    fn choose_field(&mut self, pane: Pane) {
        let current = match pane {
            Pane::Timeline => self.timeline.field,
            _ => self.breakdown.field,
        };
        let fields = &self.breakdown.fields;
        let picker = FieldPicker::new(pane, current, fields, &self.store.catalog);
        self.overlay = Some(Overlay::Fields(picker));
    }

    fn open_help(&mut self) {
        let said = self.filter.said();
        let said = said.iter().map(|diagnostic| diagnostic.sentence());
        let width = super::layout::help_width(self.layout.screen);
        let said: Vec<String> = said.collect();
        self.overlay = Some(Overlay::Help(Help::new(self.focus.pane, width, &said)));
    }

    /// Asks for the name under which to save the last good filter.
    fn open_save_dialog(&mut self) {
        let filter = self.filter.applied.trim();
        if filter.is_empty() {
            self.notice = Some("no filter to save".into());
            return;
        }
        let dialog = SaveDialog::new(filter.to_owned(), self.filter.applied_row());
        self.overlay = Some(Overlay::Save(dialog));
    }

    /// Shows the log format that was inferred for a file; one that was too doubtful to be used comes first.
    fn open_format_dialog(&mut self) {
        let inferred = || {
            let sources = self.store.sources().iter();
            sources.filter_map(|source| Some((source, source.inferred_order.as_deref()?)))
        };
        let doubtful = inferred().find(|(_, order)| !order.is_used);
        match doubtful.or_else(|| inferred().next()) {
            Some((source, order)) => {
                self.overlay = Some(Overlay::Format(FormatDialog::new(source, order)));
            }
            None => self.notice = Some("every file has a header or a known order of fields".into()),
        }
    }

    /// After a load: tells about inferred log formats, and opens the dialog if one was too doubtful to be used.
    pub(super) fn check_inferred_formats(&mut self) {
        let sources = self.store.sources().iter();
        let orders = sources.filter_map(|source| source.inferred_order.as_deref());
        let (mut least, mut are_used) = (None, true);
        for order in orders {
            least = Some(least.map_or(order.confidence, |least| order.confidence.min(least)));
            are_used &= order.is_used;
        }
        let Some(least) = least else {
            return;
        };
        if are_used {
            self.notice = Some(format!(
                "order of fields guessed, {least} % sure; press o to check it"
            ));
        } else if self.overlay.is_none() {
            self.open_format_dialog();
        }
    }

    /// Saves the log format for its folder, and reads everything again.
    fn accept_format(&mut self, accepted: FolderFormat, cmds: &mut Vec<Cmd>) {
        if self.load.is_running() {
            self.notice = Some("wait until loading has finished".into());
            return;
        }
        let shown = format::visible(&accepted.folder.to_string_lossy()).into_owned();
        let catalog = Arc::new(Catalog::default());
        self.start_over(Arc::clone(&catalog));
        self.notice = Some(format!("order of fields saved for {shown}"));
        cmds.push(Cmd::SaveState(Change::AcceptFormat(accepted.clone())));
        cmds.push(Cmd::ReadAgain { catalog, accepted });
    }

    /// Discards everything that was read, and keeps the filter.
    fn start_over(&mut self, catalog: Arc<Catalog>) {
        let new = Self::new(self.title.clone(), String::new(), catalog);
        let mut old = std::mem::replace(self, new);
        self.filter = FilterBar::new(old.filter.applied.clone(), self.breakdown.field);
        old.results.forget();
        self.results = old.results;
        self.filter.completing = old.filter.completing;
        self.filter.completing.suppress();
        self.layout = old.layout;
        self.library = old.library;
        self.kept_columns = old.kept_columns;
        self.records.choice = old.records.choice;
        self.lay_out();
        self.refilter();
    }

    fn use_filter(&mut self, text: String) {
        self.overlay = None;
        if self.focus.pane != Pane::Filter {
            self.notice = Some(format!("{}; press u to undo", format::visible(&text)));
            self.replace_filter(text);
            return;
        }
        // The bar keeps the focus, so the old text can be undone to but is not in the history yet.
        self.filter.remember(self.breakdown.field);
        self.filter.completing.suppress();
        self.filter.replace(text, self.records.selected);
        self.filter.enter(None);
        self.refilter();
    }

    fn after_delete(&mut self) {
        self.refresh_overlay();
        // The text in the filter bar may use a name that is gone.
        self.refilter();
    }

    /// Adds a condition, and groups by the next field if that changed the filter.
    fn drill_down(&mut self, condition: &Condition) {
        let before = self.filter.applied.clone();
        self.narrow(condition);
        let has_changed = self.filter.applied != before;
        if has_changed && self.breakdown.field == condition.field {
            self.breakdown.turn(true);
        }
    }

    fn narrow(&mut self, condition: &Condition) {
        let Condition {
            field,
            value,
            is_equal,
        } = condition;
        let term = query::term(&self.store.catalog, *field, value, *is_equal);
        let base = self.without_opposite(condition);
        self.put_filter(query::narrow(&base, &term));
    }

    fn add_term(&mut self, term: &str) {
        self.put_filter(query::narrow(&self.filter.applied, term));
    }

    /// Puts a filter that was made from the last valid one into force.
    pub(super) fn put_filter(&mut self, text: String) {
        self.remember_filter();
        self.filter.derive(text);
        self.refilter();
        self.remember_filter();
    }

    /// Undo or redo of the filter.
    fn walk(&mut self, forward: bool) {
        if !forward {
            self.remember_filter();
        }
        let Some(step) = self.filter.walk(forward) else {
            let end = if forward { "redo" } else { "undo" };
            self.notice = Some(format!("nothing to {end}"));
            return;
        };
        if self.breakdown.field != step.breakdown {
            self.breakdown.show(step.breakdown);
        }
        self.refilter();
    }

    /// Cancels what is open, or else what runs; if that is nothing, leaves the program.
    fn cancel(&mut self, cmds: &mut Vec<Cmd>) {
        if self.focus.pane == Pane::Filter {
            return self.cancel_typing();
        }
        if self.timeline.brush.take().is_some() {
            return;
        }
        let is_under_way = self.load.is_running() || self.load.is_live;
        if is_under_way && !self.load.is_stopping {
            if self.load.waiting.is_some() {
                self.pause();
            }
            self.load.is_stopping = true;
            cmds.push(Cmd::StopLoad);
        } else {
            self.ask_to_quit(cmds);
        }
    }

    /// Leaves the filter bar with the filter from before; the typed one can be redone.
    fn cancel_typing(&mut self) {
        if let Some(before) = self.filter.text_before() {
            let is_filter = !self.filter.is_held();
            self.remember_filter();
            self.filter.restore(before);
            self.refilter();
            self.filter.remember(self.breakdown.field);
            self.notice = Some(if is_filter {
                "restored the filter from before; press u for what was typed".into()
            } else {
                "restored the filter from before".into()
            });
        }
        self.focus_on(Pane::Records);
    }

    fn back(&mut self) {
        if self.timeline.brush.take().is_some() {
            return;
        }
        if self.focus.maximised {
            self.focus.maximised = false;
        } else if self.focus.pane == Pane::Records {
            if self.finding.text.is_empty() {
                self.notice = Some("nothing to go back from; q quits".into());
            }
            self.finding.forget();
        } else {
            self.focus_on(Pane::Records);
        }
    }

    /// Puts the typed filter into force, half an address or not, and remembers it.
    fn leave_filter(&mut self) {
        if self.filter.commit() {
            self.refilter();
        }
        self.remember_filter();
    }

    pub(super) fn focus_on(&mut self, pane: Pane) {
        match (self.focus.pane, pane) {
            (Pane::Filter, Pane::Filter) => {}
            (Pane::Filter, _) => self.leave_filter(),
            (_, Pane::Filter) => self.filter.enter(self.records.selected),
            _ => {}
        }
        self.focus.pane = pane;
        if !matches!(pane, Pane::Filter | Pane::Records) {
            self.focus.lower = pane;
        }
    }
}
