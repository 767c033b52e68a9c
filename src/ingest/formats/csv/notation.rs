//! How a program writes numbers and dates: `65,536`, `65.536` or `57413,0`, `11/23/2026` or `23/11/2026`.
//!
//! Some values can be read in two ways. They are read only where another value of the column leaves one of the two;
//! dates have one order in the whole file.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

/// What the commas and points in the numbers of a column have turned out to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NumberNotation {
    commas: Separator,
    points: Separator,
}

/// What a comma or a point stands for, as the values so far show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Separator {
    /// One value has it between thousands: `1,234,567`.
    is_of_thousands: bool,
    /// One value has it before a fraction: `57413,0`.
    is_of_fractions: bool,
}

/// How a point before three digits (`1.000`) is read where no value of its column settles it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum LonePoint {
    /// As one before a fraction, which programs that separate values by commas write.
    #[default]
    Fraction,
    /// Not at all: spreadsheets of countries with decimal commas export semicolons and tabs.
    Ambiguous,
}

/// Which order the days and months of a file have turned out to have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DateOrder {
    has_month_first: bool,
    has_day_first: bool,
}

/// What a value is in the notation of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading<'v> {
    /// Written as expected, or nothing that this notation is about.
    Plain,
    /// The same value as it is usually written.
    Rewritten(Cow<'v, str>),
    /// There are two readings, and no value so far has settled which one it is.
    Ambiguous,
}

/// The groups of digits of a number with commas: `9,007,199` has three.
fn groups(word: &str) -> Option<Vec<&str>> {
    let is_number = word
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b',');
    let groups: Vec<&str> = word.split(',').collect();
    let is_split = is_number && groups.len() > 1 && groups.iter().all(|group| !group.is_empty());
    is_split.then_some(groups)
}

/// Whether groups of digits are as a number of thousands has them: up to three digits, then three in each.
fn are_thousands(groups: &[&str]) -> bool {
    let Some((first, others)) = groups.split_first() else {
        return false;
    };
    let is_first = first.len() <= 3 && (!first.starts_with('0'));
    is_first && others.iter().all(|group| group.len() == 3)
}

fn is_zeros(digits: &str) -> bool {
    digits.bytes().all(|byte| byte == b'0')
}

impl NumberNotation {
    /// Nothing yet.
    pub(super) const NONE: Self = Self {
        commas: Separator::NONE,
        points: Separator::NONE,
    };

    /// Takes in a value of the column.
    pub(super) fn note(&mut self, word: &str) {
        let before = word.split_once(',').map_or(word, |(before, _)| before);
        let is_sure = |groups: &Vec<&str>| groups.len() > 2 || before.len() < word.len();
        self.points.is_of_thousands |= points(before).as_ref().is_some_and(is_sure);
        self.points.is_of_fractions |= has_point_fraction(word);
        // `1,234.0` has both, so that its comma is no decimal one.
        let whole = word.split_once('.').map_or(word, |(whole, _)| whole);
        let Some(groups) = groups(whole) else {
            return;
        };
        if are_thousands(&groups) && (groups.len() > 2 || whole.len() < word.len()) {
            self.commas.is_of_thousands = true;
        } else if groups.len() == 2 && whole.len() == word.len() && !are_thousands(&groups) {
            self.commas.is_of_fractions = true;
        }
    }

    /// Whether a value has a point before three digits, and no value so far shows what that is.
    pub(super) fn awaits_points(self, word: &str) -> bool {
        let is_lone = || points(word).is_some_and(|groups| groups.len() == 2);
        self.use_of_points() == Separator::NONE && is_lone()
    }

    /// What points stand for: never for the same as commas.
    fn use_of_points(self) -> Separator {
        Separator {
            is_of_thousands: self.points.is_of_thousands || self.commas.is_of_fractions,
            is_of_fractions: self.points.is_of_fractions || self.commas.is_of_thousands,
        }
    }

    /// Reads a value of the column.
    pub(super) fn read(self, word: &str, lone: LonePoint) -> Reading<'_> {
        let (whole, fraction) = word.split_once(',').unwrap_or((word, ""));
        match points(whole) {
            None => self.read_commas(word),
            Some(_) if !is_zeros(fraction) => Reading::Plain,
            Some(groups) if whole.len() < word.len() || groups.len() > 2 => {
                Reading::Rewritten(Cow::Owned(groups.concat()))
            }
            Some(groups) => {
                let is_fraction = || is_zeros(groups[1]);
                let Separator {
                    is_of_thousands,
                    is_of_fractions,
                } = self.use_of_points();
                match (is_of_thousands, is_of_fractions, lone) {
                    (true, false, _) => Reading::Rewritten(Cow::Owned(groups.concat())),
                    (false, true, _) | (false, false, LonePoint::Fraction) if is_fraction() => {
                        Reading::Plain
                    }
                    // A fraction of a packet is no value, so that it is told from the number that it may be.
                    _ => Reading::Ambiguous,
                }
            }
        }
    }

    fn read_commas(self, word: &str) -> Reading<'_> {
        let (whole, fraction) = word.split_once('.').unwrap_or((word, ""));
        let Some(groups) = groups(whole) else {
            return Reading::Plain;
        };
        if are_thousands(&groups) {
            let is_sure = groups.len() > 2 || !fraction.is_empty();
            let Separator {
                is_of_thousands,
                is_of_fractions,
            } = self.commas;
            return match (is_of_thousands || is_sure, is_of_fractions) {
                (true, false) if is_zeros(fraction) => {
                    Reading::Rewritten(Cow::Owned(groups.concat()))
                }
                (true, false) => Reading::Plain,
                (false, true) if is_zeros(groups[1]) => {
                    Reading::Rewritten(Cow::Borrowed(groups[0]))
                }
                // A fraction of a packet is no value, so that it is told from the number that it may be.
                (false | true, true) | (false, false) => Reading::Ambiguous,
            };
        }
        match groups[..] {
            [number, zeros] if is_zeros(zeros) && whole.len() == word.len() => {
                Reading::Rewritten(Cow::Borrowed(number))
            }
            _ => Reading::Plain,
        }
    }
}

/// A date as spreadsheets write it, with its time of day.
struct Date<'v> {
    first: u32,
    second: u32,
    year: &'v str,
    time: Cow<'v, str>,
    /// Whether the separators alone say that the day is first.
    is_day_first: bool,
}

impl<'v> Date<'v> {
    /// The parts of `11/23/2026 2:21:00 AM`; none where `word` is something else.
    fn parse(word: &'v str) -> Option<Self> {
        let (date, time) = word.split_once([' ', 'T'])?;
        let separator = date.chars().find(|c| !c.is_ascii_digit())?;
        if !['/', '-', '.'].contains(&separator) {
            return None;
        }
        let parts: Vec<&str> = date.split(separator).collect();
        let [first, second, year] = parts[..] else {
            return None;
        };
        let number = |part: &str| {
            let is_short = (1..=2).contains(&part.len());
            let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
            (is_short && is_number).then(|| part.parse::<u32>().ok())?
        };
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        is_year.then_some(())?;
        Some(Self {
            first: number(first)?,
            second: number(second)?,
            year,
            time: time_of_day(time)?,
            is_day_first: separator == '.',
        })
    }

    fn with(&self, month: u32, day: u32) -> String {
        format!("{}-{month:02}-{day:02} {}", self.year, self.time)
    }
}

/// A time of day in 24 hours with seconds: `2:21 PM` is `14:21:00`. What comes after it, a zone, stays.
fn time_of_day(time: &str) -> Option<Cow<'_, str>> {
    let end = time
        .find(|c: char| !c.is_ascii_digit() && c != ':')
        .unwrap_or(time.len());
    let (clock, rest) = time.split_at(end);
    let mut parts = clock.split(':');
    let mut number = || -> Option<u32> {
        let part = parts.next()?;
        let is_short = (1..=2).contains(&part.len());
        is_short.then(|| part.parse().ok())?
    };
    let (hour, minute) = (number()?, number()?);
    let second = number();
    let mark = rest.trim_start();
    let (half, behind) = mark.split_at_checked(2).unwrap_or_default();
    let (hour, rest) = match half.to_ascii_uppercase().as_str() {
        "AM" | "PM" if !(1..=12).contains(&hour) => return None,
        "AM" => (hour % 12, behind),
        "PM" => (hour % 12 + 12, behind),
        _ => (hour, rest),
    };
    let second = second.unwrap_or(0);
    Some(Cow::Owned(format!(
        "{hour:02}:{minute:02}:{second:02}{rest}"
    )))
}

impl Separator {
    const NONE: Self = Self {
        is_of_thousands: false,
        is_of_fractions: false,
    };
}

/// Whether a number has a point that can only stand before a fraction: `57413.0`, `1234.000`, `0.5`.
fn has_point_fraction(word: &str) -> bool {
    let is_digits =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = |(whole, fraction): (&str, &str)| {
        is_digits(fraction) && (is_digits(whole) || groups(whole).is_some())
    };
    word.split_once('.').is_some_and(is_number) && points(word).is_none()
}

/// The groups of a number of thousands with points.
fn points(word: &str) -> Option<Vec<&str>> {
    let is_number = word
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let groups: Vec<&str> = word.split('.').collect();
    (is_number && groups.len() > 1 && are_thousands(&groups)).then_some(groups)
}

/// Whether a number has points where those of thousands would be.
pub(super) fn may_have_points(word: &str) -> bool {
    points(word).is_some()
}

impl DateOrder {
    /// Takes in a time of the file.
    pub(super) fn note(&mut self, word: &str) {
        if let Some(date) = Date::parse(word)
            && !date.is_day_first
        {
            self.has_month_first |= date.second > 12;
            self.has_day_first |= date.first > 12;
        }
    }

    /// Reads a time of the file.
    pub(super) fn read(self, word: &str) -> Reading<'static> {
        let Some(date) = Date::parse(word) else {
            return Reading::Plain;
        };
        let (month, day) = match (self.has_month_first, self.has_day_first) {
            _ if date.is_day_first => (date.second, date.first),
            (true, false) => (date.first, date.second),
            (false, true) => (date.second, date.first),
            _ if date.first == date.second => (date.first, date.second),
            (false, false) | (true, true) => return Reading::Ambiguous,
        };
        Reading::Rewritten(Cow::Owned(date.with(month, day)))
    }
}
