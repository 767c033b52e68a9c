//! Finding a text in the record list without filtering it: the search, and what the session knows of it.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use memchr::memmem::Finder;

use super::cell_text::CellStyle;
use super::{App, Cmd};
use crate::analysis::{ListedRows, Selection};
use crate::format;
use crate::schema::{FieldId, Kind, id};
use crate::store::{RowId, Store};

/// How many records are searched between two reports.
const BLOCK: usize = 1 << 12;

/// A search in a list, to be run on a thread of its own.
#[derive(Clone, Debug)]
pub struct Search {
    /// Counts searches; replies carry it back.
    pub number: u64,
    selection: Arc<Selection>,
    rows: ListedRows,
    text: FindText,
    fields: Vec<FieldId>,
    style: CellStyle,
    /// The position of the cursor: the search begins beside it and comes back to it.
    from: usize,
    is_forward: bool,
}

/// What a search has to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchReply {
    /// So many records have been searched.
    Searched {
        /// The number of the search.
        number: u64,
        /// How many records.
        records: usize,
    },
    /// The search is over.
    Ended {
        /// The number of the search.
        number: u64,
        /// The position of the record that was found.
        position: Option<usize>,
    },
}

/// A text to find. Without capital letters it is found in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FindText {
    text: String,
    ignores_case: bool,
}

/// What the session knows of searches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Finding {
    pub(crate) text: FindText,
    /// The number of the last search.
    number: u64,
    running: Option<Running>,
}

#[derive(Clone, Copy, Debug)]
struct Running {
    from: usize,
    is_forward: bool,
}

impl Finding {
    /// Forgets the text, so that it is no longer marked.
    pub(crate) fn forget(&mut self) {
        self.text = FindText::default();
    }
}

impl FindText {
    fn new(text: String) -> Self {
        Self {
            ignores_case: !text.chars().any(char::is_uppercase),
            text,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the text is part of `other`.
    pub(crate) fn is_in(&self, other: &str) -> bool {
        self.is_in_with(other, &Finder::new(&self.text))
    }

    /// The same for a cell of the list; false where nothing has been searched for.
    pub(crate) fn is_in_cell(&self, cell: &str) -> bool {
        !self.is_empty() && self.is_in(cell)
    }

    fn is_in_with(&self, other: &str, finder: &Finder<'_>) -> bool {
        if self.ignores_case {
            return finder.find(other.to_lowercase().as_bytes()).is_some();
        }
        finder.find(other.as_bytes()).is_some()
    }
}

impl Search {
    /// The position of the next record with the text, or none; the outer option is none if `stop` said so.
    pub fn run(
        &self,
        stop: &dyn Fn() -> bool,
        report: &mut dyn FnMut(SearchReply),
    ) -> Option<Option<usize>> {
        let finder = Finder::new(&self.text.text);
        let mut searched = 0;
        for block in self.blocks() {
            if stop() {
                return None;
            }
            let page = self.rows.page(&self.selection, block.start, block.len());
            let mut rows = page.iter().enumerate();
            let is_match = |(_, row): &(usize, &RowId)| self.is_match(**row, &finder);
            let found = if self.is_forward {
                rows.find(is_match)
            } else {
                rows.rfind(is_match)
            };
            if let Some((index, _)) = found {
                return Some(Some(block.start + index));
            }
            searched += page.len();
            report(SearchReply::Searched {
                number: self.number,
                records: searched,
            });
        }
        Some(None)
    }

    /// All positions, block by block in the order of the search; that of the cursor is in the last one.
    fn blocks(&self) -> Vec<std::ops::Range<usize>> {
        let len = self.selection.len();
        let from = self.from.min(len);
        let stretches = if self.is_forward {
            [(from + 1).min(len)..len, 0..(from + 1).min(len)]
        } else {
            [0..from, from..len]
        };
        let blocks = stretches.into_iter().flat_map(|stretch| {
            let firsts = stretch.clone().step_by(BLOCK);
            let mut blocks: Vec<_> = firsts.map(|at| at..stretch.end.min(at + BLOCK)).collect();
            if !self.is_forward {
                blocks.reverse();
            }
            blocks
        });
        blocks.collect()
    }

    fn is_match(&self, row: RowId, finder: &Finder<'_>) -> bool {
        let store = self.selection.store();
        let is_in = |text: &str| self.text.is_in_with(text, finder);
        let decoded = self.fields.iter().filter(|field| may_be_decoded(**field));
        is_in(&store.line_text(row))
            || decoded
                .map(|field| self.style.text(store, row, *field))
                .any(|text| is_in(&text))
    }
}

/// Whether the list may show a value of `field` otherwise than the line does.
fn may_be_decoded(field: FieldId) -> bool {
    matches!(
        field.kind(),
        Kind::Time | Kind::Protocol | Kind::Port | Kind::Flags | Kind::Text
    ) || [id::TRAFFIC_PATH, id::ACTION].contains(&field)
}

impl App {
    /// Finds `text`, or what was found last if it is empty.
    pub(super) fn find(&mut self, text: String, cmds: &mut Vec<Cmd>) {
        if !text.is_empty() {
            self.finding.text = FindText::new(text);
        }
        self.find_next(true, cmds);
    }

    /// Starts a search for the next or the previous record with the text.
    pub(super) fn find_next(&mut self, is_forward: bool, cmds: &mut Vec<Cmd>) {
        let Some(answer) = self.results.answer.as_deref() else {
            return;
        };
        if self.finding.text.is_empty() {
            self.notice = Some("no text to find yet; press Ctrl-F".into());
            return;
        }
        let finding = &mut self.finding;
        finding.number += 1;
        let from = self.records.position;
        finding.running = Some(Running { from, is_forward });
        let columns = self.records.columns.iter();
        cmds.push(Cmd::Find(Box::new(Search {
            number: finding.number,
            selection: Arc::clone(&answer.selection),
            rows: answer.rows.clone(),
            text: finding.text.clone(),
            fields: columns.map(|column| column.field).collect(),
            style: self.records.style,
            from,
            is_forward,
        })));
    }

    /// Stops the search that is running, if any.
    pub(super) fn stop_finding(&mut self, cmds: &mut Vec<Cmd>) {
        if self.finding.running.take().is_some() {
            self.finding.number += 1;
            cmds.push(Cmd::StopFinding);
        }
    }

    pub(super) fn on_search_reply(&mut self, reply: SearchReply) {
        let (SearchReply::Searched { number, .. } | SearchReply::Ended { number, .. }) = reply;
        let Some(running) = self
            .finding
            .running
            .filter(|_| number == self.finding.number)
        else {
            return;
        };
        let text = format::visible(&self.finding.text.text);
        let len = self.results.len() as u64;
        match reply {
            SearchReply::Searched { records, .. } => {
                let share = format::percent(records as u64, len);
                self.notice = Some(format!("searching for {text}: {share}; any key stops"));
            }
            SearchReply::Ended { position: None, .. } => {
                self.finding.running = None;
                let records = format::counted(len, "record", "records");
                self.notice = Some(format!("{text} is not in the {records} of the list"));
            }
            SearchReply::Ended {
                position: Some(position),
                ..
            } => {
                self.finding.running = None;
                let wrapped = match (running.is_forward, position.cmp(&running.from)) {
                    (_, std::cmp::Ordering::Equal) => ", the only one",
                    (true, std::cmp::Ordering::Less) => ", from the first record on",
                    (false, std::cmp::Ordering::Greater) => ", from the last record back",
                    _ => "",
                };
                let at = format::count(position as u64 + 1);
                self.notice = Some(format!("found {text} at {at}{wrapped}"));
                self.records.select(position);
                self.point_at_match(position);
            }
        }
    }

    /// Moves the cursor to the first cell with the text, if there is one.
    fn point_at_match(&mut self, position: usize) {
        let Some(row) = self.results.page(position, 1).first().copied() else {
            return;
        };
        let is_match = |field: FieldId| self.shows_found(&self.store, row, field);
        let here = self.records.field().filter(|field| is_match(*field));
        let fields = self.records.columns.iter().map(|column| column.field);
        if let Some(field) = here.or_else(|| fields.clone().find(|field| is_match(*field))) {
            self.records.point_at(field);
        }
    }

    /// Whether the cell of a record has the text that was searched for last.
    pub(crate) fn shows_found(&self, store: &Store, row: RowId, field: FieldId) -> bool {
        let cell = self.records.style.text(store, row, field);
        self.finding.text.is_in_cell(&cell)
    }
}
