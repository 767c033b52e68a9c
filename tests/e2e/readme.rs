//! Holds the README to the tables that it shows: keys, operators, fields, and the command line.

use std::fmt::Write as _;

use flowdeck::query::OPERATORS;
use flowdeck::query::guide::{AWKWARD, EXAMPLES};
use flowdeck::schema::{FIELDS, FieldId, Origin};
use flowdeck::{cli, keymap, teach};

use crate::docs::check_block;

#[test]
fn the_keys_are_those_of_the_table() {
    check_block("README.md", "keys", &keymap::markdown());
}

#[test]
fn the_command_line_is_that_of_the_program() {
    check_block("README.md", "cli", &cli::reference());
}

#[test]
fn the_examples_of_filters_are_those_of_the_guide() {
    let mut table = String::from("| You type | It selects |\n| --- | --- |\n");
    for example in EXAMPLES {
        let filters: Vec<String> = example.filters.iter().map(|f| code(f)).collect();
        writeln!(table, "| {} | {} |", filters.join(", "), example.selects).unwrap();
    }
    check_block("README.md", "examples", &table);
}

#[test]
fn the_awkward_parts_are_those_of_the_guide() {
    let mut table = String::from("| | You type | It is read as |\n| --- | --- | --- |\n");
    for part in AWKWARD {
        let (filter, is) = (code(part.filter), code(part.is));
        writeln!(table, "| {} | {filter} | {is} |", part.says).unwrap();
    }
    check_block("README.md", "awkward", &table);
}

#[test]
fn the_operators_are_those_of_the_table() {
    let mut table = String::from("| Operator | Meaning |\n| --- | --- |\n");
    for def in OPERATORS {
        let spellings: Vec<String> = def.spellings.iter().map(|s| code(s)).collect();
        let help = def.help.replace('|', "\\|");
        writeln!(table, "| {} | {help} |", spellings.join(" ")).unwrap();
    }
    check_block("README.md", "operators", &table);
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
    check_block("README.md", "fields", &table);
}

/// Inline code, in a cell of a table.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}
