use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn ranges_behave_as_sets(pairs in prop::collection::vec((0u128..40, 0u128..40), 0..8), other in prop::collection::vec((0u128..40, 0u128..40), 0..8), from in 0u128..42, length in 0u128..6) {
        let has = |pairs: &[(u128, u128)], n: u128| pairs.iter().any(|(a, b)| (*a..=*b).contains(&n));
        let ranges = Ranges::of(pairs.clone());
        let both = ranges.clone().union(&Ranges::of(other.clone()));
        let complement = ranges.complement();
        for n in 0..42 {
            prop_assert_eq!(ranges.contains(n), has(&pairs, n));
            prop_assert_eq!(both.contains(n), has(&pairs, n) || has(&other, n));
            prop_assert_eq!(complement.contains(n), !has(&pairs, n));
        }
        prop_assert!(complement.contains(u128::MAX));
        prop_assert_eq!(complement.complement(), ranges.clone());
        let to = from + length;
        prop_assert_eq!(ranges.overlaps(from, to), (from..=to).any(|n| has(&pairs, n)));
        prop_assert_eq!(ranges.covers(from, to), (from..=to).all(|n| has(&pairs, n)));
        prop_assert!(ranges.as_slice().windows(2).all(|w| w[0].1 + 1 < w[1].0));
    }
}
