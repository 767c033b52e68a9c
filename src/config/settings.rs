//! The configuration file, which people write: the theme, and themes of their own.

#[cfg(test)]
mod tests;

use toml::de::{DeTable, DeValue};

use super::problem::{FileProblem, Problem};
use super::state_file::StateFile;
use crate::theme::{self, Name, Theme};

const MAX_FILE_BYTES: u64 = 1 << 20;

/// What the configuration file says.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The name of the theme to use.
    pub theme: Option<String>,
    /// The themes of the file, by name.
    themes: Vec<(String, Theme)>,
}

impl Settings {
    /// The theme of this name, which may be one of the file.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn theme_named(&self, name: &str) -> Result<Theme, theme::Problem> {
        let own = self.themes.iter().find(|(own, _)| own == name);
        let built_in = Name::ALL.into_iter().find(|known| known.word() == name);
        own.map(|(_, theme)| *theme)
            .or_else(|| built_in.map(Name::theme))
            .ok_or_else(|| {
                let built_in = Name::ALL.iter().map(|name| name.word().to_owned());
                let own = self.themes.iter().map(|(name, _)| name.clone());
                theme::Problem::UnknownTheme {
                    name: name.to_owned(),
                    known: built_in.chain(own).collect(),
                }
            })
    }

    /// Reads the file.
    pub(super) fn read(file: &StateFile) -> Result<Self, Problem> {
        let text = String::from_utf8(file.read(MAX_FILE_BYTES)?)
            .map_err(|_| file.problem(FileProblem::NotUtf8))?;
        let mut settings = Self::default();
        settings.parse(&text).map_err(|(at, kind)| Problem::File {
            file: file.shown().to_owned(),
            line: Some(line(&text, at)),
            kind,
        })?;
        Ok(settings)
    }

    /// Takes over what `text` says. An error has the byte at which it is.
    fn parse(&mut self, text: &str) -> Result<(), (usize, FileProblem)> {
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            (
                at,
                FileProblem::NotToml(error.message().replace('\n', "; ")),
            )
        })?;
        for (key, value) in table.get_ref() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("theme", DeValue::String(name)) => self.theme = Some(name.to_string()),
                ("themes", DeValue::Table(themes)) => self.add_themes(themes)?,
                (name, _) => {
                    let kind = FileProblem::UnknownSetting(name.to_owned());
                    return Err((key.span().start, kind));
                }
            }
        }
        if let Some(name) = &self.theme {
            self.theme_named(name)
                .map_err(|problem| (0, problem.into()))?;
        }
        Ok(())
    }

    fn add_themes(&mut self, themes: &DeTable<'_>) -> Result<(), (usize, FileProblem)> {
        for (name, parts) in themes {
            let at = name.span().start;
            let DeValue::Table(parts) = parts.get_ref() else {
                let problem = theme::Problem::NotATheme(name.get_ref().to_string());
                return Err((at, problem.into()));
            };
            let is_base = |name: &str| name == "base";
            let base = parts.iter().find(|(part, _)| is_base(part.get_ref()));
            let base = match base.map(|(_, base)| base.get_ref()) {
                Some(DeValue::String(base)) => base.to_string(),
                _ => Name::Dark.word().to_owned(),
            };
            let mut theme = self
                .theme_named(&base)
                .map_err(|problem| (at, problem.into()))?;
            for (part, words) in parts.iter().filter(|(part, _)| !is_base(part.get_ref())) {
                let DeValue::String(words) = words.get_ref() else {
                    let problem = theme::Problem::NotAStyle(part.get_ref().to_string());
                    return Err((part.span().start, problem.into()));
                };
                theme
                    .set(part.get_ref(), words)
                    .map_err(|problem| (part.span().start, problem.into()))?;
            }
            self.themes.push((name.get_ref().to_string(), theme));
        }
        Ok(())
    }
}

/// The line of the byte `at`, from 1.
fn line(text: &str, at: usize) -> usize {
    let before = text.bytes().take(at);
    before.filter(|byte| *byte == b'\n').count() + 1
}
