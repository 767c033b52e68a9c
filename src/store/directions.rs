//! The words of `flow-direction` that mean the same in other cases: `Egress`, `INGRESS`.

use super::dictionary::Dictionary;
use crate::schema;

/// Which codes of `flow-direction` mean egress and which ingress, as bits. AWS's own words are the first two; codes from 64
/// on are unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Directions {
    ingress: u64,
    egress: u64,
}

impl Default for Directions {
    fn default() -> Self {
        Self {
            ingress: 1,
            egress: 1 << 1,
        }
    }
}

impl Directions {
    /// What the words of `dictionary` mean.
    pub(crate) fn of(dictionary: &Dictionary) -> Self {
        let mut directions = Self::default();
        let words = dictionary.first_words(u64::BITS as usize);
        for (code, word) in words.iter().enumerate() {
            match schema::is_egress(word) {
                Some(true) => directions.egress |= 1 << code,
                Some(false) => directions.ingress |= 1 << code,
                None => {}
            }
        }
        directions
    }

    pub(super) fn is_egress(self, code: u64) -> Option<bool> {
        let bit = u32::try_from(code)
            .ok()
            .and_then(|code| 1_u64.checked_shl(code))?;
        match (self.egress & bit != 0, self.ingress & bit != 0) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}
