use super::*;
use crate::store::tests::fixtures::{self, Record};

#[test]
fn what_no_file_has_is_not_0_but_unknown() {
    let record = Record::at(0, 1)
        .with(id::BYTES, "7")
        .with(id::ACTION, "ACCEPT");
    let store = fixtures::store(&[record], &[1]);
    let known = KnownCounts::of(&store);
    let expected = KnownCounts {
        packets: false,
        bytes: true,
        actions: true,
        statuses: false,
    };
    assert_eq!(known, expected);
    let counts = Counts {
        records: 1,
        bytes: 7,
        ..Counts::default()
    };
    let of = |measure| known.measure(measure, &counts);
    assert_eq!(of(Measure::Records), Some(1));
    assert_eq!(of(Measure::Packets), None);
    assert_eq!(of(Measure::Bytes), Some(7));
}

#[test]
fn of_no_records_every_count_is_0() {
    let known = KnownCounts::of(&Store::default());
    assert_eq!(known.measure(Measure::Bytes, &Counts::default()), Some(0));
    assert!(known.actions && known.statuses);
}
