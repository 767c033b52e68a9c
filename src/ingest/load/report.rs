//! The report of one file: how many lines became what, and how the file ended.

mod misfits;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use self::misfits::Misfits;
use crate::format;
use crate::format::InternalError;
use crate::ingest::builder::ChunkBuilder;
use crate::ingest::formats::parquet;
use crate::ingest::formats::piece_reader::TEXT;
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::source::decode::End;
use crate::ingest::source::input_file::{Discovery, InputFile};
use crate::ingest::text::fit::resembles_record;
use crate::ingest::text::known_order::columns;
use crate::ingest::text::layouts;
use crate::ingest::text::parse::Record;
use crate::ingest::text::value::Doubt;
use crate::schema::{self, FieldId, Kind, id};
use crate::store::source::REJECT_BYTES;
use crate::store::{
    Assumed, Catalog, Layout, LineCounts, ReadProblem, Reject, RejectReason, Rejects, Source,
    Status,
};

/// The report of one file, or of a part of it.
#[derive(Debug, Default)]
pub(crate) struct FileReport {
    /// An index into the sources.
    pub(crate) source: u32,
    /// How many lines became what.
    pub(crate) line_counts: LineCounts,
    /// The lines that were not read.
    pub(crate) rejects: Rejects,
    /// The layouts seen, in order.
    layouts: Vec<Arc<Layout>>,
    /// Where each of them is in memory, since each is held once: a file may have as many as lines.
    met: HashSet<usize>,
    /// Whether a time was written in a smaller unit than seconds.
    pub(crate) is_scaled: bool,
    /// Whether the records may be wrong: a checksum does not match, or the compressed stream is damaged.
    pub(crate) is_suspect: bool,
    pub(crate) status: Status,
    /// Whether a rejected line has carriage returns where line ends should be.
    has_lone_returns: bool,
    doubts: Doubts,
    /// What is unusual about the file.
    warnings: BTreeSet<String>,
    misfits: Misfits,
}

/// What had to be assumed of values.
#[derive(Debug, Default)]
struct Doubts {
    /// The first time without a zone.
    zone: Option<First>,
    /// The columns with numbers that lost digits, each with the first of them.
    digits: BTreeMap<FieldId, First>,
    /// The first account whose zeros in front were lost.
    zeros: Option<First>,
}

/// A word and its line: the first of its like in whichever order parts of a file are read.
#[derive(Debug)]
struct First {
    line: u64,
    word: String,
}

/// How much is kept of a word that stands for others like it, in characters.
const WORD_KEPT: usize = 64;

impl FileReport {
    /// Of nothing yet.
    pub(crate) fn new(source: u32) -> Self {
        Self {
            source,
            ..Self::default()
        }
    }

    /// Records a line that was not read.
    pub(crate) fn reject(&mut self, line: u64, reason: RejectReason, bytes: &[u8]) {
        self.line_counts.lines += 1;
        self.line_counts.rejects += 1;
        let inner = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let too_many = matches!(
            reason,
            RejectReason::TooManyFields | RejectReason::UnknownLayout
        );
        self.has_lone_returns |= too_many && inner.contains(&b'\r');
        let text = if self.rejects.has_room() {
            let kept = &bytes[..bytes.len().min(REJECT_BYTES)];
            String::from_utf8_lossy(kept).into_owned()
        } else {
            String::new()
        };
        self.rejects.push(Reject {
            source: self.source,
            line,
            reason,
            text,
        });
    }

    /// Notes what had to be assumed of the record in `line`.
    pub(crate) fn note(&mut self, line: u64, record: &Record<'_>) {
        self.is_scaled |= record.is_scaled;
        for (field, doubt, word) in &record.doubts {
            self.doubt(line, *field, *doubt, word);
        }
    }

    /// Records the accounts that lost digits in the rows from `line` on that `builder` is about to add.
    pub(crate) fn note_shortened(&mut self, line: u64, builder: &ChunkBuilder) {
        for (field, word) in builder.shortened() {
            self.doubt(line, field, Doubt::Digits, word);
        }
    }

    /// Records what had to be assumed of a value of `field`; `word`, in `line`, stands for others like it.
    pub(crate) fn doubt(&mut self, line: u64, field: FieldId, doubt: Doubt, word: &str) {
        let known = match doubt {
            Doubt::Zone => self.doubts.zone.as_ref(),
            Doubt::Zeros => self.doubts.zeros.as_ref(),
            Doubt::Digits => self.doubts.digits.get(&field),
        };
        if known.is_some_and(|first| first.line <= line) {
            return;
        }
        let word = word.chars().take(WORD_KEPT).collect();
        let first = First { line, word };
        match doubt {
            Doubt::Zone => self.doubts.zone = Some(first),
            Doubt::Zeros => self.doubts.zeros = Some(first),
            Doubt::Digits => {
                self.doubts.digits.insert(field, first);
            }
        }
    }

    /// Counts a line that does not fit the order that the user gave.
    pub(crate) fn misfit(&mut self, is_read: bool) {
        self.misfits.count(is_read);
    }

    /// Records something unusual about the file.
    pub(crate) fn warn(&mut self, warning: String) {
        self.warnings.insert(warning);
    }

    /// Records a layout that lines were read with.
    pub(crate) fn layout(&mut self, layout: &Arc<Layout>) {
        let is_last = |last: &Arc<Layout>| Arc::ptr_eq(last, layout);
        if self.layouts.last().is_some_and(is_last) {
            return;
        }
        if self.met.insert(Arc::as_ptr(layout).addr()) {
            self.layouts.push(Arc::clone(layout));
        }
    }

    /// Takes in the report of another part of the file.
    pub(crate) fn merge(&mut self, other: Self) {
        self.line_counts += other.line_counts;
        self.rejects.append(other.rejects);
        for layout in &other.layouts {
            self.layout(layout);
        }
        self.is_scaled |= other.is_scaled;
        self.is_suspect |= other.is_suspect;
        self.warnings.extend(other.warnings);
        self.misfits.add(other.misfits);
        self.has_lone_returns |= other.has_lone_returns;
        if self.status == Status::Ok {
            self.status = other.status;
        }
        if let Some(First { line, word }) = &other.doubts.zone {
            self.doubt(*line, id::START, Doubt::Zone, word);
        }
        if let Some(First { line, word }) = &other.doubts.zeros {
            self.doubt(*line, id::ACCOUNT_ID, Doubt::Zeros, word);
        }
        for (field, First { line, word }) in &other.doubts.digits {
            self.doubt(*line, *field, Doubt::Digits, word);
        }
    }

    /// Records that a panic ended the reading of `path`.
    pub(crate) fn panicked(&mut self, path: &Path, payload: &(dyn std::any::Any + Send)) {
        let error = InternalError::of_panic(payload).in_file(path.to_string_lossy());
        self.status = Status::Corrupt(error.into());
    }

    /// Records that the content of the file ends early or is not valid.
    pub(crate) fn broken(&mut self, problem: ReadProblem) {
        self.status = match problem {
            ReadProblem::JsonTruncated { .. } => Status::Truncated(problem),
            _ => Status::Corrupt(problem),
        };
    }

    /// Records that nothing more is read, because the records reached the memory limit.
    pub(crate) fn full(&mut self, limit: u64) {
        let is_begun = self.line_counts.lines > 0;
        self.status = Status::Limited(ReadProblem::MemoryLimit { limit, is_begun });
    }

    /// Records how the file ended. A status that is there already says more.
    pub(crate) fn end(&mut self, end: &End) {
        let status = match end {
            End::Whole if self.line_counts.bytes_decoded == 0 => Status::Empty,
            End::Whole => Status::Ok,
            End::Truncated(compression) => {
                Status::Truncated(ReadProblem::CompressedTruncated(*compression))
            }
            End::Corrupt(compression, why) => {
                self.is_suspect = true;
                Status::Corrupt(ReadProblem::CompressedDamaged {
                    compression: *compression,
                    why: why.clone(),
                })
            }
            End::BadChecksum(compression) => {
                self.is_suspect = true;
                Status::Corrupt(ReadProblem::CompressedChecksum(*compression))
            }
            End::Unsupported(compression, what) => {
                Status::Limited(ReadProblem::CompressedUnsupported {
                    compression: *compression,
                    what: what.clone(),
                })
            }
            End::Failed(error) => {
                Status::Unreadable(ReadProblem::Interrupted(format::reason(error)))
            }
            End::Stopped => Status::Stopped,
        };
        if self.status == Status::Ok {
            self.status = status;
        }
    }

    /// Decides whether `file`, which has been read, is a flow log at all. What is none has no lines in any sum, and is
    /// passed over where the user did not name it.
    pub(crate) fn decide_what_it_is(&mut self, file: &InputFile, source: &mut Source) {
        if self.line_counts.records > 0 {
            return;
        }
        if self.status == Status::Ok && !file.is_followed() {
            if self.is_foreign_text(file, source) {
                source.inferred_order = None;
                self.status = Status::Unreadable(self.foreign_text());
            } else if let Some(problem) = self.other_log() {
                self.status = Status::Unreadable(problem);
            }
        }
        let Status::Unreadable(problem @ ReadProblem::NotFlowLog { .. }) = &self.status else {
            return;
        };
        if file.discovery == Discovery::Found {
            self.status = Status::Skipped(problem.clone());
        }
        // Of a file that grows, records may still come, and its lines are counted from the first.
        if file.is_followed() {
            return;
        }
        self.line_counts = LineCounts {
            bytes_read: self.line_counts.bytes_read,
            bytes_decoded: self.line_counts.bytes_decoded,
            ..LineCounts::default()
        };
        self.rejects = Rejects::default();
        self.has_lone_returns = false;
    }

    /// Whether the lines are text without any likeness to records. A header, and one line that could be a damaged record,
    /// make it a flow log with rejected lines, whatever order its words suggest. Bytes that are no text may be what is left of
    /// one, so only the user's own word for a file makes these something else.
    fn is_foreign_text(&self, file: &InputFile, source: &Source) -> bool {
        let is_foreign = |reason: &RejectReason| {
            matches!(
                reason,
                RejectReason::UnknownLayout
                    | RejectReason::NotUtf8
                    | RejectReason::ControlCharacter
            )
        };
        source.format == TEXT
            && self.line_counts.headers == 0
            && self.line_counts.rejects > 0
            && self.rejects.by_reason.keys().all(is_foreign)
            && (file.discovery == Discovery::Named || !self.is_binary())
            && !self
                .rejects
                .kept
                .iter()
                .any(|reject| resembles_record(&reject.text))
    }

    /// Whether the lines that were not read have bytes that no text has.
    fn is_binary(&self) -> bool {
        let is_odd =
            |c: char| c == char::REPLACEMENT_CHARACTER || c.is_control() && c != '\t' && c != '\r';
        self.rejects
            .kept
            .iter()
            .any(|reject| reject.text.contains(is_odd))
    }

    fn foreign_text(&self) -> ReadProblem {
        let what = if self.is_binary() {
            "binary data"
        } else {
            "text"
        };
        let none = match self.line_counts.rejects {
            1 => "its only line is not".to_owned(),
            lines => format!("none of its {} lines is", format::count(lines)),
        };
        ReadProblem::NotFlowLog {
            what: format!("this is {what}, not a flow log: {none} like a record"),
            advice: "if it is one, name the order of its fields with --log-format".into(),
        }
    }

    /// What the file is if all that it has is from another log.
    fn other_log(&self) -> Option<ReadProblem> {
        let reasons = || self.rejects.by_reason.iter();
        let (most, count) = reasons().max_by_key(|(_, count)| **count)?;
        let is_other = |reason: &RejectReason| matches!(reason, RejectReason::OtherLog(_));
        let RejectReason::OtherLog(name) = most else {
            return None;
        };
        if !reasons().all(|(reason, _)| is_other(reason)) {
            return None;
        }
        let all = self.line_counts.rejects;
        let what = match all {
            1 => format!("the only object in it is {name}"),
            _ if *count == all => {
                format!("each of the {} objects in it is {name}", format::count(all))
            }
            _ => format!(
                "{} of the {} objects in it are each {name}, and the others are no flows either",
                format::count(*count),
                format::count(all)
            ),
        };
        let advice = if name.contains("OCSF") {
            "flow logs are OCSF events of class 4001 (Network Activity)"
        } else {
            "open the flow logs of the same VPC"
        };
        Some(ReadProblem::NotFlowLog {
            what: format!("this is not a flow log: {what}"),
            advice: advice.into(),
        })
    }

    /// Records that the file is something that is not read.
    pub(crate) fn unsupported(&mut self, unsupported: &Unsupported) {
        self.status = Status::Unreadable(unsupported.problem());
    }

    /// What is known of the file after all.
    pub(crate) fn close(self, source: &mut Source, catalog: &Catalog) -> Rejects {
        source.layouts = self.layouts;
        source.assumed = assumed(source, self.doubts, catalog);
        source.line_counts = self.line_counts;
        if self.is_suspect {
            source.line_counts.suspect = source.line_counts.records;
        }
        source.status = self.status;
        source.warnings.extend(self.warnings);
        let misfits = self.misfits.warnings(self.line_counts.records);
        source.warnings.extend(misfits);
        if self.is_scaled {
            source
                .warnings
                .push("times in milli-, micro- or nanoseconds were read as seconds".into());
        }
        let unknown = self.rejects.by_reason.get(&RejectReason::UnknownLayout);
        if let Some(count) = unknown {
            let lines = if *count == 1 {
                "line has"
            } else {
                "lines have"
            };
            source.warnings.push(format!(
                "{count} {lines} no header and no known order of fields; name the order with --log-format, \
                 or give the file a header line"
            ));
        }
        if self.has_lone_returns {
            source.warnings.push(
                "the file seems to use old Mac line endings (CR only); convert them: tr '\\r' '\\n' < FILE".into(),
            );
        }
        self.rejects
    }
}

/// What was assumed of a file, of whose values `doubts` tell.
fn assumed(source: &Source, doubts: Doubts, catalog: &Catalog) -> Vec<Assumed> {
    let mut assumed = Vec::new();
    let used = source
        .inferred_order
        .as_deref()
        .filter(|guess| guess.is_used);
    if let Some(guess) = used {
        assumed.push(Assumed::Order {
            log_format: guess.names(),
            confidence: guess.confidence,
        });
    }
    let names = match used {
        Some(guess) => {
            let unknown = guess.columns.iter().filter(|column| column.confidence == 0);
            unknown.map(|column| column.name.clone()).collect()
        }
        None => unnamed(source, catalog),
    };
    if !names.is_empty() {
        assumed.push(Assumed::Names(names));
    }
    assumed.extend(doubts.zone.map(|first| Assumed::Zone(first.word)));
    let name = |(field, first): (FieldId, First)| (catalog.name(field), first.word);
    let digits: Vec<(String, String)> = doubts.digits.into_iter().map(name).collect();
    if !digits.is_empty() {
        assumed.push(Assumed::Digits(digits));
    }
    if source
        .layouts
        .iter()
        .any(|layout| begins_with_event(layout))
    {
        assumed.push(Assumed::Start(layouts::EVENT_TIME));
    }
    assumed.extend(doubts.zeros.map(|first| Assumed::Zeros(first.word)));
    assumed
}

/// Whether the start of the records of a layout is the time of their events.
fn begins_with_event(layout: &Layout) -> bool {
    let names = layout.header.as_deref().unwrap_or_default();
    // Beside a start of its own it would be a field of its own.
    let mut times = layout
        .fields
        .iter()
        .filter(|field| field.is_address_or_time() && field.kind() == Kind::Time);
    times.next() == Some(&id::START)
        && times.next().is_none()
        && names.contains(layouts::EVENT_TIME)
        && !names
            .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '@' | '_' | '-'))
            .any(|name| schema::lookup_header(name) == Some(id::START))
}

/// The columns of a file that have no name, or one that was made up.
fn unnamed(source: &Source, catalog: &Catalog) -> Vec<String> {
    let mut names = Vec::new();
    for layout in &source.layouts {
        // Names given by the user are not "unnamed".
        let is_given = layout.header.is_none() && source.format != parquet::FORMAT;
        let extra = layout.fields.iter().filter(|field| field.def().is_none());
        for name in extra.map(|field| catalog.name(*field)) {
            let is_unnamed = if is_given {
                columns::is_unnamed(&name)
            } else {
                layouts::is_made_up(&name)
            };
            if is_unnamed && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}
