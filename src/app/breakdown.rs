//! The breakdown: the field that records are grouped by, and the group under the cursor.

use ratatui::layout::Rect;

use super::Pane;
use super::layout;
use super::results::Results;
use super::value_menu::Subject;
use super::view::{Condition, Context, Effect, View};
use crate::analysis::{Key, Measure};
use crate::keymap::{Action, Scope};
use crate::schema::{FieldId, Kind, id};

/// The most useful fields, offered first.
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
    pub(crate) fields: Vec<FieldId>,
    /// The field that they are grouped by.
    pub(crate) field: FieldId,
    /// Groups and lanes are sorted by this, largest first.
    pub(crate) measure: Measure,
    /// Index of the group under the cursor.
    pub(crate) position: usize,
    /// Index of the first group on the screen.
    pub(crate) top: usize,
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
    /// Offers the fields of the loaded files, except times and counters, which hardly two records share.
    pub(crate) fn offer(&mut self, loaded: &[FieldId]) {
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

    /// Groups by the next or previous field.
    pub(crate) fn turn(&mut self, forward: bool) {
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

    /// Groups by `field` and moves the cursor to the top.
    pub(crate) fn show(&mut self, field: FieldId) {
        self.field = field;
        self.position = 0;
        self.top = 0;
    }

    /// Sorts by the next measure: records, packets, bytes.
    pub(crate) fn next_measure(&mut self) {
        self.measure = match self.measure {
            Measure::Records => Measure::Packets,
            Measure::Packets => Measure::Bytes,
            Measure::Bytes => Measure::Records,
        };
        self.position = 0;
        self.top = 0;
    }

    /// Moves the cursor. Returns false if `action` is not a movement. `page` is the number of groups on the screen.
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

    /// The field and the value of the group under the cursor.
    fn selected_group(&self, results: &Results) -> Option<(FieldId, String)> {
        // Until the answer for a new field arrives, the groups on the screen are those of the previous field.
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
            Action::NextMeasure => return Effect::NextMeasure,
            Action::ChooseField => return Effect::ChooseField(Pane::Breakdown),
            Action::KeepValue | Action::DropValue => {
                let Some((field, value)) = group else {
                    return Effect::Notice("no group to take a value from".to_owned());
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
            Action::OfferFilters => {
                let Some((field, value)) = group else {
                    return Effect::Notice("no group to take a value from".to_owned());
                };
                return Effect::OfferFilters(Subject {
                    field,
                    value,
                    row: None,
                });
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
        (self.position, self.top) =
            layout::in_list(self.position, self.top, groups, area.height.into());
    }
}
