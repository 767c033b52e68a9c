//! Texts that are too long or nested too deeply, and too many values: each bound has a message and limits the work.

use super::*;
use crate::store::RowId;

/// The first message; empty for a valid filter.
fn first(text: &str, saved: &[Saved]) -> String {
    let record = records::record("srcaddr=10.0.0.1 dstaddr=10.0.0.2");
    let store = records::store(&[record], 1);
    let context = Context {
        span: None,
        selected: Some(Selected {
            store: &store,
            row: RowId(0),
        }),
        saved,
        ..Context::of(&store, &[])
    };
    let compiled = compile(text, &context);
    let message = compiled.diagnostics.first().map(|d| d.message.clone());
    message.unwrap_or_default()
}

fn saved(name: &str, text: &str) -> Saved {
    Saved {
        name: name.into(),
        text: text.into(),
    }
}

/// A chain of saved filters: `$s0` is `$s1` and so on, and the last one is `end`.
fn chain(length: usize, end: &str) -> Vec<Saved> {
    let link = |n: usize| saved(&format!("s{n}"), &format!("$s{}", n + 1));
    let links = (0..length - 1).map(link);
    links
        .chain([saved(&format!("s{}", length - 1), end)])
        .collect()
}

const TOO_DEEP: &str = "nested too deeply: at most 64 levels of brackets and `not`";

#[test]
fn a_filter_has_at_most_64_kib() {
    assert_eq!(first(&" ".repeat(65_536), &[]), "");
    assert_eq!(
        first(&" ".repeat(65_537), &[]),
        "a filter has at most 65536 bytes"
    );
}

#[test]
fn nothing_is_nested_more_than_64_deep() {
    let nested = |depth| format!("{}reject{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(first(&nested(64), &[]), "");
    assert_eq!(first(&nested(65), &[]), TOO_DEEP);
    assert_eq!(first(&format!("{}reject", "not ".repeat(64)), &[]), "");
    assert_eq!(first(&format!("{}reject", "!".repeat(65)), &[]), TOO_DEEP);
    // What a protocol and its port become needs parentheses.
    let phrase = format!("{}tcp port 22", "not ".repeat(64));
    assert_eq!(first(&phrase, &[]), TOO_DEEP);
    let family = format!("{}ip6 proto 17", "not ".repeat(64));
    assert_eq!(first(&family, &[]), TOO_DEEP);
}

#[test]
fn saved_filters_are_nested_no_deeper_than_what_is_typed() {
    assert_eq!(first("$s0", &chain(64, "reject")), "");
    let message = first("$s0", &chain(65, "reject"));
    assert_eq!(
        message,
        format!("in $s0, $s1, …, $s63: {TOO_DEEP}, at \"$s64\"")
    );
    // Brackets around a saved filter and in it count together.
    let nested = format!("{}reject{}", "(".repeat(32), ")".repeat(32));
    let around = |depth| format!("{}$s0{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(first(&around(30), &chain(2, &nested)), "");
    assert_eq!(
        first(&around(31), &chain(2, &nested)),
        format!("in $s0, $s1: {TOO_DEEP}, at \"(\"")
    );
}

#[test]
fn saved_filters_come_to_64_kib_at_most() {
    let long = saved("long", &format!("{}reject", " ".repeat(32_000)));
    assert_eq!(first("$long or $long", std::slice::from_ref(&long)), "");
    let message = "the saved filters used here exceed 65536 bytes";
    assert_eq!(first("$long or $long or $long", &[long]), message);
    // Each names the next one twice: 2 to the power of 40 filters.
    let doubled = |n: usize| saved(&format!("d{n}"), &format!("$d{m} or $d{m}", m = n + 1));
    let mut doubling: Vec<Saved> = (0..40).map(doubled).collect();
    doubling.push(saved("d40", "reject"));
    let told = first("$d0", &doubling);
    assert_eq!(
        told,
        format!("in $d0, $d1, …, $d38: {message}, at \"$d39\"")
    );
}

#[test]
fn sets_have_65_536_members_at_most_together() {
    // `$ip` expands to two addresses from three bytes.
    let set = |names: usize| format!("ip in {{{}}}", "$ip".repeat(names));
    assert_eq!(first(&set(21_800), &[]), "");
    let more = saved("more", &set(10_968));
    assert_eq!(first(&format!("{} or $more", set(21_800)), &[more]), "");
    let more = saved("more", &set(10_969));
    assert_eq!(
        first(&format!("{} or $more", set(21_800)), &[more]),
        "in $more: the sets of a filter can have at most 65536 values, at \"in\""
    );
}

#[test]
fn a_regular_expression_has_1_kib_and_a_filter_64_of_them() {
    assert_eq!(first(&format!("region ~ /{}/", "a".repeat(1024)), &[]), "");
    assert_eq!(
        first(&format!("region ~ /{}/", "a".repeat(1025)), &[]),
        "a regular expression has at most 1024 bytes"
    );
    assert_eq!(
        first("region ~ /((a{99}){99}){99}/", &[]),
        "the regular expression needs too much memory"
    );
    assert!(first("region ~ /(/", &[]).starts_with("invalid regular expression: "));
    let several = |count: usize| {
        let one = |n: usize| format!("/{}/", n % count);
        (0..200).map(one).collect::<Vec<String>>().join(" or ")
    };
    assert_eq!(first(&several(64), &[]), "");
    assert_eq!(
        first(&several(65), &[]),
        "a filter has at most 64 different regular expressions"
    );
}

#[test]
fn a_glob_has_1_kib() {
    assert_eq!(first(&format!("region {}*", "a".repeat(1023)), &[]), "");
    assert_eq!(
        first(&format!("region {}*", "a".repeat(1024)), &[]),
        "a pattern with * or ? has at most 1024 bytes"
    );
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
        let nested = format!("{}reject{}", "(not ".repeat(16), ")".repeat(16));
        assert_eq!(first("not $s0", &chain(31, &nested)), "");
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
