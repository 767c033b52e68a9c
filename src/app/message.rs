//! What can happen in a session, and what a session can ask for.

use std::sync::Arc;

use super::copying::Delivery;
use super::find::{Search, SearchReply};
use super::mouse::Mouse;
use crate::config::{Change, FolderFormat, SavedState};
use crate::engine::{
    Answer, CountRequest, FilterCounts, PrefetchRequest, Request, Ticket, ValueCounts,
    ValuesRequest,
};
use crate::format::InternalError;
use crate::ingest::LoadEvent;
use crate::keymap::Key;
use crate::store::Catalog;

/// Everything that can happen in a session.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// The mouse was pressed, dragged, or its wheel was turned.
    Mouse(Mouse),
    /// Text was pasted.
    Paste(String),
    /// The terminal was resized, or its size is reported for the first time.
    Resize {
        /// Columns.
        cols: u16,
        /// Rows.
        rows: u16,
    },
    /// The load has read something or changed its state.
    Load(LoadEvent),
    /// The engine has answered a question, completely or in part.
    Answer(Box<Answer>),
    /// The engine has listed the values of a field.
    Values(ValueCounts),
    /// The engine has counted the records of filters.
    Counts(FilterCounts),
    /// The state saved by earlier sessions has been read.
    SavedState(Box<SavedState>),
    /// A text was copied, or could not be.
    Copied {
        /// The text.
        text: Arc<str>,
        /// Where it ended up.
        delivery: Delivery,
    },
    /// A search has something to tell.
    Search(SearchReply),
    /// A command failed, or something else is worth showing; one sentence.
    Notice(String),
    /// The engine panicked.
    Failed {
        /// The request that will not be answered.
        ticket: Ticket,
        /// The message of the panic.
        error: InternalError,
    },
}

/// Everything that [`App::update`](super::App::update) can request.
#[derive(Clone, Debug)]
pub enum Cmd {
    /// Have the engine answer a question.
    Ask(Box<Request>),
    /// Have the engine list the values of a field.
    Values(Box<ValuesRequest>),
    /// Have the engine count the records of several filters.
    Count(Box<CountRequest>),
    /// Have the engine prepare answers while it has nothing else to do.
    Prefetch(Box<PrefetchRequest>),
    /// Search the record list for a text.
    Find(Box<Search>),
    /// Stop searching.
    StopFinding,
    /// Stop the load. Records read so far are kept.
    StopLoad,
    /// Put a text on the clipboard.
    Copy(Arc<str>),
    /// Clear the screen and show only this text until [`Cmd::Redraw`].
    Show {
        /// One line, safe to show, that the terminal wraps.
        text: String,
        /// Shown in the last row of the screen.
        note: String,
    },
    /// Save a change for later sessions.
    SaveState(Change),
    /// Discard all records and load everything again.
    ReadAgain {
        /// The new catalog that the load fills.
        catalog: Arc<Catalog>,
        /// A log format that the user has accepted.
        accepted: FolderFormat,
    },
    /// Stop the process and return to the shell until it is resumed (Ctrl-Z).
    Suspend,
    /// Draw every cell again.
    Redraw,
    /// End the program.
    Quit,
}
