//! Reads files of columns: row groups become columns of chunks, and rows with a bad value become rejects.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::context::LoadContext;
use super::line_reader::LineReader;
use super::report::FileReport;
use crate::ingest::builder::Origin;
use crate::ingest::formats::ocsf::{self, Attribute, Event};
use crate::ingest::formats::parquet::{
    BATCH_ROWS, Batch, Cells, ColumnFile, FORMAT, Meter, OCSF_FORMAT, ParquetBytes, Problem,
    Refusal, has_control,
};
use crate::ingest::formats::piece_reader::PieceReader;
use crate::ingest::formats::unsupported::known::PARQUET_METADATA;
use crate::ingest::source::decode::End;
use crate::ingest::source::input_file::{Bytes, InputFile};
use crate::ingest::text::layouts::Layouts;
use crate::ingest::text::parse::{Record, check_macs};
use crate::ingest::text::piece::LINE_BYTES;
use crate::ingest::text::value::Doubt;
use crate::ingest::text::zone::InputZone;
use crate::ingest::text::{account, value};
use crate::schema::{FieldId, Kind, Storage};
use crate::store::{Compression, Layout, RejectReason, Source, Status};

/// What comes from a pipe, or out of a compressed file, is collected in memory up to this, in bytes.
const MAX_COLLECTED_BYTES: usize = 512 << 20;

/// How many bytes are decompressed at once into what is collected.
const COLLECT_BYTES: usize = 1 << 17;

/// Opens a file that `feed` has recognized as one of columns. What is wrong with it goes into `report`.
pub(crate) fn open(
    file: &InputFile,
    feed: PieceReader<'_>,
    source: &mut Source,
    report: &mut FileReport,
    layouts: &Layouts,
) -> Option<ColumnFile> {
    source.format = FORMAT;
    let is_on_disk = file.bytes == Bytes::File && source.compression == Compression::NONE;
    let content = if is_on_disk {
        drop(feed);
        File::open(&source.path).and_then(ParquetBytes::of_file)
    } else {
        match collect(feed, source, report) {
            Some(bytes) => Ok(ParquetBytes::of_memory(bytes)),
            None => return None,
        }
    };
    let opening = content
        .map_err(|error| Refusal::Problem(error.into()))
        .and_then(|content| ColumnFile::open(content, layouts));
    match opening {
        Ok(table) if table.groups.is_empty() && is_metadata(&source.path) => {
            source.format = PARQUET_METADATA.format;
            report.unsupported(&PARQUET_METADATA);
            None
        }
        Ok(table) => {
            if table.attributes.is_some() {
                source.format = OCSF_FORMAT;
            }
            source.warnings.extend(table.warnings.iter().cloned());
            source.skipped_columns.clone_from(&table.skipped_columns);
            if let Some(field) = table.zoneless {
                let column = format!("the column {}", layouts.catalog.name(field));
                report.doubt(0, field, Doubt::Zone, &column);
            }
            report.line_counts.bytes_read += if is_on_disk { table.footer } else { 0 };
            report.line_counts.bytes_decoded += table.footer;
            let (said, has) = table.says();
            if said != has {
                let why = format!("the footer counts {said} rows, but the row groups have {has}");
                report.status = Problem::Damaged(why).status("");
            }
            Some(table)
        }
        Err(Refusal::Unsupported(unsupported)) => {
            source.format = unsupported.format;
            report.unsupported(&unsupported);
            None
        }
        Err(Refusal::Problem(problem)) => {
            report.status = problem.status("");
            None
        }
    }
}

/// Whether programs give this name to files that describe other files of a folder.
fn is_metadata(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str);
    matches!(name, Some("_metadata" | "_common_metadata"))
}

/// Reads the rows of files of columns.
pub(crate) struct ColumnReader<'s, 'l> {
    /// What builds chunks.
    pub(crate) reader: &'s mut LineReader<'l>,
    pub(crate) report: &'s mut FileReport,
    pub(crate) context: LoadContext<'l>,
}

impl<'s, 'l> ColumnReader<'s, 'l> {
    pub(crate) fn new(
        reader: &'s mut LineReader<'l>,
        report: &'s mut FileReport,
        context: LoadContext<'l>,
    ) -> Self {
        Self {
            reader,
            report,
            context,
        }
    }

    /// Reads row groups. The rows that can be read are, whatever happens to others.
    pub(crate) fn read(&mut self, file: &ColumnFile, groups: Range<usize>) {
        for index in groups {
            let Err(problem) = self.group(file, index) else {
                continue;
            };
            if matches!(problem, Problem::Stopped) {
                return self.report.end(&End::Stopped);
            }
            if self.report.status == Status::Ok {
                let count = file.groups.len();
                let place = format!("row group {} of {count}: ", index + 1);
                self.report.status = problem.status(&place);
            }
        }
    }

    /// Reads row group `index` of `table`. What can be read is; the rest of the group is what is wrong with it.
    fn group(&mut self, table: &ColumnFile, index: usize) -> Result<(), Problem> {
        let meter = Arc::new(Meter::default());
        let result = self.rows(table, index, &meter);
        let (packed, unpacked) = meter.read();
        self.report.line_counts.bytes_read += packed;
        self.report.line_counts.bytes_decoded += unpacked;
        result
    }

    fn rows(
        &mut self,
        table: &ColumnFile,
        index: usize,
        meter: &Arc<Meter>,
    ) -> Result<(), Problem> {
        let group = table.groups[index];
        let mut cells = table.cells(index, meter)?;
        let (mut done, mut told) = (0, 0);
        while done < group.rows {
            if self.context.is_stopped() {
                return Err(Problem::Stopped);
            }
            if self.reader.builder.room() == 0 {
                self.reader.publish();
            }
            let left = usize::try_from(group.rows - done).unwrap_or(usize::MAX);
            let wanted = BATCH_ROWS.min(left).min(self.reader.builder.room());
            let (rows, problem) = read(&mut cells, wanted, table);
            for (field, doubt, number) in cells.iter_mut().flat_map(|cells| cells.doubts()) {
                let line = group.row + done;
                self.report.doubt(line, field, doubt, &number);
            }
            match &table.attributes {
                None => self.take(&mut cells, rows, table, group.row + done),
                Some(attributes) => {
                    let events = EventColumns {
                        cells: &mut cells,
                        attributes,
                    };
                    self.take_events(events, rows, &table.layout, group.row + done);
                }
            }
            done += rows as u64;
            let (packed, _) = meter.read();
            self.context.reporter.read(packed - told);
            told = packed;
            self.reader.publish_due();
            if let Some(problem) = problem {
                return Err(problem);
            }
        }
        match read(&mut cells, 1, table) {
            (0, _) => Ok(()),
            _ => Err(Problem::damaged("it has more rows than it says")),
        }
    }

    /// Takes in the `rows` that were read last, the first of which is row `line` of the file.
    fn take(&mut self, cells: &mut [Box<dyn Cells>], rows: usize, table: &ColumnFile, line: u64) {
        if rows == 0 {
            return;
        }
        self.report.layout(&table.layout);
        let mut irregular = self.fill(cells, 0..rows, table);
        if irregular.is_empty() {
            return self.add(rows, line);
        }
        self.reader.builder.discard();
        irregular.sort_unstable();
        irregular.dedup();
        let mut done = 0;
        for row in irregular {
            if done < row {
                self.fill(cells, done..row, table);
                self.add(row - done, line + done as u64);
            }
            self.scalar(cells, row, table, line + row as u64);
            done = row + 1;
        }
        if done < rows {
            self.fill(cells, done..rows, table);
            self.add(rows - done, line + done as u64);
        }
    }

    /// Puts rows into the columns of the chunk that is being built; those that are not for this way come back.
    fn fill(
        &mut self,
        cells: &mut [Box<dyn Cells>],
        rows: std::ops::Range<usize>,
        table: &ColumnFile,
    ) -> Vec<usize> {
        let stop = self.context.stop;
        self.reader.builder.bind(&table.layout);
        let mut batch = Batch {
            builder: &mut self.reader.builder,
            irregular: Vec::new(),
            is_missing_text: &|word| table.is_missing_text(word, stop),
        };
        for (position, cells) in cells.iter_mut().enumerate() {
            cells.fill(rows.clone(), position, &mut batch);
        }
        batch.irregular
    }

    fn add(&mut self, rows: usize, line: u64) {
        let source = self.report.source;
        self.report.note_shortened(line, &self.reader.builder);
        self.reader.builder.add(rows, Origin { source, line });
        self.report.line_counts.records += rows as u64;
        self.report.line_counts.lines += rows as u64;
    }

    /// Reads one row on the scalar path, word by word.
    fn scalar(&mut self, cells: &mut [Box<dyn Cells>], row: usize, table: &ColumnFile, line: u64) {
        let words = cells.iter_mut().map(|cells| {
            let word = cells.word(row);
            word.map_or_else(|| b"-".to_vec(), Cow::into_owned)
        });
        let mut words: Vec<Vec<u8>> = words.collect();
        self.restore(&mut words, table, line);
        self.record(&words, &table.layout, line);
    }

    /// Takes in a row that has these words.
    fn record(&mut self, words: &[Vec<u8>], layout: &Arc<Layout>, line: u64) {
        match record(words, layout, self.context.layouts.zone()) {
            Ok(record) => {
                let source = self.report.source;
                self.reader.builder.bind(layout);
                self.reader.builder.push(&record, Origin { source, line });
                self.report.note(line, &record);
                self.report.line_counts.records += 1;
                self.report.line_counts.lines += 1;
            }
            Err(reason) => self.report.reject(line, reason, &words.join(&b' ')),
        }
    }
}

/// The columns of events, and the attributes that are in them.
struct EventColumns<'c> {
    cells: &'c mut [Box<dyn Cells>],
    attributes: &'c [Attribute],
}

impl ColumnReader<'_, '_> {
    /// Takes in the `rows` events that were read last, the first of which is row `line` of the file.
    fn take_events(
        &mut self,
        events: EventColumns<'_>,
        rows: usize,
        layout: &Arc<Layout>,
        line: u64,
    ) {
        self.report.layout(layout);
        if events.cells.iter().any(|cells| cells.has_several()) {
            self.report.warn(ocsf::SEVERAL_ADDRESSES.into());
        }
        for row in 0..rows {
            let words = events.cells.iter_mut().map(|cells| {
                let word = cells.word(row);
                word.map_or_else(|| b"-".to_vec(), Cow::into_owned)
            });
            let words: Vec<Vec<u8>> = words.collect();
            let line = line + row as u64;
            match flow_words(&words, events.attributes, layout) {
                Ok(words) => self.record(&words, layout, line),
                Err(reason) => self.report.reject(line, reason, &words.join(&b' ')),
            }
        }
    }

    /// Puts `-` in place of words for missing text, and accounts in place of the numbers that they were.
    fn restore(&mut self, words: &mut [Vec<u8>], table: &ColumnFile, line: u64) {
        for (field, word) in table.layout.fields.iter().zip(words) {
            let is_text = field.storage() == Storage::Word;
            if is_text && table.is_missing_text(word, self.context.stop) {
                *word = b"-".to_vec();
            } else if account::is_account(*field)
                && let Ok(text) = str::from_utf8(word)
                && let Some(account) = account::of_number(text)
            {
                let account = account.into_owned().into_bytes();
                if account::has_lost_zeros(text) {
                    self.report.doubt(line, *field, Doubt::Zeros, text);
                }
                *word = account;
            }
        }
    }
}

/// Reads the next `wanted` rows of all columns. Says how many all of them have, and what is wrong if they are fewer.
fn read(
    cells: &mut [Box<dyn Cells>],
    wanted: usize,
    table: &ColumnFile,
) -> (usize, Option<Problem>) {
    let mut rows = wanted;
    let mut problem = None;
    for (column, cells) in cells.iter_mut().enumerate() {
        let read = cells.read(wanted);
        let wrong = match read {
            Ok(read) if read >= wanted => continue,
            Ok(read) => {
                rows = rows.min(read);
                Problem::damaged("it has fewer rows than it says")
            }
            Err(wrong) => {
                rows = 0;
                wrong
            }
        };
        problem.get_or_insert_with(|| wrong.of_column(&table.name(column)));
    }
    (rows, problem)
}

/// The words of a flow log for an event whose attributes are `words`.
fn flow_words(
    words: &[Vec<u8>],
    attributes: &[Attribute],
    layout: &Layout,
) -> Result<Vec<Vec<u8>>, RejectReason> {
    let mut pairs = Vec::with_capacity(words.len());
    for (attribute, word) in attributes.iter().zip(words) {
        let word = str::from_utf8(word).map_err(|_| RejectReason::NotUtf8)?;
        pairs.push((*attribute, word));
    }
    let event = Event::new(pairs);
    event.check()?;
    let word = |field: &FieldId| {
        let word = event.value(*field);
        word.map_or_else(|| b"-".to_vec(), |word| word.into_owned().into_bytes())
    };
    Ok(layout.fields.iter().map(word).collect())
}

/// The record of a row, if all its words are what they should be.
fn record<'w>(
    words: &'w [Vec<u8>],
    layout: &Layout,
    zone: InputZone,
) -> Result<Record<'w>, RejectReason> {
    if words.iter().map(|word| word.len() + 1).sum::<usize>() > LINE_BYTES {
        return Err(RejectReason::LineTooLong);
    }
    let mut values = Vec::with_capacity(words.len());
    let (mut is_scaled, mut doubts) = (false, Vec::new());
    for (field, word) in layout.fields.iter().zip(words) {
        let word = str::from_utf8(word).map_err(|_| RejectReason::NotUtf8)?;
        if has_control(word) {
            return Err(RejectReason::ControlCharacter);
        }
        let (value, doubt) =
            value::read_loosely(*field, word, zone).ok_or(RejectReason::BadValue(*field))?;
        is_scaled |= field.kind() == Kind::Time && value::is_scaled(word);
        values.push(value);
        let shortened = || value::is_shortened(*field, word).then_some(Doubt::Digits);
        if let Some(doubt) = doubt.or_else(shortened) {
            doubts.push((*field, doubt, word));
        }
    }
    check_macs(&values, layout)?;
    Ok(Record {
        values,
        original: None,
        is_scaled,
        doubts,
    })
}

/// All bytes of something that can only be read from front to back.
fn collect(feed: PieceReader<'_>, source: &mut Source, report: &mut FileReport) -> Option<Vec<u8>> {
    let (mut decoder, mut bytes) = feed.into_decoder();
    let mut buffer = vec![0; COLLECT_BYTES];
    let end = loop {
        if bytes.len() > MAX_COLLECTED_BYTES {
            report.status = Problem::TooLarge(
                "Parquet from a pipe or a compressed file is collected in memory, and this has more than 512 MiB",
            )
            .status("");
            return None;
        }
        match decoder.read(&mut buffer) {
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(end) => break end,
        }
    };
    if decoder.codec().is_some() {
        source.compression = decoder.compression();
    }
    report.line_counts.bytes_read = decoder.taken();
    report.is_suspect |= decoder.has_bad_checksum();
    for warning in decoder.warnings {
        report.warn(warning);
    }
    match end {
        End::Whole => Some(bytes),
        // Its footer is at the end, so it may well be complete; what is not shows when it is read.
        End::BadChecksum(_) => {
            report.end(&end);
            Some(bytes)
        }
        End::Truncated(_)
        | End::Corrupt(..)
        | End::Unsupported(..)
        | End::Failed(_)
        | End::Stopped => {
            report.end(&end);
            None
        }
    }
}
