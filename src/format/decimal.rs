//! Decimal digits without the cost of [`std::fmt`], because most output values are numbers.

/// Appends `number` in decimal.
pub(crate) fn push_decimal(number: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}
