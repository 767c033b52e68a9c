//! An open Parquet file: which of its columns are read as which fields, and where its rows are.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};

use super::bytes::ParquetBytes;
use super::encoding;
use super::encoding::Form;
use super::events;
use super::guard::pages::{Dictionary, Meter, Pages, Span};
use super::guard::{codecs, footer};
use super::lists::{FirstWords, ListPages, Lists};
use super::maps::{self, MapColumns, MapSide, MapWords};
use super::problem::Problem;
use super::skipped;
use super::skipped::{MAX_NAME_BYTES, Passed};
use super::values;
use super::values::{Cells, Meaning};
use crate::format::visible;
use crate::ingest::formats::ocsf;
use crate::ingest::formats::ocsf::Attribute;
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::formats::unsupported::known::PARQUET_METADATA;
use crate::ingest::formats::unsupported::signs::Signs;
use crate::ingest::text::layouts::Layouts;
use crate::ingest::text::missing;
use crate::ingest::text::missing::MissingWords;
use crate::ingest::text::zone::InputZone;
use crate::schema::{self, FieldId, Storage};
use crate::store::{CHUNK_ROWS, Layout, SkippedColumn};

/// How many rows are decoded at once: what the cache of a core takes, and few even of many columns.
pub(crate) const BATCH_ROWS: usize = 4096;
/// More columns than this are not read.
pub(crate) const MAX_COLUMNS: usize = 512;
/// More rows than this are not read.
const MAX_ROWS: u64 = 1 << 30;

pub(crate) struct ColumnFile {
    content: Arc<ParquetBytes>,
    metadata: ParquetMetaData,
    columns: Vec<Column>,
    /// The attributes of the columns, where the rows are events of OCSF.
    pub(crate) attributes: Option<Vec<Attribute>>,
    /// The fields, one for each column unless the rows are events.
    pub(crate) layout: Arc<Layout>,
    /// For each row group its first row, counted from 1, and how many it has.
    pub(crate) groups: Vec<Group>,
    /// What should be known besides.
    pub(crate) warnings: Vec<String>,
    /// The columns that are not read.
    pub(crate) skipped_columns: Vec<SkippedColumn>,
    /// A column whose times name no zone, where no zone was given.
    pub(crate) zoneless: Option<FieldId>,
    /// How many bytes the footer has.
    pub(crate) footer: u64,
    /// The words that stand for missing values in columns of numbers, addresses or times, once they have been looked for.
    missing_words: OnceLock<MissingWords>,
}

/// Where a row group is among the rows of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    /// The first row, counted from 1.
    pub(crate) row: u64,
    /// How many rows it has.
    pub(crate) rows: u64,
}

/// A column that is read.
pub(super) struct Column {
    /// Which of the file.
    pub(super) index: usize,
    pub(super) descriptor: ColumnDescPtr,
    pub(super) meaning: Meaning,
    /// The column with the values, where this one has the keys of a map.
    pub(super) map_values: Option<MapSide>,
}

impl Column {
    /// Whether its numbers, addresses or times are text.
    fn has_words(&self) -> bool {
        self.meaning.form == Form::Word && self.meaning.field.storage() != Storage::Word
    }
}

/// Why a file is not opened.
pub(crate) enum Refusal {
    /// Its rows are no records.
    Unsupported(Unsupported),
    /// Something is wrong with it.
    Problem(Problem),
}

impl ColumnFile {
    pub(crate) fn open(content: ParquetBytes, layouts: &Layouts) -> Result<Self, Refusal> {
        let (metadata, footer) = footer::read(&content)?;
        if has_rows_elsewhere(&metadata) {
            return Err(Refusal::Unsupported(PARQUET_METADATA));
        }
        let schema = metadata.file_metadata().schema_descr();
        let mut passed = Vec::new();
        if events::are_events(schema) {
            let (mut columns, mut attributes) = events::columns(schema, &mut passed)?;
            let content = Arc::new(content);
            for column in unmapped(&content, &metadata, &mut passed) {
                attributes.push(Attribute::Unmapped(column.meaning.field));
                columns.push(column);
            }
            let layout = layouts.of_fields(ocsf::fields(&attributes));
            let groups = groups(&metadata, &columns)?;
            return Ok(Self {
                warnings: skipped::warning(&passed).into_iter().collect(),
                skipped_columns: Vec::new(),
                zoneless: None,
                content,
                metadata,
                columns,
                attributes: Some(attributes),
                layout,
                groups,
                footer,
                missing_words: OnceLock::new(),
            });
        }
        let chosen = choose(schema, layouts.names_left(), &mut passed)?;
        let names: Vec<&str> = chosen.iter().map(|(_, column)| column.name()).collect();
        let fields = layouts.named_fields(&names);
        let mut columns = Vec::with_capacity(chosen.len());
        let mut zoneless = None;
        for ((index, descriptor), field) in chosen.into_iter().zip(fields) {
            let Some(form) = Form::of(&descriptor, field) else {
                passed.push(Passed::of_type(&descriptor));
                continue;
            };
            let zone = if encoding::has_zone(&descriptor, field) {
                InputZone::Offset(0)
            } else {
                layouts.zone()
            };
            if zone == InputZone::Assumed {
                zoneless.get_or_insert(field);
            }
            let meaning = Meaning { field, form, zone };
            columns.push(Column {
                index,
                descriptor,
                meaning,
                map_values: None,
            });
        }
        if !columns
            .iter()
            .any(|column| column.meaning.field.is_address_or_time())
        {
            let why = "none of its columns with an address or a time has a type that is read";
            return Err(Problem::Unknown(why.into()).into());
        }
        let fields = columns.iter().map(|column| column.meaning.field);
        let layout = layouts.of_fields(fields.collect());
        let groups = groups(&metadata, &columns)?;
        Ok(Self {
            warnings: skipped::warning(&passed).into_iter().collect(),
            skipped_columns: skipped::fields(passed, layouts, &layout),
            zoneless,
            content: Arc::new(content),
            metadata,
            columns,
            attributes: None,
            layout,
            groups,
            footer,
            missing_words: OnceLock::new(),
        })
    }

    /// How many rows the file says that it has, and how many its row groups have.
    pub(crate) fn says(&self) -> (u64, u64) {
        let said = self.metadata.file_metadata().num_rows();
        let groups = self.groups.iter().map(|group| group.rows).sum();
        (u64::try_from(said).unwrap_or(0), groups)
    }

    /// The row groups in runs that are worth being read by themselves.
    pub(crate) fn runs(&self) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let (mut first, mut rows) = (0, 0);
        for (index, group) in self.groups.iter().enumerate() {
            rows += group.rows;
            if rows >= CHUNK_ROWS as u64 || index + 1 == self.groups.len() {
                runs.push(first..index + 1);
                (first, rows) = (index + 1, 0);
            }
        }
        runs
    }

    /// Opens the columns of a row group.
    pub(crate) fn cells(
        &self,
        group: usize,
        meter: &Arc<Meter>,
    ) -> Result<Vec<Box<dyn Cells>>, Problem> {
        let columns = self.columns.iter();
        columns
            .map(|column| self.open_column(group, column, meter))
            .collect()
    }

    fn open_column(
        &self,
        group: usize,
        column: &Column,
        meter: &Arc<Meter>,
    ) -> Result<Box<dyn Cells>, Problem> {
        let side = (column.index, Arc::clone(&column.descriptor));
        let place = Place {
            content: &self.content,
            metadata: &self.metadata,
            group,
        };
        if let Some(values) = &column.map_values {
            let (keys, values) = (place.lists(&side, meter)?, place.lists(values, meter)?);
            let words = MapWords::new(keys, values, column.meaning.field);
            return Ok(Box::new(words));
        }
        if column.descriptor.max_rep_level() > 0 {
            let pages = place.list_pages(&side, meter)?;
            return Ok(Box::new(FirstWords::new(&column.descriptor, pages)));
        }
        let dictionary = Arc::new(Dictionary::default());
        let pages = place.pages(&side, meter, &dictionary, None)?;
        Ok(values::open(
            &column.descriptor,
            pages,
            dictionary,
            column.meaning,
        ))
    }

    /// Whether `word`, in a column of text, stands for a missing value: where the file also has it in a column of
    /// numbers, addresses or times. These are read for that alone when the first such word is met: hardly any file has one.
    pub(crate) fn is_missing_text(&self, word: &[u8], stop: &AtomicBool) -> bool {
        if missing::is_missing(word) || !missing::is_missing_unless_text(word) {
            return missing::is_missing(word);
        }
        let words = self.missing_words.get_or_init(|| {
            let mut words = MissingWords::default();
            for group in 0..self.groups.len() {
                for column in self.columns.iter().filter(|column| column.has_words()) {
                    // What is wrong with the column is said when its rows are read.
                    let _ = self.note_missing_words(group, column, &mut words, stop);
                }
            }
            words
        });
        words.is_settled_missing(word)
    }

    fn note_missing_words(
        &self,
        group: usize,
        column: &Column,
        words: &mut MissingWords,
        stop: &AtomicBool,
    ) -> Result<(), Problem> {
        let mut cells = self.open_column(group, column, &Arc::default())?;
        let mut left = self.groups[group].rows;
        while left > 0 && !stop.load(Ordering::Relaxed) {
            let rows = cells
                .read(usize::try_from(left).map_or(BATCH_ROWS, |left| left.min(BATCH_ROWS)))?;
            if rows == 0 {
                break;
            }
            cells.note_missing_words(words);
            left = left.saturating_sub(rows as u64);
        }
        Ok(())
    }

    /// The name of a column, safe to show.
    pub(crate) fn name(&self, column: usize) -> String {
        visible(self.columns[column].descriptor.name()).into_owned()
    }
}

/// Whether row groups are in other files, as those of `_metadata` are.
fn has_rows_elsewhere(metadata: &ParquetMetaData) -> bool {
    let groups = metadata.row_groups().iter();
    let mut columns = groups.flat_map(RowGroupMetaData::columns);
    columns.any(|column| column.file_path().is_some())
}

/// A row group.
struct Place<'f> {
    content: &'f Arc<ParquetBytes>,
    metadata: &'f ParquetMetaData,
    group: usize,
}

impl Place<'_> {
    /// The pages of a column, which is one of lists where it counts their values.
    fn pages(
        &self,
        (index, descriptor): &MapSide,
        meter: &Arc<Meter>,
        dictionary: &Arc<Dictionary>,
        list_values: Option<Arc<AtomicU64>>,
    ) -> Result<Pages, Problem> {
        let chunk = self.metadata.row_group(self.group).column(*index);
        let bad = || Problem::damaged("the footer points to a column outside the file");
        let at = chunk
            .dictionary_page_offset()
            .filter(|at| *at > 0 && *at < chunk.data_page_offset())
            .unwrap_or_else(|| chunk.data_page_offset());
        let at = u64::try_from(at).map_err(|_| bad())?;
        let len = u64::try_from(chunk.compressed_size()).map_err(|_| bad())?;
        let end = at.checked_add(len).ok_or_else(bad)?;
        if end > self.content.len() {
            return Err(bad());
        }
        let span = Span {
            at,
            len,
            codec: chunk.compression(),
            physical: descriptor.physical_type(),
            width: usize::try_from(descriptor.type_length()).unwrap_or(0),
            is_optional: descriptor.max_def_level() > 0,
            list_values,
        };
        Ok(Pages::new(
            Arc::clone(self.content),
            span,
            Arc::clone(meter),
            Arc::clone(dictionary),
        ))
    }

    fn list_pages(&self, side: &MapSide, meter: &Arc<Meter>) -> Result<ListPages, Problem> {
        let values_left = Arc::new(AtomicU64::default());
        let dictionary = Arc::new(Dictionary::default());
        let pages = self.pages(side, meter, &dictionary, Some(Arc::clone(&values_left)))?;
        Ok(ListPages { pages, values_left })
    }

    fn lists(&self, side: &MapSide, meter: &Arc<Meter>) -> Result<Lists, Problem> {
        Ok(Lists::new(&side.1, self.list_pages(side, meter)?))
    }
}

/// The columns of the fields that events have in a map, one for each field. A map that cannot be read is entered in
/// `passed`.
fn unmapped(
    content: &Arc<ParquetBytes>,
    metadata: &ParquetMetaData,
    passed: &mut Vec<Passed>,
) -> Vec<Column> {
    let schema = metadata.file_metadata().schema_descr();
    let mut lists = schema
        .columns()
        .iter()
        .enumerate()
        .filter(|(index, column)| {
            schema.get_column_root(*index).name() == events::UNMAPPED && column.max_rep_level() > 0
        });
    let Some((list, _)) = lists.next() else {
        return Vec::new();
    };
    let fields = |map: &MapColumns| {
        let mut fields = BTreeSet::new();
        for group in 0..metadata.num_row_groups() {
            let place = Place {
                content,
                metadata,
                group,
            };
            let codec = metadata.row_group(group).column(map.keys.0).compression();
            if !codecs::is_supported(codec) {
                continue;
            }
            let mut keys = place.lists(&map.keys, &Arc::default())?;
            maps::fields_of(&mut keys, &mut fields)?;
        }
        Ok::<_, Problem>(fields)
    };
    let map = MapColumns::of(schema, events::UNMAPPED);
    let read = map.and_then(|map| {
        let fields = fields(&map).ok()?;
        Some((map, fields))
    });
    let Some((map, fields)) = read else {
        passed.push(Passed::nested(schema.get_column_root(list)));
        return Vec::new();
    };
    let column = |field: FieldId| Column {
        index: map.keys.0,
        descriptor: Arc::clone(&map.keys.1),
        meaning: Meaning {
            field,
            form: Form::Word,
            zone: InputZone::Offset(0),
        },
        map_values: Some(map.values.clone()),
    };
    fields.into_iter().map(column).collect()
}

/// The columns that could be read, with at most `names_left` unknown names; the others are named in `passed`.
fn choose(
    schema: &SchemaDescriptor,
    mut names_left: usize,
    passed: &mut Vec<Passed>,
) -> Result<Vec<(usize, ColumnDescPtr)>, Refusal> {
    let mut chosen = Vec::new();
    let (mut has_flow, mut signs) = (false, Signs::default());
    for (index, column) in schema.columns().iter().enumerate() {
        let name = schema.get_column_root(index).name();
        let is_flat = column.path().parts().len() == 1 && column.max_rep_level() == 0;
        signs = signs.and(Signs::of(name));
        let field = schema::lookup_header(name);
        let is_field = field.is_some();
        let is_name =
            is_field || !name.is_empty() && name.len() <= MAX_NAME_BYTES && names_left > 0;
        if !is_flat {
            passed.push(Passed::nested(schema.get_column_root(index)));
            continue;
        }
        if !is_name || chosen.len() >= MAX_COLUMNS {
            passed.push(Passed::too_many(name));
            continue;
        }
        has_flow |= field.is_some_and(FieldId::is_address_or_time);
        names_left -= usize::from(!is_field);
        chosen.push((index, Arc::clone(column)));
    }
    if let Some(unsupported) = signs.recognize(has_flow) {
        return Err(Refusal::Unsupported(unsupported));
    }
    if has_flow {
        return Ok(chosen);
    }
    let roots = schema.root_schema().get_fields().iter();
    let names: Vec<&str> = roots.map(|root| root.name()).collect();
    let what = ("Parquet", "its columns are");
    Err(Refusal::Unsupported(Unsupported::without_flow(
        super::FORMAT,
        what,
        &names,
    )))
}

/// Where the row groups are, if their rows are as many as may be, and their columns packed in a way that is known.
fn groups(metadata: &ParquetMetaData, columns: &[Column]) -> Result<Vec<Group>, Problem> {
    let mut groups = Vec::with_capacity(metadata.num_row_groups());
    let mut row = 1;
    for group in metadata.row_groups() {
        let indexes = columns.iter().flat_map(|column| {
            let values = column.map_values.as_ref().map(|(index, _)| *index);
            values.into_iter().chain([column.index])
        });
        for index in indexes {
            let codec = group.column(index).compression();
            if !codecs::is_supported(codec) {
                return Err(Problem::Unknown(format!(
                    "its columns are compressed with {codec}"
                )));
            }
        }
        let rows = u64::try_from(group.num_rows())
            .map_err(|_| Problem::damaged("a row group has a negative row count"))?;
        groups.push(Group { row, rows });
        row = row.saturating_add(rows);
        if row > MAX_ROWS {
            return Err(Problem::TooLarge(
                "it says that it has more than 1,073,741,824 rows",
            ));
        }
    }
    Ok(groups)
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}
