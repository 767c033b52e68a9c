//! The zone of times that name none.

#[cfg(test)]
mod tests;

use chrono::{FixedOffset, Local, LocalResult, NaiveDateTime, TimeDelta, TimeZone};

/// The most that a zone is away from UTC, in seconds.
const MAX_OFFSET_SECONDS: i32 = 14 * 3600;

/// The zone of times that name none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputZone {
    /// Not given: UTC is assumed.
    #[default]
    Assumed,
    /// So many seconds east of UTC.
    Offset(i32),
    /// That of this machine, with its daylight saving time.
    Local,
}

impl InputZone {
    /// The zone that `text` names: `UTC`, `+02:00`, `local`.
    pub fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("local") {
            return Some(Self::Local);
        }
        if text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("z") {
            return Some(Self::Offset(0));
        }
        offset(text).map(Self::Offset)
    }

    /// The epoch seconds of a time on the clocks of the zone. Of a time that clocks show twice it is the first; one
    /// that they leave out is as long after the one before as it would be without that.
    pub(crate) fn seconds(self, time: NaiveDateTime) -> i64 {
        let utc = || time.and_utc().timestamp();
        match self {
            Self::Assumed => utc(),
            Self::Offset(east) => utc().saturating_sub(east.into()),
            Self::Local => in_zone(&Local, time).unwrap_or_else(utc),
        }
    }

    /// As [`InputZone::seconds`], of a time as the epoch seconds that it would be in UTC.
    pub(crate) fn shift(self, seconds: i64) -> i64 {
        match self {
            Self::Assumed | Self::Offset(0) => seconds,
            Self::Offset(east) => seconds.saturating_sub(east.into()),
            Self::Local => chrono::DateTime::from_timestamp(seconds, 0)
                .map_or(seconds, |time| self.seconds(time.naive_utc())),
        }
    }
}

/// Seconds east of UTC: `+02:00`, `-0530`, `+2`.
pub(crate) fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = match (rest.split_once(':'), rest.len()) {
        (Some(parts), _) => parts,
        (None, 4) => rest.split_at_checked(2)?,
        (None, _) => (rest, "00"),
    };
    let number = |digits: &str, most: i32| {
        let is_number = digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit());
        let number: Option<i32> = digits.parse().ok();
        number.filter(|number| is_number && *number <= most)
    };
    let seconds = number(hours, 14)? * 3600 + number(minutes, 59)? * 60;
    (seconds <= MAX_OFFSET_SECONDS).then_some(sign * seconds)
}

fn in_zone<Z: TimeZone<Offset = FixedOffset>>(zone: &Z, time: NaiveDateTime) -> Option<i64> {
    match zone.from_local_datetime(&time) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => Some(time.timestamp()),
        LocalResult::None => {
            let day = TimeDelta::try_days(1)?;
            let before = zone.from_local_datetime(&time.checked_sub_signed(day)?);
            Some(before.earliest()?.timestamp() + day.num_seconds())
        }
    }
}
