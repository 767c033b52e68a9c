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

#[test]
fn a_line_whose_numbers_may_have_points_of_thousands_is_not_simple() {
    let names: [&[u8]; 4] = [b"srcaddr", b"dstaddr", b"packets", b"bytes"];
    for separator in [b',', b';', b'\t'] {
        let between = char::from(separator).to_string();
        let line = |words: [&str; 4]| words.join(&between).into_bytes();
        let mut header = Header::of(
            &names,
            &line(["srcaddr", "dstaddr", "packets", "bytes"]),
            separator,
            b"",
        );
        let header = header.as_mut().expect("a header");
        for (words, is_simple) in [
            (["10.0.0.1", "10.0.0.2", "5", "840"], true),
            (["::1", "::2", "5", "840"], true),
            (["10.0.0.1", "10.0.0.2", "5.0", "840.5"], true),
            (["10.0.0.1", "10.0.0.2", "5", "1.000"], false),
            (["10.0.0.1", "10.0.0.2", "1.000", "1.234.567"], false),
            (["::1", "::2", "5", "1.000"], false),
        ] {
            assert_eq!(header.is_simple(&line(words)), is_simple, "{words:?}");
        }
    }
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
