//! Bounds what a malformed or hostile file can make the `parquet` crate do. Each part answers one weakness of the
//! crate, as of version 60.1.0, and can be deleted when the crate no longer has it:
//!
//! - `footer`: the crate builds the schema by recursion without a limit of depth, and reserves memory for as many
//!   children as an element states, up to 2^31 (`schema_from_array_helper`).
//! - `thrift`: the crate rejects a list longer than the rest of the footer since 60.1, but still reserves memory for
//!   all of its elements at once, and one byte of the file stands for more than a hundred in memory. `footer`,
//!   `page_header` and `delta` read with it, so it goes last.
//! - `page_header` and `pages`: the crate reserves as many bytes as the header of a page states, up to 2 GiB
//!   (`decode_page`), and decompresses without a limit. Here pages are read and decompressed (`codecs`) under limits
//!   per page and per row group.
//! - `delta`: strings that share prefixes expand without a limit (`DeltaByteArrayDecoder`).
//! - `panics`: decoders panic on bytes that no writer produces, above all by indexing out of range.

pub(crate) mod codecs;
pub(crate) mod delta;
pub(crate) mod footer;
pub(crate) mod page_header;
pub(crate) mod pages;
pub(crate) mod panics;
pub(crate) mod thrift;
