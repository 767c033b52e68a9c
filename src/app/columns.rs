//! The columns of the record list: their order, widths and cell text.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::format;
use crate::schema::formats::MAIN_FIELDS;
use crate::schema::protocol;
use crate::schema::{FieldId, Kind, id};
use crate::store::{Addresses, Cell, Chunk, RowId, Store, Values};
use crate::teach;

/// The maximum width of a text column, in cells.
const MAX_WORD_WIDTH: usize = 24;
/// The width of an id that is shortened at the start: `…5f60011`.
const SHORT_ID: usize = 8;
/// The maximum width of the action column on a narrow list: `SKIPDATA`.
const MAX_NARROW_ACTION: usize = 8;

/// One column of the record list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnView {
    pub(crate) field: FieldId,
    /// The heading.
    pub(crate) title: String,
    /// In cells.
    pub(crate) width: usize,
    /// Right-aligned, as numbers are.
    pub(crate) right: bool,
}

/// How values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notation {
    /// With times, services and protocol names.
    #[default]
    Decoded,
    /// As in the file.
    Raw,
}

/// How much room the list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Density {
    #[default]
    Wide,
    /// Ids are shortened, and columns are closer together.
    Narrow,
}

/// The widest values of all chunks loaded so far, in characters.
#[derive(Clone, Debug, Default)]
pub struct Widths {
    fields: HashMap<FieldId, usize>,
    words: HashMap<FieldId, usize>,
    /// The widest log-status shown in place of a missing action.
    statuses: usize,
}

impl Widths {
    /// Adds the values of a newly loaded chunk.
    pub(crate) fn measure(&mut self, chunk: &Chunk, store: &Store) {
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

    /// The widest word of the dictionary. Only words added since the last call are measured.
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

/// The length of the longest log-status shown in place of an action, in characters.
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

/// The dictionary code of the log-status of a row without an action.
fn status(chunk: &Chunk, row: usize) -> Option<u32> {
    match (chunk.cell(row, id::ACTION), chunk.cell(row, id::LOG_STATUS)) {
        (Cell::Missing, Cell::Word(code)) => Some(code),
        _ => None,
    }
}

/// The log-status with this code, unless it is OK: NODATA and SKIPDATA explain a missing action, and unknown words are
/// shown too.
fn word(code: u32, store: &Store) -> Option<Arc<str>> {
    let word = store.catalog.dictionaries.of(id::LOG_STATUS).word(code);
    Some(word).filter(|word| &**word != "OK")
}

/// The log-status that the decoded list shows in place of the action of `row`, if the row has no action.
pub(crate) fn in_place_of_action(store: &Store, row: RowId) -> Option<Arc<str>> {
    let (chunk, offset) = store.chunk_of(row);
    status(chunk, offset).and_then(|code| word(code, store))
}

/// The length of the longest address. IPv4 addresses are measured without formatting them.
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

/// The columns of the record list.
pub(crate) fn arrange(
    store: &Store,
    widths: &Widths,
    density: Density,
    notation: Notation,
) -> Vec<ColumnView> {
    let narrow = density == Density::Narrow;
    let decoded = notation == Notation::Decoded;
    let fields = store.fields();
    // The action comes right after the time, so that a narrow screen does not cut it off.
    let (time, others) = MAIN_FIELDS.split_at(1);
    let others = others.iter().filter(|field| **field != id::ACTION);
    let main = time.iter().chain(&[id::ACTION]).chain(others);
    let main = main.filter(|field| fields.contains(field));
    let rest = fields.iter().filter(|field| !MAIN_FIELDS.contains(field));
    let with_date = spans_days(store);
    let action = widths.action(density, notation);
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
                // Two digits less make room for SKIPDATA and still tell interfaces apart.
                Kind::Text if narrow && field == id::INTERFACE_ID => {
                    widths.of(field).min(SHORT_ID + "action".len() - action)
                }
                Kind::Text if narrow => widths.of(field).min(SHORT_ID),
                Kind::Text | Kind::Choice(_) => widths.of(field).min(MAX_WORD_WIDTH),
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

    /// The width of the action column, which also shows log-statuses.
    fn action(&self, density: Density, notation: Notation) -> usize {
        let statuses = match notation {
            Notation::Decoded => self.statuses,
            Notation::Raw => 0,
        };
        let max = match density {
            Density::Narrow => MAX_NARROW_ACTION,
            Density::Wide => MAX_WORD_WIDTH,
        };
        let widest = self.of(id::ACTION).max(statuses).min(max);
        widest.max("action".len())
    }
}

/// Whether the records span more than one day, so that a time needs its date.
fn spans_days(store: &Store) -> bool {
    store
        .span()
        .is_some_and(|(first, last)| first / 86_400 != last / 86_400)
}

/// The heading of a column: AWS's field name, shortened where the values are narrower than the name.
fn title(store: &Store, field: FieldId) -> String {
    match field {
        id::INTERFACE_ID => "eni".into(),
        id::SRCPORT => "sport".into(),
        id::DSTPORT => "dport".into(),
        id::PROTOCOL => "proto".into(),
        _ => format::visible(&store.catalog.name(field)).into_owned(),
    }
}

/// The text of a cell. It may contain control characters: pass it through `format::visible` before drawing.
pub(crate) fn text(store: &Store, row: RowId, field: FieldId, notation: Notation) -> String {
    if notation == Notation::Raw {
        let (chunk, offset) = store.chunk_of(row);
        return chunk.original_cell_text(offset, field, &store.catalog.dictionaries);
    }
    let raw = || store.cell_text(row, field);
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
            match teach::service_of(store, row, field) {
                Some(service) => format!("{port} {service}"),
                None => port.to_string(),
            }
        }
        _ => raw(),
    }
}
