mod read_back;

use std::fs;
use std::io;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::format;
use crate::schema::{DEFAULT_FORMAT, FieldId, id};
use crate::store::{Addresses, Bitmap, Values};
use crate::store::{Catalog, Chunk, Column as Stored, Integers, Layout, RowId, Run, Source, Store};

fn write(format: Format, terminal: bool, columns: Vec<Column>, rows: &[Vec<Value<'_>>]) -> String {
    let mut out = Vec::new();
    let mut writer = row_writer(format, columns, Box::new(&mut out), terminal).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    writer.finish().unwrap();
    drop(writer);
    String::from_utf8(out).unwrap()
}

fn columns() -> Vec<Column> {
    vec![Column::text("who"), Column::number("bytes")]
}

fn rows() -> Vec<Vec<Value<'static>>> {
    vec![
        vec![Value::text("10.0.0.1"), Value::Number(u64::MAX)],
        vec![Value::text("a\"b"), Value::Missing],
    ]
}

#[track_caller]
fn check(format: Format, expected: &str) {
    assert_eq!(write(format, false, columns(), &rows()), expected);
}

#[test]
fn csv_leaves_missing_cells_empty_and_quotes_quotes() {
    check(
        Format::Csv,
        "who,bytes\n10.0.0.1,18446744073709551615\n\"a\"\"b\",\n",
    );
}

#[test]
fn json_is_an_array_with_numbers_as_numbers_and_null_for_missing() {
    check(
        Format::Json,
        "[\n{\"who\":\"10.0.0.1\",\"bytes\":18446744073709551615},\n{\"who\":\"a\\\"b\",\"bytes\":null}\n]\n",
    );
    assert_eq!(write(Format::Json, false, columns(), &[]), "[]\n");
}

#[test]
fn ndjson_is_an_object_a_line() {
    check(
        Format::Ndjson,
        "{\"who\":\"10.0.0.1\",\"bytes\":18446744073709551615}\n{\"who\":\"a\\\"b\",\"bytes\":null}\n",
    );
    assert_eq!(write(Format::Ndjson, false, columns(), &[]), "");
}

#[test]
fn a_table_sets_numbers_right_and_text_left_without_spaces_at_the_end() {
    check(
        Format::Table,
        "who                      bytes\n\
         10.0.0.1  18446744073709551615\n\
         a\"b                          -\n",
    );
    let last = vec![Column::number("n"), Column::text("who")];
    let row = vec![Value::Number(1), Value::text("x")];
    assert_eq!(write(Format::Table, false, last, &[row]), "n  who\n1  x\n");
}

#[test]
fn a_table_without_rows_is_nothing() {
    assert_eq!(write(Format::Table, true, columns(), &[]), "");
}

#[test]
fn a_table_measures_its_first_rows_and_never_cuts_a_later_one() {
    let mut rows = vec![vec![Value::text("ab"), Value::Number(1)]; 1000];
    rows.push(vec![Value::text("longer than that"), Value::Number(2)]);
    let text = write(Format::Table, false, columns(), &rows);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1002);
    assert_eq!(lines[1], "ab       1");
    assert_eq!(lines[1001], "longer than that      2");
}

#[test]
fn a_spreadsheet_runs_no_cell_of_a_log() {
    for (text, cell) in [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-x", "'-x"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\tx", "'\tx"),
        ("'=1", "''=1"),
        ("'1", "'1"),
        ("plain=", "plain="),
    ] {
        let row = vec![Value::text(text), Value::Number(0)];
        let csv = write(Format::Csv, false, columns(), &[row]);
        assert_eq!(csv, format!("who,bytes\n{cell},0\n"));
    }
    let named = vec![Column::text("=cmd")];
    assert_eq!(write(Format::Csv, false, named, &[]), "'=cmd\n");
}

#[test]
fn no_control_character_of_a_log_reaches_a_terminal() {
    let row = vec![Value::text("\x1b[31m\u{9b}\u{202e}"), Value::Missing];
    let rows = [row];
    let acts = |text: &str| text.contains(['\x1b', '\u{9b}', '\u{202e}']);
    for format in [Format::Table, Format::Csv, Format::Json, Format::Ndjson] {
        let text = write(format, true, columns(), &rows);
        assert!(!acts(&text), "{format:?}: {text:?}");
    }
    for format in [Format::Json, Format::Ndjson, Format::Table] {
        assert!(!acts(&write(format, false, columns(), &rows)), "{format:?}");
    }
    // A pipe gets what the log has.
    assert!(acts(&write(Format::Csv, false, columns(), &rows)));
}

#[test]
fn escaped_json_means_the_same() {
    let text = "\x1b]0;x\x07 \u{7f}\u{9b}31m \u{202e}é😀\u{feff}\"\\";
    let json = json::string(text);
    assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    assert!(matches!(
        format::visible(&json),
        std::borrow::Cow::Borrowed(_)
    ));
}

proptest! {
    #[test]
    fn numbers_and_addresses_are_what_formatting_gives(number: u64, small in 0u64..300, v4: u32, v6: u128) {
        let addresses = [
            Address::V4(v4.into()),
            Address::V6(v6.into()),
            Address::Mac([1, 2, 3, 4, 5, 255]),
        ];
        let mut values: Vec<Value<'_>> = addresses.map(Value::Address).into();
        values.extend([number, small, 0, u64::MAX].map(Value::Number));
        for value in values {
            let columns = vec![Column::text("v"), Column::text("end")];
            let row = vec![value.clone(), Value::text("x")];
            let csv = write(Format::Csv, false, columns, &[row]);
            prop_assert_eq!(csv, format!("v,end\n{value},x\n"));
        }
    }

    #[test]
    fn any_text_is_itself_again_after_json(text: String) {
        let row = vec![Value::text(text.as_str()), Value::Missing];
        let json = write(Format::Ndjson, false, columns(), &[row]);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(read["who"].as_str(), Some(text.as_str()));
    }
}

#[test]
fn only_records_have_original_lines() {
    assert!(row_writer(Format::Lines, columns(), Box::new(io::sink()), false).is_err());
}

/// What does not take a byte.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_of_that_kind_in_every_format() {
    for format in [Format::Table, Format::Csv, Format::Json, Format::Ndjson] {
        let result = row_writer(format, columns(), Box::new(Full), false).and_then(|mut writer| {
            writer.row(&rows()[0])?;
            writer.finish()
        });
        let kind = result.map_err(|error| error.kind());
        assert_eq!(kind, Err(io::ErrorKind::StorageFull), "{format:?}");
    }
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    fs::write(&path, "old").unwrap();
    let failed = file::write_whole(&path, |out| {
        out.write_all(b"half")?;
        Err::<(), _>(io::Error::other("disk"))
    });
    assert!(failed.is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    file::write_whole(&path, |out| out.write_all(b"new")).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn temporary_files_of_killed_processes_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let create = |name: &str, is_old: bool| {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        if is_old {
            file.set_modified(std::time::SystemTime::UNIX_EPOCH)
                .unwrap();
        }
        file
    };
    create(".flowdeck-aB3xYz", true);
    create(".flowdeck-notes.txt", true);
    create(".flowdeck-new123", false);
    let locked = create(".flowdeck-locked", true);
    locked.lock().unwrap();
    file::write_whole(&folder.path().join("out"), |out| out.write_all(b"x")).unwrap();
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        [
            ".flowdeck-locked",
            ".flowdeck-new123",
            ".flowdeck-notes.txt",
            "out"
        ]
    );
}

#[test]
fn a_read_only_file_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    fs::write(&path, "old").unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let refused = file::write_whole(&path, |out| out.write_all(b"new")).unwrap_err();
    assert_eq!(refused.to_string(), "the file is read-only");
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_replaced_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    file::write_whole(&link, |out| out.write_all(b"new")).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

/// A chunk of two records of one file, with `fields` in its layout, from `line` on.
fn chunk(source: u32, line: u64, layout: &Arc<Layout>, columns: Vec<(FieldId, Stored)>) -> Chunk {
    let run = Run {
        row: 0,
        source,
        line,
        layout: Arc::clone(layout),
    };
    Chunk::new(2, columns, vec![run], Vec::new())
}

fn numbers(values: [u64; 2]) -> Stored {
    Stored {
        values: Values::Numbers(Integers::U64(values.into())),
        present: None,
        range: Some((values[0].min(values[1]), values[0].max(values[1]))),
    }
}

fn layout(fields: &[FieldId], header: Option<&str>) -> Arc<Layout> {
    Arc::new(Layout {
        fields: fields.to_vec(),
        header: header.map(str::to_owned),
        ..Layout::default()
    })
}

/// Two files: `bytes interface-id srcaddr`, and `protocol bytes` without a header.
fn store() -> Store {
    let catalog = Arc::new(Catalog::default());
    let interfaces = catalog.dictionaries.of(id::INTERFACE_ID);
    let code = u64::from(interfaces.code("eni-1"));
    let sources = ["a.log", "b.log"].map(|path| Source {
        path: path.into(),
        ..Source::default()
    });
    let mut store = Store::new(catalog, sources.into());
    let first = layout(
        &[id::BYTES, id::INTERFACE_ID, id::SRCADDR],
        Some("bytes interface-id srcaddr"),
    );
    let words = Stored {
        values: Values::Words(Integers::Constant(code)),
        present: Some(Bitmap::from_fn(2, |row| row == 0)),
        range: Some((code, code)),
    };
    let narrow = Integers::Constant(0x0a00_0001);
    let addresses = Stored {
        values: Values::Addresses(Addresses { narrow, wide: None }),
        present: None,
        range: Some((0x0a00_0001, 0x0a00_0001)),
    };
    let columns = vec![
        (id::INTERFACE_ID, words),
        (id::SRCADDR, addresses),
        (id::BYTES, numbers([40, 50])),
    ];
    store.push(Arc::new(chunk(0, 2, &first, columns)));
    let second = layout(&[id::PROTOCOL, id::BYTES], None);
    let columns = vec![
        (id::PROTOCOL, numbers([6, 6])),
        (id::BYTES, numbers([7, 8])),
    ];
    store.push(Arc::new(chunk(1, 1, &second, columns)));
    store
}

fn records(fields: &[FieldId], spelling: Spelling, format: Format) -> String {
    let store = store();
    let records = Records {
        store: &store,
        fields: fields.to_vec(),
        spelling,
    };
    let mut out = Vec::new();
    let rows = (0..4).map(RowId);
    let count = write_records(&records, rows, format, Box::new(&mut out), false).unwrap();
    assert_eq!(count, 4);
    String::from_utf8(out).unwrap()
}

#[test]
fn records_have_the_fields_of_all_files_and_their_place() {
    let fields = super::records::every_field(&store());
    assert_eq!(
        records(&fields, Spelling::default(), Format::Csv),
        "bytes,interface_id,srcaddr,protocol,file,line\n\
         40,eni-1,10.0.0.1,,a.log,2\n\
         50,,10.0.0.1,,a.log,3\n\
         7,,,6,b.log,1\n\
         8,,,6,b.log,2\n"
    );
}

#[test]
fn a_table_of_records_names_protocols_and_shows_what_is_missing() {
    let readable = Spelling {
        readable: true,
        iso: false,
    };
    assert_eq!(
        records(&[id::INTERFACE_ID, id::PROTOCOL], readable, Format::Table),
        "interface-id  protocol\n\
         eni-1         -\n\
         -             -\n\
         -             tcp\n\
         -             tcp\n"
    );
}

#[test]
fn original_lines_stand_under_a_header_that_reads_them_again() {
    assert_eq!(
        records(&[], Spelling::default(), Format::Lines),
        "bytes interface-id srcaddr\n\
         40 eni-1 10.0.0.1\n\
         50 - 10.0.0.1\n\
         protocol bytes\n\
         6 7\n\
         6 8\n"
    );
}

#[test]
fn two_columns_never_have_the_same_name() {
    let store = store();
    let extra = store.catalog.header_field("file");
    let records = Records {
        store: &store,
        fields: vec![extra, id::FILE, id::LINE],
        spelling: Spelling::default(),
    };
    let names: Vec<String> = records.columns().into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["file", "file_2", "line"]);
    assert!(
        DEFAULT_FORMAT
            .iter()
            .all(|field| super::records::is_single(*field))
    );
}

#[test]
fn values_and_names_of_any_length_are_written() {
    let long = "x".repeat(70_000);
    let columns = vec![Column::text(long.as_str()), Column::number("bytes")];
    let rows = vec![vec![Value::text(long.as_str()), Value::Number(1)]];
    let table = write(Format::Table, false, columns, &rows);
    assert_eq!(table.matches(long.as_str()).count(), 2);
}
