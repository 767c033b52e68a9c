//! Gives the members of an element that have paths the names of their fields, one member for each field.

use super::element::{Cell, Element};
use super::field_counts::FieldCounts;
use super::keys::{Key, Keys};
use super::path::{Condition, ELASTIC_RANK};
use crate::format::visible;
use crate::ingest::text::layouts::FIELDS_OF_FLOW_LOG;
use crate::ingest::text::missing;
use crate::schema::FieldId;

/// The most fields with several values that are named.
const MAX_CONFLICTS: usize = 8;

/// A member that has a field.
#[derive(Clone, Copy, Debug)]
struct Claim {
    field: FieldId,
    cell: Cell,
    /// The lowest wins: by the kind of path, then by its length.
    rank: (u8, usize),
}

/// Fields for which elements had several members with different values.
#[derive(Debug, Default)]
pub(super) struct Conflicts(Vec<Conflict>);

#[derive(Debug)]
struct Conflict {
    field: FieldId,
    used: String,
    other: String,
}

impl Conflicts {
    /// A sentence about each.
    pub(super) fn warnings(&self) -> Vec<String> {
        let warnings = self.0.iter().map(|conflict| {
            let name = conflict.field.def().map_or("a field", |def| def.name);
            format!(
                "{name} has different values in {} and {}; the first one is used",
                visible(&conflict.used),
                visible(&conflict.other)
            )
        });
        warnings.collect()
    }

    fn note(&mut self, field: FieldId, used: &str, other: &str) {
        let is_known = self.0.iter().any(|conflict| conflict.field == field);
        if !is_known && self.0.len() < MAX_CONFLICTS {
            self.0.push(Conflict {
                field,
                used: used.to_owned(),
                other: other.to_owned(),
            });
        }
    }
}

impl Element {
    /// Names the fields of members that have paths, and leaves one member for each field.
    pub(super) fn resolve(&mut self, keys: &mut Keys, conflicts: &mut Conflicts) {
        let claims = self.claims(keys);
        if claims.is_empty() {
            return;
        }
        let mut winners: Vec<Claim> = Vec::with_capacity(claims.len());
        for claim in claims {
            match winners.iter_mut().find(|known| known.field == claim.field) {
                None => winners.push(claim),
                Some(known) => {
                    let is_nothing =
                        |claim: &Claim| missing::is_missing_unless_text(self.value(claim.cell));
                    let is_better =
                        (is_nothing(&claim), claim.rank) < (is_nothing(known), known.rank);
                    let other = if is_better {
                        std::mem::replace(known, claim)
                    } else {
                        claim
                    };
                    let is_same = self.value(known.cell) == self.value(other.cell);
                    if !is_same && !is_nothing(&other) && other.rank.0 < ELASTIC_RANK {
                        let name = |claim: &Claim| keys.member(claim.cell.key).name.as_str();
                        conflicts.note(known.field, name(known), name(&other));
                    }
                }
            }
        }
        self.replace_claimed(&winners, keys);
    }

    /// The members that have fields, in their order.
    fn claims(&self, keys: &Keys) -> Vec<Claim> {
        let fields = self
            .cells()
            .iter()
            .filter(|cell| keys.field(cell.key).is_some());
        let has_flow_fields = fields.count() >= FIELDS_OF_FLOW_LOG;
        let claim = |cell: &Cell| {
            let member = keys.member(cell.key);
            if let Some(field) = member.field {
                return Some(Claim {
                    field,
                    cell: *cell,
                    rank: (0, 0),
                });
            }
            let path = member.path.as_ref()?;
            let is_met = match &path.condition {
                Condition::Always => true,
                Condition::FlowPrefix(prefix) => keys.is_flow_prefix(prefix),
                Condition::MetricFilter => has_flow_fields && !self.has_field(path.field, keys),
            };
            is_met.then(|| Claim {
                field: path.field,
                cell: *cell,
                rank: (path.rank, member.name.split('.').count()),
            })
        };
        self.cells().iter().filter_map(claim).collect()
    }

    fn has_field(&self, field: FieldId, keys: &Keys) -> bool {
        let mut cells = self.cells().iter();
        cells.any(|cell| keys.field(cell.key) == Some(field))
    }

    /// Leaves the winners under the names of their fields, and the members that have no field.
    fn replace_claimed(&mut self, winners: &[Claim], keys: &mut Keys) {
        let fields: Vec<FieldId> = winners.iter().map(|claim| claim.field).collect();
        let is_claimed = |key: Key, keys: &Keys| {
            let member = keys.member(key);
            let field = member
                .field
                .or_else(|| member.path.as_ref().map(|path| path.field));
            let is_open = match member.path.as_ref().map(|path| &path.condition) {
                Some(Condition::FlowPrefix(prefix)) => !keys.is_flow_prefix(prefix),
                Some(Condition::MetricFilter) => !winners.iter().any(|claim| claim.cell.key == key),
                _ => false,
            };
            !is_open && field.is_some_and(|field| fields.contains(&field))
        };
        let mut cells = std::mem::take(self.cells_mut());
        let mut done: Vec<FieldId> = Vec::with_capacity(winners.len());
        cells.retain_mut(|cell| {
            if !is_claimed(cell.key, keys) {
                return true;
            }
            let winner = winners
                .iter()
                .find(|claim| claim.cell.key == cell.key && claim.cell.is_same_place(*cell));
            let Some(winner) = winner.filter(|claim| !done.contains(&claim.field)) else {
                return false;
            };
            done.push(winner.field);
            cell.key = keys.of_field(winner.field);
            true
        });
        self.fields = FieldCounts::default();
        for cell in &cells {
            self.fields.add(keys.member(cell.key).meaning);
        }
        *self.cells_mut() = cells;
    }
}
