//! Columns of Parquet that are not read: a question that needs one is refused, and no sum of it is 0.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::flowdeck;

/// Writes a file of one record that has a list for its bytes.
fn write(path: &Path) {
    let schema = "message flow { optional binary srcaddr; optional int64 packets; optional int64 start; \
                  optional group bytes (LIST) { repeated group list { optional int64 element; } } }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let file = File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    value::<ByteArrayType>(&mut group, ByteArray::from("10.0.0.1"), 1);
    value::<Int64Type>(&mut group, 5, 1);
    value::<Int64Type>(&mut group, 1_700_000_000, 1);
    value::<Int64Type>(&mut group, 4400, 3);
    group.close().unwrap();
    writer.close().unwrap();
}

fn value<T: DataType>(group: &mut SerializedRowGroupWriter<'_, File>, value: T::T, level: i16) {
    let mut column = group.next_column().unwrap().unwrap();
    let typed = column.typed::<T>();
    typed
        .write_batch(&[value], Some(&[level]), Some(&[0]))
        .unwrap();
    column.close().unwrap();
}

/// Runs the binary beside such a file; gives what it prints, what it says, and how it ends.
fn run(args: &[&str]) -> (String, String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("list.parquet"));
    std::fs::write(
        folder.path().join("flow.log"),
        "srcaddr bytes start\n10.0.0.1 7 1700000000\n",
    )
    .unwrap();
    let output = flowdeck(folder.path()).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code(),
    )
}

const WHY: &str = "column bytes of list.parquet has the type LIST, which is not supported; write it again as BIGINT";

#[test]
fn a_question_that_needs_the_column_is_refused() {
    for (option, value) in [
        ("--by", "bytes"),
        ("--by", "srcaddr,bpp"),
        ("--measure", "bytes"),
    ] {
        let by = if option == "--by" { value } else { "srcaddr" };
        let measure = if option == "--by" { "records" } else { value };
        // Also where another file has it.
        for files in [&["list.parquet"][..], &["flow.log", "list.parquet"]] {
            let args = [&["top", "--by", by, "--measure", measure], files].concat();
            let said = format!("flowdeck: {option}: {WHY}\n");
            assert_eq!(run(&args), (String::new(), said, Some(2)), "{args:?}");
        }
    }
    for (option, value) in [("--columns", "srcaddr,bytes"), ("--sort", "-bps")] {
        let said = format!("flowdeck: {option}: {WHY}\n");
        let found = run(&["query", option, value, "list.parquet"]);
        assert_eq!(found, (String::new(), said, Some(2)));
    }
    for command in ["query", "timeline", "inspect"] {
        let (out, said, code) = run(&[command, "-f", "bytes > 5", "list.parquet"]);
        let begin = format!("flowdeck: --filter: {WHY}\n  bytes > 5\n  ^^^^^");
        assert!(said.starts_with(&begin), "{command}: {said}");
        assert_eq!((out.as_str(), code), ("", Some(2)), "{command}");
    }
}

#[test]
fn a_sum_that_is_always_printed_is_missing_and_that_is_said() {
    let warned = format!("flowdeck: warning: {WHY}\n");
    let (out, said, code) = run(&["top", "--by", "srcaddr", "list.parquet"]);
    let group = "{\"srcaddr\":\"10.0.0.1\",\"records\":1,\"packets\":5,\"bytes\":null,\"accept\":null,\"reject\":null}\n";
    assert_eq!((out.as_str(), code), (group, Some(0)));
    assert_eq!(said, warned);
    let (out, said, code) = run(&["timeline", "--output", "csv", "list.parquet"]);
    let buckets = "time,accept,reject,other,bytes,packets\n1699999980,,,1,,5\n";
    assert_eq!((out.as_str(), code), (buckets, Some(0)));
    assert_eq!(said, warned);
}

#[test]
fn where_other_files_have_the_column_sums_are_lower_bounds() {
    let files = [
        "top",
        "--by",
        "srcaddr",
        "--output",
        "csv",
        "flow.log",
        "list.parquet",
    ];
    let (out, said, code) = run(&files);
    assert_eq!(
        (out.as_str(), code),
        (
            "srcaddr,records,packets,bytes,accept,reject\n10.0.0.1,2,5,7,,\n",
            Some(0)
        )
    );
    assert_eq!(
        said,
        "flowdeck: warning: packets are missing from 1 of 2 files; sums are lower bounds\n\
         flowdeck: warning: bytes are missing from 1 of 2 files; sums are lower bounds\n"
    );
}

#[test]
fn a_question_that_needs_other_columns_is_answered() {
    let found = run(&["query", "--count", "-f", "packets > 1", "list.parquet"]);
    assert_eq!(found, ("1\n".into(), String::new(), Some(0)));
}
