//! Wrong checksums, limits, and what other programs write.

use super::encode::{lz4, xz_blocks};
use super::*;
use crate::ingest::compression::lz4::Lz4;

/// `2 eni-1 10.0.0.1\n` eight times, by zstd 1.5 at level 19 with a checksum.
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x04\x68\xc5\x00\x00\x88\x32\x20\x65\x6e\x69\x2d\x31\x20\x31\x30\x2e\x30\x2e\x30\x2e\x31\x0a\x01\x00\x29\xa5\x73\x09\x58\x98\x86\x44";
/// The same, by xz 5.4.
const XZ: &[u8] = b"\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\xe0\x00\x87\x00\x16\x5d\x00\x19\x08\x09\x27\xb9\xb9\x12\x23\xc9\xaa\x44\xa5\x72\x1b\xbb\x7f\x2c\xce\x0a\x00\x00\x00\x00\x00\x00\x00\xb6\x98\x6c\x96\x3b\x20\x30\x00\x01\x32\x88\x01\x00\x00\x00\x4d\xee\xcd\xb3\xb1\xc4\x67\xfb\x02\x00\x00\x00\x00\x04\x59\x5a";
/// The same, by lz4 1.9.
const LZ4: &[u8] = b"\x04\x22\x4d\x18\x64\x40\xa7\x1a\x00\x00\x00\xb0\x32\x20\x65\x6e\x69\x2d\x31\x20\x31\x30\x2e\x02\x00\x2f\x31\x0a\x11\x00\x5f\x50\x2e\x30\x2e\x31\x0a\x00\x00\x00\x00\x95\x20\xe9\xf1";
/// The same, by bzip2 1.0.8.
const BZIP2: &[u8] = b"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x0a\xde\xd8\xe7\x00\x00\x37\xd9\x00\x00\x10\x40\x03\x70\x00\x02\x21\x20\x00\x50\x80\x18\x05\x52\x03\xd4\xd3\x81\xd1\xe1\x05\x68\x41\x50\x41\x06\x05\x8b\x1f\x17\x72\x45\x38\x50\x90\x0a\xde\xd8\xe7";

fn is_checksum(end: &End) -> bool {
    matches!(end, End::BadChecksum(_))
}

#[test]
fn what_the_programs_of_the_formats_write_is_read() {
    let text = "2 eni-1 10.0.0.1\n".repeat(8);
    for (name, bytes) in [("zstd", ZSTD), ("xz", XZ), ("lz4", LZ4), ("bzip2", BZIP2)] {
        for size in [1, 100] {
            let (out, end, _) = decode(Compression::named(name), bytes, size);
            assert_eq!(String::from_utf8(out).unwrap(), text, "{name}");
            assert!(matches!(end, End::Whole), "{name}: {end:?}");
        }
    }
}

/// How far from the end a byte of the checksum is.
const CHECKSUMS: [(&str, usize); 5] = [
    ("gzip", 6),
    ("zlib", 2),
    ("zstd", 2),
    ("lz4", 2),
    // In front of an index of 12 bytes and a footer of 12.
    ("xz", 26),
];

#[test]
fn members_behind_a_wrong_checksum_are_read() {
    let text = b"2 eni-1 10.0.0.1\n".repeat(8);
    for (compression, bytes) in compressed(&text) {
        let checksum = CHECKSUMS
            .iter()
            .find(|(name, _)| *name == compression.name());
        let Some((_, place)) = checksum else { continue };
        let mut wrong = bytes.clone();
        let at = wrong.len() - place;
        wrong[at] ^= 0x40;
        let file = [&bytes[..], &wrong, &bytes].concat();
        let (out, end, _) = decode(compression, &file, 9);
        assert_eq!(out, text.repeat(3), "{compression:?}: {end:?}");
        assert!(is_checksum(&end), "{compression:?}: {end:?}");
        // The damage further down is the end, and the wrong checksum is not forgotten.
        let cut = &file[..file.len() - 1];
        let (_, end, warnings) = decode(compression, cut, 100);
        assert!(matches!(end, End::Truncated(_)), "{compression:?}: {end:?}");
        assert!(warnings[0].contains("further up"), "{warnings:?}");
    }
}

#[test]
fn a_wrong_checksum_of_a_block_of_lz4_loses_nothing() {
    let text = text();
    let info = lz4_flex::frame::FrameInfo::new()
        .block_size(lz4_flex::frame::BlockSize::Max64KB)
        .block_checksums(true);
    let mut bytes = lz4(&text, info);
    // Behind the header of seven bytes and the length of the first block.
    let size = u32::from_le_bytes(*bytes[7..].first_chunk().unwrap()) as usize;
    bytes[7 + 4 + size] ^= 1;
    let (out, end, _) = decode(Compression::named("lz4"), &bytes, 1000);
    assert!(out == text && is_checksum(&end), "{end:?}");
}

#[test]
fn blocks_of_xz_behind_a_wrong_checksum_are_not_read_and_that_is_said() {
    let xz = Compression::named("xz");
    let mut bytes = xz_blocks(&[b"one\n", b"two\n"], 22);
    let (out, end, _) = decode(xz, &bytes, 7);
    assert!(out == b"one\ntwo\n" && matches!(end, End::Whole), "{end:?}");
    // Headers of the stream and the block, and a chunk; then the content and its end.
    let checksum = 12 + 12 + 3 + 4 + 1;
    assert_eq!(checksum % 4, 0);
    bytes[checksum] ^= 1;
    let (out, end, _) = decode(xz, &bytes, 7);
    assert_eq!(out, b"one\n");
    assert!(
        matches!(&end, End::Corrupt(_, why) if why.contains("checksum of a block")),
        "{end:?}"
    );
}

#[test]
fn a_window_beyond_the_limit_is_refused_with_the_limit() {
    let said = |end: &End| match end {
        End::Unsupported(_, what) => what.clone(),
        other => panic!("{other:?}"),
    };
    let zstd = Compression::named("zstd");
    // An exponent of 18: 256 MiB.
    let (_, end, _) = decode(zstd, b"\x28\xb5\x2f\xfd\x00\x90\x01\0\0", 100);
    assert_eq!(
        said(&end),
        "needs a window of 256 MiB, and 128 MiB is the limit"
    );
    // One segment of 2^40 bytes.
    let (_, end, _) = decode(zstd, b"\x28\xb5\x2f\xfd\xe0\0\0\0\0\0\x01\0\0\x01\0\0", 3);
    assert_eq!(
        said(&end),
        "needs a window of 1048576 MiB, and 128 MiB is the limit"
    );
    let (_, end, _) = decode(zstd, b"\x28\xb5\x2f\xfd\x01\x00\x07\x01\0\0", 100);
    assert_eq!(said(&end), "needs a dictionary");
    // A dictionary of 192 MiB.
    let (_, end, _) = decode(Compression::named("xz"), &xz_blocks(&[b"one\n"], 31), 100);
    assert!(said(&end).contains("128 MiB"));
    // One of 128 MiB takes no memory until there is something in it.
    let (out, _, _) = decode(Compression::named("xz"), &xz_blocks(&[b"one\n"], 30), 100);
    assert_eq!(out, b"one\n");
}

#[test]
fn a_stream_of_xz_with_nothing_but_empty_blocks_has_an_end() {
    let one = xz_blocks(&[b""], 22);
    // Behind the header of the stream: a header, the end of no chunks, and a checksum.
    let (stream, block) = (&one[..12], &one[12..32]);
    let bytes = [stream, &block.repeat(1_700_000)].concat();
    let (out, end, _) = decode(Compression::named("xz"), &bytes, 1 << 16);
    assert!(out.is_empty());
    assert!(
        matches!(&end, End::Corrupt(_, why) if why.contains("more headers")),
        "{end:?}"
    );
}

#[test]
fn frames_without_content_are_passed_over() {
    let skippable = b"\x5e\x2a\x4d\x18\x05\0\0\0hello";
    for (name, bytes) in [("zstd", ZSTD), ("lz4", LZ4)] {
        let file = [&skippable[..], bytes, skippable, bytes, skippable].concat();
        // It may be that of either.
        let compression = recognize(&file[..MAGIC_BYTES]).unwrap().compression;
        for size in [1, 6, 1000] {
            let (out, end, warnings) = decode(compression, &file, size);
            assert_eq!(out.len(), 2 * 17 * 8, "{name}: {end:?}");
            assert!(matches!(end, End::Whole), "{name}: {end:?}");
            assert_eq!(warnings, [""; 0]);
        }
        let (_, end, _) = decode(compression, &file[..file.len() - 1], 100);
        assert!(matches!(end, End::Truncated(_)), "{name}: {end:?}");
    }
}

#[test]
fn the_first_bytes_of_a_member_at_the_end_of_a_file_are_one_that_is_cut_off() {
    for (compression, bytes) in compressed(b"2 eni-1\n") {
        for length in 1..8 {
            let file = [&bytes[..], &bytes[..length]].concat();
            let (out, end, warnings) = decode(compression, &file, 5);
            // Four bytes of zlib have a letter in them.
            assert!(out.starts_with(b"2 eni-1\n"), "{compression:?} {length}");
            assert!(
                matches!(end, End::Truncated(_)),
                "{compression:?} {length}: {end:?} {warnings:?}"
            );
        }
    }
}

#[test]
fn names_and_comments_of_gzip_are_passed_over_and_have_a_limit() {
    let gzip = Compression::named("gzip");
    let plain = gzip_body();
    let with = |flags: u8, more: &[u8]| {
        let header = [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3];
        [&header[..], more, &plain[10..]].concat()
    };
    for (flags, more) in [
        (8, &b"flow.log\0"[..]),
        (16, b"a comment\0"),
        (4, b"\x03\0abc"),
        (4 | 8 | 16, b"\x01\0xname\0comment\0"),
    ] {
        let (out, end, _) = decode(gzip, &with(flags, more), 1);
        assert_eq!(out, b"2 eni-1\n");
        assert!(matches!(end, End::Whole), "{end:?}");
    }
    let endless = with(8, &vec![b'a'; 1 << 19]);
    let (_, end, _) = decode(gzip, &endless, 4096);
    assert!(matches!(end, End::Corrupt(..)), "{end:?}");
    let (_, end, _) = decode(gzip, &with(2, b"\0\0"), 100);
    assert!(matches!(end, End::Corrupt(..)), "{end:?}");
}

fn gzip_body() -> Vec<u8> {
    super::gzip(b"2 eni-1\n")
}

#[test]
fn small_blocks_of_lz4_take_little_memory_whatever_a_block_may_have() {
    // Blocks of up to 4 MiB, of which two have nothing in them, and one a byte.
    let header = b"\x04\x22\x4d\x18\x60\x70\x73";
    let empty = b"\x01\0\0\0\0";
    let file = [&header[..], empty, empty, b"\x02\0\0\0\x10a\0\0\0\0"].concat();
    let mut raw = Raw::of_bytes(file);
    let (mut lz4, mut room) = (Lz4::default(), [0; 16]);
    assert_eq!(lz4.read(&mut raw, &mut room).unwrap(), 1);
    assert!(room[0] == b'a' && lz4.block_memory() < 1024);
    assert_eq!(lz4.read(&mut raw, &mut room).unwrap(), 0);
}
