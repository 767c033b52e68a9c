use super::*;

#[test]
fn one_number_is_of_ipv4_up_to_32_and_of_ipv6_beyond() {
    let both = |v4, v6| Some(Prefix { v4, v6 });
    assert_eq!(prefix("0"), both(0, 64));
    assert_eq!(prefix("24"), both(24, 64));
    assert_eq!(prefix("32"), both(32, 64));
    assert_eq!(prefix("33"), both(32, 33));
    assert_eq!(prefix("128"), both(32, 128));
    assert_eq!(prefix("16/48"), both(16, 48));
}

#[test]
fn a_prefix_is_named_by_as_few_numbers_as_give_it() {
    for text in ["0", "24", "32", "33", "128", "16/48", "32/20", "0/0"] {
        let lengths: Vec<String> = lengths(prefix(text).unwrap())
            .iter()
            .map(u8::to_string)
            .collect();
        assert_eq!(lengths.join("/"), text);
    }
}

#[test]
fn bits_that_addresses_do_not_have_are_no_prefix() {
    for text in [
        "", "/", "129", "33/64", "24/129", "24/", "/64", "-1", "24/48/56", "a",
    ] {
        assert_eq!(prefix(text), None, "{text}");
    }
}
