use std::net::Ipv4Addr;

use proptest::prelude::*;

use super::*;

/// `word` in the middle of a text, as the functions get it.
fn padded(word: &str) -> Vec<u8> {
    let mut text = b"7 ".to_vec();
    text.extend(word.as_bytes());
    text.push(b'\n');
    text.extend([b'9'; PAD]);
    text
}

/// Calls a conversion for `word`, and gives what it knows.
fn known(convert: impl Fn(&[u8], usize, usize) -> (u32, bool), word: &str) -> Option<u32> {
    let (value, is_known) = convert(&padded(word), 2, word.len());
    is_known.then_some(value)
}

/// The plain reading of a canonical number.
fn plain(word: &str) -> Option<u64> {
    let number: u64 = word.parse().ok()?;
    (number.to_string() == word).then_some(number)
}

/// Words that are nearly numbers or addresses.
fn nearly() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,11}",
        "[0-9.]{1,16}",
        "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}",
        "[0-9]{0,4}\\.[0-9]{0,2}\\.[0-9]{0,5}\\.[0-9]{1,3}",
        any::<[u8; 4]>().prop_map(|bytes| Ipv4Addr::from(bytes).to_string()),
        any::<u32>().prop_map(|number| number.to_string()),
        "[!-~]{1,20}",
        "[/-;]{1,15}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn conversions_know_canonical_words_and_no_others(word in nearly()) {
        let address = word.parse::<Ipv4Addr>().ok().map(u32::from);
        prop_assert_eq!(known(ipv4, &word), address, "{}", word);
        let number = plain(&word);
        let up_to = |limit: u64| number.filter(|n| *n <= limit).map(|n| u32::try_from(n).unwrap());
        prop_assert_eq!(known(octet, &word), up_to(255));
        prop_assert_eq!(known(eight_digits, &word), up_to(99_999_999));
        let ten = up_to(u64::from(u32::MAX)).filter(|n| *n >= 1_000_000_000);
        prop_assert_eq!(known(ten_digits, &word), ten);
        prop_assert_eq!(super::number(word.as_bytes()), number);
    }
}

#[test]
fn every_number_of_an_octet_and_every_port_is_known() {
    for number in 0..70_000u32 {
        let word = number.to_string();
        assert_eq!(known(octet, &word), Some(number).filter(|n| *n < 256));
        assert_eq!(known(eight_digits, &word), Some(number));
    }
}

#[test]
fn a_text_that_ends_at_once_is_no_number() {
    for convert in [octet, eight_digits, ten_digits, ipv4] {
        assert!(!convert(b"", 0, 1).1);
        assert!(!convert(b"12", 2, 3).1);
        assert!(!convert(b"12", usize::MAX, 3).1);
    }
}
