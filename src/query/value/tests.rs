use super::*;

#[test]
fn numbers_have_units() {
    let good = [
        ("0", 0),
        ("10k", 10_000),
        ("1.5MB", 1_500_000),
        ("1MiB", 1 << 20),
        ("2Gi", 2 << 30),
        ("12b", 12),
        ("18446744073709551615", u64::MAX),
    ];
    for (text, value) in good {
        assert_eq!(number(text), Ok(value), "{text}");
    }
    for text in [
        "",
        "k",
        "1.5",
        "1..2",
        "1.",
        "-1",
        "1x",
        "0.0001k",
        "18446744073709551616",
        "99999999999T",
        "1ib",
    ] {
        assert!(number(text).is_err(), "{text}");
    }
}

#[test]
fn durations_have_units_and_are_printed_in_one() {
    let good = [
        ("30", 30, "30s"),
        ("5m", 300, "5m"),
        ("1h30m", 5400, "90m"),
        ("2d", 172_800, "2d"),
        ("0", 0, "0s"),
        ("1w", 604_800, "7d"),
    ];
    for (text, value, printed) in good {
        assert_eq!(seconds(text), Ok(value), "{text}");
        assert_eq!(seconds_text(value), printed);
        assert_eq!(seconds(printed), Ok(value));
    }
    for text in [
        "",
        "m",
        "5x",
        "5m3",
        "99999999999999999999",
        "9999999999999999d",
    ] {
        assert!(seconds(text).is_err(), "{text}");
    }
}

#[test]
fn flags_are_names_letters_and_numbers() {
    let good = [
        ("syn", 2),
        ("SYN+ack", 18),
        ("SA", 18),
        ("s", 2),
        ("18", 18),
        ("0x12", 18),
        ("0", 0),
        ("FSRPAUEC", 255),
    ];
    for (text, value) in good {
        assert_eq!(flags(text), Ok(value), "{text}");
    }
    for text in ["", "syn+", "xyz", "70000", "-1", "syn,ack"] {
        assert!(flags(text).is_err(), "{text}");
    }
    for mask in [0, 1, 18, 255, 256, 65_535] {
        assert_eq!(flags(&flag_names(mask)), Ok(mask));
    }
}

#[test]
fn ports_end_at_65535_and_protocols_at_255() {
    assert_eq!(port("65535"), Ok(65_535));
    assert_eq!(port("ssh"), Ok(22));
    assert_eq!(port("70000"), Err(Problem::new("ports go up to 65535")));
    assert_eq!(
        port("99999999999999999999999"),
        Err(Problem::new("ports go up to 65535"))
    );
    assert!(port("").is_err() && port("-1").is_err() && port("44x").is_err());
    assert_eq!(protocol_number("TCP"), Ok(6));
    assert_eq!(
        protocol_number("256"),
        Err(Problem::new("protocol numbers go up to 255"))
    );
    assert!(protocol_number("nobody").is_err());
}
