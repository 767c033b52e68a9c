use proptest::prelude::*;

use super::*;
use crate::analysis::SortBy;
use crate::analysis::tests::naive::{self, many, pick, picked_of, records};
use crate::store::tests::fixtures::{Record, shuffled, store};
use crate::store::{Bitmap, Store};

fn place(store: &Store, row: RowId) -> (u32, u64) {
    let (source, line) = store.source_position(row);
    (u32::try_from(source).unwrap(), line)
}

/// Compares the pages from each of `firsts` on, and the positions of their rows, with a stable sort.
#[track_caller]
fn check(selection: Selection, records: &[&Record], descending: bool, firsts: &[usize]) {
    let sort = SortBy {
        field: id::START,
        descending,
    };
    let wanted = naive::sorted(records, &[sort]);
    let selection = Arc::new(selection);
    for first in firsts {
        let order = TimeOrder::new(Arc::clone(&selection), descending);
        let page = order.page(*first, 7);
        let found: Vec<_> = page
            .iter()
            .map(|row| place(selection.store(), *row))
            .collect();
        let wanted = wanted.get(*first..).unwrap_or_default();
        assert_eq!(found, wanted.get(..7).unwrap_or(wanted), "from {first}");
        let order = TimeOrder::new(Arc::clone(&selection), descending);
        for (position, row) in (*first..).zip(page) {
            assert_eq!(order.position(row), position);
        }
    }
}

proptest! {
    #[test]
    fn a_page_is_that_of_a_stable_sort_by_start_with_missing_ones_last(
        records in records(60),
        sizes in prop::collection::vec(1usize..9, 1..9),
        seed: u64,
        descending: bool,
        firsts in prop::collection::vec(0usize..70, 1..5),
    ) {
        let store = shuffled(&records, &sizes, seed);
        check(pick(&store), &picked_of(&records), descending, &firsts);
        let all: Vec<&Record> = records.iter().collect();
        check(Selection::everything(store), &all, descending, &firsts);
    }
}

#[test]
fn pages_of_large_chunks_are_those_of_small_ones() {
    let records = many(9_000);
    for sizes in [&[9_000][..], &[400, 7_000, 100]] {
        let store = store(&records, sizes);
        for descending in [false, true] {
            check(
                pick(&store),
                &picked_of(&records),
                descending,
                &[0, 3, 1_000, 4_000],
            );
        }
    }
}

#[test]
fn a_few_rows_of_a_large_chunk_are_put_in_order() {
    let records = many(9_000);
    let store = store(&records, &[9_000]);
    let rows = Bitmap::from_fn(9_000, |row| row % 300 == 7);
    let few: Vec<&Record> = records.iter().skip(7).step_by(300).collect();
    for descending in [false, true] {
        let selection = Selection::new(store.clone(), vec![Mask::of(rows.clone())]);
        check(selection, &few, descending, &[0, 10, 25]);
    }
}

/// Chunks of ten rows, the rows of each from late to early, and each chunk after the one before.
fn backwards_in_chunks() -> Arc<Selection> {
    let record = |row: u64| {
        let start = 1_000_000 + row / 10 * 10 + 9 - row % 10;
        Record::at(0, row + 2).with(id::START, &start.to_string())
    };
    let records: Vec<Record> = (0..1_000).map(record).collect();
    Arc::new(Selection::everything(store(&records, &[10])))
}

#[test]
fn only_chunks_that_overlap_the_page_are_put_in_order() {
    let order = TimeOrder::new(backwards_in_chunks(), false);
    let page = order.page(500, 20);
    assert_eq!(page.len(), 20);
    let ordered = order.parts.iter().filter(|part| part.rows.get().is_some());
    assert!(ordered.count() <= 4, "of 100 chunks");
}

#[test]
fn rows_are_prepared_where_the_page_and_the_row_are() {
    let selection = backwards_in_chunks();
    let order = TimeOrder::new(Arc::clone(&selection), false);
    order.prepare_page(0, 50, 2, &|| false);
    let ordered = order.parts.iter().filter(|part| part.rows.get().is_some());
    assert!((5..9).contains(&ordered.count()));
    let prepared = order.page(0, 50);
    assert_eq!(prepared, TimeOrder::new(selection, false).page(0, 50));
    order.prepare_row(RowId(999), 2, &|| true);
    order.prepare_page(9_999, 50, 2, &|| false);
}
