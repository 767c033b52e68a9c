//! Reads noted lines: rows, headers and rejects whose text does not say what they are.

use std::borrow::Cow;

use super::layout_state::LayoutState;
use super::parse::{self, Line};
use super::piece::{Columns, Note, Piece, RowNote};
use crate::store::RejectReason;

/// Applies a note to the layout, as [`line`] does, without reading values.
pub(crate) fn apply(note: &Note, layout_state: &mut LayoutState<'_>) {
    match note {
        Note::Row(_) | Note::Reject(..) => {}
        Note::Header(columns) => {
            if let Some(columns) = usable(columns.as_ref()) {
                layout_state.set_columns(columns);
            }
        }
        Note::Layout(columns) => match usable(columns.as_ref()) {
            Some(columns) => layout_state.set_columns(columns),
            None => layout_state.forget(),
        },
    }
}

fn usable(columns: Option<&Columns>) -> Option<&Columns> {
    columns.filter(|columns| columns.names.iter().any(|name| !name.is_empty()))
}

/// Reads a noted line of `piece`.
pub(crate) fn line<'p>(
    note: &'p Note,
    piece: &'p Piece,
    layout_state: &mut LayoutState<'_>,
) -> Line<'p> {
    apply(note, layout_state);
    match note {
        Note::Row(values) => row(values, piece, layout_state),
        Note::Header(_) => Line::Header,
        Note::Layout(_) => Line::Layout,
        Note::Reject(reason, _) => Line::Reject(reason.clone()),
    }
}

fn row<'p>(row: &RowNote, piece: &'p Piece, layout_state: &LayoutState<'_>) -> Line<'p> {
    let Some(layout) = layout_state.layout() else {
        return Line::Reject(RejectReason::UnknownLayout);
    };
    let Some(values) = piece.texts(row) else {
        return Line::Reject(RejectReason::NotUtf8);
    };
    match parse::values(values, layout, layout_state.zone()) {
        Ok(_) if piece.has_forbidden(row) => Line::Reject(RejectReason::ControlCharacter),
        Ok(record) => {
            let original = piece.original(row).map(String::from_utf8_lossy);
            Line::Record(record.of(layout, original), None)
        }
        Err(reason) => Line::Reject(reason),
    }
}

/// A noted line as it stood in the file.
pub(crate) fn original<'p>(note: &Note, piece: &'p Piece) -> Cow<'p, [u8]> {
    match note {
        Note::Reject(_, span) => Cow::Borrowed(piece.bytes(span)),
        Note::Row(row) => piece.original(row).map_or_else(
            || Cow::Owned(piece.values(row).collect::<Vec<&[u8]>>().join(&b' ')),
            Cow::Borrowed,
        ),
        Note::Header(_) | Note::Layout(_) => Cow::Borrowed(&[]),
    }
}
