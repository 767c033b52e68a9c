//! Matches words with values and globs.

use crate::query::expression::Operand;
use crate::query::value::is_listed;
use crate::schema::{FieldId, Kind};
use crate::store::Catalog;

/// The codes of `word` in a field: a word of a closed list has those of all its spellings.
pub(super) fn codes(catalog: &Catalog, field: FieldId, word: &str) -> Vec<u32> {
    let dictionary = catalog.dictionaries.of(field);
    if is_listed(field.kind(), word) {
        dictionary.find_in_any_case(word)
    } else {
        dictionary.find_all(word)
    }
}

/// Whether `operand` matches a word of a field of `kind`.
pub(super) fn is_word(kind: Kind, operand: &Operand, word: &str) -> bool {
    match operand {
        Operand::Word(wanted) if is_listed(kind, wanted) => wanted.eq_ignore_ascii_case(word),
        Operand::Word(wanted) => wanted == word,
        Operand::Glob(glob) => glob_matches(glob, word),
        _ => false,
    }
}

/// Whether `glob` matches `text`: `*` matches any characters, `?` matches one.
pub(super) fn glob_matches(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut g, mut t) = (0, 0);
    // The last star, and the end of the text that it matches so far.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match glob.get(g) {
            Some('*') => {
                star = Some((g, t));
                g += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                g += 1;
                t += 1;
            }
            _ => {
                let Some((at, covered)) = star else {
                    return false;
                };
                star = Some((at, covered + 1));
                g = at + 1;
                t = covered + 1;
            }
        }
    }
    glob.get(g..)
        .is_none_or(|rest| rest.iter().all(|c| *c == '*'))
}
