//! Which fields of the files the values of a field come from.

use super::FieldId;
use super::fields::id;

/// The fields of the files that the values of a field come from: the field itself, or those that a computed field
/// is worked out from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The fields; none for what every record has, the file and the line.
    pub fields: Vec<FieldId>,
    /// Whether one of them is enough for a value.
    is_any: bool,
}

impl FieldId {
    /// The two fields that `addr`, `pkt-addr` and `port` mean either of.
    pub fn either(self) -> Option<[Self; 2]> {
        match self {
            id::ADDR => Some([id::SRCADDR, id::DSTADDR]),
            id::PKT_ADDR => Some([id::PKT_SRCADDR, id::PKT_DSTADDR]),
            id::PORT => Some([id::SRCPORT, id::DSTPORT]),
            _ => None,
        }
    }

    /// The fields of the files that the values of this one come from.
    pub fn basis(self) -> Basis {
        let any = |fields: &[Self]| (fields.to_vec(), true);
        let all = |fields: &[Self]| (fields.to_vec(), false);
        if let Some(either) = self.either() {
            return Basis {
                fields: either.to_vec(),
                is_any: true,
            };
        }
        let (fields, is_any) = match self {
            id::TIME => any(&[id::START, id::END]),
            id::SCOPE => all(&[id::SRCADDR, id::DSTADDR]),
            id::DURATION => all(&[id::START, id::END]),
            id::BPS => all(&[id::BYTES, id::START, id::END]),
            id::PPS => all(&[id::PACKETS, id::START, id::END]),
            id::BPP => all(&[id::BYTES, id::PACKETS]),
            id::LINE | id::FILE => all(&[]),
            field => all(&[field]),
        };
        Basis { fields, is_any }
    }
}

impl Basis {
    /// Whether a record can have a value, if it has the fields of which `has` is true.
    pub fn holds(&self, has: impl Fn(&FieldId) -> bool) -> bool {
        let mut basis = self.fields.iter();
        if self.is_any {
            basis.any(has)
        } else {
            basis.all(has)
        }
    }
}
