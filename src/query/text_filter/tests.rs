//! Counting in blocks counts the same lines as testing each.

use proptest::prelude::*;

use super::*;
use crate::query::{Context, compile};
use crate::store::Catalog;

const LINES: &[&str] = &[
    "2 123456789012 eni-1 10.0.0.1 10.0.0.2 443 49152 6 10 840 1 2 ACCEPT OK",
    "2 123456789012 eni-2 10.0.0.2 10.0.0.1 49152 443 6 10 840 1 2 REJECT OK",
    "2 123456789012 eni-2 - - - - - - - 1 2 - NODATA",
    "a",
    "aa b",
    "b a",
    "REJECT",
    "reject ab",
];

/// Filters, the most awkward ones for blocks among them.
const FILTERS: &[&str] = &[
    "/REJECT/",
    "/reject/i",
    "\"REJECT\"",
    "\"10.0.0.1 \"",
    "/10\\.0\\.\\d+\\.\\d+ .* 443 /",
    "/^2 .* OK$/",
    "/^a/",
    "/a$/",
    "/(^|b )a$/",
    "/$/",
    "/^$/",
    "/b\\s/",
    "/\\sb/",
    "/\\s/",
    "/a\\s+b/",
    "/[^x]*a/",
    "/OK[^x]+REJECT/",
    "/(?s)a.*b/",
    "/(?s)2.+/",
    "/(?-m)a$/",
    "/(?m)^a$/",
    "/(?i-m:^A)/",
    "/\\Aa/",
    "/a\\z/",
    "/\\ba\\b/",
    "/x*/",
    "/\\n/",
    "/a?\\n?/",
    "/(?R)a$/",
    "/a|\\n2/",
    "/(?x)( ?-m)a$/",
    "/(?x)( # n\n ?-m:a$)/",
    "/(?x) a b | ^b/",
    "/(?sR)a.?$/",
    "/(?mR)^a.*a$/",
    "/^a|b$/",
    "/(?:^a|^b)/",
    "/(?:a{2})? b/",
    "/(?:(?:aa)+)?$/",
    "/(a|\\n)+b/",
    "/[^\\S ]*2/",
    "/a[\\n]b|REJECT/",
    "/\\W*eni-1\\D*10/",
    "/eni-1(?:[^x]*ZZ)?/",
    "/é|a/",
    "/[é-ö]?a b/i",
    "/K\\b|rejec[t]/i",
    "/\\Ba/",
    "/\\b{start}a\\b{end}/",
    "/\\b{end-half}/",
    "/(?-u:\\bb\\b)/",
    "/(?-u:[a-x])$/",
    "not /a/",
    "/a/ and not /b/",
    "/a/ or /REJECT/",
    "/a/ and (/b/ or not /a$/)",
    "/a/ and /b/ or /^b/ and not /a/",
    "not /^$/ and not \"REJECT\"",
];

fn filter(text: &str) -> Option<TextFilter> {
    let catalog = Catalog::default();
    let expression = compile(text, &Context::new(&catalog)).expression?;
    TextFilter::new(&expression)
}

/// Whether `expression` holds for a line, as it is defined.
fn holds(expression: &Expression, line: &str) -> bool {
    match expression {
        Expression::Everything => true,
        Expression::All(parts) => parts.iter().all(|part| holds(part, line)),
        Expression::Any(parts) => parts.iter().any(|part| holds(part, line)),
        Expression::Not(part) => !holds(part, line),
        Expression::Term(Term::Find { pattern, .. }) => pattern.is_in(line),
        Expression::Term(_) => unreachable!("only texts are in these filters"),
    }
}

#[test]
fn filters_on_values_are_no_text_filters() {
    for text in [
        "reject",
        "/a/ and dstport 443",
        "interface-id ~ /eni/",
        "not tcp",
    ] {
        assert!(filter(text).is_none(), "{text}");
    }
    assert_eq!(filter("").unwrap().count(b"a\nb\n"), 2);
}

#[test]
fn no_match_in_a_block_is_longer_than_its_line() {
    let block = LINES.join("\n").into_bytes();
    for text in FILTERS {
        let Filter::Block(pattern) = filter(text).unwrap().0 else {
            continue;
        };
        for found in pattern.find_iter(&block) {
            assert!(!block[found.range()].contains(&b'\n'), "{text}: {found:?}");
        }
    }
}

/// With searches that go on in the lines below, this would take minutes.
#[test]
fn a_large_block_is_searched_in_one_pass() {
    let line = b"2 123456789012 eni-1 10.0.0.1 10.0.0.2 443 49152 6 10 840 1 2 ACCEPT OK\n";
    let (count, block) = (20_000, line.repeat(20_000));
    for (text, expected) in [
        ("/ACCEPT[^x]*9/", 0),
        ("/eni-1[^R]+ACCEPT/", count),
        ("/[^#]*eni/", count),
        ("/(?s)2.+/", count),
        ("/eni-1(?:[^x]*ZZ)?/", count),
    ] {
        assert_eq!(filter(text).unwrap().count(&block), expected, "{text}");
    }
}

#[test]
fn only_patterns_that_may_be_large_are_text_filters_each_once() {
    let any = |count: usize| {
        let patterns: Vec<String> = (0..count).map(|index| format!("/a{index}/")).collect();
        patterns.join(" or ")
    };
    let eight = filter(&any(8)).unwrap();
    assert_eq!(eight.count(b"a7\na8\na9\n"), 1);
    assert!(filter(&any(9)).is_none());
    let Filter::Test { patterns, .. } = filter("/a/ and (/b/ or not /a/)").unwrap().0 else {
        panic!("several patterns are searched in each line");
    };
    assert_eq!(patterns.len(), 2);
}

#[test]
#[should_panic(expected = "only whole lines are counted")]
fn a_line_without_its_end_is_not_counted() {
    filter("/a/").unwrap().count(b"a\na");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_block_has_as_many_matches_as_its_lines(
        lines in prop::collection::vec(prop::sample::select(LINES), 0..8),
        text in prop::sample::select(FILTERS),
    ) {
        let catalog = Catalog::default();
        let expression = compile(text, &Context::new(&catalog)).expression.unwrap();
        let filter = TextFilter::new(&expression).unwrap();
        let block: String = lines.iter().flat_map(|line| [*line, "\n"]).collect();
        let expected = lines.iter().filter(|line| holds(&expression, line)).count() as u64;
        prop_assert_eq!(filter.count(block.as_bytes()), expected, "{}: {}", text, block);
    }
}
