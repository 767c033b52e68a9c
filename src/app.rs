//! The state of the session, and the only code that changes it.
//!
//! [`App::update`] takes what happened and answers with what is to be done. It knows no thread, no file, no
//! clock and no terminal, so a test can drive a whole session without any.

mod act;
pub mod breakdown;
pub mod columns;
pub mod completion;
pub mod copying;
pub mod explain;
pub mod filter;
pub mod filter_library;
pub mod filter_picker;
pub mod format_dialog;
pub mod help;
pub mod layout;
pub mod line_editor;
pub mod load;
pub mod problems;
pub mod records;
pub mod results;
pub mod save_dialog;
#[cfg(test)]
pub(crate) mod tests;
pub mod timeline;
pub(crate) mod view;

use std::sync::Arc;

use crate::config::{Change, FolderFormat, SavedState};
use crate::engine::{Answer, Question, Request, Ticket, ValueCounts, ValuesRequest};
use crate::format::{InternalError, Problem as _};
use crate::ingest::LoadEvent;
use crate::keymap::{self, Action, Key, Scope};
use crate::query::Expression;
use crate::store::{Catalog, Store};

use breakdown::BreakdownPane;
use copying::{CopyMenu, Copying, Delivery};
use explain::ExplainPane;
use filter::FilterBar;
use filter_library::FilterLibrary;
use filter_picker::FilterPicker;
use format_dialog::FormatDialog;
use help::Help;
use layout::Layout;
use load::Load;
use problems::ProblemList;
use records::RecordsPane;
use results::{Pace, Results};
use save_dialog::SaveDialog;
use timeline::TimelinePane;
use view::{Context, View};

/// How many lanes and groups are asked for: more than a screen shows at once, so that they can be scrolled.
const LIMIT: usize = 256;

/// Everything that can happen. Closed: reading this is reading the program.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The terminal has this many columns and rows.
    Resize {
        /// Columns.
        cols: u16,
        /// Rows.
        rows: u16,
    },
    /// The load has something to tell.
    Load(LoadEvent),
    /// The engine has an answer.
    Answer(Box<Answer>),
    /// The engine has listed values.
    Values(ValueCounts),
    /// What earlier sessions kept has been read.
    SavedState(Box<SavedState>),
    /// A text that was to be copied has gone somewhere.
    Copied {
        /// The text.
        text: Arc<str>,
        /// Where it has gone.
        delivery: Delivery,
    },
    /// Something that was asked for could not be done; in a sentence.
    Notice(String),
    /// The engine panicked.
    Failed {
        /// Whose answer will not come.
        ticket: Ticket,
        /// What the panic said.
        error: InternalError,
    },
}

/// Everything that `update` can ask for.
#[derive(Clone, Debug)]
pub enum Cmd {
    /// Ask the engine.
    Ask(Box<Request>),
    /// Have the engine list values.
    Values(Box<ValuesRequest>),
    /// Stop the load; what was read stays.
    StopLoad,
    /// Put this on the clipboard.
    Copy(Arc<str>),
    /// Show a text that is safe to show, and nothing else, on a cleared screen, until `Redraw`.
    Show {
        /// The text, in one line that the terminal breaks.
        text: String,
        /// What stands in the last row of the screen.
        note: String,
    },
    /// Keep this for later sessions.
    SaveState(Change),
    /// Read everything again, into another catalog.
    ReadAgain {
        /// The catalog that the load fills.
        catalog: Arc<Catalog>,
        /// An order that was accepted since.
        accepted: FolderFormat,
    },
    /// Give the terminal back to the shell until it wakes the program.
    Suspend,
    /// Draw every cell anew.
    Redraw,
    /// Leave.
    Quit,
}

/// Which pane takes the keys.
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

/// What lies over the panes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The help.
    Help(Help),
    /// The lines that were not read, and what is wrong with files.
    Problems(ProblemList),
    /// The choice of what to copy.
    Copy(CopyMenu),
    /// The list of the filters that are kept.
    Find(FilterPicker),
    /// The question for the name of a filter.
    Save(SaveDialog),
    /// The question whether an order of fields is right.
    Format(FormatDialog),
}

/// The model.
#[derive(Clone, Debug)]
pub struct App {
    /// What is being explored, for the header.
    pub title: String,
    /// Where the panes are.
    pub layout: Layout,
    /// The pane that takes the keys, and the lower pane that is shown where there is room for one.
    pub focus: Focus,
    /// What lies over the panes.
    pub overlay: Option<Overlay>,
    /// How far the load is.
    pub load: Load,
    /// Everything loaded so far.
    pub store: Store,
    /// The filter bar.
    pub filter: FilterBar,
    /// The newest answer.
    pub results: Results,
    /// The record list.
    pub records: RecordsPane,
    /// The interfaces over time.
    pub timeline: TimelinePane,
    /// The breakdown.
    pub breakdown: BreakdownPane,
    /// The explanation.
    pub explain: ExplainPane,
    /// The filters that were used, and those that have a name.
    pub library: FilterLibrary,
    /// What was copied last.
    pub copying: Copying,
    /// What the footer says until the next key.
    pub notice: Option<String>,
}

/// Which panes are shown, and which of them takes the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Focus {
    /// The pane that takes the keys.
    pub pane: Pane,
    /// The lower pane that is shown where there is room for only one.
    pub lower: Pane,
    /// Whether the pane has the whole screen.
    pub maximised: bool,
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

    /// The keys of the pane.
    pub fn scope(self) -> Scope {
        match self {
            Self::Filter => Scope::Filter,
            Self::Records => Scope::Records,
            Self::Timeline => Scope::Timeline,
            Self::Breakdown => Scope::Breakdown,
            Self::Explain => Scope::Explain,
        }
    }

    /// The pane whose keys are in `scope`.
    fn of(scope: Scope) -> Option<Self> {
        Self::ALL.into_iter().find(|pane| pane.scope() == scope)
    }

    fn after(self, step: usize) -> Self {
        let at = Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0);
        Self::ALL[(at + step) % Self::ALL.len()]
    }
}

impl Overlay {
    fn view(&self) -> &dyn View {
        match self {
            Self::Help(view) => view,
            Self::Problems(view) => view,
            Self::Copy(view) => view,
            Self::Find(view) => view,
            Self::Save(view) => view,
            Self::Format(view) => view,
        }
    }

    fn view_mut(&mut self) -> &mut dyn View {
        match self {
            Self::Help(view) => view,
            Self::Problems(view) => view,
            Self::Copy(view) => view,
            Self::Find(view) => view,
            Self::Save(view) => view,
            Self::Format(view) => view,
        }
    }
}

impl App {
    /// A session that explores `title`, with `filter` in the filter bar. `catalog` is the one that the load
    /// fills.
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
            notice: None,
        }
    }

    /// Takes in one message and pushes what it asks for onto `cmds`.
    pub fn update(&mut self, msg: Msg, cmds: &mut Vec<Cmd>) {
        match msg {
            Msg::Key(key) => self.press(key, cmds),
            Msg::Paste(_) if self.copying.is_shown() => {}
            Msg::Paste(text) => self.insert(&text, cmds),
            Msg::Resize { cols, rows } => {
                self.layout.screen.width = cols;
                self.layout.screen.height = rows;
                self.show_again(cmds);
            }
            Msg::Load(event) => self.on_load_event(event),
            Msg::Answer(answer) => self.on_answer(answer),
            Msg::Values(counts) => self.on_values(counts),
            Msg::SavedState(kept) => self.on_saved_state(*kept),
            Msg::Copied { text, delivery } => self.on_copied(&text, delivery),
            Msg::Notice(text) => self.notice = Some(text),
            Msg::Failed { ticket, error } => {
                self.results.give_up(ticket);
                self.notice = Some(error.sentence());
            }
        }
        self.settle();
        self.ask(cmds);
        self.suggest(cmds);
        self.keep(cmds);
    }

    /// The scopes whose keys are live, innermost first.
    pub fn scopes(&self) -> &'static [Scope] {
        match (&self.overlay, self.focus.pane) {
            (Some(overlay), _) => overlay.view().scopes(),
            (None, Pane::Filter) => self.filter.scopes(),
            (None, Pane::Records) => self.records.scopes(),
            (None, Pane::Timeline) => self.timeline.scopes(),
            (None, Pane::Breakdown) => self.breakdown.scopes(),
            (None, Pane::Explain) => self.explain.scopes(),
        }
    }

    /// A pane, or the overlay where `pane` is none; and what it may read.
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

    /// The overlay, or else the pane that has the focus.
    fn active(&self) -> Option<Pane> {
        self.overlay.is_none().then_some(self.focus.pane)
    }

    fn press(&mut self, key: Key, cmds: &mut Vec<Cmd>) {
        self.notice = None;
        if self.copying.is_shown() {
            return self.turn_page(key, cmds);
        }
        match keymap::resolve(self.scopes(), key) {
            Some(action) => self.act(action, cmds),
            None => {
                if let Some(c) = key.typed() {
                    self.insert(c.encode_utf8(&mut [0; 4]), cmds);
                }
            }
        }
    }

    /// Types `text` into the view that takes the keys.
    fn insert(&mut self, text: &str, cmds: &mut Vec<Cmd>) {
        if let Some((view, context)) = self.view_mut(self.active()) {
            let effect = view.insert(text, &context);
            self.apply(effect, cmds);
        }
    }

    /// Has the overlay take in what has changed.
    fn refresh_overlay(&mut self) {
        if let Some((overlay, context)) = self.view_mut(None) {
            overlay.refresh(&context);
        }
    }

    fn on_answer(&mut self, answer: Box<Answer>) {
        let anchor = answer.anchor;
        let sticks = self.load.is_live && self.results.is_growth();
        let sticks = sticks && self.records.awaits_more(self.results.len());
        if self.results.take(answer, self.records.sort.is_some()) {
            self.records.follow(anchor);
            // Who is at the end wants to see what comes.
            if sticks {
                self.records.move_cursor(Action::Bottom, 1);
            }
        }
    }

    /// Reads the filter text anew.
    fn refilter(&mut self) {
        let fields = self.store.fields();
        self.filter
            .compile(&self.store, &fields, &self.library.saved);
    }

    /// Asks the engine for everything that the panes show, if that is not what was asked last.
    fn ask(&mut self, cmds: &mut Vec<Cmd>) {
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
            lane_limit: LIMIT,
            breakdown: self.breakdown.field,
            measure: self.breakdown.measure,
            by_action: true,
            group_limit: LIMIT,
            sort: self.records.sort,
        }
    }

    /// Divides the screen anew, where the screen, the focus or the message of the filter bar have changed.
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

    /// Adjusts every cursor and scroll to the content and the screen.
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
