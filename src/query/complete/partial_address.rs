//! Whether a filter ends with what may become an address: while it is typed, it selects other records than it will.

use super::Word;
use super::slot::{self, Slot};
use crate::query::MAX_TEXT_BYTES;
use crate::schema::Kind;
use crate::store::Catalog;

/// Whether the last word of `text` may be the first part of an address: `10`, `src host 10.0.100.1`. With a space after
/// it, or as the value of a field that holds no addresses, it is complete.
pub fn may_be_partial_address(text: &str, catalog: &Catalog) -> bool {
    if text.len() > MAX_TEXT_BYTES {
        return false;
    }
    let Some(word) = Word::at(text, text.len()) else {
        return false;
    };
    if !looks_like_start(&word.prefix) {
        return false;
    }
    match slot::find(text, &word, catalog).slot {
        Slot::Filter | Slot::Joint => true,
        Slot::Tail(name) | Slot::Side(name) | Slot::Value(name) => {
            name.field.kind() == Kind::Address
        }
        Slot::Field | Slot::Window(_) | Slot::Nothing => false,
    }
}

/// Whether an address can start with `text`: up to four octets, or groups of hexadecimal digits.
pub(super) fn looks_like_start(text: &str) -> bool {
    if text.contains(':') {
        return text.chars().all(|c| c.is_ascii_hexdigit() || c == ':');
    }
    let octets: Vec<&str> = text.split('.').collect();
    let last = octets.len() - 1;
    let is_octet = |(at, octet): (usize, &&str)| {
        octet.parse::<u8>().is_ok() || octet.is_empty() && at == last && at > 0
    };
    octets.len() <= 4 && octets.iter().enumerate().all(is_octet)
}
