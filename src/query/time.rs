//! Times as a filter may write them, each with the span that its precision implies.
//!
//! `2026-11-23` is a whole day and `17:00` a whole minute: `==` means within that span, `>` means after it.

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{Months, NaiveDate};

use crate::format;
use crate::query::diagnostic::Problem;
use crate::query::value;

/// A time in a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Seconds since the Unix epoch.
    Epoch(u64),
    /// A date, or a date and a time, in UTC.
    Calendar {
        /// The first epoch second.
        from: u64,
        /// The precision it was written with.
        precision: Precision,
    },
    /// A time of day, on the day of the data.
    OfDay {
        /// Seconds since midnight, UTC.
        second: u64,
        /// The precision it was written with: a minute or a second.
        precision: Precision,
    },
    /// Seconds before the latest end of the data.
    BeforeEnd(u64),
}

/// The unit to which a time is given: `2026-11` is a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// `2026`
    Year,
    /// `2026-11`
    Month,
    /// `2026-11-23`
    Day,
    /// `2026-11-23T02`
    Hour,
    /// `2026-11-23T02:23`, `02:23`
    Minute,
    /// `2026-11-23T02:23:37`, `02:23:37`
    Second,
}

const DAY: u64 = 86_400;
/// Numbers that are read as years. As epoch seconds they would be in the first hour of 1970, long before any flow log.
pub(super) const YEARS: RangeInclusive<u32> = 1970..=2099;
/// Numbers above this (the year 2100) are read as milliseconds, as in the logs themselves.
pub(super) const LAST_SECOND: u64 = 4_102_444_800;

impl Moment {
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        if let Some(year) = digits(text, 4).filter(|year| YEARS.contains(year)) {
            return calendar_day(year, 1, 1)
                .map(|from| Self::Calendar {
                    from,
                    precision: Precision::Year,
                })
                .ok_or_else(|| bad(text));
        }
        if text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() {
            let number: u64 = text.parse().map_err(|_| bad(text))?;
            let seconds = if number > LAST_SECOND {
                number / 1000
            } else {
                number
            };
            if seconds > LAST_SECOND {
                return Err(Problem::new("times after the year 2100 are not supported"));
            }
            return Ok(Self::Epoch(seconds));
        }
        if let Some(ago) = text.strip_prefix('-').filter(|ago| !ago.is_empty()) {
            return value::seconds(ago).map(Self::BeforeEnd);
        }
        let plain_clock = !text.contains('-') && text.contains(':');
        if let Some((second, precision, "")) = plain_clock.then(|| clock(text)).flatten() {
            if precision == Precision::Hour {
                return Err(bad(text));
            }
            return Ok(Self::OfDay { second, precision });
        }
        calendar(text).ok_or_else(|| bad(text))
    }

    /// Whether it depends on the time span of the loaded data.
    pub(super) fn is_anchored(self) -> bool {
        match self {
            Self::Epoch(_) | Self::Calendar { .. } => false,
            Self::OfDay { .. } | Self::BeforeEnd(_) => true,
        }
    }

    /// The first second, and the first second after it, for data that covers `span`. A time of day is on the
    /// last day.
    pub(super) fn seconds(self, span: Option<(u64, u64)>) -> (u64, u64) {
        match self {
            Self::Epoch(second) => (second, second.saturating_add(1)),
            Self::Calendar { from, precision } => (from, precision.after(from)),
            Self::OfDay { second, precision } => {
                let last = span.map_or(0, |(_, last)| last);
                let from = (last - last % DAY).saturating_add(second);
                (from, precision.after(from))
            }
            Self::BeforeEnd(ago) => {
                let from = span.map_or(0, |(_, last)| last.saturating_sub(ago));
                (from, from.saturating_add(1))
            }
        }
    }

    /// A time of day as date and time where the data covers only one such time; an error that lists the days
    /// otherwise.
    pub(super) fn on_a_day(self, span: (u64, u64)) -> Result<Self, Problem> {
        let Self::OfDay { second, precision } = self else {
            return Ok(self);
        };
        let (first, last) = (span.0 / DAY, span.1 / DAY);
        let at = |day: u64| day * DAY + second;
        let inside = |day: &u64| (span.0..=span.1).contains(&at(*day));
        // A thousand days are enough to find a second candidate.
        let days: Vec<u64> = (first..=last).take(1000).collect();
        let within: Vec<u64> = days.iter().copied().filter(inside).collect();
        match (days.as_slice(), within.as_slice()) {
            ([day], _) | (_, [day]) => Ok(Self::Calendar {
                from: at(*day),
                precision,
            }),
            _ => {
                let names: Vec<String> = days
                    .iter()
                    .take(3)
                    .map(|day| format::date(day * DAY))
                    .collect();
                let more = if days.len() > names.len() {
                    format!(" … {}", format::date(last * DAY))
                } else {
                    String::new()
                };
                let example = days.first().map_or(0, |day| at(*day));
                let example = Self::Calendar {
                    from: example,
                    precision,
                };
                Err(Problem::new(format!(
                    "the data covers several days: {}{more}",
                    names.join(", ")
                ))
                .suggest(example.to_string()))
            }
        }
    }
}

impl Precision {
    /// The first second after the span that starts at `from`.
    fn after(self, from: u64) -> u64 {
        let length = match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => DAY,
            Self::Month | Self::Year => {
                let months = if self == Self::Month { 1 } else { 12 };
                let date = i64::try_from(from)
                    .ok()
                    .and_then(|from| chrono::DateTime::from_timestamp(from, 0))
                    .map(|time| time.date_naive());
                let next = date.and_then(|date| date.checked_add_months(Months::new(months)));
                let days = date
                    .zip(next)
                    .map_or(30, |(date, next)| (next - date).num_days());
                DAY * u64::try_from(days).unwrap_or(30)
            }
        };
        from.saturating_add(length)
    }
}

/// An epoch second as a filter may write it. A time of day is on the day of `day`, and `-5m` is before the end of `span`.
///
/// # Errors
///
/// A sentence that says why it is no time.
pub(crate) fn read_time(text: &str, span: Option<(u64, u64)>, day: u64) -> Result<u64, String> {
    match Moment::read(text) {
        Ok(Moment::OfDay { second, .. }) => Ok(day - day % DAY + second),
        Ok(moment) => Ok(moment.seconds(span).0),
        Err(problem) => Err(problem.message),
    }
}

fn bad(text: &str) -> Problem {
    let words = ["now", "today", "yesterday", "tomorrow"];
    if words.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        let message = "times count from the end of the data: -15m is 15 minutes before it";
        return Problem::new(message);
    }
    Problem::new(format!("not a time: {text}")).suggest(
        "epoch seconds, 2026-11-23, 2026-11-23T17:00, 17:00 (on the day of the data) or -15m (before its end)",
    )
}

/// Whether `text` is a day: 2026-11-23.
pub(super) fn is_date(text: &str) -> bool {
    let date = |moment| {
        matches!(
            moment,
            Moment::Calendar {
                precision: Precision::Day,
                ..
            }
        )
    };
    calendar(text).is_some_and(date)
}

/// Whether `text` starts with a time of day: 17:00, 17:00:05Z.
pub(super) fn is_clock(text: &str) -> bool {
    let (clock_text, _) = text.split_once("..").unwrap_or((text, ""));
    clock_text.contains(':') && clock(clock_text).is_some()
}

/// Whether `text` can only be a time: a date, a time of day, or both.
pub(super) fn is_point(text: &str) -> bool {
    is_clock(text) || text.contains('-') && calendar(text).is_some()
}

/// The first second of a day.
fn calendar_day(year: u32, month: u32, day: u32) -> Option<u64> {
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    u64::try_from(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp()).ok()
}

/// `YYYY-MM`, `YYYY-MM-DD`, and a clock after `T`, with `Z` or an offset.
fn calendar(text: &str) -> Option<Moment> {
    let (date, clock_text) = match text.split_once(['T', 't']) {
        Some((date, clock_text)) => (date, Some(clock_text)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let (year, month) = (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?);
    let day = match parts.next() {
        Some(day) => Some(digits(day, 2)?),
        None => None,
    };
    if parts.next().is_some() || day.is_none() && clock_text.is_some() {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day.unwrap_or(1))?;
    let (second, mut precision, zone) = match clock_text {
        Some(clock_text) => clock(clock_text)?,
        None => (0, Precision::Day, ""),
    };
    if day.is_none() {
        precision = Precision::Month;
    }
    let epoch = date.and_hms_opt(0, 0, 0)?.and_utc().timestamp();
    let from = epoch + i64::try_from(second).ok()? - offset(zone)?;
    let from = u64::try_from(from).ok()?;
    // In a time zone with a half-hour offset, a whole hour is not a whole hour of UTC and could not be printed.
    if precision == Precision::Hour && !from.is_multiple_of(3_600) {
        return None;
    }
    Some(Moment::Calendar { from, precision })
}

/// `HH`, `HH:MM` or `HH:MM:SS`, with the rest of the text.
fn clock(text: &str) -> Option<(u64, Precision, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != ':')
        .unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2).filter(|hour| *hour < 24)?;
    let mut second = u64::from(hour) * 3_600;
    let mut precision = Precision::Hour;
    for (unit, finer) in [(60, Precision::Minute), (1, Precision::Second)] {
        if let Some(part) = parts.next() {
            second += unit * u64::from(digits(part, 2).filter(|part| *part < 60)?);
            precision = finer;
        }
    }
    // Fractions of a second are ignored: records have whole seconds.
    let rest = match rest.strip_prefix('.') {
        Some(fraction) if precision == Precision::Second => {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        _ => rest,
    };
    parts.next().is_none().then_some((second, precision, rest))
}

/// Seconds that a time zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "" | "Z" | "z") {
        return Some(0);
    }
    let sign = match zone.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let rest = zone.get(1..)?.replace(':', "");
    let (hours, minutes) = rest.split_at_checked(2)?;
    let minutes = if minutes.is_empty() {
        0
    } else {
        digits(minutes, 2)?
    };
    let hours = digits(hours, 2)?;
    (hours < 15 && minutes < 60)
        .then(|| sign * (i64::from(hours) * 3_600 + i64::from(minutes) * 60))
}

/// A number of exactly `count` digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Epoch(second) => write!(f, "{second}"),
            Self::Calendar { from, precision } => {
                let iso = format::iso(from);
                let (length, zone) = match precision {
                    Precision::Year => (4, ""),
                    Precision::Month => (7, ""),
                    Precision::Day => (10, ""),
                    Precision::Hour => (13, "Z"),
                    Precision::Minute => (16, "Z"),
                    Precision::Second => (19, "Z"),
                };
                write!(f, "{}{zone}", iso.get(..length).unwrap_or(&iso))
            }
            Self::OfDay { second, precision } => {
                let clock = format::time_of_day(second);
                let length = if precision == Precision::Second { 8 } else { 5 };
                f.write_str(clock.get(..length).unwrap_or(&clock))
            }
            Self::BeforeEnd(ago) => write!(f, "-{}", value::seconds_text(ago)),
        }
    }
}
