//! What is said of texts that are wrong, unfinished or doubtful, and where.

use std::fmt::Write as _;

use super::*;
use crate::schema::id;

/// The text under the text: carets, the message, the suggestion; `…` before what is only unfinished.
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
fn errors_say_what_is_wrong_and_where() {
    check("srcadr == 10.0.0.1", "^^^^^^ did you mean srcaddr?");
    check(
        "srcaddr == 10.0.0.300",
        "           ^^^^^^^^^^ not an IP, CIDR or range: 10.0.0.300",
    );
    check("srcaddr > 200", "          ^^^ not a whole address: 200");
    check(
        "action == DROP",
        "          ^^^^ action can be: ACCEPT, REJECT",
    );
    check("dstport > 70000", "          ^^^^^ above 65535");
    check("port 22..70000", "     ^^^^^^^^^ above 65535");
    check("port in {443..22}", "         ^^^^^^^ the range is empty");
    check("70000", "^^^^^ above 65535");
    check("protocol 256", "         ^^^ above 255");
    check("bytes > 1.5", "        ^^^ not a whole number: 1.5");
    check(
        "bytes contains 5",
        "      ^^^^^^^^ bytes takes ==, !=, >, >=, <, <=, in, is missing",
    );
    check(
        "region > 5",
        "       ^ region takes ==, !=, in, contains, matches, !~, like, is missing",
    );
    check(
        "tcp-flags > 5",
        "          ^ tcp-flags takes ==, !=, in, has, hasany, is missing",
    );
    check(
        "srcaddr and reject",
        "        ^^^ expected an operator or value; presence: exists srcaddr",
    );
    check(
        "srcaddr == bytes",
        "           ^^^^^ srcaddr and bytes cannot be compared",
    );
    check(
        "time == start",
        "        ^^^^^ time and start cannot be compared",
    );
}

#[test]
fn errors_point_at_what_does_not_belong() {
    check("port in {}", "        ^^ the set is empty");
    check("port > 22, 23", "     ^ > compares with one value");
    check("port > {22, 23}", "     ^ > compares with one value");
    check(
        "srcaddr > 10/8",
        "          ^^^^ > compares with one value; for a range or a network use in",
    );
    check(
        "region contains /eu/",
        "                ^^^^ contains takes a text; for a regular expression write region matches /…/",
    );
    check(
        "region == /eu/",
        "          ^^^^ a regular expression needs matches: region matches /…/",
    );
    check(
        "region ~ /eu/x",
        "         ^^^^^ no such option of a regular expression: x; there is only i",
    );
    check(
        "region ~ \"\"",
        "         ^^ an empty regular expression finds everything",
    );
    check("reject)", "      ^ \")\" closes nothing");
    check("(reject]", "       ^ \"]\" closes nothing");
    check("nobody == 5", "^^^^^^ not a field: nobody");
    check("443 == port", "^^^ not a field: 443");
    check("== 22", "^^ expected a field or a value");
    check(
        "reject and or ok",
        "           ^^ expected a field or a value",
    );
    check("port == == 22", "        ^^ expected a value after ==");
    check(
        "port not > 22",
        "         ^ `not` stands before a whole filter, or before in, contains, like and matches",
    );
    check("{22}", "^ a set needs a field before it: port in {22, 443}");
    check("reject | ok", "       ^ | means nothing here");
    check(
        "flags syn, ack",
        "^^^^^ several flags are joined with +: syn+ack",
    );
    check("since yesterday", "      ^^^^^^^^^ not a time: yesterday");
    check(
        "last 5 fortnights",
        "       ^^^^^^^^^^ not a field, an address, a port or a known word: fortnights",
    );
    check(
        "exists nobody",
        "       ^^^^^^ not a field, an address, a port or a known word: nobody",
    );
    check(
        "srcaddr in {10/8, `region`}",
        "                  ^^^^^^^^ a field cannot be a member of a set: region",
    );
}

#[test]
fn unfinished_texts_are_not_wrong() {
    check("srcaddr ==", "          ^ … expected a value after ==");
    check(
        "srcaddr",
        "       ^ … expected an operator or value; presence: exists srcaddr",
    );
    check("port in {22, 443", "        ^ … \"{\" never closed");
    check("port in", "       ^ … expected a value after in");
    check("(reject", "^ … \"(\" never closed");
    check("reject and", "          ^ … expected a field or a value");
    check("reject or  ", "         ^ … expected a field or a value");
    check("not", "   ^ … expected a field or a value");
    check("src", "   ^ … expected an address or a port");
    check("dst port", "        ^ … expected a port");
    check("last", "    ^ … expected a duration as 15m");
    check(
        "since",
        "     ^ … expected a time as 17:00, 2026-11-23T17:00 or -15m",
    );
    check("exists", "      ^ … expected a field");
    check("\"10.0", "^^^^^ … the quote is never closed");
    check(
        "exists `odd:name",
        "       ^^^^^^^^^ … the backquote is never closed",
    );
    check("/rej", "^^^^ … the / is never closed");
    check("srcad", "^^^^^ … did you mean srcaddr?");
    check(
        "rej",
        "^^^ … not a field, an address, a port or a known word: rej",
    );
    check(
        "action == rej",
        "          ^^^ … action can be: ACCEPT, REJECT",
    );
    check(
        "srcaddr == 10.0.",
        "           ^^^^^ … not an IP, CIDR or range: 10.0.",
    );
    check(
        "srcaddr == 10.0",
        "           ^^^^ … not a whole address: 10.0",
    );
    check("ispresent(srcaddr", "                 ^ … expected \")\"");
    check(
        "isIpv4InSubnet(srcaddr",
        "                      ^ … expected a comma and a network",
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    check(
        "srcadr == 1.1.1.1 and dstport == 70000 or action == DROP",
        "^^^^^^ did you mean srcaddr?\n                                 ^^^^^ above 65535\n                                                    ^^^^ action can be: ACCEPT, REJECT",
    );
    check(
        "port in {22 == 5} and nobody",
        "            ^^ expected a value or \"}\"\n                      ^^^^^^ not a field, an address, a port or a known word: nobody",
    );
}

#[test]
fn suggestions_are_given() {
    let suggestion = |text: &str| {
        compiled(text).diagnostics[0]
            .suggestion
            .clone()
            .unwrap_or_default()
    };
    assert_eq!(suggestion("srcadr == 1.1.1.1"), "srcaddr");
    assert_eq!(suggestion("action == REJET"), "REJECT");
    assert_eq!(suggestion("srcaddr == 10.1"), "10.1.0.0/16");
    assert_eq!(suggestion("port 443..22"), "22..443");
    assert_eq!(suggestion("srcaddr == missing"), "srcaddr is missing");
    // Words of the language are never offered.
    assert_eq!(suggestion("exits"), "");
}

#[test]
fn a_field_of_no_loaded_file_is_a_warning() {
    let catalog = Catalog::default();
    let compiled = |text: &str| {
        let context = Context {
            catalog: &catalog,
            fields: &[id::SRCADDR, id::START, id::END, id::BYTES],
            span: None,
            selected: None,
            saved: &[],
        };
        compile(text, &context)
    };
    let warned = compiled("tcp-flags has syn or tcp-flags has ack");
    assert!(warned.expression.is_some());
    assert_eq!(
        rendered(&warned),
        "^^^^^^^^^ warning: no loaded file has tcp-flags: it is missing in every record"
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
fn the_bounds_hold() {
    let first = |text: &str| {
        compiled(text)
            .diagnostics
            .first()
            .map(|d| d.message.clone())
            .unwrap_or_default()
    };
    assert_eq!(
        first(&" ".repeat(65_537)),
        "a filter has at most 65536 bytes"
    );
    let nested = |depth| format!("{}reject{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(first(&nested(64)), "");
    assert_eq!(
        first(&nested(65)),
        "too deep: at most 64 brackets and `not` in one another"
    );
    assert_eq!(first(&format!("{}reject", "not ".repeat(64))), "");
    assert_eq!(
        first(&format!("{}reject", "!".repeat(65))),
        "too deep: at most 64 brackets and `not` in one another"
    );
    assert_eq!(
        first(&format!("{}tcp port 22", "not ".repeat(64))),
        "too deep: at most 64 brackets and `not` in one another"
    );
    assert_eq!(
        first(&format!("region ~ /{}/", "a".repeat(1025))),
        "a regular expression has at most 1024 bytes"
    );
    assert!(first("region ~ /((a{99}){99}){99}/").starts_with("not a regular expression: "));
    assert!(first("region ~ /(/").starts_with("not a regular expression: "));
}

#[test]
fn a_deep_or_long_text_fits_a_small_stack() {
    let work = || {
        for depth in [64, 5_000] {
            let text = format!("{}reject{}", "(not ".repeat(depth), ")".repeat(depth));
            drop(compiled(&text));
        }
        let mut deep = "reject".to_owned();
        for _ in 0..21 {
            deep = format!("not (ok or accept and ({deep}))");
        }
        let deep = compiled(&deep).expression.expect("63 levels are allowed");
        assert!(compiled(&deep.to_string()).expression.is_some());
        let empty = Chunk::new(0, Vec::new(), Vec::new(), Vec::new());
        assert_eq!(
            Plan::new(&deep, &Store::default())
                .evaluate(&empty)
                .count(0),
            0
        );
        let long = vec!["22"; 10_000].join(" or ");
        let long = compiled(&long).expression.expect("flat is not deep");
        assert_eq!(long.to_string().matches("port == 22").count(), 10_000);
        let mixed = compiled(&vec!["ok"; 10_000].join(" or "))
            .expression
            .expect("flat is not deep");
        drop(Plan::new(&mixed, &Store::default()));
    };
    std::thread::Builder::new()
        .stack_size(256 << 10)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap();
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
