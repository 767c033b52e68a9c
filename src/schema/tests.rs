use super::address::NotAnAddress;
use super::*;

#[test]
fn the_table_has_54_vpc_fields_and_18_transit_gateway_fields() {
    let count = |origin| FIELDS.iter().filter(|def| def.origin == origin).count();
    assert_eq!(count(Origin::Vpc), 54);
    assert_eq!(count(Origin::TransitGateway), 18);
    let through = |version| {
        FIELDS
            .iter()
            .filter(|def| def.origin == Origin::Vpc && def.version <= version)
            .count()
    };
    assert_eq!(
        [2, 3, 4, 5, 7, 8, 9, 10, 11].map(through),
        [14, 21, 25, 29, 39, 40, 41, 42, 54]
    );
}

#[test]
fn no_two_fields_share_a_name_in_any_spelling() {
    let mut seen = HashMap::new();
    for def in FIELDS {
        for name in std::iter::once(&def.name).chain(def.aliases) {
            if let Some(other) = seen.insert(normalize(name), def.name) {
                panic!("{name} of {} is also a name of {other}", def.name);
            }
        }
    }
}

#[test]
fn every_column_name_is_the_name_with_underscores() {
    for def in FIELDS {
        assert_eq!(def.column, def.name.replace('-', "_"));
    }
}

#[test]
fn hyphen_underscore_and_case_do_not_matter() {
    for name in [
        "log-status",
        "log_status",
        "logStatus",
        "LogStatus",
        "LOGSTATUS",
    ] {
        assert_eq!(lookup(name), Some(id::LOG_STATUS), "{name}");
    }
    assert_eq!(lookup("srcAddr"), Some(id::SRCADDR));
    assert_eq!(lookup("nobody"), None);
}

#[test]
fn the_words_of_time_are_no_aliases() {
    for word in ["since", "until", "last", "first", "at"] {
        assert_eq!(lookup(word), None, "{word}");
    }
}

#[test]
fn a_computed_field_is_not_found_in_a_header() {
    assert_eq!(lookup("duration"), Some(id::DURATION));
    assert_eq!(lookup_header("duration"), None);
}

#[test]
fn named_ids_point_at_their_rows() {
    let name = |field: FieldId| field.def().map(|def| def.name);
    assert_eq!(name(id::VERSION), Some("version"));
    assert_eq!(name(id::LOG_STATUS), Some("log-status"));
    assert_eq!(name(id::TRAFFIC_PATH), Some("traffic-path"));
    assert_eq!(name(id::TGW_ID), Some("tgw-id"));
    assert_eq!(
        name(id::PACKETS_LOST_TTL_EXPIRED),
        Some("packets-lost-ttl-expired")
    );
    assert_eq!(name(id::FILE), Some("file"));
    assert_eq!(id::FILE.index() + 1, FIELDS.len());
    let default: Vec<_> = DEFAULT_FORMAT.iter().filter_map(|f| name(*f)).collect();
    let version_2: Vec<_> = FIELDS
        .iter()
        .filter(|d| d.version == 2)
        .map(|d| d.name)
        .collect();
    assert_eq!(default, version_2);
}

#[test]
fn addresses_are_read_strictly_and_printed_canonically() {
    let canonical = |text: &str| text.parse::<Address>().map(|a| a.to_string());
    assert_eq!(canonical("10.0.0.1"), Ok("10.0.0.1".into()));
    assert_eq!(canonical("2001:DB8:0:0::1"), Ok("2001:db8::1".into()));
    assert_eq!(canonical("::ffff:10.0.0.1"), Ok("::ffff:10.0.0.1".into()));
    assert_eq!(
        canonical("0A:1b:2c:3d:4e:5f"),
        Ok("0a:1b:2c:3d:4e:5f".into())
    );
    for bad in [
        "",
        "10.0.0",
        "010.0.0.1",
        "999.1.1.1",
        "fe80::1%eth0",
        ":::",
        "10.0.0.1:80",
    ] {
        assert_eq!(canonical(bad), Err(NotAnAddress), "{bad}");
    }
}
