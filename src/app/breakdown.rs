//! The breakdown: the field that records are grouped by, and the group of the cursor.

use super::layout;
use crate::analysis::{Breakdown, Measure};
use crate::keymap::Action;
use crate::schema::{FieldId, Kind, id};

/// The fields that tell most, first: who, to whom, what for.
const FIRST: [FieldId; 7] = [
    id::SRCADDR,
    id::DSTADDR,
    id::DSTPORT,
    id::PROTOCOL,
    id::INTERFACE_ID,
    id::ACTION,
    id::SRCPORT,
];

/// The state of the pane.
#[derive(Clone, Debug)]
pub struct BreakdownPane {
    /// The fields that records can be grouped by.
    pub fields: Vec<FieldId>,
    /// The one they are.
    pub field: FieldId,
    /// What groups are ordered by.
    pub measure: Measure,
    /// The group of the cursor.
    pub position: usize,
    /// The first group on the screen.
    pub top: usize,
}

impl Default for BreakdownPane {
    fn default() -> Self {
        Self {
            fields: FIRST.to_vec(),
            field: id::SRCADDR,
            measure: Measure::default(),
            position: 0,
            top: 0,
        }
    }
}

impl BreakdownPane {
    /// Offers the fields of the files. Times and counters are left out: hardly two records share one.
    pub fn offer(&mut self, loaded: &[FieldId]) {
        let first = FIRST.iter().filter(|field| loaded.contains(field));
        let counts = |kind| matches!(kind, Kind::Time | Kind::Duration);
        let rest = loaded.iter().filter(|field| {
            !FIRST.contains(field)
                && !counts(field.kind())
                && !matches!(**field, id::PACKETS | id::BYTES)
        });
        self.fields = first.chain(rest).copied().collect();
        if !self.fields.contains(&self.field) {
            self.field = self.fields.first().copied().unwrap_or(id::SRCADDR);
        }
    }

    /// Groups by the field after or before the present one.
    pub fn turn(&mut self, forward: bool) {
        let count = self.fields.len().max(1);
        let at = self
            .fields
            .iter()
            .position(|field| *field == self.field)
            .unwrap_or(0);
        let next = if forward { at + 1 } else { at + count - 1 } % count;
        if let Some(field) = self.fields.get(next) {
            self.show(*field);
        }
    }

    /// Groups by `field`.
    pub fn show(&mut self, field: FieldId) {
        self.field = field;
        self.position = 0;
        self.top = 0;
    }

    /// Orders by the next measure.
    pub fn next_measure(&mut self) {
        self.measure = match self.measure {
            Measure::Records => Measure::Packets,
            Measure::Packets => Measure::Bytes,
            Measure::Bytes => Measure::Records,
        };
        self.position = 0;
        self.top = 0;
    }

    /// Moves the cursor; says whether `action` was a movement. `page` is how many groups are on the screen.
    pub fn act(&mut self, action: Action, page: usize) -> bool {
        match action {
            Action::Down => self.position += 1,
            Action::Up => self.position = self.position.saturating_sub(1),
            Action::PageDown => self.position += page.max(1),
            Action::PageUp => self.position = self.position.saturating_sub(page.max(1)),
            Action::Top => self.position = 0,
            Action::Bottom => self.position = usize::MAX,
            _ => return false,
        }
        true
    }

    /// Brings cursor and scroll into the list of groups.
    pub fn settle(&mut self, breakdown: Option<&Breakdown>, page: usize) {
        let Some(breakdown) = breakdown else { return };
        let at = (self.position, self.top);
        (self.position, self.top) = layout::in_list(at, breakdown.groups.len(), page);
    }
}
