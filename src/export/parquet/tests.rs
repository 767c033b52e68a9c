use std::fs;

use ::parquet::basic::Compression;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::schema::printer::print_schema;
use proptest::prelude::*;

use super::*;
use crate::export::records::every_field;
use crate::export::{Format, Records, Spelling, write_records};
use crate::ingest::{self, Input, Options};
use crate::store::{RowId, Store};

/// What a file of these bytes has.
fn load(bytes: &[u8]) -> Store {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flow.log");
    fs::write(&path, bytes).unwrap();
    let loaded = ingest::load(vec![Input::Path(path)], Options::default()).unwrap();
    let store = loaded.store;
    assert_eq!(store.sources()[0].status.error(), None);
    store
}

/// All records of a store as Parquet.
fn parquet(store: &Store, spelling: Spelling) -> Vec<u8> {
    let records = Records {
        store,
        fields: every_field(store),
        spelling,
    };
    let rows = (0..u32::try_from(store.rows()).unwrap()).map(RowId);
    let mut out = Vec::new();
    let written = write_records(&records, rows, Format::Parquet, Box::new(&mut out), false);
    assert_eq!(written.unwrap(), store.rows() as u64);
    out
}

fn read(bytes: &[u8]) -> SerializedFileReader<std::fs::File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    SerializedFileReader::new(file).unwrap()
}

/// The schema of a file as text.
fn schema(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    let reader = read(bytes);
    let metadata = reader.metadata().file_metadata();
    print_schema(&mut text, metadata.schema_descr().root_schema());
    String::from_utf8(text).unwrap()
}

const LOG: &str = "version interface-id srcaddr dstport bytes start action tcp-flags cost-center\n\
                   2 eni-0a1 10.0.0.1 443 40 1700000000 ACCEPT 2 blue\n\
                   2 eni-0a1 - - - 1700000060 - - -\n";

#[test]
fn columns_have_the_types_of_aws_and_are_optional() {
    let expected = "message flow_log {
  OPTIONAL INT32 version (INTEGER(32,true));
  OPTIONAL BYTE_ARRAY interface_id (STRING);
  OPTIONAL BYTE_ARRAY srcaddr (STRING);
  OPTIONAL INT32 dstport (INTEGER(32,true));
  OPTIONAL INT64 bytes (INTEGER(64,true));
  OPTIONAL INT64 start (INTEGER(64,true));
  OPTIONAL BYTE_ARRAY action (STRING);
  OPTIONAL INT32 tcp_flags (INTEGER(32,true));
  OPTIONAL BYTE_ARRAY cost-center (STRING);
  OPTIONAL BYTE_ARRAY file (STRING);
  OPTIONAL INT64 line (INTEGER(64,true));
}
";
    let bytes = parquet(&load(LOG.as_bytes()), Spelling::default());
    assert_eq!(schema(&bytes), expected);
    let reader = read(&bytes);
    let group = reader.metadata().row_group(0);
    for column in group.columns() {
        assert!(matches!(column.compression(), Compression::GZIP(_)));
    }
}

#[test]
fn a_column_is_wider_where_a_value_would_not_fit() {
    let large = LOG
        .replace("443 40", &format!("443 {}", u64::MAX))
        .replace(" 2 blue", " 4294967295 blue");
    let store = load(large.as_bytes());
    let bytes = parquet(&store, Spelling::default());
    let schema = schema(&bytes);
    assert!(
        schema.contains("INT64 bytes (INTEGER(64,false))"),
        "{schema}"
    );
    assert!(
        schema.contains("INT64 tcp_flags (INTEGER(64,true))"),
        "{schema}"
    );
    assert_eq!(
        load(&bytes).line_text(RowId(0)),
        store.line_text(RowId(0)) + " " + &place(&store, 0)
    );
}

#[test]
fn times_are_stamps_where_they_are_asked_for_in_iso() {
    let spelling = Spelling {
        iso: true,
        readable: false,
    };
    let store = load(LOG.as_bytes());
    let bytes = parquet(&store, spelling);
    let schema = schema(&bytes);
    assert!(
        schema.contains("INT64 start (TIMESTAMP(MILLIS,true))"),
        "{schema}"
    );
    let plain = parquet(&store, Spelling::default());
    let (stamps, plain) = (load(&bytes), load(&plain));
    assert_eq!(stamps.line_text(RowId(0)), plain.line_text(RowId(0)));
    assert_eq!(stamps.line_text(RowId(1)), plain.line_text(RowId(1)));
}

#[test]
fn a_value_that_a_column_of_numbers_cannot_hold_is_an_error() {
    let columns = [Column::number("n")];
    let mut rows = Rows::new(&columns, &[Physical::Int64], Box::new(io::sink())).unwrap();
    rows.row(&[Value::Number(i64::MAX.cast_unsigned())])
        .unwrap();
    assert!(rows.row(&[Value::Number(u64::MAX)]).is_err());
    assert!(rows.row(&[Value::text("1")]).is_err());
}

#[test]
fn row_groups_are_of_two_chunks() {
    let columns = [Column::number("n"), Column::text("t")];
    let mut out = Vec::new();
    let mut rows = Rows::new(
        &columns,
        &[Physical::Int32, Physical::Text],
        Box::new(&mut out),
    )
    .unwrap();
    for number in 0..300_000 {
        rows.row(&[Value::Number(number), Value::text("x")])
            .unwrap();
    }
    rows.finish().unwrap();
    drop(rows);
    let reader = read(&out);
    let groups = reader.metadata().row_groups().iter();
    let counts: Vec<i64> = groups
        .map(::parquet::file::metadata::RowGroupMetaData::num_rows)
        .collect();
    assert_eq!(counts, [131_072, 131_072, 37_856]);
}

/// File and line of a row, as they come back as words.
fn place(store: &Store, row: u32) -> String {
    let (source, line) = store.source_position(RowId(row));
    format!("{} {line}", store.sources()[source].path.display())
}

/// A word of a line that is no other way of saying that there is none.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("-".to_owned()),
        prop::sample::select(vec![
            "ACCEPT",
            "REJECT",
            "OK",
            "NODATA",
            "eni-0a1b",
            "ünïcode"
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,40}",
    ]
}

fn number(most: u64) -> impl Strategy<Value = String> {
    prop_oneof![
        1 => Just("-".to_owned()),
        3 => (0..=most.min(9)).prop_map(|number| number.to_string()),
        3 => (0..=most).prop_map(|number| number.to_string()),
    ]
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => Just("-".to_owned()),
        3 => any::<u32>().prop_map(|bits| std::net::Ipv4Addr::from(bits).to_string()),
        1 => (0..4_u128).prop_map(|bits| std::net::Ipv6Addr::from(bits << 90 | bits).to_string()),
    ]
}

fn line() -> impl Strategy<Value = String> {
    let numbers = (
        number(10),
        number(65_535),
        number(255),
        number(u64::MAX),
        number(4_102_444_800),
    );
    (word(), address(), numbers, word(), word()).prop_map(
        |(interface, address, numbers, action, note)| {
            let (version, port, protocol, bytes, start) = numbers;
            format!(
                "{version} {interface} {address} {port} {protocol} {bytes} {start} {action} {note}"
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn records_come_back_as_they_were(lines in prop::collection::vec(line(), 1..200)) {
        let header = "version interface-id srcaddr srcport protocol bytes start action cost-center";
        let before = load(format!("{header}\n{}\n", lines.join("\n")).as_bytes());
        prop_assert_eq!(before.rows(), lines.len());
        let after = load(&parquet(&before, Spelling::default()));
        prop_assert_eq!(after.rows(), lines.len());
        for (row, line) in (0_u32..).zip(&lines) {
            let expected = format!("{line} {}", place(&before, row));
            prop_assert_eq!(after.line_text(RowId(row)), expected);
            prop_assert_eq!(after.source_position(RowId(row)).1, u64::from(row) + 1);
        }
    }
}

#[test]
fn row_groups_of_many_columns_are_smaller() {
    let text = |count| vec![Physical::Text; count];
    assert_eq!(group_rows(&text(10)), GROUP_ROWS);
    assert_eq!(group_rows(&text(100)), SMALL_GROUP_ROWS);
    assert_eq!(memory(&text(100), 10), 10 * row_bytes(&text(100)));
    assert_eq!(memory(&text(10), usize::MAX), memory(&text(10), GROUP_ROWS));
    assert!(memory(&text(10), GROUP_ROWS) < MAX_GROUP_BYTES);
}
