use super::*;
use crate::schema::id;

#[test]
fn a_word_is_never_taken_for_another() {
    let catalog = Catalog::default();
    let mut cache = WordCache::new(&catalog, id::SUBNET_ID);
    let dictionary = catalog.dictionaries.of(id::SUBNET_ID);
    let mut words: Vec<String> = (0..3000).map(|n| format!("subnet-0123456789{n}")).collect();
    words.extend((0..300).map(|n| format!("arn:aws:ecs:eu-west-1:123456789012:cluster/{n}")));
    words.extend((1..40).map(|n| "a".repeat(n)));
    words.extend((1..40).map(|n| "-".repeat(n)).skip(1));
    words.extend((0..26u8).map(|n| char::from(b'a' + n).to_string()));
    for _ in 0..2 {
        for word in &words {
            let text = format!("{word} {}", "z".repeat(64));
            let code = cache.code(text.as_bytes(), 0, word.len());
            assert_eq!(&*dictionary.word(code), word);
        }
    }
}

#[test]
fn a_dash_is_missing_and_no_word() {
    let catalog = Catalog::default();
    let mut cache = WordCache::new(&catalog, id::VPC_ID);
    let text = format!("- {}", "-".repeat(64));
    assert_eq!(cache.code(text.as_bytes(), 0, 1), MISSING);
    // Whatever else is remembered meanwhile.
    for number in 0..5000 {
        let word = format!("{number} {}", " ".repeat(64));
        cache.code(word.as_bytes(), 0, number.to_string().len());
    }
    assert_eq!(cache.code(text.as_bytes(), 0, 1), MISSING);
    assert_eq!(catalog.dictionaries.of(id::VPC_ID).find("-"), None);
    assert_ne!(
        cache.code(b"--------------------------------", 0, 2),
        MISSING
    );
}
