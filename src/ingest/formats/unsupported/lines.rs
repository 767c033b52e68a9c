//! Contents that are known by their first lines: logs of other services, markup, and what programs print for people.

use std::borrow::Cow;

use memchr::memmem;

use super::known::{
    APPLICATION_LOAD_BALANCER, ARGUS, AWS_CLI_RESULTS, AWS_CLI_TABLE, AWS_CLI_YAML, AWS_ERROR,
    CLASSIC_LOAD_BALANCER, CLOUDFRONT, CONNECTION_LOG, DRAWN_TABLE, ENCRYPTED, FLOWDECK_LOG,
    FLOWLOGS_READER, GIT_LFS, GLOBAL_ACCELERATOR, HTML, NETWORK_LOAD_BALANCER, NFDUMP, ROUTE_53,
    S3, S3_LISTING, TCPDUMP, WEB_SERVER, XML, ZEEK,
};
use super::{SNIFF_BYTES, Unsupported};
use crate::ingest::text::fit::is_iso_time;
use crate::ingest::text::known_formats::is_default;
use crate::schema::DEFAULT_FORMAT;

/// The types of listeners of an application load balancer.
const LISTENERS: [&str; 6] = ["http", "https", "h2", "grpcs", "ws", "wss"];
/// The transports of queries to a name server.
const TRANSPORTS: [&str; 2] = ["UDP", "TCP"];

/// How the AWS CLI begins YAML: the name of a list, alone or in a list of pages.
const YAML_LISTS: [&str; 4] = ["events:", "results:", "logEvents:", "ResultSet:"];
/// How the AWS CLI begins a field of a row of a query in text, and the status of the query before these.
const RESULT: &str = "RESULTS\t";
const QUERY_STATUS: &str = "Complete";
/// How many columns flowlogs-reader prints.
const READER_COLUMNS: usize = 47;

/// Whether what `bytes` begin shows only in the lines below the first.
pub(super) fn needs_more(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii_start();
    let yaml = YAML_LISTS
        .iter()
        .any(|list| bytes.starts_with(list.as_bytes()));
    let results = [RESULT, QUERY_STATUS]
        .iter()
        .any(|begin| bytes.starts_with(begin.as_bytes()));
    yaml || results || matches!(bytes.first(), Some(b'#' | b'-')) || is_markup(bytes)
}

/// The content other than a flow log that `bytes` begin, if they begin one.
pub(crate) fn by_first_line(bytes: &[u8]) -> Option<Unsupported> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bytes = bytes.trim_ascii_start();
    let start = bytes.get(..SNIFF_BYTES).unwrap_or(bytes);
    let has = |text: &str| memmem::find(start, text.as_bytes()).is_some();
    match start.first()? {
        b'#' if has("x-edge-location") => return Some(CLOUDFRONT),
        b'#' if start.starts_with(b"#separator") && has("#fields") => return Some(ZEEK),
        // What an object is shows in its names.
        b'{' | b'[' | b'#' => return None,
        _ if is_markup(start) => return Some(markup(start)),
        _ => {}
    }
    // A check of plain UTF-8 takes a tenth of the time, and most files are that, up to the character that the end cuts.
    let text = match str::from_utf8(start) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(start),
    };
    let mut lines = text.lines();
    let line = lines.next()?;
    drawn(line, lines.next().unwrap_or_default(), &text).or_else(|| of_line(line))
}

/// Whether `bytes` begin with a tag, and not with the priority of a syslog line.
fn is_markup(bytes: &[u8]) -> bool {
    let second = bytes.get(1).copied().unwrap_or_default();
    bytes.first() == Some(&b'<') && (second.is_ascii_alphabetic() || matches!(second, b'!' | b'?'))
}

/// What markup is.
fn markup(start: &[u8]) -> Unsupported {
    let text = String::from_utf8_lossy(start);
    let lower = text.to_ascii_lowercase();
    let tags = ["<!doctype html", "<html", "<table"];
    if tags.iter().any(|tag| lower.contains(tag)) {
        return HTML;
    }
    if lower.contains("<listbucketresult") {
        return S3_LISTING;
    }
    let code = text
        .split_once("<Code>")
        .and_then(|(_, rest)| Some(rest.split_once("</Code>")?.0));
    let is_code = |code: &&str| code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match code.filter(is_code) {
        Some(code) if text.contains("<Error>") => Unsupported::other_named(
            "s3-error",
            format!("an error message of S3 ({code})"),
            "it was saved in place of a file; download the file again with permission to read it",
        ),
        _ => XML,
    }
}

/// Whether `text` has rows of a query whose fields are not those that Logs Insights puts beside a message.
fn has_result_fields(text: &str) -> bool {
    let is_status = text.lines().next().is_some_and(|line| line == QUERY_STATUS);
    let fields = text.lines().skip(usize::from(is_status));
    let fields = fields.map_while(|line| line.strip_prefix(RESULT)?.split_once('\t'));
    let mut names = fields.map(|(name, _)| name);
    names.any(|name| !name.starts_with('@'))
}

/// What a program printed for people, or as YAML.
fn drawn(line: &str, second: &str, text: &str) -> Option<Unsupported> {
    let rule = line.trim_end();
    let is_rule = |chars: &[char]| rule.len() > 2 && rule.chars().all(|c| chars.contains(&c));
    if is_rule(&['-']) && second.starts_with('|') {
        return Some(AWS_CLI_TABLE);
    }
    if rule.starts_with('+') && is_rule(&['+', '-', '=']) && second.starts_with('|')
        || rule.starts_with(['┌', '╭', '╔', '┏'])
        // What polars prints of a frame begins with its shape.
        || rule.starts_with("shape: (") && second.starts_with('┌')
    {
        return Some(DRAWN_TABLE);
    }
    if has_result_fields(text) {
        return Some(AWS_CLI_RESULTS);
    }
    let item = rule.strip_prefix("- ").unwrap_or(rule);
    if YAML_LISTS
        .iter()
        .any(|list| item == *list || item == format!("{list} []"))
    {
        return Some(AWS_CLI_YAML);
    }
    // A list of messages, of events, or of results; a record on the first line may be folded onto others.
    let is_item = item.len() < rule.len();
    // The dash of a record whose version is missing is one of its words.
    let is_record = rule.split_ascii_whitespace().count() == DEFAULT_FORMAT.len();
    let is_message = || {
        let mut words = item
            .trim_start_matches(['\'', '"'])
            .split_ascii_whitespace();
        let is_digits =
            |word: &str| word.len() < 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        let is_version = words.next().is_some_and(is_digits);
        is_version && words.count() > 1 && !is_record
    };
    let keys = [
        "eventId:",
        "message:",
        "timestamp:",
        "ingestionTime:",
        "- field:",
        "'@message'",
    ];
    let has_key = || keys.iter().any(|key| text.contains(key));
    (is_item && (is_message() || has_key())).then_some(AWS_CLI_YAML)
}

fn of_line(line: &str) -> Option<Unsupported> {
    let words: Vec<&str> = line
        .split_ascii_whitespace()
        .take(READER_COLUMNS + 1)
        .collect();
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
    if is_web_time(word(3)) {
        return Some(WEB_SERVER);
    }
    if is_time(0) && is_port(word(2)) && is_port(word(3)) && is_tls(word(4)) {
        return Some(CONNECTION_LOG);
    }
    if is_from_reader(&words) {
        return Some(FLOWLOGS_READER);
    }
    of_program(line, &words)
}

/// What another program printed.
fn of_program(line: &str, words: &[&str]) -> Option<Unsupported> {
    let has = |all: &[&str]| all.iter().all(|word| words.contains(word));
    let tables = ["Date first seen", "ts,te,td,", "firstSeen,duration,proto,"];
    if tables.iter().any(|header| line.starts_with(header)) {
        return Some(NFDUMP);
    }
    if line.starts_with("flowdeck log: ") {
        return Some(FLOWDECK_LOG);
    }
    if has(&["StartTime", "SrcAddr", "DstAddr"]) && (has(&["Flgs"]) || has(&["TotPkts"])) {
        return Some(ARGUS);
    }
    if words.windows(4).take(2).any(is_packet) {
        return Some(TCPDUMP);
    }
    if line.starts_with("version https://git-lfs.github.com/") {
        return Some(GIT_LFS);
    }
    if line.starts_with("-----BEGIN PGP MESSAGE") || line.starts_with("age-encryption.org/") {
        return Some(ENCRYPTED);
    }
    let errors = [
        "An error occurred (",
        "Unable to locate credentials",
        "aws: error: ",
    ];
    errors
        .iter()
        .any(|error| line.starts_with(error))
        .then_some(AWS_ERROR)
}

/// Whether this is a record of flowlogs-reader: version 2's order, and columns of later versions without values.
fn is_from_reader(words: &[&str]) -> bool {
    let (Some(record), Some(rest)) = (
        words.get(..DEFAULT_FORMAT.len()),
        words.get(DEFAULT_FORMAT.len()..),
    ) else {
        return false;
    };
    let missing = rest.iter().filter(|word| **word == "-").count();
    words.len() == READER_COLUMNS && 2 * missing > rest.len() && is_default(&record.join(" "))
}

/// `02:21:00.123456 IP 10.0.0.1.443 > 10.0.0.2.1234:`
fn is_packet(words: &[&str]) -> bool {
    matches!(words, [time, "IP" | "IP6", _, ">"] if time.contains(':') && time.contains('.'))
}

fn is_port(word: &str) -> bool {
    word.parse::<u16>().is_ok()
}

/// `TLSv1.2`, or `-` where the handshake failed.
fn is_tls(word: &str) -> bool {
    word == "-" || word.starts_with("TLSv")
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
