//! Rows as Parquet: optional columns, packed with gzip, as AWS writes them.
//!
//! A row group is collected in memory and written when it is full; nothing else is held back.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use ::parquet::basic::{
    Compression, ConvertedType, GzipLevel, LogicalType, Repetition, TimeUnit, Type as Stored,
};
use ::parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::Type;

use super::{Column, RowWriter, Value};
use crate::format;

/// How many rows a row group has: two chunks, so that reading fills chunks and can be shared among threads.
const GROUP_ROWS: usize = 1 << 17;
/// How many it has if two chunks of so many columns would take more than [`MAX_GROUP_BYTES`].
const SMALL_GROUP_ROWS: usize = 1 << 16;
/// How much memory a row group of [`GROUP_ROWS`] may take.
const MAX_GROUP_BYTES: usize = 64 << 20;
/// How many different words of a column are remembered, so that each is held once.
const WORDS_KEPT: usize = 1 << 16;

/// How the values of a column are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Physical {
    /// Whole numbers of 32 bits with a sign.
    Int32,
    /// Whole numbers of 64 bits with a sign.
    Int64,
    /// Whole numbers of 64 bits without a sign.
    Unsigned,
    /// Times: seconds, which are held as milliseconds, since there are none.
    Stamp,
    /// Text.
    Text,
}

/// How many rows a row group of such columns has.
fn group_rows(physical: &[Physical]) -> usize {
    if GROUP_ROWS * row_bytes(physical) > MAX_GROUP_BYTES {
        SMALL_GROUP_ROWS
    } else {
        GROUP_ROWS
    }
}

/// About how many bytes it takes to write `rows` rows of such columns.
pub(super) fn memory(physical: &[Physical], rows: usize) -> usize {
    rows.min(group_rows(physical)) * row_bytes(physical)
}

/// The memory of a row in a row group that is being collected.
fn row_bytes(physical: &[Physical]) -> usize {
    let value = |physical: &Physical| match physical {
        Physical::Int32 => size_of::<i32>(),
        Physical::Int64 | Physical::Unsigned | Physical::Stamp => size_of::<i64>(),
        Physical::Text => size_of::<ByteArray>(),
    };
    let values = physical
        .iter()
        .map(|physical| value(physical) + size_of::<i16>());
    values.sum()
}

/// Writes rows as Parquet.
pub struct Rows<'a> {
    out: Box<dyn Write + 'a>,
    written: Buffer,
    writer: Option<SerializedFileWriter<Buffer>>,
    columns: Vec<Cells>,
    /// How many rows there are in the row group.
    collected: usize,
    /// How many it is to have.
    group_size: usize,
}

/// Where the encoder writes; it would not write to what cannot be sent to another thread.
#[derive(Clone, Debug, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

/// The values of one column of a row group.
struct Cells {
    name: String,
    values: Values,
    /// For each row 1 where it has a value.
    levels: Vec<i16>,
}

enum Values {
    Int32(Vec<i32>),
    Int64 {
        values: Vec<i64>,
        physical: Physical,
    },
    Text {
        values: Vec<ByteArray>,
        words: HashMap<Box<[u8]>, ByteArray, foldhash::fast::RandomState>,
        /// Where a value is printed.
        printed: Vec<u8>,
    },
}

impl Physical {
    /// That of a column of which nothing else is known.
    pub(super) fn of(column: &Column) -> Self {
        match column {
            Column { is_time: true, .. } => Self::Stamp,
            Column { numeric: true, .. } => Self::Int64,
            Column { .. } => Self::Text,
        }
    }

    fn column(self, name: &str) -> Result<Type, ParquetError> {
        let stored = match self {
            Self::Int32 => Stored::INT32,
            Self::Int64 | Self::Unsigned | Self::Stamp => Stored::INT64,
            Self::Text => Stored::BYTE_ARRAY,
        };
        let (converted, logical) = match self {
            Self::Int32 => (ConvertedType::INT_32, LogicalType::integer(32, true)),
            Self::Int64 => (ConvertedType::INT_64, LogicalType::integer(64, true)),
            Self::Unsigned => (ConvertedType::UINT_64, LogicalType::integer(64, false)),
            Self::Stamp => (
                ConvertedType::TIMESTAMP_MILLIS,
                LogicalType::timestamp(true, TimeUnit::MILLIS),
            ),
            Self::Text => (ConvertedType::UTF8, LogicalType::String),
        };
        Type::primitive_type_builder(name, stored)
            .with_repetition(Repetition::OPTIONAL)
            .with_converted_type(converted)
            .with_logical_type(Some(logical))
            .build()
    }
}

impl<'a> Rows<'a> {
    /// A writer of `columns`, each held as its `physical`.
    pub fn new(
        columns: &[Column],
        physical: &[Physical],
        out: Box<dyn Write + 'a>,
    ) -> io::Result<Self> {
        let named = || columns.iter().zip(physical);
        let fields: Result<Vec<_>, _> = named()
            .map(|(column, physical)| physical.column(&column.name).map(Arc::new))
            .collect();
        let schema = Type::group_type_builder("flow_log")
            .with_fields(fields.map_err(plain)?)
            .build()
            .map_err(plain)?;
        let properties = WriterProperties::builder()
            .set_created_by(concat!("flowdeck version ", env!("CARGO_PKG_VERSION")).into())
            .set_compression(Compression::GZIP(GzipLevel::default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .build();
        let written = Buffer::default();
        let writer =
            SerializedFileWriter::new(written.clone(), Arc::new(schema), Arc::new(properties));
        Ok(Self {
            out,
            written,
            writer: Some(writer.map_err(plain)?),
            columns: named()
                .map(|(column, physical)| Cells::new(column, *physical))
                .collect(),
            collected: 0,
            group_size: group_rows(physical),
        })
    }

    /// Writes the rows so far as a row group.
    fn flush_group(&mut self) -> io::Result<()> {
        self.collected = 0;
        let Some(writer) = &mut self.writer else {
            return Ok(());
        };
        let mut group = writer.next_row_group().map_err(plain)?;
        for cells in &mut self.columns {
            let mut column = group
                .next_column()
                .map_err(plain)?
                .ok_or_else(|| io::Error::other("a file has as many columns as its schema"))?;
            cells.write(&mut column).map_err(plain)?;
            column.close().map_err(plain)?;
        }
        group.close().map_err(plain)?;
        self.release()
    }

    /// Hands on what the encoder has written.
    fn release(&mut self) -> io::Result<()> {
        let mut written = self
            .written
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.out.write_all(&written)?;
        written.clear();
        Ok(())
    }
}

impl RowWriter for Rows<'_> {
    fn row(&mut self, values: &[Value<'_>]) -> io::Result<()> {
        for (cells, value) in self.columns.iter_mut().zip(values) {
            cells.push(value)?;
        }
        self.collected += 1;
        if self.collected == self.group_size {
            self.flush_group()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        // What is there can be read only when all of it is there.
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.collected > 0 {
            self.flush_group()?;
        }
        if let Some(writer) = self.writer.take() {
            writer.close().map_err(plain)?;
        }
        self.release()?;
        self.out.flush()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Cells {
    fn new(column: &Column, physical: Physical) -> Self {
        let values = match physical {
            Physical::Int32 => Values::Int32(Vec::new()),
            Physical::Int64 | Physical::Unsigned | Physical::Stamp => Values::Int64 {
                values: Vec::new(),
                physical,
            },
            Physical::Text => Values::Text {
                values: Vec::new(),
                words: HashMap::default(),
                printed: Vec::new(),
            },
        };
        Self {
            name: column.name.clone(),
            values,
            levels: Vec::new(),
        }
    }

    fn push(&mut self, value: &Value<'_>) -> io::Result<()> {
        if *value == Value::Missing {
            self.levels.push(0);
            return Ok(());
        }
        self.levels.push(1);
        match (&mut self.values, value) {
            (Values::Int32(values), Value::Number(number)) => {
                values.push(i32::try_from(*number).map_err(|_| too_large(&self.name))?);
            }
            (Values::Int64 { values, physical }, Value::Number(number)) => {
                let value = match physical {
                    Physical::Unsigned => Some(number.cast_signed()),
                    Physical::Stamp => i64::try_from(*number)
                        .ok()
                        .and_then(|seconds| seconds.checked_mul(1_000)),
                    _ => i64::try_from(*number).ok(),
                };
                values.push(value.ok_or_else(|| too_large(&self.name))?);
            }
            (Values::Int32(_) | Values::Int64 { .. }, _) => {
                let text = format!("{} is no column of numbers", self.name);
                return Err(io::Error::new(io::ErrorKind::InvalidData, text));
            }
            (
                Values::Text {
                    values,
                    words,
                    printed,
                },
                value,
            ) => {
                let text: &[u8] = match value {
                    Value::Text(text) => text.as_bytes(),
                    value => {
                        printed.clear();
                        print(value, printed);
                        printed
                    }
                };
                if let Some(word) = words.get(text) {
                    values.push(word.clone());
                    return Ok(());
                }
                let word = ByteArray::from(text.to_vec());
                if words.len() >= WORDS_KEPT {
                    words.clear();
                }
                words.insert(text.into(), word.clone());
                values.push(word);
            }
        }
        Ok(())
    }

    /// Writes the values, and is empty after that.
    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = Some(self.levels.as_slice());
        match &mut self.values {
            Values::Int32(values) => {
                let typed = column.typed::<Int32Type>();
                typed.write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Int64 { values, .. } => {
                let typed = column.typed::<Int64Type>();
                typed.write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Text { values, words, .. } => {
                let typed = column.typed::<ByteArrayType>();
                typed.write_batch(values, levels, None)?;
                values.clear();
                words.clear();
            }
        }
        self.levels.clear();
        Ok(())
    }
}

fn print(value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Number(number) => format::push_decimal(*number, out),
        Value::Address(address) => address.push_to(out),
        Value::Text(text) => out.extend_from_slice(text.as_bytes()),
        Value::Missing => {}
    }
}

fn too_large(name: &str) -> io::Error {
    let text = format!("a value of {name} is larger than its column in Parquet allows");
    io::Error::new(io::ErrorKind::InvalidData, text)
}

/// The error of the encoder; it writes to memory, so it is none of a stream.
fn plain(error: ParquetError) -> io::Error {
    io::Error::other(error.to_string())
}
