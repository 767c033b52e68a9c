use proptest::prelude::*;

use super::*;

/// Whether a line without quotation marks around its words is simple, word by word.
fn is_simple_naively(rules: Rules, line: &str) -> bool {
    let words: Vec<&str> = line.split(char::from(rules.separator)).collect();
    let is_simple = |word: &&str| match *word {
        "" => rules.is_empty,
        "-" => !rules.is_empty,
        word => {
            !["None", "NA", "nan", "\\N", "<NA>"].contains(&word)
                && !word.starts_with(['=', '\''])
                && !word.contains(|c: char| c == '"' || c <= ' ')
        }
    };
    words.len() == rules.columns
        && words.iter().all(is_simple)
        && !words
            .iter()
            .all(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
}

proptest! {
    #[test]
    fn a_line_looked_at_in_pairs_is_as_simple_as_word_by_word(
        words in prop::collection::vec("1?2|-{0,2}|No(ne)?|[Nn]a?n?|NA|\\\\N|<NA>|[a-z]|[ \"]?|[='][1-2]", 1..5),
        (is_empty, more, separator) in (any::<bool>(), 0..9_usize, prop::sample::select(b",;\t".as_slice())),
    ) {
        let line = words.join(&char::from(separator).to_string());
        prop_assume!(!line.is_empty());
        let columns = words.len() + usize::from(more == 0);
        let rules = Rules { separator, is_empty, columns };
        prop_assert_eq!(rules.are_simple(line.as_bytes()), is_simple_naively(rules, &line));
    }
}
