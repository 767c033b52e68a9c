//! Styles as words, for the themes of the configuration file: `bold #ff8787 on black`.

use std::borrow::Cow;

use ratatui::style::{Color, Modifier, Style};
use thiserror::Error;

use super::{PARTS, Theme};
use crate::format;

/// What is wrong with a theme of the configuration file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// A theme that is neither built in nor in the file.
    #[error("no theme is called {name}")]
    UnknownTheme {
        /// As it was given.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// A part that no theme has.
    #[error("themes have no part {0}")]
    UnknownPart(String),
    /// Words that are no style.
    #[error("{0} is not a style")]
    NotAStyle(String),
    /// Words that are no colour.
    #[error("{0} is not a colour")]
    NotAColour(String),
    /// A value of another type.
    #[error("{0} is not a theme")]
    NotATheme(String),
}

impl format::Problem for Problem {
    fn advice(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::UnknownTheme { known, .. } => format!("there are {}", known.join(", ")).into(),
            Self::UnknownPart(_) => {
                let parts: Vec<&str> = Theme::parts().collect();
                format!("there are {}", parts.join(", ")).into()
            }
            Self::NotAStyle(_) => "write a style like \"bold #ff8787 on black\"".into(),
            Self::NotAColour(_) => "write a colour like \"#ff8787\", \"red\" or \"203\"".into(),
            Self::NotATheme(name) => format!("write a table [themes.{name}]").into(),
        })
    }
}

impl Theme {
    /// The names of what [`Theme::set`] can change.
    pub fn parts() -> impl Iterator<Item = &'static str> {
        let styles = PARTS.iter().map(|(name, _)| *name);
        ["foreground", "background"].into_iter().chain(styles)
    }

    /// Changes the part of this name.
    ///
    /// # Errors
    ///
    /// When there is no such part, or when `words` are not a style or, for `foreground` and `background`, not a colour.
    pub fn set(&mut self, part: &str, words: &str) -> Result<(), Problem> {
        let base = match part {
            "foreground" => Some(&mut self.foreground),
            "background" => Some(&mut self.background),
            _ => None,
        };
        if let Some(base) = base {
            *base = colour(words).ok_or_else(|| Problem::NotAColour(words.to_owned()))?;
            return Ok(());
        }
        let (_, style) = PARTS
            .iter()
            .find(|(name, _)| *name == part)
            .ok_or_else(|| Problem::UnknownPart(part.to_owned()))?;
        *style(self) = parse(words).ok_or_else(|| Problem::NotAStyle(words.to_owned()))?;
        Ok(())
    }
}

fn colour(word: &str) -> Option<Color> {
    match word {
        "default" => Some(Color::Reset),
        _ => word.parse().ok(),
    }
}

/// A style: modifiers, a colour, and `on` with the colour behind it, each at most once.
fn parse(words: &str) -> Option<Style> {
    // What is dim below, as a frame below its title, does not make this dim.
    let mut style = Style::new().remove_modifier(Modifier::DIM);
    let mut words = words.split_whitespace();
    while let Some(word) = words.next() {
        style = match word {
            "bold" => style.add_modifier(Modifier::BOLD),
            "dim" => style.add_modifier(Modifier::DIM),
            "italic" => style.add_modifier(Modifier::ITALIC),
            "underlined" => style.add_modifier(Modifier::UNDERLINED),
            "reversed" => style.add_modifier(Modifier::REVERSED),
            "on" if style.bg.is_none() => style.bg(colour(words.next()?)?),
            _ if style.fg.is_none() => style.fg(colour(word)?),
            _ => return None,
        };
    }
    Some(style)
}
