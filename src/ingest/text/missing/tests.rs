use super::*;

#[test]
fn words_for_missing_values_are_missing_in_numbers() {
    for word in [
        "",
        "-",
        "NA",
        "NULL",
        "null",
        "NaN",
        "nan",
        "N/A",
        "\\N",
        "None",
        "ᴺᵁᴸᴸ",
        "n/a",
        "#N/A",
        "(null)",
        "<null>",
    ] {
        assert!(is_missing_unless_text(word.as_bytes()), "{word}");
    }
    for word in WORDS {
        assert!(may_begin_word(word[0]) && place(word).is_some(), "{word:?}");
    }
    for word in ["0", "NONE", "na", "none", "--", "N", "NODATA"] {
        assert!(!is_missing_unless_text(word.as_bytes()), "{word}");
    }
}

#[test]
fn in_text_a_word_is_missing_only_where_numbers_have_it_too() {
    let mut words = MissingWords::default();
    assert!(words.is_missing_text(b"-") && words.is_missing_text(b""));
    words.note(b"NULL");
    assert!(words.is_missing_text(b"NULL"));
    assert!(!words.is_missing_text(b"NA"));
    assert_eq!(words.warning(), None);
}

#[test]
fn a_word_that_was_kept_as_text_before_it_was_known_to_be_missing_is_said() {
    let mut words = MissingWords::default();
    assert!(!words.is_missing_text(b"NA"));
    words.note(b"NA");
    assert!(words.is_missing_text(b"NA"));
    assert!(
        words
            .warning()
            .is_some_and(|text| text.starts_with("`NA` in columns of text was kept"))
    );
    assert!(!words.is_missing_text(b"NULL"));
    words.note(b"NULL");
    assert!(
        words
            .warning()
            .is_some_and(|text| text.starts_with("`NA`, `NULL` in columns of text were kept"))
    );
}
