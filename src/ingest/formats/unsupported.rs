//! Logs of other services of AWS, known by their first lines, so that nobody takes them for flow logs. What objects
//! and tables are is known by names ([`signs`]).

pub(crate) mod signs;
#[cfg(test)]
mod tests;

use memchr::{memchr, memmem};

use super::sniff::Unsupported;
use crate::ingest::text::fit::is_iso_time;

/// How many bytes are enough to know such a log.
const ENOUGH: usize = 1 << 11;
/// The types of listeners of an application load balancer.
const LISTENERS: [&str; 6] = ["http", "https", "h2", "grpcs", "ws", "wss"];
/// The transports of queries to a name server.
const TRANSPORTS: [&str; 2] = ["UDP", "TCP"];

const APPLICATION: Unsupported = Unsupported::other(
    "alb-access-log",
    "an access log of an application load balancer",
    LOAD_BALANCER,
);
const NETWORK: Unsupported = Unsupported::other(
    "nlb-access-log",
    "a TLS access log of a network load balancer",
    LOAD_BALANCER,
);
const CLASSIC: Unsupported = Unsupported::other(
    "clb-access-log",
    "an access log of a classic load balancer",
    LOAD_BALANCER,
);
const LOAD_BALANCER: &str =
    "to see the same traffic, give the VPC flow logs of the subnets that the load balancer is in";
const ACCELERATOR: Unsupported = Unsupported::form(
    "globalaccelerator-flow-log",
    "a flow log of Global Accelerator, which has other fields than those of a VPC",
    "to see the same traffic, give the VPC flow logs of the subnets of its endpoints",
);
const CLOUDFRONT: Unsupported = Unsupported::other(
    "cloudfront-log",
    "an access log of CloudFront",
    "to see what reaches the origin, give the VPC flow logs of its subnet",
);
const S3: Unsupported = Unsupported::other(
    "s3-access-log",
    "an access log of a bucket in S3",
    "flow logs in a bucket lie below AWSLogs/ACCOUNT/vpcflowlogs/",
);
const WEB: Unsupported = Unsupported::other(
    "web-access-log",
    "an access log of a web server",
    "to see the same traffic, give the VPC flow logs of the server's subnet",
);
const RESOLVER: Unsupported = Unsupported::other(
    "route53-query-log",
    "a log of queries to Route 53",
    "flow logs do not know names; give those of the VPC for the traffic that followed",
);
const FIREWALL: Unsupported = Unsupported::other(
    "waf-log",
    "a log of AWS WAF",
    "to see the same traffic, give the VPC flow logs of what it protects",
);
const TRAIL: Unsupported = Unsupported::other(
    "cloudtrail",
    "a log of CloudTrail",
    "it has calls to AWS and no traffic; flow logs in the same bucket lie below AWSLogs/ACCOUNT/vpcflowlogs/",
);

/// Whether more bytes than a whole line would tell no more.
pub(crate) fn is_enough(bytes: &[u8]) -> bool {
    bytes.len() >= ENOUGH || !bytes.starts_with(b"#")
}

/// The log of another service that `bytes` begin, if they begin one.
pub(crate) fn recognise(bytes: &[u8]) -> Option<Unsupported> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bytes = bytes.trim_ascii_start();
    let start = bytes.get(..ENOUGH).unwrap_or(bytes);
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
        return Some(APPLICATION);
    }
    if word(0) == "tls" && is_time(2) && word(3).starts_with("net/") {
        return Some(NETWORK);
    }
    if is_time(0) && is_address_and_port(word(2)) && is_seconds(word(4)) && is_seconds(word(5)) {
        return Some(CLASSIC);
    }
    let is_version = |word: &str| matches!(word, "1.0" | "2.0");
    if words.contains(&"accelerator_id") || is_version(word(0)) && is_uuid(word(2)) {
        return Some(ACCELERATOR);
    }
    if is_version(word(0)) && is_time(1) && TRANSPORTS.contains(&word(6)) {
        return Some(RESOLVER);
    }
    if word(0).len() == 64 && is_hex(word(0)) && is_web_time(word(2)) {
        return Some(S3);
    }
    is_web_time(word(3)).then_some(WEB)
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
