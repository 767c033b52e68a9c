//! Which fields of flow logs an element has: whether it is a record, rather than something around records.

use super::keys::Meaning;

/// How many members of an element have each [`Meaning`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FieldCounts([u32; 5]);

impl FieldCounts {
    pub(super) fn add(&mut self, meaning: Meaning) {
        self.0[meaning as usize] += 1;
    }

    fn of(&self, meaning: Meaning) -> u32 {
        self.0[meaning as usize]
    }

    /// How many are fields.
    pub(super) fn known(&self) -> u32 {
        let fields = [
            Meaning::Address,
            Meaning::Time,
            Meaning::Traffic,
            Meaning::Field,
        ];
        fields.into_iter().map(|meaning| self.of(meaning)).sum()
    }

    /// Whether one is an address or a time.
    pub(super) fn has_flow(&self) -> bool {
        self.of(Meaning::Address) + self.of(Meaning::Time) > 0
    }

    /// Whether they are those of a record, rather than of something that describes or queries records.
    pub(super) fn is_row(&self) -> bool {
        let has_traffic = self.of(Meaning::Time) > 0 && self.of(Meaning::Traffic) > 0;
        self.known() > 1 && (self.of(Meaning::Address) > 0 || has_traffic)
    }
}
