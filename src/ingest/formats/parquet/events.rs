//! Files of Security Lake: events in the schema of OCSF, whose attributes are in nested columns.

use parquet::schema::types::SchemaDescriptor;

use super::OCSF_FORMAT;
use super::encoding::Form;
use super::file::{Column, Refusal};
use super::skipped::Passed;
use super::values::Meaning;
use crate::ingest::formats::ocsf;
use crate::ingest::formats::ocsf::{Attribute, Endpoint};
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::text::zone::InputZone;

/// The column of the fields that the schema has no attribute for: a map.
pub(super) const UNMAPPED: &str = "unmapped";

/// Whether the columns are those of events.
pub(super) fn are_events(schema: &SchemaDescriptor) -> bool {
    let roots = schema.root_schema().get_fields();
    let has = |name: &str| roots.iter().any(|root| root.name() == name);
    has("class_uid") && has("metadata") || has("src_endpoint") && has("dst_endpoint")
}

/// The columns with attributes that fields depend on, and the attributes. What is not read is entered in `passed`.
pub(super) fn columns(
    schema: &SchemaDescriptor,
    passed: &mut Vec<Passed>,
) -> Result<(Vec<Column>, Vec<Attribute>), Refusal> {
    let (mut columns, mut attributes) = (Vec::new(), Vec::new());
    for (index, descriptor) in schema.columns().iter().enumerate() {
        let root = schema.get_column_root(index);
        if root.name() == UNMAPPED && descriptor.max_rep_level() > 0 {
            continue;
        }
        let Some(attribute) = ocsf::attribute(&descriptor.path().string()) else {
            continue;
        };
        let may_be_list = matches!(
            attribute,
            Attribute::Source(Endpoint::IntermediateIp)
                | Attribute::Destination(Endpoint::IntermediateIp)
        );
        let form = Form::of(descriptor, attribute.field());
        let form = match descriptor.max_rep_level() {
            0 => form,
            1 if may_be_list => form.filter(|form| *form == Form::Word),
            _ => None,
        };
        let Some(form) = form else {
            passed.push(Passed::of_type(descriptor));
            continue;
        };
        if attributes.contains(&attribute) {
            continue;
        }
        let meaning = Meaning {
            field: attribute.field(),
            form,
            zone: InputZone::Offset(0),
        };
        attributes.push(attribute);
        columns.push(Column {
            index,
            descriptor: descriptor.clone(),
            meaning,
            map_values: None,
        });
    }
    let has_endpoint = |endpoint| {
        attributes.contains(&Attribute::Source(endpoint))
            || attributes.contains(&Attribute::Destination(endpoint))
    };
    if has_endpoint(Endpoint::Ip) {
        Ok((columns, attributes))
    } else {
        Err(Refusal::Unsupported(NO_FLOWS))
    }
}

const NO_FLOWS: Unsupported = Unsupported::other(
    OCSF_FORMAT,
    "events of Security Lake (OCSF) without the endpoints of a flow",
    "flow logs are events of class 4001, Network Activity, in the table whose name has vpc_flow",
);
