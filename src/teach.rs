//! Tells a student what a field means, what a value says and what a record is about.
//!
//! The texts about fields are in `assets/glossary.toml`. Words of the log go into what is told as they are;
//! whoever shows it on a terminal makes them visible first.

mod decode;
mod explain;
mod flow;
mod glossary;
mod page;
mod reason;
mod sentence;
#[cfg(test)]
mod tests;

pub use decode::decode;
pub use explain::{Explanation, Fact, explain};
pub use glossary::{Entry, entry};
pub use page::{Listing, Page, Paragraph, listing, page};
pub use reason::reason;
pub use sentence::sentence;
