use chrono::{Datelike, NaiveDate};

use super::*;

fn time(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

#[test]
fn a_zone_is_utc_an_offset_or_that_of_the_machine() {
    let check = |text: &str, expected| assert_eq!(InputZone::parse(text), expected, "{text}");
    check("UTC", Some(InputZone::Offset(0)));
    check("z", Some(InputZone::Offset(0)));
    check("local", Some(InputZone::Local));
    check("+02:00", Some(InputZone::Offset(7200)));
    check("-0530", Some(InputZone::Offset(-19_800)));
    check("+9", Some(InputZone::Offset(32_400)));
    for wrong in [
        "", "+", "02:00", "+15:00", "+14:30", "+02:60", "+2:", "+1234567", "+ü1", "CEST", "+-2",
    ] {
        check(wrong, None);
    }
}

#[test]
fn a_time_on_the_clocks_of_a_zone_is_that_much_earlier_in_utc() {
    let noon = time("2026-11-23 12:00");
    let utc = noon.and_utc().timestamp();
    for (zone, expected) in [
        (InputZone::Assumed, utc),
        (InputZone::Offset(7200), utc - 7200),
        (InputZone::Offset(-3600), utc + 3600),
    ] {
        assert_eq!(zone.seconds(noon), expected);
        assert_eq!(zone.shift(utc), expected);
    }
    assert_eq!(InputZone::Local.shift(utc), InputZone::Local.seconds(noon));
    // Nothing that a file may hold goes beyond what can be counted.
    for zone in [InputZone::Local, InputZone::Offset(-50_400)] {
        zone.shift(i64::MAX);
        zone.shift(i64::MIN);
    }
}

/// A zone whose clocks are put from 2:00 to 3:00 on 29 March 2026, and back on 25 October.
#[derive(Clone, Copy)]
struct Summer;

impl TimeZone for Summer {
    type Offset = FixedOffset;

    fn from_offset(_: &FixedOffset) -> Self {
        Self
    }

    fn offset_from_local_date(&self, _: &NaiveDate) -> LocalResult<FixedOffset> {
        LocalResult::None
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> LocalResult<FixedOffset> {
        let (winter, summer) = (offsets(1), offsets(2));
        let within = |from: &str, to: &str| (time(from)..time(to)).contains(local);
        if within("2026-03-29 02:00", "2026-03-29 03:00") {
            LocalResult::None
        } else if within("2026-10-25 02:00", "2026-10-25 03:00") {
            LocalResult::Ambiguous(summer, winter)
        } else if within("2026-03-29 03:00", "2026-10-25 02:00") {
            LocalResult::Single(summer)
        } else {
            LocalResult::Single(winter)
        }
    }

    fn offset_from_utc_date(&self, _: &NaiveDate) -> FixedOffset {
        offsets(1)
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
        offsets(if (4..10).contains(&utc.month()) { 2 } else { 1 })
    }
}

fn offsets(hours: i32) -> FixedOffset {
    FixedOffset::east_opt(hours * 3600).unwrap()
}

#[test]
fn times_that_clocks_show_twice_or_never_are_times_all_the_same() {
    let utc = |text: &str| time(text).and_utc().timestamp();
    for (local, expected) in [
        ("2026-03-29 01:59", "2026-03-29 00:59"),
        ("2026-03-29 02:30", "2026-03-29 01:30"),
        ("2026-03-29 03:00", "2026-03-29 01:00"),
        ("2026-10-25 02:30", "2026-10-25 00:30"),
        ("2026-10-25 03:00", "2026-10-25 02:00"),
    ] {
        assert_eq!(
            in_zone(&Summer, time(local)),
            Some(utc(expected)),
            "{local}"
        );
    }
}
