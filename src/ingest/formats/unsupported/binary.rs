//! Contents that are known by their first bytes: archives, documents, databases, captures of packets, and flow logs in
//! forms that are not supported.

use memchr::memmem;

use super::known::{ARROW, DOCUMENT, DUCKDB, MAGICS, PACKETS, SPREADSHEET, TAR, ZIP};
use super::{SNIFF_BYTES, Unsupported};

/// How an entry of a zip archive begins, and where the length of its name and its name are.
const ZIP_ENTRY: &[u8] = b"PK\x03\x04";
const ZIP_NAME_LENGTH: usize = 26;
const ZIP_NAME: usize = 30;
/// How a `DuckDB` database begins behind its checksum.
const DUCKDB_MAGIC: (usize, &[u8]) = (8, b"DUCK");
/// How a message of an Arrow stream begins; the length of its metadata follows.
const ARROW_MESSAGE: [u8; 4] = [0xff; 4];
/// The most bytes that the metadata of an Arrow stream takes.
const MAX_ARROW_METADATA: u32 = 1 << 24;
/// The block that a pcapng file begins with, and its marks of the byte order behind the length.
const PCAPNG_MAGIC: &[u8] = b"\n\r\r\n";
const PCAPNG_ORDERS: [&[u8]; 2] = [b"\x4d\x3c\x2b\x1a", b"\x1a\x2b\x3c\x4d"];
/// A tar header, and where in it the checksum is.
const TAR_BLOCK: usize = 512;
const TAR_CHECKSUM: std::ops::Range<usize> = 148..156;

/// Whether what `bytes` begin shows only in later bytes.
pub(super) fn needs_more(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP_ENTRY)
}

/// The content that is known by its first bytes.
pub(crate) fn by_magic(bytes: &[u8]) -> Option<Unsupported> {
    if bytes.starts_with(ZIP_ENTRY) {
        return Some(zipped(bytes.get(..SNIFF_BYTES).unwrap_or(bytes)));
    }
    let mut magics = MAGICS.iter();
    if let Some((_, unsupported)) = magics.find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(unsupported.clone());
    }
    let at = |at: usize, magic: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(magic));
    if at(DUCKDB_MAGIC.0, DUCKDB_MAGIC.1) {
        return Some(DUCKDB);
    }
    if bytes.starts_with(PCAPNG_MAGIC) && PCAPNG_ORDERS.iter().any(|order| at(8, order)) {
        return Some(PACKETS);
    }
    if is_arrow_stream(bytes) {
        return Some(ARROW);
    }
    is_tar(bytes).then_some(TAR)
}

/// What a zip archive holds, as its first entries show.
fn zipped(bytes: &[u8]) -> Unsupported {
    let length = bytes.get(ZIP_NAME_LENGTH..ZIP_NAME_LENGTH + 2);
    let length = length.map_or(0, |length| {
        usize::from(length[0]) | usize::from(length[1]) << 8
    });
    let rest = bytes.get(ZIP_NAME..).unwrap_or_default();
    let name = rest.get(..length).unwrap_or(rest);
    let has = |text: &[u8]| memmem::find(bytes, text).is_some();
    let is_office = [&b"[Content_Types].xml"[..], b"_rels/", b"docProps/", b"xl/"]
        .iter()
        .any(|begin| name.starts_with(begin));
    if is_office && (has(b"word/") || has(b"ppt/")) {
        return DOCUMENT;
    }
    if is_office || name == b"mimetype" && has(b"opendocument.spreadsheet") {
        return SPREADSHEET;
    }
    if name == b"mimetype" {
        return DOCUMENT;
    }
    ZIP
}

/// Whether a message of an Arrow stream begins, with metadata of a likely length.
fn is_arrow_stream(bytes: &[u8]) -> bool {
    let Some(length) = bytes
        .strip_prefix(&ARROW_MESSAGE)
        .and_then(<[u8]>::first_chunk)
    else {
        return false;
    };
    let length = u32::from_le_bytes(*length);
    length > 0 && length.is_multiple_of(8) && length <= MAX_ARROW_METADATA
}

/// Whether a header of a tar archive begins, old ones without a magic number included: its checksum is right.
fn is_tar(bytes: &[u8]) -> bool {
    let Some(block) = bytes.get(..TAR_BLOCK) else {
        return false;
    };
    let digits = str::from_utf8(&block[TAR_CHECKSUM]).unwrap_or_default();
    let digits = digits.trim_matches(['\0', ' ']);
    let Ok(expected) = u32::from_str_radix(digits, 8) else {
        return false;
    };
    let sum: u32 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            let is_checksum = TAR_CHECKSUM.contains(&at);
            u32::from(if is_checksum { b' ' } else { *byte })
        })
        .sum();
    block[0] != 0 && sum == expected
}
