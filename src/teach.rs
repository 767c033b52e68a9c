//! Explanations for learners: what a field means, what a value stands for, and what a record describes.
//!
//! The texts about fields are in `assets/glossary.toml`. Text from the log is included unchanged; callers escape it
//! with [`format::visible`](crate::format::visible) before showing it on a terminal.

mod decode;
mod explain;
mod flow;
mod glossary;
mod page;
mod reason;
mod sentence;
#[cfg(test)]
mod tests;

pub(crate) use decode::{MAX_FLAG_LETTERS, flag_letters, longest_path_name, path_name};
pub(crate) use explain::{Explanation, Fact, explain};
pub(crate) use flow::service_of;
pub use glossary::{Entry, entry};
pub(crate) use page::{Page, listing, page};
pub(crate) use reason::reason;
