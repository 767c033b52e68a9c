//! The orders of fields that AWS itself gives: its default formats, and those of its console.

use std::sync::LazyLock;

use super::{FIELDS, FieldId, Origin, id, lookup_header};

/// The order of the fields in the default format, version 2.
pub const DEFAULT_FORMAT: [FieldId; 14] = [
    id::VERSION,
    id::ACCOUNT_ID,
    id::INTERFACE_ID,
    id::SRCADDR,
    id::DSTADDR,
    id::SRCPORT,
    id::DSTPORT,
    id::PROTOCOL,
    id::PACKETS,
    id::BYTES,
    id::START,
    id::END,
    id::ACTION,
    id::LOG_STATUS,
];

/// The fields that say most about a record, in the order in which records are shown: who, with whom, how much, and
/// what became of it.
pub const MAIN_FIELDS: [FieldId; 10] = [
    id::START,
    id::INTERFACE_ID,
    id::SRCADDR,
    id::SRCPORT,
    id::DSTADDR,
    id::DSTPORT,
    id::PROTOCOL,
    id::PACKETS,
    id::BYTES,
    id::ACTION,
];

/// The default format of Transit Gateway flow logs, which has all of their fields.
const TRANSIT_GATEWAY_FORMAT: &str = "version resource-type account-id tgw-id tgw-attachment-id \
    tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id \
    tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr \
    srcport dstport protocol packets bytes start end log-status type packets-lost-no-route packets-lost-blackhole \
    packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region flow-direction pkt-src-aws-service \
    pkt-dst-aws-service";

/// The orders of the examples of AWS: the sequence of TCP flags, traffic through a transit gateway, and services with
/// their paths.
const ORDERS_OF_EXAMPLES: [&str; 3] = [
    "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport pkt-srcaddr \
     pkt-dstaddr protocol bytes packets start end action tcp-flags log-status",
    "version interface-id account-id vpc-id subnet-id instance-id srcaddr dstaddr srcport dstport protocol tcp-flags \
     type pkt-srcaddr pkt-dstaddr action log-status",
    "version srcaddr dstaddr srcport dstport protocol start end type packets bytes account-id vpc-id subnet-id \
     instance-id interface-id region az-id sublocation-type sublocation-id action tcp-flags pkt-srcaddr pkt-dstaddr \
     pkt-src-aws-service pkt-dst-aws-service traffic-path flow-direction log-status",
];

/// The version whose fields, with this one, are what the console calls all of them in many an account.
const WITH_REJECT_REASON: u8 = 8;
/// The versions after the second, each with all fields up to it.
const VERSIONS: [u8; 8] = [3, 4, 5, 7, 8, 9, 10, 11];

/// The orders that a file without a header may have, the default format first.
pub fn known() -> &'static [Vec<FieldId>] {
    static KNOWN: LazyLock<Vec<Vec<FieldId>>> = LazyLock::new(|| {
        let named = |names: &str| -> Vec<FieldId> {
            let names = names.split(' ');
            names.filter_map(lookup_header).collect()
        };
        let mut known = vec![DEFAULT_FORMAT.to_vec(), named(TRANSIT_GATEWAY_FORMAT)];
        known.extend(ORDERS_OF_EXAMPLES.map(named));
        for version in VERSIONS {
            known.push(through(version));
            known.push(by_the_alphabet(through(version)));
        }
        let mut with_reason = through(5);
        with_reason.extend(through(WITH_REJECT_REASON).last());
        known.push(by_the_alphabet(with_reason));
        // Fields that were added to what had been chosen in the console before.
        for version in [4, 5] {
            let mut appended = by_the_alphabet(through(3));
            appended.extend(through(version).into_iter().skip(appended.len()));
            known.push(appended);
        }
        known
    });
    &KNOWN
}

/// All fields up to `version`, in the order of the versions that brought them.
fn through(version: u8) -> Vec<FieldId> {
    let fields = FIELDS.iter().enumerate();
    let fields = fields.filter(|(_, def)| def.origin == Origin::Vpc && def.version <= version);
    fields
        .map(|(index, _)| FieldId::from_index(index))
        .collect()
}

/// The order of the console, which sorts what is chosen there.
fn by_the_alphabet(mut fields: Vec<FieldId>) -> Vec<FieldId> {
    fields.sort_by_key(|field| field.def().map(|def| def.name));
    fields
}
