use super::*;

#[track_caller]
fn check(class: AddressClass, inside: &[&str], outside: &[&str]) {
    let set = AddressSet::of(&[&Operand::Class(class)]);
    for text in inside {
        assert!(set.contains(text.parse().unwrap()), "{text} is {class:?}");
    }
    for text in outside {
        assert!(
            !set.contains(text.parse().unwrap()),
            "{text} is not {class:?}"
        );
    }
}

#[test]
fn sorts_of_addresses_end_where_the_standards_say() {
    let private = [
        "10.0.0.0",
        "10.255.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.168.0.1",
        "100.64.0.0",
        "100.127.255.255",
        "fc00::",
        "fdff::1",
    ];
    let public = [
        "9.255.255.255",
        "11.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "8.8.8.8",
        "223.255.255.255",
        "240.0.0.1",
        "2001:db8::1",
        "::2",
        "fec0::1",
    ];
    let others = [
        "127.0.0.1",
        "::1",
        "169.254.169.254",
        "fe80::1",
        "febf::1",
        "224.0.0.1",
        "239.255.255.255",
        "ff02::1",
        "0a:1b:2c:3d:4e:5f",
    ];
    check(AddressClass::Private, &private, &public);
    check(AddressClass::Private, &[], &others);
    check(AddressClass::Public, &public, &private);
    check(AddressClass::Public, &[], &others);
    check(
        AddressClass::Loopback,
        &["127.255.255.255", "::1"],
        &["128.0.0.0", "::2", "126.255.255.255"],
    );
    check(
        AddressClass::LinkLocal,
        &["169.254.0.0", "fe80::1", "febf::1"],
        &["169.255.0.0", "fec0::"],
    );
    check(
        AddressClass::Multicast,
        &["224.0.0.0", "ff00::"],
        &["223.255.255.255", "240.0.0.0", "feff::"],
    );
}

#[test]
fn an_order_stays_in_the_family() {
    let address: Address = "10.0.0.5".parse().unwrap();
    let later = AddressSet::compared(Comparison::Greater, address);
    for (text, expected) in [
        ("10.0.0.6", true),
        ("10.0.0.5", false),
        ("255.255.255.255", true),
        ("::ffff", false),
    ] {
        assert_eq!(later.contains(text.parse().unwrap()), expected, "{text}");
    }
    let before = AddressSet::compared(Comparison::Less, "0.0.0.0".parse().unwrap());
    assert_eq!(before, AddressSet::default());
}
