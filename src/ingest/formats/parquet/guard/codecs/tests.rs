use std::io::Write;

use flate2::write::GzEncoder;
use parquet::basic::{BrotliLevel, GzipLevel, ZstdLevel};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::*;

fn page() -> Vec<u8> {
    "10.0.0.1 10.0.0.2 ACCEPT OK\n".repeat(5).into_bytes()
}

fn hadoop_framed(parts: &[&[u8]]) -> Vec<u8> {
    let number = |number: usize| u32::try_from(number).unwrap().to_be_bytes();
    let mut bytes = Vec::new();
    for part in parts {
        let block = lz4_flex::block::compress(part);
        bytes.extend(number(part.len()));
        bytes.extend(number(block.len()));
        bytes.extend(block);
    }
    bytes
}

fn lz4_frame(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A block of Brotli that is stored as it is, for which there is no encoder here, and an empty last one.
fn brotli(bytes: &[u8]) -> Vec<u8> {
    // A window of 64 KiB and a length of four nibbles; the last bit says that the block is stored.
    let length = u32::try_from(bytes.len() - 1).unwrap();
    let [a, b, c, _] = (length << 4 | 1 << 20).to_le_bytes();
    [&[a, b, c][..], bytes, &[3]].concat()
}

fn packed() -> Vec<(Compression, Vec<u8>)> {
    let page = page();
    let (first, second) = page.split_at(40);
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&page).unwrap();
    let zstd = compress_to_vec(page.as_slice(), CompressionLevel::Fastest);
    let frames = [first, second].map(|part| compress_to_vec(part, CompressionLevel::Fastest));
    let skippable = b"\x50\x2a\x4d\x18\x02\0\0\0ab".to_vec();
    vec![
        (
            Compression::GZIP(GzipLevel::default()),
            gzip.finish().unwrap(),
        ),
        (
            Compression::SNAPPY,
            snap::raw::Encoder::new().compress_vec(&page).unwrap(),
        ),
        (Compression::ZSTD(ZstdLevel::default()), zstd),
        (
            Compression::ZSTD(ZstdLevel::default()),
            [skippable, frames.concat()].concat(),
        ),
        (Compression::BROTLI(BrotliLevel::default()), brotli(&page)),
        (Compression::LZ4_RAW, lz4_flex::block::compress(&page)),
        (Compression::LZ4, hadoop_framed(&[&page])),
        (Compression::LZ4, hadoop_framed(&[first, second])),
        (Compression::LZ4, lz4_frame(&page)),
        (Compression::LZ4, lz4_flex::block::compress(&page)),
    ]
}

#[test]
fn every_codec_gives_the_page_and_no_other_length() {
    let page = page();
    for (codec, bytes) in packed() {
        let whole = decompress(codec, &bytes, page.len());
        assert_eq!(whole.unwrap(), page, "{codec}");
        for len in [page.len() - 1, page.len() + 1] {
            assert!(decompress(codec, &bytes, len).is_err(), "{codec} {len}");
        }
        for cut in 0..bytes.len() {
            // A frame that is cut off at the end of a block has its length all the same.
            let cut = decompress(codec, &bytes[..cut], page.len());
            assert!(cut.is_err() || cut.unwrap() == page, "{codec}");
        }
        assert!(decompress(codec, b"", 0).unwrap().is_empty(), "{codec}");
    }
}

#[test]
fn a_page_of_which_any_bit_is_wrong_causes_no_panic() {
    let page = page();
    for (codec, bytes) in packed() {
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1 << bit;
                let _ = decompress(codec, &bytes, page.len());
            }
        }
    }
}

#[test]
fn what_expands_to_more_than_the_page_is_refused() {
    let bytes = vec![0; 8 << 20];
    let zstd = compress_to_vec(bytes.as_slice(), CompressionLevel::Fastest);
    assert!(decompress(Compression::ZSTD(ZstdLevel::default()), &zstd, 100).is_err());
    assert!(decompress(Compression::LZ4, &lz4_frame(&bytes), 100).is_err());
    let brotli = brotli(&bytes[..60_000]);
    assert!(decompress(Compression::BROTLI(BrotliLevel::default()), &brotli, 100).is_err());
    // The blocks are in a window of 8 MiB, in which the decoder could hold them all.
    let [endless, stated] = [b"\x00\x68".as_slice(), b"\xa0\x00\x00\x00\x02"].map(|header| {
        let block = [2, 0, 0x10, 0];
        [b"\x28\xb5\x2f\xfd", header, &block.repeat(256)].concat()
    });
    let is_refused_early = |bytes: &[u8]| {
        let result = decompress(Compression::ZSTD(ZstdLevel::default()), bytes, 100);
        matches!(result, Err(Problem::Damaged(why)) if why.contains("longer than it should be"))
    };
    // The frame is cut off: who decodes all of it says that.
    assert!(is_refused_early(&endless) && is_refused_early(&stated));
    // A window of 1 GiB.
    let wide = b"\x28\xb5\x2f\xfd\x00\xa0\x01\0\0";
    assert!(decompress(Compression::ZSTD(ZstdLevel::default()), wide, 100).is_err());
}
