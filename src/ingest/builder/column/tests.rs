use super::*;
use crate::schema::id;

/// A finished column of these numbers, of which some are missing.
fn column(field: FieldId, numbers: &[Option<u64>]) -> Option<Column> {
    let mut staged = ColumnBuilder::new(field, 0);
    for number in numbers {
        match number {
            Some(number) => staged.push_number(*number),
            None => staged.push_absent(),
        }
    }
    staged.finish()
}

#[track_caller]
fn check(numbers: &[Option<u64>], range: (u64, u64), bytes: usize) {
    let column = column(id::BYTES, numbers).unwrap();
    assert_eq!(column.range, Some(range));
    assert_eq!(column.integers().memory(), bytes);
    let read: Vec<_> = (0..numbers.len()).map(|row| column.integer(row)).collect();
    assert_eq!(read, numbers);
}

#[test]
fn missing_values_change_neither_range_nor_width() {
    check(&[None, None, Some(1000), None, Some(1255)], (1000, 1255), 5);
    check(&[Some(70_000), None], (70_000, 70_000), 0);
    check(&[None, Some(5), Some(6)], (5, 6), 8);
    assert_eq!(column(id::BYTES, &[None, None]), None);
    assert_eq!(column(id::BYTES, &[]), None);
}

#[test]
fn numbers_of_any_size_share_a_column() {
    let large = u64::from(u32::MAX) + 1;
    check(&[None, Some(large), Some(7), None], (7, large), 16);
    check(&[Some(large), None, Some(large + 9)], (large, large + 9), 3);
    check(&[Some(0), Some(u64::MAX)], (0, u64::MAX), 16);
}

#[test]
fn the_range_of_addresses_is_that_of_the_narrow_ones() {
    let mut staged = ColumnBuilder::new(id::SRCADDR, 1);
    for address in [
        "2001:db8::1",
        "10.0.0.1",
        "2001:db8::2",
        "10.0.0.9",
        "2001:db8::1",
    ] {
        staged.push_address(address.parse().unwrap());
    }
    let column = staged.finish().unwrap();
    assert_eq!(column.range, Some((0x0a00_0001, 0x0a00_0009)));
    let Values::Addresses(addresses) = &column.values else {
        panic!("{column:?}");
    };
    assert_eq!(
        addresses.wide.as_ref().map(|wide| wide.addresses.len()),
        Some(2)
    );
    let texts: Vec<String> = (1..6).map(|row| addresses.get(row).to_string()).collect();
    assert_eq!(
        texts,
        [
            "2001:db8::1",
            "10.0.0.1",
            "2001:db8::2",
            "10.0.0.9",
            "2001:db8::1"
        ]
    );
    assert!(!column.is_present(0) && column.is_present(1));
}

#[test]
fn rows_that_are_taken_back_leave_nothing() {
    let mut staged = ColumnBuilder::new(id::BYTES, 0);
    staged.push_number(5);
    for number in [u64::MAX, 9] {
        staged.push_number(number);
        staged.push_absent();
    }
    staged.truncate(1);
    staged.push_number(6);
    let column = staged.finish().unwrap();
    assert_eq!((column.range, column.present), (Some((5, 6)), None));
}
