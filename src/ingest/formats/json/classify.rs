//! What an element of a document is: a message, a row, or neither.

use super::document::{Document, Found};
use super::element::{Cell, Element};
use super::keys::List;
use super::unsupported::OCSF;
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::text::piece::Piece;
use crate::store::RejectReason;

/// How the text of a `CloudWatch` `CONTROL_MESSAGE` health check begins.
const PROBE: &[u8] = b"CWL CONTROL MESSAGE";

impl Document {
    /// What an element is that has ended.
    pub(super) fn decide(&mut self, element: &Element, list: List, out: &mut Piece) -> Found {
        let is_first = !std::mem::replace(&mut self.has_ended, true);
        if let Some(reason) = &element.fault {
            return Found::Reject(reason.clone());
        }
        if element.is_control {
            return Found::Nothing;
        }
        let alone = |other| {
            if element.is_automatic {
                "insights-json"
            } else {
                other
            }
        };
        if let Some(message) = element.message() {
            if message.starts_with(PROBE) {
                return Found::Nothing;
            }
            self.tell(alone("json-messages"), list);
            let is_known = list == List::Events && self.is_known(element);
            if is_known && self.known.as_ref().is_some_and(|known| known.are_dropped) {
                // A comment line keeps the numbers of the events after it right.
                out.text.extend(b"#\n");
            } else {
                self.writer.message(message, out);
            }
            return Found::Line;
        }
        if let Some(unsupported) = unsupported(element) {
            return if is_first {
                Found::Unsupported(unsupported)
            } else {
                Found::Reject(unsupported.reason())
            };
        }
        // Many programs leave out what is missing: a row with nothing but names of rows before it is one, too.
        let has_column = |cell: &Cell| self.keys.member(cell.key).column.is_some();
        let is_sparse = || element.known > 0 && element.cells().iter().all(has_column);
        if !element.has_flow && !is_sparse() {
            return self.unread(element);
        }
        self.tell(alone("json-rows"), list);
        match self.writer.row(element, &mut self.keys, out) {
            Ok(()) => Found::Line,
            Err(reason) => Found::Reject(reason),
        }
    }

    /// An object that is neither a message nor a row.
    fn unread(&mut self, element: &Element) -> Found {
        if self.names_unread.is_none() {
            let names = element.cells().iter();
            let names = names.map(|cell| self.keys.member(cell.key).name.clone());
            self.names_unread = Some(names.collect());
        }
        Found::Reject(if element.known == 0 {
            RejectReason::NoRecord
        } else {
            RejectReason::NoFlow
        })
    }
}

/// What an object is that is no record, where that is known.
fn unsupported(element: &Element) -> Option<Unsupported> {
    if element.ocsf > 1 {
        return Some(OCSF);
    }
    element.signs.recognize(element.has_flow)
}
