//! Every colour and every symbol of the screen, by what it means.
//!
//! Nothing is said by colour alone: actions are words, the cursor is a mark, lanes have rows. Colour is for what is
//! unusual: REJECT, SKIPDATA and errors are strong, ACCEPT is quiet.

mod contrast;
mod custom;
mod named;
mod symbols;
#[cfg(test)]
mod tests;

use ratatui::style::{Color, Modifier, Style};

pub use contrast::{Rgb, nearest_of_256};
pub use custom::Problem;
pub use named::{DARKEST_LIGHT, LIGHTEST_DARK, Name};
pub use symbols::{ASCII, CONSOLE, Charset, Symbols, UNICODE, replacement};

/// What each part of the screen looks like.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// The colours of text and background where nothing else is said; `Reset` leaves them to the terminal.
    pub foreground: Color,
    /// See `foreground`.
    pub background: Color,
    /// Text.
    pub text: Style,
    /// Decoration: what can be missed without missing anything.
    pub faint: Style,
    /// Names: of the program, of fields, of keys.
    pub accent: Style,
    /// Headings of columns.
    pub heading: Style,
    /// The heading of the column that the list is sorted by.
    pub sorted: Style,
    /// Frames.
    pub frame: Style,
    /// The titles of panes.
    pub title: Style,
    /// The title of the pane that takes the keys.
    pub focus: Style,
    /// The frame of the pane that takes the keys.
    pub focus_frame: Style,
    /// The row of the cursor, over the style of its parts.
    pub row: Style,
    /// The row of the cursor in a pane that does not take the keys, over the style of its parts.
    pub row_quiet: Style,
    /// The cell of the cursor, over the style of its row.
    pub cell: Style,
    /// ACCEPT.
    pub accept: Style,
    /// REJECT.
    pub reject: Style,
    /// Neither: NODATA and the like.
    pub other: Style,
    /// Bars of accepted traffic.
    pub accept_bar: Style,
    /// Bars of rejected traffic.
    pub reject_bar: Style,
    /// Bars of neither.
    pub other_bar: Style,
    /// What is wrong.
    pub error: Style,
    /// What is doubtful, and SKIPDATA.
    pub warning: Style,
    /// In the filter: a field.
    pub field: Style,
    /// In the filter: an operator or a word of the language.
    pub operator: Style,
    /// In the filter: a value.
    pub value: Style,
    /// In a list: the words that it was searched for.
    pub found: Style,
    /// What things are drawn with.
    pub symbols: &'static Symbols,
}

/// Returns a style of a theme.
type Part = fn(&mut Theme) -> &mut Style;

/// The styles of a theme by their names in the configuration file.
const PARTS: [(&str, Part); 24] = [
    ("text", |theme| &mut theme.text),
    ("faint", |theme| &mut theme.faint),
    ("accent", |theme| &mut theme.accent),
    ("heading", |theme| &mut theme.heading),
    ("sorted", |theme| &mut theme.sorted),
    ("frame", |theme| &mut theme.frame),
    ("title", |theme| &mut theme.title),
    ("focus", |theme| &mut theme.focus),
    ("focus-frame", |theme| &mut theme.focus_frame),
    ("row", |theme| &mut theme.row),
    ("row-quiet", |theme| &mut theme.row_quiet),
    ("cell", |theme| &mut theme.cell),
    ("accept", |theme| &mut theme.accept),
    ("reject", |theme| &mut theme.reject),
    ("other", |theme| &mut theme.other),
    ("accept-bar", |theme| &mut theme.accept_bar),
    ("reject-bar", |theme| &mut theme.reject_bar),
    ("other-bar", |theme| &mut theme.other_bar),
    ("error", |theme| &mut theme.error),
    ("warning", |theme| &mut theme.warning),
    ("field", |theme| &mut theme.field),
    ("operator", |theme| &mut theme.operator),
    ("value", |theme| &mut theme.value),
    ("found", |theme| &mut theme.found),
];

impl Theme {
    /// The theme without colour.
    pub fn plain() -> Self {
        // Styles are drawn over one another: titles over frames, a cell over its row. So each says what it is not. Bold
        // and dim together look different in each terminal.
        let text = Style::new().fg(Color::Reset).remove_modifier(Modifier::DIM);
        let bold = text.add_modifier(Modifier::BOLD);
        let underlined = text.add_modifier(Modifier::UNDERLINED);
        // Dim, and not the colour 8: in some palettes that is the background.
        let faint = Style::new()
            .fg(Color::Reset)
            .add_modifier(Modifier::DIM)
            .remove_modifier(Modifier::BOLD);
        Self {
            foreground: Color::Reset,
            background: Color::Reset,
            text,
            faint,
            accent: bold,
            heading: bold,
            sorted: bold.add_modifier(Modifier::UNDERLINED),
            frame: faint,
            title: bold,
            focus: bold.add_modifier(Modifier::UNDERLINED),
            focus_frame: text,
            // Not every colour can be read when reversed.
            row: text.add_modifier(Modifier::REVERSED),
            row_quiet: Style::new()
                .add_modifier(Modifier::BOLD)
                .remove_modifier(Modifier::DIM),
            cell: text
                .fg(Color::Reset)
                .add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
                .remove_modifier(Modifier::REVERSED | Modifier::DIM),
            accept: text,
            reject: bold,
            other: text,
            accept_bar: text,
            reject_bar: bold,
            other_bar: text,
            error: bold,
            warning: underlined,
            field: bold,
            operator: text,
            value: text,
            found: underlined,
            symbols: &UNICODE,
        }
    }

    /// Whether accepted and rejected parts of one bar are told apart by colour, in steps of an eighth of a cell; else
    /// by symbol, in steps of half a cell.
    pub fn has_fine_parts(&self) -> bool {
        self.symbols.charset == Charset::Unicode && self.accept_bar.fg != self.reject_bar.fg
    }

    /// The style of a cell whose left part looks like `left` and whose right part looks like `right`.
    pub fn split(&self, left: Style, right: Style) -> Style {
        left.bg(right.fg.unwrap_or(Color::Reset))
    }

    /// The same theme, drawn with what a terminal can show.
    #[must_use]
    pub fn with(self, charset: Charset) -> Self {
        Self {
            symbols: Symbols::of(charset),
            ..self
        }
    }

    /// The same theme with colours that terminals of 256 colours have.
    #[must_use]
    pub fn of_256_colours(mut self) -> Self {
        let simple = |colour: &mut Color| {
            if let Color::Rgb(red, green, blue) = *colour {
                *colour = Color::Indexed(nearest_of_256(Rgb([red, green, blue])));
            }
        };
        simple(&mut self.foreground);
        simple(&mut self.background);
        for (_, part) in PARTS {
            let style = part(&mut self);
            style.fg.iter_mut().for_each(simple);
            style.bg.iter_mut().for_each(simple);
        }
        self
    }
}
