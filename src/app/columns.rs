//! Which columns the record list has, in which order, and how wide.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::format;
use crate::schema::formats::MAIN_FIELDS;
use crate::schema::protocol;
use crate::schema::{FieldId, Kind, id};
use crate::store::{Addresses, Cell, Chunk, RowId, Store, Values};

/// The widest that a column of words becomes.
const WORD_WIDTH: usize = 24;
/// The width of an id that is shortened from the left: `…5f60011`.
const SHORT_ID: usize = 8;
/// The widest that the column of the action becomes on a narrow list: `SKIPDATA`.
const NARROW_ACTION: usize = 8;

/// One column of the record list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnView {
    /// The field.
    pub field: FieldId,
    /// What stands above it.
    pub title: String,
    /// In characters.
    pub width: usize,
    /// Whether values stand at the right edge, as numbers do.
    pub right: bool,
}

/// The widest values met so far.
#[derive(Clone, Debug, Default)]
pub struct Widths {
    fields: HashMap<FieldId, usize>,
    words: HashMap<FieldId, usize>,
    /// What stands in place of actions.
    statuses: usize,
}

impl Widths {
    /// Takes in a chunk that has just been loaded.
    pub fn measure(&mut self, chunk: &Chunk, store: &Store) {
        for (field, column) in chunk.columns() {
            let width = match &column.values {
                Values::Numbers(_) => column.range.map_or(1, |(_, max)| digits(max)),
                Values::Words(_) => self.measure_words(*field, store),
                Values::Addresses(addresses) => widest_address(addresses, chunk.rows()),
            };
            let widest = self.fields.entry(*field).or_default();
            *widest = width.max(*widest);
        }
        let statuses = widest_status(chunk, store);
        self.statuses = statuses.max(self.statuses);
    }

    /// The widest word of the dictionary; the words that were seen before are not looked at again.
    fn measure_words(&mut self, field: FieldId, store: &Store) -> usize {
        let dictionary = store.catalog.dictionaries.of(field);
        let seen = self.words.entry(field).or_default();
        let widest = self.fields.get(&field).copied().unwrap_or(0);
        if dictionary.len() == *seen {
            return widest;
        }
        let words = dictionary.words();
        let new = words.iter().skip(*seen);
        let longest = new.map(|word| format::visible(word).chars().count()).max();
        *seen = words.len();
        widest.max(longest.unwrap_or(0))
    }
}

/// The characters of the longest log-status that stands in place of an action.
fn widest_status(chunk: &Chunk, store: &Store) -> usize {
    let actions = chunk.column(id::ACTION);
    if actions.is_some_and(|column| column.present.is_none()) {
        return 0;
    }
    let mut seen = HashSet::new();
    let mut widest = 0;
    for row in 0..chunk.rows() {
        if let Some(code) = status(chunk, row)
            && seen.insert(code)
            && let Some(word) = word(code, store)
        {
            widest = widest.max(format::visible(&word).chars().count());
        }
    }
    widest
}

/// The code of the log-status of a row that has no action.
fn status(chunk: &Chunk, row: usize) -> Option<u32> {
    match (chunk.cell(row, id::ACTION), chunk.cell(row, id::LOG_STATUS)) {
        (Cell::Missing, Cell::Word(code)) => Some(code),
        _ => None,
    }
}

/// The log-status of a code, if it says why there is no action: NODATA, SKIPDATA, or a word that nobody knows.
fn word(code: u32, store: &Store) -> Option<Arc<str>> {
    let word = store.catalog.dictionaries.of(id::LOG_STATUS).word(code);
    Some(word).filter(|word| &**word != "OK")
}

/// What stands in the decoded list in place of the action of `row`, if it has none: its log-status, which says why.
pub fn in_place_of_action(store: &Store, row: RowId) -> Option<Arc<str>> {
    let (chunk, offset) = store.chunk_of(row);
    status(chunk, offset).and_then(|code| word(code, store))
}

/// The characters of the longest address. The longest IPv4 one is found without printing any.
fn widest_address(addresses: &Addresses, rows: usize) -> usize {
    let mut widest = 0;
    addresses.narrow.for_each(rows, |_, bits| {
        let octet = |shift: u32| match bits >> shift & 0xff {
            0..10 => 1,
            10..100 => 2,
            _ => 3,
        };
        widest = widest.max(octet(24) + octet(16) + octet(8) + octet(0));
    });
    let wide = addresses.wide.iter().flat_map(|wide| wide.addresses.iter());
    let wide = wide.map(|address| address.to_string().len()).max();
    (widest + 3).max(wide.unwrap_or(0))
}

fn digits(number: u64) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

/// The columns of the record list. `narrow` shortens ids; `decoded` shows times, services and names.
pub fn arrange(store: &Store, widths: &Widths, narrow: bool, decoded: bool) -> Vec<ColumnView> {
    let fields = store.fields();
    // The action right after the time, so that a narrow screen does not cut it off.
    let (time, others) = MAIN_FIELDS.split_at(1);
    let others = others.iter().filter(|field| **field != id::ACTION);
    let main = time.iter().chain(&[id::ACTION]).chain(others);
    let main = main.filter(|field| fields.contains(field));
    let rest = fields.iter().filter(|field| !MAIN_FIELDS.contains(field));
    let with_date = spans_days(store);
    let action = widths.action(narrow, decoded);
    main.chain(rest)
        .map(|&field| {
            let content = match field.kind() {
                Kind::Time if decoded && with_date => "11-23 02:23:37".len(),
                Kind::Time if decoded => "02:23:37".len(),
                Kind::Port if decoded && field == id::DSTPORT && narrow => "443 https".len(),
                Kind::Port if decoded && field == id::DSTPORT => "5432 postgresql".len(),
                Kind::Port => "65535".len(),
                Kind::Protocol if decoded => "icmp6".len(),
                _ if field == id::ACTION => action,
                // An id of two digits less makes room for SKIPDATA, and still tells interfaces apart.
                Kind::Text if narrow && field == id::INTERFACE_ID => {
                    widths.of(field).min(SHORT_ID + "action".len() - action)
                }
                Kind::Text if narrow => widths.of(field).min(SHORT_ID),
                Kind::Text | Kind::Choice(_) => widths.of(field).min(WORD_WIDTH),
                _ => widths.of(field),
            };
            let title = title(store, field);
            ColumnView {
                field,
                width: content.max(title.chars().count()),
                title,
                right: matches!(field.kind(), Kind::Number | Kind::Duration | Kind::Flags)
                    || field.kind() == Kind::Port && (field != id::DSTPORT || !decoded),
            }
        })
        .collect()
}

impl Widths {
    fn of(&self, field: FieldId) -> usize {
        self.fields.get(&field).copied().unwrap_or(1)
    }

    /// The width of the actions, and of what stands in their place; their title has room.
    fn action(&self, narrow: bool, decoded: bool) -> usize {
        let statuses = if decoded { self.statuses } else { 0 };
        let most = if narrow { NARROW_ACTION } else { WORD_WIDTH };
        let widest = self.of(id::ACTION).max(statuses).min(most);
        widest.max("action".len())
    }
}

/// Whether times of day alone would be ambiguous.
fn spans_days(store: &Store) -> bool {
    store
        .span()
        .is_some_and(|(first, last)| first / 86_400 != last / 86_400)
}

/// What stands above a column: AWS's name, which the student is to learn; shortened where the column is
/// narrower than it.
fn title(store: &Store, field: FieldId) -> String {
    match field {
        id::INTERFACE_ID => "eni".into(),
        id::SRCPORT => "sport".into(),
        id::DSTPORT => "dport".into(),
        id::PROTOCOL => "proto".into(),
        _ => format::visible(&store.catalog.name(field)).into_owned(),
    }
}

/// The text of `field` in `row` for a column of the list. Raw text: the screen makes it visible.
pub fn text(store: &Store, row: RowId, field: FieldId, decoded: bool) -> String {
    let raw = || store.cell_text(row, field);
    if !decoded {
        return raw();
    }
    match (field.kind(), store.cell(row, field)) {
        (_, Cell::Missing) if field == id::ACTION => {
            in_place_of_action(store, row).map_or_else(raw, |status| status.to_string())
        }
        (Kind::Time, Cell::Number(time)) if spans_days(store) => format::day_time(time),
        (Kind::Time, Cell::Number(time)) => format::time_of_day(time),
        (Kind::Protocol, Cell::Number(number)) => {
            protocol::name(number).map_or_else(|| number.to_string(), str::to_owned)
        }
        (Kind::Port, Cell::Number(port)) if field == id::DSTPORT => {
            let ported = store
                .number(row, id::PROTOCOL)
                .is_none_or(protocol::has_ports);
            match protocol::service(port).filter(|_| ported) {
                Some(service) => format!("{port} {service}"),
                None => port.to_string(),
            }
        }
        _ => raw(),
    }
}
