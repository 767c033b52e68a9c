use super::*;

/// `line` of a file of such lines is `expected`, when only what begins with `rec` makes sense.
#[track_caller]
fn check(line: &str, expected: &str) {
    let wrapping = Wrapping::of(&[line]);
    assert_eq!(
        wrapping.strip(line, |rest| rest.starts_with("rec")),
        expected,
        "{line}"
    );
}

#[test]
fn a_place_before_a_line_is_taken_away() {
    check("a.log:12:rec", "rec");
    check("a.log:rec", "rec");
    check("12:rec", "rec");
    check("./a b/c.log:7:rec", "rec");
    check("C:\\logs\\a.log:7:rec", "rec");
    check("logs/2026-11-23/a-1-2.log:7:rec", "rec");
}

#[test]
fn what_only_looks_like_a_place_stays() {
    for line in [
        "2001:10:20::1 rec",
        "fe80::1 rec",
        "2025-11-23T00:12:00.000Z rec",
        "arn:aws:ecs:us-east-1:123456789012:cluster/x rec",
        "error: rec",
        "0a:12:2c:3d:4e:5f rec",
        "2 123456789010 rec 2001:db8:5:6::1",
        "rec",
        "",
        ":",
    ] {
        let wrapping = Wrapping::of(&[line]);
        assert_eq!(wrapping, Wrapping::default(), "{line}");
        check(line, line);
    }
}

#[test]
fn lines_of_context_count_among_those_with_a_place() {
    let lines = [
        "a.log-1-rec",
        "a.log-2-rec",
        "a.log:3:rec",
        "a.log-4-rec",
        "--",
    ];
    let wrapping = Wrapping::of(&lines);
    assert!(wrapping.has_places);
    let strip = |line| {
        wrapping
            .strip(line, |rest| rest.starts_with("rec"))
            .into_owned()
    };
    assert_eq!(lines.map(strip), ["rec", "rec", "rec", "rec", "--"]);
    let lines = ["5-rec", "6:rec", "7-rec"];
    assert!(Wrapping::of(&lines).has_places);
}

#[test]
fn colours_are_taken_away_and_other_sequences_are_not() {
    let line = "\u{1b}[01;31m\u{1b}[Krec\u{1b}[m\u{1b}[K x \u{1b}[2J";
    check(line, "rec x \u{1b}[2J");
    check(
        "\u{1b}[35ma.log\u{1b}[m\u{1b}[36m:\u{1b}[m12\u{1b}[36m:\u{1b}[mrec",
        "rec",
    );
}

#[test]
fn one_line_of_many_wraps_nothing() {
    assert_eq!(Wrapping::of(&["a.log:1:x", "x", "x"]), Wrapping::default());
    assert_eq!(Wrapping::of(&[]), Wrapping::default());
}

#[test]
fn a_colour_that_nothing_ends_is_part_of_a_value() {
    check("2 eni-\u{1b}[31m 3", "2 eni-\u{1b}[31m 3");
}
