//! What keys can ask for, and where they are live.

/// What a key can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Close what is open, or leave the program.
    Quit,
    /// Stop the load if one runs; else leave the program.
    Cancel,
    /// Stop the program as a job of the shell.
    Suspend,
    /// Draw the whole screen anew.
    Redraw,
    /// Open or close the help.
    Help,
    /// Show only the lines of the help that contain some words.
    SearchHelp,
    /// List every action by name.
    Palette,
    /// Show the lines that were not read, and what is wrong with files.
    ShowProblems,
    /// Pause or resume live updates.
    Pause,
    /// Go back one level.
    Back,
    /// Give the keys to the pane of this scope.
    Focus(Scope),
    /// Go to the next pane.
    NextPane,
    /// Go to the previous pane.
    PreviousPane,
    /// Give the pane the whole screen, or take it back.
    Maximise,
    /// One row down.
    Down,
    /// One row up.
    Up,
    /// One column left.
    Left,
    /// One column right.
    Right,
    /// One page down.
    PageDown,
    /// One page up.
    PageUp,
    /// Half a page down.
    HalfPageDown,
    /// Half a page up.
    HalfPageUp,
    /// The first row.
    Top,
    /// The last row.
    Bottom,
    /// The first column.
    First,
    /// The last column.
    Last,
    /// Look closer at what is under the cursor.
    Enter,
    /// Sort by the column under the cursor.
    Sort,
    /// Sort by the column under the cursor too.
    AddSort,
    /// Sort the other way round.
    FlipSort,
    /// Keep only records with the value under the cursor.
    KeepValue,
    /// Drop records with the value under the cursor.
    DropValue,
    /// Offer filters for the value under the cursor.
    OfferFilters,
    /// Select records with the value too.
    AddValue,
    /// Select records with the value, whatever the filter was.
    OnlyValue,
    /// Keep records with the value on either side.
    BothDirections,
    /// Keep both directions of the flow of the record.
    Conversation,
    /// Keep records with the source of the record.
    SameSource,
    /// Keep records with the destination port of the record.
    SamePort,
    /// Keep records that start in the same hour.
    ThisHour,
    /// Put the filter that the explanation proposes into the filter bar.
    TryFilter,
    /// Show times in the next zone, or since the first record.
    NextTimes,
    /// Ask for a time zone.
    ChooseZone,
    /// Ask for a text to find in the list.
    FindText,
    /// Go to the next record with the text.
    NextMatch,
    /// Go to the previous record with the text.
    PreviousMatch,
    /// Ask for a time or a record to go to.
    GoTo,
    /// Show the list of columns.
    ShowColumns,
    /// Show or hide the column.
    ToggleColumn,
    /// Make the column narrower.
    Narrower,
    /// Make the column wider.
    Wider,
    /// Move the column to the left.
    MoveEarlier,
    /// Move the column to the right.
    MoveLater,
    /// Keep the columns up to this one on the screen.
    FreezeColumns,
    /// Show the columns as they are by default.
    ResetColumns,
    /// Keep the columns for all logs.
    KeepColumns,
    /// Search the list for a name.
    Search,
    /// Show values decoded or as they stand in the file.
    Decode,
    /// Put the value under the cursor on the clipboard.
    CopyCell,
    /// Offer what to copy.
    CopyMenu,
    /// Put the values of the record on the clipboard.
    CopyRow,
    /// Put the original line on the clipboard.
    CopyLine,
    /// Put the filter on the clipboard.
    CopyFilter,
    /// Show alone what was copied last.
    ShowCopied,
    /// The filter before this one.
    FilterBack,
    /// The filter after this one.
    FilterForward,
    /// Select all records again.
    ClearFilter,
    /// The filter before this one in the history.
    HistoryBack,
    /// The filter after this one in the history.
    HistoryForward,
    /// Look for a filter among those that are kept.
    FindFilter,
    /// Give the filter a name.
    SaveFilter,
    /// Show the order of the fields of a file without a header.
    ShowFormat,
    /// Keep the filter under the cursor no longer.
    ForgetFilter,
    /// Look at half the time.
    ZoomIn,
    /// Look at twice the time.
    ZoomOut,
    /// Look at all the time there is.
    ZoomFit,
    /// Begin to mark a stretch of time, or stop marking.
    Brush,
    /// Count records, packets or bytes: the next of them.
    NextMeasure,
    /// Choose the field by whose values records are shown.
    ChooseField,
    /// Keep the filter and go to the records.
    AcceptFilter,
    /// Write the candidate that is offered, or go to the next pane where none is.
    Complete,
    /// Choose the next candidate.
    NextCandidate,
    /// Choose the candidate before.
    PreviousCandidate,
    /// Delete the character before the cursor.
    DeleteBack,
    /// Delete the character under the cursor.
    DeleteForward,
    /// Delete the word before the cursor.
    DeleteWord,
    /// Delete everything before the cursor.
    DeleteToStart,
    /// Delete everything after the cursor.
    DeleteToEnd,
    /// One word left.
    WordLeft,
    /// One word right.
    WordRight,
}

/// Where a binding is live. The app asks with a stack of scopes, innermost first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere but where text is edited, unless an inner scope claims the key.
    Global,
    /// The record list.
    Records,
    /// The filter bar.
    Filter,
    /// The list of the filters that are kept.
    Find,
    /// The question for the name of a filter.
    Save,
    /// The order of the fields of a file without a header.
    Format,
    /// The list of the fields that a pane can show records by.
    Fields,
    /// The question for a text to find, a place to go to, or a time zone.
    Prompt,
    /// The list of columns.
    Columns,
    /// A line that is edited, in one of those above or in the palette and the search of the help; keys that are not bound are typed.
    Line,
    /// The interfaces over time.
    Timeline,
    /// The breakdown.
    Breakdown,
    /// The explanation.
    Explain,
    /// The help.
    Help,
    /// The lines that were not read, and what is wrong with files.
    Problems,
    /// The copy menu.
    Copy,
    /// The question whether to quit.
    Quit,
    /// The filters for a value.
    Values,
    /// Every action by name.
    Palette,
    /// The words that the help is searched for.
    HelpSearch,
}

impl Scope {
    /// The heading of the scope in help and documents.
    pub fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Records => "Records",
            Self::Filter => "Filter bar",
            Self::Find => "Saved filters and history",
            Self::Save => "Saving a filter",
            Self::Format => "Order of fields",
            Self::Fields => "Choosing a field",
            Self::Prompt => "Find, go to, time zone",
            Self::Columns => "Columns",
            Self::Line => "Editing text",
            Self::Timeline => "Interfaces over time",
            Self::Breakdown => "Breakdown",
            Self::Explain => "Explain",
            Self::Help => "Help",
            Self::Problems => "Problems while reading",
            Self::Copy => "Copy",
            Self::Quit => "Quit?",
            Self::Values => "Filters for a value",
            Self::Palette => "Actions",
            Self::HelpSearch => "Searching the help",
        }
    }
}
