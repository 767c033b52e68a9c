//! Times of a list in a time zone, as long as the list needs them.

use chrono::{DateTime, FixedOffset, Local, NaiveDate, Offset as _};

use super::at;

/// The zone in which times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// UTC, as flow logs have them.
    #[default]
    Utc,
    /// The zone of this machine.
    Local,
    /// This many seconds east of UTC, less than a day.
    Offset(i32),
}

/// What stands before the time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateForm {
    /// Nothing.
    #[default]
    None,
    /// The day of the month.
    Day,
    /// Month and day.
    MonthDay,
    /// Year, month and day.
    YearMonthDay,
}

impl Zone {
    fn convert(self, epoch: u64) -> Option<DateTime<FixedOffset>> {
        let utc = at(epoch)?;
        Some(match self {
            Self::Utc => utc.fixed_offset(),
            Self::Local => {
                let local = utc.with_timezone(&Local);
                local.with_timezone(&local.offset().fix())
            }
            Self::Offset(seconds) => utc.with_timezone(&FixedOffset::east_opt(seconds)?),
        })
    }

    /// The day of an epoch second; none outside the calendar's range.
    pub fn day(self, epoch: u64) -> Option<NaiveDate> {
        Some(self.convert(epoch)?.date_naive())
    }
}

/// `UTC`, `local time`, `UTC+02:00`.
impl std::fmt::Display for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Utc => f.write_str("UTC"),
            Self::Local => f.write_str("local time"),
            Self::Offset(seconds) => {
                let sign = if *seconds < 0 { '-' } else { '+' };
                let minutes = seconds.unsigned_abs() / 60;
                write!(f, "UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

/// An epoch second as a time in `zone`: `02:23:37`, `11-23 02:23:37`. Seconds outside the calendar's range stay a
/// number.
pub fn clock(epoch: u64, zone: Zone, date: DateForm) -> String {
    let pattern = match date {
        DateForm::None => "%H:%M:%S",
        DateForm::Day => "%d %H:%M:%S",
        DateForm::MonthDay => "%m-%d %H:%M:%S",
        DateForm::YearMonthDay => "%Y-%m-%d %H:%M:%S",
    };
    zone.convert(epoch).map_or_else(
        || epoch.to_string(),
        |time| time.format(pattern).to_string(),
    )
}

/// The time from one epoch second to another: `+00:02:32`, `-00:00:05`, `+3d 04:00:00`.
pub fn time_since(epoch: u64, origin: u64) -> String {
    let sign = if epoch < origin { '-' } else { '+' };
    let seconds = epoch.abs_diff(origin);
    let days = match seconds / 86_400 {
        0 => String::new(),
        days => format!("{days}d "),
    };
    let (hours, minutes) = (seconds / 3_600 % 24, seconds / 60 % 60);
    format!("{sign}{days}{hours:02}:{minutes:02}:{:02}", seconds % 60)
}
