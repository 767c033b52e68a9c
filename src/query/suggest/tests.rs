use super::*;

#[test]
fn a_word_that_begins_with_what_was_typed_comes_before_a_misspelling() {
    let catalog = Catalog::default();
    let near = |text| near(text, &catalog);
    assert_eq!(near("rej").as_deref(), Some("REJECT"));
    assert_eq!(near("stat").as_deref(), Some("log-status"));
    assert_eq!(near("rejct").as_deref(), Some("REJECT"));
    assert_eq!(near("re"), None);
}

#[test]
fn the_nearest_field_is_given_by_its_own_name() {
    let catalog = Catalog::default();
    catalog.header_field("my-cost-center");
    let near = |text| field(text, &catalog);
    assert_eq!(near("srcadr").as_deref(), Some("srcaddr"));
    assert_eq!(near("sourceport2").as_deref(), Some("srcport"));
    assert_eq!(near("log-statsu").as_deref(), Some("log-status"));
    assert_eq!(near("mycostcentre").as_deref(), Some("my-cost-center"));
    assert_eq!(near("zzzzzz"), None);
    assert_eq!(near("xx"), None);
}

#[test]
fn words_of_the_language_are_never_guessed() {
    let catalog = Catalog::default();
    let operators = OPERATORS.iter().flat_map(|def| def.spellings);
    let keywords: Vec<&str> = operators
        .chain(crate::query::print::RESERVED)
        .copied()
        .collect();
    for keyword in keywords.iter().filter(|keyword| keyword.len() > 2) {
        for at in 0..keyword.len() {
            let mut letters: Vec<char> = keyword.chars().collect();
            letters.remove(at);
            let typed: String = letters.into_iter().collect();
            let guessed = near(&typed, &catalog).unwrap_or_default();
            assert!(!keywords.contains(&guessed.as_str()), "{typed}: {guessed}");
        }
    }
}

#[test]
fn the_filter_for_a_word_of_the_records_is_guessed() {
    let catalog = Catalog::default();
    let region = catalog.lookup("region").unwrap();
    catalog.dictionaries.of(region).code("us-east-1");
    let problem = unknown("us-east-1", &catalog);
    assert_eq!(problem.suggestion.as_deref(), Some("region == us-east-1"));
}
