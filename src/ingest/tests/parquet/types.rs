//! Types of other programs: numbers and addresses as bytes, decimals, fractions.

use super::*;
use crate::store::AssumedKind;

fn fixed(values: &[&[u8]]) -> Data {
    Data::Fixed(values.iter().map(|bytes| Some(bytes.to_vec())).collect())
}

/// The `width` last bytes of a number, the most significant first.
fn big_endian(number: i128, width: usize) -> Vec<u8> {
    let sign = if number < 0 { 0xff } else { 0 };
    let bytes = [vec![sign; width], number.to_be_bytes().to_vec()].concat();
    bytes[bytes.len() - width..].to_vec()
}

#[test]
fn decimals_of_every_width_are_whole_numbers() {
    let large = i128::from(u64::MAX);
    check(
        "optional int32 dstport (DECIMAL(5,0)); optional int64 packets (DECIMAL(18,0)); \
         optional fixed_len_byte_array(9) bytes (DECIMAL(20,0)); \
         optional fixed_len_byte_array(16) start (DECIMAL(38,0)); \
         optional fixed_len_byte_array(32) end (DECIMAL(76,0)); optional binary srcport (DECIMAL(10,0));",
        vec![
            int32(&[443]),
            int64(&[5_000_000_000]),
            Data::Fixed(vec![Some(big_endian(large, 9))]),
            Data::Fixed(vec![Some(big_endian(1_700_000_000, 16))]),
            Data::Fixed(vec![Some(big_endian(1_700_000_060, 32))]),
            Data::Text(vec![Some(&[0x00, 0xdf, 0x45])]),
        ],
        &["443 5000000000 18446744073709551615 1700000000 1700000060 57157"],
    );
}

#[test]
fn decimals_with_a_scale_are_read_where_the_fraction_is_zero() {
    let columns = "optional binary srcaddr; optional int64 packets (DECIMAL(18,2)); \
                   optional fixed_len_byte_array(16) bytes (DECIMAL(38,4)); optional int64 cost (DECIMAL(18,2));";
    let data = vec![
        text(&["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        int64(&[300, 350, 100]),
        Data::Fixed(vec![
            Some(big_endian(440_000, 16)),
            Some(big_endian(440_000, 16)),
            Some(big_endian(-10_000, 16)),
        ]),
        int64(&[-125, 5, 100]),
    ];
    let loaded = load_bytes(&file(columns, data));
    assert_eq!(lines(&loaded), ["10.0.0.1 3 44 -1.25"]);
    let rejects = &loaded.store.rejects().kept;
    let reasons: Vec<_> = rejects
        .iter()
        .map(|reject| (reject.line, &reject.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            (2, &RejectReason::BadValue(id::PACKETS)),
            (3, &RejectReason::BadValue(id::BYTES)),
        ]
    );
    assert_eq!(rejects[0].text, "10.0.0.2 3.50 44 0.05");
}

#[test]
fn wide_integers_of_clickhouse_have_their_least_significant_byte_first() {
    let wide = |number: u128, width: usize| {
        let bytes = [number.to_le_bytes().to_vec(), vec![0; 16]].concat();
        Some(bytes[..width].to_vec())
    };
    let columns =
        "optional fixed_len_byte_array(16) bytes; optional fixed_len_byte_array(32) start;";
    let data = vec![
        Data::Fixed(vec![wide(5_000_000_001, 16), None, wide(1 << 64, 16)]),
        Data::Fixed(vec![wide(1_700_000_000, 32), wide(7, 32), wide(7, 32)]),
    ];
    let loaded = load_bytes(&file(columns, data));
    assert_eq!(lines(&loaded), ["5000000001 1700000000", "- 7"]);
    assert_eq!(
        loaded.store.rejects().kept[0].reason,
        RejectReason::BadValue(id::BYTES)
    );
}

#[test]
fn addresses_may_be_bytes_and_numbers() {
    let v6 = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 7];
    check(
        "optional fixed_len_byte_array(16) srcaddr; optional int32 dstaddr (INTEGER(32,false)); \
         optional fixed_len_byte_array(4) pkt_srcaddr; optional int64 pkt_dstaddr; \
         optional binary tgw_src_eni;",
        vec![
            fixed(&[&v6, &mapped]),
            int32(&[0x0a00_0001, -1_062_731_771]),
            fixed(&[&[10, 0, 0, 2], &[198, 51, 100, 9]]),
            int64(&[0x0a00_0003, 0xc633_6409]),
            text(&["eni-1", "eni-2"]),
        ],
        &[
            "2001:db8::1 10.0.0.1 10.0.0.2 10.0.0.3 eni-1",
            "10.0.0.7 192.168.0.5 198.51.100.9 198.51.100.9 eni-2",
        ],
    );
}

#[test]
fn bytes_of_no_type_are_addresses_where_they_are_no_text_of_one() {
    let columns = "optional binary srcaddr; optional binary dstaddr; optional int32 pkt_srcaddr; \
                   optional int64 pkt_dstaddr;";
    let v6: &[u8] = &[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
    let data = vec![
        Data::Text(vec![
            Some(&[10, 0, 0, 1]),
            Some(b"10.0.0.2"),
            Some(v6),
            None,
        ]),
        Data::Text(vec![
            Some(b"::1"),
            Some(b"1::2"),
            Some(&[10, 0, 0, 3]),
            Some(&[1, 2, 3]),
        ]),
        int32(&[-1_062_731_775, 1, 2, 3]),
        int64(&[1 << 32, 1, 2, 3]),
    ];
    let loaded = load_bytes(&file(columns, data));
    assert_eq!(
        lines(&loaded),
        [
            "10.0.0.2 1::2 0.0.0.1 0.0.0.1",
            "2001:db8::2 10.0.0.3 0.0.0.2 0.0.0.2"
        ]
    );
    let rejects = &loaded.store.rejects().kept;
    assert_eq!(rejects[0].reason, RejectReason::BadValue(id::PKT_DSTADDR));
    assert_eq!(rejects[0].text, "10.0.0.1 ::1 192.168.0.1 4294967296");
    assert_eq!(rejects[1].reason, RejectReason::BadValue(id::DSTADDR));
}

#[test]
fn text_of_a_fixed_length_is_filled_up_with_zeros() {
    let padded = |word: &str| {
        let mut bytes = word.as_bytes().to_vec();
        bytes.resize(12, 0);
        Some(bytes)
    };
    check(
        "optional fixed_len_byte_array(12) srcaddr; optional fixed_len_byte_array(12) action; \
         optional fixed_len_byte_array(12) bytes; optional fixed_len_byte_array(12) hash;",
        vec![
            Data::Fixed(vec![padded("10.0.0.1"), padded("")]),
            Data::Fixed(vec![padded("ACCEPT"), padded("-")]),
            Data::Fixed(vec![padded("44"), None]),
            Data::Fixed(vec![Some(vec![0xff; 12]), None]),
        ],
        &["10.0.0.1 ACCEPT 44", "- - -"],
    );
}

#[test]
fn sixteen_bytes_are_an_address_or_the_text_of_one() {
    let padded = |text: &[u8]| [text, &[0; 16][text.len()..]].concat();
    let v6 = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let columns = "optional fixed_len_byte_array(16) srcaddr; optional int32 dstport;";
    let values = [
        padded(b"10.0.0.1"),
        padded(b"2001:db8::77"),
        v6.to_vec(),
        padded(b"-"),
        padded(b"NULL"),
        padded(b"ip-10-0-0-1"),
        b"ip-10-0-0-1.ec2a".to_vec(),
    ];
    let data = vec![
        Data::Fixed(values.map(Some).to_vec()),
        int32(&[1, 2, 3, 4, 5, 6, 7]),
    ];
    let loaded = load_bytes(&file(columns, data));
    assert_eq!(
        lines(&loaded),
        [
            "10.0.0.1 1",
            "2001:db8::77 2",
            "2001:db8::1 3",
            "- 4",
            "- 5"
        ]
    );
    let rejects = loaded.store.rejects();
    assert_eq!(rejects.by_reason[&RejectReason::BadValue(id::SRCADDR)], 2);
}

#[test]
fn printable_bytes_of_no_type_are_text_unless_other_values_cannot_be() {
    let columns = "optional binary srcaddr; optional int32 dstport;";
    let load = |values: [&'static [u8]; 3]| {
        let data = vec![Data::Text(values.map(Some).to_vec()), int32(&[1, 2, 3])];
        load_bytes(&file(columns, data))
    };
    let text = load([b"host", b"10.0.0.1", b"ip-10-0-0-1.ec2a"]);
    assert_eq!(lines(&text), ["10.0.0.1 2"]);
    assert_eq!(text.store.rejects().count(), 2);
    let bytes = load([b"4_nd", &[10, 0, 0, 1], b"ip-10-0-0-1.ec2a"]);
    assert_eq!(lines(&bytes), ["52.95.110.100 1", "10.0.0.1 2"]);
    assert_eq!(bytes.store.rejects().count(), 1);
}

#[test]
fn types_that_hold_none_of_it_are_named() {
    let columns = "optional binary srcaddr; optional fixed_len_byte_array(16) interface_id (UUID); \
                   optional fixed_len_byte_array(5) checksum; optional fixed_len_byte_array(12) start (INTERVAL);";
    let data = vec![
        text(&["10.0.0.1"]),
        fixed(&[&[1; 16]]),
        fixed(&[&[1; 5]]),
        fixed(&[&[1; 12]]),
    ];
    let loaded = load_bytes(&file(columns, data));
    assert_eq!(lines(&loaded), ["10.0.0.1"]);
    let warning = &loaded.store.sources()[0].warnings[0];
    let named = ": interface_id (UUID), checksum (FIXED_LEN_BYTE_ARRAY(5)), start (INTERVAL)";
    assert!(warning.ends_with(named), "{warning}");
}

#[test]
fn fractions_are_read_where_they_are_whole_and_times_are_cut_to_seconds() {
    let columns = "optional binary srcaddr; optional double bytes; optional double start; optional float dstport;";
    let data = vec![
        text(&["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        Data::Double(vec![
            Some(18_446_744_073_709_549_568.0),
            Some(1.5),
            Some(f64::INFINITY),
        ]),
        Data::Double(vec![Some(1_700_000_000.75), Some(1.0), Some(1.0)]),
        Data::Float(vec![Some(443.0), Some(22.0), None]),
    ];
    let loaded = load_bytes(&file(columns, data));
    assert_eq!(
        lines(&loaded),
        ["10.0.0.1 18446744073709549568 1700000000 443"]
    );
    let rejects = loaded.store.rejects();
    assert_eq!(rejects.by_reason[&RejectReason::BadValue(id::BYTES)], 2);
}

#[test]
fn words_for_missing_values_are_missing_in_text_where_the_file_has_them_in_other_columns() {
    let columns = "optional binary action; optional binary srcaddr; optional binary bytes; optional binary region;";
    let data = |address: &'static str| {
        vec![
            text(&["NULL", "REJECT", "-"]),
            text(&["10.0.0.1", "10.0.0.2", address]),
            text(&["NaN", "44.0", "5e+03"]),
            text(&["N/A", "NaN", "x"]),
        ]
    };
    let used = load_bytes(&file(columns, data("NULL")));
    assert_eq!(
        lines(&used),
        ["- 10.0.0.1 - N/A", "REJECT 10.0.0.2 44 -", "- - 5000 x"]
    );
    let unused = load_bytes(&file(columns, data("10.0.0.3")));
    assert_eq!(lines(&unused)[0], "NULL 10.0.0.1 - N/A");
}

#[test]
fn a_word_for_missing_values_means_the_same_in_all_row_groups() {
    let columns = "optional binary action; optional binary srcaddr; optional binary bytes;";
    let group = |bytes: &'static str| vec![text(&["None"]), text(&["10.0.0.1"]), text(&[bytes])];
    for groups in [["None", "44"], ["44", "None"]] {
        let groups = groups.map(group);
        let loaded = load_bytes(&file_of(columns, &groups, WriterProperties::builder()));
        assert_eq!(loaded.store.rows(), 2);
        for line in lines(&loaded) {
            assert!(line.starts_with("- "), "{line}");
        }
    }
}

#[test]
fn accounts_that_were_numbers_get_their_zeros_back_and_that_is_said() {
    let columns = "optional int64 account_id; optional double tgw_src_vpc_account_id; \
                   optional binary tgw_dst_vpc_account_id (STRING); optional int64 end;";
    let data = vec![
        int64(&[123_456_789_012, 12_345_678_901, 1234]),
        Data::Double(vec![Some(123_456_789_012.0), Some(5.0), None]),
        text(&["123456789012.0", "12345678901", "unknown"]),
        int64(&[7, 8, 9]),
    ];
    let loaded = load_bytes(&file(columns, data));
    assert_eq!(
        lines(&loaded),
        [
            "123456789012 123456789012 123456789012 7",
            "012345678901 5 012345678901 8",
            "1234 - unknown 9",
        ]
    );
    let says_so = |loaded: &Loaded| {
        let assumed = &loaded.store.sources()[0].assumed;
        assumed
            .iter()
            .any(|assumed| assumed.kind() == AssumedKind::Zeros)
    };
    assert!(says_so(&loaded));
    // pandas makes fractions of whole numbers where one is missing.
    let columns = "optional double account_id; optional int64 end;";
    let data = vec![
        Data::Double(vec![Some(12_345_678_901.0), None]),
        int64(&[7, 8]),
    ];
    let loaded = load_bytes(&file(columns, data));
    assert_eq!(lines(&loaded), ["012345678901 7", "- 8"]);
    assert!(says_so(&loaded));
}

#[test]
fn bytes_are_the_same_in_every_encoding() {
    let rows: usize = 3000;
    let number = |row: usize| Some(big_endian(i128::try_from(row * 7919 % 500).unwrap(), 9));
    let data = vec![
        Data::Int64((0..3000).map(Some).collect()),
        Data::Fixed(
            (0..rows)
                .map(|row| number(row).filter(|_| row % 3 > 0))
                .collect(),
        ),
    ];
    let columns = "required int64 end; optional fixed_len_byte_array(9) bytes (DECIMAL(20,0));";
    let write = |properties: WriterPropertiesBuilder| {
        let bytes = file_of(columns, std::slice::from_ref(&data), properties);
        let loaded = load_bytes(&bytes);
        assert_eq!(loaded.store.sources()[0].status, Status::Ok);
        lines(&loaded)
    };
    let expected = write(WriterProperties::builder());
    assert_eq!(expected[1..3], ["1 419", "2 338"]);
    for encoding in [
        Encoding::PLAIN,
        Encoding::DELTA_BYTE_ARRAY,
        Encoding::BYTE_STREAM_SPLIT,
    ] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let properties = WriterProperties::builder()
                .set_writer_version(version)
                .set_dictionary_enabled(false)
                .set_data_page_row_count_limit(700)
                .set_column_encoding("bytes".into(), encoding);
            assert!(write(properties) == expected, "{encoding} {version:?}");
        }
    }
}
