//! Cuts unpacked bytes into pieces of whole lines, with bounded memory whatever the lines are like.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use memchr::{memchr, memrchr};

use super::csv::Csv;
use super::event_ids::EventIds;
use super::json::Json;
use super::sniff::{Content, ENOUGH, Unsupported, sniff, sniff_line};
use super::transcoder::Transcoder;
use super::unsupported;
use crate::ingest::source::decode::{Decoder, End};
use crate::ingest::text::parse::LINE_BYTES;
use crate::ingest::text::swar::PAD;
use crate::store::ReadProblem;
use crate::store::source::REJECT_BYTES;

/// How much text a piece holds, more or less: what the second-level cache of a core takes with room to spare.
pub(crate) const PIECE_BYTES: usize = 1 << 18;

/// What a piece holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whole lines, each with its line end.
    #[default]
    Lines,
    /// Lines of a transcoder, in which marks are honoured.
    Rows,
    /// The beginning of one line that is longer than [`LINE_BYTES`].
    TooLong,
    /// The beginning of a line whose end is lost.
    CutOff,
}

/// Some text.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    /// The text, and at least [`PAD`] bytes behind it.
    pub(crate) text: Vec<u8>,
    /// How long the text is.
    pub(crate) used: usize,
    /// What it holds.
    pub(crate) kind: Kind,
}

impl Piece {
    /// The text without the bytes behind it.
    pub(crate) fn content(&self) -> &[u8] {
        &self.text[..self.used]
    }

    /// Whether its lines may begin with the marks of [`super::rows`].
    pub(crate) fn has_marks(&self) -> bool {
        self.kind == Kind::Rows
    }
}

/// The text of a file, piece by piece.
pub(crate) struct Feed<'a> {
    decoder: Decoder<'a>,
    /// The beginning of a line, for the next piece.
    tail: Vec<u8>,
    decoded: u64,
    end: Option<End>,
    foreign: Option<Unsupported>,
    /// What makes lines of what is no text.
    transcoder: Option<Transcoder>,
    /// Whether that has given all that it has.
    is_finished: bool,
    /// The first bytes of what turned out to be Parquet, which has no lines.
    parquet: Option<Vec<u8>>,
    /// Whether to give lines as soon as they come, because nobody knows when more will.
    is_eager: bool,
    /// Whether there was nothing to read just now.
    is_idle: bool,
    /// Of a file that may grow: a last line without an end is left for later.
    growth: Option<Growth>,
    /// The events of the load, where those that come twice are noticed.
    events: Option<Arc<EventIds>>,
}

/// What is known of a file that may grow.
struct Growth {
    /// Whether it begins in the middle of the file, of which is known what it is.
    is_resumed: bool,
    /// How long the last line is that has no end.
    held: usize,
    /// How many events had been met before what is read now.
    duplicates: u64,
}

impl<'a> Feed<'a> {
    /// The text that `decoder` gives.
    pub(crate) fn new(decoder: Decoder<'a>, is_eager: bool) -> Self {
        Self {
            decoder,
            tail: Vec::new(),
            decoded: 0,
            end: None,
            foreign: None,
            transcoder: None,
            is_finished: false,
            parquet: None,
            is_eager,
            is_idle: false,
            growth: None,
            events: None,
        }
    }

    /// The same, of a load whose events are these.
    pub(crate) fn noticing(self, events: Arc<EventIds>) -> Self {
        let events = Some(events);
        Self { events, ..self }
    }

    /// The same, of a file that may grow: a last line without an end is left for later. `is_resumed` says
    /// whether what comes before has been read already, by `transcoder` where it is no text.
    pub(crate) fn of_growing(self, is_resumed: bool, transcoder: Option<Transcoder>) -> Self {
        let growth = Some(Growth {
            is_resumed,
            held: 0,
            duplicates: transcoder.as_ref().map_or(0, Transcoder::duplicates),
        });
        Self {
            transcoder,
            growth,
            ..self
        }
    }

    /// Whether there will be no more; else there is nothing now.
    pub(crate) fn is_over(&self) -> bool {
        self.end.is_some()
    }

    /// How many bytes of a last line without an end have been left for later; none where more bytes behind these
    /// would not be more of the same. A transcoder leaves none: it keeps them.
    pub(crate) fn growing(&self) -> Option<usize> {
        let is_plain = self.decoder.is_plain() && self.foreign.is_none() && self.parquet.is_none();
        let growth = self.growth.as_ref();
        growth
            .filter(|_| is_plain && matches!(self.end, Some(End::Whole)))
            .map(|growth| growth.held)
    }

    /// Whether what may grow ends in the middle of something.
    pub(crate) fn is_unended(&self) -> bool {
        let is_open = self.transcoder.as_ref().is_some_and(Transcoder::is_open);
        is_open || self.growing().is_some_and(|held| held > 0)
    }

    /// What goes on when more has come to a file that may grow and is no text.
    pub(crate) fn take_transcoder(&mut self) -> Option<Transcoder> {
        let transcoder = self.growing().and_then(|_| self.transcoder.take());
        transcoder.map(Transcoder::waiting)
    }

    /// How many bytes have been taken from the file.
    pub(crate) fn taken(&self) -> u64 {
        self.decoder.taken()
    }

    /// How many bytes there are after unpacking, so far.
    pub(crate) fn decoded(&self) -> u64 {
        self.decoded
    }

    /// What its content turned out to be.
    pub(crate) fn format(&self) -> &'static str {
        match (&self.foreign, &self.transcoder) {
            (Some(foreign), _) => foreign.format,
            (None, Some(transcoder)) => transcoder.format(),
            (None, None) => TEXT,
        }
    }

    /// How many of its events had been met before.
    pub(crate) fn duplicates(&self) -> u64 {
        let known = self.growth.as_ref().map_or(0, |growth| growth.duplicates);
        let all = self.transcoder.as_ref().map_or(0, Transcoder::duplicates);
        all - known
    }

    /// Where its content breaks off, if it does.
    pub(crate) fn problem(&self) -> Option<ReadProblem> {
        self.transcoder.as_ref().and_then(Transcoder::problem)
    }

    /// What it is, where it came to nothing that is read.
    pub(crate) fn unread(&self) -> Option<Unsupported> {
        self.transcoder.as_ref().and_then(Transcoder::unread)
    }

    /// How it ended, what should be known besides, and what it was if it was no text. Once it is over.
    pub(crate) fn into_end(self) -> (End, Vec<String>, Option<Unsupported>) {
        (
            self.end.unwrap_or(End::Stopped),
            self.decoder.warnings,
            self.foreign,
        )
    }

    /// Whether it turned out to be Parquet, once there are no lines.
    pub(crate) fn is_parquet(&self) -> bool {
        self.parquet.is_some()
    }

    /// What gives the rest of what is no text, and its beginning.
    pub(crate) fn into_decoder(self) -> (Decoder<'a>, Vec<u8>) {
        (self.decoder, self.parquet.unwrap_or_default())
    }

    /// Puts the next lines into `piece`, or says that there are none.
    pub(crate) fn next(&mut self, piece: &mut Piece) -> bool {
        piece.kind = Kind::Lines;
        piece.used = 0;
        self.is_idle = false;
        if self.end.is_none() {
            self.take_tail(piece);
            let is_resumed = self.growth.as_ref().is_some_and(|growth| growth.is_resumed);
            if self.decoded == 0 && !is_resumed {
                self.begin(piece);
            }
            if self.transcoder.is_none() {
                self.fill(piece);
            }
        }
        if let Some(transcoder) = self.transcoder.take() {
            self.transcode(transcoder, piece);
            return piece.used > 0;
        }
        if self.end.is_some() && piece.used == 0 && !self.tail.is_empty() {
            self.take_tail(piece);
            piece.kind = Kind::CutOff;
        }
        piece.used > 0
    }

    fn take_tail(&mut self, piece: &mut Piece) {
        piece.used = self.tail.len();
        make_room(piece);
        piece.text[..self.tail.len()].copy_from_slice(&self.tail);
        self.tail.clear();
    }

    /// Reads until it is clear what the bytes are, and takes away a byte order mark.
    fn begin(&mut self, piece: &mut Piece) {
        let mut searched = 0;
        let mut has_line = false;
        while self.end.is_none() {
            let new = &piece.text[searched..piece.used];
            has_line |= memchr(b'\n', new).is_some() || piece.used > LINE_BYTES;
            searched = piece.used;
            if piece.used >= ENOUGH && is_enough(piece.content(), has_line) {
                break;
            }
            self.read(piece);
            if self.is_idle && piece.content().ends_with(b"\n") {
                break;
            }
        }
        while !unsupported::is_enough(piece.content()) && self.end.is_none() && !self.is_idle {
            self.read(piece);
        }
        if let Some(foreign) = unsupported::recognise(piece.content()) {
            return self.refuse(piece, foreign);
        }
        match sniff_line(piece.content()) {
            Content::Text { skip } => {
                piece.text.copy_within(skip..piece.used, 0);
                piece.used -= skip;
            }
            Content::Json { skip } => {
                self.change(
                    Transcoder::Json(Box::new(Json::new(self.events.clone()))),
                    piece,
                    skip,
                );
            }
            Content::Csv { skip, separator } => {
                self.change(Transcoder::Csv(Box::new(Csv::new(separator))), piece, skip);
            }
            Content::Gzip => self.refuse(piece, TWICE),
            Content::Parquet => {
                self.parquet = Some(piece.content().to_vec());
                self.end = Some(End::Stopped);
                piece.used = 0;
            }
            Content::Unsupported(foreign) => self.refuse(piece, foreign),
        }
    }

    /// Leaves the bytes from here on to a transcoder.
    fn change(&mut self, mut transcoder: Transcoder, piece: &mut Piece, skip: usize) {
        transcoder.input().extend(&piece.text[skip..piece.used]);
        self.transcoder = Some(transcoder);
        piece.used = 0;
    }

    /// Puts the next lines that `transcoder` makes into `piece`.
    fn transcode(&mut self, mut transcoder: Transcoder, piece: &mut Piece) {
        piece.kind = Kind::Rows;
        piece.text.clear();
        while !transcoder.run(&mut piece.text) {
            if let Some(foreign) = transcoder.foreign() {
                piece.text.clear();
                self.foreign = Some(foreign);
                self.end = Some(End::Stopped);
            }
            if let Some(end) = &self.end {
                if self.growing().is_none() && !std::mem::replace(&mut self.is_finished, true) {
                    transcoder.finish(end, &mut piece.text);
                }
                break;
            }
            if self.is_eager && !piece.text.is_empty() {
                break;
            }
            match self.decoder.read(transcoder.input().room()) {
                // Nothing comes now.
                Ok(0) => break,
                Ok(count) => {
                    transcoder.input().put(count);
                    self.decoded += count as u64;
                }
                Err(end) => self.end = Some(end),
            }
        }
        piece.used = piece.text.len();
        piece.text.resize(piece.used + PAD, 0);
        self.transcoder = Some(transcoder);
    }

    fn refuse(&mut self, piece: &mut Piece, foreign: Unsupported) {
        self.foreign = Some(foreign);
        self.end = Some(End::Stopped);
        piece.used = 0;
    }

    fn read(&mut self, piece: &mut Piece) {
        make_room(piece);
        let room = piece.text.len() - PAD;
        match self.decoder.read(&mut piece.text[piece.used..room]) {
            Ok(count) => {
                self.is_idle = count == 0;
                piece.used += count;
                self.decoded += count as u64;
            }
            Err(end) => self.end = Some(end),
        }
    }

    /// Reads until the piece is full and ends with a line end.
    fn fill(&mut self, piece: &mut Piece) {
        // A line end that was looked for once is not looked for again.
        let mut searched = 0;
        let mut last = None;
        while self.end.is_none() {
            let new = &piece.text[searched..piece.used];
            last = memrchr(b'\n', new).map(|at| searched + at).or(last);
            searched = piece.used;
            match last {
                Some(_) if self.is_eager || piece.used >= PIECE_BYTES => break,
                None if piece.used > LINE_BYTES => return self.skip_line(piece),
                _ if self.is_idle => break,
                _ => self.read(piece),
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
        match (&self.end, &mut self.growth) {
            (None | Some(End::Truncated | End::Corrupt(_) | End::Failed(_)), _) => {
                self.tail.extend_from_slice(&piece.text[whole..piece.used]);
                piece.used = whole;
            }
            (Some(End::Stopped), _) => piece.used = whole,
            (Some(End::Whole), Some(growth)) => {
                // What begins with white space may still turn out to be anything.
                let is_open = !growth.is_resumed
                    && self.decoded <= WHITE_BYTES as u64
                    && piece.content().iter().all(u8::is_ascii_whitespace);
                let whole = if is_open { 0 } else { whole };
                growth.held = piece.used - whole;
                piece.used = whole;
            }
            (Some(End::Whole | End::BadChecksum), _) if whole < piece.used => {
                piece.text[piece.used] = b'\n';
                piece.used += 1;
            }
            (Some(End::Whole | End::BadChecksum), _) => {}
        }
    }

    /// Passes over the rest of a line that is too long.
    fn skip_line(&mut self, piece: &mut Piece) {
        piece.kind = Kind::TooLong;
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
    let is_text = matches!(sniff(bytes), Content::Text { .. });
    (has_line || !is_text) && (!is_open || bytes.len() > WHITE_BYTES)
}

/// So much white space, and what begins with it is text.
const WHITE_BYTES: usize = 4096;

/// The name of what is read as it stands.
const TEXT: &str = "text";

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

const TWICE: Unsupported = Unsupported::form(
    "gzip",
    "packed with gzip twice",
    "unpack it once: gzip -d < FILE",
);
