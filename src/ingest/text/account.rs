//! Accounts that were numbers: a spreadsheet, pandas or a database takes the twelve digits of an account for a number,
//! drops zeros in front, and may write a fraction or an exponent.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::value::{self, Doubt};
use crate::schema::{FieldId, TextShape, id};

/// How many digits an account has.
const DIGITS: usize = 12;
/// With fewer digits a number is more likely another id than an account whose zeros are lost.
const MIN_DIGITS: usize = 9;

/// Whether the values of `field` are accounts.
pub(crate) fn is_account(field: FieldId) -> bool {
    field
        .def()
        .is_some_and(|def| def.shape == TextShape::Account)
}

/// The account that a number was made of, where `word` is not spelled as an account is: `12345678901` is
/// `012345678901`, `123456789012.0` is `123456789012`. None where it is one already, or is no number, or lost digits.
pub(crate) fn of_number(word: &str) -> Option<Cow<'_, str>> {
    let first = word.as_bytes().first()?;
    // A number is not written with a zero in front.
    if !matches!(first, b'1'..=b'9') || word.len() > 32 {
        return None;
    }
    let digits = match word.split_once('.') {
        Some((digits, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            Cow::Borrowed(digits)
        }
        _ if word.bytes().all(|byte| byte.is_ascii_digit()) => {
            if word.len() == DIGITS {
                return None;
            }
            Cow::Borrowed(word)
        }
        _ => match (of_groups(word), value::whole_of_float(word)) {
            (Some(digits), _) => Cow::Owned(digits),
            (None, Some((number, None))) => Cow::Owned(number.to_string()),
            (None, _) => return None,
        },
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        DIGITS => Some(digits),
        MIN_DIGITS..DIGITS => Some(Cow::Owned(format!("{digits:0>DIGITS$}"))),
        _ => None,
    }
}

/// The digits of an account in groups, as a spreadsheet writes them, `123,456,789,012`, or the console of AWS,
/// `1234-5678-9012`.
fn of_groups(word: &str) -> Option<String> {
    let separator = word.chars().find(|c| !c.is_ascii_digit())?;
    let lengths: Vec<usize> = word.split(separator).map(str::len).collect();
    let is_grouped = match separator {
        ',' => matches!(lengths[..], [1..=3, 3, 3] | [1..=3, 3, 3, 3]),
        '-' => lengths == [4, 4, 4],
        _ => false,
    };
    is_grouped.then(|| word.replace(separator, ""))
}

/// Whether zeros had to be put in front of `word` to get an account.
pub(crate) fn has_lost_zeros(word: &str) -> bool {
    of_number(word).is_some_and(|account| account.starts_with('0'))
}

/// The same of a whole number.
pub(crate) fn number_has_lost_zeros(number: i64) -> bool {
    (100_000_000..100_000_000_000).contains(&number)
}

/// The first account of a file whose zeros in front were lost.
#[derive(Debug, Default)]
pub(crate) struct LostZeros(Option<String>);

impl LostZeros {
    /// Takes in a word that an account is made of.
    pub(crate) fn note(&mut self, word: &str) {
        if self.0.is_none() && has_lost_zeros(word) {
            self.0 = Some(word.to_owned());
        }
    }

    /// What had to be assumed of accounts.
    pub(crate) fn doubts(&self) -> Vec<(FieldId, Doubt, String)> {
        let word = self.0.iter();
        word.map(|word| (id::ACCOUNT_ID, Doubt::Zeros, word.clone()))
            .collect()
    }
}
