use super::*;

#[test]
fn no_two_operators_share_a_spelling() {
    let mut seen = Vec::new();
    for def in OPERATORS {
        for spelling in def.spellings {
            assert!(!seen.contains(spelling), "{spelling} twice");
            seen.push(spelling);
        }
    }
}

#[test]
fn every_operator_is_found_by_its_spellings() {
    for def in OPERATORS {
        assert!(!def.help.is_empty());
        assert_eq!(def.operator.def().spellings, def.spellings);
        for spelling in def.spellings {
            assert_eq!(word(spelling), Some(def.operator), "{spelling}");
            assert_eq!(word(&spelling.to_uppercase()), Some(def.operator));
        }
    }
}

#[test]
fn the_longest_punctuation_wins() {
    assert_eq!(symbol(">=5"), Some((Operator::GreaterOrEqual, 2)));
    assert_eq!(symbol("!~x"), Some((Operator::NotMatches, 2)));
    assert_eq!(symbol("!x"), Some((Operator::Not, 1)));
    assert_eq!(symbol("&&"), Some((Operator::And, 2)));
    assert_eq!(symbol("&"), Some((Operator::HasAny, 1)));
    assert_eq!(symbol("=~"), Some((Operator::Matches, 2)));
    assert_eq!(symbol("eq"), None);
    assert_eq!(symbol("|"), None);
}

#[test]
fn an_operator_that_compares_accepts_some_field() {
    for def in OPERATORS {
        let accepted = crate::schema::FIELDS
            .iter()
            .any(|field| (def.accepts)(field.kind));
        assert!(accepted, "{:?}", def.operator);
    }
    assert!(!(Operator::Contains.def().accepts)(Kind::Address));
    assert!(!(Operator::Greater.def().accepts)(Kind::Text));
}
