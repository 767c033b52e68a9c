//! What is worked out about the columns of Parquet rather than known.

use super::*;
use crate::store::Assumed;

#[test]
fn times_of_a_type_without_a_zone_are_assumed_to_be_in_utc_unless_somebody_says_where() {
    let columns = "optional int64 start (TIMESTAMP(MILLIS,false)); optional int32 end (DATE); \
                   optional int64 day (TIMESTAMP(MILLIS,true));";
    let data = vec![
        int64(&[1_700_000_000_000]),
        int32(&[19_675]),
        int64(&[1_700_000_000_000]),
    ];
    let bytes = file(columns, data);
    let folder = folder(&[("file", &bytes)]);
    for (zone, assumed, line) in [
        (
            InputZone::Assumed,
            vec![Assumed::Zone("the column start".into())],
            "1700000000 1699920000 2023-11-14T22:13:20Z",
        ),
        (
            InputZone::Offset(3600),
            vec![],
            "1699996400 1699916400 2023-11-14T22:13:20Z",
        ),
    ] {
        let options = Options {
            zone,
            ..Options::default()
        };
        let loaded = load_path(folder.path(), options);
        assert_eq!(loaded.store.sources()[0].assumed, assumed);
        assert_eq!(lines(&loaded), [line]);
    }
}

#[test]
fn numbers_with_a_fraction_that_may_have_been_rounded_are_told() {
    let columns = "optional binary srcaddr; optional double bytes; optional double packets; \
                   optional binary account_id;";
    let data = vec![
        text(&["10.0.0.1", "10.0.0.2"]),
        Data::Double(vec![Some(9_007_199_254_740_992.0), Some(1.0)]),
        Data::Double(vec![Some(5_000_000_000.0), None]),
        text(&["123456789012", "1.23457E+11"]),
    ];
    let loaded = load_bytes(&file(columns, data));
    let digits = [("account-id", "1.23457E+11"), ("bytes", "9007199254740992")];
    let digits = digits.map(|(name, word)| (name.to_owned(), word.to_owned()));
    assert_eq!(
        loaded.store.sources()[0].assumed,
        [Assumed::Digits(digits.into())]
    );
}
