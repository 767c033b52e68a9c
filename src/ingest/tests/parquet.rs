//! Parquet as programs write it.

mod assumed;
mod damage;
mod events;
mod folders;
mod refused;
mod types;

use ::parquet::basic::{Compression as Codec, Encoding, GzipLevel};
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
    FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96, Int96Type,
};
use ::parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use ::parquet::file::writer::{
    SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter,
};
use ::parquet::schema::parser::parse_message_type;

use super::*;
use crate::schema::id;

/// The values of a column; none where one is missing.
#[derive(Clone, Debug)]
enum Data {
    Int32(Vec<Option<i32>>),
    Int64(Vec<Option<i64>>),
    Int96(Vec<Option<Int96>>),
    Double(Vec<Option<f64>>),
    Float(Vec<Option<f32>>),
    Bool(Vec<Option<bool>>),
    Text(Vec<Option<&'static [u8]>>),
    Fixed(Vec<Option<Vec<u8>>>),
}

fn int32(values: &[i32]) -> Data {
    Data::Int32(values.iter().copied().map(Some).collect())
}

fn int64(values: &[i64]) -> Data {
    Data::Int64(values.iter().copied().map(Some).collect())
}

fn text(values: &[&'static str]) -> Data {
    Data::Text(values.iter().map(|text| Some(text.as_bytes())).collect())
}

impl Data {
    fn write(&self, column: &mut SerializedColumnWriter<'_>) {
        fn typed<T: DataType>(
            column: &mut SerializedColumnWriter<'_>,
            values: impl Iterator<Item = Option<T::T>>,
        ) {
            let values: Vec<_> = values.collect();
            let levels: Vec<i16> = values
                .iter()
                .map(|value| i16::from(value.is_some()))
                .collect();
            let values: Vec<_> = values.into_iter().flatten().collect();
            column
                .typed::<T>()
                .write_batch(&values, Some(&levels), None)
                .unwrap();
        }
        match self {
            Self::Int32(values) => typed::<Int32Type>(column, values.iter().copied()),
            Self::Int64(values) => typed::<Int64Type>(column, values.iter().copied()),
            Self::Int96(values) => typed::<Int96Type>(column, values.iter().copied()),
            Self::Double(values) => typed::<DoubleType>(column, values.iter().copied()),
            Self::Float(values) => typed::<FloatType>(column, values.iter().copied()),
            Self::Bool(values) => typed::<BoolType>(column, values.iter().copied()),
            Self::Text(values) => {
                let values = values.iter().map(|text| text.map(ByteArray::from));
                typed::<ByteArrayType>(column, values);
            }
            Self::Fixed(values) => {
                let fixed = |bytes: &Vec<u8>| FixedLenByteArray::from(bytes.clone());
                let values = values.iter().map(|bytes| bytes.as_ref().map(fixed));
                typed::<FixedLenByteArrayType>(column, values);
            }
        }
    }
}

/// A file of row groups that have these columns.
fn file_of(columns: &str, groups: &[Vec<Data>], properties: WriterPropertiesBuilder) -> Vec<u8> {
    let schema = parse_message_type(&format!("message m {{ {columns} }}")).unwrap();
    let properties = Arc::new(properties.build());
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), properties).unwrap();
    for data in groups {
        let mut group = writer.next_row_group().unwrap();
        for data in data {
            let mut column = group.next_column().unwrap().unwrap();
            data.write(&mut column);
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

fn file(columns: &str, data: Vec<Data>) -> Vec<u8> {
    file_of(columns, &[data], WriterProperties::builder())
}

/// What is seen of the only file: the lines of its records, and its rejects.
fn lines(loaded: &Loaded) -> Vec<String> {
    let records = seen(&loaded.store).records;
    records.into_iter().map(|(_, _, line, _)| line).collect()
}

#[track_caller]
fn check(columns: &str, data: Vec<Data>, expected: &[&str]) {
    let loaded = load_bytes(&file(columns, data));
    let source = &loaded.store.sources()[0];
    assert_eq!(source.status, Status::Ok);
    assert_eq!(source.format, "parquet");
    assert_eq!(lines(&loaded), expected);
}

#[test]
fn columns_are_known_by_their_names_in_any_spelling_and_order() {
    check(
        "optional binary Log_Status (STRING); required int64 srcPort; optional binary srcaddr; \
         optional int32 tcp_flags;",
        vec![
            text(&["OK", "NODATA"]),
            int64(&[443, 22]),
            text(&["10.0.0.1", "2001:db8::1"]),
            int32(&[2, 18]),
        ],
        &["OK 443 10.0.0.1 2", "NODATA 22 2001:db8::1 18"],
    );
}

#[test]
fn numbers_may_be_of_any_type_that_holds_them() {
    check(
        "optional int32 srcport; optional int64 dstport (INTEGER(64,false)); optional double packets; \
         optional binary protocol (STRING); optional int64 bytes (INTEGER(64,false)); \
         optional int32 version (INTEGER(32,false)); optional int32 end;",
        vec![
            int32(&[1]),
            int64(&[2]),
            Data::Double(vec![Some(3.0)]),
            text(&["udp"]),
            int64(&[-1]),
            int32(&[-1]),
            int32(&[7]),
        ],
        &["1 2 3 17 18446744073709551615 4294967295 7"],
    );
}

#[test]
fn times_may_be_stamps_of_any_unit_or_days() {
    let mut stamp = Int96::new();
    // Half past midnight of the first day of 1970 is in the Julian day 2,440,588.
    let nanoseconds: u64 = 1_800_000_000_000;
    let half = |bits: u64| u32::try_from(bits & 0xffff_ffff).unwrap();
    stamp.set_data(half(nanoseconds), half(nanoseconds >> 32), 2_440_588);
    let columns = "optional int64 start (TIMESTAMP(MICROS,true)); optional int96 end; \
                   optional int32 log_status (DATE); optional int64 action (TIMESTAMP(MILLIS,true));";
    let data = vec![
        int64(&[1_700_000_000_999_999]),
        Data::Int96(vec![Some(stamp)]),
        int32(&[19_000]),
        int64(&[1_700_000_000_999]),
    ];
    let expected = "1700000000 1800 2022-01-08T00:00:00Z 2023-11-14T22:13:20Z";
    check(columns, data, &[expected]);
    let loaded = load_bytes(&file(
        "optional int64 start;",
        vec![int64(&[1_700_000_000_123])],
    ));
    assert_eq!(lines(&loaded), ["1700000000"]);
    let warnings = &loaded.store.sources()[0].warnings;
    assert!(warnings[0].contains("milli"), "{warnings:?}");
}

#[test]
fn null_a_dash_nothing_none_and_not_a_number_are_missing_in_numbers() {
    check(
        "optional int32 srcport; optional binary srcaddr; optional binary action; optional binary bytes; \
         optional double packets;",
        vec![
            Data::Int32(vec![None, Some(0), None, None]),
            Data::Text(vec![Some(b"-"), None, Some(b""), Some(b"None")]),
            Data::Text(vec![Some(b"None"), Some(b"-"), None, Some(b"")]),
            Data::Text(vec![Some(b"0"), Some(b""), Some(b"None"), Some(b"-")]),
            Data::Double(vec![Some(f64::NAN), Some(1.0), None, Some(0.0)]),
        ],
        &["- - - 0 -", "0 - - - 1", "- - - - -", "- - - - 0"],
    );
}

#[test]
fn an_account_that_was_taken_for_a_number_gets_its_zeros_back() {
    check(
        "optional int64 account_id; optional int64 end;",
        vec![int64(&[12_345_678_901]), int64(&[7])],
        &["012345678901 7"],
    );
}

#[test]
fn a_row_with_a_bad_value_is_a_reject_and_the_others_stay() {
    let columns = "optional binary srcaddr; optional int64 dstport; optional double packets; optional binary action;";
    let data = vec![
        text(&[
            "10.0.0.1", "10.0.0.2", "nowhere", "10.0.0.4", "10.0.0.5", "10.0.0.6",
        ]),
        Data::Int64(vec![
            Some(1),
            Some(65_536),
            Some(3),
            None,
            Some(-5),
            Some(6),
        ]),
        Data::Double(vec![Some(1.0), None, None, Some(0.5), Some(2.0), Some(3.0)]),
        Data::Text(vec![Some(b"OK"), None, None, None, None, Some(b"bad \xff")]),
    ];
    let loaded = load_bytes(&file(columns, data));
    let seen = seen(&loaded.store);
    let records: Vec<_> = seen
        .records
        .iter()
        .map(|(_, line, text, _)| (*line, text.as_str()))
        .collect();
    assert_eq!(records, [(1, "10.0.0.1 1 1 OK")]);
    let rejects: Vec<_> = seen
        .rejects
        .iter()
        .map(|(_, line, reason, text)| (*line, reason.to_string(), text.as_str()))
        .collect();
    assert_eq!(
        rejects,
        [
            (2, "bad dstport".into(), "10.0.0.2 65536 - -"),
            (3, "bad srcaddr".into(), "nowhere 3 - -"),
            (4, "bad packets".into(), "10.0.0.4 - 0.5 -"),
            (5, "bad dstport".into(), "10.0.0.5 -5 2 -"),
            (6, "not UTF-8".into(), "10.0.0.6 6 3 bad \u{fffd}"),
        ]
    );
    assert_eq!(seen.line_counts.lines, 6);
}

#[test]
fn a_mac_is_an_address_where_the_traffic_is_efa() {
    let mac = "0e:11:22:33:44:55";
    let columns = "optional binary type; optional binary srcaddr;";
    let data = vec![text(&["EFA", "IPv4"]), text(&[mac, mac])];
    let loaded = load_bytes(&file(columns, data));
    assert_eq!(lines(&loaded), [format!("EFA {mac}")]);
    assert_eq!(loaded.store.rejects().kept[0].line, 2);
}

#[test]
fn a_word_that_no_line_could_have_is_a_reject() {
    let data = vec![int32(&[1, 2]), text(&["two words", "two\nlines"])];
    let loaded = load_bytes(&file("optional int32 end; optional binary note;", data));
    assert_eq!(lines(&loaded), ["1 two words"]);
    let reject = &loaded.store.rejects().kept[0];
    assert_eq!(
        (reject.line, &reject.reason),
        (2, &RejectReason::ControlCharacter)
    );
}

#[test]
fn a_column_that_nobody_knows_is_an_extra_field() {
    let data = vec![
        text(&["10.0.0.1"]),
        text(&["a"]),
        Data::Bool(vec![Some(true)]),
        text(&["10.0.0.2"]),
    ];
    let columns = "optional binary srcaddr; optional binary cost_center; optional boolean seen; \
                   optional binary src_ip;";
    let loaded = load_bytes(&file(columns, data));
    let names = loaded.store.catalog.extra_names();
    assert_eq!(names, ["cost_center", "seen", "src_ip (2)"]);
    assert_eq!(lines(&loaded), ["10.0.0.1 a true 10.0.0.2"]);
}

#[test]
fn columns_that_are_nested_or_of_another_type_are_named_and_passed_over() {
    let columns = "optional group tags (LIST) { repeated group list { optional binary element; } } \
                   optional binary srcaddr; optional boolean dstport; optional int32 dstaddr (DATE);";
    let schema = parse_message_type(&format!("message m {{ {columns} }}")).unwrap();
    let mut writer =
        SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let typed = column.typed::<ByteArrayType>();
    typed
        .write_batch(&[ByteArray::from("x")], Some(&[3]), Some(&[0]))
        .unwrap();
    column.close().unwrap();
    for data in [
        text(&["10.0.0.1"]),
        Data::Bool(vec![Some(true)]),
        int32(&[1]),
    ] {
        let mut column = group.next_column().unwrap().unwrap();
        data.write(&mut column);
        column.close().unwrap();
    }
    group.close().unwrap();
    let loaded = load_bytes(&writer.into_inner().unwrap());
    assert_eq!(lines(&loaded), ["10.0.0.1"]);
    let warnings = &loaded.store.sources()[0].warnings;
    assert!(
        warnings[0].ends_with(": tags (LIST), dstport (BOOLEAN), dstaddr (DATE)"),
        "{warnings:?}"
    );
    let source = &loaded.store.sources()[0];
    let told: Vec<String> = source
        .skipped_columns
        .iter()
        .map(|column| column.message(Path::new("a.parquet")))
        .collect();
    assert_eq!(
        told,
        [
            "column tags of a.parquet has the type LIST, which is not supported; write it again as VARCHAR",
            "column dstport of a.parquet has the type BOOLEAN, which is not supported; write it again as BIGINT",
            "column dstaddr of a.parquet has the type DATE, which is not supported; write it again as VARCHAR",
        ]
    );
    // A question can name it, though no record has it.
    assert!(loaded.store.catalog.lookup("tags").is_some());
    assert!(!loaded.store.fields().contains(&id::DSTPORT));
}

#[test]
fn a_column_behind_as_many_as_are_read_says_so() {
    let extras: Vec<_> = (1..512)
        .map(|number| format!("optional int32 c{number};"))
        .collect();
    let extras = extras.join(" ");
    let columns = format!("optional binary srcaddr (STRING); {extras} optional int64 bytes;");
    let mut data = vec![text(&["10.0.0.1"])];
    data.extend((0..511).map(|_| int32(&[1])));
    data.push(Data::Int64(vec![Some(5)]));
    let loaded = load_bytes(&file(&columns, data));
    let column = &loaded.store.sources()[0].skipped_columns[0];
    assert_eq!(
        column.message(Path::new("a.parquet")),
        "column bytes of a.parquet was not read: only the first 512 columns are; write the file again with fewer columns"
    );
}

/// Columns with many and with few different words, missing ones and numbers; so many rows.
fn varied(rows: usize) -> (&'static str, Vec<Data>) {
    let number = |row: usize| i64::try_from(row * 7919 % 65_536).unwrap();
    let words: [&'static [u8]; 3] = [b"ACCEPT", b"REJECT", b"-"];
    let address = |row: usize| -> &'static [u8] {
        Box::leak(
            format!("10.{}.{}.7", row % 256, row / 256 % 256)
                .into_bytes()
                .into_boxed_slice(),
        )
    };
    (
        "required int64 bytes; optional int64 dstport; optional binary action; optional binary srcaddr;",
        vec![
            Data::Int64((0..rows).map(|row| Some(number(row))).collect()),
            Data::Int64(
                (0..rows)
                    .map(|row| (row % 5 > 0).then(|| number(row)))
                    .collect(),
            ),
            Data::Text((0..rows).map(|row| Some(words[row % 3])).collect()),
            Data::Text(
                (0..rows)
                    .map(|row| (row % 7 > 0).then(|| address(row)))
                    .collect(),
            ),
        ],
    )
}

#[test]
fn every_way_to_write_the_same_rows_gives_the_same_records() {
    let (columns, data) = varied(5000);
    let write = |properties: WriterPropertiesBuilder| {
        let bytes = file_of(columns, std::slice::from_ref(&data), properties);
        seen(&load_bytes(&bytes).store)
    };
    let expected = write(WriterProperties::builder());
    assert_eq!(expected.records.len(), 5000);
    let codecs = [
        Codec::UNCOMPRESSED,
        Codec::SNAPPY,
        Codec::GZIP(GzipLevel::default()),
    ];
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for codec in codecs {
            for has_dictionary in [true, false] {
                let same = write(
                    WriterProperties::builder()
                        .set_writer_version(version)
                        .set_compression(codec)
                        .set_dictionary_enabled(has_dictionary)
                        .set_data_page_row_count_limit(700)
                        .set_dictionary_page_size_limit(2000),
                );
                assert!(
                    same.records == expected.records,
                    "{version:?} {codec} {has_dictionary}"
                );
            }
        }
    }
    for (number, word) in [
        (
            Encoding::DELTA_BINARY_PACKED,
            Encoding::DELTA_LENGTH_BYTE_ARRAY,
        ),
        (Encoding::BYTE_STREAM_SPLIT, Encoding::DELTA_BYTE_ARRAY),
    ] {
        let mut properties = WriterProperties::builder().set_dictionary_enabled(false);
        for column in ["bytes", "dstport"] {
            properties = properties.set_column_encoding(column.into(), number);
        }
        for column in ["action", "srcaddr"] {
            properties = properties.set_column_encoding(column.into(), word);
        }
        assert!(
            write(properties).records == expected.records,
            "{number} {word}"
        );
    }
}

#[test]
fn within_gzip_it_is_the_same() {
    let (columns, data) = varied(100);
    let bytes = file(columns, data);
    let plain = seen(&load_bytes(&bytes).store);
    let packed = load_bytes(&gzip(&bytes));
    assert_eq!(seen(&packed.store).records, plain.records);
    assert_eq!(packed.store.sources()[0].format, "parquet");
}

#[test]
fn an_empty_table_is_no_fault() {
    let loaded = load_bytes(&file_of(
        "optional int32 end;",
        &[],
        WriterProperties::builder(),
    ));
    assert_eq!(loaded.store.sources()[0].status, Status::Ok);
    assert_eq!(loaded.store.rows(), 0);
}
