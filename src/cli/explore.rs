//! `flowdeck` without a subcommand: the explorer.

use std::io;
use std::io::IsTerminal;
use std::path::Path;

use clap::{Args, CommandFactory};

use super::Cli;
use super::failure::{Failure, Outcome, Verdict, shown};
use super::filtering;
use super::names;
use super::options::Reading;
use super::reading;

/// What the explorer opens with.
#[derive(Args, Clone, Debug)]
pub(super) struct Explore {
    #[command(flatten)]
    reading: Reading,
}

impl Explore {
    pub(super) fn run(self) -> Outcome {
        if let [first, ..] = self.reading.paths.as_slice()
            && let Some(name) = meant(first)
        {
            return Err(Failure::Message(format!(
                "no such file: {}: did you mean `flowdeck {name}`?",
                shown(first)
            )));
        }
        let dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        if dumb && cfg!(unix) || !io::stdout().is_terminal() {
            return Err(Failure::message(
                "no terminal that can be drawn on: the explorer needs one; \
                 `flowdeck query`, `top`, `timeline` and `inspect` answer without",
            ));
        }
        let inputs = reading::inputs(&self.reading.paths);
        let options = reading::options(&self.reading)?;
        let filter = filtering::text(&self.reading)?;
        let _ = (inputs, options, filter);
        Ok(Verdict::Found)
    }
}

/// The subcommand that somebody meant who wrote `path`, which is no file.
fn meant(path: &Path) -> Option<String> {
    let word = path.to_str()?;
    if path.exists() || !word.chars().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .find(|name| names::distance(name, word) <= 2)
}
