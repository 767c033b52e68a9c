//! Blocks of whole lines, as they go from a format to the parser.

use std::ops::Range;

use super::swar::PAD;
use crate::store::{LineStyle, RejectReason};

/// The target size of a block, in bytes: it fits the second-level cache of a core with room to spare.
pub(crate) const PIECE_BYTES: usize = 1 << 18;
/// The longest line that is read, in bytes.
pub(crate) const LINE_BYTES: usize = 1 << 20;

/// Where the lines of a block come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LineSource {
    /// A text file, whose lines may be wrapped in file names or colours.
    #[default]
    Text,
    /// A reader of rows: each line is a row that needs no note.
    Rows,
}

/// Whole lines, and notes on those that are not what their text says.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    /// The text, and at least [`PAD`] bytes behind it.
    pub(crate) text: Vec<u8>,
    /// The length of the text without the padding.
    pub(crate) used: usize,
    pub(crate) source: LineSource,
    /// Where each noted line begins in the text, ascending, and what it is. Its text is empty.
    notes: Vec<(usize, Note)>,
    /// The values and originals of noted lines.
    bytes: Vec<u8>,
    /// Where each value ends in `bytes`.
    ends: Vec<usize>,
    /// The size of the names of columns, in bytes.
    names: usize,
}

/// What a line is whose text does not say it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// A row whose values cannot be written as words.
    Row(RowNote),
    /// A header of the file. Without columns it changes nothing.
    Header(Option<Columns>),
    /// The columns from here on, stated by no line of the file; none where they are unknown. Not counted as a line.
    Layout(Option<Columns>),
    /// A line that cannot be read.
    Reject(RejectReason, Span),
}

/// The names of the columns that follow; none where the order of the fields is to be found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) style: LineStyle,
    pub(crate) names: Vec<String>,
    /// The header line as it stood in the file.
    pub(crate) header: Option<String>,
}

/// A range of the bytes of noted lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span(Range<usize>);

/// The values of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowNote {
    values: Span,
    ends: Range<usize>,
    /// The row as it stood in the file, where its values do not give it again.
    original: Option<Span>,
}

impl Piece {
    /// The text without its padding.
    pub(crate) fn content(&self) -> &[u8] {
        &self.text[..self.used]
    }

    /// Removes text and notes, and begins lines of `source`.
    pub(crate) fn clear(&mut self, source: LineSource) {
        self.source = source;
        self.used = 0;
        self.notes.clear();
        self.bytes.clear();
        self.ends.clear();
        self.names = 0;
    }

    /// The size of text and notes in bytes.
    pub(crate) fn size(&self) -> usize {
        self.used + self.bytes.len()
    }

    /// The note on line number `index` among the noted lines, and where that line begins in the text.
    pub(crate) fn note(&self, index: usize) -> Option<&(usize, Note)> {
        self.notes.get(index)
    }

    /// The note on the first line.
    pub(crate) fn first_note(&self) -> Option<&Note> {
        let (at, note) = self.notes.first()?;
        (*at == 0).then_some(note)
    }

    /// The lines before the first row and the first names of columns: those in an order that no note tells.
    pub(crate) fn text_before_rows(&self) -> &[u8] {
        let is_row = |note: &Note| match note {
            Note::Row(_) => true,
            Note::Header(columns) | Note::Layout(columns) => columns.is_some(),
            Note::Reject(..) => false,
        };
        let row = self.notes.iter().find(|(_, note)| is_row(note));
        &self.content()[..row.map_or(self.used, |(at, _)| *at)]
    }

    /// The first rows, up to a change of the columns.
    pub(crate) fn first_rows(&self) -> impl Iterator<Item = &RowNote> {
        let notes = self.notes.iter().map(|(_, note)| note).enumerate();
        let same = notes.take_while(|(index, note)| *index == 0 || !note.changes_layout());
        same.filter_map(|(_, note)| match note {
            Note::Row(row) => Some(row),
            _ => None,
        })
    }

    /// How the rows of the block are written, where it begins with rows whose columns have no names.
    pub(crate) fn unnamed_style(&self) -> Option<LineStyle> {
        match self.first_note()? {
            Note::Layout(Some(columns)) if columns.names.is_empty() => Some(columns.style),
            _ => None,
        }
    }

    /// The bytes of a span.
    pub(crate) fn bytes(&self, span: &Span) -> &[u8] {
        &self.bytes[span.0.clone()]
    }

    /// The values of a row.
    pub(crate) fn values(&self, row: &RowNote) -> impl Iterator<Item = &[u8]> {
        let mut begin = row.values.0.start;
        let ends = self.ends[row.ends.clone()].iter();
        ends.map(move |end| &self.bytes[std::mem::replace(&mut begin, *end)..*end])
    }

    /// The values of a row as text; none where one of them is not UTF-8.
    pub(crate) fn texts(&self, row: &RowNote) -> Option<impl Iterator<Item = &str>> {
        let text = str::from_utf8(self.bytes(&row.values)).ok()?;
        let ends = &self.ends[row.ends.clone()];
        let first = row.values.0.start;
        if !ends.iter().all(|end| text.is_char_boundary(end - first)) {
            return None;
        }
        let mut begin = 0;
        Some(ends.iter().map(move |end| {
            let begin = std::mem::replace(&mut begin, end - first);
            text.get(begin..end - first).unwrap_or_default()
        }))
    }

    /// Whether a value of a row has a byte for which the row is rejected.
    pub(crate) fn has_forbidden(&self, row: &RowNote) -> bool {
        self.bytes(&row.values).iter().copied().any(is_forbidden)
    }

    /// The row as it stood in the file, where its values do not give it again.
    pub(crate) fn original(&self, row: &RowNote) -> Option<&[u8]> {
        row.original.as_ref().map(|span| self.bytes(span))
    }
}

/// How readers of rows write: the text grows without padding until [`Piece::close`].
impl Piece {
    /// Begins a block of rows.
    pub(crate) fn open_rows(&mut self) {
        self.clear(LineSource::Rows);
        self.text.clear();
    }

    /// Ends a block of rows: adds the padding.
    pub(crate) fn close_rows(&mut self) {
        self.used = self.text.len();
        self.text.resize(self.used + PAD, 0);
    }

    /// Whether a block of rows is long enough.
    pub(crate) fn is_full(&self) -> bool {
        self.written() >= PIECE_BYTES
    }

    /// How long a block of rows is, in bytes.
    pub(crate) fn written(&self) -> usize {
        self.text.len() + self.bytes.len() + self.names
    }

    fn push_note(&mut self, note: Note) {
        self.notes.push((self.text.len(), note));
        self.text.push(b'\n');
    }

    fn push_span(&mut self, bytes: &[u8]) -> Span {
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        Span(begin..self.bytes.len())
    }

    /// Adds a line that cannot be read.
    pub(crate) fn push_reject(&mut self, reason: RejectReason, original: &[u8]) {
        let span = self.push_span(original);
        self.push_note(Note::Reject(reason, span));
    }

    /// Adds a header line.
    pub(crate) fn push_header(&mut self, columns: Option<Columns>) {
        self.push_note(Note::Header(columns));
    }

    /// States the columns from here on.
    pub(crate) fn push_layout(&mut self, columns: Option<Columns>) {
        let names = columns.iter().flat_map(|columns| &columns.names);
        self.names += names
            .map(|name| name.len() + size_of::<String>())
            .sum::<usize>();
        self.push_note(Note::Layout(columns));
    }

    /// Adds a row of `values`.
    pub(crate) fn push_row<'v>(
        &mut self,
        values: impl Iterator<Item = &'v [u8]>,
        original: Option<&[u8]>,
    ) {
        let (begin, first) = (self.bytes.len(), self.ends.len());
        for value in values {
            self.bytes.extend_from_slice(value);
            self.ends.push(self.bytes.len());
        }
        let values = Span(begin..self.bytes.len());
        let original = original.map(|original| self.push_span(original));
        let ends = first..self.ends.len();
        self.push_note(Note::Row(RowNote {
            values,
            ends,
            original,
        }));
    }

    /// Adds the text of a record, as a message has it. A line end within it becomes a NUL, so that the line is
    /// rejected.
    pub(crate) fn push_message(&mut self, message: &[u8]) {
        let message = message.strip_suffix(b"\n").unwrap_or(message);
        let message = message.strip_suffix(b"\r").unwrap_or(message);
        let begin = self.text.len();
        self.text.extend_from_slice(message);
        for byte in &mut self.text[begin..] {
            if is_forbidden(*byte) {
                *byte = 0;
            }
        }
        self.text.push(b'\n');
    }

    /// Makes the block one line that cannot be read.
    pub(crate) fn replace_with_reject(&mut self, reason: RejectReason) {
        let original = self.text[..self.used].to_vec();
        self.clear(LineSource::Text);
        let span = self.push_span(&original);
        self.notes.push((0, Note::Reject(reason, span)));
        self.text[0] = b'\n';
        self.used = 1;
    }
}

#[cfg(test)]
impl Piece {
    /// The lines, with notes made visible: `row 1|2|original`, `header names|original`, `layout names`, `reject …`.
    pub(crate) fn visible_lines(&self) -> Vec<String> {
        let text = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes)
                .replace('\n', "↵")
                .replace('\0', "␀")
        };
        let columns = |columns: &Option<Columns>| {
            columns.as_ref().map(|columns| {
                let names = columns.names.iter().chain(&columns.header);
                names.map(String::as_str).collect::<Vec<_>>().join("|")
            })
        };
        let mut begin = 0;
        let mut notes = self.notes.iter().peekable();
        let lines = self
            .content()
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| {
                let at = begin;
                begin += line.len();
                match notes.next_if(|(noted, _)| *noted == at) {
                    None => text(line.strip_suffix(b"\n").unwrap_or(line)),
                    Some((_, Note::Reject(reason, span))) => {
                        format!("reject {reason:?} {}", text(self.bytes(span)))
                    }
                    Some((_, Note::Header(names))) => {
                        format!("header {}", columns(names).unwrap_or_default())
                    }
                    Some((_, Note::Layout(names))) => columns(names)
                        .map_or_else(|| "no layout".into(), |names| format!("layout {names}")),
                    Some((_, Note::Row(row))) => {
                        let values = self.values(row).chain(self.original(row));
                        format!("row {}", values.map(text).collect::<Vec<_>>().join("|"))
                    }
                }
            });
        lines.collect()
    }
}

impl Note {
    /// Whether the lines below may have another layout.
    pub(crate) fn changes_layout(&self) -> bool {
        matches!(self, Self::Header(_) | Self::Layout(_))
    }

    /// Whether the note stands for a line of the file.
    pub(crate) fn is_line(&self) -> bool {
        !matches!(self, Self::Layout(_))
    }
}

/// Whether a value with this byte is rejected: NUL, line ends, and the separators of ASCII.
pub(crate) fn is_forbidden(byte: u8) -> bool {
    matches!(byte, 0 | b'\n' | 0x1d..=0x1f)
}
