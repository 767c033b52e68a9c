//! What the screens look like in terminals of all kinds.

use super::*;
use crate::theme::{Charset, DARKEST_LIGHT, LIGHTEST_DARK, Rgb};

/// A session for every pane and every overlay, at a size.
fn every_screen(cols: u16, rows: u16) -> Vec<Session> {
    let pressed = |keys: &str| {
        let mut session = remembering(cols, rows);
        session.press(keys);
        session
    };
    let mut sessions: Vec<Session> = [
        "jj",
        "/",
        "/dst port <c-n><c-n>",
        "/reject and (",
        "/reject and srcadr == 10.0.0.1",
        "/dst port 3389 and accept and src host 203.0.113.12<enter>",
        "2jl",
        "2lvlll",
        "3j",
        "3ss",
        "4jj",
        "<c-r><down>",
        "/reject<c-s>",
        "?",
        "?G",
        "y",
        "yl",
        "R",
        "f",
        ":",
        ":filter",
        "?/scan",
        "/reject and (<esc>q",
    ]
    .map(pressed)
    .into();
    let mut troubled = troubled(cols, rows);
    troubled.press("Rj");
    sessions.push(troubled);
    sessions.push(Session::empty(cols, rows));
    sessions
}

/// Bright black is the background of some palettes, and bold and dim together look different in each terminal.
#[test]
fn only_faint_text_is_dim() {
    for session in &every_screen(120, 36) {
        for theme in [Name::Terminal.theme(), Theme::plain()] {
            let screen = drawn(session, &theme);
            let cells = &screen.buffer().content;
            assert!(cells.iter().any(|cell| cell.modifier == Modifier::DIM));
            for cell in cells {
                assert_ne!(cell.fg, Color::DarkGray, "{cell:?} in\n{screen}");
                let is_faint = cell.modifier.contains(Modifier::DIM);
                let is_only_faint = cell.modifier == Modifier::DIM && cell.fg == Color::Reset;
                assert!(!is_faint || is_only_faint, "{cell:?} in\n{screen}");
            }
        }
    }
}

#[test]
fn every_screen_can_be_drawn_in_ascii_and_on_the_linux_console() {
    for (cols, rows) in [(40, 12), (80, 24), (120, 36), (200, 50)] {
        for session in &every_screen(cols, rows) {
            for charset in [Charset::Ascii, Charset::Console] {
                let screen = drawn(session, &Name::Dark.theme().with(charset));
                for cell in &screen.buffer().content {
                    let symbol = cell.symbol();
                    let is_ascii = symbol.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
                    let is_on_console = "─│┌┐└┘├┤┬┴┼░▒█·µ×".contains(symbol);
                    let is_shown = is_ascii || charset == Charset::Console && is_on_console;
                    assert!(is_shown, "{charset:?} {symbol:?} in\n{screen}");
                }
            }
        }
    }
}

#[test]
fn screens_in_ascii_and_on_the_linux_console() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject<enter>");
    for (charset, name) in [(Charset::Ascii, "ascii"), (Charset::Console, "console")] {
        let theme = Theme::plain().with(charset);
        insta::assert_snapshot!(format!("{name}_80x24"), drawn(&lab, &theme));
    }
}

/// The colours of a terminal: the sixteen, background and text.
struct Palette {
    name: &'static str,
    sixteen: [u32; 16],
    background: u32,
    text: u32,
}

const XTERM: [u32; 16] = [
    0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5,
    0x7f_7f7f, 0xff_0000, 0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
];
const VTE: [u32; 16] = [
    0x17_1421, 0xc0_1c28, 0x26_a269, 0xa2_734c, 0x12_488b, 0xa3_47ba, 0x2a_a1b3, 0xd0_cfcc,
    0x5e_5c64, 0xf6_6151, 0x33_da7a, 0xe9_ad0c, 0x2a_7bde, 0xc0_61cb, 0x33_c7de, 0xff_ffff,
];
const SOLARIZED: [u32; 16] = [
    0x07_3642, 0xdc_322f, 0x85_9900, 0xb5_8900, 0x26_8bd2, 0xd3_3682, 0x2a_a198, 0xee_e8d5,
    0x00_2b36, 0xcb_4b16, 0x58_6e75, 0x65_7b83, 0x83_9496, 0x6c_71c4, 0x93_a1a1, 0xfd_f6e3,
];
const LINUX: [u32; 16] = [
    0x00_0000, 0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa, 0xaa_aaaa,
    0x55_5555, 0xff_5555, 0x55_ff55, 0xff_ff55, 0x55_55ff, 0xff_55ff, 0x55_ffff, 0xff_ffff,
];

#[rustfmt::skip]
const PALETTES: [Palette; 7] = [
    Palette { name: "xterm", sixteen: XTERM, background: 0xff_ffff, text: 0x00_0000 },
    Palette { name: "xterm -rv", sixteen: XTERM, background: 0x00_0000, text: 0xe5_e5e5 },
    Palette { name: "VTE dark", sixteen: VTE, background: 0x17_1421, text: 0xd0_cfcc },
    Palette { name: "VTE light", sixteen: VTE, background: 0xff_ffff, text: 0x17_1421 },
    Palette { name: "Solarized dark", sixteen: SOLARIZED, background: 0x00_2b36, text: 0x83_9496 },
    Palette { name: "Solarized light", sixteen: SOLARIZED, background: 0xfd_f6e3, text: 0x65_7b83 },
    Palette { name: "Linux console", sixteen: LINUX, background: 0x00_0000, text: 0xaa_aaaa },
];

fn rgb(colour: u32) -> Rgb {
    let [_, red, green, blue] = colour.to_be_bytes();
    Rgb([red, green, blue])
}

impl Palette {
    fn colour(&self, colour: Color, default: u32) -> Rgb {
        const NAMED: [Color; 16] = [
            Color::Black,
            Color::Red,
            Color::Green,
            Color::Yellow,
            Color::Blue,
            Color::Magenta,
            Color::Cyan,
            Color::Gray,
            Color::DarkGray,
            Color::LightRed,
            Color::LightGreen,
            Color::LightYellow,
            Color::LightBlue,
            Color::LightMagenta,
            Color::LightCyan,
            Color::White,
        ];
        let named = NAMED.iter().position(|named| *named == colour);
        named.map_or_else(
            || Rgb::of(colour).unwrap_or_else(|| rgb(default)),
            |index| rgb(self.sixteen[index]),
        )
    }

    /// How well the text of a cell can be read.
    fn contrast(&self, cell: &Cell) -> f64 {
        let text = self.colour(cell.fg, self.text);
        text.contrast(self.colour(cell.bg, self.background))
    }
}

/// The cells with text: not frames and bars, and not the separators, placeholders and missing values that are dim where
/// there is no colour between that of the text and that of the background.
fn texts(screen: &TestBackend) -> impl Iterator<Item = &Cell> {
    let is_text = |cell: &&Cell| {
        cell.symbol().chars().all(char::is_alphanumeric) && !cell.modifier.contains(Modifier::DIM)
    };
    screen.buffer().content.iter().filter(is_text)
}

const MIN_CONTRAST: f64 = 4.5;

#[test]
fn every_text_can_be_read_on_the_background_of_its_theme() {
    let none = Palette {
        name: "",
        sixteen: XTERM,
        background: 0,
        text: 0,
    };
    let (black, white) = (Rgb([0; 3]), Rgb([255; 3]));
    for (name, backgrounds) in [
        (Name::Dark, [black, LIGHTEST_DARK]),
        (Name::Light, [white, DARKEST_LIGHT]),
        (Name::HighContrast, [black, black]),
    ] {
        for session in &every_screen(120, 36) {
            let screen = drawn(session, &name.theme());
            for cell in texts(&screen) {
                let is_default = cell.fg == Color::Reset;
                // The terminal has chosen its text for its own background alone.
                assert!(!is_default || cell.bg == Color::Reset, "{name:?}: {cell:?}");
                for background in backgrounds {
                    let behind = Rgb::of(cell.bg).unwrap_or(background);
                    let contrast = none.colour(cell.fg, 0).contrast(behind);
                    let is_legible = is_default || contrast >= MIN_CONTRAST;
                    assert!(
                        is_legible,
                        "{name:?}: {contrast:.1} of {cell:?} in\n{screen}"
                    );
                }
            }
        }
    }
}

#[test]
fn with_sixteen_colours_every_text_can_be_read_in_common_palettes() {
    for session in &every_screen(120, 36) {
        let screen = drawn(session, &Name::Terminal.theme());
        for cell in texts(&screen) {
            for palette in &PALETTES {
                // No text can be better than that of the terminal itself, which has 4.1 in Solarized light.
                let own = rgb(palette.text).contrast(rgb(palette.background));
                let contrast = palette.contrast(cell);
                let name = palette.name;
                let is_legible = contrast >= own.min(MIN_CONTRAST);
                assert!(is_legible, "{name}: {contrast:.1} of {cell:?} in\n{screen}");
            }
        }
    }
}

#[test]
fn without_colour_there_is_none() {
    for session in &every_screen(120, 36) {
        let screen = drawn(session, &Theme::plain());
        for cell in &screen.buffer().content {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
        }
    }
}
