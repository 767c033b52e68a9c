use super::*;

#[track_caller]
fn check(text: &str, short: bool, expected: &str) {
    let v4 = |text: &str| Address::V4(text.parse().unwrap());
    let read = match read(text, short) {
        Ok(Operand::Address(a)) => a.to_string(),
        Ok(Operand::Network(a, p)) => format!("{a}/{p}"),
        Ok(Operand::Addresses(a, b)) => format!("{a}..{b}"),
        Ok(Operand::Octets(octets)) => format!("{octets:?}"),
        Ok(Operand::Class(class)) => format!("{class:?}"),
        Ok(other) => format!("{other:?}"),
        Err(problem) => problem.message,
    };
    assert_eq!(read, expected, "{text}");
    assert_eq!(v4("10.0.0.1"), v4("10.0.0.1"));
}

#[test]
fn addresses_networks_and_ranges_are_read() {
    check("10.0.0.1", false, "10.0.0.1");
    check("10.0.0.5/8", false, "10.0.0.0/8");
    check("10/8", false, "10.0.0.0/8");
    check("172.16/12", false, "172.16.0.0/12");
    check("10.0.0.1/32", false, "10.0.0.1");
    check("0.0.0.0/0", false, "0.0.0.0/0");
    check("2001:db8::1/32", false, "2001:db8::/32");
    check("10.0.0.5..10.0.0.9", false, "10.0.0.5..10.0.0.9");
    check("10.0.0.5-10.0.0.9", false, "10.0.0.5..10.0.0.9");
    check(
        "2001:db8::1..2001:db8::f",
        false,
        "2001:db8::1..2001:db8::f",
    );
    check("10.0.*.7", false, "[Some(10), Some(0), None, Some(7)]");
    check("10.0.*", false, "10.0.0.0/16");
    check("*", false, "0.0.0.0/0");
    check("PRIVATE", false, "Private");
    check("0a:1b:2c:3d:4e:5f", false, "0a:1b:2c:3d:4e:5f");
}

#[test]
fn an_address_is_a_whole_address_but_a_net_may_be_short() {
    check("10", true, "10.0.0.0/8");
    check("10.1", true, "10.1.0.0/16");
    check("10", false, "incomplete address: 10");
    check("10.0.0", false, "incomplete address: 10.0.0");
    check("300", true, "not an IP address, CIDR or range: 300");
    check(
        "10.0.0.300",
        true,
        "not an IP address, CIDR or range: 10.0.0.300",
    );
    check(
        "010.0.0.1",
        true,
        "not an IP address, CIDR or range: 010.0.0.1",
    );
    check("10.0.0.1/33", false, "an IPv4 prefix has at most 32 bits");
    check(
        "10.0.0.1/+8",
        false,
        "not an IP address, CIDR or range: 10.0.0.1/+8",
    );
    check("10.0.0.9..10.0.0.5", false, "the range is empty");
    check("10.*.5", false, "not an IP address, CIDR or range: 10.*.5");
}
