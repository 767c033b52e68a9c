//! Which field the path of a nested or dotted member names: `aws.vpc.srcaddr`, `_source.srcaddr`, `source.ip`.

use crate::schema::{self, FieldId, id};

/// What a path says about its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PathField {
    pub(super) field: FieldId,
    /// Of two paths to one field, the one with the lower rank wins.
    pub(super) rank: u8,
    pub(super) condition: Condition,
}

/// When a path names its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// Always.
    Always,
    /// If an address of a flow log stands under the same prefix: `x.version` beside `x.srcaddr`.
    FlowPrefix(Box<str>),
    /// If the row is one of AWS's metric filter, whose `source` is an address.
    MetricFilter,
}

impl PathField {
    /// Whether the field is that of the last part of the path, which may stand under any prefix.
    pub(super) fn is_under_prefix(&self) -> bool {
        (1..ELASTIC_RANK).contains(&self.rank)
    }
}

/// Prefixes that say nothing: those of search hits.
const TRANSPARENT: [&str; 3] = ["_source", "fields", "@fields"];

/// The rank of a path of the Elastic Common Schema, which may have other values than the record.
pub(super) const ELASTIC_RANK: u8 = 3;
/// Where the Elastic Common Schema has what is not below a prefix that names flow logs.
const ELASTIC: [(&str, FieldId); 10] = [
    ("event.start", id::START),
    ("event.end", id::END),
    ("network.bytes", id::BYTES),
    ("network.packets", id::PACKETS),
    ("network.iana_number", id::PROTOCOL),
    ("source.bytes", id::BYTES),
    ("source.packets", id::PACKETS),
    ("source.address", id::SRCADDR),
    ("destination.address", id::DSTADDR),
    ("cloud.account.id", id::ACCOUNT_ID),
];

/// The field that a member with this path has, if it may be one. A plain name is only one of the metric filter.
pub(super) fn field(path: &str) -> Option<PathField> {
    let always = |field, rank| PathField {
        field,
        rank,
        condition: Condition::Always,
    };
    if !path.contains('.') {
        let field = schema::metric_filter_field(path)?;
        return Some(PathField {
            condition: Condition::MetricFilter,
            ..always(field, 0)
        });
    }
    let rest = without_transparent(path);
    if let Some(field) = lookup(rest) {
        return Some(always(field, 0));
    }
    if let Some((_, field)) = ELASTIC.iter().find(|(name, _)| *name == rest) {
        return Some(always(*field, ELASTIC_RANK));
    }
    let (prefix, last) = rest.rsplit_once('.')?;
    let two = prefix
        .rsplit_once('.')
        .and_then(|(before, first)| Some((before, lookup(&format!("{first}.{last}"))?)));
    let one = lookup(last).or_else(|| status_code(last));
    let one = one.map(|field| (prefix, field));
    // In `x.flow.log_status`, `flow` is the prefix that the other fields have, too.
    let is_same = |one: &(&str, FieldId)| two.as_ref().is_none_or(|two| two.1 == one.1);
    let (prefix, field) = one.filter(is_same).or(two)?;
    if names_flow_logs(prefix) {
        return Some(always(field, 1));
    }
    Some(PathField {
        condition: Condition::FlowPrefix(prefix.into()),
        ..always(field, 2)
    })
}

/// The path without prefixes that say nothing.
pub(super) fn without_transparent(path: &str) -> &str {
    let mut rest = path;
    while let Some((first, after)) = rest.split_once('.') {
        if !TRANSPARENT.contains(&first) {
            break;
        }
        rest = after;
    }
    rest
}

/// The field of a name whose parts may be separated by dots: `account.id`.
fn lookup(name: &str) -> Option<FieldId> {
    schema::lookup_header(name).or_else(|| {
        name.contains('.')
            .then(|| schema::lookup_header(&name.replace('.', "-")))
            .flatten()
    })
}

/// What `OpenSearch` calls the log-status.
fn status_code(name: &str) -> Option<FieldId> {
    (schema::normalize(name) == "statuscode").then_some(id::LOG_STATUS)
}

/// Whether a prefix says that flow logs are below it: `aws.vpcflow`.
fn names_flow_logs(prefix: &str) -> bool {
    prefix.split('.').any(|part| {
        let part = schema::normalize(part);
        part == "aws" || part.contains("vpc") || part.contains("flow")
    })
}
