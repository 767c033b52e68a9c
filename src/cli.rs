//! The command line: one binary that explores without a subcommand, and answers with one.
//!
//! The table of what can be typed is the types that clap derives its parser from, in this file and one file a
//! subcommand; help, completions, the man page and the README are made from it. Commands ask the same engine
//! as the screen does, and touch neither the state of the screen nor its drawing.

mod answering;
mod assumptions;
mod destination;
mod explain;
mod explore;
mod failure;
mod fields;
mod filtering;
mod following;
mod generate;
mod groups;
mod inspect;
mod interrupt;
mod log_format;
mod names;
mod needs;
mod nothing;
mod options;
mod paragraph;
mod problem;
mod progress;
mod query;
mod reading;
mod reference;
mod report;
mod shell;
mod sorting;
#[cfg(test)]
mod tests;
mod timeline;
mod top;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use reference::reference;

use crate::format;
use crate::format::Problem as _;
use crate::ingest;
use failure::{ERROR, Failure, Outcome};
use interrupt::Interrupt;

const AFTER_HELP: &str = "\
Exit status: 0 something matched, 1 nothing matched, 2 an error, 130 interrupted. A file that cannot be read \
does not stop the others; the status is 2 at the end.";

/// A terminal explorer for AWS VPC Flow Logs
///
/// Without a subcommand flowdeck opens the explorer; with one it answers and exits, through the same engine.
#[derive(Debug, Parser)]
#[command(name = "flowdeck", bin_name = "flowdeck", version, after_help = AFTER_HELP)]
#[command(args_conflicts_with_subcommands = true)]
#[command(max_term_width = 100, infer_long_args = false)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    explore: explore::Explore,
}

#[derive(Debug, Subcommand)]
enum Command {
    Inspect(inspect::Inspect),
    Query(query::Query),
    Top(top::Top),
    Timeline(timeline::Timeline),
    Explain(explain::Explain),
    Fields(fields::Fields),
    Generate(generate::Generate),
    Completions(shell::Completions),
    Man(shell::Man),
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    ingest::silence_damage();
    run_with(std::env::args_os())
}

fn run_with(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let ended = match cli.command {
        Some(command) => command.run().map(|verdict| verdict.code().into()),
        None => cli.explore.run(),
    };
    match ended {
        Ok(code) => code,
        Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Err(Failure::Interrupted(code)) => ExitCode::from(code),
        Err(Failure::Problem(place, problem)) => {
            report::error(&match place {
                Some(place) => problem.message(&place),
                None => problem.sentence(),
            });
            ExitCode::from(ERROR)
        }
        Err(Failure::Filter(error)) => {
            report::error(&error.to_string());
            ExitCode::from(ERROR)
        }
    }
}

impl Command {
    fn run(self) -> Outcome {
        // A tree is not generated in steps that could be stopped between: a signal ends it at once.
        let interrupt = match self {
            Self::Generate(_) => Interrupt::default(),
            _ => Interrupt::listen(),
        };
        match self {
            Self::Inspect(command) => command.run(&interrupt),
            Self::Query(command) => command.run(&interrupt),
            Self::Top(command) => command.run(&interrupt),
            Self::Timeline(command) => command.run(&interrupt),
            Self::Explain(command) => command.run(&interrupt),
            Self::Fields(command) => command.run(&interrupt),
            Self::Generate(command) => command.run(&interrupt),
            Self::Completions(command) => command.run(&interrupt),
            Self::Man(command) => command.run(&interrupt),
        }
    }
}

/// Prints the help or the version that was asked for; or says in one line what is wrong with the arguments.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        return match error.print().map_err(|error| Failure::of_output(&error)) {
            Ok(()) | Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(ERROR),
        };
    }
    report::error(&format::visible(&one_line(&error.to_string())));
    ExitCode::from(ERROR)
}

/// What clap says in several paragraphs, in one line: what is wrong, its guess, and where to read on.
fn one_line(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let words: Vec<&str> = paragraph.split_whitespace().collect();
        words.join(" ")
    });
    let (mut what, mut tip, mut command) = (String::new(), String::new(), String::from("flowdeck"));
    for paragraph in paragraphs {
        if let Some(error) = paragraph.strip_prefix("error: ") {
            what = error.into();
        } else if let Some(guess) = paragraph.strip_prefix("tip: ") {
            tip = format!("{guess}; ");
        } else if let Some(usage) = paragraph.strip_prefix("Usage: flowdeck ") {
            let is_name = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase());
            for name in usage.split(' ').take_while(is_name) {
                command = format!("{command} {name}");
            }
        }
    }
    format!("{what}: {tip}`{command} --help` says more")
}
