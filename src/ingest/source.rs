//! Where bytes come from: finds the input files, opens, decodes and compares them, and remembers how far they
//! have been read.

pub(crate) mod checkpoint;
pub(crate) mod decode;
pub(crate) mod duplicates;
pub(crate) mod find;
mod folder_values;
pub(crate) mod input_file;
mod pipe;
pub(crate) mod raw;
pub(crate) mod utf16;
