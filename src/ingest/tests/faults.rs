//! Damaged files: what came before the damage is read, and the damage is told.

use super::*;
use crate::store::Compression;

/// Loads a file and says its status, then records, rejects, headers, comments, blanks.
#[track_caller]
fn check(bytes: &[u8], status: &str, counts: [u64; 5]) -> Loaded {
    let loaded = load_bytes(bytes);
    let source = &loaded.store.sources()[0];
    let t = source.line_counts;
    assert_eq!(
        (
            source.status.name(),
            [t.records, t.rejects, t.headers, t.comments, t.blanks]
        ),
        (status, counts),
        "{source:?}\n{:?}",
        loaded.store.rejects()
    );
    assert_eq!(loaded.store.rows() as u64, t.records);
    loaded
}

fn good() -> Vec<u8> {
    let mut text = format!("{HEADER}\n").into_bytes();
    text.extend(records(1000));
    text
}

#[test]
fn a_gzip_file_cut_in_the_middle_gives_every_line_before_the_cut() {
    let whole = gzip(&good());
    let loaded = load_bytes(&whole[..whole.len() / 2]);
    let source = &loaded.store.sources()[0];
    assert_eq!(source.status.name(), "truncated");
    assert!(source.line_counts.records > 300, "{:?}", source.line_counts);
    assert_eq!(source.line_counts.rejects, 1);
    let reject = &loaded.store.rejects().kept[0];
    assert_eq!(reject.reason, RejectReason::CutOff);
    assert_eq!(reject.line, source.line_counts.lines);
    let before = good();
    let text = String::from_utf8(before).unwrap();
    let line = text
        .lines()
        .nth(usize::try_from(reject.line).unwrap() - 1)
        .unwrap();
    assert!(line.starts_with(&reject.text) && line != reject.text);
}

#[test]
fn a_cut_in_the_trailer_loses_nothing() {
    let whole = gzip(&good());
    check(&whole[..whole.len() - 4], "truncated", [1000, 0, 1, 0, 0]);
}

#[test]
fn a_wrong_checksum_makes_every_record_suspect() {
    let mut bytes = gzip(&good());
    let crc = bytes.len() - 6;
    bytes[crc] ^= 255;
    let loaded = check(&bytes, "corrupt", [1000, 0, 1, 0, 0]);
    assert_eq!(loaded.store.line_counts().suspect, 1000);
    let mut bytes = gzip(&good());
    let length = bytes.len() - 1;
    bytes[length] ^= 1;
    let loaded = check(&bytes, "corrupt", [1000, 0, 1, 0, 0]);
    assert_eq!(loaded.store.line_counts().suspect, 1000);
}

#[test]
fn records_behind_a_wrong_checksum_are_suspect_in_a_large_file_and_before_a_cut() {
    // Large enough for several threads: what they read is reported part by part.
    let stored = flate2::Compression::none();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), stored);
    encoder.write_all(&records(90_000)).unwrap();
    let mut member = encoder.finish().unwrap();
    assert!(member.len() > 8 << 20);
    let crc = member.len() - 6;
    member[crc] ^= 255;
    let folder = folder(&[("file.log", &member)]);
    let options = Options {
        threads: 2,
        ..Options::default()
    };
    let loaded = load_path(folder.path(), options);
    assert_eq!(loaded.store.line_counts().suspect, 90_000);
    let whole = gzip(&good());
    let mut first = whole.clone();
    first[whole.len() - 6] ^= 255;
    let loaded = load_bytes(&[&first[..], &whole[..whole.len() - 2]].concat());
    assert_eq!(loaded.store.sources()[0].status.name(), "truncated");
    assert_eq!(loaded.store.line_counts().suspect, 2000);
}

#[test]
fn records_that_end_before_they_start_are_counted_in_every_chunk() {
    let load = |last: &str| {
        let text = format!(
            "srcaddr start end\n10.0.0.1 1763856000 1763856060\n10.0.0.1 1763856060 {last}\n"
        );
        load_bytes(text.as_bytes()).store.odd_times().reversed
    };
    assert_eq!((load("1763856120"), load("1763856059")), (0, 1));
}

#[test]
fn any_byte_of_a_gzip_file_may_be_wrong() {
    let whole = gzip(&good());
    // The first two bytes are what makes it gzip at all.
    for at in (2..whole.len()).step_by(37) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        let loaded = load_bytes(&bytes);
        let line_counts = loaded.store.line_counts();
        assert_eq!(loaded.store.rows() as u64, line_counts.records, "byte {at}");
        let is_told = loaded.store.sources()[0].status.error().is_some();
        // The ten bytes of the header hold a time and such, which nothing protects.
        assert!(
            is_told || at < 10 && line_counts.records == 1000,
            "byte {at}"
        );
    }
}

#[test]
fn all_members_are_read_and_an_empty_one_is_no_end() {
    let one = gzip(&good());
    check(
        &[one.clone(), one.clone()].concat(),
        "ok",
        [2000, 0, 2, 0, 0],
    );
    check(&[gzip(b""), one.clone()].concat(), "ok", [1000, 0, 1, 0, 0]);
    let half = [&one[..], &one[..one.len() / 2]].concat();
    let loaded = load_bytes(&half);
    assert_eq!(loaded.store.sources()[0].status.name(), "truncated");
    assert!(loaded.store.rows() > 1300);
}

#[test]
fn zeros_behind_the_last_member_are_padding_and_garbage_is_a_warning() {
    let one = gzip(&good());
    let zeros = check(&[&one[..], &[0; 512]].concat(), "ok", [1000, 0, 1, 0, 0]);
    assert_eq!(zeros.store.sources()[0].warnings, [""; 0]);
    let garbage = check(&[&one[..], b"garbage"].concat(), "ok", [1000, 0, 1, 0, 0]);
    assert!(garbage.store.sources()[0].warnings[0].contains("not gzip"));
    let padded = [&one[..], &[0; 100], &one[..]].concat();
    check(&padded, "ok", [2000, 0, 2, 0, 0]);
}

#[test]
fn nothing_in_a_file_is_empty_and_a_bare_gzip_header_is_truncated() {
    check(b"", "empty", [0; 5]);
    check(&gzip(b""), "empty", [0; 5]);
    check(&gzip(&good())[..10], "truncated", [0; 5]);
    check(b"\x1f\x8b", "truncated", [0; 5]);
}

#[test]
fn content_decides_and_never_the_name() {
    let folder = folder(&[("a.log.gz", &good()), ("b.log", &gzip(&good()))]);
    let loaded = load_path(folder.path(), Options::default());
    let sources = loaded.store.sources();
    assert_eq!(loaded.store.rows(), 2000);
    assert_eq!(sources[0].compression, Compression::NONE);
    assert_eq!(sources[1].compression, Compression::named("gzip"));
}

#[test]
fn what_is_not_read_is_named_with_a_way_out() {
    for (bytes, name) in [
        (
            &br#"{"FlowLogs":[{"FlowLogId":"fl-1"}]}"#[..],
            "describe-flow-logs",
        ),
        (
            b"\x02\x21\x4c\x18....",
            "LZ4 (legacy frame) compression is not supported; decompress it first: lz4 -d FILE",
        ),
        (
            &gzip(&gzip(&good())),
            "the file is compressed with gzip twice, which is not supported; decompress it once: gzip -d < FILE",
        ),
    ] {
        let loaded = check(bytes, "unreadable", [0; 5]);
        let error = loaded.store.sources()[0].status.error().unwrap();
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn a_line_is_bounded_wherever_the_blocks_end() {
    for length in [1 << 20, (1 << 20) + 1, 3_000_000] {
        let long = vec![b'A'; length];
        let text = [&records(3)[..], &long, b"\n", &records(3)].concat();
        let loaded = check(&text, "ok", [6, 1, 0, 0, 0]);
        let reject = &loaded.store.rejects().kept[0];
        let reason = if length > 1 << 20 {
            RejectReason::LineTooLong
        } else {
            RejectReason::TooFewFields
        };
        assert_eq!(
            (reject.line, &reject.reason, reject.text.len()),
            (4, &reason, 4096)
        );
    }
    let zeros = gzip(&vec![0; 20_000_000]);
    check(&zeros, "ok", [0, 1, 0, 0, 0]);
    let fields: Vec<String> = RECORD.split(' ').map(str::to_owned).collect();
    let mut giant = fields.clone();
    giant[2] = "e".repeat(1_100_000);
    check(&text_of(&[RECORD, &giant.join(" ")]), "ok", [1, 1, 0, 0, 0]);
    giant[2] = "e".repeat(1_000_000);
    check(&text_of(&[RECORD, &giant.join(" ")]), "ok", [2, 0, 0, 0, 0]);
}

#[test]
fn marks_and_line_ends_of_other_systems_are_taken() {
    let bom = format!("\u{feff}{HEADER}\n{RECORD}\n");
    check(bom.as_bytes(), "ok", [1, 0, 1, 0, 0]);
    let crlf = format!("{HEADER}\r\n{RECORD}\r\n\r\n{RECORD}\r\n");
    let loaded = check(crlf.as_bytes(), "ok", [2, 0, 1, 0, 1]);
    assert_eq!(loaded.store.line_text(RowId(1)), format!("{RECORD}\r"));
}

#[test]
fn a_last_line_needs_no_line_end() {
    check(
        format!("{RECORD}\n{RECORD}").as_bytes(),
        "ok",
        [2, 0, 0, 0, 0],
    );
    check(
        format!(
            "{RECORD}\n{}",
            "2 123456789010 eni-1235b8ca123456789 172.31.16.139"
        )
        .as_bytes(),
        "ok",
        [1, 1, 0, 0, 0],
    );
    check(
        &gzip(format!("{RECORD}\n{RECORD}").as_bytes()),
        "ok",
        [2, 0, 0, 0, 0],
    );
    check(format!("{RECORD}\n ").as_bytes(), "ok", [1, 0, 0, 0, 1]);
}

#[test]
fn blanks_and_comments_are_counted() {
    let text = text_of(&["", "", RECORD, "   ", "\t", "# remark", " # remark", RECORD]);
    check(&text, "ok", [2, 0, 0, 2, 4]);
}

#[test]
fn bytes_that_are_no_text_cost_one_line() {
    let broken = [
        RECORD.as_bytes(),
        b"\n2 123 \xff\xfe\xc3\x28 1.2.3.4\n",
        RECORD.as_bytes(),
    ]
    .concat();
    let loaded = check(&broken, "ok", [2, 1, 0, 0, 0]);
    assert_eq!(loaded.store.rejects().kept[0].reason, RejectReason::NotUtf8);
    let nul = RECORD.replace("172.31.16.139", "172.31\0.16.139");
    let loaded = check(
        &text_of(&[RECORD, &nul, "\0\0\0", RECORD]),
        "ok",
        [2, 2, 0, 0, 0],
    );
    assert_eq!(
        loaded.store.rejects().by_reason[&RejectReason::ControlCharacter],
        2
    );
}

#[test]
fn lines_without_a_known_order_are_kept_as_rejects_with_a_hint() {
    let loaded = check(
        &text_of(&["what is 10.0.0.1 to 10.0.0.2?", "eni-1 b c"]),
        "ok",
        [0, 2, 0, 0, 0],
    );
    assert_eq!(
        loaded.store.rejects().by_reason[&RejectReason::UnknownLayout],
        2
    );
    assert!(loaded.store.sources()[0].warnings[0].contains("--log-format"));
    check(
        &text_of(&["what is this?", RECORD, RECORD]),
        "ok",
        [2, 1, 0, 0, 0],
    );
}

#[test]
fn a_path_that_is_not_there_is_a_source_that_says_so() {
    let loaded = load_path(Path::new("/nowhere/at/all.log"), Options::default());
    let message = loaded.store.sources()[0].message();
    assert_eq!(
        message.as_deref(),
        Some("/nowhere/at/all.log: no such file or folder")
    );
}
