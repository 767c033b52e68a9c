use super::chunk_local::ChunkSlots;

#[test]
fn the_values_of_a_chunk_have_slots_in_the_order_in_which_they_are_met() {
    let mut local = ChunkSlots::new();
    let value = |chunk: u64, number: u64| (number + chunk * 1_000).wrapping_mul(0x9e37_79b1);
    for (chunk, values) in [(0, 3_000), (1, 10), (2, 10), (3, 500)] {
        local.clear();
        for round in 0..2 {
            for slot in 1..=values {
                let found = local.slot(value(chunk, u64::from(slot)) & 0xffff_ffff);
                assert_eq!(found, slot, "chunk {chunk}, round {round}");
            }
        }
        // A value may be 0, as what is free is.
        assert_eq!(local.slot(0), values + 1);
        assert_eq!(local.slot(0), values + 1);
    }
}
