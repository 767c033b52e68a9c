//! The one table of key bindings.
//!
//! [`BINDINGS`] feeds dispatch ([`resolve`]), the help overlay ([`for_scope`]), the footer ([`hints`]) and the
//! documents ([`markdown`]). A key that is not in the table does nothing, or is typed where text is edited.

mod action;
mod key;
#[cfg(test)]
mod tests;

use crossterm::event::KeyCode;

pub use action::{Action, Scope};
pub use key::Key;
use key::{alt, ch, ctrl, ctrl_alt, key, key_alt, key_ctrl};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where the row is live.
    pub scope: Scope,
    /// The keys, the first of which is shown in hints.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// One line for the help and the documents.
    pub help: &'static str,
    /// A word or two for the footer, or none to leave it out.
    pub hint: Option<&'static str>,
}

/// What the key does that stands in two scopes.
const SHOW_COPIED: &str = "Show the copied text alone, to select it with the mouse";

/// What the key does that stands in the scopes of four panes.
const OFFER_FILTERS: &str = "Choose a filter for this value from a list with counts";

/// Every key the program knows.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    bind(Scope::Records, &[key(KeyCode::Down), ch('j')], Action::Down, "Next record"),
    bind(Scope::Records, &[key(KeyCode::Up), ch('k')], Action::Up, "Previous record"),
    bind(Scope::Records, &[key(KeyCode::Left), ch('h')], Action::Left, "Previous column"),
    bind(Scope::Records, &[key(KeyCode::Right), ch('l')], Action::Right, "Next column"),
    bind(Scope::Records, &[key(KeyCode::PageDown)], Action::PageDown, "Next page"),
    bind(Scope::Records, &[key(KeyCode::PageUp), ctrl('b')], Action::PageUp, "Previous page"),
    bind(Scope::Records, &[ctrl('d')], Action::HalfPageDown, "Half a page down"),
    bind(Scope::Records, &[ctrl('u')], Action::HalfPageUp, "Half a page up"),
    bind(Scope::Records, &[ch('g'), key(KeyCode::Home)], Action::Top, "First record"),
    bind(Scope::Records, &[ch('G'), key(KeyCode::End)], Action::Bottom, "Last record"),
    bind(Scope::Records, &[ch('0'), ch('^')], Action::First, "First column"),
    bind(Scope::Records, &[ch('$')], Action::Last, "Last column"),
    bind(Scope::Records, &[ch('=')], Action::KeepValue, "Keep only records with this value").hint("keep"),
    bind(Scope::Records, &[ch('!')], Action::DropValue, "Drop records with this value").hint("drop"),
    bind(Scope::Records, &[ch('s')], Action::Sort, "Sort by this column: ascending, descending, by time again; `start` also as read").hint("sort"),
    bind(Scope::Records, &[ch('+')], Action::AddSort, "Sort by this column too: ascending, descending, no longer"),
    bind(Scope::Records, &[ch('S')], Action::FlipSort, "Reverse the sort order"),
    bind(Scope::Records, &[key(KeyCode::Enter), ch('f')], Action::OfferFilters, OFFER_FILTERS).hint("filters"),
    bind(Scope::Records, &[ch('e')], Action::Enter, "Explain this field").hint("explain"),
    bind(Scope::Records, &[ctrl('f')], Action::FindText, "Find a text in the list, without filtering it").hint("find"),
    bind(Scope::Records, &[ch('n')], Action::NextMatch, "Next record with the text"),
    bind(Scope::Records, &[ch('N')], Action::PreviousMatch, "Previous record with the text"),
    bind(Scope::Records, &[ctrl('g')], Action::GoTo, "Go to a time, or to a record by its number"),
    bind(Scope::Records, &[ch('C')], Action::ShowColumns, "Columns: show, hide, order, width").hint("columns"),
    bind(Scope::Records, &[ch('-')], Action::ToggleColumn, "Hide this column; C shows it again"),
    bind(Scope::Records, &[ch('<')], Action::Narrower, "Make this column narrower"),
    bind(Scope::Records, &[ch('>')], Action::Wider, "Make this column wider"),
    bind(Scope::Records, &[ch('d')], Action::Decode, "Show decoded or raw values"),
    bind(Scope::Records, &[ch('t')], Action::NextTimes, "Show times in UTC, in local time, or since the first record"),
    bind(Scope::Records, &[ch('T')], Action::ChooseZone, "Show times at an offset from UTC"),
    bind(Scope::Records, &[ch('c')], Action::CopyCell, "Copy this value"),

    bind(Scope::Filter, &[key(KeyCode::Enter)], Action::AcceptFilter, "Go to the records, or insert the selected suggestion").hint("to records"),
    bind(Scope::Filter, &[key(KeyCode::Tab)], Action::Complete, "Complete the word or insert the selected suggestion; otherwise go to the next pane").hint("complete"),
    bind(Scope::Filter, &[ctrl('n'), alt('n')], Action::NextCandidate, "Next suggestion; opens the list").hint("suggestions"),
    bind(Scope::Filter, &[ctrl('p'), alt('p')], Action::PreviousCandidate, "Previous suggestion"),
    bind(Scope::Filter, &[key(KeyCode::Esc)], Action::Back, "Go to the records and keep the filter"),
    bind(Scope::Filter, &[key(KeyCode::Up)], Action::HistoryBack, "Previous suggestion if one is selected; otherwise the previous filter in the history that starts with the typed text").hint("history"),
    bind(Scope::Filter, &[key(KeyCode::Down)], Action::HistoryForward, "Next suggestion while the list is open; otherwise the next filter in the history, then the typed text"),
    bind(Scope::Filter, &[ctrl('r')], Action::FindFilter, "Find a saved filter, or one in the history").hint("find"),
    bind(Scope::Filter, &[ctrl('s')], Action::SaveFilter, "Save this filter under a name").hint("save"),
    bind(Scope::Filter, &[key_alt(KeyCode::Left), alt('u')], Action::FilterBack, "Undo: go back to the previous filter"),
    bind(Scope::Filter, &[key_alt(KeyCode::Right), alt('r')], Action::FilterForward, "Redo: go forward to the next filter"),
    bind(Scope::Filter, &[key(KeyCode::BackTab), key_alt(KeyCode::Tab)], Action::PreviousPane, "Previous pane"),
    bind(Scope::Filter, &[key(KeyCode::F(1)), key(KeyCode::F(2))], Action::Help, "Help on the filter language; in an empty bar also ?").hint("help"),
    bind(Scope::Filter, &[ctrl('c')], Action::Cancel, "Leave the bar and restore the filter from before"),
    bind(Scope::Filter, &[ctrl('z')], Action::Suspend, "Suspend"),
    bind(Scope::Filter, &[ctrl('l')], Action::Redraw, "Redraw the screen"),

    bind(Scope::Find, &[key(KeyCode::Enter)], Action::Enter, "Use this filter").hint("use"),
    bind(Scope::Find, &[key(KeyCode::Down), ctrl('n'), ctrl('r')], Action::Down, "Next filter").hint("next"),
    bind(Scope::Find, &[key(KeyCode::Up), ctrl('p')], Action::Up, "Previous filter"),
    bind(Scope::Find, &[key(KeyCode::PageDown)], Action::PageDown, "Next page"),
    bind(Scope::Find, &[key(KeyCode::PageUp)], Action::PageUp, "Previous page"),
    bind(Scope::Find, &[ctrl('d'), key(KeyCode::Delete)], Action::ForgetFilter, "Delete this filter").hint("delete"),
    bind(Scope::Find, &[key(KeyCode::Esc), ctrl('g'), ctrl('c')], Action::Back, "Close without changes").hint("close"),

    bind(Scope::Save, &[key(KeyCode::Enter)], Action::Enter, "Save").hint("save"),
    bind(Scope::Save, &[key(KeyCode::Esc), ctrl('g'), ctrl('c')], Action::Back, "Close without saving").hint("close"),

    bind(Scope::Prompt, &[key(KeyCode::Enter)], Action::Enter, "Find the text, go there, or use the offset").hint("go"),
    bind(Scope::Prompt, &[key(KeyCode::Esc), ctrl('g'), ctrl('c')], Action::Back, "Close").hint("close"),

    bind(Scope::Columns, &[ch(' '), ch('-')], Action::ToggleColumn, "Show or hide this column").hint("show/hide"),
    bind(Scope::Columns, &[key(KeyCode::Down), ch('j')], Action::Down, "Next column"),
    bind(Scope::Columns, &[key(KeyCode::Up), ch('k')], Action::Up, "Previous column"),
    bind(Scope::Columns, &[key(KeyCode::PageDown), ctrl('d')], Action::PageDown, "Next page"),
    bind(Scope::Columns, &[key(KeyCode::PageUp), ctrl('u')], Action::PageUp, "Previous page"),
    bind(Scope::Columns, &[ch('g'), key(KeyCode::Home)], Action::Top, "First column"),
    bind(Scope::Columns, &[ch('G'), key(KeyCode::End)], Action::Bottom, "Last column"),
    bind(Scope::Columns, &[ch('J')], Action::MoveLater, "Move this column to the right").hint("right"),
    bind(Scope::Columns, &[ch('K')], Action::MoveEarlier, "Move this column to the left").hint("left"),
    bind(Scope::Columns, &[ch('<')], Action::Narrower, "Make this column narrower"),
    bind(Scope::Columns, &[ch('>')], Action::Wider, "Make this column wider").hint("wider"),
    bind(Scope::Columns, &[ch('f')], Action::FreezeColumns, "Keep the columns up to this one on the screen, or no longer").hint("freeze"),
    bind(Scope::Columns, &[ch('r')], Action::ResetColumns, "Show the columns as they are by default").hint("reset"),
    bind(Scope::Columns, &[ch('D')], Action::KeepColumns, "Use these columns for all logs that have none of their own"),
    bind(Scope::Columns, &[ch('/')], Action::Search, "Search for a name").hint("search"),
    bind(Scope::Columns, &[key(KeyCode::Enter)], Action::Enter, "Go to this column"),
    bind(Scope::Columns, &[key(KeyCode::Esc), ch('C'), ch('q'), ctrl('c')], Action::Back, "Close").hint("close"),

    bind(Scope::Format, &[key(KeyCode::Enter)], Action::Enter, "Read the files of the folder in this order, or use the selected name").hint("accept"),
    bind(Scope::Format, &[key(KeyCode::Down), ctrl('n')], Action::Down, "Next column, or next name").hint("next"),
    bind(Scope::Format, &[key(KeyCode::Up), ctrl('p')], Action::Up, "Previous column, or previous name"),
    bind(Scope::Format, &[key(KeyCode::PageDown)], Action::PageDown, "Next page"),
    bind(Scope::Format, &[key(KeyCode::PageUp)], Action::PageUp, "Previous page"),
    bind(Scope::Format, &[key(KeyCode::Esc), ctrl('g'), ctrl('c')], Action::Back, "Discard the name, or close without changes").hint("close"),

    bind(Scope::Fields, &[key(KeyCode::Enter)], Action::Enter, "Show records by this field").hint("choose"),
    bind(Scope::Fields, &[key(KeyCode::Down), ctrl('n')], Action::Down, "Next field").hint("next"),
    bind(Scope::Fields, &[key(KeyCode::Up), ctrl('p')], Action::Up, "Previous field"),
    bind(Scope::Fields, &[key(KeyCode::PageDown)], Action::PageDown, "Next page"),
    bind(Scope::Fields, &[key(KeyCode::PageUp)], Action::PageUp, "Previous page"),
    bind(Scope::Fields, &[key(KeyCode::Esc), ctrl('g'), ctrl('c')], Action::Back, "Close without changes").hint("close"),

    bind(Scope::Line, &[key(KeyCode::Left), ctrl('b')], Action::Left, "One character left"),
    bind(Scope::Line, &[key(KeyCode::Right), ctrl('f')], Action::Right, "One character right"),
    bind(Scope::Line, &[alt('b'), key_ctrl(KeyCode::Left)], Action::WordLeft, "One word left"),
    bind(Scope::Line, &[alt('f'), key_ctrl(KeyCode::Right)], Action::WordRight, "One word right"),
    bind(Scope::Line, &[key(KeyCode::Home), ctrl('a')], Action::First, "Start of the line"),
    bind(Scope::Line, &[key(KeyCode::End), ctrl('e')], Action::Last, "End of the line"),
    bind(Scope::Line, &[key(KeyCode::Backspace), ctrl('h')], Action::DeleteBack, "Delete the character before the cursor"),
    bind(Scope::Line, &[key(KeyCode::Delete), ctrl('d')], Action::DeleteForward, "Delete the character under the cursor"),
    bind(Scope::Line, &[ctrl('w'), key_alt(KeyCode::Backspace), ctrl_alt('h')], Action::DeleteWord, "Delete the word before the cursor").hint("delete word"),
    bind(Scope::Line, &[ctrl('u')], Action::DeleteToStart, "Delete everything before the cursor").hint("clear"),
    bind(Scope::Line, &[ctrl('k')], Action::DeleteToEnd, "Delete everything after the cursor"),

    bind(Scope::Timeline, &[key(KeyCode::Left), ch('h')], Action::Left, "Previous bar"),
    bind(Scope::Timeline, &[key(KeyCode::Right), ch('l')], Action::Right, "Next bar"),
    bind(Scope::Timeline, &[key(KeyCode::Down), ch('j')], Action::Down, "Next lane"),
    bind(Scope::Timeline, &[key(KeyCode::Up), ch('k')], Action::Up, "Previous lane"),
    bind(Scope::Timeline, &[ch('0'), key(KeyCode::Home)], Action::First, "First bar"),
    bind(Scope::Timeline, &[ch('$'), key(KeyCode::End)], Action::Last, "Last bar"),
    bind(Scope::Timeline, &[ch('g')], Action::Top, "First lane"),
    bind(Scope::Timeline, &[ch('G')], Action::Bottom, "Last lane"),
    bind(Scope::Timeline, &[key(KeyCode::Enter)], Action::Enter, "Show only the time of this bar, or of the marked bars").hint("show only this time"),
    bind(Scope::Timeline, &[ch('s')], Action::NextMeasure, "Show records, packets or bytes").hint("measure"),
    bind(Scope::Timeline, &[ch('b')], Action::ChooseField, "Choose the field whose values have lanes").hint("field"),
    bind(Scope::Timeline, &[ch('v')], Action::Brush, "Start or stop marking bars").hint("mark"),
    bind(Scope::Timeline, &[ch('='),], Action::KeepValue, "Keep only this lane").hint("keep lane"),
    bind(Scope::Timeline, &[ch('!')], Action::DropValue, "Drop this lane").hint("drop lane"),
    bind(Scope::Timeline, &[ch('f')], Action::OfferFilters, OFFER_FILTERS),
    bind(Scope::Timeline, &[ch('c')], Action::CopyCell, "Copy the name of this lane"),
    bind(Scope::Timeline, &[ch('z'), ch('+')], Action::ZoomIn, "Zoom in at the cursor").hint("zoom"),
    bind(Scope::Timeline, &[ch('Z'), ch('-')], Action::ZoomOut, "Zoom out"),
    bind(Scope::Timeline, &[ch('a')], Action::ZoomFit, "Show the whole time range"),

    bind(Scope::Breakdown, &[key(KeyCode::Down), ch('j')], Action::Down, "Next group"),
    bind(Scope::Breakdown, &[key(KeyCode::Up), ch('k')], Action::Up, "Previous group"),
    bind(Scope::Breakdown, &[key(KeyCode::PageDown), ctrl('d')], Action::PageDown, "Next page"),
    bind(Scope::Breakdown, &[key(KeyCode::PageUp), ctrl('u')], Action::PageUp, "Previous page"),
    bind(Scope::Breakdown, &[ch('g'), key(KeyCode::Home)], Action::Top, "First group"),
    bind(Scope::Breakdown, &[ch('G'), key(KeyCode::End)], Action::Bottom, "Last group"),
    bind(Scope::Breakdown, &[key(KeyCode::Enter), ch('=')], Action::KeepValue, "Drill down: keep only this group and break it down by the next field").hint("drill down"),
    bind(Scope::Breakdown, &[ch('!')], Action::DropValue, "Drop this group").hint("drop group"),
    bind(Scope::Breakdown, &[ch('f')], Action::OfferFilters, OFFER_FILTERS).hint("filters"),
    bind(Scope::Breakdown, &[ch('c')], Action::CopyCell, "Copy the value of this group"),
    bind(Scope::Breakdown, &[key(KeyCode::Right), ch('l')], Action::Right, "Group by the next field").hint("field"),
    bind(Scope::Breakdown, &[key(KeyCode::Left), ch('h')], Action::Left, "Group by the previous field"),
    bind(Scope::Breakdown, &[ch('b')], Action::ChooseField, "Choose the field to group by"),
    bind(Scope::Breakdown, &[ch('s')], Action::NextMeasure, "Sort by records, packets or bytes").hint("measure"),

    bind(Scope::Explain, &[key(KeyCode::Down), ch('j')], Action::Down, "Next field"),
    bind(Scope::Explain, &[key(KeyCode::Up), ch('k')], Action::Up, "Previous field"),
    bind(Scope::Explain, &[key(KeyCode::PageDown), ctrl('d')], Action::PageDown, "Scroll down"),
    bind(Scope::Explain, &[key(KeyCode::PageUp), ctrl('u')], Action::PageUp, "Scroll up"),
    bind(Scope::Explain, &[ch('g'), key(KeyCode::Home)], Action::Top, "First field"),
    bind(Scope::Explain, &[ch('G'), key(KeyCode::End)], Action::Bottom, "Last field"),
    bind(Scope::Explain, &[key(KeyCode::Right), ch('n'), ch('l')], Action::Right, "Next record").hint("next record"),
    bind(Scope::Explain, &[key(KeyCode::Left), ch('p'), ch('h')], Action::Left, "Previous record"),
    bind(Scope::Explain, &[key(KeyCode::Enter), ch('f')], Action::OfferFilters, OFFER_FILTERS).hint("filters"),
    bind(Scope::Explain, &[ch('=')], Action::KeepValue, "Keep only records with this value").hint("keep value"),
    bind(Scope::Explain, &[ch('!')], Action::DropValue, "Drop records with this value").hint("drop value"),
    bind(Scope::Explain, &[ch('t')], Action::TryFilter, "Try the suggested filter for this field").hint("try filter"),
    bind(Scope::Explain, &[ch('c')], Action::CopyCell, "Copy this value"),

    bind(Scope::Help, &[key(KeyCode::Esc), ch('?'), key(KeyCode::F(1)), key(KeyCode::F(2)), ch('q'), key(KeyCode::Enter), ctrl('c')], Action::Back, "Close the help").hint("close"),
    bind(Scope::Help, &[ch('/')], Action::SearchHelp, "Search the help").hint("search"),
    bind(Scope::Help, &[key(KeyCode::Down), ch('j')], Action::Down, "Scroll down").hint("scroll"),
    bind(Scope::Help, &[key(KeyCode::Up), ch('k')], Action::Up, "Scroll up"),
    bind(Scope::Help, &[key(KeyCode::PageDown), ch(' '), ctrl('d')], Action::PageDown, "Next page"),
    bind(Scope::Help, &[key(KeyCode::PageUp), ctrl('u')], Action::PageUp, "Previous page"),
    bind(Scope::Help, &[ch('g'), key(KeyCode::Home)], Action::Top, "Top"),
    bind(Scope::Help, &[ch('G'), key(KeyCode::End)], Action::Bottom, "Bottom"),

    bind(Scope::HelpSearch, &[key(KeyCode::Enter)], Action::Enter, "Keep what was found and scroll in it").hint("keep"),
    bind(Scope::HelpSearch, &[key(KeyCode::Down)], Action::Down, "Scroll down").hint("scroll"),
    bind(Scope::HelpSearch, &[key(KeyCode::Up)], Action::Up, "Scroll up"),
    bind(Scope::HelpSearch, &[key(KeyCode::PageDown)], Action::PageDown, "Next page"),
    bind(Scope::HelpSearch, &[key(KeyCode::PageUp)], Action::PageUp, "Previous page"),
    bind(Scope::HelpSearch, &[key(KeyCode::Esc), ctrl('g'), ctrl('c')], Action::Back, "Show all of the help again").hint("all"),

    bind(Scope::Problems, &[key(KeyCode::Esc), ch('R'), ch('q'), ctrl('c')], Action::Back, "Close").hint("close"),
    bind(Scope::Problems, &[key(KeyCode::Down), ch('j')], Action::Down, "Next line").hint("next"),
    bind(Scope::Problems, &[key(KeyCode::Up), ch('k')], Action::Up, "Previous line"),
    bind(Scope::Problems, &[key(KeyCode::Right), ch('l'), key(KeyCode::Tab)], Action::Right, "Next reason").hint("next reason"),
    bind(Scope::Problems, &[key(KeyCode::Left), ch('h'), key(KeyCode::BackTab), key_alt(KeyCode::Tab)], Action::Left, "Previous reason"),
    bind(Scope::Problems, &[key(KeyCode::PageDown), ch(' ')], Action::PageDown, "Next page"),
    bind(Scope::Problems, &[key(KeyCode::PageUp), ctrl('b')], Action::PageUp, "Previous page"),
    bind(Scope::Problems, &[ctrl('d')], Action::HalfPageDown, "Half a page down"),
    bind(Scope::Problems, &[ctrl('u')], Action::HalfPageUp, "Half a page up"),
    bind(Scope::Problems, &[ch('g'), key(KeyCode::Home)], Action::Top, "Top"),
    bind(Scope::Problems, &[ch('G'), key(KeyCode::End)], Action::Bottom, "Bottom"),
    bind(Scope::Problems, &[key(KeyCode::Enter)], Action::Enter, "Show this line or message in full").hint("show in full"),
    bind(Scope::Problems, &[ch('c'), ch('y')], Action::CopyCell, "Copy this line or message").hint("copy"),
    bind(Scope::Problems, &[ch('Y')], Action::ShowCopied, SHOW_COPIED),

    bind(Scope::Copy, &[ch('c'), ch('y')], Action::CopyCell, "Copy this value"),
    bind(Scope::Copy, &[ch('r')], Action::CopyRow, "Copy the columns of the record, separated by tabs"),
    bind(Scope::Copy, &[ch('l')], Action::CopyLine, "Copy the original line"),
    bind(Scope::Copy, &[ch('f')], Action::CopyFilter, "Copy the filter"),
    bind(Scope::Copy, &[key(KeyCode::Esc), ch('q'), ctrl('c')], Action::Back, "Close without copying").hint("close"),

    bind(Scope::Values, &[key(KeyCode::Enter)], Action::Enter, "Use this filter").hint("use"),
    bind(Scope::Values, &[key(KeyCode::Down), ch('j')], Action::Down, "Next line").hint("next"),
    bind(Scope::Values, &[key(KeyCode::Up), ch('k')], Action::Up, "Previous line"),
    bind(Scope::Values, &[key(KeyCode::Home), ch('g')], Action::Top, "First line"),
    bind(Scope::Values, &[key(KeyCode::End), ch('G')], Action::Bottom, "Last line"),
    bind(Scope::Values, &[ch('='), ch('&')], Action::KeepValue, "Add and: keep only records with this value"),
    bind(Scope::Values, &[ch('!')], Action::DropValue, "Add and not: drop records with this value"),
    bind(Scope::Values, &[ch('|')], Action::AddValue, "Add or: records with this value too"),
    bind(Scope::Values, &[ch('o')], Action::OnlyValue, "This value alone, without the rest of the filter"),
    bind(Scope::Values, &[ch('b')], Action::BothDirections, "This address or port on either side"),
    bind(Scope::Values, &[ch('s')], Action::SameSource, "Records with the same source"),
    bind(Scope::Values, &[ch('p')], Action::SamePort, "Records with the same destination port"),
    bind(Scope::Values, &[ch('c')], Action::Conversation, "Both directions of this flow"),
    bind(Scope::Values, &[ch('h')], Action::ThisHour, "Records that start in the same hour"),
    bind(Scope::Values, &[key(KeyCode::Esc), ch('q'), ch('f'), ctrl('c')], Action::Back, "Close without changes").hint("close"),

    bind(Scope::Palette, &[key(KeyCode::Enter)], Action::Enter, "Do this").hint("do"),
    bind(Scope::Palette, &[key(KeyCode::Down), ctrl('n')], Action::Down, "Next action").hint("next"),
    bind(Scope::Palette, &[key(KeyCode::Up), ctrl('p')], Action::Up, "Previous action"),
    bind(Scope::Palette, &[key(KeyCode::PageDown)], Action::PageDown, "Next page"),
    bind(Scope::Palette, &[key(KeyCode::PageUp)], Action::PageUp, "Previous page"),
    bind(Scope::Palette, &[key(KeyCode::Esc), ctrl('g'), ctrl('c')], Action::Back, "Close").hint("close"),

    bind(Scope::Quit, &[ch('q'), ch('y'), key(KeyCode::Enter)], Action::Quit, "Quit").hint("quit"),
    bind(Scope::Quit, &[key(KeyCode::Esc), ch('n'), ctrl('c')], Action::Back, "Go back").hint("go back"),

    bind(Scope::Global, &[key(KeyCode::Tab)], Action::NextPane, "Next pane").hint("pane"),
    bind(Scope::Global, &[key(KeyCode::BackTab), key_alt(KeyCode::Tab)], Action::PreviousPane, "Previous pane"),
    bind(Scope::Global, &[ch('/')], Action::Focus(Scope::Filter), "Edit the filter").hint("filter"),
    bind(Scope::Global, &[ch('1')], Action::Focus(Scope::Records), "Go to the records"),
    bind(Scope::Global, &[ch('2')], Action::Focus(Scope::Timeline), "Go to the interfaces over time"),
    bind(Scope::Global, &[ch('3')], Action::Focus(Scope::Breakdown), "Go to the breakdown"),
    bind(Scope::Global, &[ch('4')], Action::Focus(Scope::Explain), "Go to the explanation"),
    bind(Scope::Global, &[ch('\\')], Action::Maximise, "Maximise or restore this pane"),
    bind(Scope::Global, &[ch('['), ch('u'), key_alt(KeyCode::Left), key_ctrl(KeyCode::Left)], Action::FilterBack, "Undo: go back to the previous filter").hint("undo"),
    bind(Scope::Global, &[ch(']'), key_alt(KeyCode::Right), key_ctrl(KeyCode::Right)], Action::FilterForward, "Redo: go forward to the next filter"),
    bind(Scope::Global, &[ch('x')], Action::ClearFilter, "Clear the filter; undo brings it back"),
    bind(Scope::Global, &[ctrl('r')], Action::FindFilter, "Find a saved filter, or one in the history"),
    bind(Scope::Global, &[ch('o')], Action::ShowFormat, "Order of fields of a file without a header"),
    bind(Scope::Global, &[ch('y')], Action::CopyMenu, "Copy the value, the record, the original line or the filter"),
    bind(Scope::Global, &[ch('Y')], Action::ShowCopied, SHOW_COPIED),
    bind(Scope::Global, &[ch('F')], Action::Pause, "Pause or resume live updates (with --follow)"),
    bind(Scope::Global, &[ch('R')], Action::ShowProblems, "Problems while reading: lines and files that were not read"),
    bind(Scope::Global, &[key(KeyCode::Esc)], Action::Back, "Go back one level"),
    bind(Scope::Global, &[ch('?'), key(KeyCode::F(1)), key(KeyCode::F(2))], Action::Help, "Help on this pane").hint("help"),
    bind(Scope::Global, &[ch(':')], Action::Palette, "Every action by name").hint("actions"),
    bind(Scope::Global, &[ctrl('l')], Action::Redraw, "Redraw the screen"),
    bind(Scope::Global, &[ctrl('z')], Action::Suspend, "Suspend"),
    bind(Scope::Global, &[ctrl('c')], Action::Cancel, "Cancel: close what is open, or stop loading and keep what was read; otherwise quit"),
    bind(Scope::Global, &[ch('q')], Action::Quit, "Quit, after a question if something would be lost; a maximised pane is restored first").hint("quit"),
];

/// The action bound to `key` in the innermost of `scopes` that binds it.
pub fn resolve(scopes: &[Scope], key: Key) -> Option<Action> {
    scopes.iter().find_map(|scope| {
        for_scope(*scope)
            .find(|binding| binding.keys.contains(&key))
            .map(|binding| binding.action)
    })
}

/// The key that gives the keys to the pane of `scope`.
pub fn focus_key(scope: Scope) -> Option<Key> {
    let focuses = |binding: &&Binding| binding.action == Action::Focus(scope);
    let binding = BINDINGS.iter().find(focuses)?;
    binding.keys.first().copied()
}

/// The rows live in one scope, in table order.
pub fn for_scope(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    BINDINGS
        .iter()
        .filter(move |binding| binding.scope == scope)
}

/// Key and word for each hint of the footer, innermost scope first.
pub fn hints(scopes: &[Scope]) -> impl Iterator<Item = (Key, &'static str)> {
    scopes
        .iter()
        .flat_map(|scope| for_scope(*scope))
        .filter_map(|binding| Some((*binding.keys.first()?, binding.hint?)))
}

/// The table as Markdown, for docs/keys.md.
pub fn markdown() -> String {
    let mut lines = Vec::new();
    let mut last = None;
    for binding in BINDINGS {
        if last != Some(binding.scope) {
            last = Some(binding.scope);
            let title = format!("**{}**", binding.scope.title());
            lines.extend([String::new(), title, String::new()]);
            lines.extend(["| Keys | What |".into(), "| --- | --- |".into()]);
        }
        let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
        lines.push(format!("| {} | {} |", keys.join(" "), binding.help));
    }
    lines.join("\n") + "\n"
}

impl Binding {
    const fn hint(self, word: &'static str) -> Self {
        Self {
            hint: Some(word),
            ..self
        }
    }
}

const fn bind(scope: Scope, keys: &'static [Key], action: Action, help: &'static str) -> Binding {
    Binding {
        scope,
        keys,
        action,
        help,
        hint: None,
    }
}
