//! Plain lines of a table: those whose values give them back, so that they can be read as words.

#[cfg(test)]
mod tests;

use memchr::{memchr_iter, memmem};

use super::header::{Header, Rows};
use super::notation::may_have_points;
use crate::ingest::text::{account, missing};
use crate::store::LineStyle;

/// A line that cannot be read as words, and one whose words have to be looked at.
const ODD: u8 = 1;
const ROUGH: u8 = 2;
/// How many bytes are looked at at once.
const BLOCK: usize = 16;
/// How many points an IPv4 address has.
const POINTS_OF_ADDRESS: usize = 3;

/// How the lines of a table must be written so that they are simple.
#[derive(Clone, Copy)]
struct Rules {
    separator: u8,
    /// Whether nothing stands for a missing value, and not `-`.
    is_empty: bool,
    columns: usize,
}

impl Header {
    /// Whether the values of a line give it back, so that it can be read as words.
    pub(super) fn is_simple(&mut self, line: &[u8]) -> bool {
        self.is_reproducible(line) && self.has_whole_account(line) && !self.has_points(line)
    }

    /// Whether a number has points that may separate thousands. Most lines have no points but those of their addresses,
    /// which are counted at once.
    fn has_points(&self, line: &[u8]) -> bool {
        let count = memchr_iter(b'.', line).count();
        count > 0
            && count != POINTS_OF_ADDRESS * self.addresses
            && words(line, self.style.separator()).any(|word| {
                let word = unquoted(word).unwrap_or(word);
                str::from_utf8(word).is_ok_and(may_have_points)
            })
    }

    /// Whether the account of a line that is simple else has twelve digits, or too few to be one that lost zeros.
    fn has_whole_account(&mut self, line: &[u8]) -> bool {
        let Some(account) = self.account else {
            return true;
        };
        // The same account stands at the same place in most lines.
        if !self.before_account.is_empty() && line.starts_with(&self.before_account) {
            return true;
        }
        let separator = self.style.separator();
        let mut ends = memchr_iter(separator, line);
        let begin = match account.checked_sub(1) {
            None => 0,
            Some(before) => ends.nth(before).map_or(line.len(), |end| end + 1),
        };
        let end = ends.next().unwrap_or(line.len());
        let word = line.get(begin..end).unwrap_or_default().trim_ascii();
        let word = unquoted(word).unwrap_or(word);
        let is_whole = !str::from_utf8(word).is_ok_and(|word| account::of_number(word).is_some());
        if is_whole && end < line.len() {
            self.before_account.clear();
            self.before_account.extend_from_slice(&line[..=end]);
        }
        is_whole
    }

    fn is_reproducible(&self, line: &[u8]) -> bool {
        let LineStyle::Separated {
            separator,
            is_quoted,
            is_empty,
            has_return,
        } = self.style
        else {
            return false;
        };
        let Some(line) = without_return(line, has_return) else {
            return false;
        };
        if self.rows != Rows::Values
            || !self.dropped.is_empty()
            || line.is_empty()
            || line[0] == b'#'
        {
            return false;
        }
        let columns = self.columns;
        let rules = Rules {
            separator,
            is_empty,
            columns,
        };
        if is_quoted {
            unquoted(line).is_some_and(|inner| rules.are_simple_quoted(inner))
        } else {
            rules.are_simple(line)
        }
    }

    /// Writes a simple line.
    pub(super) fn write_simple(&self, line: &[u8], out: &mut Vec<u8>) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let separator = self.style.separator();
        match unquoted(line) {
            Some(inner) => {
                for (index, word) in quoted_words(inner, separator).enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    out.extend_from_slice(word);
                }
            }
            None if self.style.missing().is_empty() => {
                for (index, word) in words(line, separator).enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    out.extend_from_slice(if word.is_empty() { b"-" } else { word });
                }
            }
            None => {
                let spaced = |byte: &u8| if *byte == separator { b' ' } else { *byte };
                out.extend(line.iter().map(spaced));
            }
        }
        out.push(b'\n');
    }
}

impl Rules {
    /// Whether a line without quotation marks is simple.
    fn are_simple(self, line: &[u8]) -> bool {
        let flaws = self.flaws(line, 0);
        flaws & ODD == 0
            && self.has_columns(line)
            && (flaws & ROUGH == 0 && self.is_no_header(line)
                || self.are_simple_words(words(line, self.separator), true))
    }

    /// Whether the values between the outer quotation marks of a line are simple.
    fn are_simple_quoted(self, inner: &[u8]) -> bool {
        // With no more of either than stand between values, none is left to stand within one.
        let words = quoted_words(inner, self.separator);
        let quotes = 2 * (self.columns - 1);
        self.flaws(inner, quotes) & ODD == 0
            && self.has_columns(inner)
            && memchr_iter(b'"', inner).count() == quotes
            && self.are_simple_words(words, false)
    }

    fn has_columns(self, line: &[u8]) -> bool {
        memchr_iter(self.separator, line).count() + 1 == self.columns
    }

    /// [`ODD`] if a line has something but its separators that would end a word, or a quotation mark where there shall
    /// be none, and [`ROUGH`] if two neighbours ask for a look at its words.
    fn flaws(self, line: &[u8], quotes: usize) -> u8 {
        let separator = self.separator;
        // Where commas do not separate values, they belong to numbers that are not plain.
        let comma = if separator == b',' { 0 } else { b',' };
        // Where there shall be none, they need not be counted.
        let quote = if quotes == 0 { b'"' } else { 0 };
        // How a word may begin that stands for nothing, and is not how this table writes that.
        let nothing = if self.is_empty { b'-' } else { separator };
        let of_pair = |before: u8, byte: u8| {
            let is_odd = u8::from(byte <= b' ') & u8::from(byte != separator)
                | u8::from(byte == comma)
                | u8::from(byte == quote);
            let is_rough = u8::from(before == separator)
                & (u8::from(byte == nothing) | may_be_rewritten(byte));
            (is_odd * ODD) | (is_rough * ROUGH)
        };
        let first = line.first().map_or(0, |first| of_pair(separator, *first));
        first | of_pairs(line, of_pair)
    }

    /// Whether a line is more than words alone, which could be a header, and ends as this table writes it.
    fn is_no_header(self, line: &[u8]) -> bool {
        let (Some(first), Some(last)) = (line.first(), line.last()) else {
            return false;
        };
        !first.is_ascii_alphabetic() && (self.is_empty || *last != self.separator)
    }

    /// Whether there is a word for each column that gives back what stands for it, and one of them shows that they
    /// are not a header.
    fn are_simple_words<'l>(
        self,
        mut words: impl Iterator<Item = &'l [u8]>,
        may_be_empty: bool,
    ) -> bool {
        let (mut count, mut is_row) = (0, false);
        let are_simple = words.all(|word| {
            count += 1;
            is_row |= !word.first().is_some_and(u8::is_ascii_alphabetic);
            match word {
                b"" => self.is_empty && may_be_empty,
                b"-" => !self.is_empty,
                word => !missing::is_missing_unless_text(word) && !is_guarded(word[0]),
            }
        });
        are_simple && is_row && count == self.columns
    }
}

/// What `of_pair` says of all neighbours in a line, in one. Has no way out, so that many bytes are looked at at once.
#[inline]
fn of_pairs(line: &[u8], of_pair: impl Fn(u8, u8) -> u8) -> u8 {
    let Some((_, after)) = line.split_first() else {
        return 0;
    };
    let before = &line[..after.len()];
    let mut all = [0; BLOCK];
    let mut add = |before: &[u8; BLOCK], after: &[u8; BLOCK]| {
        for index in 0..BLOCK {
            all[index] |= of_pair(before[index], after[index]);
        }
    };
    if let (Some(last_before), Some(last_after)) = (before.last_chunk(), after.last_chunk()) {
        let blocks = before.as_chunks().0.iter().zip(after.as_chunks().0);
        blocks.for_each(|(before, after)| add(before, after));
        // Some bytes twice cost less than the rest one by one.
        add(last_before, last_after);
        return all.into_iter().fold(0, |all, one| all | one);
    }
    let pairs = before.iter().zip(after);
    pairs.fold(0, |all, (before, after)| all | of_pair(*before, *after))
}

/// Not 0 if a word that begins with `byte` may be another value than it is spelled: a word for a missing value, or text
/// that is marked as such for a spreadsheet.
#[inline]
fn may_be_rewritten(byte: u8) -> u8 {
    // `N` and `n`, `\` and `|`, `<` and `=`, `'`: in few comparisons, since this is asked of every byte.
    u8::from(byte | 0x20 == b'n')
        | u8::from(byte | 0x20 == b'|')
        | u8::from(byte & 0xfe == b'<')
        | u8::from(byte == b'\'')
}

/// Whether a word begins with the mark by which a spreadsheet takes it for text: `'123` or `="123"`.
fn is_guarded(first: u8) -> bool {
    matches!(first, b'\'' | b'=')
}

/// What stands between separators.
fn words(line: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut begin = 0;
    let ends = memchr_iter(separator, line).chain([line.len()]);
    ends.map(move |end| &line[std::mem::replace(&mut begin, end + 1)..end])
}

/// What stands between quotation marks with a separator between them.
fn quoted_words(inner: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let between = [b'"', separator, b'"'];
    let mut rest = Some(inner);
    std::iter::from_fn(move || {
        let words = rest?;
        let Some(at) = memmem::find(words, &between) else {
            return rest.take();
        };
        rest = Some(&words[at + between.len()..]);
        Some(&words[..at])
    })
}

/// A line without the quotation marks at its ends.
pub(super) fn unquoted(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

/// A line without the carriage return that it must have, or must not have.
fn without_return(line: &[u8], has_return: bool) -> Option<&[u8]> {
    match line.strip_suffix(b"\r") {
        Some(line) => has_return.then_some(line),
        None => (!has_return).then_some(line),
    }
}
