//! The windows over the panes.

use super::column_chooser::ColumnChooser;
use super::copying::CopyMenu;
use super::field_picker::FieldPicker;
use super::filter_picker::FilterPicker;
use super::format_dialog::FormatDialog;
use super::help::Help;
use super::palette::Palette;
use super::problems::ProblemList;
use super::prompt::Prompt;
use super::quit_dialog::QuitDialog;
use super::save_dialog::SaveDialog;
use super::value_menu::ValueMenu;
use super::view::View;

/// A window over the panes. It takes all keys while it is open.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The help.
    Help(Help),
    /// Rejected lines and problems with files.
    Problems(ProblemList),
    /// The menu that asks what to copy.
    Copy(CopyMenu),
    /// Saved filters and history.
    Find(FilterPicker),
    /// The dialog that asks for the name of a filter.
    Save(SaveDialog),
    /// The dialog that shows an inferred log format.
    Format(FormatDialog),
    /// The question whether to quit.
    Quit(QuitDialog),
    /// Every action by name.
    Palette(Palette),
    /// The filters for a value.
    Values(ValueMenu),
    /// The dialog that asks for a text to find, a place to go to, or a time zone.
    Prompt(Prompt),
    /// The list of columns.
    Columns(ColumnChooser),
    /// The fields that a pane can show records by.
    Fields(FieldPicker),
}

/// The view in a window, by reference of either kind.
macro_rules! view_of {
    ($overlay:expr) => {
        match $overlay {
            Overlay::Help(view) => view,
            Overlay::Problems(view) => view,
            Overlay::Copy(view) => view,
            Overlay::Find(view) => view,
            Overlay::Save(view) => view,
            Overlay::Format(view) => view,
            Overlay::Quit(view) => view,
            Overlay::Palette(view) => view,
            Overlay::Values(view) => view,
            Overlay::Prompt(view) => view,
            Overlay::Columns(view) => view,
            Overlay::Fields(view) => view,
        }
    };
}

impl Overlay {
    pub(super) fn view(&self) -> &dyn View {
        view_of!(self)
    }

    pub(super) fn view_mut(&mut self) -> &mut dyn View {
        view_of!(self)
    }
}
