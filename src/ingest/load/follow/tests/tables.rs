use ::parquet::data_type::{ByteArray, ByteArrayType};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;

use super::*;

#[test]
fn a_table_that_appears_in_a_followed_folder_is_refused() {
    let mut live = Live::start(&[("a.log", "srcaddr\n10.0.0.1\n")], &[]);
    let log = live.path("flows/_delta_log");
    fs::create_dir_all(&log).unwrap();
    fs::write(live.path("flows/b.log"), "srcaddr\n10.0.0.2\n").unwrap();
    let refused = |live: &Live| {
        let sources = live.loaded.store.sources();
        sources.iter().any(|source| {
            matches!(
                source.status,
                Status::Unreadable(ReadProblem::TableFolder { .. })
            )
        })
    };
    while !refused(&live) {
        live.hear();
    }
    live.append("a.log", "10.0.0.3\n");
    live.wait_for(&["a.log:2 10.0.0.1", "a.log:3 10.0.0.3"]);
    assert_eq!(live.stop().sources().len(), 2);
}

/// A Parquet file with these addresses.
fn columns(addresses: &[&'static str]) -> Vec<u8> {
    let schema = parse_message_type("message m { required binary srcaddr (STRING); }").unwrap();
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let addresses: Vec<ByteArray> = addresses.iter().map(|one| ByteArray::from(*one)).collect();
    let typed = column.typed::<ByteArrayType>();
    typed.write_batch(&addresses, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn a_parquet_file_that_was_cut_off_is_read_when_it_is_whole() {
    let bytes = columns(&["10.0.0.1", "10.0.0.2"]);
    let mut live = Live::start(&[("a.log", "srcaddr\n10.0.0.9\n")], &[]);
    let is_truncated = |live: &Live| {
        let sources = live.loaded.store.sources();
        let mut statuses = sources.iter().map(|source| &source.status);
        statuses.any(|status| matches!(status, Status::Truncated(_)))
    };
    fs::write(live.path("b.parquet"), &bytes[..bytes.len() / 2]).unwrap();
    while !is_truncated(&live) {
        live.hear();
    }
    live.append("b.parquet", &bytes[bytes.len() / 2..]);
    live.wait_for(&[
        "a.log:2 10.0.0.9",
        "b.parquet:1 10.0.0.1",
        "b.parquet:2 10.0.0.2",
    ]);
    while is_truncated(&live) {
        live.hear();
    }
    let store = live.stop();
    assert_eq!(store.sources().len(), 2);
    assert_eq!(store.sources()[1].status, Status::Ok);
}

#[test]
fn what_is_below_blank_lines_decides_the_format_of_a_file_that_grows() {
    let mut live = Live::start(&[("a.log", "\n{"), ("b.log", "srcaddr\n10.0.0.2\n")], &[]);
    live.wait_for(&["b.log:2 10.0.0.2"]);
    live.append("a.log", "\"srcaddr\":\"10.0.0.1\"}\n");
    live.wait_for(&["b.log:2 10.0.0.2", "a.log:1 10.0.0.1"]);
}
