use super::*;
use crate::query::{Compiled, Context, compile};
use crate::store::Catalog;

fn compiled(text: &str) -> Compiled {
    let catalog = Catalog::default();
    let context = Context::new(&catalog);
    compile(text, &context)
}

#[test]
fn every_word_of_another_language_has_its_message() {
    for row in UNSUPPORTED {
        for word in row.words {
            for text in [
                format!("tcp and {word} or udp"),
                format!("tcp and {word} > 5"),
            ] {
                let diagnostics = compiled(&text).diagnostics;
                let message = diagnostics.first().map(|d| d.message.as_str());
                assert_eq!(message, Some(row.message), "{text}");
            }
        }
    }
}

#[test]
fn each_suggestion_is_a_filter_or_a_field() {
    for instead in UNSUPPORTED.iter().filter_map(|row| row.instead) {
        let field = crate::schema::lookup(instead).is_some();
        assert!(field || compiled(instead).expression.is_some(), "{instead}");
    }
}

#[test]
fn the_operators_of_other_languages_are_guessed() {
    for (word, operator) in OPERATORS {
        let of_words = ["contains", "matches", "like"].contains(operator);
        let field = if of_words { "region" } else { "bytes" };
        let diagnostics = compiled(&format!("{field} {word} 5")).diagnostics;
        let suggestion = diagnostics.first().and_then(|d| d.suggestion.as_deref());
        assert_eq!(suggestion, Some(*operator), "{word}");
    }
}
