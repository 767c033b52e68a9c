use super::*;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let pieces: Vec<&str> = lex(text)
        .iter()
        .filter(|lexeme| lexeme.kind != LexemeKind::Space)
        .map(|lexeme| lexeme.text)
        .collect();
    assert_eq!(pieces, expected, "{text}");
}

#[test]
fn values_need_no_quotes() {
    check("srcaddr==10.0.0.0/8", &["srcaddr", "==", "10.0.0.0/8"]);
    check(
        "2001:db8::/32 17:00 -15m",
        &["2001:db8::/32", "17:00", "-15m"],
    );
    check(
        "port in {22,8000..8010}",
        &["port", "in", "{", "22", ",", "8000..8010", "}"],
    );
    check(
        "a>=1&&!b||c<>2",
        &["a", ">=", "1", "&&", "!", "b", "||", "c", "<>", "2"],
    );
    check("flags&syn+ack", &["flags", "&", "syn+ack"]);
}

#[test]
fn a_slash_begins_a_pattern_only_at_the_start_of_a_word() {
    check("region ~ /^eu-/i x", &["region", "~", "/^eu-/i", "x"]);
    check(r"/a\/b/ 10/8", &[r"/a\/b/", "10/8"]);
    check("/never closed", &["/never closed"]);
}

#[test]
fn a_comment_ends_with_its_line_and_begins_no_word() {
    check("a # b c\nd e#f", &["a", "# b c", "d", "e#f"]);
}

#[test]
fn quotes_and_backquotes_are_read() {
    let text = r#""a \"b\" \\ \n" 'it' `odd ``name` $saved |"#;
    check(
        text,
        &[r#""a \"b\" \\ \n""#, "'it'", "`odd ``name`", "$saved", "|"],
    );
    let lexemes = lex(text);
    assert_eq!(lexemes[0].quoted_text(), r#"a "b" \ \n"#);
    assert_eq!(lexemes[4].name_text(), "odd `name");
    assert_eq!(lexemes[8].kind, LexemeKind::Stray);
}

#[test]
fn every_byte_is_in_one_lexeme() {
    for text in ["", "  ", "a\u{a0}é'", "`", "/\\", "\"é\\", "$", "(é|ü)"] {
        let mut at = 0;
        for lexeme in lex(text) {
            assert_eq!(lexeme.span.start, at, "{text}");
            assert_eq!(text.get(lexeme.span.clone()), Some(lexeme.text));
            at = lexeme.span.end;
        }
        assert_eq!(at, text.len(), "{text}");
    }
}
