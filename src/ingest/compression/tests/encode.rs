//! Encoders of every compression.

use std::hash::Hasher;
use std::io::Write;

use ::bzip2::write::BzEncoder;
use flate2::Crc;
use flate2::write::{GzEncoder, ZlibEncoder};
use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use twox_hash::XxHash64;

use crate::store::Compression;

/// The bytes in every compression, as one member.
pub(crate) fn compressed(bytes: &[u8]) -> Vec<(Compression, Vec<u8>)> {
    let linked = FrameInfo::new()
        .block_mode(BlockMode::Linked)
        .block_size(BlockSize::Max64KB)
        .content_checksum(true);
    let independent = FrameInfo::new()
        .block_size(BlockSize::Max256KB)
        .block_checksums(true)
        .content_checksum(true)
        .content_size(Some(bytes.len() as u64));
    vec![
        (Compression::named("gzip"), gzip(bytes)),
        (Compression::named("zlib"), zlib(bytes)),
        (Compression::named("zstd"), zstd(bytes)),
        (Compression::named("lz4"), lz4(bytes, linked)),
        (Compression::named("lz4"), lz4(bytes, independent)),
        (Compression::named("bzip2"), bzip2(bytes)),
        (Compression::named("xz"), xz(bytes)),
    ]
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// With the checksum that the encoder leaves out.
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut frame = compress_to_vec(bytes, CompressionLevel::Fastest);
    assert_eq!(frame[4] & 4, 0);
    frame[4] |= 4;
    let mut checksum = XxHash64::with_seed(0);
    checksum.write(bytes);
    frame.extend_from_slice(&checksum.finish().to_le_bytes()[..4]);
    frame
}

pub(super) fn lz4(bytes: &[u8], info: FrameInfo) -> Vec<u8> {
    let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(Vec::new(), ::bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn crc32(bytes: &[u8]) -> [u8; 4] {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum().to_le_bytes()
}

/// A number as xz writes it.
fn number(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap());
    bytes
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

/// A stream of xz that has the bytes as they are, in blocks with CRC-32; `sizes` are those of the blocks.
pub(super) fn xz_blocks(blocks: &[&[u8]], dictionary: u8) -> Vec<u8> {
    let flags = [0, 1];
    let mut stream = b"\xfd7zXZ\0".to_vec();
    stream.extend(flags);
    stream.extend(crc32(&flags));
    let mut index = vec![0];
    index.extend(number(blocks.len()));
    for block in blocks {
        let begin = stream.len();
        // Twelve bytes: one filter, LZMA2, with one byte of properties.
        let mut header = vec![2, 0, 0x21, 1, dictionary, 0, 0, 0];
        header.extend(crc32(&header));
        stream.extend(header);
        for (place, chunk) in block.chunks(1 << 16).enumerate() {
            stream.push(if place == 0 { 1 } else { 2 });
            stream.extend(u16::try_from(chunk.len() - 1).unwrap().to_be_bytes());
            stream.extend_from_slice(chunk);
        }
        stream.push(0);
        let unpadded = stream.len() - begin + 4;
        pad(&mut stream);
        stream.extend(crc32(block));
        index.extend(number(unpadded));
        index.extend(number(block.len()));
    }
    pad(&mut index);
    let checksum = crc32(&index);
    index.extend(checksum);
    let size = u32::try_from(index.len() / 4 - 1).unwrap();
    stream.extend(index);
    let mut footer = size.to_le_bytes().to_vec();
    footer.extend(flags);
    stream.extend(crc32(&footer));
    stream.extend(footer);
    stream.extend(b"YZ");
    stream
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let blocks = if bytes.is_empty() {
        vec![]
    } else {
        vec![bytes]
    };
    xz_blocks(&blocks, 22)
}
