//! Schemas without records of flows.

use ::parquet::file::metadata::{ParquetMetaDataReader, ParquetMetaDataWriter};

use super::*;

#[test]
fn a_schema_that_is_no_flow_log_is_named() {
    for (columns, format, says) in [
        (
            "optional binary a; optional binary b;",
            "parquet",
            "Parquet without an address or a time of a flow log (its columns are a, b)",
        ),
        (
            "optional binary action (STRING); optional int64 bytes;",
            "parquet",
            "(its columns are action, bytes), which is not supported; export at least one of srcaddr",
        ),
        (
            "optional binary srcaddr (STRING); optional binary query_name (STRING); optional binary query_type;",
            "route53-query-log",
            "queries to Route 53 Resolver, not a flow log",
        ),
        (
            "optional int96 srcaddr; optional int64 bytes; optional group dstaddr { optional binary a; }",
            "parquet",
            "none of its columns with an address or a time has a type that is read",
        ),
        (
            "optional int32 class_uid; optional group metadata { optional binary version; }",
            "ocsf-parquet",
            "without the endpoints of a flow",
        ),
    ] {
        let loaded = load_bytes(&file_of(columns, &[], WriterProperties::builder()));
        let source = &loaded.store.sources()[0];
        assert_eq!(source.format, format);
        let error = source.status.error().unwrap();
        assert!(
            matches!(source.status, Status::Unreadable(_)) && error.contains(says),
            "{error}"
        );
    }
}

/// The bytes of a file of metadata, whose row groups are those of `bytes` in another file.
fn metadata_of(bytes: &[u8]) -> Vec<u8> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&file)
        .unwrap();
    let mut metadata = metadata.into_builder();
    for group in metadata.take_row_groups() {
        let mut group = group.into_builder();
        let columns = group.take_columns().into_iter().map(|column| {
            let column = column.into_builder().set_file_path("part-0.parquet".into());
            column.build().unwrap()
        });
        let columns = columns.collect();
        let group = group.set_column_metadata(columns).build().unwrap();
        metadata = metadata.add_row_group(group);
    }
    let mut out = b"PAR1".to_vec();
    let metadata = metadata.build();
    let writer = ParquetMetaDataWriter::new(&mut out, &metadata);
    writer.finish().unwrap();
    out
}

#[test]
fn metadata_without_rows_is_named() {
    let schema = "optional binary srcaddr (STRING);";
    let rows = file(schema, vec![text(&["10.0.0.1"])]);
    let folder = TempDir::new().unwrap();
    for (name, bytes) in [
        ("_metadata", metadata_of(&rows)),
        ("other", metadata_of(&rows)),
        (
            "_common_metadata",
            file_of(schema, &[], WriterProperties::builder()),
        ),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let loaded = load(vec![Input::Path(path)], Options::default()).unwrap();
        let source = &loaded.store.sources()[0];
        assert_eq!(
            source.status.error().as_deref(),
            Some(
                "this is Parquet metadata without rows, which is not supported; its rows are in the other files of the \
                 folder: open that"
            ),
            "{name}"
        );
    }
}
