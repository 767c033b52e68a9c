//! What `--by` names: fields, each with the prefix by which its addresses are grouped.

#[cfg(test)]
mod tests;

use super::failure::{Failure, Problem};
use super::names;
use crate::engine::{GroupField, Prefix};
use crate::schema::{FieldId, Kind};
use crate::store::{Catalog, Store};

const MAX_IPV4_BITS: u8 = 32;
const MAX_IPV6_BITS: u8 = 128;
/// The IPv6 prefix that belongs to an IPv4 prefix: one subnet.
const IPV6_SUBNET_BITS: u8 = 64;

/// Looks up `texts`: `srcaddr`, `srcaddr/24` or `srcaddr/24/56`.
pub(super) fn group_fields(
    catalog: &Catalog,
    texts: &[String],
) -> Result<Vec<GroupField>, Failure> {
    let mut fields = Vec::with_capacity(texts.len());
    for text in texts.iter().map(|text| text.trim()) {
        let field = group_field(catalog, text)?;
        if fields.contains(&field) {
            let name = text.to_owned();
            return Err(Failure::at("--by", Problem::NamedTwice { name }));
        }
        fields.push(field);
    }
    Ok(fields)
}

fn group_field(catalog: &Catalog, text: &str) -> Result<GroupField, Failure> {
    // A column of a file may have a slash in its name.
    let (Some((name, bits)), None) = (text.split_once('/'), catalog.lookup(text)) else {
        return names::field(catalog, "--by", text).map(GroupField::from);
    };
    let field = names::field(catalog, "--by", name.trim())?;
    let name = catalog.name(field);
    if field.kind() != Kind::Address {
        return Err(Failure::at("--by", Problem::NoAddresses { name }));
    }
    let prefix = prefix(bits).ok_or_else(|| {
        let bits = bits.to_owned();
        Failure::at("--by", Problem::NotAPrefix { name, bits })
    })?;
    Ok(GroupField {
        field,
        prefix: Some(prefix),
    })
}

/// The prefix that `24` or `24/56` stands for.
fn prefix(text: &str) -> Option<Prefix> {
    let within = |text: &str, max: u8| text.trim().parse().ok().filter(|bits| *bits <= max);
    if let Some((v4, v6)) = text.split_once('/') {
        return Some(Prefix {
            v4: within(v4, MAX_IPV4_BITS)?,
            v6: within(v6, MAX_IPV6_BITS)?,
        });
    }
    let bits = within(text, MAX_IPV6_BITS)?;
    Some(if bits <= MAX_IPV4_BITS {
        Prefix {
            v4: bits,
            v6: IPV6_SUBNET_BITS,
        }
    } else {
        Prefix {
            v4: MAX_IPV4_BITS,
            v6: bits,
        }
    })
}

/// The numbers by which [`prefix`] gives `prefix`: one if that is enough.
pub(super) fn lengths(prefix: Prefix) -> Vec<u8> {
    let Prefix { v4, v6 } = prefix;
    if v6 == IPV6_SUBNET_BITS {
        vec![v4]
    } else if v4 == MAX_IPV4_BITS && v6 > MAX_IPV4_BITS {
        vec![v6]
    } else {
        vec![v4, v6]
    }
}

/// Fails if one of `fields` was not read; warns of fields that no file has.
pub(super) fn require(store: &Store, fields: &[GroupField]) -> Result<(), Failure> {
    let fields: Vec<FieldId> = fields.iter().map(|by| by.field).collect();
    names::require(store, "--by", &fields)
}
