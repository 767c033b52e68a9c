//! Columns that are not read: why, and what can be done about it.

use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::schema::types::{BasicTypeInfo, ColumnDescriptor, Type};

use super::file::MAX_COLUMNS;
use crate::format;
use crate::ingest::formats::unsupported::listed;
use crate::ingest::text::layouts::Layouts;
use crate::schema::{FieldId, Storage};
use crate::store::{Layout, SkippedColumn};

/// The longest name of a column that a question can ask for, in bytes.
pub(super) const MAX_NAME_BYTES: usize = 256;

/// A column that is not read.
pub(super) struct Passed {
    name: String,
    /// Its type, which is why; none where there are more columns than are read.
    kind: Option<String>,
}

impl Passed {
    /// A column of a type that is not read.
    pub(super) fn of_type(column: &ColumnDescriptor) -> Self {
        Self {
            name: column.name().to_owned(),
            kind: Some(kind(column)),
        }
    }

    /// A column with columns in it, or with several values in a row.
    pub(super) fn nested(root: &Type) -> Self {
        let kind = match nesting(root.get_basic_info()) {
            Some(kind) => kind,
            None if root.is_primitive() => "LIST",
            None => "STRUCT",
        };
        Self {
            name: root.name().to_owned(),
            kind: Some(kind.to_owned()),
        }
    }

    /// A column beyond those that are read.
    pub(super) fn too_many(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: None,
        }
    }

    fn over(self, field: FieldId) -> SkippedColumn {
        let (reason, way_out) = match self.kind {
            Some(kind) => {
                let wanted = match field.storage() {
                    Storage::Number => "BIGINT",
                    Storage::Address | Storage::Word => "VARCHAR",
                };
                (
                    format!("has the type {kind}, which is not supported"),
                    format!("write it again as {wanted}"),
                )
            }
            None => (
                format!(
                    "was not read: only the first {} columns are",
                    format::count(MAX_COLUMNS as u64)
                ),
                "write the file again with fewer columns".to_owned(),
            ),
        };
        SkippedColumn {
            name: self.name,
            field,
            reason,
            way_out,
        }
    }
}

fn nesting(info: &BasicTypeInfo) -> Option<&'static str> {
    match (info.logical_type_ref(), info.converted_type()) {
        (Some(LogicalType::List), _) | (None, ConvertedType::LIST) => Some("LIST"),
        (Some(LogicalType::Map), _) | (None, ConvertedType::MAP) => Some("MAP"),
        _ => None,
    }
}

/// The type of a column, as engines that write Parquet call it.
fn kind(column: &ColumnDescriptor) -> String {
    let decimal = || {
        let (precision, scale) = (column.type_precision(), column.type_scale());
        format!("DECIMAL({precision},{scale})")
    };
    match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(),
        (Some(LogicalType::Timestamp(_)), _) => "TIMESTAMP".into(),
        (Some(LogicalType::Time(_)), _) => "TIME".into(),
        (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => "DATE".into(),
        (Some(LogicalType::Uuid), _) => "UUID".into(),
        (Some(LogicalType::Bson), _) => "BSON".into(),
        (Some(LogicalType::Float16), _) => "FLOAT16".into(),
        (None, ConvertedType::INTERVAL) => "INTERVAL".into(),
        _ => match column.physical_type() {
            Physical::FIXED_LEN_BYTE_ARRAY => {
                format!("FIXED_LEN_BYTE_ARRAY({})", column.type_length())
            }
            physical => physical.to_string(),
        },
    }
}

/// The fields that were not read. Those that no question can name are left out, and those that another column has.
pub(super) fn fields(passed: Vec<Passed>, layouts: &Layouts, read: &Layout) -> Vec<SkippedColumn> {
    let mut over: Vec<SkippedColumn> = Vec::new();
    for column in passed {
        let name = &column.name;
        let can_be_named = !name.is_empty() && name.len() <= MAX_NAME_BYTES;
        let known = layouts.catalog.lookup(name);
        let field = match known {
            Some(field) if field.is_computed() => None,
            None if can_be_named && layouts.names_left() > 0 => Some(layouts.catalog.extra(name)),
            known => known,
        };
        let is_new = |field: &FieldId| {
            !read.fields.contains(field) && over.iter().all(|known| known.field != *field)
        };
        if let Some(field) = field.filter(is_new) {
            over.push(column.over(field));
        }
    }
    over
}

/// What is said of the columns that were not read, if there are any.
pub(super) fn warning(passed: &[Passed]) -> Option<String> {
    let mut columns: Vec<String> = Vec::new();
    for Passed { name, kind } in passed {
        let column = match kind {
            Some(kind) => format!("{name} ({kind})"),
            None => name.clone(),
        };
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| {
        format!(
            "skipped columns that are nested or of an unsupported type: {}",
            listed(&names)
        )
    })
}
