//! Says what bytes are from the bytes alone: the name of a file decides nothing.

use std::borrow::Cow;

use memchr::memchr;

use super::csv;
use crate::format::visible;
use crate::schema;
use crate::store::ReadProblem;

/// What some bytes begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Lines; `skip` bytes of byte order mark come before them.
    Text {
        /// How many bytes are no text.
        skip: usize,
    },
    /// A gzip member.
    Gzip,
    /// JSON; `skip` bytes of byte order mark come before it.
    Json {
        /// How many bytes are no JSON.
        skip: usize,
    },
    /// A table; `skip` bytes of byte order mark come before it.
    Csv {
        /// How many bytes are no table.
        skip: usize,
        /// What stands between values.
        separator: u8,
    },
    /// Parquet, whose columns are not read from front to back.
    Parquet,
    /// Something that is known, but not read.
    Unsupported(Unsupported),
}

/// What is known, but not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unsupported {
    /// The name that a source shows.
    pub(crate) format: &'static str,
    /// What it is, in words.
    pub(crate) name: Cow<'static, str>,
    /// Why that is not read.
    verdict: &'static str,
    /// What to do about it.
    advice: Cow<'static, str>,
}

impl Unsupported {
    /// Something else than a flow log.
    pub(crate) const fn other(
        format: &'static str,
        name: &'static str,
        advice: &'static str,
    ) -> Self {
        Self {
            format,
            name: Cow::Borrowed(name),
            verdict: "not a flow log",
            advice: Cow::Borrowed(advice),
        }
    }

    /// Something that may have flow logs in it, in a form that is not read.
    pub(crate) const fn form(
        format: &'static str,
        name: &'static str,
        advice: &'static str,
    ) -> Self {
        Self {
            format,
            name: Cow::Borrowed(name),
            verdict: "which is not read",
            advice: Cow::Borrowed(advice),
        }
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
        let needed = schema::ADDRESSES_AND_TIMES.iter();
        let needed: Vec<&str> = needed.filter_map(|field| Some(field.def()?.name)).collect();
        let needed = needed.join(", ");
        Self {
            format,
            name: format!("{what} without an address or a time of a flow log{has}").into(),
            verdict: "which is not read",
            advice: format!(
                "export at least one of {needed} as well; groups and sums are not records"
            )
            .into(),
        }
    }

    /// What it is, why it is not read, and what to do about it.
    pub(crate) fn problem(&self) -> ReadProblem {
        ReadProblem::Unsupported {
            name: self.name.clone(),
            verdict: self.verdict,
            advice: self.advice.clone(),
        }
    }
}

/// How many names a message lists, and how many characters of each.
const LISTED: usize = 8;
const LONGEST: usize = 40;

/// The first of `names`, safe to show.
pub(crate) fn listed(names: &[impl AsRef<str>]) -> String {
    let shown = |name: &str| {
        let mut shown: String = name.chars().take(LONGEST).collect();
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

/// How many bytes are enough to tell.
pub(crate) const ENOUGH: usize = 6;

const MAGICS: &[(&[u8], Unsupported)] = &[
    (
        b"\xff\xfe",
        Unsupported::form(
            "utf-16",
            "text in UTF-16",
            "turn it into UTF-8: iconv -f UTF-16 -t UTF-8 FILE",
        ),
    ),
    (
        b"\xfe\xff",
        Unsupported::form(
            "utf-16",
            "text in UTF-16",
            "turn it into UTF-8: iconv -f UTF-16 -t UTF-8 FILE",
        ),
    ),
    (
        b"\x28\xb5\x2f\xfd",
        Unsupported::form("zstd", "packed with zstd", "unpack it: zstd -d FILE"),
    ),
    (
        b"\xfd7zXZ\0",
        Unsupported::form("xz", "packed with xz", "unpack it: xz -d FILE"),
    ),
    (
        b"BZh",
        Unsupported::form("bzip2", "packed with bzip2", "unpack it: bzip2 -d FILE"),
    ),
    (
        b"PK\x03\x04",
        Unsupported::form("zip", "a zip archive", "unpack it: unzip FILE"),
    ),
];

/// Says what `bytes` begin; [`ENOUGH`] of them, or all that there are.
pub(crate) fn sniff(bytes: &[u8]) -> Content {
    if is_gzip(bytes) {
        return Content::Gzip;
    }
    if bytes.starts_with(b"PAR1") {
        return Content::Parquet;
    }
    if let Some((_, foreign)) = MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Content::Unsupported(foreign.clone());
    }
    let skip = if bytes.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    if is_json(&bytes[skip..]) {
        return Content::Json { skip };
    }
    Content::Text { skip }
}

/// As [`sniff`], with the whole first line at hand, which tells tables and texts of JSON from other text.
pub(crate) fn sniff_line(bytes: &[u8]) -> Content {
    let content = sniff(bytes);
    let Content::Text { skip } = content else {
        return content;
    };
    let text = &bytes[skip..];
    let line = &text[..memchr(b'\n', text).unwrap_or(text.len())];
    if is_json_text(line) {
        return Content::Json { skip };
    }
    match csv::recognise(line) {
        Some(separator) => Content::Csv { skip, separator },
        None => content,
    }
}

/// Whether a gzip member begins here.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b")
}

/// Whether a line is one text of JSON with words in it.
fn is_json_text(line: &[u8]) -> bool {
    let inner = line.trim_ascii().strip_prefix(b"\"");
    let inner = inner.and_then(|line| line.strip_suffix(b"\""));
    inner.is_some_and(|inner| !inner.contains(&b'"') && inner.contains(&b' '))
}

/// Whether the first two characters are those of an object or an array.
fn is_json(bytes: &[u8]) -> bool {
    let mut characters = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (characters.next(), characters.next()) {
        (Some(b'{'), Some(second)) => matches!(second, b'"' | b'}'),
        (Some(b'['), Some(second)) => matches!(second, b'{' | b'[' | b'"' | b']'),
        _ => false,
    }
}
