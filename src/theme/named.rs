//! The themes that come with the program.

use ratatui::style::{Color, Modifier, Style};

use super::{Rgb, Theme};

/// A theme that can be asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// For dark backgrounds, up to [`LIGHTEST_DARK`].
    Dark,
    /// For light backgrounds, from [`DARKEST_LIGHT`] on.
    Light,
    /// The sixteen colours of the terminal: text has its default colour, and colours are for bars and frames alone, since
    /// no other of them can be read in every palette.
    Terminal,
    /// Black, white and yellow, with a background of its own.
    HighContrast,
    /// Without colour.
    Plain,
}

/// The lightest background that the dark theme is made for.
pub const LIGHTEST_DARK: Rgb = Rgb([0x30, 0x34, 0x46]);
/// The darkest background that the light theme is made for.
pub const DARKEST_LIGHT: Rgb = Rgb([0xee, 0xe8, 0xd5]);

impl Name {
    /// All of them, the first of which fits most terminals.
    pub const ALL: [Self; 5] = [
        Self::Dark,
        Self::Light,
        Self::Terminal,
        Self::HighContrast,
        Self::Plain,
    ];

    /// The name on the command line and in the configuration file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Terminal => "terminal",
            Self::HighContrast => "high-contrast",
            Self::Plain => "plain",
        }
    }

    /// The theme of this name.
    pub fn theme(self) -> Theme {
        match self {
            Self::Dark => dark(),
            Self::Light => light(),
            Self::Terminal => terminal(),
            Self::HighContrast => high_contrast(),
            Self::Plain => Theme::plain(),
        }
    }

    /// The theme for a terminal with this background.
    pub fn for_background(background: Option<Rgb>) -> Self {
        match background.map(Rgb::luminance) {
            Some(luminance) if luminance <= LIGHTEST_DARK.luminance() => Self::Dark,
            Some(luminance) if luminance >= DARKEST_LIGHT.luminance() => Self::Light,
            _ => Self::Terminal,
        }
    }
}

/// A colour of the 256, which look the same in every terminal.
fn fg(index: u8) -> Style {
    Style::new()
        .fg(Color::Indexed(index))
        .remove_modifier(Modifier::DIM)
}

fn dark() -> Theme {
    let bold = |index| fg(index).add_modifier(Modifier::BOLD);
    let plain = Theme::plain();
    Theme {
        faint: fg(247),
        accent: fg(80),
        sorted: bold(80),
        frame: fg(241),
        focus: bold(80),
        focus_frame: fg(73),
        row: fg(231).bg(Color::Indexed(24)),
        cell: bold(16)
            .bg(Color::Indexed(153))
            .remove_modifier(Modifier::UNDERLINED),
        accept: fg(108),
        reject: bold(210),
        other: fg(247),
        accept_bar: fg(72),
        reject_bar: fg(203),
        other_bar: fg(244),
        error: bold(210),
        warning: bold(221),
        field: fg(80),
        operator: fg(183),
        value: fg(150),
        found: fg(221).add_modifier(Modifier::UNDERLINED),
        ..plain
    }
}

fn light() -> Theme {
    let bold = |index| fg(index).add_modifier(Modifier::BOLD);
    let plain = Theme::plain();
    Theme {
        faint: fg(241),
        accent: fg(24),
        sorted: bold(24),
        frame: fg(248),
        focus: bold(24),
        focus_frame: fg(31),
        row: fg(16).bg(Color::Indexed(153)),
        cell: bold(231)
            .bg(Color::Indexed(24))
            .remove_modifier(Modifier::UNDERLINED),
        accept: fg(22),
        reject: bold(124),
        other: fg(241),
        accept_bar: fg(71),
        reject_bar: fg(160),
        other_bar: fg(245),
        error: bold(124),
        warning: bold(94),
        field: fg(24),
        operator: fg(91),
        value: fg(22),
        found: fg(94).add_modifier(Modifier::UNDERLINED),
        ..plain
    }
}

fn terminal() -> Theme {
    let fg = |colour| Style::new().fg(colour).remove_modifier(Modifier::DIM);
    Theme {
        focus_frame: fg(Color::Cyan),
        accept_bar: fg(Color::Green),
        reject_bar: fg(Color::Red),
        other_bar: fg(Color::Yellow),
        ..Theme::plain()
    }
}

fn high_contrast() -> Theme {
    let bold = |index| fg(index).add_modifier(Modifier::BOLD);
    Theme {
        foreground: Color::Indexed(231),
        background: Color::Indexed(16),
        faint: fg(252),
        accent: fg(123),
        sorted: bold(123),
        frame: fg(250),
        focus: bold(226),
        focus_frame: fg(226),
        row: fg(16).bg(Color::Indexed(226)),
        cell: bold(231)
            .bg(Color::Indexed(16))
            .remove_modifier(Modifier::REVERSED),
        accept: fg(231),
        reject: bold(217),
        other: fg(252),
        accept_bar: fg(120),
        reject_bar: fg(203),
        other_bar: fg(250),
        error: bold(217),
        warning: bold(226),
        field: fg(123),
        operator: fg(225),
        value: fg(157),
        found: fg(226).add_modifier(Modifier::UNDERLINED),
        ..Theme::plain()
    }
}
