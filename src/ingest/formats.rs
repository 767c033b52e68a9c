//! What files contain: recognizes the format of a file from its bytes and turns JSON, CSV and Parquet into rows.

pub(crate) mod csv;
pub(crate) mod event_ids;
pub(crate) mod feed;
pub(crate) mod json;
pub(crate) mod parquet;
pub(crate) mod rows;
pub(crate) mod sniff;
pub(crate) mod transcoder;
pub(crate) mod unsupported;
