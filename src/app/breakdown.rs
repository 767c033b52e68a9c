//! The breakdown: the field that records are grouped by, and the group of the cursor.

use ratatui::layout::Rect;

use super::Pane;
use super::layout;
use super::results::Results;
use super::view::{Condition, Context, Effect, View};
use crate::analysis::{Key, Measure};
use crate::keymap::{Action, Scope};
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
    fn move_cursor(&mut self, action: Action, page: usize) -> bool {
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

    /// The field and the value of the group of the cursor.
    fn selected_group(&self, results: &Results) -> Option<(FieldId, String)> {
        // While an answer for another field is on its way, the groups on the screen are the old ones.
        let breakdown = &results.answer.as_ref()?.breakdown;
        let group = breakdown.groups.get(self.position)?;
        let value = match group.key {
            Key::Missing => "-".to_owned(),
            _ => group.label.clone(),
        };
        Some((breakdown.field, value))
    }
}

impl View for BreakdownPane {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Breakdown, Scope::Global]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        let page = context.layout.inner(Pane::Breakdown).height;
        if self.move_cursor(action, page.into()) {
            return Effect::None;
        }
        let group = self.selected_group(context.results);
        match action {
            Action::Left | Action::Right => self.turn(action == Action::Right),
            Action::NextMeasure => self.next_measure(),
            Action::KeepValue | Action::DropValue => {
                let Some((field, value)) = group else {
                    return Effect::None;
                };
                let is_equal = action == Action::KeepValue;
                let condition = Condition {
                    field,
                    value,
                    is_equal,
                };
                return if is_equal {
                    Effect::DrillDown(condition)
                } else {
                    Effect::Narrow(condition)
                };
            }
            Action::CopyCell => {
                let value = group.map(|(_, value)| value);
                return Effect::copy("value", value, "no group to copy");
            }
            Action::CopyLine => {
                let text = "no line to copy here; go to a record first";
                return Effect::Notice(text.to_owned());
            }
            _ => return Effect::Unhandled,
        }
        Effect::None
    }

    fn settle(&mut self, area: Rect, context: &Context<'_>) {
        let Some(answer) = &context.results.answer else {
            return;
        };
        let groups = answer.breakdown.groups.len();
        let at = (self.position, self.top);
        (self.position, self.top) = layout::in_list(at, groups, area.height.into());
    }
}
