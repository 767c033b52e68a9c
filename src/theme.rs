//! Every colour and every symbol of the screen, by what it means.
//!
//! The colours are the sixteen of the terminal, so a person's own palette, dark or light, decides how they
//! look. What is faint is dim and not grey: in some palettes bright black is the background. Nothing is said by
//! colour alone: actions are words, the cursor is a mark, lanes have rows.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// What each part of the screen looks like.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// Text.
    pub text: Style,
    /// Text that is there to be found, not to be read.
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
    /// Neither: NODATA, SKIPDATA and the like.
    pub other: Style,
    /// What is wrong.
    pub error: Style,
    /// What is doubtful.
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

/// The characters that borders, bars and markers are drawn with.
#[derive(Debug)]
pub struct Symbols {
    /// Eight heights of a bar, lowest first.
    pub bars: [&'static str; 8],
    /// A horizontal bar: one eighth to full.
    pub horizontal: [&'static str; 8],
    /// The parts of a horizontal bar without colours (accepted, rejected, neither), each as half a cell and as a whole
    /// cell.
    pub parts: [[&'static str; 2]; 3],
    /// Frames.
    pub border: border::Set<'static>,
    /// The mark of the cursor's row.
    pub cursor: &'static str,
    /// The mark of what matched something.
    pub tick: &'static str,
    /// From source to destination.
    pub arrow: &'static str,
    /// What was left out.
    pub ellipsis: &'static str,
    /// Ascending, descending.
    pub sort: [&'static str; 2],
    /// A bucket in which an interface saw no traffic.
    pub nodata: &'static str,
    /// A bucket in which records were lost.
    pub skipdata: &'static str,
    /// A line from the cursor up, where no bar stands.
    pub guide: &'static str,
    /// Between the ends of a range.
    pub dash: &'static str,
    /// A line between parts.
    pub rule: &'static str,
    /// Keys of arrows etc. may be drawn as they are.
    pub is_ascii: bool,
}

/// For terminals that draw Unicode.
pub const UNICODE: Symbols = Symbols {
    bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    horizontal: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    parts: [["░", "▒"], ["▌", "█"], ["╴", "─"]],
    border: border::ROUNDED,
    cursor: "▸",
    tick: "✓",
    arrow: "→",
    ellipsis: "…",
    sort: ["▲", "▼"],
    nodata: "·",
    skipdata: "!",
    guide: "┊",
    dash: "–",
    rule: "─",
    is_ascii: false,
};

/// For terminals that do not.
pub const ASCII: Symbols = Symbols {
    bars: [".", ".", ":", ":", "+", "+", "#", "#"],
    horizontal: [".", ".", "-", "-", "=", "=", "#", "#"],
    parts: [["-", "="], ["+", "#"], [".", ":"]],
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
    cursor: ">",
    tick: "*",
    arrow: ">",
    ellipsis: "~",
    sort: ["^", "v"],
    nodata: "_",
    skipdata: "!",
    guide: "|",
    dash: "-",
    rule: "-",
    is_ascii: true,
};

/// What ASCII terminals show for the characters of the texts of the screen.
const IN_ASCII: [(&str, &str); 10] = [
    ("·", "-"),
    ("–", "-"),
    ("—", "-"),
    ("…", "~"),
    ("→", ">"),
    ("←", "<"),
    ("↑", "^"),
    ("↓", "v"),
    ("≥", ">"),
    ("×", "x"),
];

/// What an ASCII terminal shows for the character of a cell; none where it shows the character itself.
pub fn in_ascii(symbol: &str) -> Option<&'static str> {
    if symbol.is_ascii() {
        return None;
    }
    let known = IN_ASCII.iter().find(|(unicode, _)| *unicode == symbol);
    known.map(|(_, ascii)| *ascii)
}

impl Theme {
    /// The theme of sixteen colours.
    pub fn colour() -> Self {
        let plain = Self::plain();
        let fg = |colour| Style::new().fg(colour).remove_modifier(Modifier::DIM);
        Self {
            accent: fg(Color::Cyan),
            sorted: fg(Color::Cyan).add_modifier(Modifier::BOLD),
            focus: fg(Color::Cyan).add_modifier(Modifier::BOLD),
            focus_frame: fg(Color::Cyan),
            accept: fg(Color::Green),
            reject: fg(Color::Red),
            other: fg(Color::Yellow),
            error: fg(Color::Red).add_modifier(Modifier::BOLD),
            warning: fg(Color::Yellow),
            field: fg(Color::Cyan),
            operator: fg(Color::Magenta),
            value: fg(Color::Green),
            found: fg(Color::Yellow).add_modifier(Modifier::UNDERLINED),
            ..plain
        }
    }

    /// The theme without colour.
    pub fn plain() -> Self {
        let text = Style::new();
        // Styles are drawn over one another: titles over frames, a frame over that of its neighbour. Bold and dim
        // together look different in each terminal, so either takes the place of the other.
        let with = |modifier| text.add_modifier(modifier).remove_modifier(Modifier::DIM);
        let bold = with(Modifier::BOLD);
        let faint = text
            .fg(Color::Reset)
            .add_modifier(Modifier::DIM)
            .remove_modifier(Modifier::BOLD);
        Self {
            text,
            faint,
            accent: bold,
            heading: bold,
            sorted: bold.add_modifier(Modifier::UNDERLINED),
            frame: faint,
            title: bold,
            focus: bold.add_modifier(Modifier::UNDERLINED),
            focus_frame: text.remove_modifier(Modifier::DIM),
            // Not every colour can be read when reversed.
            row: with(Modifier::REVERSED)
                .fg(Color::Reset)
                .remove_modifier(Modifier::BOLD),
            row_quiet: bold,
            cell: Style {
                add_modifier: Modifier::BOLD.union(Modifier::UNDERLINED),
                sub_modifier: Modifier::REVERSED.union(Modifier::DIM),
                ..text.fg(Color::Reset)
            },
            accept: text,
            reject: bold,
            other: text,
            error: bold,
            warning: with(Modifier::UNDERLINED),
            field: bold,
            operator: text,
            value: text,
            found: with(Modifier::UNDERLINED),
            symbols: &UNICODE,
        }
    }

    /// Whether accepted and rejected parts of one bar are told apart by colour, in steps of an eighth of a cell; else
    /// by symbol, in steps of half a cell.
    pub fn has_fine_parts(&self) -> bool {
        !self.symbols.is_ascii && self.accept.fg != self.reject.fg
    }

    /// The style of a cell whose left part looks like `left` and whose right part looks like `right`.
    pub fn split(&self, left: Style, right: Style) -> Style {
        left.bg(right.fg.unwrap_or(Color::Reset))
    }

    /// The same theme, drawn in ASCII.
    #[must_use]
    pub fn ascii(self) -> Self {
        Self {
            symbols: &ASCII,
            ..self
        }
    }
}
