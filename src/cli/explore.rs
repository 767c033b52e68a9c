//! `flowdeck` without a subcommand: the explorer.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use strsim::osa_distance;

use super::Cli;
use super::failure::{Failure, Problem};
use super::filter;
use super::interrupt::Interrupt;
use super::load;
use super::options::Reading;
use crate::config::StateFiles;
use crate::theme::Charset;
use crate::tui;
use crate::tui::Session;

#[derive(Args, Clone, Debug)]
pub(super) struct Explore {
    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    drawing: Drawing,

    /// Leave the mouse to the terminal, which then selects text without Shift
    #[arg(long)]
    no_mouse: bool,

    /// Neither read nor write the filter history and the accepted orders of fields
    #[arg(long)]
    no_history: bool,
}

/// What the screens are drawn with.
#[derive(Args, Clone, Debug)]
struct Drawing {
    /// Theme: dark, light, terminal (its sixteen colours), high-contrast, plain (no colours), or one of the
    /// configuration file; default: dark or light, as the background of the terminal is
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,

    /// Draw with ASCII characters only, as where the locale is not UTF-8
    #[arg(long, conflicts_with = "unicode")]
    ascii: bool,

    /// Draw with all characters, whatever the locale and TERM say
    #[arg(long)]
    unicode: bool,
}

impl Explore {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let paths = &self.reading.paths;
        if let [first, ..] = paths.as_slice()
            && let Some(meant) = meant(first)
        {
            let path = first.to_string_lossy();
            return Err(Failure::at(path, Problem::NotACommand { meant }));
        }
        let inputs = load::inputs(paths)?;
        if let Some(verdict) = load::nothing_to_read(&inputs, self.reading.follow) {
            return Ok(ExitCode::from(verdict.code()));
        }
        let state_files = StateFiles::from_environment();
        let state_files = if self.no_history {
            state_files.without_history()
        } else {
            state_files
        };
        let mut options = load::options(&self.reading, &Interrupt::default())?;
        // Errors in the file are shown by the explorer.
        let accepted = state_files.accepted_formats().unwrap_or_default();
        options.remembered = accepted
            .into_iter()
            .map(|accepted| (accepted.folder, accepted.log_format))
            .collect();
        // Errors in this file are shown by the explorer, too.
        let settings = state_files.settings().unwrap_or_default();
        let theme = match &self.drawing.theme {
            Some(name) => Some(
                settings
                    .theme_named(name)
                    .map_err(|problem| Failure::at("--theme", problem))?,
            ),
            None => None,
        };
        let usual_theme = settings.theme.as_ref();
        let usual_theme = usual_theme.and_then(|name| settings.theme_named(name).ok());
        let charset = match (self.drawing.ascii, self.drawing.unicode) {
            (true, _) => Some(Charset::Ascii),
            (_, true) => Some(Charset::Unicode),
            _ => None,
        };
        let session = Session {
            inputs,
            options,
            state_files,
            filter: filter::text(&self.reading)?,
            title: title(paths),
            theme,
            usual_theme,
            charset,
            no_mouse: self.no_mouse,
        };
        Ok(tui::run(session)?)
    }
}

/// The name of the input in the header.
fn title(paths: &[PathBuf]) -> String {
    let name = |path: &Path| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    };
    match paths {
        [] => "built-in lab: a small VPC under attack".into(),
        [only] if only.as_os_str() == "-" => "standard input".into(),
        [only] => name(only),
        [first, others @ ..] => {
            // Name the input after a path that exists.
            let there = paths.iter().find(|path| path.exists()).unwrap_or(first);
            format!("{} and {} more", name(there), others.len())
        }
    }
}

/// The subcommand that `path` is probably a misspelling of, if there is no such file.
fn meant(path: &Path) -> Option<String> {
    let word = path.to_str()?;
    if path.exists() || !word.chars().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .find(|name| osa_distance(name, word) <= 2)
}
