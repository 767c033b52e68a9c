//! Cuts the bytes of a file into pieces of whole lines, with bounded memory whatever the lines are like.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use memchr::{memchr, memrchr};

use super::event_ids::EventIds;
pub(crate) use super::outcome::{Growth, Outcome, Rest};
use super::row_reader::RowReader;
use super::sniff::{self, Content, SNIFF_BYTES};
use super::unsupported::{self, Unsupported};
use crate::ingest::source::decode::{Decoder, End};
use crate::ingest::text::fit::resembles_record;
use crate::ingest::text::layouts::log_formats::FileOrder;
use crate::ingest::text::piece::{LINE_BYTES, LineSource, PIECE_BYTES, Piece};
use crate::ingest::text::swar::PAD;
use crate::store::RejectReason;
use crate::store::source::REJECT_BYTES;

/// The lines of a file, piece by piece.
pub(crate) struct PieceReader<'a> {
    decoder: Decoder<'a>,
    body: Body,
    /// The beginning of a line, for the next piece.
    tail: Vec<u8>,
    /// Bytes after decompression, so far.
    decoded: u64,
    end: Option<End>,
    mode: Mode,
    /// The ids of the events of the load, where repeated ones are noticed.
    event_ids: Option<Arc<EventIds>>,
    /// The order of the fields, where it was given or accepted.
    order: Option<FileOrder>,
}

/// What a file contains, and what reads it.
enum Body {
    /// Nothing has been read yet.
    Unknown,
    Text,
    Rows(Box<dyn RowReader>),
    /// Rows, the last of which has been given.
    Finished(Box<dyn RowReader>),
    /// Columns, which have no lines, and their first bytes.
    Columns(Vec<u8>),
    Unsupported(Unsupported),
}

/// How much to wait for.
pub(crate) enum Mode {
    /// Pieces of full size.
    Whole,
    /// Whatever has come: the rest of a stream may come late.
    Stream,
    /// Pieces of full size, without a last line that has no end yet.
    Growing(Growth),
}

impl<'a> PieceReader<'a> {
    pub(crate) fn new(decoder: Decoder<'a>, mode: Mode) -> Self {
        Self {
            decoder,
            body: Body::Unknown,
            tail: Vec::new(),
            decoded: 0,
            end: None,
            mode,
            event_ids: None,
            order: None,
        }
    }

    /// The same, noticing events that repeat an id.
    pub(crate) fn with_event_ids(self, event_ids: Arc<EventIds>) -> Self {
        let event_ids = Some(event_ids);
        Self { event_ids, ..self }
    }

    /// The same, where the order of the fields of records was given or accepted.
    pub(crate) fn with_order(self, order: Option<FileOrder>) -> Self {
        Self { order, ..self }
    }

    /// The rest of a file whose beginning has been read, by `reader` where it has rows. `takes_last_line` says whether a
    /// line of text without an end is taken as it is.
    pub(crate) fn resume(
        decoder: Decoder<'a>,
        reader: Option<Box<dyn RowReader>>,
        takes_last_line: bool,
    ) -> Self {
        let growth = Growth {
            is_resumed: true,
            held: 0,
            duplicates: reader.as_ref().map_or(0, |reader| reader.duplicates()),
            takes_last_line,
        };
        Self {
            body: reader.map_or(Body::Text, Body::Rows),
            ..Self::new(decoder, Mode::Growing(growth))
        }
    }

    /// Whether there will be no more; else there is nothing now.
    pub(crate) fn is_over(&self) -> bool {
        self.end.is_some()
    }

    /// Bytes taken from the file so far.
    pub(crate) fn taken(&self) -> u64 {
        self.decoder.taken()
    }

    /// Bytes after decompression so far.
    pub(crate) fn decoded(&self) -> u64 {
        self.decoded
    }

    /// Whether the file has columns instead of lines, once there are no lines.
    pub(crate) fn is_columns(&self) -> bool {
        matches!(self.body, Body::Columns(_))
    }

    /// What gives the rest of a file of columns, and its beginning.
    pub(crate) fn into_decoder(self) -> (Decoder<'a>, Vec<u8>) {
        let begin = match self.body {
            Body::Columns(begin) => begin,
            _ => Vec::new(),
        };
        (self.decoder, begin)
    }

    /// Whether appended bytes can be read from the end of the file.
    fn can_grow(&self) -> bool {
        self.is_growing_stream() && matches!(self.body, Body::Text | Body::Rows(_))
    }

    /// Whether the last line or row of a file that grows waits for its end: its writer may not be done yet. The writer of a
    /// compressed file may begin a new member within a line.
    fn is_unfinished(&self) -> bool {
        let takes_last_line = match (&self.mode, &self.end, &self.body) {
            (Mode::Growing(growth), Some(End::Whole), Body::Text) => growth.takes_last_line,
            _ => false,
        };
        self.is_growing_stream() && !takes_last_line
    }

    /// Whether the file is followed and ends where more may be appended.
    fn is_growing_stream(&self) -> bool {
        matches!(self.mode, Mode::Growing(_))
            && matches!(self.end, Some(End::Whole | End::Truncated(_)))
            && self.decoder.is_unconverted()
    }

    /// How the file ended, once it is over.
    pub(crate) fn into_outcome(self) -> Outcome {
        let can_grow = self.can_grow();
        let (held, counted) = match &self.mode {
            Mode::Growing(growth) => (growth.held, growth.duplicates),
            Mode::Whole | Mode::Stream => (0, 0),
        };
        let mut outcome = Outcome {
            end: self.end.unwrap_or(End::Stopped),
            format: TEXT,
            duplicates: 0,
            log_group: None,
            problem: None,
            unsupported: None,
            without_records: None,
            taken: self.decoder.taken(),
            decoded: self.decoded,
            compression: self.decoder.compression(),
            has_bad_checksum: self.decoder.has_bad_checksum(),
            rest: None,
            warnings: self.decoder.warnings,
            doubts: Vec::new(),
        };
        match self.body {
            Body::Unknown | Body::Text | Body::Columns(_) => {
                outcome.rest = can_grow.then_some(Rest {
                    held,
                    reader: None,
                    is_open: held > 0,
                });
            }
            Body::Unsupported(unsupported) => {
                outcome.format = unsupported.format;
                outcome.unsupported = Some(unsupported);
            }
            Body::Rows(mut reader) | Body::Finished(mut reader) => {
                outcome.format = reader.format();
                outcome.duplicates = reader.duplicates() - counted;
                outcome.problem = reader.problem();
                outcome.unsupported = reader.unsupported();
                outcome.doubts = reader.doubts();
                outcome.warnings.extend(reader.warnings());
                if let Some(groups) = reader.log_groups() {
                    outcome.warnings.extend(groups.warning());
                    outcome.log_group = groups.only().map(str::to_owned);
                }
                outcome.without_records = reader.without_records();
                let is_open = reader.is_open();
                reader.input().shrink();
                outcome.rest = can_grow.then_some(Rest {
                    held: 0,
                    reader: Some(reader),
                    is_open,
                });
            }
        }
        outcome
    }

    /// Puts the next lines into `piece`, or returns false where there are none.
    pub(crate) fn next(&mut self, piece: &mut Piece) -> bool {
        piece.clear(LineSource::Text);
        if self.end.is_none() {
            self.take_tail(piece);
            if matches!(self.body, Body::Unknown) {
                self.begin(piece);
            }
            if matches!(self.body, Body::Text) {
                self.fill(piece);
            }
        }
        if matches!(self.body, Body::Rows(_)) {
            self.read_rows(piece);
        } else if self.end.is_some() && piece.used == 0 && !self.tail.is_empty() {
            self.take_tail(piece);
            piece.replace_with_reject(RejectReason::CutOff);
        }
        piece.used > 0
    }

    fn take_tail(&mut self, piece: &mut Piece) {
        piece.used = self.tail.len();
        make_room(piece);
        piece.text[..self.tail.len()].copy_from_slice(&self.tail);
        self.tail.clear();
    }

    /// Reads until the format is clear, and removes a byte order mark.
    fn begin(&mut self, piece: &mut Piece) {
        let mut searched = 0;
        let (mut has_line, mut is_idle) = (false, false);
        while self.end.is_none() {
            let has_end = memchr(b'\n', &piece.text[searched..piece.used]).is_some();
            has_line |=
                piece.used > LINE_BYTES || has_end && sniff::has_first_rows(piece.content());
            searched = piece.used;
            if piece.used >= SNIFF_BYTES && is_enough(piece.content(), has_line) {
                break;
            }
            is_idle = self.read(piece);
            if is_idle && tells_format(piece.content()) {
                break;
            }
        }
        while !unsupported::is_enough(piece.content()) && self.end.is_none() && !is_idle {
            is_idle = self.read(piece);
        }
        self.end_lines_at_returns(piece);
        let skip = sniff::byte_order_mark(piece.content());
        self.body = match sniff::sniff_line(piece.content()) {
            Content::Text => {
                piece.text.copy_within(skip..piece.used, 0);
                piece.used -= skip;
                Body::Text
            }
            Content::Rows(format) => {
                let mut reader = format.open(self.event_ids.clone(), self.order.clone());
                reader.input().extend(&piece.text[skip..piece.used]);
                piece.used = 0;
                Body::Rows(reader)
            }
            Content::Columns => {
                let begin = piece.content().to_vec();
                self.stop(piece);
                Body::Columns(begin)
            }
            Content::Compressed(codec) => {
                self.stop(piece);
                Body::Unsupported(Unsupported::compressed_twice(
                    self.decoder.codec().unwrap_or(codec),
                    codec,
                ))
            }
            Content::Unsupported(unsupported) => {
                self.stop(piece);
                Body::Unsupported(unsupported)
            }
        };
    }

    /// Takes carriage returns for line ends where they part lines and there are no line feeds.
    fn end_lines_at_returns(&mut self, piece: &mut Piece) {
        let content = piece.content();
        let has_inner_return = memchr(b'\r', content).is_some_and(|at| at + 1 < content.len());
        let is_text = matches!(sniff::sniff(content), Content::Text | Content::Rows(_));
        if !has_inner_return || !is_text || memchr(b'\n', content).is_some() {
            return;
        }
        let used = piece.used;
        for byte in &mut piece.text[..used] {
            if *byte == b'\r' {
                *byte = b'\n';
            }
        }
        self.decoder.end_lines_at_returns();
    }

    /// Reads nothing more.
    fn stop(&mut self, piece: &mut Piece) {
        self.end = Some(End::Stopped);
        piece.used = 0;
    }

    /// Puts the next rows into `piece`.
    fn read_rows(&mut self, piece: &mut Piece) {
        let Body::Rows(mut reader) = std::mem::replace(&mut self.body, Body::Unknown) else {
            return;
        };
        piece.open_rows();
        self.body = loop {
            reader.read(piece);
            if piece.is_full() {
                break Body::Rows(reader);
            }
            if let Some(unsupported) = reader.unsupported() {
                piece.open_rows();
                self.end = Some(End::Stopped);
                break Body::Unsupported(unsupported);
            }
            if let Some(end) = &self.end {
                if self.is_unfinished() {
                    reader.settle(piece);
                    break Body::Rows(reader);
                }
                reader.finish(end, piece);
                break Body::Finished(reader);
            }
            if matches!(self.mode, Mode::Stream) && !piece.text.is_empty() {
                break Body::Rows(reader);
            }
            match self.decoder.read(reader.input().room()) {
                // What rows mean must not depend on the pauses of their writer.
                Ok(0) => break Body::Rows(reader),
                Ok(count) => {
                    reader.input().put(count);
                    self.decoded += count as u64;
                }
                Err(end) => self.end = Some(end),
            }
        };
        piece.close_rows();
    }

    /// Reads more bytes, and returns whether there were none yet.
    fn read(&mut self, piece: &mut Piece) -> bool {
        make_room(piece);
        let room = piece.text.len() - PAD;
        match self.decoder.read(&mut piece.text[piece.used..room]) {
            Ok(count) => {
                piece.used += count;
                self.decoded += count as u64;
                count == 0
            }
            Err(end) => {
                self.end = Some(end);
                false
            }
        }
    }

    /// Reads until the piece is full and ends with a line end.
    fn fill(&mut self, piece: &mut Piece) {
        // What has been searched for a line end is not searched again.
        let (mut searched, mut is_idle) = (0, false);
        let mut last = None;
        while self.end.is_none() {
            let new = &piece.text[searched..piece.used];
            last = memrchr(b'\n', new).map(|at| searched + at).or(last);
            searched = piece.used;
            match last {
                Some(_) if matches!(self.mode, Mode::Stream) || piece.used >= PIECE_BYTES => break,
                None if piece.used > LINE_BYTES => return self.skip_line(piece),
                _ if is_idle => break,
                _ => is_idle = self.read(piece),
            }
        }
        if self.end.is_some() {
            last = memrchr(b'\n', piece.content());
        }
        self.cut(piece, last);
    }

    /// Leaves in the piece what ends with the line end at `last`.
    fn cut(&mut self, piece: &mut Piece, last: Option<usize>) {
        let whole = last.map_or(0, |last| last + 1);
        let is_unfinished = self.is_unfinished();
        match (&self.end, &mut self.mode) {
            (Some(_), Mode::Growing(growth)) if is_unfinished => {
                // What begins with white space may still turn out to be anything.
                let is_open = !growth.is_resumed
                    && self.decoded <= WHITE_BYTES as u64
                    && piece.content()[..whole].iter().all(u8::is_ascii_whitespace);
                let whole = if is_open { 0 } else { whole };
                growth.held = piece.used - whole;
                piece.used = whole;
            }
            (
                None
                | Some(End::Truncated(_) | End::Corrupt(..) | End::Unsupported(..) | End::Failed(_)),
                _,
            ) => {
                self.tail.extend_from_slice(&piece.text[whole..piece.used]);
                piece.used = whole;
            }
            (Some(End::Stopped), _) => piece.used = whole,
            (Some(End::Whole | End::BadChecksum(_)), _) if whole < piece.used => {
                piece.text[piece.used] = b'\n';
                piece.used += 1;
            }
            (Some(End::Whole | End::BadChecksum(_)), _) => {}
        }
    }

    /// Passes over the rest of a line that is too long.
    fn skip_line(&mut self, piece: &mut Piece) {
        while self.end.is_none() {
            piece.used = REJECT_BYTES;
            self.read(piece);
            let rest = &piece.text[REJECT_BYTES..piece.used];
            if let Some(at) = memchr(b'\n', rest) {
                self.tail.extend_from_slice(&rest[at + 1..]);
                break;
            }
        }
        piece.used = REJECT_BYTES;
        piece.replace_with_reject(RejectReason::LineTooLong);
    }
}

/// Whether it is clear what a file is that begins so.
fn is_enough(bytes: &[u8], has_line: bool) -> bool {
    let mut letters = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    let is_open = match letters.next() {
        None => true,
        Some(b'{' | b'[') => letters.next().is_none(),
        Some(_) => false,
    };
    let is_text = sniff::sniff(bytes) == Content::Text;
    (has_line || !is_text) && (!is_open || bytes.len() > WHITE_BYTES)
}

/// Whether what has come of a stream shows its format, so that it is read while nothing more comes. A first line of names
/// that are no fields may be the header of a table, which the rows below tell from text.
fn tells_format(bytes: &[u8]) -> bool {
    let is_row = |line: &[u8]| str::from_utf8(line).is_ok_and(resembles_record);
    bytes.ends_with(b"\n")
        && (sniff::has_first_rows(bytes)
            || sniff::sniff_line(bytes) != Content::Text
            || bytes.split(|byte| *byte == b'\n').any(is_row))
}

/// So much white space, and what begins with it is text.
const WHITE_BYTES: usize = 4096;

/// The name of what is read as it stands.
pub(crate) const TEXT: &str = "text";

/// Makes the text of a piece longer where less than a few reads would fit.
fn make_room(piece: &mut Piece) {
    let wanted = if piece.used < PIECE_BYTES {
        PIECE_BYTES + PIECE_BYTES / 4
    } else {
        piece.used + PIECE_BYTES
    };
    if piece.text.len() < wanted + PAD {
        piece.text.resize(wanted + PAD, 0);
    }
}
