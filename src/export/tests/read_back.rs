//! What is exported is read again as the same records.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::ingest;

const HEADER: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end \
                      action log-status instance-tag";

fn load(name: &str, bytes: &[u8]) -> Store {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let loaded = ingest::load(vec![ingest::Input::Path(path)], ingest::Options::default());
    let store = loaded.unwrap().store;
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(store.rejects().kept, [], "{text}");
    store
}

/// The values of every record in reading order, by the names of their fields.
fn values(store: &Store, fields: &[FieldId]) -> Vec<Vec<String>> {
    let rows = (0..u32::try_from(store.rows()).unwrap()).map(RowId);
    let values = rows.map(|row| {
        let values = fields.iter().map(|field| store.cell_text(row, *field));
        values.collect()
    });
    values.collect()
}

/// A record, or one without traffic.
fn line() -> impl Strategy<Value = String> {
    let tags = [
        "-",
        "web",
        "NA",
        "null",
        "None",
        "=1+1",
        "'=1",
        "''@x",
        "-x",
        "+1",
        "a,b",
        "a;b",
        "\"q\"",
        "12345678901",
        "007",
        "1,234",
        "1.0",
        "'",
        "'1",
        "ü",
    ];
    let tag = || select(tags.to_vec());
    let status = select(vec!["NODATA", "SKIPDATA"]);
    let account = || select(vec!["123456789012", "012345678901", "unknown"]);
    let address = || select(vec!["10.0.0.1", "2001:db8::1", "203.0.113.9"]);
    let traffic = (
        account(),
        address(),
        any::<u16>(),
        any::<u8>(),
        any::<u64>(),
        tag(),
    );
    prop_oneof![
        3 => traffic.prop_map(|(account, address, port, protocol, bytes, tag)| format!(
            "2 {account} eni-1 {address} 10.0.0.2 {port} 443 {protocol} 1 {bytes} 1795400460 1795400519 ACCEPT OK {tag}"
        )),
        1 => (account(), status, tag()).prop_map(|(account, status, tag)| format!(
            "2 {account} eni-1 - - - - - - - 1795400460 1795400519 - {status} {tag}"
        )),
    ]
}

proptest! {
    #[test]
    fn every_format_gives_back_equal_values(lines in prop::collection::vec(line(), 1..12), iso in any::<bool>()) {
        let store = load("a.log", format!("{HEADER}\n{}\n", lines.join("\n")).as_bytes());
        let fields = store.fields();
        let expected = values(&store, &fields);
        for format in [Format::Csv, Format::Json, Format::Ndjson, Format::Parquet, Format::Lines] {
            let records = Records {
                store: &store,
                fields: records::every_field(&store),
                spelling: Spelling { iso, readable: false },
            };
            let rows = (0..u32::try_from(store.rows()).unwrap()).map(RowId);
            let mut out = Vec::new();
            write_records(&records, rows, format, Box::new(&mut out), false).unwrap();
            let again = load("export", &out);
            let text = String::from_utf8_lossy(&out);
            prop_assert_eq!(values(&again, &fields), expected.clone(), "{:?}: {}", format, text);
        }
    }
}

#[test]
fn an_exported_record_keeps_the_file_and_the_line_that_it_was_read_from() {
    let line =
        "2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 443 6 1 44 1795400460 1795400519 ACCEPT OK web";
    let store = load("a.log", format!("{HEADER}\n\n{line}\n{line}\n").as_bytes());
    for format in [Format::Csv, Format::Json, Format::Ndjson, Format::Parquet] {
        let records = Records {
            store: &store,
            fields: records::every_field(&store),
            spelling: Spelling::default(),
        };
        let mut out = Vec::new();
        write_records(
            &records,
            [RowId(1), RowId(0)].into_iter(),
            format,
            Box::new(&mut out),
            false,
        )
        .unwrap();
        let again = load("export", &out);
        assert_eq!(again.fields(), store.fields(), "{format:?}");
        let place = |field| [0, 1].map(|row| computed::value(&again, RowId(row), field));
        assert_eq!(place(id::LINE), [Value::Number(4), Value::Number(3)]);
        for file in place(id::FILE) {
            assert!(matches!(file, Value::Text(path) if path.ends_with("a.log")));
        }
    }
    let other = load("b.csv", b"srcaddr,Bytes,file,line\n10.0.0.1,5,x,7\n");
    assert_eq!(
        computed::value(&other, RowId(0), id::LINE),
        Value::Number(2)
    );
}
