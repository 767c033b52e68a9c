//! The command line as Markdown, for the README: made from the same table that parses it.

use std::fmt::Write as _;

use clap::builder::PossibleValue;
use clap::{Arg, Command, CommandFactory};

use super::Cli;

/// A section for each subcommand: its usage, what it is for, and its options.
pub fn reference() -> String {
    let mut command = Cli::command();
    command.build();
    let mut out = String::new();
    section(&mut out, "flowdeck", &mut command.clone());
    for subcommand in command.get_subcommands().filter(|c| c.get_name() != "help") {
        let title = format!("flowdeck {}", subcommand.get_name());
        section(&mut out, &title, &mut subcommand.clone());
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn section(out: &mut String, title: &str, command: &mut Command) {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:");
    let about = command.get_about().map(ToString::to_string);
    let _ = write!(
        out,
        "### `{title}`\n\n{}\n\n```text\n",
        about.unwrap_or_default()
    );
    for line in usage.lines() {
        let _ = writeln!(out, "{}", line.trim());
    }
    out.push_str("```\n\n");
    let mut rows = String::new();
    for argument in command.get_arguments().filter(|argument| is_told(argument)) {
        let help = argument.get_help().map(ToString::to_string);
        let help = help.unwrap_or_default().replace('|', "\\|");
        let _ = writeln!(
            rows,
            "| `{}` | {help}{} |",
            spelled(argument),
            choices(argument)
        );
    }
    if !rows.is_empty() {
        let _ = write!(out, "| option | meaning |\n| --- | --- |\n{rows}\n");
    }
}

/// Help and version explain themselves.
fn is_told(argument: &Arg) -> bool {
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

/// ` (table, json)`, where only some words are allowed.
fn choices(argument: &Arg) -> String {
    let choices = argument.get_possible_values();
    if !argument.get_action().takes_values() || choices.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = choices.iter().map(PossibleValue::get_name).collect();
    format!(" ({})", names.join(", "))
}
