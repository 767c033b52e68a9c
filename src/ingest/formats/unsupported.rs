//! Contents that are recognized but not read: other logs, archives, documents, and flow logs in forms that are not
//! supported. They are known by their first bytes ([`binary`]), by their first lines ([`lines`]), or by names of columns
//! and members ([`signs`]).

mod binary;
pub(crate) mod known;
mod lines;
pub(crate) mod signs;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::format::visible;
use crate::ingest::compression::Codec;
use crate::schema;
use crate::store::ReadProblem;
pub(crate) use binary::by_magic;
pub(crate) use lines::by_first_line;

/// What is known, but not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unsupported {
    /// The name that a source shows.
    pub(crate) format: &'static str,
    /// What it is, in words.
    pub(crate) name: Cow<'static, str>,
    verdict: Verdict,
    /// What to do about it.
    advice: Cow<'static, str>,
}

/// Why it is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It is something else than a flow log.
    Other,
    /// It may have flow logs in it, in a form that is not supported.
    Form,
    /// It is compressed in a way that is not supported.
    Compression,
    /// Its decompressed bytes are compressed again.
    CompressedTwice,
}

impl Unsupported {
    const fn new(
        format: &'static str,
        name: &'static str,
        verdict: Verdict,
        advice: &'static str,
    ) -> Self {
        Self {
            format,
            name: Cow::Borrowed(name),
            verdict,
            advice: Cow::Borrowed(advice),
        }
    }

    /// A compressed file in a compressed file.
    pub(crate) fn compressed_twice(outer: &Codec, inner: &Codec) -> Self {
        let (first, second) = (inner.compression.name(), outer.compression.name());
        let name = if first == second {
            format!("compressed with {first} twice")
        } else {
            format!("compressed with {first} and then with {second}")
        };
        Self {
            format: first,
            name: name.into(),
            verdict: Verdict::CompressedTwice,
            advice: format!("decompress it once: {}", outer.command).into(),
        }
    }

    /// Something else than a flow log.
    pub(crate) const fn other(
        format: &'static str,
        name: &'static str,
        advice: &'static str,
    ) -> Self {
        Self::new(format, name, Verdict::Other, advice)
    }

    /// A compression; `advice` says how to decompress it.
    pub(crate) const fn compression(format: &'static str, advice: &'static str) -> Self {
        Self::new(format, format, Verdict::Compression, advice)
    }

    /// Something that may have flow logs in it, in a form that is not read.
    pub(crate) const fn form(
        format: &'static str,
        name: &'static str,
        advice: &'static str,
    ) -> Self {
        Self::new(format, name, Verdict::Form, advice)
    }

    /// What has `names`, of columns or of members of an object, none of which is an address or a time of a flow log;
    /// `what` it is, and whose the names are.
    pub(crate) fn without_flow(
        format: &'static str,
        (what, whose): (&str, &str),
        names: &[impl AsRef<str>],
    ) -> Self {
        let has = if names.is_empty() {
            String::new()
        } else {
            format!(" ({whose} {})", listed(names))
        };
        let is_field = |name: &&_| schema::lookup_header(AsRef::<str>::as_ref(*name)).is_some();
        // With a field of flow logs, it may be what somebody made of one.
        let verdict = if names.iter().any(|name| is_field(&name)) {
            Verdict::Form
        } else {
            Verdict::Other
        };
        let needed = schema::ADDRESSES_AND_TIMES.iter();
        let needed: Vec<&str> = needed.filter_map(|field| Some(field.def()?.name)).collect();
        let needed = needed.join(", ");
        Self {
            format,
            name: format!("{what} without an address or a time of a flow log{has}").into(),
            verdict,
            advice: format!(
                "export at least one of {needed} as well; groups and sums are not records"
            )
            .into(),
        }
    }

    /// Something else than a flow log, whose name is made up.
    fn other_named(format: &'static str, name: String, advice: &'static str) -> Self {
        Self {
            format,
            name: name.into(),
            verdict: Verdict::Other,
            advice: advice.into(),
        }
    }

    /// What it is, why it is not read, and what to do about it.
    pub(crate) fn problem(&self) -> ReadProblem {
        let name = &self.name;
        let what = match self.verdict {
            Verdict::Other => {
                return ReadProblem::NotFlowLog {
                    what: format!("this is {name}, not a flow log"),
                    advice: self.advice.clone(),
                };
            }
            Verdict::Form => format!("this is {name}, which is not supported"),
            Verdict::Compression => format!("{name} compression is not supported"),
            Verdict::CompressedTwice => format!("the file is {name}, which is not supported"),
        };
        ReadProblem::Unsupported {
            what,
            advice: self.advice.clone(),
        }
    }
}

/// How many names a message lists, and how many characters of each.
const LISTED: usize = 8;
const MAX_NAME_CHARS: usize = 40;

/// The first of `names`, safe to show.
pub(crate) fn listed(names: &[impl AsRef<str>]) -> String {
    let shown = |name: &str| {
        let mut shown: String = name.chars().take(MAX_NAME_CHARS).collect();
        if shown.len() < name.len() {
            shown.push('…');
        }
        visible(&shown).into_owned()
    };
    let names_shown = names.iter().take(LISTED);
    let names_shown: Vec<String> = names_shown.map(|name| shown(name.as_ref())).collect();
    let more = names.len().saturating_sub(LISTED);
    let names_shown = names_shown.join(", ");
    if more > 0 {
        format!("{names_shown} and {more} more")
    } else {
        names_shown
    }
}

/// How many bytes of the beginning are searched for what tells contents apart.
const SNIFF_BYTES: usize = 1 << 12;

/// Whether there are enough bytes to recognize a content that is known by more than its first line.
pub(crate) fn is_enough(bytes: &[u8]) -> bool {
    bytes.len() >= SNIFF_BYTES || !(lines::needs_more(bytes) || binary::needs_more(bytes))
}
