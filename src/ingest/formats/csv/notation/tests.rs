use super::*;

fn numbers(noted: &[&str]) -> NumberNotation {
    let mut numbers = NumberNotation::default();
    for word in noted {
        numbers.note(word);
    }
    numbers
}

fn order(noted: &[&str]) -> DateOrder {
    let mut order = DateOrder::default();
    for word in noted {
        order.note(word);
    }
    order
}

fn rewritten(word: &str) -> Reading<'_> {
    Reading::Rewritten(Cow::Borrowed(word))
}

#[test]
fn a_comma_before_three_digits_is_read_only_where_another_value_settles_it() {
    for (noted, word, reading) in [
        (&["44", "120"][..], "8,855", Reading::Ambiguous),
        (&["8,855"], "1,000", Reading::Ambiguous),
        (&["5,000,000,000"], "8,855", rewritten("8855")),
        (&["5,000,000,000"], "1,000", rewritten("1000")),
        (&["1,234.0"], "8,855", rewritten("8855")),
        (&["44,0"], "1,000", rewritten("1")),
        (&["44,0"], "8,855", Reading::Ambiguous),
        (&["44,0", "5,000,000,000"], "8,855", Reading::Ambiguous),
        (&[], "9,007,199,254,740,993", rewritten("9007199254740993")),
        (&[], "1,234.0", rewritten("1234")),
        (&[], "1,234.5", Reading::Plain),
        (&[], "57413,0", rewritten("57413")),
        (&[], "0,0", rewritten("0")),
        (&[], "0,000", rewritten("0")),
        (&[], "57413,000", rewritten("57413")),
        (&[], "57413,5", Reading::Plain),
        (&[], "1,23,456", Reading::Plain),
        (&[], ",5", Reading::Plain),
        (&[], "57413", Reading::Plain),
        (&[], "10.0.0.1", Reading::Plain),
    ] {
        for lone in [LonePoint::Fraction, LonePoint::Ambiguous] {
            let read = numbers(noted).read(word, lone);
            assert_eq!(read, reading, "{word} after {noted:?}");
        }
    }
}

#[test]
fn points_separate_thousands_where_another_value_shows_it() {
    for (noted, word, reading) in [
        (&["5.000.000.000"][..], "1.000", rewritten("1000")),
        (&["44.5"], "1.000", Reading::Plain),
        (&["57413.0"], "1.000", Reading::Plain),
        (&["57413.0"], "8.855", Reading::Ambiguous),
        (&["57413.0", "5.000.000"], "1.000", Reading::Ambiguous),
        (&["57413,0"], "1.000", rewritten("1000")),
        (&["1,234,567"], "1.000", Reading::Plain),
        (&[], "1.000", Reading::Ambiguous),
        (&[], "1.234.567", rewritten("1234567")),
        (&[], "55.725,00", rewritten("55725")),
        (&["1.234,00"], "8.855", rewritten("8855")),
        (&[], "1.234,5", Reading::Plain),
        (&[], "443.0", Reading::Plain),
        (&[], "1234.000", Reading::Plain),
        (&[], "57413,0", rewritten("57413")),
    ] {
        assert_eq!(
            numbers(noted).read(word, LonePoint::Ambiguous),
            reading,
            "{word} after {noted:?}"
        );
    }
}

#[test]
fn a_lone_point_is_one_of_a_fraction_where_commas_separate_values() {
    for (noted, word, reading) in [
        (&[][..], "1.000", Reading::Plain),
        (&[], "8.855", Reading::Ambiguous),
        (&["5.000.000"], "1.000", rewritten("1000")),
    ] {
        let numbers = numbers(noted);
        assert_eq!(numbers.read(word, LonePoint::Fraction), reading, "{word}");
        assert_eq!(numbers.awaits_points(word), noted.is_empty());
    }
}

#[test]
fn a_day_above_twelve_settles_the_order_of_days_and_months() {
    let us = &["11/23/2026 2:21"][..];
    for (noted, word, reading) in [
        (us, "11/2/2026 2:21", rewritten("2026-11-02 02:21:00")),
        (us, "11/2/2026 2:21:07 PM", rewritten("2026-11-02 14:21:07")),
        (
            us,
            "11/2/2026 12:21:07 AM",
            rewritten("2026-11-02 00:21:07"),
        ),
        (us, "11/2/2026 12:21 PM", rewritten("2026-11-02 12:21:00")),
        (
            us,
            "11/2/2026 2:21 UTC",
            rewritten("2026-11-02 02:21:00 UTC"),
        ),
        (us, "11/2/2026 14:21 PM", Reading::Plain),
        (
            &["23/11/2026 2:21"],
            "2/11/2026 2:21",
            rewritten("2026-11-02 02:21:00"),
        ),
        (&[], "2/11/2026 2:21", Reading::Ambiguous),
        (
            &["11/23/2026 2:21", "23/11/2026 2:21"],
            "2/11/2026 2:21",
            Reading::Ambiguous,
        ),
        (&[], "11/11/2026 2:21", rewritten("2026-11-11 02:21:00")),
        (&[], "23.11.2026 2:21", rewritten("2026-11-23 02:21:00")),
        (&[], "2.11.2026 02:21:00", rewritten("2026-11-02 02:21:00")),
        (&[], "2026-11-23 02:21:00", Reading::Plain),
        (&[], "2026-11-23T02:21:00Z", Reading::Plain),
        (&[], "1795400520", Reading::Plain),
    ] {
        assert_eq!(order(noted).read(word), reading, "{word} after {noted:?}");
    }
}
