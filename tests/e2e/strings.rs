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

/// Whether `text` has a word that no message uses, or a wrong plural.
fn is_unplain(text: &str) -> bool {
    let text = format!(" {} ", text.to_lowercase());
    let unplain = [
        "somebody",
        "nobody",
        "whoever",
        "troubles",
        "passed over",
        " 1 records",
        " 1 files",
        " 1 lines",
    ];
    unplain.iter().any(|words| text.contains(words))
}

/// Prints the list: `cargo test --test e2e strings -- --nocapture`.
#[test]
fn texts_are_listed_and_use_plain_words() {
    let files = source::files("src").into_iter();
    let (mut listed, mut unplain) = (0, Vec::new());
    for file in files.filter(|file| !file.is_tests()) {
        let SourceFile { path, .. } = &file;
        let literals = file.literals().into_iter();
        for literal in literals.filter(|literal| is_prose(&literal.text)) {
            let text = literal.text.replace('\n', "⏎");
            let line = format!("{}:{}: {text}", path.display(), literal.line);
            println!("{line}");
            listed += 1;
            if is_unplain(&text) {
                unplain.push(line);
            }
        }
    }
    assert!(listed > 500, "only {listed} texts were found");
    assert!(unplain.is_empty(), "{unplain:#?}");
    assert!(is_unplain("1 records"), "a wrong plural is found");
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
