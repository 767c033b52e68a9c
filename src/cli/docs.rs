//! Generated from clap's definitions: completions, the manual page, and the Markdown reference.

use std::fmt::Write as _;
use std::io;
use std::io::Write;

use clap::builder::PossibleValue;
use clap::{Arg, Args, Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man as Page;

use super::Cli;
use super::failure::{Outcome, Verdict};
use super::interrupt::Interrupt;
use super::output::Destination;

/// Print a completion script to be sourced by a shell
#[derive(Args, Clone, Debug)]
pub(super) struct Completions {
    /// Shell to print it for
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Print the manual page; read it with `man -l -`
#[derive(Args, Clone, Debug)]
pub(super) struct Man {}

impl Completions {
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "flowdeck", &mut script);
        Destination::stdout().write(interrupt, |out| out.write_all(&script))?;
        Ok(Verdict::Found)
    }
}

impl Man {
    #[expect(clippy::unused_self, reason = "every command runs alike")]
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let mut page = Vec::new();
        Destination::stdout().write(interrupt, |out| {
            write_page(&mut page)?;
            out.write_all(&page)
        })?;
        Ok(Verdict::Found)
    }
}

/// One page: the program first, then a section for each subcommand.
fn write_page(out: &mut dyn Write) -> io::Result<()> {
    let mut command = Cli::command();
    command.build();
    let page = Page::new(command.clone());
    page.render_title(out)?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    for subcommand in command.get_subcommands().filter(|c| c.get_name() != "help") {
        let name = subcommand.get_name().to_uppercase();
        let page = Page::new(subcommand.clone());
        let mut section = Vec::new();
        page.render_synopsis_section(&mut section)?;
        page.render_description_section(&mut section)?;
        page.render_options_section(&mut section)?;
        let section = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
        writeln!(out, ".SH \"FLOWDECK {name}\"")?;
        out.write_all(section.as_bytes())?;
    }
    page.render_extra_section(out)?;
    page.render_version_section(out)
}

/// The name of the explorer in the table.
const EXPLORER: &str = "the explorer";

/// A row of the table: an argument and the commands that accept it.
struct Row {
    spelled: String,
    help: String,
    of: Vec<String>,
    is_global: bool,
}

/// The usage and purpose of every command, and a table of all arguments with the commands that accept them.
pub fn reference() -> String {
    let mut root = Cli::command();
    root.build();
    let mut usages = vec![(
        "flowdeck [OPTIONS] [PATH]...".to_owned(),
        "Explore".to_owned(),
    )];
    let mut rows = Vec::new();
    collect(&mut rows, EXPLORER, &root);
    for command in root.get_subcommands().filter(|c| c.get_name() != "help") {
        let usage = command.clone().render_usage().to_string();
        let about = command.get_about().map(ToString::to_string);
        let usage = usage.trim_start_matches("Usage:").trim().to_owned();
        usages.push((usage, about.unwrap_or_default()));
        collect(&mut rows, command.get_name(), command);
    }
    let width = usages.iter().map(|(usage, _)| usage.len()).max();
    let mut out = String::from("```text\n");
    for (usage, about) in &usages {
        let width = width.unwrap_or(0);
        let _ = writeln!(out, "{usage:width$}   {about}");
    }
    out += "```\n\n| argument | of | meaning |\n| --- | --- | --- |\n";
    for row in rows {
        let of = if row.is_global {
            "all".to_owned()
        } else {
            row.of.join(", ")
        };
        let _ = writeln!(out, "| `{}` | {of} | {} |", row.spelled, row.help);
    }
    out
}

/// Adds the arguments of `command`. An argument with the same help in several commands is one row.
fn collect(rows: &mut Vec<Row>, name: &str, command: &Command) {
    for argument in command
        .get_arguments()
        .filter(|argument| is_documented(argument))
    {
        let help = argument.get_help().map(ToString::to_string);
        let help = help.unwrap_or_default() + &choices(argument);
        let (spelled, help) = (spelled(argument), help.replace('|', "\\|"));
        let same = |row: &&mut Row| row.spelled == spelled && row.help == help;
        let of = name.to_owned();
        match rows.iter_mut().find(same) {
            Some(row) => row.of.push(of),
            None => rows.push(Row {
                spelled,
                help,
                of: vec![of],
                is_global: argument.is_global_set(),
            }),
        }
    }
}

/// Hidden arguments, `--help` and `--version` are left out.
fn is_documented(argument: &Arg) -> bool {
    !argument.is_hide_set() && !["help", "version"].contains(&argument.get_id().as_str())
}

/// `-f, --filter <EXPR>`.
fn spelled(argument: &Arg) -> String {
    let short = argument.get_short().map(|short| format!("-{short}"));
    let long = argument.get_long().map(|long| format!("--{long}"));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    if names.is_empty() {
        return argument.to_string();
    }
    let takes_value = argument.get_action().takes_values();
    let values = argument.get_value_names().unwrap_or_default();
    let mut text = names.join(", ");
    for value in values.iter().filter(|_| takes_value) {
        let _ = write!(text, " <{value}>");
    }
    text
}

/// `: table, json`, if only certain words are allowed.
fn choices(argument: &Arg) -> String {
    let choices = argument.get_possible_values();
    if !argument.get_action().takes_values() || choices.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = choices.iter().map(PossibleValue::get_name).collect();
    format!(": {}", names.join(", "))
}
