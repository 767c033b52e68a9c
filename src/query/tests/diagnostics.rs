//! Diagnostics of wrong, incomplete and doubtful texts, and their places.

use std::fmt::Write as _;

use super::*;
use crate::schema::id;
use crate::store::{SkippedColumn, Source};

/// Carets and a message for each diagnostic; `…` marks an incomplete one.
fn rendered(compiled: &Compiled) -> String {
    let mut out = String::new();
    for diagnostic in &compiled.diagnostics {
        let mark = match diagnostic.severity {
            Severity::Error => "",
            Severity::Incomplete => "… ",
            Severity::Warning => "warning: ",
        };
        let carets = "^".repeat(diagnostic.span.len().max(1));
        let indent = " ".repeat(diagnostic.span.start);
        writeln!(out, "{indent}{carets} {mark}{}", diagnostic.message).unwrap();
    }
    out.trim_end_matches('\n').to_owned()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let compiled = compiled(text);
    assert_eq!(rendered(&compiled), expected, "{text}");
    assert!(compiled.expression.is_none(), "{text}");
}

#[test]
fn all_problems_are_reported_at_once() {
    check(
        "srcadr == 1.1.1.1 and dstport == 70000 or action == DROP",
        "^^^^^^ did you mean srcaddr?\n                                 ^^^^^ ports go up to 65535\n                                                    ^^^^ warning: action can be: ACCEPT, REJECT",
    );
    check(
        "port in {22 == 5} and nobody",
        "            ^^ expected a value or \"}\"\n                      ^^^^^^ … not a field, address, port or known word: nobody",
    );
}

/// The severity of the only diagnostic.
#[track_caller]
fn severity(text: &str) -> Severity {
    let found = compiled(text).diagnostics;
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found[0].severity
}

#[test]
fn a_problem_that_touches_the_cursor_is_incomplete_and_any_other_is_an_error() {
    for text in [
        "nonsense",
        "port 70000",
        "reject and",
        "(reject and \"x\"",
        "action == \"REJ",
        "port in {",
    ] {
        assert_eq!(severity(text), Severity::Incomplete, "{text}");
        assert_eq!(
            severity(&format!("{text}  ")),
            Severity::Incomplete,
            "{text}"
        );
    }
    for text in ["nonsense or ssh", "port 70000 # x"] {
        assert_eq!(severity(text), Severity::Error, "{text}");
    }
}

#[test]
fn a_problem_with_what_is_closed_at_the_end_is_an_error() {
    for text in [
        "dstport == \"nobody\"",
        "dstport == nobody)",
        "port in {}",
        "reject)",
        "region ~ /(/",
        "`odd`",
    ] {
        let found = compiled(text).diagnostics;
        assert!(
            found.iter().any(|d| d.severity == Severity::Error),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn common_filters_are_never_wrong_while_they_are_typed() {
    for text in [
        "srcaddr == 10.0.1.5 and dstport in (22, 80)",
        "action = REJECT",
        "port 443 since 17:00",
        "src or dst port 22",
        "bytes > 1.5 MB && reject",
        "port 1024 - 65535 || tcp.dstport == 22",
    ] {
        assert!(compiled(text).expression.is_some(), "{text}");
        for typed in text.char_indices().filter_map(|(at, _)| text.get(..at)) {
            let found = compiled(typed).diagnostics;
            assert!(
                found.iter().all(|d| d.severity != Severity::Error),
                "{typed}: {found:?}"
            );
        }
    }
}

#[test]
fn a_field_of_no_loaded_file_is_a_warning() {
    let catalog = Catalog::default();
    let compiled = |text: &str| {
        let context = Context {
            fields: &[id::SRCADDR, id::START, id::END, id::BYTES],
            ..Context::new(&catalog)
        };
        compile(text, &context)
    };
    let warned = compiled("tcp-flags has syn or tcp-flags has ack");
    assert!(warned.expression.is_some());
    assert_eq!(
        rendered(&warned),
        "^^^^^^^^^ warning: no loaded file has tcp-flags, so it is missing in every record"
    );
    assert!(
        compiled("addr == 10.0.0.1 and bps > 5 and duration > 5 and line 5")
            .diagnostics
            .is_empty()
    );
    assert_eq!(
        compiled("pps > 5 or scope inbound or tcp port 5")
            .diagnostics
            .len(),
        4
    );
}

#[test]
fn a_field_that_was_not_read_of_some_file_is_an_error_once() {
    let catalog = Catalog::default();
    let source = Source {
        path: "b.parquet".into(),
        skipped_columns: vec![SkippedColumn {
            name: "Bytes".into(),
            field: id::BYTES,
            reason: "has the type LIST, which is not supported".into(),
            way_out: "write it again".into(),
        }],
        ..Source::default()
    };
    let sources = [Source::default(), source];
    let compiled = |text: &str, fields: &[FieldId]| {
        let context = Context {
            fields,
            sources: &sources,
            ..Context::new(&catalog)
        };
        compile(text, &context)
    };
    let refused =
        "^^^^^ column Bytes of b.parquet has the type LIST, which is not supported; write it again";
    // Also where another file has it, and before anything has been read.
    for fields in [&[][..], &[id::SRCADDR], &[id::SRCADDR, id::BYTES]] {
        let found = compiled("bytes > 5 or bytes < 3", fields);
        assert!(found.expression.is_none());
        assert_eq!(rendered(&found), refused);
    }
    for text in ["bps > 5", "bpp > 5", "packets > bytes", "exists bytes"] {
        let found = compiled(text, &[id::SRCADDR]);
        assert!(found.expression.is_none(), "{text}");
    }
    assert!(
        compiled("srcaddr 10.0.0.1", &[id::SRCADDR])
            .expression
            .is_some()
    );
}

#[test]
fn thousands_of_faults_are_not_all_told() {
    for (word, joint) in [
        ("nobodyknows", " "),
        ("nobodyknows==1", " or "),
        ("port 99999", " and "),
    ] {
        let count = (64 << 10) / (word.len() + joint.len());
        let faults = compiled(&vec![word; count].join(joint)).diagnostics;
        assert!(
            (50..=100).contains(&faults.len()),
            "{word}: {}",
            faults.len()
        );
    }
}
