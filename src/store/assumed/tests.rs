use std::sync::Arc;

use super::*;
use crate::store::{Catalog, Source};

/// A store of these files.
fn store(files: &[(&str, Vec<Assumed>)]) -> Store {
    let sources = files.iter().map(|(path, assumed)| Source {
        path: path.into(),
        assumed: assumed.clone(),
        ..Source::default()
    });
    Store::new(Arc::new(Catalog::default()), sources.collect())
}

fn order(log_format: &str) -> Assumed {
    Assumed::Order {
        log_format: log_format.into(),
        confidence: 89,
    }
}

#[test]
fn each_kind_is_told_once_with_the_first_file_and_how_many_more() {
    let zone = || Assumed::Zone("2026-11-23 02:21:00".into());
    let digits = vec![("account-id".to_owned(), "1.23457E+11".to_owned())];
    let store = store(&[
        ("a", vec![zone()]),
        ("b\u{1b}", vec![order("srcaddr bytes")]),
        ("c", vec![zone(), Assumed::Digits(digits)]),
        ("d", vec![zone(), Assumed::Names(vec!["_col2".into()])]),
    ]);
    let told: Vec<(AssumedKind, String)> = store
        .assumptions()
        .iter()
        .map(|one| (one.kind, one.message(&store)))
        .collect();
    let expected = [
        (
            AssumedKind::Order,
            "the order of the fields in b\\x1b was inferred from the values, 89 % sure; confirm it with --log-format \
             'srcaddr bytes', or give the right one",
        ),
        (
            AssumedKind::Names,
            "columns without a name in d were read as text (_col2); if one of them is a field, name it in the header \
             or with --log-format",
        ),
        (
            AssumedKind::Zone,
            "times without a zone in a and 2 more files were read as UTC (the first is 2026-11-23 02:21:00); set the \
             zone with --input-zone UTC, +02:00 or local",
        ),
        (
            AssumedKind::Digits,
            "values of account-id in c lost digits when they were exported, so numbers such as 1.23457E+11 are not exact; export them \
             again as text",
        ),
    ];
    let expected = expected.map(|(kind, text)| (kind, text.to_owned()));
    assert_eq!(told, expected);
}

#[test]
fn an_order_is_not_proposed_to_files_that_have_another_one() {
    let same = store(&[("a", vec![order("x y")]), ("b", vec![order("x y")])]);
    let text = same.assumptions()[0].message(&same);
    assert!(text.contains("in a and 1 more file was"), "{text}");
    assert!(text.contains("--log-format 'x y'"), "{text}");
    let several = store(&[("a", vec![order("x y")]), ("b", vec![order("y x")])]);
    let text = several.assumptions()[0].message(&several);
    assert!(text.contains("`flowdeck inspect` shows them"), "{text}");
    assert!(!text.contains("x y"), "{text}");
}

#[test]
fn of_many_columns_a_few_are_named() {
    let names = (1..=10).map(|column| format!("_col{column}")).collect();
    let text = Assumed::Names(names).message("a");
    assert!(text.contains("_col8 and 2 more)"), "{text}");
}
