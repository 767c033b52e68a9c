//! The text of a cell of the record list: decoded or as in the file, with times in the chosen zone.

use std::sync::Arc;

use crate::format::{self, DateForm, Zone};
use crate::schema::{FieldId, Kind, id, protocol};
use crate::store::{Cell, Chunk, RowId, Store};
use crate::teach;

/// How values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Notation {
    /// With times, services, and names of protocols, flags and paths.
    #[default]
    Decoded,
    /// As in the file.
    Raw,
}

/// How times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Times {
    /// As the time of day, with the date where the records span days.
    Clock(Zone),
    /// As the time since the earliest record.
    SinceFirst,
}

impl Default for Times {
    fn default() -> Self {
        Self::Clock(Zone::Utc)
    }
}

/// How the cells of the list are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CellStyle {
    pub(crate) notation: Notation,
    pub(crate) times: Times,
    /// The date before a time of day.
    pub(crate) date: DateForm,
    /// The start of the earliest record.
    pub(crate) origin: u64,
}

impl CellStyle {
    /// The text of a cell. It may contain control characters: pass it through `format::visible` before drawing.
    pub(crate) fn text(self, store: &Store, row: RowId, field: FieldId) -> String {
        if self.notation == Notation::Raw {
            let (chunk, offset) = store.chunk_of(row);
            return chunk.original_cell_text(offset, field, &store.catalog.dictionaries);
        }
        match (field.kind(), store.cell(row, field)) {
            (_, Cell::Missing) if field == id::ACTION => {
                let status = in_place_of_action(store, row);
                status.map_or_else(|| store.cell_text(row, field), |status| status.to_string())
            }
            (Kind::Time, Cell::Number(time)) => self.time(time),
            (Kind::Protocol, Cell::Number(number)) => {
                protocol::name(number).map_or_else(|| number.to_string(), str::to_owned)
            }
            (Kind::Port, Cell::Number(port)) if field == id::DSTPORT => {
                match teach::service_of(store, row, field) {
                    Some(service) => format!("{port} {service}"),
                    None => port.to_string(),
                }
            }
            (Kind::Flags, Cell::Number(flags)) => teach::flag_letters(flags),
            (_, Cell::Number(path)) if field == id::TRAFFIC_PATH => {
                teach::path_name(path).map_or_else(|| path.to_string(), str::to_owned)
            }
            _ => store.cell_text(row, field),
        }
    }

    /// A time as the list shows it.
    pub(crate) fn time(self, time: u64) -> String {
        match self.times {
            Times::Clock(zone) => format::clock(time, zone, self.date),
            Times::SinceFirst => format::time_since(time, self.origin),
        }
    }
}

impl Times {
    /// UTC, local time, relative; a fixed offset is followed by UTC.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Clock(Zone::Utc) => Self::Clock(Zone::Local),
            Self::Clock(Zone::Local) => Self::SinceFirst,
            Self::Clock(Zone::Offset(_)) | Self::SinceFirst => Self::Clock(Zone::Utc),
        }
    }
}

/// The dictionary code of the log-status of a row without an action.
pub(super) fn status(chunk: &Chunk, row: usize) -> Option<u32> {
    match (chunk.cell(row, id::ACTION), chunk.cell(row, id::LOG_STATUS)) {
        (Cell::Missing, Cell::Word(code)) => Some(code),
        _ => None,
    }
}

/// The log-status with this code, unless it is OK: NODATA and SKIPDATA explain a missing action, and unknown words are
/// shown too.
pub(super) fn status_word(code: u32, store: &Store) -> Option<Arc<str>> {
    let word = store.catalog.dictionaries.of(id::LOG_STATUS).word(code);
    Some(word).filter(|word| &**word != "OK")
}

/// The log-status that the decoded list shows in place of the action of `row`, if the row has no action.
pub(crate) fn in_place_of_action(store: &Store, row: RowId) -> Option<Arc<str>> {
    let (chunk, offset) = store.chunk_of(row);
    status(chunk, offset).and_then(|code| status_word(code, store))
}
