//! What files contain: recognizes the format of a file from its bytes and turns JSON, CSV and Parquet into rows.

pub(crate) mod csv;
pub(crate) mod event_ids;
pub(crate) mod json;
pub(crate) mod log_groups;
pub(crate) mod messages;
pub(crate) mod ocsf;
pub(crate) mod outcome;
pub(crate) mod parquet;
pub(crate) mod piece_reader;
pub(crate) mod row_reader;
pub(crate) mod sniff;
pub(crate) mod unsupported;
