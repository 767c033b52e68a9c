use super::*;

#[test]
fn control_characters_become_visible_and_other_text_stays() {
    let check = |text: &str, shown: &str| assert_eq!(visible(text), shown);
    check("eni-0a1b", "eni-0a1b");
    check("Größe 東京", "Größe 東京");
    check("\u{1b}]52;c;x\u{7}", "\\x1b]52;c;x\\x07");
    check("a\tb\r\n\0", "a\\x09b\\x0d\\x0a\\x00");
    check("\u{9b}31m\u{7f}", "\\x9b31m\\x7f");
    check(
        "\u{202e}\u{2066}\u{200b}\u{feff}",
        "\\u{202e}\\u{2066}\\u{200b}\\u{feff}",
    );
}

#[test]
fn counts_have_commas() {
    assert_eq!(
        [0, 12, 999, 1000, 5856, 10_000_000].map(count),
        ["0", "12", "999", "1,000", "5,856", "10,000,000"]
    );
}

#[test]
fn short_counts_have_at_most_five_characters() {
    let table = [
        (0, "0"),
        (999, "999"),
        (1000, "1.0k"),
        (5856, "5.9k"),
        (99_949, "99.9k"),
        (99_950, "100k"),
        (999_499, "999k"),
        (999_500, "1.0M"),
        (u64::MAX, "≥18.4E"),
    ];
    for (number, text) in table {
        assert_eq!(short_count(number), text);
    }
}

#[test]
fn bytes_carry_their_unit() {
    assert_eq!(
        [84, 12_345, 30_000_000].map(bytes),
        ["84 B", "12.3 kB", "30.0 MB"]
    );
}

#[test]
fn a_share_that_is_there_never_reads_as_nothing() {
    assert_eq!(percent(2012, 5856), "34.4 %");
    assert_eq!(percent(1, 1_000_000), "<0.1 %");
    assert_eq!(percent(999_999, 1_000_000), ">99.9 %");
    assert_eq!(percent(0, 0), "0 %");
    assert_eq!(percent(3, 3), "100 %");
}

#[test]
fn durations_have_two_units() {
    assert_eq!(
        [0, 59, 60, 459, 7200, 273_600].map(duration),
        ["0 s", "59 s", "1 m", "7 m 39 s", "2 h", "3 d 4 h"]
    );
}

#[test]
fn times_are_utc() {
    assert_eq!(date_time(1_795_400_460), "2026-11-23 02:21:00");
    let clock = |zone, date| clock(1_795_400_460, zone, date);
    assert_eq!(clock(Zone::Utc, DateForm::MonthDay), "11-23 02:21:00");
    assert_eq!(
        clock(Zone::Offset(-3 * 3_600), DateForm::Day),
        "22 23:21:00"
    );
    assert_eq!(clock(Zone::Offset(19_800), DateForm::None), "07:51:00");
    assert_eq!(Zone::Offset(-12_600).to_string(), "UTC-03:30");
    assert_eq!(time_since(152, 0), "+00:02:32");
    assert_eq!(time_since(0, 5), "-00:00:05");
    assert_eq!(time_since(3 * 86_400 + 60, 0), "+3d 00:01:00");
    assert_eq!(time_of_day(1_795_400_460), "02:21:00");
    assert_eq!(iso(1_795_400_460), "2026-11-23T02:21:00Z");
    assert_eq!(date(1_795_400_460), "2026-11-23");
    assert_eq!(date_time(u64::MAX), "18446744073709551615");
}

#[test]
fn what_the_system_says_has_the_tone_of_other_messages() {
    let error = io::Error::from_raw_os_error(2);
    assert_eq!(reason(&error), "no such file or directory");
    assert_eq!(reason(&io::Error::other("Told")), "told");
}

#[test]
fn a_problem_is_shown_with_its_place_and_advice_and_does_nothing_to_a_terminal() {
    struct Wrong;
    impl std::fmt::Display for Wrong {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("not \u{1b} read")
        }
    }
    impl Problem for Wrong {
        fn advice(&self) -> Option<Cow<'_, str>> {
            Some("try again".into())
        }
    }
    assert_eq!(Wrong.sentence(), "not \\x1b read; try again");
    assert_eq!(
        Wrong.message("a\u{202e}.log"),
        "a\\u{202e}.log: not \\x1b read; try again"
    );
}

#[test]
fn a_failure_of_flowdeck_says_so_and_names_what_to_report_it_with() {
    let payload: Box<dyn std::any::Any + Send> = Box::new("index out of bounds");
    let error = InternalError::of_panic(payload.as_ref());
    let said = "flowdeck failed (index out of bounds); this is a bug in flowdeck, not in your data; please report it in \
                flowdeck's issue tracker with what `--log FILE` writes when you run it again";
    assert_eq!(error.sentence(), said);
    let said = format!("{said} and, if you may share it, logs/a.log");
    assert_eq!(error.in_file("logs/a.log").sentence(), said);
}

#[cfg(unix)]
#[test]
fn paths_that_are_not_utf8_stay_different() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let shown = |bytes: &[u8]| path(Path::new(OsStr::from_bytes(bytes))).into_owned();
    assert_eq!(shown(b"a/\xff\xfeb.log"), "a/\\xff\\xfeb.log");
    assert_eq!(shown(b"a/\xfd\xfeb.log"), "a/\\xfd\\xfeb.log");
    assert_eq!(shown("über.log".as_bytes()), "über.log");
}

#[test]
fn fillers_and_tags_are_made_visible() {
    for c in ['\u{3164}', '\u{115f}', '\u{e0041}', '\u{2800}', '\u{fe0f}'] {
        let text = format!("a{c}b");
        let shown = visible(&text);
        assert!(shown.is_ascii(), "{shown:?}");
    }
    assert_eq!(visible("München ✓ 日本"), "München ✓ 日本");
}

#[test]
fn a_sum_that_stopped_at_the_largest_number_is_a_bound() {
    assert_eq!(count(u64::MAX), "≥18,446,744,073,709,551,615");
    assert!(bytes(u64::MAX).starts_with('≥'));
    assert!(!count(u64::MAX - 1).starts_with('≥'));
}
