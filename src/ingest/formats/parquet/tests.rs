use super::guard::delta::{DeltaStrings, to_plain};
use super::guard::thrift::{Reader, Wire};
use super::problem::Problem;

/// Reads a structure and says whether it is one.
fn is_structure(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    reader.structure(0, &mut |_, _, _| Some(false)).is_some()
}

#[test]
fn structures_inside_one_another_have_a_bound() {
    let nested = |depth: usize| [vec![0x1c; depth], vec![0; depth + 1]].concat();
    assert!(is_structure(&nested(16)));
    assert!(!is_structure(&nested(17)));
    assert!(!is_structure(&nested(1 << 20)));
}

#[test]
fn a_list_has_no_more_elements_than_there_are_bytes() {
    let list = |count: u8| [&[0x19, count << 4 | 3][..], &[7; 4], &[0]].concat();
    assert!(is_structure(&list(4)));
    assert!(!is_structure(&list(6)));
    let endless = [0x19, 0xf3, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0];
    assert!(!is_structure(&endless));
}

#[test]
fn numbers_of_a_structure_have_their_signs() {
    let mut numbers = Vec::new();
    let bytes = [0x15, 0x01, 0x16, 0xac, 0x02, 0x11, 0];
    let read = Reader::new(&bytes).structure(0, &mut |reader, field, wire| {
        if wire == Wire::Integer {
            numbers.push((field, reader.integer()?));
            return Some(true);
        }
        Some(false)
    });
    assert!(read.is_some());
    assert_eq!(numbers, [(1, -1), (2, 150)]);
}

#[test]
fn differences_say_no_more_words_than_the_page_has() {
    // Blocks of 128 in 4 parts, 1,000,000 lengths, the first of them 0.
    let page = [0x80, 0x01, 0x04, 0xc0, 0x84, 0x3d, 0x00];
    assert!(to_plain(&page, 0, DeltaStrings::Lengths, 1000, 1 << 20).is_err());
    let empty = [0x80, 0x01, 0x04, 0x00, 0x00];
    assert!(to_plain(&empty, 0, DeltaStrings::Lengths, 0, 0).is_ok());
}

#[test]
fn more_values_than_a_page_can_have_take_no_memory() {
    // One block of 128 in one part of no bits, then nothing; four billion values are stated, all of no bytes.
    let page = b"\x80\x01\x01\xff\xff\xff\xff\x0f\0\0\0";
    for strings in [
        DeltaStrings::Lengths,
        DeltaStrings::Prefixes,
        DeltaStrings::FixedPrefixes(8),
    ] {
        let result = to_plain(page, 0, strings, u32::MAX as usize, 64 << 20);
        assert!(matches!(result, Err(Problem::TooLarge(_))), "{result:?}");
    }
}
