//! The log groups of `CloudWatch` events: the names of columns that have them, and those of a file whose records do not
//! keep them.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

/// The most log groups of a file that are told apart.
const MAX_GROUPS: usize = 64;
/// Of how many interfaces of a file it is remembered which log group they are in.
const MAX_INTERFACES: usize = 1 << 12;
/// How many digits an account has.
const ACCOUNT_DIGITS: usize = 12;

/// Whether a column or a member with this name has log groups.
pub(crate) fn is_group(name: &str) -> bool {
    name == "@log" || is_any(name, &["loggroup", "loggroupname"])
}

/// Whether a column or a member with this name has log streams.
pub(crate) fn is_stream(name: &str) -> bool {
    is_any(name, &["logstream", "logstreamname"])
}

fn is_any(name: &str, known: &[&str]) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let letters = last.chars().filter(|c| !matches!(c, '@' | '-' | '_' | ' '));
    let letters: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    known.contains(&letters.as_str())
}

/// Whether the values of the column `name` are log groups, of which `word` is one. Logs Insights has them in `@log`,
/// with the account, and other programs have other things in `log`.
pub(crate) fn is_group_value(name: &str, word: &str) -> bool {
    is_group(name) || name == "log" && self::name(word).len() < word.len()
}

/// The name of a log group without the account and what else an ARN has.
pub(crate) fn name(text: &str) -> &str {
    if let Some((_, rest)) = text
        .strip_prefix("arn:")
        .and_then(|arn| arn.split_once(":log-group:"))
    {
        return rest.split(':').next().unwrap_or(rest);
    }
    match text.split_once(':') {
        Some((account, name))
            if account.len() == ACCOUNT_DIGITS
                && account.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            name
        }
        _ => text,
    }
}

/// The log group in which an interface was met first, and which of its traffic the stream has: `-all`.
type FirstStream = (usize, Box<[u8]>);

/// The log groups of the events of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct LogGroups {
    names: Vec<String>,
    /// The log group of the last event, as it was written.
    last: (Vec<u8>, usize),
    /// Where each interface was met first.
    interfaces: HashMap<Box<[u8]>, FirstStream>,
    /// The first interface in two log groups, and these.
    repeated: Option<(String, [usize; 2])>,
}

impl LogGroups {
    /// Enters that events of `stream` are in `group`. `message` is the text of one, which names the interface if the stream
    /// does not.
    pub(crate) fn note(&mut self, group: &[u8], stream: Option<&[u8]>, message: &[u8]) {
        let Some(group) = self.index(group) else {
            return;
        };
        let is_interface = |word: &&[u8]| word.starts_with(b"eni-");
        let in_message = || message.split(|byte| *byte == b' ').find(is_interface);
        let Some(stream) = stream.filter(is_interface).or_else(in_message) else {
            return;
        };
        let end = stream[4..].iter().position(|byte| *byte == b'-');
        let (interface, traffic) = stream.split_at(end.map_or(stream.len(), |end| end + 4));
        let room = self.interfaces.len() < MAX_INTERFACES;
        let Some((first, of_first)) = self.interfaces.get(interface) else {
            if room {
                self.interfaces
                    .insert(interface.into(), (group, traffic.into()));
            }
            return;
        };
        let repeats = |one: &[u8], other: &[u8]| one == b"-accept" && other == b"-reject";
        let differs = repeats(of_first, traffic) || repeats(traffic, of_first);
        if *first != group && !differs && self.repeated.is_none() {
            let interface = String::from_utf8_lossy(interface).into_owned();
            self.repeated = Some((interface, [*first, group]));
        }
    }

    fn index(&mut self, group: &[u8]) -> Option<usize> {
        let (last, index) = &self.last;
        if last == group && !group.is_empty() {
            return Some(*index);
        }
        let text = String::from_utf8_lossy(group);
        let name = name(&text);
        if name.is_empty() || name == "-" {
            return None;
        }
        let known = self.names.iter().position(|known| known == name);
        let index = match known {
            Some(index) => index,
            None if self.names.len() < MAX_GROUPS => {
                self.names.push(name.to_owned());
                self.names.len() - 1
            }
            None => return None,
        };
        self.last = (group.to_vec(), index);
        Some(index)
    }

    /// The log group of all events that name one.
    pub(crate) fn only(&self) -> Option<&str> {
        match self.names.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// What is to be said of an interface in two log groups.
    pub(crate) fn warning(&self) -> Option<String> {
        let (interface, groups) = self.repeated.as_ref()?;
        let [first, second] = groups.map(|index| self.names.get(index).map_or("?", String::as_str));
        Some(format!(
            "the interface {interface} is in two log groups, {first} and {second}, so that traffic counts twice wherever \
             both have the same time; records do not keep the log group, so read a file with the events of one of them"
        ))
    }
}
