//! Whether words look like the values of a field: how the columns of a file without a header are recognized.

#[cfg(test)]
mod tests;

use super::value;
use crate::schema::{Address, FieldId, Kind, TextShape, Value, id};

/// The first second that a flow log can be of: there were none before 2015.
const EARLIEST: u64 = 1_400_000_000;
/// The versions that there may be one day.
const VERSIONS: std::ops::RangeInclusive<u64> = 2..=30;
/// What bits of TCP flags are written.
const FLAGS: u64 = 0x3f;
/// The largest code of a traffic path.
const PATHS: u64 = 16;
/// The largest code of an encryption status.
const ENCRYPTION: u64 = 3;

/// What stands before the number in the names of regions.
const COMPASS: [&str; 9] = [
    "central",
    "east",
    "north",
    "northeast",
    "northwest",
    "south",
    "southeast",
    "southwest",
    "west",
];

/// How a word fits a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// No value of the field looks like that.
    Contradicts,
    /// It may be a value of the field, as of many others.
    Possible,
    /// It looks as the values of the field do.
    Typical,
}

/// How the words of a line fit the fields of a layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Score {
    /// How many contradict.
    pub(crate) wrong: usize,
    /// How many are typical.
    pub(crate) typical: usize,
}

impl Score {
    /// Of `words`, where there are as many of them as of `fields`.
    pub(crate) fn of(fields: &[FieldId], words: &[&str]) -> Option<Self> {
        if fields.len() != words.len() {
            return None;
        }
        let mut score = Self::default();
        for (field, word) in fields.iter().zip(words) {
            match fit(*field, word) {
                Fit::Contradicts => score.wrong += 1,
                Fit::Possible => {}
                Fit::Typical => score.typical += 1,
            }
        }
        Some(score)
    }
}

/// The words of records without traffic, and of what was done with it.
const RECORD_WORDS: [&str; 5] = ["ACCEPT", "REJECT", "NODATA", "SKIPDATA", "INCOMPLETEDATA"];
/// How the ids begin that records have, and the fewest digits of those that begin as other words do.
const RECORD_IDS: [&str; 2] = ["eni-", "tgw-attach-"];
const RESOURCE_IDS: [&str; 4] = ["vpc-", "subnet-", "i-", "tgw-"];
const MIN_ID_DIGITS: usize = 8;

/// Whether a line could be a record, whole or damaged: it has two addresses, two times, a word that records have, or is
/// mostly numbers and addresses. Few other texts are so, and nothing that may be a record shall be taken for one of these.
pub(crate) fn resembles_record(line: &str) -> bool {
    let is_between =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '|' | '"' | '\'');
    let (mut words, mut addresses, mut times, mut numbers) = (0, 0, 0, 0);
    for word in line.split(is_between).filter(|word| !word.is_empty()) {
        let is_id = || RECORD_IDS.iter().any(|id| word.starts_with(id)) || is_resource_id(word);
        if RECORD_WORDS.contains(&word) || is_id() {
            return true;
        }
        words += 1;
        addresses += usize::from(word.parse::<std::net::IpAddr>().is_ok());
        if let Ok(number) = word.parse::<u64>() {
            numbers += 1;
            times += usize::from(number >= EARLIEST);
        }
        numbers += usize::from(word == "-");
    }
    addresses > 1 || times > 1 || words > 1 && 2 * (addresses + numbers) > words
}

/// The fewest words of a record in an order that is not known.
pub(crate) const MIN_RECORD_WORDS: usize = 4;

/// Whether words are likely those of a record in an order that is not known: two addresses, or one address or the id of
/// an interface beside another or beside times, and hardly a word of prose.
pub(crate) fn is_like_record(words: &[&str]) -> bool {
    let (mut places, mut times, mut prose) = (0, 0, 0);
    for word in words {
        let is_interface = || RECORD_IDS.iter().any(|id| word.starts_with(id));
        if word.parse::<std::net::IpAddr>().is_ok() || is_interface() {
            places += 1;
        } else if let Ok(number) = word.parse::<u64>() {
            times += usize::from((EARLIEST..value::LATEST).contains(&number));
        } else if is_iso_time(word) {
            times += 1;
        } else {
            let is_lower = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
            prose += usize::from(is_lower);
        }
    }
    words.len() >= MIN_RECORD_WORDS
        && places > 0
        && places + times > 1
        && MAX_PROSE * prose <= words.len()
}

/// One word of so many may be in lower case, as `egress` is.
const MAX_PROSE: usize = 4;

/// Whether a word is the id of a network, an instance or a gateway.
fn is_resource_id(word: &str) -> bool {
    let mut ids = RESOURCE_IDS.iter().filter_map(|id| word.strip_prefix(id));
    ids.any(|digits| {
        digits.len() >= MIN_ID_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// How `word` fits `field`.
pub(crate) fn fit(field: FieldId, word: &str) -> Fit {
    let value = value::read(field, word);
    match (value, field.kind()) {
        (None, _) => Fit::Contradicts,
        // Records without traffic have these all the same.
        (Some(Value::Missing), _) if [id::VERSION, id::START, id::END].contains(&field) => {
            Fit::Contradicts
        }
        (Some(Value::Missing | Value::Address(Address::Mac(_))), _) => Fit::Possible,
        (_, Kind::Address) => Fit::Typical,
        (Some(Value::Number(number)), kind) => fit_of_number(field, kind, number),
        (_, Kind::Choice(words)) => typical_or_wrong(words.contains(&word)),
        (_, _) => {
            let shape = field.def().map_or(TextShape::Any, |def| def.shape);
            fit_of_word(shape, word)
        }
    }
}

fn typical_or_wrong(typical: bool) -> Fit {
    if typical {
        Fit::Typical
    } else {
        Fit::Contradicts
    }
}

fn fit_of_number(field: FieldId, kind: Kind, number: u64) -> Fit {
    let possible = |is_possible| {
        if is_possible {
            Fit::Possible
        } else {
            Fit::Contradicts
        }
    };
    match (field, kind) {
        (_, Kind::Time) => typical_or_wrong(number >= EARLIEST),
        (id::VERSION, _) => possible(VERSIONS.contains(&number)),
        (id::TRAFFIC_PATH, _) => possible((1..=PATHS).contains(&number)),
        (id::ENCRYPTION_STATUS, _) => possible(number <= ENCRYPTION),
        (_, Kind::Flags) => possible(number <= FLAGS),
        (_, _) => Fit::Possible,
    }
}

fn fit_of_word(shape: TextShape, word: &str) -> Fit {
    let is_typical = match shape {
        TextShape::Any => {
            return if is_of_another(word) {
                Fit::Contradicts
            } else {
                Fit::Possible
            };
        }
        TextShape::Like(part) if part.starts_with(':') => word.contains(part),
        TextShape::Like(part) => word.starts_with(part),
        TextShape::Account => is_account(word),
        TextShape::Region => is_region(word),
        TextShape::Zone => is_zone(word),
        TextShape::Service => is_service(word),
    };
    typical_or_wrong(is_typical)
}

/// Whether a word is a value of some closed list or an address, and so no free text.
fn is_of_another(word: &str) -> bool {
    let is_choice =
        |field: FieldId| matches!(field.kind(), Kind::Choice(words) if words.contains(&word));
    [id::ACTION, id::LOG_STATUS, id::TYPE, id::FLOW_DIRECTION]
        .into_iter()
        .any(is_choice)
        || word.parse::<Address>().is_ok()
}

/// Twelve digits, or what AWS writes where it knows no account.
fn is_account(word: &str) -> bool {
    word.len() == 12 && is_digits(word) || word == "unknown"
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`: an area, a point of the compass, and a number. Names of services and
/// tags such as `web-server-1` are none.
fn is_region(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let (area @ ([_] | [_, _]), [point, number]) = parts.split_at(parts.len().saturating_sub(2))
    else {
        return false;
    };
    let is_area = |part: &&str| {
        (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    area.iter().all(is_area) && COMPASS.contains(point) && number.len() <= 2 && is_digits(number)
}

/// `use1-az2`, `use1-lax1-az1`.
fn is_zone(word: &str) -> bool {
    let Some((region, number)) = word.rsplit_once("-az") else {
        return false;
    };
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    is_digits(number) && !region.is_empty() && region.bytes().all(inner)
}

/// Capitals, digits and `_`, as in `S3` and `API_GATEWAY`; but no word of a closed list.
fn is_service(word: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    word.len() >= 2
        && word.bytes().all(inner)
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && !is_of_another(word)
        && !["BPA", "EC"].contains(&word)
}

/// `2025-02-25T12:25:04`, with or without parts of a second and an offset: the time of an event of `CloudWatch`
/// as its tools write it.
pub(crate) fn is_iso_time(word: &str) -> bool {
    let pattern = b"0000-00-00T00:00:00";
    let bytes = word.as_bytes();
    let Some((time, rest)) = bytes.split_at_checked(pattern.len()) else {
        return false;
    };
    let fits = time.iter().zip(pattern).all(|(byte, like)| {
        if *like == b'0' {
            byte.is_ascii_digit()
        } else {
            byte == like
        }
    });
    let inner =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b':' | b'+' | b'-' | b'Z');
    fits && rest.len() <= 17 && rest.iter().all(inner)
}

/// Milliseconds since 1970, of the years in which there were flow logs.
fn is_milliseconds(word: &str) -> bool {
    let number = word.parse::<u64>().unwrap_or(0);
    is_digits(word) && (EARLIEST * 1000..value::LATEST * 1000).contains(&number)
}

/// The time of an event, in either spelling.
pub(crate) fn is_event_time(word: &str) -> bool {
    is_iso_time(word) || is_milliseconds(word)
}
