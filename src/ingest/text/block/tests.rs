//! Every bit and every count is what its definition says.

use proptest::prelude::*;

use super::*;

/// Blocks of bytes near those that count, since random bytes rarely are.
fn block() -> impl Strategy<Value = [u8; 64]> {
    let bytes = prop_oneof![
        0u8..0x23,
        Just(b'\n'),
        b'0'..=b'z',
        0x7cu8..0x84,
        any::<u8>()
    ];
    let bytes = prop::collection::vec(bytes, 64);
    let printable = prop::collection::vec(0x20u8..0x80, 64);
    prop_oneof![bytes, printable].prop_map(|bytes| bytes.try_into().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn gaps_are_spaces_and_control_characters(blocks in prop::collection::vec(block(), 1..4)) {
        let mut marks = Marks::default();
        for block in &blocks {
            let gaps = marks.gaps(block);
            let bits = block.iter().enumerate();
            let mask = bits.fold(0, |mask, (at, byte)| mask | u64::from(*byte <= b' ') << at);
            let count = block.iter().filter(|byte| **byte <= b' ').count();
            prop_assert_eq!(gaps, Gaps { mask, count });
        }
        let bytes = blocks.as_flattened();
        let is_regular = |byte: &u8| *byte == b'\n' || (b' '..=0x7f).contains(byte);
        let expected = Marks {
            line_ends: bytes.iter().map(|byte| usize::from(*byte == b'\n')).sum(),
            is_irregular: !bytes.iter().all(is_regular),
        };
        prop_assert_eq!(marks, expected);
    }
}
