//! The fields of flow logs: one table of names, versions and types, and the types of their values.
//!
//! [`FIELDS`] is the only place where a field is named. Header recognition, the columns of the store, the
//! filter language, completion, exports, the glossary and the documents read it. A header name that is not
//! in the table becomes a text column of that name, an *extra* field, whose id lies beyond the table.

pub mod address;
mod basis;
mod fields;
pub mod formats;
pub mod protocol;
mod scope;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use address::{Address, AddressClass};
pub use basis::Basis;
pub use fields::FIELDS;
pub use fields::id;
pub use formats::DEFAULT_FORMAT;
pub use scope::{Route, Scope, is_egress};

/// A field: an index into [`FIELDS`], or beyond its end for an extra field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(u16);

/// The kind of log that has a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// VPC flow logs.
    Vpc,
    /// Only Transit Gateway flow logs.
    TransitGateway,
    /// None: the field is computed from others.
    Computed,
}

/// What the values of a field mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An IPv4 or IPv6 address, or a MAC for EFA traffic.
    Address,
    /// A port, 0 to 65535.
    Port,
    /// An IANA protocol number, 0 to 255.
    Protocol,
    /// A whole number from 0 to 2⁶⁴ − 1.
    Number,
    /// Seconds since the Unix epoch.
    Time,
    /// Seconds between two times.
    Duration,
    /// A mask of TCP flags.
    Flags,
    /// One word of a closed list in the filter language; open in the data.
    Choice(&'static [&'static str]),
    /// Any text without spaces.
    Text,
}

/// What the words of a text field look like, for identifiers of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextShape {
    /// Any text.
    Any,
    /// They begin with this; or contain it, if it begins with a colon, as parts of ARNs do.
    Like(&'static str),
    /// Twelve digits, or `unknown`.
    Account,
    /// `us-east-1`.
    Region,
    /// `use1-az2`.
    Zone,
    /// A word in capitals: `S3`, `API_GATEWAY`.
    Service,
}

/// The physical type of a field in Parquet files that AWS writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParquetType {
    /// `INT32`, for ports, protocols and flags.
    Int32,
    /// `INT64`, for counters and times.
    Int64,
    /// `BYTE_ARRAY`, annotated as a string.
    String,
}

/// One row of the table of fields.
#[derive(Clone, Copy, Debug)]
pub struct FieldDef {
    /// AWS's name as a text header spells it: `log-status`.
    pub name: &'static str,
    /// Other names that a header or a filter may use, besides the spellings that [`normalize`] makes equal.
    pub aliases: &'static [&'static str],
    /// The flow log version that introduced the field; 0 for a computed one.
    pub version: u8,
    /// Which logs have it.
    pub origin: Origin,
    /// What its values are.
    pub kind: Kind,
    /// Narrows down the values of text fields.
    pub shape: TextShape,
    /// The column name in Parquet, JSON and CSV: `log_status`.
    pub column: &'static str,
    /// The physical type in Parquet.
    pub parquet: ParquetType,
}

/// How values of a [`Kind`] are stored in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Whole numbers.
    Number,
    /// Addresses.
    Address,
    /// Codes of a dictionary of words.
    Word,
}

/// The value of a field in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value<'a> {
    /// `-` in the file, or a field that the file does not have. Never the same as 0.
    Missing,
    /// A number, time, port, protocol or flag mask.
    Number(u64),
    /// An address.
    Address(Address),
    /// A word.
    Word(&'a str),
}

impl FieldId {
    /// The id at `index` of [`FIELDS`], or of an extra field beyond it.
    ///
    /// # Panics
    ///
    /// When `index` is above 65,535, which no bounded header reaches.
    pub fn from_index(index: usize) -> Self {
        Self(u16::try_from(index).expect("headers are bounded"))
    }

    pub(crate) const fn new(index: u16) -> Self {
        Self(index)
    }

    /// The index in [`FIELDS`], or an index beyond its end for a field of a file.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The row of the table, or none for an extra field.
    pub fn def(self) -> Option<&'static FieldDef> {
        FIELDS.get(self.index())
    }

    /// What the values are; an extra field is [`Kind::Text`].
    pub fn kind(self) -> Kind {
        self.def().map_or(Kind::Text, |def| def.kind)
    }

    /// How the values are held.
    pub fn storage(self) -> Storage {
        self.kind().storage()
    }

    /// Whether the field is one of [`ADDRESSES_AND_TIMES`].
    pub fn is_address_or_time(self) -> bool {
        ADDRESSES_AND_TIMES.contains(&self)
    }

    /// Whether the values are tags, which flow logs hold percent-encoded.
    pub fn is_tag(self) -> bool {
        let tags = [
            id::INSTANCE_TAG,
            id::INSTANCE_TAG_2,
            id::INTERFACE_TAG,
            id::INTERFACE_TAG_2,
            id::ASG_TAG,
            id::ASG_TAG_2,
        ];
        tags.contains(&self)
    }

    /// Whether the field is worked out from others.
    pub fn is_computed(self) -> bool {
        self.def().is_some_and(|def| def.origin == Origin::Computed)
    }
}

impl Kind {
    /// How values of this kind are held.
    pub const fn storage(self) -> Storage {
        match self {
            Self::Address => Storage::Address,
            Self::Choice(_) | Self::Text => Storage::Word,
            Self::Port
            | Self::Protocol
            | Self::Number
            | Self::Time
            | Self::Duration
            | Self::Flags => Storage::Number,
        }
    }
}

/// The addresses and the times of a flow. A row of a table or an object is a record if it has one of them; what has
/// none is a sum, a list of instances or anything else.
pub const ADDRESSES_AND_TIMES: [FieldId; 6] = [
    id::SRCADDR,
    id::DSTADDR,
    id::PKT_SRCADDR,
    id::PKT_DSTADDR,
    id::START,
    id::END,
];

/// The spelling under which names are compared: lower case without `-` and `_`.
///
/// That makes `log-status`, `log_status`, `logStatus` and `LogStatus` one name.
pub fn normalize(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The field that `name` means in any of its spellings, computed fields included.
pub fn lookup(name: &str) -> Option<FieldId> {
    static NAMES: LazyLock<HashMap<String, FieldId>> = LazyLock::new(|| {
        let mut names = HashMap::new();
        for (index, def) in FIELDS.iter().enumerate() {
            for name in std::iter::once(&def.name).chain(def.aliases) {
                names.insert(normalize(name), FieldId::from_index(index));
            }
        }
        names
    });
    NAMES.get(&normalize(name)).copied()
}

/// The field that `name` means in a header: as [`lookup`], but a computed field is not one of a file.
pub fn lookup_header(name: &str) -> Option<FieldId> {
    lookup(name).filter(|field| !field.is_computed())
}

/// The field that `name` means in AWS's metric filter of flow logs, where it is none elsewhere. Many logs have a
/// `source`, so it is a field only among other fields of flow logs.
pub fn metric_filter_field(name: &str) -> Option<FieldId> {
    match normalize(name).as_str() {
        "source" => Some(id::SRCADDR),
        "destination" => Some(id::DSTADDR),
        _ => None,
    }
}
