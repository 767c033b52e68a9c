//! The names of members of objects, and what each of them is for.

use std::collections::{HashMap, HashSet};

use super::path::{self, Condition, PathField};
use super::unsupported::Described;
use crate::ingest::formats::log_groups;
use crate::ingest::formats::row_reader::column_name;
use crate::ingest::formats::unsupported::signs::Signs;
use crate::ingest::text::account;
use crate::schema::{self, FieldId, Storage, id};

/// The most distinct names that are told apart, and how many more of them may be names of fields.
const MAX_KEYS: usize = 4096;
const MAX_FIELD_KEYS: usize = 1024;
/// The most new names of one element, without those of fields.
const MAX_NEW_KEYS: usize = 1024;
/// The longest name that is taken for one, in bytes.
const MAX_NAME_BYTES: usize = 256;

/// A name, as an index into the names seen. A nested member has its whole path for a name.
pub(super) type Key = u32;

/// The key of names beyond the most that are told apart, and of no name. Their members are left out.
pub(super) const NO_KEY: Key = 0;
/// The key of the number of a row, which is no name.
pub(super) const ROW_NUMBER: Key = 1;
/// The key of names of fields beyond the most that are told apart: what has one cannot be read.
const EXCESS_FIELD: Key = 2;
/// The name of a column that has none.
const UNNAMED: &[u8] = b"Unnamed: 0";

/// What a member is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A value of a row.
    Column,
    /// A value of a row that is the id of an event.
    Id,
    /// The text of a record. Of several, the one with the lowest rank is used.
    Message { rank: u8 },
    /// A string that is the text of a record if it reads as one.
    MaybeMessage { rank: u8 },
    /// A list whose elements are messages or rows.
    List(List),
    /// The value of a cell, the only member of its object: Athena's `VarCharValue`.
    Cell,
    /// That a cell has no value.
    NoCell,
    /// The log group of an event, or of the events beside it.
    LogGroup,
    /// The log stream of an event, or of the events beside it.
    LogStream,
    /// The kind of a message: `CloudWatch` `CONTROL_MESSAGE` health checks have no records.
    MessageType,
    /// What Logs Insights puts beside a row so that it can be found again.
    Pointer,
    /// A list of descriptions.
    Described(Described),
    /// A string of base64 that holds records.
    Packed,
    /// What the events of Security Lake have.
    Ocsf,
    /// An object that repeats parts of a message.
    Extracted,
    /// A name beyond the most that are told apart.
    Unknown,
    /// The same, and it is one of a field.
    ExcessField,
}

/// Which list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum List {
    /// The top level of the input, or a list that can have anything.
    #[default]
    Outer,
    /// Events of `CloudWatch`.
    Events,
    /// Results of Logs Insights.
    Results,
}

/// What a name is in a flow log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// None of a field.
    Nothing,
    /// That of an address.
    Address,
    /// That of a time.
    Time,
    /// That of a field which says what the traffic was.
    Traffic,
    /// That of another field.
    Field,
}

impl Meaning {
    fn of(field: FieldId) -> Self {
        if field.is_address_or_time() {
            return if field.storage() == Storage::Address {
                Self::Address
            } else {
                Self::Time
            };
        }
        if TRAFFIC.contains(&field) {
            Self::Traffic
        } else {
            Self::Field
        }
    }

    /// Whether it is an address or a time, one of which every record has.
    pub(super) fn is_flow(self) -> bool {
        matches!(self, Self::Address | Self::Time)
    }
}

/// Fields that only records have; others, such as a region and a time, may describe many records.
const TRAFFIC: [FieldId; 8] = [
    id::SRCPORT,
    id::DSTPORT,
    id::PROTOCOL,
    id::PACKETS,
    id::BYTES,
    id::ACTION,
    id::LOG_STATUS,
    id::TCP_FLAGS,
];

/// What is known of a name.
#[derive(Debug)]
pub(super) struct Member {
    raw: Box<[u8]>,
    pub(super) class: Class,
    /// The name of the column.
    pub(super) name: String,
    pub(super) meaning: Meaning,
    /// The field of a plain name.
    pub(super) field: Option<FieldId>,
    /// The field of a path, or of a name that is one only among certain others.
    pub(super) path: Option<PathField>,
    /// Which other log it points to.
    pub(super) signs: Signs,
    pub(super) storage: Storage,
    /// Whether they are accounts.
    pub(super) is_account: bool,
    /// Whether Logs Insights made it up.
    pub(super) is_automatic: bool,
    /// Where its value stands in a row, once there has been one.
    pub(super) column: Option<u16>,
    /// The name that came after it last time.
    next: Key,
}

#[derive(Debug)]
pub(super) struct Keys {
    members: Vec<Member>,
    index: HashMap<Box<[u8]>, Key, foldhash::fast::RandomState>,
    last: Key,
    /// The most names for now.
    most: usize,
    /// Under which prefixes addresses of flow logs stand.
    flow_prefixes: HashSet<Box<str>>,
}

impl Keys {
    /// Only those that are not names.
    pub(super) fn new() -> Self {
        let without_name = |class| Member {
            class,
            ..Member::new(b"")
        };
        let unknown = without_name(Class::Unknown);
        let excess_field = without_name(Class::ExcessField);
        Self {
            members: vec![unknown, Member::new(b"0"), excess_field],
            index: HashMap::default(),
            last: NO_KEY,
            most: MAX_NEW_KEYS,
            flow_prefixes: HashSet::new(),
        }
    }

    /// The key of a name.
    pub(super) fn of(&mut self, name: &[u8]) -> Key {
        let guess = self.members[self.last as usize].next;
        let key = if *self.members[guess as usize].raw == *name && guess > EXCESS_FIELD {
            guess
        } else {
            let key = self.find(name);
            self.members[self.last as usize].next = key;
            key
        };
        self.last = key;
        key
    }

    /// The key of `name` within the object that is the member `prefix`; `path` is a buffer.
    pub(super) fn nested(&mut self, prefix: Key, name: &[u8], path: &mut Vec<u8>) -> Key {
        self.join(prefix, name, path);
        self.of(path)
    }

    /// As [`Keys::nested`], for a name that comes later.
    pub(super) fn find_nested(&mut self, prefix: Key, name: &[u8], path: &mut Vec<u8>) -> Key {
        if prefix == NO_KEY {
            return self.find(name);
        }
        self.join(prefix, name, path);
        self.find(path)
    }

    fn join(&self, prefix: Key, name: &[u8], path: &mut Vec<u8>) {
        path.clear();
        path.extend_from_slice(&self.member(prefix).raw);
        path.push(b'.');
        path.extend_from_slice(name);
    }

    /// The key of a field's own name.
    pub(super) fn of_field(&mut self, field: FieldId) -> Key {
        field
            .def()
            .map_or(NO_KEY, |def| self.find(def.name.as_bytes()))
    }

    fn find(&mut self, name: &[u8]) -> Key {
        if let Some(key) = self.index.get(name) {
            return *key;
        }
        if name.is_empty() {
            return self.find(UNNAMED);
        }
        let member = Member::new(name);
        let excess = if member.is_needed() {
            EXCESS_FIELD
        } else {
            NO_KEY
        };
        let reserved = if excess == NO_KEY { 0 } else { MAX_FIELD_KEYS };
        if self.members.len() >= self.most + reserved || name.len() > MAX_NAME_BYTES {
            return excess;
        }
        let key = Key::try_from(self.members.len()).unwrap_or(NO_KEY);
        if let Some(PathField {
            condition: Condition::FlowPrefix(prefix),
            ..
        }) = &member.path
            && member.meaning.is_flow()
        {
            self.flow_prefixes.insert(prefix.clone());
        }
        self.members.push(member);
        self.index.insert(name.into(), key);
        key
    }

    /// An element begins: it leaves room for the names of those after it.
    pub(super) fn begin_element(&mut self) {
        self.most = MAX_KEYS.min(self.members.len() + MAX_NEW_KEYS);
    }

    /// What is known of a key.
    pub(super) fn member(&self, key: Key) -> &Member {
        &self.members[key as usize]
    }

    /// As [`Keys::member`], to give it a column.
    pub(super) fn member_mut(&mut self, key: Key) -> &mut Member {
        &mut self.members[key as usize]
    }

    /// The rest of a path below the member `label`, and the field that it is, unless it is that under other labels.
    pub(super) fn below(&self, key: Key, label: Key) -> Option<(&[u8], Option<FieldId>)> {
        let member = self.member(key);
        let rest = member.raw.strip_prefix(&*self.member(label).raw)?;
        let path = member.path.as_ref().filter(|path| path.is_under_prefix());
        Some((rest.strip_prefix(b".")?, path.map(|path| path.field)))
    }

    /// Whether addresses of flow logs stand under `prefix`.
    pub(super) fn is_flow_prefix(&self, prefix: &str) -> bool {
        self.flow_prefixes.contains(prefix)
    }

    /// The field of a member, in whatever way it is named.
    pub(super) fn field(&self, key: Key) -> Option<FieldId> {
        let member = self.member(key);
        let path = member.path.as_ref().filter(|path| match &path.condition {
            Condition::Always => true,
            Condition::FlowPrefix(prefix) => self.is_flow_prefix(prefix),
            Condition::MetricFilter => false,
        });
        member.field.or_else(|| path.map(|path| path.field))
    }
}

impl Member {
    fn new(raw: &[u8]) -> Self {
        let text = String::from_utf8_lossy(raw);
        let field = schema::lookup_header(&column_name(&text)).filter(|_| !text.contains('.'));
        let path = if field.is_none() {
            path::field(&text)
        } else {
            None
        };
        // What stands under a prefix that may be anything is a field only beside an address.
        let sure = path.as_ref().filter(|path| match path.condition {
            Condition::Always => true,
            Condition::FlowPrefix(_) => is_address(path.field),
            Condition::MetricFilter => false,
        });
        let meant = field.or_else(|| sure.map(|path| path.field));
        let known = field.or_else(|| path.as_ref().map(|path| path.field));
        let is_nested = text.contains('.');
        Self {
            raw: raw.into(),
            class: class(&text),
            meaning: meant.map_or(Meaning::Nothing, Meaning::of),
            signs: if is_nested {
                Signs::default()
            } else {
                Signs::of(&text)
            },
            is_account: known.is_some_and(account::is_account),
            storage: known.map_or(Storage::Word, FieldId::storage),
            is_automatic: text.starts_with('@'),
            name: column_name(path::without_transparent(&text)),
            field,
            path,
            column: None,
            next: NO_KEY,
        }
    }

    /// Whether a record would be wrong without this member.
    fn is_needed(&self) -> bool {
        let may_hold_record = matches!(
            self.class,
            Class::Message { .. } | Class::MaybeMessage { .. } | Class::List(_) | Class::Packed
        );
        may_hold_record || self.meaning != Meaning::Nothing
    }
}

fn is_address(field: FieldId) -> bool {
    field.is_address_or_time() && field.storage() == Storage::Address
}

/// What a member with this path is for.
fn class(path: &str) -> Class {
    // Hits of a search have the events of Security Lake under a prefix.
    let bare = path::without_transparent(path);
    if matches!(bare, "class_uid" | "src_endpoint" | "dst_endpoint") {
        return Class::Ocsf;
    }
    let last = path.rsplit('.').next().unwrap_or(path);
    let is_nested = last.len() < path.len();
    match last {
        "events" | "logEvents" => Class::List(List::Events),
        "results" => Class::List(List::Results),
        "records" | "Records" | "rows" | "Rows" | "messages" | "findings" | "Findings" => {
            Class::List(List::Outer)
        }
        "VarCharValue" | "ScalarValue" | "stringValue" | "longValue" | "doubleValue"
        | "booleanValue" | "v" => Class::Cell,
        "isNull" | "NullValue" => Class::NoCell,
        "data" | "rawData" => Class::Packed,
        "@message" if is_nested => Class::MaybeMessage { rank: 1 },
        "@message" => Class::Message { rank: 1 },
        "_raw" => Class::MaybeMessage { rank: 2 },
        "original" if path.ends_with("event.original") => Class::MaybeMessage { rank: 3 },
        name if name.eq_ignore_ascii_case("message") && is_nested => {
            Class::MaybeMessage { rank: 4 }
        }
        name if name.eq_ignore_ascii_case("message") => Class::Message { rank: 0 },
        name if log_groups::is_group(name) => Class::LogGroup,
        name if log_groups::is_stream(name) => Class::LogStream,
        _ if is_nested => Class::Column,
        "messageType" => Class::MessageType,
        "id" | "eventId" => Class::Id,
        "@ptr" => Class::Pointer,
        "FlowLogs" => Class::Described(Described::FlowLogs),
        "NetworkInterfaces" => Class::Described(Described::Interfaces),
        "Reservations" => Class::Described(Described::Instances),
        "extractedFields" => Class::Extracted,
        _ => Class::Column,
    }
}
