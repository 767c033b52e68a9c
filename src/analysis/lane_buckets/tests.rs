use super::*;
use crate::analysis::scan::Scan;
use crate::analysis::tests::naive::{self, many, picked_of, picked_rows};
use crate::analysis::{Counts, Sum};
use crate::schema::id;
use crate::store::tests::fixtures::{Record, store};

/// Holds the tallies of `cells` to be those of the records that are picked.
#[track_caller]
fn check(records: &[Record], rows: usize, window: Window, mut cells: LaneBuckets<Sum>) {
    let store = store(records, &[rows]);
    let mut scan = Scan::new(Some(window));
    for chunk in store.chunks() {
        let mask = picked_rows(chunk);
        cells.begin(chunk, mask.count(chunk.rows()));
        scan.chunk(chunk, &mask, |rows, measures| {
            cells.add(chunk, rows, measures);
        });
    }
    let field = cells.field();
    let picked = picked_of(records);
    for name in (0..40).map(|name| format!("eni-{name}")) {
        let is = |value: &naive::Value| naive::label(value) == name;
        let of: Vec<&Record> = picked
            .iter()
            .filter(|record| naive::groups(record, field).iter().any(is))
            .copied()
            .collect();
        let key = Key::Word(store.catalog.dictionaries.of(field).code(&name));
        let lane: Vec<Counts> = cells.lane(key).unwrap().iter().map(Counts::from).collect();
        let timeless = |record: &&&Record| record.number(id::START).is_none();
        let mut wanted = naive::buckets(&of, window);
        let inside: Counts = wanted.iter().fold(Counts::default(), |mut all, bucket| {
            all += *bucket;
            all
        });
        let without = naive::counts(of.iter().filter(timeless).copied());
        let outside = naive::counts(of).records - inside.records - without.records;
        assert_eq!(lane[window.buckets].records, outside, "{window:?} {name}");
        wanted.push(lane[window.buckets]);
        wanted.push(without);
        assert_eq!(lane, wanted, "{window:?} {name}");
    }
}

#[test]
fn cells_hold_every_row_whether_or_not_a_chunk_is_added_up_apart() {
    let mut records = many(3_000);
    for record in records.iter_mut().step_by(17) {
        record.values.remove(&id::START);
    }
    let window = |first: u64, width, buckets| Window {
        first: 1_700_000_000 + first,
        width,
        buckets,
    };
    let windows = [
        window(0, 60, 11),
        window(0, 600, 1),
        window(0, 1, 700),
        window(200, 60, 3),
    ];
    for window in windows {
        for rows in [3_000, 900, 20] {
            check(
                &records,
                rows,
                window,
                LaneBuckets::every(id::INTERFACE_ID, window),
            );
        }
    }
}
