//! Finds the list of field names in a text: in Terraform, `CloudFormation`, a shell script, or alone.

#[cfg(test)]
mod tests;

use crate::ingest;
use crate::schema;

/// What may stand between two names of one list: white space, quotation marks, commas, and what continues a line.
const BETWEEN: [char; 9] = [' ', '\t', '\r', '\n', '"', '\'', ',', '\\', '+'];
/// What begins a line that is a comment.
const COMMENTS: [&str; 2] = ["#", "//"];
/// A list among other text has at least so many names.
const MIN_NAMES: usize = 2;

/// The different lists of names in `text`, each as a log format.
pub(super) fn lists(text: &str) -> Vec<String> {
    let mut lists = Vec::new();
    let mut add = |names: &[&str]| {
        let list = names
            .iter()
            .map(|name| format!("${{{name}}}"))
            .collect::<Vec<_>>()
            .join(" ");
        if is_list(&list, names) && !lists.contains(&list) {
            lists.push(list);
        }
    };
    let code: Vec<&str> = text
        .lines()
        .filter(|line| {
            !COMMENTS
                .iter()
                .any(|mark| line.trim_start().starts_with(mark))
        })
        .collect();
    let code = code.join("\n");
    let mut names: Vec<&str> = Vec::new();
    let mut rest = code.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        // `$${`, `\${` and `${!` are how Terraform, shells and CloudFormation write `${`.
        let before = before.trim_end_matches(['$', '\\']);
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        if !before.chars().all(|c| BETWEEN.contains(&c)) {
            add(&std::mem::take(&mut names));
        }
        names.push(name.strip_prefix('!').unwrap_or(name).trim());
        rest = behind;
    }
    add(&names);
    if lists.is_empty() {
        lists.extend(bare(text));
    }
    lists
}

/// The names of the first line, where it is a list of bare names or the only line with one.
fn bare(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let line = line.trim_matches(['"', '\'']).replace(',', " ");
    let words: Vec<&str> = line.split_whitespace().collect();
    let names: Vec<&str> = words.iter().filter_map(|word| in_brackets(word)).collect();
    let names = match names.len() {
        0 => words,
        all if all == words.len() => names,
        _ => return None,
    };
    let known = names
        .iter()
        .filter(|name| schema::lookup_header(name).is_some());
    let list = names.join(" ");
    (2 * known.count() > names.len() && ingest::check_log_format(&list).is_ok()).then_some(list)
}

fn in_brackets(word: &str) -> Option<&str> {
    word.strip_prefix("${")?.strip_suffix('}')
}

/// Whether names are those of fields, spelled as AWS does: variables of a program may stand in the same brackets.
fn is_list(list: &str, names: &[&str]) -> bool {
    let is_known = |name: &&&str| {
        let is_plain = name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        is_plain && schema::lookup_header(name).is_some()
    };
    let known = names.iter().filter(is_known).count();
    names.len() >= MIN_NAMES && 2 * known > names.len() && ingest::check_log_format(list).is_ok()
}
