//! Samples the first lines of a file before they are read: what stands around them, and the order of their fields.

mod known_orders;

use std::sync::Arc;

use memchr::memchr;

use crate::ingest::infer;
use crate::ingest::text::fit::Score;
use crate::ingest::text::known_formats;
use crate::ingest::text::known_order;
use crate::ingest::text::known_order::columns::{is_stream, names_around};
use crate::ingest::text::layout_state::{LayoutState, WRITE_TEST};
use crate::ingest::text::layouts::W3C_FIELDS;
use crate::ingest::text::layouts::log_formats::Known;
use crate::ingest::text::piece::{LineSource, Piece};
use crate::ingest::text::wrapping::{BETWEEN, Wrapping};
use crate::ingest::text::zone::InputZone;
use crate::ingest::text::{missing, value};
use crate::schema::{FieldId, Value, id};
use crate::store::{InferredColumn, InferredOrder};
use crate::store::{Layout, LineStyle, ReadProblem};

/// The most lines that are sampled, and the most bytes.
const SURVEY_LINES: usize = 400;
const SURVEY_BYTES: usize = 1 << 16;
/// How many of them are kept with a proposal, and how many characters of a word.
const LINES_SHOWN: usize = 8;
const WORD_CHARS: usize = 64;

/// As [`infer::MIN_CONFIDENCE`], in whole percent.
const MIN_PERCENT: u8 = percent(infer::MIN_CONFIDENCE);

/// What the first lines of a file show.
#[derive(Debug, Default)]
pub(crate) struct Finding {
    /// The inferred order of its columns, where it is unknown.
    pub(crate) inferred_order: Option<InferredOrder>,
    /// What should be known of it.
    pub(crate) warning: Option<String>,
    /// Why it cannot be read.
    pub(crate) problem: Option<ReadProblem>,
}

impl LayoutState<'_> {
    /// Looks at the first lines of a file before they are read. `piece` begins with the first of them that were
    /// not looked at yet.
    pub(crate) fn survey(&mut self, piece: &Piece) -> Finding {
        let mut finding = Finding::default();
        // Rows under names say which columns they have.
        let has_names = self
            .layout()
            .is_some_and(|layout| layout.style != LineStyle::Words);
        if self.is_settled || has_names {
            return finding;
        }
        self.unnamed_style = self.unnamed_style.or_else(|| piece.unnamed_style());
        let before = self.layout().cloned();
        match self.unnamed_style {
            Some(style) => self.survey_rows(piece, style, &mut finding),
            None => self.survey_lines(piece, &mut finding),
        }
        if self.layout() != before.as_ref() {
            let active = &mut self.active;
            active.without_header.clone_from(&active.layout);
        }
        finding
    }

    /// Finds the order of the rows of a table without a header.
    fn survey_rows(&mut self, piece: &Piece, style: LineStyle, finding: &mut Finding) {
        let words = |row| {
            let values = piece.texts(row)?;
            let words = values.map(|value| table_word(value, self.zone()));
            Some(words.collect::<Vec<_>>().join(" "))
        };
        let mut bytes = 0;
        let is_within = |line: &String| {
            bytes += line.len();
            bytes <= SURVEY_BYTES
        };
        let lines: Vec<String> = piece
            .first_rows()
            .take(SURVEY_LINES)
            .filter_map(words)
            .take_while(is_within)
            .collect();
        if lines.is_empty() {
            return;
        }
        self.is_settled = lines.len() == SURVEY_LINES || bytes > SURVEY_BYTES;
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        self.find_order(&lines, finding);
        let fields = match self.layout() {
            Some(layout) => Some(layout.fields.clone()),
            // Unlike a line, a row is not read in an order of its own.
            None => lines
                .iter()
                .find_map(|line| known_formats::order(line))
                .filter(|(words_before, _)| *words_before == 0)
                .map(|(_, fields)| fields.to_vec()),
        };
        // Their values are spelled as those of other tables.
        self.active.layout = fields.map(|fields| self.layouts.intern(fields, None, style));
        self.active.others.clear();
    }

    /// Finds the order of lines of text, or of messages.
    fn survey_lines(&mut self, piece: &Piece, finding: &mut Finding) {
        let text = piece.text_before_rows();
        if self.is_plain(text) {
            self.is_settled = true;
            return;
        }
        let (lines, is_enough) = first_lines(text);
        if lines == [WRITE_TEST] {
            let warning = "it has no records: CloudWatch export tasks write this file to test their permissions";
            finding.warning = Some(warning.into());
        }
        if piece.source == LineSource::Text {
            self.active.wrapping = Wrapping::of(&lines);
        }
        let lines: Vec<String> = lines
            .iter()
            .map(|line| self.strip(line).into_owned())
            .filter(|line| line != BETWEEN && line != WRITE_TEST)
            .collect();
        let layouts = self.layouts;
        let is_header = |line: &String| layouts.is_header(line);
        self.is_settled = is_enough || lines.iter().any(is_header);
        let before: Vec<&str> = lines
            .iter()
            .take_while(|line| !is_header(line))
            .map(String::as_str)
            .collect();
        if !before.is_empty() {
            self.find_order(&before, finding);
        }
    }

    /// Whether the first line alone determines the layout, as in nearly all files.
    fn is_plain(&self, text: &[u8]) -> bool {
        // The text of a line with a note is empty.
        let noted = text.iter().take_while(|byte| **byte == b'\n').count();
        let text = text.get(noted..).unwrap_or_default();
        let end = memchr(b'\n', text).unwrap_or(text.len());
        let line = text.get(..end).and_then(|line| str::from_utf8(line).ok());
        let next = text.get(end + 1..).unwrap_or_default();
        line.is_some_and(|line| {
            self.layouts.is_header(line)
                || self.known == Known::Nothing && is_known(line) && is_alike(line, next)
        })
    }

    /// Finds the order of `lines`, which have no header.
    fn find_order(&mut self, lines: &[&str], finding: &mut Finding) {
        let rows: Vec<Vec<&str>> = lines
            .iter()
            .map(|line| known_formats::record_words(line))
            .collect();
        if let Known::Given(layout) = &self.known {
            if let Some(around) = self.around_given(&rows, &layout.fields) {
                self.active.layout = Some(around);
            }
            self.is_settled = true;
            return;
        }
        if let Known::Described(layout, _) | Known::Remembered(layout) = &self.known {
            let around = self.around_given(&rows, &layout.fields);
            if around.is_some() {
                finding.warning = self.known.note();
                self.active.layout = around;
                self.is_settled = true;
                return;
            }
            // It is of another flow log.
            self.active.layout = None;
        }
        if self.find_known(&rows, finding) {
            self.is_settled = true;
            return;
        }
        if lines
            .iter()
            .any(|line| known_formats::order(line).is_some())
        {
            self.is_settled = true;
            return;
        }
        if let Known::Unclear(problem) = &self.known {
            finding.problem = Some(problem.clone());
            return;
        }
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        finding.inferred_order = self.guess(&rows);
        if let Some(guess) = finding
            .inferred_order
            .as_mut()
            .filter(|guess| guess.confidence >= MIN_PERCENT)
        {
            self.active.layout = Some(self.use_guess(guess));
            self.is_settled = true;
        }
    }

    /// The layout of an inferred order that is sure enough.
    fn use_guess(&self, guess: &mut InferredOrder) -> Arc<Layout> {
        guess.is_used = true;
        let names: Vec<&str> = guess.columns.iter().map(|column| &*column.name).collect();
        let fields = self.layouts.fields(&names);
        self.layouts.intern(fields, None, LineStyle::Words)
    }

    /// The layout of `rows`, most of which have records of `fields`, perhaps with words before and after them.
    fn around_given(&self, rows: &[Vec<&str>], fields: &[FieldId]) -> Option<Arc<Layout>> {
        let (prefix, row) = place_of(rows, fields)?;
        let (names, extra) = names_around(prefix, fields.len(), row);
        if names.is_empty() && extra.is_empty() {
            return Some(self.layouts.of_fields(fields.to_vec()));
        }
        Some(self.layouts.around(&names, fields, &extra))
    }

    /// What the columns of `rows` seem to be.
    fn guess(&self, rows: &[&[&str]]) -> Option<InferredOrder> {
        let times = rows
            .iter()
            .filter(|row| known_formats::event_counts(row) != [0]);
        let count = if 2 * times.count() <= rows.len() {
            0
        } else {
            let has_stream = |row: &&&[&str]| row.get(1).is_some_and(|word| is_stream(word));
            let streams = rows.iter().filter(has_stream).count();
            1 + usize::from(2 * streams > rows.len())
        };
        let records: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| row.get(count..).unwrap_or_default().to_vec())
            .collect();
        let inference = infer::detect(&records, &[])?;
        let first = rows.first().copied().unwrap_or_default();
        let (event, _) = names_around(count, first.len().saturating_sub(count), first);
        let named = |name| InferredColumn {
            name,
            confidence: 99,
        };
        let mut columns: Vec<InferredColumn> = event.into_iter().map(named).collect();
        for guess in &inference.columns {
            let name = match guess.field {
                Some(field) => self.layouts.catalog.name(field),
                None => format!("column-{}", columns.len() + 1),
            };
            columns.push(InferredColumn {
                name,
                // 0 stands for a column that is unknown.
                confidence: percent(guess.confidence).max(u8::from(guess.field.is_some())),
            });
        }
        Some(InferredOrder {
            lines: shown(rows, columns.len()),
            confidence: percent(inference.confidence),
            records: inference.records,
            columns,
            is_used: false,
        })
    }
}

/// The first lines of `text` that are neither blank nor remarks, and whether the sample is complete.
fn first_lines(text: &[u8]) -> (Vec<&str>, bool) {
    let mut lines = Vec::new();
    let mut bytes = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if lines.len() == SURVEY_LINES || bytes > SURVEY_BYTES {
            return (lines, true);
        }
        bytes += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let Ok(line) = str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)) else {
            continue;
        };
        let is_remark = line.starts_with('#') && !line.starts_with(W3C_FIELDS);
        if !is_remark
            && !line.trim().is_empty()
            && line.len() <= SURVEY_BYTES
            && !line.contains('\0')
        {
            lines.push(line);
        }
    }
    (lines, bytes > SURVEY_BYTES)
}

/// A value of a table as text has it, so that it is recognized: missing values, whole numbers and times are spelled as
/// AWS does.
fn table_word(value: &str, zone: InputZone) -> String {
    let value = value.trim();
    if missing::is_missing_unless_text(value.as_bytes()) {
        return "-".into();
    }
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    let reading = match value::whole_of_float(value) {
        Some((number, None)) if !is_number => Some(number),
        _ if value.contains(':') => match value::read_loosely(id::START, value, zone) {
            Some((Value::Number(time), _)) => Some(time),
            _ => None,
        },
        _ => None,
    };
    match reading {
        Some(number) => number.to_string(),
        None => value.replace(' ', "_"),
    }
}

/// The words of the first of `rows` that have `width` words, to be shown.
fn shown(rows: &[&[&str]], width: usize) -> Vec<Vec<String>> {
    let rows = rows.iter().filter(|row| row.len() == width);
    let cut = |word: &&str| word.chars().take(WORD_CHARS).collect();
    rows.take(LINES_SHOWN)
        .map(|row| row.iter().map(cut).collect())
        .collect()
}

/// How many words stand before records of `fields` in most of `rows`, where these fit at all, and one of these rows.
fn place_of<'r>(rows: &'r [Vec<&'r str>], fields: &[FieldId]) -> Option<(usize, &'r [&'r str])> {
    let fits = |row: &Vec<&str>, prefix: usize| {
        let record = row.get(prefix..prefix + fields.len());
        let score = record.and_then(|words| Score::of(fields, words));
        score.is_some_and(|score| 8 * score.wrong <= fields.len())
    };
    (0..=known_order::MAX_PREFIX_WORDS).find_map(|prefix| {
        let mut fitting = rows.iter().filter(|row| fits(row, prefix));
        let first = fitting.next()?;
        // Lines of one kind have as many words behind the record.
        let alike = fitting.filter(|row| row.len() == first.len()).count() + 1;
        (2 * alike > rows.len()).then_some((prefix, first.as_slice()))
    })
}

/// Whether a line is a record in a known order, with nothing around it.
fn is_known(line: &str) -> bool {
    let words = known_formats::record_words(line);
    let is_bare = |known: known_order::KnownLine| known.prefix == 0 && known.extra == 0;
    known_order::recognize(&words).is_some_and(is_bare)
        || matches!(known_formats::order(line), Some((0, order)) if fits_well(order, &words))
}

/// Whether no word contradicts `order`.
fn fits_well(order: &[FieldId], words: &[&str]) -> bool {
    Score::of(order, words).is_some_and(|score| score.wrong == 0)
}

/// Whether the line that `next` begins with has as many words as `line`, as far as it is there.
fn is_alike(line: &str, next: &[u8]) -> bool {
    let Some(end) = memchr(b'\n', next) else {
        return true;
    };
    let next = next.get(..end).and_then(|line| str::from_utf8(line).ok());
    let count = |line| known_formats::record_words(line).len();
    next.is_some_and(|next| count(next) == count(line))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 100"
)]
const fn percent(share: f64) -> u8 {
    share.clamp(0.0, 100.0) as u8
}
