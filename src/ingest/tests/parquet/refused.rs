//! Schemas without records of flows.

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
