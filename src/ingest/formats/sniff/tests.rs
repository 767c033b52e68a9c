use proptest::prelude::*;

use super::{Content, is_default, sniff_any_line};

const HEADER: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end \
                      action log-status";

proptest! {
    #[test]
    fn what_the_default_header_decides_is_what_the_whole_check_says(
        words in prop::collection::vec("[-\"a-z0-9.,;:|<{\\[\t]{0,6}", 14), more in "[ -~\n]{0,80}",
    ) {
        let text = format!("{HEADER}\n{}\n{more}", words.join(" "));
        prop_assert!(is_default(text.as_bytes()));
        prop_assert_eq!(sniff_any_line(text.as_bytes()), Content::Text);
    }
}

#[test]
fn only_a_whole_line_of_as_many_words_is_taken_for_a_record_of_the_default_header() {
    let record =
        "2 123456789012 eni-a 10.0.0.1 10.0.0.2 49152 22 6 10 840 1700000000 1700000060 ACCEPT OK";
    let decides = |text: String| is_default(text.as_bytes());
    assert!(decides(format!("{HEADER}\n{record}\n")));
    assert!(!decides(format!("{HEADER}\n{record}")));
    assert!(!decides(format!("{HEADER}\n1 {record}\n")));
    assert!(!decides(format!("{HEADER} vpc-id\n{record}\n")));
}
