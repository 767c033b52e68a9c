//! The state of the session, and the only code that changes it.
//!
//! [`App::update`] takes a message and returns commands. It uses no threads, files, clock or terminal, so that tests
//! can drive a whole session.

mod act;
pub mod breakdown;
pub(crate) mod cell_text;
pub mod column_chooser;
pub mod columns;
pub mod completion;
pub mod copying;
pub mod explain;
pub mod field_picker;
pub mod filter;
pub mod filter_library;
pub mod filter_picker;
pub mod find;
pub mod format_dialog;
pub mod help;
mod kept_columns;
pub mod layout;
pub mod line_editor;
pub mod load;
mod message;
pub mod mouse;
mod overlay;
pub mod palette;
mod prefetch;
pub mod problems;
pub mod prompt;
pub mod quit_dialog;
pub mod records;
pub mod results;
pub mod save_dialog;
pub mod search_list;
pub(crate) mod sorting;
#[cfg(test)]
pub(crate) mod tests;
pub mod timeline;
pub mod value_menu;
pub(crate) mod view;

use std::sync::Arc;

use crate::engine::{Answer, Question, Request, Ticket};
use crate::format::Problem as _;
use crate::keymap::{self, Action, Key, Scope};
use crate::query::Expression;
use crate::schema::id;
use crate::store::{Catalog, Cell, RowId, Store};

pub use message::{Cmd, Msg};
pub use overlay::Overlay;

use breakdown::BreakdownPane;
use copying::Copying;
use explain::ExplainPane;
use filter::FilterBar;
use filter_library::FilterLibrary;
use find::Finding;
use kept_columns::KeptColumns;
use layout::Layout;
use load::Load;
use records::RecordsPane;
use results::{Pace, Results};
use sorting::Sorting;
use timeline::TimelinePane;
use view::{Context, Effect, View};

/// The maximum number of lanes and groups. It exceeds the height of a screen, so that they can be scrolled.
const MAX_ROWS: usize = 256;

/// A part of the screen that can have the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The filter bar.
    Filter,
    /// The record list.
    #[default]
    Records,
    /// The interfaces over time.
    Timeline,
    /// The breakdown.
    Breakdown,
    /// The explanation.
    Explain,
}

/// The state of the session.
#[derive(Clone, Debug)]
pub struct App {
    /// The title in the header: the files, or the name of the sample.
    pub(crate) title: String,
    pub(crate) layout: Layout,
    pub(crate) focus: Focus,
    pub(crate) overlay: Option<Overlay>,
    pub(crate) load: Load,
    /// Everything loaded so far.
    pub(crate) store: Store,
    pub(crate) filter: FilterBar,
    pub(crate) results: Results,
    pub(crate) records: RecordsPane,
    pub(crate) timeline: TimelinePane,
    pub(crate) breakdown: BreakdownPane,
    pub(crate) explain: ExplainPane,
    /// Saved filters and history.
    pub(crate) library: FilterLibrary,
    pub(crate) copying: Copying,
    pub(crate) finding: Finding,
    kept_columns: KeptColumns,
    /// Shown in the footer until the next key.
    pub(crate) notice: Option<String>,
    /// That of the last request to count the records of filters.
    counting: Ticket,
    /// Whether the cursor starts on the first record of traffic; until the first key.
    opens_on_flow: bool,
}

/// Which panes are shown, and which of them is focused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Focus {
    /// The pane that takes the keys.
    pub(crate) pane: Pane,
    /// The pane shown below the record list if there is room for only one.
    pub(crate) lower: Pane,
    /// Whether the focused pane fills the screen.
    pub(crate) maximised: bool,
}

impl Pane {
    /// The panes in the order of the Tab key.
    pub const ALL: [Self; 5] = [
        Self::Filter,
        Self::Records,
        Self::Timeline,
        Self::Breakdown,
        Self::Explain,
    ];

    /// The scope of the pane's own keys.
    pub(crate) fn scope(self) -> Scope {
        match self {
            Self::Filter => Scope::Filter,
            Self::Records => Scope::Records,
            Self::Timeline => Scope::Timeline,
            Self::Breakdown => Scope::Breakdown,
            Self::Explain => Scope::Explain,
        }
    }

    /// The pane to which `scope` belongs, if any.
    fn of(scope: Scope) -> Option<Self> {
        Self::ALL.into_iter().find(|pane| pane.scope() == scope)
    }

    fn after(self, step: usize) -> Self {
        let at = Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0);
        Self::ALL[(at + step) % Self::ALL.len()]
    }
}

impl App {
    /// A session with nothing loaded and with `filter` in the filter bar. `catalog` is the one that the load fills.
    pub fn new(title: String, filter: String, catalog: Arc<Catalog>) -> Self {
        let breakdown = BreakdownPane::default();
        Self {
            title,
            layout: Layout::default(),
            focus: Focus {
                pane: Pane::Records,
                lower: Pane::Timeline,
                maximised: false,
            },
            overlay: None,
            load: Load::default(),
            store: Store::new(catalog, Vec::new()),
            filter: FilterBar::new(filter, breakdown.field),
            results: Results::default(),
            records: RecordsPane::default(),
            timeline: TimelinePane::default(),
            breakdown,
            explain: ExplainPane::default(),
            library: FilterLibrary::default(),
            copying: Copying::default(),
            finding: Finding::default(),
            kept_columns: KeptColumns::default(),
            notice: None,
            counting: Ticket::default(),
            opens_on_flow: false,
        }
    }

    /// The same session, whose cursor starts on the first record of traffic rather than on one of NODATA.
    #[must_use]
    pub fn opening_on_flow(self) -> Self {
        Self {
            opens_on_flow: true,
            ..self
        }
    }

    /// Processes one message and pushes the resulting commands onto `cmds`.
    pub fn update(&mut self, msg: Msg, cmds: &mut Vec<Cmd>) {
        self.opens_on_flow &= !matches!(msg, Msg::Key(_) | Msg::Mouse(_) | Msg::Paste(_));
        match msg {
            Msg::Key(key) => self.press(key, cmds),
            Msg::Mouse(mouse) => self.on_mouse(mouse, cmds),
            Msg::Paste(_) if self.copying.is_shown() => {}
            Msg::Paste(text) => self.paste(&text, cmds),
            Msg::Resize { cols, rows } => {
                self.layout.screen.width = cols;
                self.layout.screen.height = rows;
                self.show_again(cmds);
            }
            Msg::Load(event) => self.on_load_event(event),
            Msg::Answer(answer) => self.on_answer(answer),
            Msg::Values(counts) => self.on_values(counts),
            Msg::Counts(counts) => self.on_counts(counts),
            Msg::SavedState(kept) => self.on_saved_state(*kept),
            Msg::Copied { text, delivery } => self.on_copied(&text, delivery),
            Msg::Search(reply) => self.on_search_reply(reply),
            Msg::Notice(text) => self.notice = Some(text),
            Msg::Failed { ticket, error } => {
                self.results.give_up(ticket);
                self.notice = Some(error.sentence());
            }
        }
        self.settle();
        self.ask(cmds);
        self.suggest(cmds);
        self.prefetch(cmds);
        self.keep(cmds);
    }

    /// Whether keys go to the text of the filter bar.
    pub(crate) fn edits_filter(&self) -> bool {
        self.overlay.is_none() && self.focus.pane == Pane::Filter
    }

    /// The scopes of the keys that work now, innermost first.
    pub(crate) fn scopes(&self) -> &'static [Scope] {
        match (&self.overlay, self.focus.pane) {
            (Some(overlay), _) => overlay.view().scopes(),
            (None, Pane::Filter) => self.filter.scopes(),
            (None, Pane::Records) => self.records.scopes(),
            (None, Pane::Timeline) => self.timeline.scopes(),
            (None, Pane::Breakdown) => self.breakdown.scopes(),
            (None, Pane::Explain) => self.explain.scopes(),
        }
    }

    /// A pane, or the overlay if `pane` is `None`; and what it may read.
    fn view_mut(&mut self, pane: Option<Pane>) -> Option<(&mut dyn View, Context<'_>)> {
        let context = Context {
            store: &self.store,
            results: &self.results,
            layout: &self.layout,
            library: &self.library,
            focus: self.focus,
            row: self.records.selected,
            field: self.records.field(),
        };
        let view: &mut dyn View = match pane {
            None => self.overlay.as_mut()?.view_mut(),
            Some(Pane::Filter) => &mut self.filter,
            Some(Pane::Records) => &mut self.records,
            Some(Pane::Timeline) => &mut self.timeline,
            Some(Pane::Breakdown) => &mut self.breakdown,
            Some(Pane::Explain) => &mut self.explain,
        };
        Some((view, context))
    }

    /// The focused pane; `None` if an overlay is open.
    fn active(&self) -> Option<Pane> {
        self.overlay.is_none().then_some(self.focus.pane)
    }

    fn press(&mut self, key: Key, cmds: &mut Vec<Cmd>) {
        self.notice = None;
        self.stop_finding(cmds);
        if self.copying.is_shown() {
            return self.turn_page(key, cmds);
        }
        if let Some(action) = keymap::resolve(self.scopes(), key) {
            if !self.act(action, cmds) {
                self.notice = Some(format!("{key} has no effect here"));
            }
        } else if let Some(apart) = key.without_alt() {
            for key in apart {
                self.press(key, cmds);
            }
        } else {
            let typed = key.typed();
            let is_typed = typed.is_some_and(|c| self.insert(c.encode_utf8(&mut [0; 4]), cmds));
            if !is_typed {
                self.notice = Some(format!("{key} is not bound here; {}", self.where_help_is()));
            }
        }
    }

    /// Which key shows the keys.
    fn where_help_is(&self) -> &'static str {
        match (&self.overlay, self.focus.pane) {
            (Some(_), _) => "Esc closes this window",
            (None, Pane::Filter) => "F1 shows the keys",
            (None, _) => "? shows the keys",
        }
    }

    /// Types `text` into the open overlay or the focused pane. Returns false if there is nothing to type into.
    fn insert(&mut self, text: &str, cmds: &mut Vec<Cmd>) -> bool {
        let Some((view, context)) = self.view_mut(self.active()) else {
            return false;
        };
        match view.insert(text, &context) {
            Effect::Unhandled => false,
            effect => {
                self.apply(effect, cmds);
                true
            }
        }
    }

    /// Inserts pasted text; if there is nothing to type into, opens the filter bar with it.
    fn paste(&mut self, text: &str, cmds: &mut Vec<Cmd>) {
        if self.insert(text, cmds) {
            return;
        }
        self.overlay = None;
        self.remember_filter();
        self.focus_on(Pane::Filter);
        self.filter.editor.set(String::new());
        self.insert(text, cmds);
        self.notice =
            Some("the pasted text is the filter now; Alt-← goes back to the one before".into());
    }

    /// Updates the open overlay to changes of the session.
    fn refresh_overlay(&mut self) {
        if let Some((overlay, context)) = self.view_mut(None) {
            overlay.refresh(&context);
        }
    }

    fn on_answer(&mut self, answer: Box<Answer>) {
        if self.results.is_newest(&answer) && self.filter.refuses(&answer) {
            return;
        }
        let anchor = answer.anchor;
        let sticks = self.load.is_live && self.results.is_growth();
        let sticks = sticks && self.records.awaits_more(self.results.len());
        let not_sorted = answer.not_sorted;
        if self.results.take(answer) {
            if let Some(problem) = not_sorted {
                self.notice = Some(problem.sentence());
                self.records.sorting = Sorting::default();
            }
            self.records.follow(anchor);
            if self.opens_on_flow
                && let Some(position) = self.first_flow()
            {
                self.records.start_at(position);
            }
            // As in `tail -f`, a cursor on the last record moves to the new last record.
            if sticks {
                self.records.move_cursor(Action::Bottom, 1);
            }
        }
    }

    /// The position of the first record of traffic.
    fn first_flow(&self) -> Option<usize> {
        const SEARCHED: usize = 100;
        let is_flow = |row: &RowId| self.store.cell(*row, id::SRCADDR) != Cell::Missing;
        let page = self.results.page(0, SEARCHED);
        page.iter().position(is_flow)
    }

    /// Compiles the filter again.
    fn refilter(&mut self) {
        let fields = self.store.fields();
        self.filter
            .compile(&self.store, &fields, &self.library.saved);
    }

    /// Requests everything that the panes show from the engine, unless it is the last request.
    fn ask(&mut self, cmds: &mut Vec<Cmd>) {
        let filter = self.filter.expression.as_deref();
        let span = self.store.usual_span();
        let filtered = filter.zip(span);
        self.timeline
            .follow_filter(filtered.and_then(|(filter, span)| filter.start_range(span)));
        let question = self.question();
        let pace = match (self.load.is_running(), self.load.is_live) {
            (true, _) => Pace::Loading,
            (false, true) => Pace::Live,
            (false, false) => Pace::Still,
        };
        if let Some(ticket) = self.results.ticket_for(&question, pace) {
            cmds.push(Cmd::Ask(Box::new(Request {
                ticket,
                store: self.store.clone(),
                question,
                anchor: self.records.anchor(),
            })));
        }
    }

    fn question(&self) -> Question {
        let shown = self.timeline.shown_in(&self.layout, &self.store);
        Question {
            filter: self
                .filter
                .expression
                .clone()
                .filter(|filter| **filter != Expression::Everything),
            window: shown.map(|shown| shown.window),
            lanes: self.timeline.field,
            lane_limit: MAX_ROWS,
            breakdown: self.breakdown.field,
            measure: self.breakdown.measure,
            by_action: true,
            group_limit: MAX_ROWS,
            order: self.records.sorting.order(),
        }
    }

    /// Updates the layout to the screen, the focus and the message of the filter bar.
    fn lay_out(&mut self) {
        let screen = self.layout.screen;
        let message = self.filter.message(layout::filter_width(screen));
        let message = message.map_or(0, |message| message.rows());
        let layout = Layout::of(screen, self.focus, message);
        if layout != self.layout {
            self.layout = layout;
            self.arrange();
        }
    }

    fn arrange(&mut self) {
        let width = self.layout.inner(Pane::Records).width;
        self.records.arrange(&self.store, width);
    }

    /// Adjusts all cursors and scroll positions to the content and the screen.
    fn settle(&mut self) {
        self.lay_out();
        for pane in Pane::ALL {
            let area = self.layout.inner(pane);
            if let Some((view, context)) = self.view_mut(Some(pane)) {
                view.settle(area, &context);
            }
        }
        let screen = self.layout.screen;
        if let Some((overlay, context)) = self.view_mut(None) {
            overlay.settle(screen, &context);
        }
    }
}
