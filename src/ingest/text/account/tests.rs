use super::*;

#[test]
fn an_account_that_was_a_number_gets_its_digits_back() {
    for (word, account) in [
        ("12345678901", Some("012345678901")),
        ("123456789", Some("000123456789")),
        ("123456789012.0", Some("123456789012")),
        ("12345678901.0", Some("012345678901")),
        ("1.23456789012E+11", Some("123456789012")),
        ("1.2345678901e10", Some("012345678901")),
        ("123,456,789,012", Some("123456789012")),
        ("1234-5678-9012", Some("123456789012")),
        ("12,345,678,901", Some("012345678901")),
        ("123,45", None),
        ("1234-5678", None),
        ("123456789012", None),
        ("012345678901", None),
        ("01234567890", None),
        ("012345678.0", None),
        ("12345678", None),
        ("12345", None),
        ("1.23457E+11", None),
        ("123456789012.5", None),
        ("1234567890123", None),
        ("unknown", None),
        ("", None),
        ("eni-0a1b", None),
        ("1.000000000000", None),
    ] {
        assert_eq!(of_number(word).as_deref(), account, "{word}");
    }
}

#[test]
fn lost_zeros_are_told_from_fractions() {
    for word in ["12345678901", "12345678901.0", "1.2345678901e10"] {
        assert!(has_lost_zeros(word), "{word}");
    }
    for number in [
        99_999_999,
        100_000_000,
        12_345_678_901,
        99_999_999_999,
        123_456_789_012,
    ] {
        let as_word = has_lost_zeros(&number.to_string());
        assert_eq!(number_has_lost_zeros(number), as_word, "{number}");
    }
    for word in [
        "123456789012.0",
        "1.23456789012E+11",
        "123456789012",
        "12345",
        "1.23457E+11",
    ] {
        assert!(!has_lost_zeros(word), "{word}");
    }
}
