//! Contents that are recognized but not read, above all logs of other services: known by their first bytes, by their
//! first line, or by names of columns and members ([`signs`]).

pub(crate) mod known;
pub(crate) mod signs;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use memchr::{memchr, memmem};

use crate::format::visible;
use crate::ingest::compression::Codec;

use crate::ingest::text::fit::is_iso_time;
use crate::schema;
use crate::store::ReadProblem;
use known::{
    APPLICATION_LOAD_BALANCER, CLASSIC_LOAD_BALANCER, CLOUDFRONT, GLOBAL_ACCELERATOR,
    NETWORK_LOAD_BALANCER, ROUTE_53, S3, WEB_SERVER,
};

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
        let needed = schema::ADDRESSES_AND_TIMES.iter();
        let needed: Vec<&str> = needed.filter_map(|field| Some(field.def()?.name)).collect();
        let needed = needed.join(", ");
        Self {
            format,
            name: format!("{what} without an address or a time of a flow log{has}").into(),
            verdict: Verdict::Form,
            advice: format!(
                "export at least one of {needed} as well; groups and sums are not records"
            )
            .into(),
        }
    }

    /// What it is, why it is not read, and what to do about it.
    pub(crate) fn problem(&self) -> ReadProblem {
        let name = &self.name;
        let what = match self.verdict {
            Verdict::Other => format!("this is {name}, not a flow log"),
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

/// How many bytes of the beginning are searched for the header of such a log.
const LOG_SNIFF_BYTES: usize = 1 << 11;
/// The types of listeners of an application load balancer.
const LISTENERS: [&str; 6] = ["http", "https", "h2", "grpcs", "ws", "wss"];
/// The transports of queries to a name server.
const TRANSPORTS: [&str; 2] = ["UDP", "TCP"];

/// The content that is known by its first bytes.
pub(crate) fn by_magic(bytes: &[u8]) -> Option<Unsupported> {
    let mut magics = known::MAGICS.iter();
    let found = magics.find(|(magic, _)| bytes.starts_with(magic));
    found.map(|(_, unsupported)| unsupported.clone())
}

/// Whether there are enough bytes to recognize a log by its first line.
pub(crate) fn is_enough(bytes: &[u8]) -> bool {
    bytes.len() >= LOG_SNIFF_BYTES || !bytes.starts_with(b"#")
}

/// The log of another service that `bytes` begin, if they begin one.
pub(crate) fn by_first_line(bytes: &[u8]) -> Option<Unsupported> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bytes = bytes.trim_ascii_start();
    let start = bytes.get(..LOG_SNIFF_BYTES).unwrap_or(bytes);
    match start.first()? {
        // What an object is shows in its names.
        b'{' | b'[' => return None,
        b'#' => {
            let is_there = memmem::find(start, b"x-edge-location").is_some();
            return is_there.then_some(CLOUDFRONT);
        }
        _ => {}
    }
    let end = memchr(b'\n', start).unwrap_or(start.len());
    let line = String::from_utf8_lossy(start.get(..end)?);
    of_line(&line)
}

fn of_line(line: &str) -> Option<Unsupported> {
    let words: Vec<&str> = line.split_ascii_whitespace().take(24).collect();
    let word = |index: usize| words.get(index).copied().unwrap_or_default();
    let is_time = |index| is_iso_time(word(index));
    if LISTENERS.contains(&word(0)) && is_time(1) && word(2).starts_with("app/") {
        return Some(APPLICATION_LOAD_BALANCER);
    }
    if word(0) == "tls" && is_time(2) && word(3).starts_with("net/") {
        return Some(NETWORK_LOAD_BALANCER);
    }
    if is_time(0) && is_address_and_port(word(2)) && is_seconds(word(4)) && is_seconds(word(5)) {
        return Some(CLASSIC_LOAD_BALANCER);
    }
    let is_version = |word: &str| matches!(word, "1.0" | "2.0");
    if words.contains(&"accelerator_id") || is_version(word(0)) && is_uuid(word(2)) {
        return Some(GLOBAL_ACCELERATOR);
    }
    if is_version(word(0)) && is_time(1) && TRANSPORTS.contains(&word(6)) {
        return Some(ROUTE_53);
    }
    if word(0).len() == 64 && is_hex(word(0)) && is_web_time(word(2)) {
        return Some(S3);
    }
    is_web_time(word(3)).then_some(WEB_SERVER)
}

/// `192.0.2.1:2817`.
fn is_address_and_port(word: &str) -> bool {
    word.parse::<std::net::SocketAddr>().is_ok()
}

/// `0.000073`, or `-1` where nothing was handed on.
fn is_seconds(word: &str) -> bool {
    word == "-1" || word.contains('.') && word.parse::<f64>().is_ok()
}

fn is_hex(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Five groups of hexadecimal digits.
fn is_uuid(word: &str) -> bool {
    let lengths = word.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && word.split('-').all(is_hex)
}

/// `[06/Feb/2019:00:00:38`, as web servers write the time.
fn is_web_time(word: &str) -> bool {
    let mut parts = word.strip_prefix('[').unwrap_or_default().split('/');
    let (day, month, rest) = (parts.next(), parts.next(), parts.next());
    day.is_some_and(|day| day.len() == 2 && day.parse::<u8>().is_ok())
        && month.is_some_and(|month| month.len() == 3)
        && rest.is_some_and(|rest| rest.contains(':'))
}
