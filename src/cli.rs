//! The command line: the explorer without a subcommand, otherwise one command.
//!
//! The types that clap derives its parser from are in this file and in one file per subcommand; help, completions, the
//! manual page and the documents are generated from them. Commands use the same engine as the explorer, but neither
//! `app` nor `ui`.

mod answer;
mod docs;
mod explain;
mod explore;
mod failure;
mod fields;
mod filter;
mod generate;
mod group_fields;
mod groups;
mod inspect;
mod interrupt;
mod load;
mod log;
mod log_format;
mod names;
mod options;
mod output;
mod query;
mod report;
#[cfg(test)]
mod tests;
mod timeline;
mod top;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use docs::reference;

use crate::format;
use crate::format::Problem as _;
use crate::ingest;
use failure::{ERROR, Failure, Outcome};
use interrupt::Interrupt;

const AFTER_HELP: &str = "\
Exit status: 0 something matched, 1 nothing matched, 2 an error, 130 interrupted. A file that cannot be read \
does not stop the others, but the status is then 2.";

/// A terminal explorer for AWS VPC Flow Logs
///
/// Without a subcommand, flowdeck opens the explorer. A subcommand prints its answer and exits. Both use the same
/// engine, so they give the same numbers.
#[derive(Debug, Parser)]
#[command(name = "flowdeck", bin_name = "flowdeck", version, after_help = AFTER_HELP)]
#[command(args_conflicts_with_subcommands = true)]
#[command(max_term_width = 100, infer_long_args = false)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    explore: explore::Explore,

    /// Log to FILE what is decided while reading: files, formats, orders of fields, limits and timings, but never
    /// the content of a record
    #[arg(long, value_name = "FILE", global = true)]
    log: Option<PathBuf>,
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
    Completions(docs::Completions),
    Man(docs::Man),
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
    let name = cli.command.as_ref().map_or("explorer", Command::name);
    let logging = match &cli.log {
        Some(path) => log::start(path, name),
        None => Ok(()),
    };
    let ended = logging.and_then(|()| match cli.command {
        Some(command) => command.run().map(|verdict| verdict.code().into()),
        None => cli.explore.run(),
    });
    exit_code(ended)
}

/// Reports a failure on standard error and returns the exit status.
fn exit_code(ended: Result<ExitCode, Failure>) -> ExitCode {
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
    fn name(&self) -> &'static str {
        match self {
            Self::Inspect(_) => "inspect",
            Self::Query(_) => "query",
            Self::Top(_) => "top",
            Self::Timeline(_) => "timeline",
            Self::Explain(_) => "explain",
            Self::Fields(_) => "fields",
            Self::Generate(_) => "generate",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }

    fn run(self) -> Outcome {
        // `generate` cannot stop cleanly halfway, so a signal ends the process at once.
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

/// Prints the help or the version if requested, otherwise the error in the arguments.
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

/// Joins the paragraphs of a clap error into one line: the error, clap's tip, and how to get help.
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
    format!("{what}; {tip}see `{command} --help`")
}
