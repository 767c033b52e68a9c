//! The names of members of objects, and what each of them is for.

use std::collections::{HashMap, HashSet};

use super::path::{self, Condition, PathField};
use super::unsupported::Described;
use crate::ingest::formats::log_groups;
use crate::ingest::formats::row_reader::column_name;
use crate::ingest::formats::unsupported::signs::Signs;
use crate::ingest::text::account;
use crate::schema::{self, FieldId, Storage};

/// The most distinct names that are told apart.
const MAX_KEYS: usize = 4096;
/// As many again may be those of fields and envelopes, which names that say nothing must not keep out.
const MAX_MEANT_KEYS: usize = 2 * MAX_KEYS;
/// The longest name that is taken for one, in bytes.
const MAX_NAME_BYTES: usize = 256;

/// A name, as an index into the names seen. A nested member has its whole path for a name.
pub(super) type Key = u32;

/// The key of names beyond the most that are told apart, and of no name.
pub(super) const NO_KEY: Key = 0;
/// The key of the number of a row, which is no name.
pub(super) const ROW_NUMBER: Key = 1;

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
    /// That of an address or a time.
    AddressOrTime,
    /// That of another field.
    Field,
}

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
    /// Under which prefixes addresses of flow logs stand.
    flow_prefixes: HashSet<Box<str>>,
}

impl Keys {
    /// Only those that are not names.
    pub(super) fn new() -> Self {
        let unknown = Member {
            class: Class::Unknown,
            ..Member::new(b"")
        };
        Self {
            members: vec![unknown, Member::new(b"0")],
            index: HashMap::default(),
            last: NO_KEY,
            flow_prefixes: HashSet::new(),
        }
    }

    /// The key of a name.
    pub(super) fn of(&mut self, name: &[u8]) -> Key {
        let guess = self.members[self.last as usize].next;
        let key = if *self.members[guess as usize].raw == *name && guess > ROW_NUMBER {
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
        path.clear();
        path.extend_from_slice(&self.member(prefix).raw);
        path.push(b'.');
        path.extend_from_slice(name);
        self.of(path)
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
        let count = self.members.len();
        if count >= MAX_MEANT_KEYS || name.len() > MAX_NAME_BYTES || name.is_empty() {
            return NO_KEY;
        }
        let key = Key::try_from(count).unwrap_or(NO_KEY);
        let member = Member::new(name);
        if count >= MAX_KEYS && !member.is_meant() {
            return NO_KEY;
        }
        if let Some(PathField {
            condition: Condition::FlowPrefix(prefix),
            ..
        }) = &member.path
            && member.meaning == Meaning::AddressOrTime
        {
            self.flow_prefixes.insert(prefix.clone());
        }
        self.members.push(member);
        self.index.insert(name.into(), key);
        key
    }

    /// How many names have been seen.
    pub(super) fn count(&self) -> usize {
        self.members.len()
    }

    /// Forgets the names after the first `count`, which nothing refers to any more.
    pub(super) fn forget(&mut self, count: usize) {
        for member in self.members.drain(count..) {
            self.index.remove(&member.raw);
        }
        for member in &mut self.members {
            if member.next as usize >= count {
                member.next = NO_KEY;
            }
        }
        self.last = NO_KEY;
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

    /// Whether a member is a field if addresses of flow logs stand beside it.
    pub(super) fn may_be_field(&self, key: Key) -> bool {
        let path = self.member(key).path.as_ref();
        self.field(key).is_some()
            || path.is_some_and(|path| matches!(path.condition, Condition::FlowPrefix(_)))
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
            meaning: match meant {
                None => Meaning::Nothing,
                Some(field) if field.is_address_or_time() => Meaning::AddressOrTime,
                Some(_) => Meaning::Field,
            },
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

    /// Whether a field or an envelope may have this name, so that it is more than the name of a text column.
    fn is_meant(&self) -> bool {
        self.field.is_some() || self.path.is_some() || self.class != Class::Column
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
