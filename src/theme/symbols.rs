//! The characters that frames, bars and marks are drawn with: for terminals with Unicode, for the Linux console, and for
//! terminals that show ASCII alone.

use ratatui::symbols::border;

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
    /// More columns to the left, to the right.
    pub more: [&'static str; 2],
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
    /// What the terminal can show.
    pub charset: Charset,
}

/// What a terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// Every character that the screens need.
    #[default]
    Unicode,
    /// The 256 or 512 characters of a font of the Linux console, as of code page 437.
    Console,
    /// ASCII.
    Ascii,
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
    more: ["‹", "›"],
    sort: ["▲", "▼"],
    nodata: "·",
    skipdata: "!",
    guide: "┊",
    dash: "–",
    rule: "─",
    charset: Charset::Unicode,
};

/// For the Linux console, whose usual fonts draw parts of a block all alike: a bar is darker instead of higher.
pub const CONSOLE: Symbols = Symbols {
    bars: ["░", "░", "░", "▒", "▒", "▒", "█", "█"],
    horizontal: ["░", "░", "░", "▒", "▒", "▒", "█", "█"],
    parts: [["░", "▒"], ["█", "█"], ["-", "="]],
    border: border::PLAIN,
    nodata: "·",
    guide: "│",
    rule: "─",
    charset: Charset::Console,
    ..ASCII
};

/// For terminals that draw neither.
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
    more: ["<", ">"],
    sort: ["^", "v"],
    nodata: "_",
    skipdata: "!",
    guide: "|",
    dash: "-",
    rule: "-",
    charset: Charset::Ascii,
};

impl Symbols {
    /// The symbols for a terminal.
    pub fn of(charset: Charset) -> &'static Self {
        match charset {
            Charset::Unicode => &UNICODE,
            Charset::Console => &CONSOLE,
            Charset::Ascii => &ASCII,
        }
    }
}

/// What is shown for the characters of texts where a terminal does not have them.
const REPLACEMENTS: [(&str, &str); 20] = [
    ("·", "-"),
    ("–", "-"),
    ("—", "-"),
    ("…", "~"),
    ("→", ">"),
    ("←", "<"),
    ("↔", "="),
    ("↑", "^"),
    ("↓", "v"),
    ("≥", ">"),
    ("≤", "<"),
    ("≠", "!"),
    ("×", "x"),
    ("µ", "u"),
    ("✓", "*"),
    ("✗", "x"),
    ("’", "'"),
    ("“", "\""),
    ("”", "\""),
    ("▸", ">"),
];

/// The characters beside ASCII that the fonts of the Linux console have.
const OF_CONSOLE: &str = "─│┌┐└┘├┤┬┴┼░▒█·µ×";

/// What a terminal shows in place of the character of a cell; `None` if it shows the character itself. A character that
/// is not known here is shown as `?`.
pub fn replacement(charset: Charset, symbol: &str) -> Option<&'static str> {
    let is_shown = match charset {
        Charset::Unicode => true,
        Charset::Console => symbol.is_ascii() || OF_CONSOLE.contains(symbol),
        Charset::Ascii => symbol.is_ascii(),
    };
    if is_shown {
        return None;
    }
    let known = REPLACEMENTS.iter().find(|(unicode, _)| *unicode == symbol);
    Some(known.map_or("?", |(_, shown)| *shown))
}
