//! Pictures of the screen for the documents, drawn as SVG from the buffer that a terminal would show.
//!
//! Blocks and lines are shapes, so that bars fill their cells exactly; text is placed word by word with its length, so
//! that the reader's font cannot shift it.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::*;
use crate::theme::Rgb;

/// The size of a cell in pixels: an eighth of either side is whole.
const WIDTH: u16 = 8;
const HEIGHT: u16 = 16;
/// The margin around the screen.
const MARGIN: u16 = 12;

/// What the colours of a terminal look like.
struct Palette {
    background: [u8; 3],
    text: [u8; 3],
    red: [u8; 3],
    green: [u8; 3],
    yellow: [u8; 3],
    blue: [u8; 3],
    magenta: [u8; 3],
    cyan: [u8; 3],
}

const LIGHT: Palette = Palette {
    background: [0xff, 0xff, 0xff],
    text: [0x1f, 0x23, 0x28],
    red: [0xcf, 0x22, 0x2e],
    green: [0x1a, 0x7f, 0x37],
    yellow: [0x9a, 0x67, 0x00],
    blue: [0x09, 0x69, 0xda],
    magenta: [0x82, 0x50, 0xdf],
    cyan: [0x1b, 0x7c, 0x83],
};

const DARK: Palette = Palette {
    background: [0x0d, 0x11, 0x17],
    text: [0xe6, 0xed, 0xf3],
    red: [0xff, 0x7b, 0x72],
    green: [0x3f, 0xb9, 0x50],
    yellow: [0xd2, 0x99, 0x22],
    blue: [0x58, 0xa6, 0xff],
    magenta: [0xbc, 0x8c, 0xff],
    cyan: [0x39, 0xc5, 0xcf],
};

impl Palette {
    fn colour(&self, colour: Color, reset: [u8; 3]) -> [u8; 3] {
        match colour {
            Color::Reset => reset,
            Color::Red | Color::LightRed => self.red,
            Color::Green | Color::LightGreen => self.green,
            Color::Yellow | Color::LightYellow => self.yellow,
            Color::Blue | Color::LightBlue => self.blue,
            Color::Magenta | Color::LightMagenta => self.magenta,
            Color::Cyan | Color::LightCyan => self.cyan,
            Color::Black => self.background,
            Color::White => self.text,
            Color::Gray | Color::DarkGray => mix(self.text, self.background),
            other => match Rgb::of(other) {
                Some(Rgb(colour)) => colour,
                None => panic!("a picture has no colour {other:?}"),
            },
        }
    }

    /// The colours of the text and of what is behind it.
    fn of(&self, cell: &Cell) -> ([u8; 3], [u8; 3]) {
        let mut text = self.colour(cell.fg, self.text);
        let mut behind = self.colour(cell.bg, self.background);
        if cell.modifier.contains(Modifier::REVERSED) {
            std::mem::swap(&mut text, &mut behind);
        }
        if cell.modifier.contains(Modifier::DIM) {
            text = mix(text, behind);
        }
        (text, behind)
    }
}

/// Dim text: three fifths of its colour.
fn mix(text: [u8; 3], behind: [u8; 3]) -> [u8; 3] {
    let part = |at: usize| (u16::from(text[at]) * 3 + u16::from(behind[at]) * 2) / 5;
    [0, 1, 2].map(|at| u8::try_from(part(at)).expect("a mean of two bytes is a byte"))
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The part of a cell that a block fills, in pixels.
fn block(symbol: char) -> Option<Rect> {
    let nth =
        |first: char| u16::try_from(u32::from(symbol) - u32::from(first)).expect("one of eight");
    match symbol {
        '▁'..='█' => {
            let height = (nth('▁') + 1) * HEIGHT / 8;
            Some(Rect::new(0, HEIGHT - height, WIDTH, height))
        }
        '▉'..='▏' => Some(Rect::new(0, 0, (7 - nth('▉')) * WIDTH / 8, HEIGHT)),
        '▀' => Some(Rect::new(0, 0, WIDTH, HEIGHT / 2)),
        '▐' => Some(Rect::new(WIDTH / 2, 0, WIDTH / 2, HEIGHT)),
        '▔' => Some(Rect::new(0, 0, WIDTH, HEIGHT / 8)),
        _ => None,
    }
}

/// How much of a cell a shade fills, in hundredths.
fn shade(symbol: char) -> Option<u16> {
    match symbol {
        '░' => Some(25),
        '▒' => Some(50),
        '▓' => Some(75),
        _ => None,
    }
}

/// Whether a line goes from the middle of the cell to the left, to the right, up and down.
fn line(symbol: char) -> Option<[bool; 4]> {
    let ways = match symbol {
        '─' => [true, true, false, false],
        '╴' => [true, false, false, false],
        '╶' => [false, true, false, false],
        '│' => [false, false, true, true],
        '╭' | '┌' => [false, true, false, true],
        '╮' | '┐' => [true, false, false, true],
        '╰' | '└' => [false, true, true, false],
        '╯' | '┘' => [true, false, true, false],
        '├' => [false, true, true, true],
        '┤' => [true, false, true, true],
        '┬' => [true, true, false, true],
        '┴' => [true, true, true, false],
        '┼' => [true; 4],
        _ => return None,
    };
    Some(ways)
}

/// The parts of a cell that the lines of a symbol fill, one pixel wide.
fn line_parts([left, right, up, down]: [bool; 4]) -> Vec<Rect> {
    let (x, y) = (WIDTH / 2, HEIGHT / 2);
    let mut parts = Vec::new();
    if left || right {
        let from = if left { 0 } else { x };
        let to = if right { WIDTH } else { x + 1 };
        parts.push(Rect::new(from, y, to - from, 1));
    }
    if up || down {
        let from = if up { 0 } else { y };
        let to = if down { HEIGHT } else { y + 1 };
        parts.push(Rect::new(x, from, 1, to - from));
    }
    parts
}

/// Collects what is drawn: shapes by colour, so that each colour is named once, and then words.
#[derive(Default)]
struct Drawing {
    shapes: BTreeMap<(String, u16), Vec<Rect>>,
    words: BTreeMap<(String, bool), Vec<(Position, String)>>,
}

impl Drawing {
    fn fill(&mut self, colour: [u8; 3], hundredths: u16, part: Rect) {
        let shapes = self.shapes.entry((hex(colour), hundredths)).or_default();
        // A row of equal cells is one rectangle.
        if let Some(last) = shapes.last_mut()
            && (last.right(), last.y, last.height) == (part.x, part.y, part.height)
        {
            last.width += part.width;
        } else {
            shapes.push(part);
        }
    }

    fn row(&mut self, row: &[Cell], y: u16, palette: &Palette) {
        let mut word: Option<(u16, &Cell, String)> = None;
        let mut x = MARGIN;
        for cell in row {
            let (text, behind) = palette.of(cell);
            if behind != palette.background {
                self.fill(behind, 100, Rect::new(x, y, WIDTH, HEIGHT));
            }
            let symbol = cell.symbol();
            let sign = symbol.chars().next().unwrap_or(' ');
            let continues = |(_, first, _): &(u16, &Cell, String)| first.style() == cell.style();
            if self.shape(sign, text, Position::new(x, y)) || symbol.trim().is_empty() {
                self.finish(word.take(), y, palette);
            } else if word.as_ref().is_some_and(continues) {
                word.as_mut().expect("just seen").2.push_str(symbol);
            } else {
                self.finish(word.replace((x, cell, symbol.to_owned())), y, palette);
            }
            x += WIDTH;
        }
        self.finish(word, y, palette);
    }

    /// Draws a symbol that is a shape, and returns whether it is.
    fn shape(&mut self, sign: char, colour: [u8; 3], at: Position) -> bool {
        let (hundredths, parts) = if let Some(part) = block(sign) {
            (100, vec![part])
        } else if let Some(hundredths) = shade(sign) {
            (hundredths, vec![Rect::new(0, 0, WIDTH, HEIGHT)])
        } else if let Some(ways) = line(sign) {
            (100, line_parts(ways))
        } else if sign == '┊' {
            (
                100,
                (0..4)
                    .map(|dash| Rect::new(WIDTH / 2, dash * 4, 1, 2))
                    .collect(),
            )
        } else {
            return false;
        };
        for part in parts {
            let part = Rect::new(at.x + part.x, at.y + part.y, part.width, part.height);
            self.fill(colour, hundredths, part);
        }
        true
    }

    fn finish(&mut self, word: Option<(u16, &Cell, String)>, y: u16, palette: &Palette) {
        let Some((x, first, word)) = word else { return };
        let (colour, _) = palette.of(first);
        let width = u16::try_from(word.width()).unwrap() * WIDTH;
        if first.modifier.contains(Modifier::UNDERLINED) {
            self.fill(colour, 100, Rect::new(x, y + HEIGHT - 2, width, 1));
        }
        let is_bold = first.modifier.contains(Modifier::BOLD);
        let words = self.words.entry((hex(colour), is_bold)).or_default();
        words.push((Position::new(x, y + HEIGHT - 4), word));
    }
}

/// A screen as a picture.
fn svg(buffer: &Buffer, palette: &Palette) -> String {
    let mut drawing = Drawing::default();
    let mut y = MARGIN;
    for row in buffer.content.chunks(usize::from(buffer.area.width)) {
        drawing.row(row, y, palette);
        y += HEIGHT;
    }
    let width = buffer.area.width * WIDTH + 2 * MARGIN;
    let height = y + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"13.3\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"{}\"/>\n",
        hex(palette.background)
    );
    for ((colour, hundredths), parts) in drawing.shapes {
        let opacity = match hundredths {
            100 => String::new(),
            part => format!(" fill-opacity=\".{part}\""),
        };
        write!(svg, "<path fill=\"{colour}\"{opacity} d=\"").unwrap();
        for part in parts {
            let (x, y, width, height) = (part.x, part.y, part.width, part.height);
            write!(svg, "M{x} {y}h{width}v{height}h-{width}z").unwrap();
        }
        svg.push_str("\"/>\n");
    }
    for ((colour, is_bold), words) in drawing.words {
        let weight = if is_bold { " font-weight=\"bold\"" } else { "" };
        writeln!(svg, "<g fill=\"{colour}\"{weight}>").unwrap();
        for (at, word) in words {
            let length = u16::try_from(word.width()).unwrap() * WIDTH;
            let word = word.replace('&', "&amp;").replace('<', "&lt;");
            writeln!(
                svg,
                "<text x=\"{}\" y=\"{}\" textLength=\"{length}\">{word}</text>",
                at.x, at.y
            )
            .unwrap();
        }
        svg.push_str("</g>\n");
    }
    svg + "</svg>\n"
}

/// Asserts that a picture of the documents shows the screen as it is; with `UPDATE_DOCS=1` it writes the picture instead.
#[track_caller]
fn check_picture(name: &str, session: &Session, theme: Name, palette: &Palette) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/images")
        .join(name);
    let current = svg(drawn(session, &theme.theme()).buffer(), palette);
    if env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        fs::write(&path, current).unwrap();
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == current,
        "docs/images/{name} does not show the screen as it is; `UPDATE_DOCS=1 cargo test` draws it"
    );
}

#[test]
fn pictures_in_the_documents_match_the_screen() {
    let mut lab = Session::lab(120, 36);
    // The tenth record is one of the scan.
    lab.press("/reject<enter>jjjjjjjjj");
    check_picture("explorer-light.svg", &lab, Name::Light, &LIGHT);
    check_picture("explorer-dark.svg", &lab, Name::Dark, &DARK);
}

#[test]
fn bars_and_lines_are_shapes_and_words_are_text() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 9, 1));
    buffer.set_string(0, 0, "▄██▌│ a<b", Style::new().fg(Color::Red));
    let svg = svg(&buffer, &LIGHT);
    // Half a cell from below, two whole ones, the left half of one, and a line in the middle.
    assert!(
        svg.contains("M12 20h8v8h-8zM20 12h20v16h-20zM48 12h1v16h-1z"),
        "{svg}"
    );
    let word = "<text x=\"60\" y=\"24\" textLength=\"24\">a&lt;b</text>";
    assert!(
        svg.contains(&format!("<g fill=\"#cf222e\">\n{word}")),
        "{svg}"
    );
}
