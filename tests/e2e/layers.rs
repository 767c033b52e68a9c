//! The rules of the house that a compiler does not know: who may name whom, and how large a file may be.

use std::fs;
use std::path::Path;

use crate::source;
use crate::source::{Named, SourceFile};

/// The layers, lowest first: a module may use the modules of the lines above its own. Anything else is a change
/// of design: edit this table in the same commit and say why.
const LAYERS: [&[&str]; 13] = [
    &["format"],
    &["schema"],
    &["store"],
    &["ingest"],
    &["query"],
    &["analysis"],
    &["engine", "teach", "export", "synth"],
    &["keymap", "theme"],
    &["config"],
    &["app"],
    &["ui"],
    &["tui"],
    &["cli"],
];

/// What is forbidden all the same. Questions are about what is in the store, wherever it came from; and the
/// command line and the screen share the engine, not the screen.
const NEVER: [(&str, &[&str]); 3] = [
    ("query", &["ingest"]),
    ("analysis", &["ingest"]),
    ("cli", &["app", "ui"]),
];

/// A module that may name a crate, and which module of that crate where it is not all of them.
type Permission = (&'static str, Option<&'static str>);

/// Who may name the crates of the edge.
const EDGE: [(&str, &[Permission]); 4] = [
    (
        "ratatui",
        &[
            ("theme", None),
            ("app", Some("layout")),
            ("ui", None),
            ("tui", None),
        ],
    ),
    ("crossterm", &[("keymap", None), ("tui", None)]),
    ("signal_hook", &[("tui", None), ("cli", None)]),
    ("clap", &[("cli", None)]),
];

/// Paths that would let `app` start threads, open files or read the clock.
const NOT_IN_APP: [(&str, &[&str]); 2] = [
    ("std", &["thread", "fs", "net", "process", "env"]),
    ("chrono", &["Local"]),
];

/// How long a file may be.
const LINES: usize = 500;

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn may_use(module: &str, other: &str) -> bool {
    let never = NEVER.iter().find(|row| row.0 == module);
    let below = layer(other).is_some_and(|other| Some(other) < layer(module));
    module == other || below && !never.is_some_and(|row| row.1.contains(&other))
}

/// The layers as the documents tell them.
pub(crate) fn markdown() -> String {
    let names = |modules: &[&str]| {
        let quoted: Vec<String> = modules.iter().map(|name| format!("`{name}`")).collect();
        quoted.join(", ")
    };
    let layers: Vec<String> = LAYERS.iter().map(|layer| names(layer)).collect();
    let never: Vec<String> = NEVER
        .iter()
        .map(|(module, others)| format!("- But `{module}` does not use {}.", names(others)))
        .collect();
    let edge: Vec<String> = EDGE
        .iter()
        .map(|(name, rows)| {
            let who: Vec<String> = rows
                .iter()
                .map(|(module, only)| match only {
                    Some(only) => format!("`{module}` (its `{only}` alone)"),
                    None => format!("`{module}`"),
                })
                .collect();
            format!("- `{name}` is named by {}.", who.join(", "))
        })
        .collect();
    format!(
        "{}\n\n{}\n{}",
        layers.join(" · "),
        never.join("\n"),
        edge.join("\n")
    )
}

/// The files of modules, without the roots of the library and of the program.
fn modules() -> Vec<(String, SourceFile)> {
    let files = source::files("src").into_iter().filter_map(|file| {
        let module = file.modules().into_iter().next()?;
        (module != "main").then_some((module, file))
    });
    files.collect()
}

fn at(file: &SourceFile, named: &Named) -> String {
    format!("{}:{}", file.path.display(), named.line)
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    let modules = modules();
    assert!(modules.len() > 20, "the sources are found");
    let unknown = modules
        .iter()
        .filter(|(module, _)| layer(module).is_none())
        .map(|(module, file)| format!("{}: {module} is in no layer", file.path.display()));
    assert_none(&unknown.collect::<Vec<_>>());
}

#[test]
fn modules_use_only_the_layers_below() {
    let mut faults = Vec::new();
    for (module, file) in modules().iter().filter(|(_, file)| !file.is_tests()) {
        for named in file.names_of_crate().iter().filter(|one| !one.in_tests) {
            let other = named.segments.first().map_or("*", String::as_str);
            if !may_use(module, other) {
                faults.push(format!("{}: {module} may not use {other}", at(file, named)));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn the_program_is_an_entry_to_the_library_and_nothing_else() {
    let main = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs"));
    let lines = main.unwrap().lines().count();
    assert!(
        lines <= 30,
        "main.rs has {lines} lines; what it does belongs into a module"
    );
}

#[test]
fn only_the_modules_at_the_edge_know_the_terminal_and_the_arguments() {
    let mut faults = Vec::new();
    for (module, file) in modules().iter().filter(|(_, file)| !file.is_tests()) {
        for (name, rows) in EDGE {
            for named in file.names_of(name).iter().filter(|one| !one.in_tests) {
                let path = format!("{name}::{}", named.segments.join("::"));
                // ratatui hands out a second way to the terminal.
                let name = if path.starts_with("ratatui::crossterm") {
                    "crossterm"
                } else {
                    name
                };
                let rows = EDGE
                    .iter()
                    .find(|row| row.0 == name)
                    .map_or(rows, |row| row.1);
                let allowed = rows.iter().find(|row| row.0 == module).is_some_and(|row| {
                    row.1.is_none_or(|only| {
                        named.segments.first().is_some_and(|first| first == only)
                    })
                });
                if !allowed {
                    faults.push(format!("{}: {module} may not use {path}", at(file, named)));
                }
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn the_state_of_the_screen_knows_no_thread_file_or_clock() {
    let mut faults = Vec::new();
    for (module, file) in modules().iter().filter(|(_, file)| !file.is_tests()) {
        if module != "app" {
            continue;
        }
        for (root, forbidden) in NOT_IN_APP {
            for named in file.names_of(root) {
                let path = named.segments.join("::");
                let first = named.segments.first().map_or("", String::as_str);
                let clock = path == "time::Instant" || path == "time::SystemTime";
                if forbidden.contains(&first) || clock || path.ends_with("::now") {
                    faults.push(format!(
                        "{}: app may not use {root}::{path}",
                        at(file, &named)
                    ));
                }
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn threads_are_started_where_the_system_may_refuse_them() {
    let mut faults = Vec::new();
    for (_, file) in modules().iter().filter(|(_, file)| !file.is_tests()) {
        let lines = (1..).zip(file.text.lines());
        let panicking = lines
            .filter(|(_, line)| line.contains("thread::spawn(") || line.contains("scope.spawn("));
        faults.extend(panicking.map(|(number, _)| {
            let path = file.path.display();
            format!("{path}:{number}: this panics where no thread can be started; use Builder")
        }));
    }
    assert_none(&faults);
}

#[test]
fn no_file_is_long_and_every_one_says_first_what_it_is_for() {
    let folders = ["src", "tests", "benches", "fuzz"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    for folder in folders
        .into_iter()
        .filter(|folder| root.join(folder).exists())
    {
        for file in source::files(folder) {
            let lines = file.text.lines().count();
            let path = file.path.display();
            if lines > LINES {
                faults.push(format!("{path}: {lines} lines are more than {LINES}"));
            }
            let is_tests = file
                .path
                .iter()
                .any(|part| part == "tests" || part == "tests.rs");
            if !is_tests && !file.text.starts_with("//! ") {
                faults.push(format!(
                    "{path}: the first line does not say what the file is for"
                ));
            }
            if path.to_string().ends_with("mod.rs") {
                faults.push(format!("{path}: a module's file has its name"));
            }
        }
    }
    assert_none(&faults);
}
