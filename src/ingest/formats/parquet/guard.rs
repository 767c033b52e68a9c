//! What the Parquet crate is not trusted with.

pub(super) mod delta;
pub(super) mod footer;
pub(super) mod page_header;
pub(super) mod pages;
pub(super) mod panics;
pub(super) mod thrift;
