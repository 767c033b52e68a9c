//! The readings of columns whose words have a shape of their own: ids, regions, and words of closed lists.

use super::sample::Sample;
use super::{Reading, addresses, assignments, numbers};
use crate::schema::{FieldId, Kind, TextShape, id};

/// More columns that look alike than this are left unknown.
const MAX_ALIKE: usize = 4;

/// The readings of each group of columns that look alike.
pub(super) fn readings(sample: &Sample<'_>) -> Vec<Vec<Reading>> {
    let mut groups: Vec<(Vec<usize>, Vec<FieldId>)> = Vec::new();
    for column in 0..sample.width {
        let fields = candidates(sample, column);
        if fields.is_empty() || numbers::is_numeric(sample, column) {
            continue;
        }
        match groups.iter_mut().find(|(_, known)| *known == fields) {
            Some((columns, _)) => columns.push(column),
            None => groups.push((vec![column], fields)),
        }
    }
    let parts = groups
        .iter()
        .map(|(columns, fields)| of_group(sample, columns, fields));
    parts.filter(|part| !part.is_empty()).collect()
}

/// The fields that have words of their own kind which `column` has.
fn candidates(sample: &Sample<'_>, column: usize) -> Vec<FieldId> {
    let tells = |field: &FieldId| match field.kind() {
        Kind::Choice(_) => true,
        Kind::Text => {
            let shape = field.def().map_or(TextShape::Any, |def| def.shape);
            shape != TextShape::Any && !addresses::SERVICES.contains(field)
        }
        _ => false,
    };
    let fields = sample.fields().filter(|field| {
        tells(field)
            && sample.allows(column, *field)
            && !(sample.is_transit && is_of_interface(*field))
            && sample.is_typical(column, *field)
    });
    fields.collect()
}

fn of_group(sample: &Sample<'_>, columns: &[usize], fields: &[FieldId]) -> Vec<Reading> {
    if columns.len() > fields.len() || columns.len() > MAX_ALIKE {
        return Vec::new();
    }
    let readings = assignments(columns, fields).into_iter().map(|assigned| {
        let mut reading = Reading {
            fields: assigned,
            score: 0.0,
        };
        reading.score = score(sample, &reading);
        reading
    });
    readings.collect()
}

/// What the gaps of the columns tell, and how usual the fields are.
fn score(sample: &Sample<'_>, reading: &Reading) -> f64 {
    let mut score = 0.0;
    for (column, field) in &reading.fields {
        let (with, without) = sample.presence(*column);
        let has_silent = sample.has_traffic.contains(&false);
        let name = field.def().map_or("", |def| def.name);
        let own = own_field(*field);
        if let Some(own) = own {
            // The next hop is not known of all traffic, and never of none.
            score -= if reading.column(own).is_none() {
                10.0
            } else {
                0.0
            };
            score -= if with > 0.99 && sample.records() > 2 {
                3.0
            } else {
                0.0
            };
            score -= if has_silent && without > 0.1 {
                5.0
            } else {
                0.0
            };
        } else if sample.is_transit {
            let is_attachment = [id::ACCOUNT_ID, id::TGW_ATTACHMENT_ID].contains(field);
            score -= if is_attachment && with < 0.95 {
                5.0
            } else {
                0.0
            };
            score -= if !is_attachment && name.contains("account") {
                1.0
            } else {
                0.0
            };
        } else if ![id::INSTANCE_ID, id::INTERFACE_TYPE].contains(field) {
            score -= if with < 0.95 { 9.0 } else { 0.0 };
        }
    }
    score
}

/// The fields of the next hop, each with that of the interface itself that looks like it.
const NEXT_HOPS: [(FieldId, FieldId); 5] = [
    (id::NEXT_HOP_INTERFACE_ID, id::INTERFACE_ID),
    (id::NEXT_HOP_SUBNET_ID, id::SUBNET_ID),
    (id::NEXT_HOP_AZ_ID, id::AZ_ID),
    (id::NEXT_HOP_VPC_ID, id::VPC_ID),
    (id::NEXT_HOP_INTERFACE_TYPE, id::INTERFACE_TYPE),
];

/// The field of the interface itself that looks like `field` of the next hop.
fn own_field(field: FieldId) -> Option<FieldId> {
    let found = NEXT_HOPS.iter().find(|(next, _)| *next == field);
    found.map(|(_, own)| *own)
}

/// Whether a field tells of the network interface that a record is of, which those of a Transit Gateway have not.
fn is_of_interface(field: FieldId) -> bool {
    let def = field.def();
    let is_place = def.is_some_and(|def| {
        matches!(def.shape, TextShape::Like(_) | TextShape::Zone)
            && def.origin == crate::schema::Origin::Vpc
    });
    is_place || field == id::ACTION
}
