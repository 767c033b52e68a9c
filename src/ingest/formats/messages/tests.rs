use super::*;

const RECORD: &str = "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK";

/// The lines that come of `text` in portions of `size` bytes.
fn lines(text: &str, size: usize, end: &End) -> Vec<String> {
    let mut reader = Messages::default();
    let mut lines = Vec::new();
    let mut piece = Piece::default();
    for portion in text.as_bytes().chunks(size) {
        reader.input().extend(portion);
        piece.open_rows();
        reader.read(&mut piece);
        piece.close_rows();
        lines.extend(piece.visible_lines());
    }
    piece.open_rows();
    reader.finish(end, &mut piece);
    piece.close_rows();
    lines.extend(piece.visible_lines());
    lines
}

#[test]
fn every_message_is_a_line_in_portions_of_any_size() {
    for size in [1, 7, 1000] {
        assert_eq!(
            lines("a b\tc d\r\n\ne\tf", size, &End::Whole),
            ["a b", "c d", "", "e", "f"]
        );
    }
    let cut = End::Failed(std::io::Error::other("cut"));
    assert_eq!(lines("a b\tc", 2, &cut), ["a b", "reject CutOff c"]);
}

#[test]
fn an_empty_page_is_a_blank_line() {
    let text = format!("None\n{RECORD}\t{RECORD}\r\nNone\r\nNone");
    assert!(recognize(text.as_bytes()));
    for size in [1, 7, 1000] {
        assert_eq!(
            lines(&text, size, &End::Whole),
            ["", RECORD, RECORD, "", ""]
        );
    }
}

#[test]
fn a_page_may_be_longer_than_a_line() {
    let page = vec![RECORD; 12_000].join("\t");
    assert!(page.len() > LINE_BYTES);
    assert!(recognize(page.as_bytes()));
    assert_eq!(lines(&page, 1 << 17, &End::Whole).len(), 12_000);
    let long = format!("{}\t{RECORD}", "x".repeat(2 * LINE_BYTES));
    let found = lines(&long, 1 << 17, &End::Whole);
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("reject LineTooLong x"));
    assert_eq!(found[1], RECORD);
}

#[test]
fn pages_are_recognized_and_other_texts_with_tabs_are_not() {
    let own = "10.0.0.1 10.0.0.2 443 ACCEPT 1418530010 x";
    for text in [
        format!("{RECORD}\t{RECORD}"),
        format!("{RECORD}\n{RECORD}\t{RECORD}\n"),
        format!("\nNone\n{RECORD}\t{RECORD}\t{RECORD}"),
        format!("{own}\t{own}\t{own}"),
        format!("{RECORD}\t2 12345"),
    ] {
        assert!(recognize(text.as_bytes()), "{text}");
    }
    for text in [
        format!("{RECORD}\n{RECORD}\n"),
        RECORD.replace(' ', "\t"),
        format!("{RECORD}\teni-1235b8ca123456789-all\t1418530010000\n"),
        format!("EVENTS\t1\t1418530010000\teni-1-all\t{RECORD}\t1418530010000\n"),
        "a b c\td e f\n".into(),
        "srcaddr\tdstaddr\n10.0.0.1\t10.0.0.2\n".into(),
        String::new(),
    ] {
        assert!(!recognize(text.as_bytes()), "{text}");
    }
}
