use super::*;

#[track_caller]
fn check(field: FieldId, value: Value<'_>, of: Option<u64>, decoded: &str) {
    assert_eq!(decode(field, value, of).as_deref(), Some(decoded));
}

#[track_caller]
fn check_silent(field: FieldId, value: Value<'_>) {
    assert_eq!(decode(field, value, None), None);
}

fn address(text: &str) -> Value<'_> {
    Value::Address(text.parse().unwrap())
}

const TCP: Option<u64> = Some(6);

#[test]
fn flags_and_paths_have_short_names_in_lists() {
    assert_eq!(
        [0, 2, 18, 19, 4].map(flag_letters),
        ["0", "S", "SA", "SAF", "R"]
    );
    assert_eq!(flag_letters(0x1_0002), "65538", "a bit without a name");
    assert_eq!(path_name(8), Some("internet gateway"));
    assert_eq!((path_name(0), path_name(9)), (None, None));
}

#[test]
fn numbers_of_protocols_and_ports_get_their_names() {
    check(id::PROTOCOL, Value::Number(6), None, "tcp");
    check(
        id::PROTOCOL,
        Value::Number(47),
        None,
        "gre, Generic Routing Encapsulation, a tunnel",
    );
    check(
        id::DSTPORT,
        Value::Number(3389),
        TCP,
        "rdp, remote desktop of Windows",
    );
    check(
        id::SRCPORT,
        Value::Number(0),
        Some(1),
        "none: icmp has no ports",
    );
    check_silent(id::SRCPORT, Value::Number(57_413));
    check_silent(id::PROTOCOL, Value::Number(200));
}

#[test]
fn flags_are_named_and_their_common_sums_explained() {
    let check_flags = |flags, decoded| check(id::TCP_FLAGS, Value::Number(flags), TCP, decoded);
    check_flags(2, "SYN: tried to open a connection");
    check_flags(3, "SYN FIN: opened and closed within the interval");
    check_flags(
        7,
        "SYN FIN RST: opened, closed and broken off by the side that opened it",
    );
    check_flags(18, "SYN ACK: answered an opening: this side is the server");
    check_flags(
        19,
        "SYN ACK FIN: answered an opening and closed, all within the interval: this side is the server",
    );
    check_flags(
        0,
        "none: no SYN, FIN or RST in this interval: the middle of a connection, or not TCP",
    );
    check_flags(58, "SYN ACK PSH URG");
    check(
        id::TCP_FLAGS,
        Value::Number(0),
        Some(17),
        "none: udp has no flags",
    );
}

#[test]
fn times_and_amounts_are_put_as_people_read_them() {
    check(
        id::START,
        Value::Number(1_795_400_597),
        None,
        "2026-11-23T02:23:17Z",
    );
    check(id::BYTES, Value::Number(12_345), None, "12.3 kB");
    check(id::PACKETS, Value::Number(20_776), None, "20,776");
    check(id::DURATION, Value::Number(90), None, "1 m 30 s");
    check(id::BPS, Value::Number(1_500_000), None, "1.5 Mbit/s");
    check_silent(id::BYTES, Value::Number(44));
    check_silent(id::PACKETS, Value::Number(1));
}

#[test]
fn addresses_say_where_they_belong() {
    let check_address = |text, decoded| check(id::SRCADDR, address(text), None, decoded);
    for private in [
        "10.0.100.10",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "fd00::1",
    ] {
        check_address(private, "private");
    }
    for public in [
        "172.32.0.1",
        "172.15.0.1",
        "8.8.8.8",
        "100.128.0.1",
        "2600::1",
    ] {
        check_address(public, "public");
    }
    check_address("100.64.0.1", "private, shared by carriers (CGNAT)");
    check_address("203.0.113.12", "public, reserved for documentation");
    check_address("2001:db8::1", "public, reserved for documentation");
    check_address("127.0.0.1", "loopback, the host itself");
    check_address("::1", "loopback, the host itself");
    check_address("169.254.169.254", "link-local");
    check_address("fe80::1", "link-local");
    check_address("224.0.0.251", "multicast");
    check_address(
        "0a:1b:2c:3d:4e:5f",
        "a hardware address, used by EFA traffic",
    );
}

#[test]
fn words_and_codes_of_closed_lists_are_explained() {
    check(
        id::ACTION,
        Value::Word("REJECT"),
        None,
        "it was not let through",
    );
    check(
        id::TRAFFIC_PATH,
        Value::Number(8),
        None,
        "through an internet gateway",
    );
    check(
        id::ENCRYPTION_STATUS,
        Value::Number(0),
        None,
        "not encrypted",
    );
    check(
        id::REJECT_REASON,
        Value::Word("BPA"),
        None,
        "VPC Block Public Access stopped it",
    );
    check_silent(id::ACTION, Value::Word("DROP"));
    check_silent(id::TRAFFIC_PATH, Value::Number(9));
    check_silent(id::ACTION, Value::Missing);
}
