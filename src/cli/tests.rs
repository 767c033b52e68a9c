use clap::CommandFactory;

use super::options::Output;
use super::output::{Destination, wrap};
use super::*;
use crate::ingest;

#[test]
fn the_table_of_arguments_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn everything_that_can_be_typed_is_explained() {
    fn check(command: &clap::Command) {
        let name = command.get_name();
        assert!(command.get_about().is_some(), "{name}");
        for argument in command.get_arguments() {
            let id = argument.get_id();
            assert!(argument.get_help().is_some(), "{name} {id}");
            for value in argument.get_possible_values() {
                let says = value.get_help().is_some() || id == "shell";
                assert!(says || !argument.get_action().takes_values(), "{name} {id}");
            }
        }
        command.get_subcommands().for_each(check);
    }
    check(&Cli::command());
}

#[test]
fn every_subcommand_is_in_the_reference_and_every_argument_once() {
    let text = reference();
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        assert!(text.contains(&format!("\nflowdeck {name} ")), "{name}");
    }
    assert!(!text.contains("flowdeck help"));
    let rows = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(
        rows("| `-f, --filter <EXPR>` | the explorer, inspect, query, top, timeline |"),
        1
    );
    assert_eq!(rows("| `-f, --filter"), 1);
    assert_eq!(rows("| `--count` | query |"), 1);
    assert!(
        text.contains("(csv, json, ndjson or parquet): table, csv, json, ndjson, lines, parquet |")
    );
}

#[track_caller]
fn check_line(clap: &str, expected: &str) {
    assert_eq!(one_line(clap), expected);
}

#[test]
fn what_clap_says_becomes_one_line() {
    check_line(
        "error: unexpected argument '--x' found\n\n  tip: try\n  this\n\nUsage: flowdeck top [OPTIONS] --by <FIELD>\n\nFor more information, try '--help'.\n",
        "unexpected argument '--x' found; try this; see `flowdeck top --help`",
    );
    check_line(
        "error: it is\n  wrong\n\nUsage: flowdeck [OPTIONS] [PATH]...\n",
        "it is wrong; see `flowdeck --help`",
    );
}

#[test]
fn text_is_broken_between_words_and_made_visible() {
    let words = "word ".repeat(20);
    let text = wrap(&words, 4);
    assert!(
        text.lines()
            .all(|line| line.starts_with("    word") && line.len() <= 80)
    );
    assert_eq!(text.split_whitespace().count(), 20);
    assert_eq!(text.lines().count(), 2);
    let long = "x".repeat(100);
    assert_eq!(
        wrap(&format!("a {long} b"), 2),
        format!("  a\n  {long}\n  b\n")
    );
    assert_eq!(wrap("\x1b[31m", 0), "\\x1b[31m\n");
    assert_eq!(wrap("", 4), "");
}

#[test]
fn progress_is_one_short_line() {
    let mut progress = ingest::Progress {
        bytes_read: 500,
        bytes_total: 1000,
        records: 12_345,
        rejects: 0,
        files_done: 3,
        files: 144,
    };
    let line = load::progress_line(&progress);
    assert_eq!(line, "reading 3 of 144 files, 50.0 %, 12.3k records");
    progress.bytes_total = 0;
    progress.rejects = 7;
    let line = load::progress_line(&progress);
    assert_eq!(
        line,
        "reading 3 of 144 files, 500 B, 12.3k records, 7 rejects"
    );
}

#[test]
fn a_file_does_not_appear_when_an_end_was_asked_for_while_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    let destination = Destination::of(&Output {
        output: None,
        file: Some(path.clone()),
    });
    let write = |interrupt| destination.write(&interrupt, |out| out.write_all(b"half"));
    let stopped = write(Interrupt::raised());
    assert!(matches!(stopped, Err(Failure::Interrupted(130))));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(write(Interrupt::default()).is_ok());
    assert_eq!(std::fs::read_to_string(path).unwrap(), "half");
}
