//! Checks whether uniform lines are records of canonical values, without making columns of them: agrees with
//! [`super::vectorized::convert_values`].

use std::collections::HashSet;
use std::sync::Arc;

use super::account;
use super::swar;
use super::value;
use super::value::canonical_ipv6;
use super::vectorized::Lines;
use crate::schema::{FieldId, Kind};
use crate::store::Layout;

/// How many IPv6 addresses are remembered before all are forgotten.
const MAX_KNOWN_ADDRESSES: usize = 4096;

/// Checks lines.
#[derive(Debug, Default)]
pub(crate) struct PlainCheck {
    /// The layout of `tests`.
    layout: Option<Arc<Layout>>,
    /// One for each word of a line.
    tests: Vec<Test>,
    known: Known,
}

/// What a word has to be.
#[derive(Clone, Copy, Debug)]
enum Test {
    Anything,
    Account(FieldId),
    Address,
    Octet(Kind),
    /// Ten digits.
    Time(Kind),
    /// Up to eight digits, whatever number they are.
    Number(Kind),
    /// A number up to this one.
    Limited(Kind, u32),
}

/// Words that have been checked.
#[derive(Debug, Default)]
struct Known {
    addresses: HashSet<Box<[u8]>, foldhash::fast::RandomState>,
    /// The last account that did not lose digits.
    account: Vec<u8>,
}

/// What is known of lines after they have been checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    Whole,
    /// An account lost digits, which only its column tells.
    Shortened,
}

impl PlainCheck {
    /// Makes `irregular` the lines that are not for the vectorized path, ascending.
    pub(crate) fn check(
        &mut self,
        lines: Lines<'_>,
        layout: &Arc<Layout>,
        irregular: &mut Vec<usize>,
    ) -> Checked {
        irregular.clear();
        let is_bound = |bound: &Arc<Layout>| Arc::ptr_eq(bound, layout);
        if !self.layout.as_ref().is_some_and(is_bound) {
            self.tests = layout.fields.iter().map(|field| Test::of(*field)).collect();
            self.layout = Some(Arc::clone(layout));
        }
        let text = lines.text;
        let (mut begin, ends) = lines.gaps();
        for (line, ends) in ends.chunks_exact(self.tests.len()).enumerate() {
            let mut is_plain = true;
            for (test, end) in self.tests.iter().zip(ends) {
                let (at, len) = (begin as usize, end.wrapping_sub(begin) as usize);
                begin = end.wrapping_add(1);
                if test.passes(text, at, len) {
                    continue;
                }
                let word = &text[at..at + len];
                if let Test::Account(field) = test {
                    if !self.known.is_whole(*field, word) {
                        return Checked::Shortened;
                    }
                } else {
                    is_plain &= word == b"-" || self.known.is_unusual_value(*test, word);
                }
            }
            if !is_plain {
                irregular.push(line);
            }
        }
        Checked::Whole
    }
}

impl Test {
    fn of(field: FieldId) -> Self {
        let kind = field.kind();
        match kind {
            Kind::Choice(_) | Kind::Text if account::is_account(field) => Self::Account(field),
            Kind::Choice(_) | Kind::Text => Self::Anything,
            Kind::Address => Self::Address,
            Kind::Protocol => Self::Octet(kind),
            Kind::Time => Self::Time(kind),
            Kind::Port | Kind::Number | Kind::Duration | Kind::Flags => {
                match u32::try_from(value::limit(kind)) {
                    Ok(limit) if limit < 99_999_999 => Self::Limited(kind, limit),
                    _ => Self::Number(kind),
                }
            }
        }
    }

    /// Whether a word is what most values are. If not, it may still be a value.
    #[inline]
    fn passes(self, text: &[u8], at: usize, len: usize) -> bool {
        match self {
            Self::Anything => true,
            Self::Account(_) => false,
            Self::Address => swar::ipv4(text, at, len).1,
            Self::Octet(_) => swar::octet(text, at, len).1,
            Self::Time(kind) => {
                let (number, is_known) = swar::ten_digits(text, at, len);
                is_known && u64::from(number) <= value::limit(kind)
            }
            Self::Number(_) => swar::is_eight_digits(text, at, len),
            Self::Limited(_, limit) => {
                let (number, is_known) = swar::eight_digits(text, at, len);
                is_known && number <= limit
            }
        }
    }
}

impl Known {
    /// Whether an account did not lose digits.
    fn is_whole(&mut self, field: FieldId, word: &[u8]) -> bool {
        if self.account == word {
            return true;
        }
        if str::from_utf8(word).is_ok_and(|word| value::is_shortened(field, word)) {
            return false;
        }
        self.account.clear();
        self.account.extend_from_slice(word);
        true
    }

    /// Whether a word is a value that few records have.
    #[cold]
    fn is_unusual_value(&mut self, test: Test, word: &[u8]) -> bool {
        match test {
            Test::Anything | Test::Account(_) => true,
            Test::Address => self.is_wide_address(word),
            Test::Octet(kind) | Test::Time(kind) | Test::Number(kind) | Test::Limited(kind, _) => {
                swar::number(word).is_some_and(|number| number <= value::limit(kind))
            }
        }
    }

    fn is_wide_address(&mut self, word: &[u8]) -> bool {
        if self.addresses.contains(word) {
            return true;
        }
        if str::from_utf8(word).ok().and_then(canonical_ipv6).is_none() {
            return false;
        }
        if self.addresses.len() >= MAX_KNOWN_ADDRESSES {
            self.addresses.clear();
        }
        self.addresses.insert(word.into());
        true
    }
}
