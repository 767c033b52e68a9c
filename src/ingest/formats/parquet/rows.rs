//! Turns the rows of a row group into records, and those with a bad value into rejects.

use std::sync::Arc;

use super::file::Table;
use super::guard::pages::Meter;
use super::guard::panics::guarded;
use super::problem::Problem;
use super::values;
use super::values::Cells;
use crate::ingest::builder::Origin;
use crate::ingest::load::line_reader::LineReader;
use crate::ingest::load::queue::Load;
use crate::ingest::load::report::FileReport;
use crate::ingest::text::parse::{LINE_BYTES, Record, check_macs};
use crate::ingest::text::value;
use crate::ingest::text::value::Doubt;
use crate::schema::Kind;
use crate::store::{Layout, RejectReason};

/// How many rows are decoded at once: what the cache of a core takes, and few even of many columns.
const ROWS_AT_ONCE: usize = 4096;

/// Where the rows of a row group go.
pub(super) struct Sink<'s, 'l> {
    /// What builds chunks.
    pub(super) reader: &'s mut LineReader<'l>,
    /// The report of the rows.
    pub(super) report: &'s mut FileReport,
    /// Whether to stop, and whom to tell how far it is.
    pub(super) load: &'s Load<'l>,
}

impl Sink<'_, '_> {
    /// Reads row group `index` of `table`. What can be read is; the rest of the group is what is wrong with it.
    pub(super) fn group(&mut self, table: &Table, index: usize) -> Result<(), Problem> {
        let meter = Arc::new(Meter::default());
        let result = self.rows(table, index, &meter);
        let (packed, unpacked) = meter.read();
        self.report.line_counts.bytes_read += packed;
        self.report.line_counts.bytes_decoded += unpacked;
        result
    }

    fn rows(&mut self, table: &Table, index: usize, meter: &Arc<Meter>) -> Result<(), Problem> {
        let group = table.groups[index];
        let mut cells = guarded(|| table.cells(index, meter))??;
        let (mut done, mut told) = (0, 0);
        while done < group.rows {
            if self.load.is_stopped() {
                return Err(Problem::Stopped);
            }
            if self.reader.builder.room() == 0 {
                self.reader.publish();
            }
            let left = usize::try_from(group.rows - done).unwrap_or(usize::MAX);
            let wanted = ROWS_AT_ONCE.min(left).min(self.reader.builder.room());
            let (rows, problem) = read(&mut cells, wanted, table);
            for (field, number) in cells.iter_mut().filter_map(|cells| cells.inexact()) {
                let line = group.row + done;
                self.report.doubt(line, field, Doubt::Digits, &number);
            }
            self.take(&mut cells, rows, &table.layout, group.row + done);
            done += rows as u64;
            let (packed, _) = meter.read();
            self.load.reporter.read(packed - told);
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
    fn take(&mut self, cells: &mut [Box<dyn Cells>], rows: usize, layout: &Arc<Layout>, line: u64) {
        if rows == 0 {
            return;
        }
        self.report.layout(layout);
        let mut irregular = self.fill(cells, 0..rows, layout);
        if irregular.is_empty() {
            return self.add(rows, line);
        }
        self.reader.builder.discard();
        irregular.sort_unstable();
        irregular.dedup();
        let mut done = 0;
        for row in irregular {
            if done < row {
                self.fill(cells, done..row, layout);
                self.add(row - done, line + done as u64);
            }
            self.scalar(cells, row, layout, line + row as u64);
            done = row + 1;
        }
        if done < rows {
            self.fill(cells, done..rows, layout);
            self.add(rows - done, line + done as u64);
        }
    }

    /// Puts rows into the columns of the chunk that is being built; those that are not for this way come back.
    fn fill(
        &mut self,
        cells: &mut [Box<dyn Cells>],
        rows: std::ops::Range<usize>,
        layout: &Arc<Layout>,
    ) -> Vec<usize> {
        let builder = &mut self.reader.builder;
        let mut irregular = Vec::new();
        builder.bind(layout);
        for (position, cells) in cells.iter_mut().enumerate() {
            cells.fill(rows.clone(), position, builder, &mut irregular);
        }
        irregular
    }

    fn add(&mut self, rows: usize, line: u64) {
        let source = self.report.source;
        self.report.note_shortened(line, &self.reader.builder);
        self.reader.builder.add(rows, Origin { source, line });
        self.report.line_counts.records += rows as u64;
        self.report.line_counts.lines += rows as u64;
    }

    /// Reads one row the scalar path, word by word.
    fn scalar(
        &mut self,
        cells: &mut [Box<dyn Cells>],
        row: usize,
        layout: &Arc<Layout>,
        line: u64,
    ) {
        let words: Vec<Vec<u8>> = cells
            .iter_mut()
            .map(|cells| {
                cells
                    .word(row)
                    .map_or_else(|| b"-".to_vec(), std::borrow::Cow::into_owned)
            })
            .collect();
        match record(&words, layout) {
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

/// Reads the next `wanted` rows of all columns. Says how many all of them have, and what is wrong if they are fewer.
fn read(cells: &mut [Box<dyn Cells>], wanted: usize, table: &Table) -> (usize, Option<Problem>) {
    let mut rows = wanted;
    let mut problem = None;
    for (column, cells) in cells.iter_mut().enumerate() {
        let read = guarded(|| cells.read(wanted)).and_then(|read| read);
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

/// The record of a row, if all its words are what they should be.
fn record<'w>(words: &'w [Vec<u8>], layout: &Layout) -> Result<Record<'w>, RejectReason> {
    if words.iter().map(|word| word.len() + 1).sum::<usize>() > LINE_BYTES {
        return Err(RejectReason::LineTooLong);
    }
    let mut values = Vec::with_capacity(words.len());
    let (mut is_scaled, mut doubts) = (false, Vec::new());
    for (field, word) in layout.fields.iter().zip(words) {
        let word = str::from_utf8(word).map_err(|_| RejectReason::NotUtf8)?;
        if values::has_control(word) {
            return Err(RejectReason::ControlCharacter);
        }
        let value = value::read(*field, word).ok_or(RejectReason::BadValue(*field))?;
        is_scaled |= field.kind() == Kind::Time && value::is_scaled(word);
        values.push(value);
        if value::is_shortened(*field, word) {
            doubts.push((*field, Doubt::Digits, word));
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
