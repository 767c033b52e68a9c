use proptest::prelude::*;

use super::bucket_arena::BucketArena;
use super::buckets::Buckets;
use super::radix::{Item, KeyOrder, Sorter};

/// Keys of all orders of magnitude, and some that are frequent.
fn key() -> impl Strategy<Value = u64> {
    let sizes = (0u32..64, any::<u64>()).prop_map(|(bits, number)| number >> bits);
    prop_oneof![
        sizes,
        1_700_000_000u64..1_700_000_100,
        Just(0),
        Just(u64::MAX)
    ]
}

proptest! {
    #[test]
    fn a_bucket_holds_the_keys_of_its_range_and_no_others(
        sample in prop::collection::vec(key(), 0..50),
        keys in prop::collection::vec(key(), 1..50),
        rows in 0usize..10_000_000,
    ) {
        let highest = keys.iter().chain(&sample).max().copied().unwrap_or(0);
        let buckets = Buckets::new(&sample, rows, highest);
        let mut next = 0;
        for bucket in 0..buckets.len() {
            let range = buckets.range(bucket);
            prop_assert_eq!(*range.start(), next);
            prop_assert!(!range.is_empty());
            next = range.end().wrapping_add(1);
            for key in [*range.start(), *range.end()] {
                prop_assert_eq!(usize::from(buckets.of(key)), bucket);
            }
        }
        prop_assert_eq!(next, highest.wrapping_add(1));
        for key in keys.iter().chain(&sample) {
            let bucket = usize::from(buckets.of(*key));
            prop_assert!(buckets.range(bucket).contains(key));
        }
    }

    #[test]
    fn a_bucket_keeps_its_items_in_the_order_in_which_they_came(
        buckets in prop::collection::vec(0u16..4, 0..3_000),
    ) {
        let mut arena = BucketArena::new(4, buckets.len());
        let mut wanted = vec![Vec::new(); 4];
        for (item, bucket) in (0u64..).zip(&buckets) {
            arena.push(*bucket, item);
            wanted[usize::from(*bucket)].push(item);
        }
        let mut found = vec![Vec::new(); 4];
        arena.for_each_block(|bucket, items| found[bucket].extend_from_slice(items));
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn a_bucket_is_sorted_as_a_stable_sort_does(
        (first, width) in (any::<u32>(), prop_oneof![0u32..3, 0u32..5_000, any::<u32>()]),
        keys in prop::collection::vec(any::<u32>(), 1..400),
        cuts in prop::collection::vec(1usize..90, 1..5),
        descending: bool,
    ) {
        let width = width.min(u32::MAX - first);
        let keys = keys.iter().map(|key| u64::from(first) + u64::from(*key) % (u64::from(width) + 1));
        let items: Vec<(u64, u32)> = keys.zip(0..).collect();
        let narrow: Vec<u64> = items.iter().map(|(key, row)| Item::new(*key, *row)).collect();
        let mut wanted = items.clone();
        wanted.sort_by_key(|(key, _)| if descending { !key } else { *key });
        let wanted: Vec<u32> = wanted.iter().map(|(_, row)| *row).collect();
        let order = KeyOrder { keys: u64::from(first)..=u64::from(first) + u64::from(width), descending };
        let mut rows = vec![0; items.len()];
        for cut in cuts {
            let parts: Vec<&[(u64, u32)]> = items.chunks(cut).collect();
            Sorter::default().sort(&parts, &order, &mut rows, &|| false);
            prop_assert_eq!(&rows, &wanted);
            let parts: Vec<&[u64]> = narrow.chunks(cut).collect();
            let mut sorter = Sorter::default();
            for _ in 0..2 {
                rows.fill(0);
                sorter.sort(&parts, &order, &mut rows, &|| false);
                prop_assert_eq!(&rows, &wanted);
            }
        }
    }
}
