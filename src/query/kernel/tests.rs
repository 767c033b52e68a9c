use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn packing_keeps_the_order_of_rows(bits in prop::collection::vec(any::<bool>(), 64)) {
        let mut bytes = [0; 64];
        for (byte, bit) in bytes.iter_mut().zip(&bits) {
            *byte = u8::from(*bit);
        }
        let word = pack(&bytes);
        for (row, bit) in bits.iter().enumerate() {
            prop_assert_eq!(word >> row & 1 == 1, *bit);
        }
    }

    #[test]
    fn every_form_of_a_column_gives_what_a_loop_gives(
        base in prop::sample::select(vec![0u64, 5, 1 << 20, u64::MAX - (1 << 34)]),
        spread in prop::sample::select(vec![0u64, 1, 200, 60_000, 1 << 30, 1 << 34]),
        seeds in prop::collection::vec(any::<u64>(), 1..200),
        members in prop::collection::vec((any::<u64>(), 0u64..1000), 0..30),
    ) {
        let values: Vec<u64> = seeds.iter().map(|seed| base + seed % (spread + 1)).collect();
        let (min, max) = (*values.iter().min().unwrap(), *values.iter().max().unwrap());
        let integers = Integers::pack(&values, min, max);
        let near = |seed: u64| u128::from(base.saturating_sub(3)) + u128::from(seed % (spread + 7));
        let ranges: Vec<(u128, u128)> = members
            .iter()
            .map(|(seed, length)| (near(*seed), near(*seed) + u128::from(length % (1 + spread / 9))))
            .collect();
        let set = Ranges::of(ranges);
        let mask = within(&integers, &set, values.len());
        let tested = passing(&integers, values.len(), |v| set.contains(v.into()));
        for (row, value) in values.iter().enumerate() {
            prop_assert_eq!(mask.get(row), set.contains((*value).into()), "row {}", row);
            prop_assert_eq!(tested.get(row), mask.get(row));
        }
    }
}
