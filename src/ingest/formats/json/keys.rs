//! The names of members of objects, and what each of them is for.

use std::collections::HashMap;

use super::unsupported::Described;
use crate::ingest::formats::row_reader::column_name;
use crate::ingest::formats::unsupported::signs::Signs;
use crate::schema::{self, Storage};

/// The most distinct names that are told apart.
const MOST_KEYS: usize = 4096;
/// The longest name that is taken for one.
const LONGEST_NAME: usize = 256;

/// A name, as an index into the names seen.
pub(super) type Key = u32;

/// What a member is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A value of a row.
    Column,
    /// A value of a row that is the id of an event.
    Id,
    /// The text of a record.
    Message,
    /// A list whose elements are messages or rows.
    List(List),
    /// The kind of a message: `CloudWatch` `CONTROL_MESSAGE` health checks have no records.
    MessageType,
    /// What Logs Insights puts beside a row so that it can be found again.
    Pointer,
    /// A list of descriptions.
    Described(Described),
    /// The event of a Lambda function, with compressed data.
    Packed,
    /// What the events of Security Lake have.
    Ocsf,
    /// A name beyond the most that are told apart.
    Unknown,
}

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// The top level of the input.
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
    /// What it is for.
    pub(super) class: Class,
    /// The name of the column.
    pub(super) name: String,
    /// What it is in a flow log.
    pub(super) meaning: Meaning,
    /// Which other log it points to.
    pub(super) signs: Signs,
    /// Whether its values are numbers.
    pub(super) is_number: bool,
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
}

impl Keys {
    /// Only the one for names that are not told apart.
    pub(super) fn new() -> Self {
        let unknown = Member {
            class: Class::Unknown,
            ..Member::new(b"")
        };
        Self {
            members: vec![unknown],
            index: HashMap::default(),
            last: 0,
        }
    }

    /// The key of a name.
    pub(super) fn of(&mut self, name: &[u8]) -> Key {
        let guess = self.members[self.last as usize].next;
        let key = if *self.members[guess as usize].raw == *name && guess > 0 {
            guess
        } else {
            let key = self.find(name);
            self.members[self.last as usize].next = key;
            key
        };
        self.last = key;
        key
    }

    fn find(&mut self, name: &[u8]) -> Key {
        if let Some(key) = self.index.get(name) {
            return *key;
        }
        if self.members.len() >= MOST_KEYS || name.len() > LONGEST_NAME || name.is_empty() {
            return 0;
        }
        let key = Key::try_from(self.members.len()).unwrap_or(0);
        self.members.push(Member::new(name));
        self.index.insert(name.into(), key);
        key
    }

    /// What is known of a key.
    pub(super) fn member(&self, key: Key) -> &Member {
        &self.members[key as usize]
    }

    /// As [`Keys::member`], to give it a column.
    pub(super) fn member_mut(&mut self, key: Key) -> &mut Member {
        &mut self.members[key as usize]
    }
}

impl Member {
    fn new(raw: &[u8]) -> Self {
        let text = String::from_utf8_lossy(raw);
        let name = column_name(&text);
        let field = schema::lookup_header(&name);
        Self {
            raw: raw.into(),
            class: class(&text),
            meaning: match field {
                None => Meaning::Nothing,
                Some(field) if field.is_address_or_time() => Meaning::AddressOrTime,
                Some(_) => Meaning::Field,
            },
            signs: Signs::of(&text),
            is_number: field.is_some_and(|field| field.storage() == Storage::Number),
            is_automatic: text.starts_with('@'),
            name,
            column: None,
            next: 0,
        }
    }
}

/// What a member of this name is for.
fn class(name: &str) -> Class {
    match name {
        "events" | "logEvents" => Class::List(List::Events),
        "results" => Class::List(List::Results),
        "records" | "Records" | "rows" | "messages" | "findings" | "Findings" => {
            Class::List(List::Outer)
        }
        "messageType" => Class::MessageType,
        "id" | "eventId" => Class::Id,
        "@ptr" => Class::Pointer,
        "FlowLogs" => Class::Described(Described::FlowLogs),
        "NetworkInterfaces" => Class::Described(Described::Interfaces),
        "Reservations" => Class::Described(Described::Instances),
        "awslogs" => Class::Packed,
        "class_uid" | "src_endpoint" | "dst_endpoint" => Class::Ocsf,
        "@message" => Class::Message,
        name if name.eq_ignore_ascii_case("message") => Class::Message,
        _ => Class::Column,
    }
}
