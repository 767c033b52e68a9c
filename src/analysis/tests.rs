use proptest::prelude::*;

use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) mod naive;

use naive::{many, pick, picked_of, records};

use super::*;
use crate::schema::id;
use crate::store::tests::fixtures::{Record, shuffled, store};
use crate::store::{Bitmap, Column, Integers, RowId, Store, Values};

fn place(store: &Store, row: RowId) -> (u32, u64) {
    let (source, line) = store.source_position(row);
    (u32::try_from(source).unwrap(), line)
}

#[track_caller]
fn check_order(records: &[Record], store: &Store, sorts: &[SortBy]) {
    let selection = pick(store);
    let order = SortedRows::new(&selection, sorts, 3, &|| false).unwrap();
    let found: Vec<(u32, u64)> = order.rows.iter().map(|row| place(store, *row)).collect();
    let picked = picked_of(records);
    let wanted = naive::sorted(&picked, sorts);
    let differs = found.iter().zip(&wanted).position(|(a, b)| a != b);
    assert_eq!(differs, None, "{sorts:?}");
    assert_eq!(found.len(), wanted.len());
    for (position, row) in order.rows.iter().enumerate().step_by(7) {
        assert_eq!(
            order.position(&selection, sorts, *row),
            position,
            "{sorts:?}"
        );
    }
}

proptest! {
    #[test]
    fn sorting_is_a_stable_sort_with_missing_values_last(
        records in records(60),
        sizes in prop::collection::vec(1usize..9, 1..9),
        seed: u64,
        sorts in naive::sorts(),
    ) {
        check_order(&records, &shuffled(&records, &sizes, seed), &sorts);
    }

    #[test]
    fn the_row_at_a_rank_is_the_row(
        records in records(80),
        sizes in prop::collection::vec(1usize..9, 1..9),
        seed: u64,
    ) {
        let store = shuffled(&records, &sizes, seed);
        let selection = pick(&store);
        let rows: Vec<RowId> = selection.rows().collect();
        let places: Vec<(u32, u64)> = rows.iter().map(|row| place(&store, *row)).collect();
        let picked: Vec<(u32, u64)> = picked_of(&records).iter().map(|r| (r.source, r.line)).collect();
        prop_assert_eq!(&places, &picked);
        prop_assert_eq!(selection.len(), rows.len());
        for (n, row) in rows.iter().enumerate() {
            prop_assert_eq!(selection.nth(n), Some(*row));
            prop_assert_eq!(selection.rank(*row), n);
        }
        prop_assert_eq!(selection.nth(rows.len()), None);
        for row in (0..store.rows()).map(|row| RowId(u32::try_from(row).unwrap())) {
            let before = picked.iter().filter(|other| **other < place(&store, row)).count();
            prop_assert_eq!(selection.rank(row), before);
            prop_assert_eq!(selection.contains(row), picked.contains(&place(&store, row)));
        }
    }

    #[test]
    fn a_window_holds_its_span_in_round_buckets(
        first in prop_oneof![0u64..100, 1_600_000_000u64..1_800_000_000, any::<u64>()],
        length in prop_oneof![0u64..10_000, 0u64..100_000_000, any::<u64>()],
        at_most in 1usize..400,
    ) {
        let last = first.saturating_add(length);
        let window = Window::covering((first, last), at_most);
        prop_assert!(window.buckets >= 1 && window.buckets <= at_most, "{window:?}");
        prop_assert_eq!(window.first % window.width, 0);
        prop_assert!(window.first <= first && first - window.first < window.width);
        if last < u64::MAX {
            prop_assert_eq!(window.bucket(first), Some(0));
            prop_assert_eq!(window.bucket(last), Some(window.buckets - 1));
        }
    }
}

#[test]
fn windows_have_round_widths() {
    let width = |seconds: u64, at_most: usize| {
        Window::covering((1_700_000_000, 1_700_000_000 + seconds), at_most).width
    };
    assert_eq!(width(0, 100), 1);
    assert_eq!(width(98, 100), 1);
    assert_eq!(width(150, 100), 2);
    assert_eq!(width(460, 100), 5);
    assert_eq!(width(3_600, 100), 60);
    assert_eq!(width(86_400, 200), 600);
    assert_eq!(width(86_400, 50), 1_800);
    assert_eq!(width(30 * 86_400, 70), 43_200);
    let day = Window::covering((1_700_000_000, 1_700_086_399), 24);
    assert_eq!(
        (day.first, day.width, day.buckets),
        (1_699_999_200, 7_200, 13)
    );
    assert_eq!((day.start_of(1), day.end()), (1_700_006_400, 1_700_092_800));
}

#[test]
fn many_rows_are_sorted_as_few_are() {
    let records = many(9_000);
    for sizes in [&[9_000][..], &[400, 7_000, 100]] {
        let store = store(&records, sizes);
        for field in naive::FIELDS {
            for descending in [false, true] {
                check_order(&records, &store, &[SortBy { field, descending }]);
            }
        }
        let by = |field, descending| SortBy { field, descending };
        let sorts = [
            by(id::ACTION, true),
            by(id::SRCADDR, false),
            by(id::START, true),
        ];
        check_order(&records, &store, &sorts);
    }
}

#[test]
fn a_sort_that_is_stopped_returns_nothing() {
    let records = many(10_000);
    let selection = Selection::everything(store(&records, &[1_000]));
    let sort = SortBy {
        field: id::BYTES,
        descending: true,
    };
    let asked = AtomicUsize::new(0);
    let stop = || asked.fetch_add(1, Ordering::Relaxed) >= 3;
    assert!(SortedRows::new(&selection, &[sort], 2, &stop).is_none());
    assert!(SortedRows::new(&selection, &[sort], 2, &|| false).is_some());
}

#[test]
fn an_interner_gives_each_key_its_number_again() {
    let mut interner = crate::store::Interner::<u32>::new();
    // The free places of a bucket hold zeros, and so may a key be.
    assert_eq!(interner.find(0), 0);
    for number in 1..5_000u32 {
        let key = (number - 1).wrapping_mul(65_536);
        assert_eq!(interner.number(key, number), number);
        assert_eq!(interner.number(key, 9_999), number);
    }
    for number in 1..5_000u32 {
        assert_eq!(interner.find((number - 1).wrapping_mul(65_536)), number);
    }
    assert_eq!(interner.find(1), 0);
}

proptest! {
    #[test]
    fn two_values_spread_over_the_rows_as_their_bits_say(
        bits in prop::collection::vec(any::<bool>(), 1..300),
        absent in prop::collection::vec(any::<bool>(), 300),
        first in 0usize..200,
        low: u8,
        step in 0u8..3,
    ) {
        let len = bits.len();
        let first = first.min(len);
        let high = low.saturating_add(step);
        let integers = Integers::Bits {
            base: 10,
            bits: Bitmap::from_fn(len, |row| bits[row]),
        };
        let column = Column {
            values: Values::Words(integers.clone()),
            present: Some(Bitmap::from_fn(len, |row| !absent[row])),
            range: Some((10, 11)),
        };
        let list: Vec<u16> = (first..len).map(|row| u16::try_from(row).unwrap()).collect();
        for rows in [scan::Rows::Run(first..len), scan::Rows::List(&list)] {
            let mut found = vec![77];
            rows.gather_bytes(&integers, &mut found, |value| if value == 10 { low } else { high });
            rows.fill_missing(&column, &mut found, 99);
            let wanted = |row: usize| match (absent[row], bits[row]) {
                (true, _) => 99,
                (_, true) => high,
                (_, false) => low,
            };
            let wanted: Vec<u8> = (first..len).map(wanted).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
