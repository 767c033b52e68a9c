//! The tables of the documents are generated from those of the program: keys, operators, fields, command line.

use std::fmt::Write as _;

use flowdeck::keymap::{BINDINGS, Scope};
use flowdeck::query::OPERATORS;
use flowdeck::query::guide::{AWKWARD, EXAMPLES, Example};
use flowdeck::schema::{FIELDS, FieldId, Origin};
use flowdeck::{cli, keymap, teach};

use crate::docs::{block, check_block, read};

/// The filters that the README shows, by their first spelling.
const README_FILTERS: [&str; 10] = [
    "reject",
    "dst port 22",
    "src host 10.0.100.10",
    "addr in 10.0.0.0/16",
    "dstport in {22, 3389, 8000..8010}",
    "bytes > 1MB or packets < 3",
    "flags S and not flags A",
    "scope outbound",
    "log-status in {NODATA, SKIPDATA}",
    "last 15m",
];

/// The keys that the README shows.
const README_KEYS: [(Scope, &str); 10] = [
    (Scope::Global, "/"),
    (Scope::Global, "Tab"),
    (Scope::Records, "Enter"),
    (Scope::Records, "e"),
    (Scope::Records, "="),
    (Scope::Records, "s"),
    (Scope::Global, "["),
    (Scope::Global, ":"),
    (Scope::Global, "?"),
    (Scope::Global, "q"),
];

/// The rows of the comparison with `DuckDB` that the README shows.
const README_SPEED: [&str; 10] = [
    "Load",
    "Memory of the process",
    "`action == REJECT` straight from the files",
    "`action == REJECT`",
    "`dstport in {22, 3389} and action == REJECT`",
    "Top 20 `srcaddr` by bytes",
    "Records by minute, interface and action",
    "Top 20 `srcaddr`, `dstaddr`",
    "Distinct `dstport` by `srcaddr`, top 20",
    "All records by `bytes`, largest first (row ids)",
];

#[test]
fn the_keys_are_those_of_the_table() {
    check_block("docs/keys.md", "keys", &keymap::markdown());
}

#[test]
fn the_readme_shows_ten_keys_of_the_table() {
    let mut table = String::from("| Keys | Where | What |\n| --- | --- | --- |\n");
    for (scope, wanted) in README_KEYS {
        let mut bindings = BINDINGS.iter().filter(|binding| binding.scope == scope);
        let binding = bindings
            .find(|binding| binding.keys.iter().any(|key| key.to_string() == wanted))
            .unwrap_or_else(|| panic!("{wanted} is not bound in {}", scope.title()));
        let keys: Vec<String> = binding.keys.iter().map(|k| code(&k.to_string())).collect();
        let (title, help) = (scope.title(), binding.help);
        writeln!(table, "| {} | {title} | {help} |", keys.join(" ")).unwrap();
    }
    check_block("README.md", "keys", &table);
}

#[test]
fn the_command_line_is_that_of_the_program() {
    check_block("docs/command-line.md", "cli", &cli::reference());
}

#[test]
fn the_examples_of_filters_are_those_of_the_guide() {
    check_block(
        "docs/filter-language.md",
        "examples",
        &examples(EXAMPLES.iter()),
    );
}

#[test]
fn the_readme_shows_ten_filters_of_the_guide() {
    let chosen = README_FILTERS.map(|filter| {
        let mut known = EXAMPLES.iter();
        known
            .find(|example| example.filters.first() == Some(&filter))
            .unwrap_or_else(|| panic!("{filter} is not an example of the guide"))
    });
    check_block("README.md", "filters", &examples(chosen.into_iter()));
}

#[test]
fn the_awkward_parts_are_those_of_the_guide() {
    let mut table = String::from("| | You type | It is read as |\n| --- | --- | --- |\n");
    for part in AWKWARD {
        let (filter, is) = (code(part.filter), code(part.is));
        writeln!(table, "| {} | {filter} | {is} |", part.says).unwrap();
    }
    check_block("docs/filter-language.md", "awkward", &table);
}

#[test]
fn the_operators_are_those_of_the_table() {
    let mut table = String::from("| Operator | Meaning |\n| --- | --- |\n");
    for def in OPERATORS {
        let spellings: Vec<String> = def.spellings.iter().map(|s| code(s)).collect();
        let help = def.help.replace('|', "\\|");
        writeln!(table, "| {} | {help} |", spellings.join(" ")).unwrap();
    }
    check_block("docs/filter-language.md", "operators", &table);
}

#[test]
fn the_fields_are_those_of_the_table() {
    let mut table = String::from("| Version | Field | Meaning |\n| --- | --- | --- |\n");
    for (index, def) in FIELDS.iter().enumerate() {
        let entry = teach::entry(FieldId::from_index(index)).unwrap();
        let version = match def.origin {
            Origin::Vpc => def.version.to_string(),
            Origin::TransitGateway => "6 (Transit Gateway)".into(),
            Origin::Computed => "computed".into(),
        };
        writeln!(table, "| {version} | `{}` | {} |", def.name, entry.summary).unwrap();
    }
    check_block("docs/fields.md", "fields", &table);
}

/// The README leaves out the column of the tuned table; its ratios come first in the last column.
#[test]
fn the_readme_shows_rows_of_the_comparison_with_duckdb() {
    let measured = block(&read("docs/performance.md"), "duckdb").expect("the block is there");
    let rows: Vec<Vec<&str>> = measured
        .lines()
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let mut table = String::from("| | flowdeck | DuckDB | DuckDB ÷ flowdeck |\n");
    table += "| --- | --- | --- | --- |\n";
    for wanted in README_SPEED {
        let row = rows.iter().find(|row| row[0] == wanted);
        let row = row.unwrap_or_else(|| panic!("no row of docs/performance.md: {wanted}"));
        let [what, ours, theirs, _, ratios] = row[..] else {
            panic!("not five columns: {row:?}");
        };
        let ratio = ratios.split(", ").next().unwrap_or_default();
        let ratio = if ratio.ends_with('×') {
            ratio.to_owned()
        } else {
            format!("{ratio} ×")
        };
        writeln!(table, "| {what} | {ours} | {theirs} | {ratio} |").unwrap();
    }
    check_block("README.md", "speed", &table);
}

/// A table of filters and what they select.
fn examples<'a>(examples: impl Iterator<Item = &'a Example>) -> String {
    let mut table = String::from("| You type | It selects |\n| --- | --- |\n");
    for example in examples {
        let filters: Vec<String> = example.filters.iter().map(|f| code(f)).collect();
        writeln!(table, "| {} | {} |", filters.join(", "), example.selects).unwrap();
    }
    table
}

/// Inline code, in a cell of a table.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}
