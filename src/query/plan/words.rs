//! Matches words with values and globs.

use crate::query::expression::Operand;

/// Whether `operand` matches `word`.
pub(super) fn is_word(operand: &Operand, word: &str) -> bool {
    match operand {
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
