//! Events of Security Lake: nested columns, and lists in them.

use super::*;

const SCHEMA: &str = "optional int32 class_uid; optional int64 time; \
    optional group metadata { optional group product { optional binary version (STRING); } } \
    optional group src_endpoint { optional binary ip (STRING); optional int32 port; \
        optional binary interface_uid (STRING); \
        optional group intermediate_ips (LIST) { repeated group list { optional binary element (STRING); } } } \
    optional group dst_endpoint { required binary ip (STRING); optional int32 port; } \
    optional group connection_info { optional int32 direction_id; optional int32 boundary_id; } \
    optional group traffic { optional int64 bytes; } optional binary action (STRING); \
    optional group unmapped (MAP) { repeated group key_value { required binary key; optional binary value; } } \
    optional binary severity (STRING);";

/// Values, and the levels that say where among the rows they are.
fn write<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    definition: &[i16],
    repetition: Option<&[i16]>,
) {
    let mut column = group.next_column().unwrap().unwrap();
    let typed = column.typed::<T>();
    typed
        .write_batch(values, Some(definition), repetition)
        .unwrap();
    column.close().unwrap();
}

fn words(words: &[&'static str]) -> Vec<ByteArray> {
    words.iter().map(|word| ByteArray::from(*word)).collect()
}

fn events(version: WriterVersion) -> Vec<u8> {
    let schema = parse_message_type(&format!("message m {{ {SCHEMA} }}")).unwrap();
    let properties = WriterProperties::builder()
        .set_writer_version(version)
        .build();
    let mut writer =
        SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let group_of = &mut group;
    write::<Int32Type>(group_of, &[4001, 6003, 4001], &[1, 1, 1], None);
    let times = [1_700_000_000_000, 1_700_000_000_000, 1_700_000_060_000];
    write::<Int64Type>(group_of, &times, &[1, 1, 1], None);
    write::<ByteArrayType>(group_of, &words(&["5", "5"]), &[3, 0, 3], None);
    write::<ByteArrayType>(
        group_of,
        &words(&["10.0.0.5", "198.51.100.9"]),
        &[2, 0, 2],
        None,
    );
    write::<Int32Type>(group_of, &[40_000, 443], &[2, 1, 2], None);
    write::<ByteArrayType>(group_of, &words(&["eni-1"]), &[2, 0, 1], None);
    write::<ByteArrayType>(
        group_of,
        &words(&["10.0.0.7", "10.0.0.8", "10.0.0.9"]),
        &[4, 4, 0, 4],
        Some(&[0, 1, 0, 0]),
    );
    write::<ByteArrayType>(
        group_of,
        &words(&["198.51.100.9", "10.0.0.5"]),
        &[1, 0, 1],
        None,
    );
    write::<Int32Type>(group_of, &[443, 40_000], &[2, 0, 2], None);
    write::<Int32Type>(group_of, &[2, 1], &[2, 0, 2], None);
    write::<Int32Type>(group_of, &[11, 99], &[2, 0, 2], None);
    write::<Int64Type>(group_of, &[4249, 52], &[2, 0, 2], None);
    write::<ByteArrayType>(group_of, &words(&["Allowed", "Denied"]), &[1, 0, 1], None);
    write::<ByteArrayType>(
        group_of,
        &words(&["reject_reason", "x", "sublocation_type"]),
        &[2, 2, 0, 2],
        Some(&[0, 1, 0, 0]),
    );
    write::<ByteArrayType>(
        group_of,
        &words(&["BPA", "outpost"]),
        &[3, 2, 0, 3],
        Some(&[0, 1, 0, 0]),
    );
    write::<ByteArrayType>(group_of, &words(&["Low"]), &[1, 0, 0], None);
    group.close().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn events_of_network_activity_are_records() {
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        let loaded = load_bytes(&events(version));
        let source = &loaded.store.sources()[0];
        assert_eq!(
            (source.format, &source.status),
            ("ocsf-parquet", &Status::Ok)
        );
        let names: Vec<_> = source.layouts[0]
            .fields
            .iter()
            .map(|field| field.def().unwrap().name)
            .collect();
        assert_eq!(
            names.join(" "),
            "version interface-id srcaddr dstaddr srcport dstport bytes start action pkt-srcaddr pkt-dstaddr \
             flow-direction traffic-path sublocation-type reject-reason"
        );
        assert_eq!(
            lines(&loaded),
            [
                "5 eni-1 10.0.0.7 198.51.100.9 40000 443 4249 1700000000 ACCEPT 10.0.0.5 198.51.100.9 egress 8 - BPA",
                "5 - 10.0.0.9 10.0.0.5 443 40000 52 1700000060 REJECT 198.51.100.9 10.0.0.5 ingress - outpost -",
            ]
        );
        let reject = &loaded.store.rejects().kept[0];
        let class = RejectReason::OtherLog("an OCSF event of class 6003 (API Activity)");
        assert_eq!((reject.line, &reject.reason), (2, &class));
        assert_eq!(
            source.warnings,
            [
                "intermediate_ips has several addresses in some events; the first one was taken for the address that \
                 the interface sees",
            ]
        );
    }
}
