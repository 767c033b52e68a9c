//! The rows of a table: which of them are headers, and what the others become.

use memchr::{memchr, memchr_iter};

use super::cells::Cells;
use super::header::{Header, Rows};
use super::headless::{Line, is_like_record, is_record, text_columns};
use super::recognize::{RecordCells, record_cells};
use super::row::{Row, Taken};
use crate::ingest::formats::log_groups::LogGroups;
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::text::layouts::log_formats::FileOrder;
use crate::ingest::text::piece::Piece;
use crate::store::RejectReason;

/// How many bytes below a row are searched for what its values mean, where that depends on other rows.
const LOOKAHEAD: usize = 1 << 18;

/// What is said of rows that were not read before later ones came.
const HELD_BACK: &str = "rows with a number or a date that can be read in two ways are held back until a later row shows \
                         which one it is";

/// A message with no more spaces than this is not the text of a record.
const MAX_SPACES_WITHOUT_RECORD: usize = 4;

/// What comes behind the bytes that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// More bytes.
    More,
    /// More bytes some day: what has one reading is read now.
    Later,
    /// Nothing.
    Nothing,
}

/// The bytes that a row stands at the beginning of.
#[derive(Clone, Copy)]
pub(super) struct Ahead<'d> {
    pub(super) data: &'d [u8],
    /// Which byte of the file the first of them is.
    pub(super) offset: u64,
    pub(super) rest: Rest,
}

impl Ahead<'_> {
    /// Whether it depends on bytes that have not come yet what stands below the first line, which has `line` bytes.
    fn is_too_short(&self, line: usize) -> bool {
        let below = || {
            self.data
                .get(line + 1..)
                .unwrap_or_default()
                .trim_ascii_start()
        };
        match self.rest {
            Rest::Nothing => false,
            Rest::More => self.data.len() < LOOKAHEAD,
            Rest::Later => memchr(b'\n', below()).is_none(),
        }
    }
}

/// What is known of a table.
pub(super) struct Table {
    separator: u8,
    /// What the columns are, once the header has been read.
    pub(super) header: Option<Header>,
    /// Whether no row has been read since the header.
    is_at_first_row: bool,
    pub(super) cells: Cells,
    /// Whether the last row was the text of a record, which has an order of its own.
    is_below_record: bool,
    /// Up to which byte of the file rows have been searched for what values mean.
    searched: u64,
    /// The log groups of records that are the text of one column.
    pub(super) log_groups: LogGroups,
    /// Whether a row that waits for those behind it was the last one for some time.
    has_held_back: bool,
    /// What it is, where its header shows that it has no records.
    pub(super) unsupported: Option<Unsupported>,
    /// The order of the fields where there is no header.
    order: Option<FileOrder>,
    /// What is said of the order that is used.
    warning: Option<String>,
}

impl Table {
    /// At the beginning of a table with this separator.
    pub(super) fn new(separator: u8, order: Option<FileOrder>) -> Self {
        Self {
            separator,
            header: None,
            is_at_first_row: true,
            cells: Cells::new(separator),
            is_below_record: false,
            searched: 0,
            log_groups: LogGroups::default(),
            has_held_back: false,
            unsupported: None,
            order,
            warning: None,
        }
    }

    /// Writes a line whose values need not be taken apart, if it is one.
    pub(super) fn write_simple(&mut self, line: &[u8], out: &mut Piece) -> bool {
        let Some(header) = &mut self.header else {
            return false;
        };
        if header.unsupported.is_some() || !header.is_simple(line) {
            return false;
        }
        if std::mem::take(&mut self.is_below_record) {
            out.push_layout(header.columns());
        }
        header.write_simple(line, &mut out.text);
        self.is_at_first_row = false;
        true
    }

    /// Writes a row of `used` bytes that was taken apart. Says whether there were enough bytes behind it for that.
    pub(super) fn values(
        &mut self,
        row: &Row,
        used: usize,
        ahead: Ahead<'_>,
        out: &mut Piece,
    ) -> bool {
        let mut values = row.values();
        let original = &ahead.data[..used];
        let original = original.strip_suffix(b"\n").unwrap_or(original);
        match self.enter_header(&values, original, ahead, out) {
            Entered::Header => return true,
            Entered::Hungry => return false,
            Entered::Row => {}
        }
        let header = self.header.as_mut().expect("a row is below a header");
        let is_first = std::mem::take(&mut self.is_at_first_row);
        if is_first && header.fit_to(&values) {
            self.cells.set_columns(header.kept_names());
        }
        if let Some(unsupported) = &header.unsupported {
            out.push_reject(unsupported.reason(), original);
            return true;
        }
        let is_control = |byte: &u8| matches!(byte, 0 | 0x1d..=0x1f) && *byte != self.separator;
        if original.iter().any(is_control) {
            out.push_reject(RejectReason::ControlCharacter, original);
            return true;
        }
        header.trim(&mut values);
        match header.rows {
            Rows::Values | Rows::Unnamed => {}
            Rows::Messages(_) | Rows::Records => {
                note_log_group(&mut self.log_groups, header, &values, original);
                write_record(header, &values, original, out);
                return true;
            }
        }
        let is_whole = values.len() == header.columns;
        if let Some(record) = header.record(&values).filter(|_| is_whole) {
            note_log_group(&mut self.log_groups, header, &values, original);
            if !std::mem::replace(&mut self.is_below_record, true) {
                out.push_layout(None);
            }
            out.push_message(record);
            return true;
        }
        if header.has_more(&values) {
            out.push_reject(RejectReason::TooManyFields, original);
            return true;
        }
        let kept: Vec<&[u8]> = header.kept(&values).collect();
        // Values of a row with too many or too few of them may stand below names that are not theirs.
        let is_misfit = !is_whole && header.rows == Rows::Values;
        if is_whole {
            self.cells.note(kept.iter().copied());
            if self.is_held_back(&kept, used, ahead) {
                self.is_at_first_row = is_first;
                return false;
            }
        }
        if std::mem::take(&mut self.is_below_record) {
            out.push_layout(self.header.as_ref().and_then(Header::columns));
        }
        if is_misfit {
            out.push_row(kept.iter().copied(), Some(original));
            return true;
        }
        match self.cells.read(kept.iter().copied()) {
            Ok(cells) => out.push_row(cells.iter().map(AsRef::as_ref), Some(original)),
            Err(reason) => out.push_reject(reason, original),
        }
        true
    }

    /// Whether a row waits for those behind the first `used` bytes, on which its reading depends.
    fn is_held_back(&mut self, kept: &[&[u8]], used: usize, ahead: Ahead<'_>) -> bool {
        let values = || kept.iter().copied();
        if !self.cells.is_unsettled(values()) || self.search(used, ahead) {
            return false;
        }
        if ahead.rest == Rest::Later {
            // Text that may mean a missing value is shown as it is, since nothing may ever settle it.
            let is_held_back = self.cells.is_ambiguous(values());
            self.has_held_back |= is_held_back;
            return is_held_back;
        }
        true
    }

    /// What is unusual in the rows so far.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = self.cells.warnings();
        warnings.extend(self.warning.clone());
        if self.has_held_back {
            warnings.push(HELD_BACK.into());
        }
        warnings
    }

    /// Takes in a row that may be a header.
    fn enter_header(
        &mut self,
        values: &[&[u8]],
        original: &[u8],
        ahead: Ahead<'_>,
        out: &mut Piece,
    ) -> Entered {
        let known = self.header.as_ref();
        let header = Header::of(values, original, self.separator, ahead.data)
            .filter(|header| known.is_none_or(|known| header.follows(known)));
        let is_flow = header
            .as_ref()
            .is_some_and(|header| header.unsupported.is_none());
        let header = match (known, header) {
            (None, _)
                if values
                    .iter()
                    .any(|value| is_record(value) || is_like_record(value)) =>
            {
                None
            }
            // What stands below may be the texts of records, whatever the names are.
            (None, header) if !is_flow => {
                if ahead.is_too_short(original.len()) {
                    return Entered::Hungry;
                }
                let beginning = &ahead.data[..ahead.data.len().min(LOOKAHEAD)];
                let cells = record_cells(beginning, self.separator);
                (cells != RecordCells::None)
                    .then(|| Header::of_records(values, original, self.separator))
                    .flatten()
                    .or(header)
            }
            (_, header) => header,
        };
        let Some(header) = header else {
            if known.is_none() {
                let line = Line {
                    values,
                    text: original,
                    separator: self.separator,
                };
                let header = Header::without(line, self.order.as_ref(), ahead.data);
                if let Some(columns) = header.columns() {
                    out.push_layout(Some(columns));
                }
                self.warning.clone_from(&header.warning);
                if header.rows == Rows::Unnamed {
                    let are_text = text_columns(&header, ahead.data);
                    self.cells.set_unnamed(are_text.into_iter());
                } else {
                    self.cells.set_columns(header.kept_names());
                }
                self.header = Some(header);
            }
            return Entered::Row;
        };
        match &header.unsupported {
            None => out.push_header(header.columns()),
            // What came before was read, and more may follow.
            Some(unsupported) if known.is_some() => {
                out.push_reject(unsupported.reason(), original);
            }
            Some(unsupported) => self.unsupported = Some(unsupported.clone()),
        }
        self.cells.set_columns(header.kept_names());
        self.header = Some(header);
        self.is_at_first_row = true;
        self.is_below_record = false;
        Entered::Header
    }

    /// Searches the rows behind the first `used` bytes for what the values of the table mean. Says whether there were
    /// enough bytes, so that what was found does not depend on how many have come.
    fn search(&mut self, used: usize, ahead: Ahead<'_>) -> bool {
        let begin = ahead.offset + used as u64;
        // Within the first half of what was searched there is nothing new.
        if begin + (LOOKAHEAD as u64) / 2 <= self.searched {
            return true;
        }
        let below = &ahead.data[used..];
        let is_enough = ahead.rest == Rest::Nothing || below.len() >= LOOKAHEAD;
        let is_whole = ahead.rest == Rest::Nothing && below.len() < LOOKAHEAD;
        let below = &below[..below.len().min(LOOKAHEAD)];
        if is_enough {
            self.searched = begin + LOOKAHEAD as u64;
        } else if ahead.rest == Rest::More {
            return false;
        }
        let Some(header) = &self.header else {
            return true;
        };
        let mut row = Row::new(self.separator);
        let mut at = 0;
        while at < below.len() {
            row.reset();
            let Taken::Row(length) = row.take(&below[at..], is_whole) else {
                break;
            };
            let mut values = row.values();
            header.trim(&mut values);
            if values.len() == header.columns {
                self.cells.note(header.kept(&values));
            }
            at += length.max(1);
        }
        is_enough
    }
}

/// What a row turned out to be.
enum Entered {
    Header,
    Row,
    /// It depends on rows that have not come yet.
    Hungry,
}

/// Takes in the log group of a row that is an event, if it has one.
fn note_log_group(log_groups: &mut LogGroups, header: &Header, values: &[&[u8]], original: &[u8]) {
    let value = |index: Option<usize>| values.get(index?).copied();
    if let Some(group) = value(header.log_group) {
        log_groups.note(group, value(header.log_stream), original);
    }
}

/// Writes the text of a record that one of `values` is.
fn write_record(header: &Header, values: &[&[u8]], original: &[u8], out: &mut Piece) {
    if values.len() > header.columns {
        return out.push_reject(RejectReason::TooManyFields, original);
    }
    if values.len() < header.columns {
        return out.push_reject(RejectReason::TooFewFields, original);
    }
    let message = match header.rows {
        Rows::Messages(index) => Some(values[index]),
        _ => None,
    };
    let is_long = |text: &&[u8]| memchr_iter(b' ', text).count() > MAX_SPACES_WITHOUT_RECORD;
    // What is in the column of messages is no other thing because it is in an unknown order.
    let record = message
        .filter(is_long)
        .or_else(|| header.record(values))
        .or_else(|| header.likely_record(values))
        .or(message);
    match record {
        Some(record) => out.push_message(record),
        None => out.push_reject(RejectReason::NoRecord, original),
    }
}
