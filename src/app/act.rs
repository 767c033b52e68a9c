//! What each key does.

use super::layout;
use super::{App, Cmd, Overlay, Pane};
use crate::analysis::{Key, Window};
use crate::format;
use crate::keymap::Action;
use crate::query;
use crate::schema::{FieldId, id};

impl App {
    pub(super) fn act(&mut self, action: Action, cmds: &mut Vec<Cmd>) {
        if matches!(self.overlay, Some(Overlay::Format(_))) {
            return self.act_in_format_dialog(action, cmds);
        }
        match action {
            Action::Quit if self.focus.maximised => self.maximise(false),
            Action::Quit => self.quit(cmds),
            Action::Cancel => self.cancel(cmds),
            Action::Suspend => cmds.push(Cmd::Suspend),
            Action::Redraw => cmds.push(Cmd::Redraw),
            Action::Help => {
                self.overlay = Some(Overlay::Help(self.help(self.focus.pane)));
            }
            Action::Back => self.back(),
            Action::FocusFilter => self.focus_on(Pane::Filter),
            Action::AcceptFilter if self.act_in_list(action) => {}
            Action::FocusRecords | Action::AcceptFilter => self.focus_on(Pane::Records),
            Action::FocusTimeline => self.focus_on(Pane::Timeline),
            Action::FocusBreakdown => self.focus_on(Pane::Breakdown),
            Action::FocusExplain => self.focus_on(Pane::Explain),
            Action::NextPane => self.focus_on(self.focus.pane.after(1)),
            Action::PreviousPane => self.focus_on(self.focus.pane.after(Pane::ALL.len() - 1)),
            Action::Maximise => self.maximise(!self.focus.maximised),
            Action::Pause => self.pause(),
            Action::ShowProblems => self.open_problems(),
            Action::CopyMenu => self.overlay = Some(Overlay::Copy),
            Action::ShowCopied => self.show_copied(cmds),
            Action::Enter if matches!(self.overlay, Some(Overlay::Problems(_))) => {
                self.show_problem(cmds);
            }
            Action::CopyCell | Action::CopyLine | Action::CopyFilter => self.copy(action, cmds),
            Action::FilterBack => self.walk(false),
            Action::FilterForward => self.walk(true),
            Action::HistoryBack => self.walk_history(true),
            Action::HistoryForward => self.walk_history(false),
            Action::FindFilter => self.open_filter_picker(),
            Action::SaveFilter => self.open_save_dialog(),
            Action::ShowFormat => self.open_format_dialog(),
            _ => self.act_in_pane(action),
        }
    }

    fn act_in_pane(&mut self, action: Action) {
        let help_page = layout::help_page(self.layout.screen);
        match &mut self.overlay {
            Some(Overlay::Help(help)) => return help.act(action, help_page),
            Some(Overlay::Find(_)) => return self.act_in_filter_picker(action),
            Some(Overlay::Save(_)) => return self.act_in_save_dialog(action),
            Some(Overlay::Problems(_)) => return self.act_in_problems(action),
            Some(Overlay::Copy | Overlay::Format(_)) | None => {}
        }
        match self.focus.pane {
            Pane::Filter => {
                if self.act_in_list(action) {
                    return;
                }
                let before = self.filter.editor.cursor();
                if self.filter.editor.act(action) {
                    self.retyped();
                } else if self.filter.editor.cursor() != before {
                    self.completing.suppress();
                }
            }
            Pane::Records => self.act_in_records(action),
            Pane::Timeline => self.act_in_timeline(action),
            Pane::Breakdown => self.act_in_breakdown(action),
            Pane::Explain => self.act_in_explain(action),
        }
    }

    fn act_in_records(&mut self, action: Action) {
        if self.records.act(action, self.page(Pane::Records)) {
            return;
        }
        match action {
            Action::Sort => self.records.cycle_sort(),
            Action::FlipSort => self.records.flip_sort(),
            Action::Decode => {
                self.records.decoded = !self.records.decoded;
                self.arrange();
            }
            Action::Enter => self.focus_on(Pane::Explain),
            Action::KeepValue => self.narrow_to_cell(true),
            Action::DropValue => self.narrow_to_cell(false),
            _ => {}
        }
    }

    fn act_in_explain(&mut self, action: Action) {
        match action {
            Action::Right => _ = self.records.act(Action::Down, 1),
            Action::Left => _ = self.records.act(Action::Up, 1),
            Action::KeepValue => self.narrow_to_cell(true),
            Action::DropValue => self.narrow_to_cell(false),
            Action::TryFilter => self.try_filter(),
            _ => {
                if let Some(field) = self.explain.act(action) {
                    self.records.point_at(field);
                }
            }
        }
    }

    fn act_in_timeline(&mut self, action: Action) {
        let Some(shown) = self.shown_time() else {
            return;
        };
        if self.timeline.act(action, shown) {
            return;
        }
        match action {
            Action::Enter => self.scope(shown.window),
            Action::Brush => self.timeline.mark(shown.window),
            Action::ZoomIn if !self.timeline.zoom_in(shown) => {
                self.notice = Some("a bar cannot be shorter than 1 second".into());
            }
            Action::ZoomOut if !self.timeline.zoom_out() => {
                self.notice = Some("the whole time range is shown".into());
            }
            Action::ZoomFit => self.timeline.zoom_fit(),
            Action::KeepValue | Action::DropValue => match self.lane() {
                Some(lane) => {
                    self.narrow(self.timeline.field, &lane, action == Action::KeepValue);
                }
                None => {
                    self.notice =
                        Some("select a lane first; this row is the total of all lanes".into());
                }
            },
            _ => {}
        }
    }

    fn act_in_breakdown(&mut self, action: Action) {
        if self.breakdown.act(action, self.page(Pane::Breakdown)) {
            return;
        }
        match action {
            Action::Left | Action::Right => self.breakdown.turn(action == Action::Right),
            Action::NextMeasure => self.breakdown.next_measure(),
            Action::KeepValue | Action::DropValue => self.drill(action == Action::KeepValue),
            _ => {}
        }
    }

    /// Adds the group of the cursor to the filter; one that is kept is broken down by the next field.
    fn drill(&mut self, wanted: bool) {
        let Some((field, label)) = self.group() else {
            return;
        };
        let before = self.filter.applied.clone();
        self.narrow(field, &label, wanted);
        if wanted && self.filter.applied != before && self.breakdown.field == field {
            self.breakdown.turn(true);
        }
    }

    /// The field and the value of the group of the cursor.
    pub(super) fn group(&self) -> Option<(FieldId, String)> {
        // While an answer for another field is on its way, the groups on the screen are the old ones.
        let breakdown = &self.results.answer.as_ref()?.breakdown;
        let group = breakdown.groups.get(self.breakdown.position)?;
        let label = match group.key {
            Key::Missing => "-".to_owned(),
            _ => group.label.clone(),
        };
        Some((breakdown.field, label))
    }

    /// The value of the lane of the cursor; none on the row of all lanes together.
    pub(super) fn lane(&self) -> Option<String> {
        let timeline = self.results.answer.as_ref()?.timeline.as_ref()?;
        let lane = timeline.lanes.get(self.timeline.lane.checked_sub(1)?)?;
        Some(lane.label.clone())
    }

    /// Puts the filter that the glossary proposes in place of the one in force.
    fn try_filter(&mut self) {
        let Some(filter) = self.explain.filter() else {
            self.notice = Some("no filter is suggested for this field".into());
            return;
        };
        self.replace_filter(filter.to_owned());
        self.notice = Some(format!("trying {filter}; press u to undo"));
    }

    fn narrow_to_cell(&mut self, wanted: bool) {
        if let (Some(row), Some(field)) = (self.records.selected, self.records.field()) {
            let value = self.store.cell_text(row, field);
            self.narrow(field, &value, wanted);
        }
    }

    /// Adds to the filter that `field` is, or is not, `value`.
    fn narrow(&mut self, field: FieldId, value: &str, wanted: bool) {
        let term = query::term(&self.store.catalog, field, value, wanted);
        self.add_term(&term);
    }

    fn add_term(&mut self, term: &str) {
        self.remember_filter();
        self.filter.narrow(term);
        self.refilter();
        self.remember_filter();
    }

    /// Narrows the filter to the stretch of time under the cursor.
    fn scope(&mut self, window: Window) {
        let (from, to) = self.timeline.stretch(window);
        self.timeline.brush = None;
        let start = self.store.catalog.name(id::START);
        let (from, to) = (format::iso(from), format::iso(to));
        self.add_term(&format!("{start} >= {from} and {start} < {to}"));
    }

    /// Takes the filter before or after the present one.
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

    fn cancel(&mut self, cmds: &mut Vec<Cmd>) {
        let is_under_way = self.load.is_running() || self.load.is_live;
        if is_under_way && !self.load.is_stopping {
            if self.load.waiting.is_some() {
                self.pause();
            }
            self.load.is_stopping = true;
            cmds.push(Cmd::StopLoad);
        } else {
            self.quit(cmds);
        }
    }

    fn back(&mut self) {
        if self.overlay.take().is_some() {
            return;
        }
        if self.timeline.brush.take().is_some() {
            return;
        }
        if self.focus.maximised {
            self.maximise(false);
        } else {
            self.focus_on(Pane::Records);
        }
    }

    pub(super) fn focus_on(&mut self, pane: Pane) {
        match (self.focus.pane, pane) {
            (Pane::Filter, Pane::Filter) => {}
            (Pane::Filter, _) => self.remember_filter(),
            (_, Pane::Filter) => self.filter.enter(self.records.selected),
            _ => {}
        }
        self.focus.pane = pane;
        if !matches!(pane, Pane::Filter | Pane::Records) {
            self.focus.lower = pane;
        }
    }

    fn maximise(&mut self, maximised: bool) {
        self.focus.maximised = maximised;
    }
}
