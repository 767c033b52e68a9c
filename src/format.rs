//! Formats numbers, sizes, durations and times for display, and escapes text for the terminal.

mod clock;
mod decimal;
mod problem;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};
use textwrap::{Options, WordSplitter};

pub use clock::{DateForm, Zone, clock, time_since};
pub(crate) use decimal::push_decimal;
pub use problem::{InternalError, Problem, set_log_file};

/// Escapes everything that could control a terminal or be invisible in a line: C0, DEL and C1, bidirectional overrides,
/// zero-width characters, fillers, variation selectors, tags.
///
/// Text from logs, file names and headers must pass through here before it reaches a terminal.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if !acts(c) {
            out.push(c);
        } else if u32::from(c) < 0x100 {
            let _ = write!(out, "\\x{:02x}", u32::from(c));
        } else {
            let _ = write!(out, "\\u{{{:04x}}}", u32::from(c));
        }
    }
    Cow::Owned(out)
}

/// Whether a character must be escaped.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// A path as text. A byte that is not UTF-8 becomes `\xff`, so that different paths stay different.
pub fn path(path: &Path) -> Cow<'_, str> {
    if let Some(text) = path.to_str() {
        return text.into();
    }
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text.into()
}

/// `text` in lines of at most `width` cells, at least one; ids and times are not broken at their hyphens.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(1)).word_splitter(WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(text, options).into_iter();
    lines.map(Cow::into_owned).collect()
}

/// The message of a system error, in the style of the other messages: `no space left on device`.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// What stands before a sum that stopped at the largest number.
fn bound(number: u64) -> &'static str {
    if number == u64::MAX { "≥" } else { "" }
}

/// A whole number with a comma before every three digits: `5,856`. The largest number is the bound of sums.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = bound(number).to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of things: `1 record`, `5,856 records`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    let name = if number == 1 { one } else { many };
    format!("{} {name}", count(number))
}

/// A number in at most five characters: `999`, `5.9k`, `123k`, `1.2M`.
pub fn short_count(number: u64) -> String {
    scaled(number, 1000, &["", "k", "M", "G", "T", "P", "E"], "")
}

/// A number of bytes in powers of 1000: `84 B`, `12.3 kB`, `1.2 GB`.
pub fn bytes(number: u64) -> String {
    scaled(
        number,
        1000,
        &["B", "kB", "MB", "GB", "TB", "PB", "EB"],
        " ",
    )
}

fn scaled(number: u64, step: u64, units: &[&str], space: &str) -> String {
    if number < step {
        return format!("{number}{space}{}", units[0]);
    }
    let (mut value, mut unit) = (number as f64, 0);
    // 999.95 would print as 1000.0.
    while value >= 999.5 && unit + 1 < units.len() {
        value /= step as f64;
        unit += 1;
    }
    let digits = usize::from(value < 99.95);
    format!("{}{value:.digits$}{space}{}", bound(number), units[unit])
}

/// `part` of `whole` in percent: `34.4 %`; `<0.1 %` for what would round to nothing.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0 %".into();
    }
    let share = part as f64 / whole as f64 * 100.0;
    match share {
        _ if part == 0 => "0 %".into(),
        _ if part == whole => "100 %".into(),
        s if s < 0.05 => "<0.1 %".into(),
        s if s > 99.95 => ">99.9 %".into(),
        s => format!("{s:.1} %"),
    }
}

/// Seconds as the two largest units: `59 s`, `7 m 39 s`, `2 h`, `3 d 4 h`.
pub fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
    let first = UNITS
        .iter()
        .position(|(size, _)| seconds >= *size)
        .unwrap_or(3);
    let mut parts = Vec::new();
    let mut rest = seconds;
    for (size, name) in UNITS.iter().skip(first).take(2) {
        let whole = rest / size;
        rest %= size;
        if whole > 0 || parts.is_empty() && *size == 1 {
            parts.push(format!("{whole} {name}"));
        }
    }
    parts.join(" ")
}

/// How long work took: `0.4 ms`, `35 ms`, `1.2 s`.
pub fn elapsed(seconds: f64) -> String {
    match seconds {
        s if s < 0.01 => format!("{:.1} ms", s * 1e3),
        s if s < 1.0 => format!("{:.0} ms", s * 1e3),
        s => format!("{s:.1} s"),
    }
}

fn at(epoch: u64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(i64::try_from(epoch).ok()?, 0)
}

/// An epoch second as the time of day in UTC: `02:23:37`. Seconds outside the calendar's range stay a number.
pub fn time_of_day(epoch: u64) -> String {
    at(epoch).map_or_else(
        || epoch.to_string(),
        |time| time.format("%H:%M:%S").to_string(),
    )
}

/// An epoch second as date and time in UTC: `2026-11-23 02:23:37`.
pub fn date_time(epoch: u64) -> String {
    at(epoch).map_or_else(
        || epoch.to_string(),
        |time| time.format("%Y-%m-%d %H:%M:%S").to_string(),
    )
}

/// An epoch second in ISO 8601: `2026-11-23T02:23:37Z`.
pub fn iso(epoch: u64) -> String {
    at(epoch).map_or_else(
        || epoch.to_string(),
        |time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    )
}

/// An epoch second as a date in UTC: `2026-11-23`.
pub fn date(epoch: u64) -> String {
    at(epoch).map_or_else(
        || epoch.to_string(),
        |time| time.format("%Y-%m-%d").to_string(),
    )
}
