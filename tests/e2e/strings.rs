//! Lists what a user may read: every string literal of more than one word, with its place.

use crate::source;
use crate::source::SourceFile;

/// Whether `text` may be a sentence or a part of one, rather than a name, a format or data.
fn is_prose(text: &str) -> bool {
    let is_word = |word: &&str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        letters > 1 && letters * 2 > word.chars().count()
    };
    text.split_whitespace().filter(is_word).count() > 1
}

#[test]
#[ignore = "it prints a list to read: cargo test --test e2e strings -- --ignored --nocapture"]
fn print_all_strings() {
    let files = source::files("src").into_iter();
    for file in files.filter(|file| !file.is_tests()) {
        let SourceFile { path, .. } = &file;
        let literals = file.literals().into_iter();
        for literal in literals.filter(|literal| is_prose(&literal.text)) {
            let text = literal.text.replace('\n', "⏎");
            println!("{}:{}: {text}", path.display(), literal.line);
        }
    }
}

#[test]
fn prose_has_two_words() {
    for text in [
        "no such file",
        "{} of {} lines were not read",
        "1 = one, 2 = two",
    ] {
        assert!(is_prose(text), "{text}");
    }
    for text in [
        "srcaddr",
        "{}:{}",
        "%Y-%m-%d %H:%M",
        "-- - --",
        "--log-format",
    ] {
        assert!(!is_prose(text), "{text}");
    }
}
