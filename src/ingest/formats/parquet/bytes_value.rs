//! Numbers and addresses that a Parquet file has as bytes.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::encoding::{Form, Number};
use crate::ingest::text::missing;
use crate::schema::Address;

/// What `bytes` are in `form`.
pub(super) fn number(bytes: &[u8], form: Form) -> Number {
    const TOO_LARGE: Number = Number::Fraction(f64::INFINITY);
    match form {
        Form::Decimal(scale) => {
            big_endian(bytes).map_or(TOO_LARGE, |unscaled| Number::of_decimal(unscaled, scale))
        }
        Form::LittleEndian => {
            let (low, high) = bytes.split_at(bytes.len().min(size_of::<u64>()));
            if high.iter().any(|byte| *byte != 0) {
                return TOO_LARGE;
            }
            let number = low
                .iter()
                .rfold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
            Number::of_decimal(number.into(), 0)
        }
        Form::AddressBytes => fixed_address(bytes).unwrap_or(TOO_LARGE),
        _ => TOO_LARGE,
    }
}

/// The number that `bytes` are in two's complement, the most significant byte first; none where it has more than 128
/// bits.
fn big_endian(bytes: &[u8]) -> Option<i128> {
    let sign = match bytes.first() {
        Some(0x80..) => u8::MAX,
        _ => 0,
    };
    let (high, low) = bytes.split_at(bytes.len().saturating_sub(size_of::<i128>()));
    let mut number = [sign; size_of::<i128>()];
    let unused = number.len() - low.len();
    number[unused..].copy_from_slice(low);
    let number = i128::from_be_bytes(number);
    let is_whole = high.iter().all(|byte| *byte == sign) && (number < 0) == (sign != 0);
    is_whole.then_some(number)
}

/// The IP address of 4 or 16 bytes, an IPv4-mapped one as IPv4: such a column has no other way to hold it.
pub(super) fn address(bytes: &[u8]) -> Option<Address> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(Address::V4(Ipv4Addr::from(v4)));
    }
    let v6 = Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?);
    Some(v6.to_ipv4_mapped().map_or(Address::V6(v6), Address::V4))
}

/// What a column of 4 or 16 bytes has as an address: its bytes or, in 16 bytes, text that is filled up with zeros. Where
/// that is no address either, it has none: hardly any IPv6 address consists of printable characters.
fn fixed_address(bytes: &[u8]) -> Option<Number> {
    let text = without_zeros(bytes);
    if bytes.len() == 4 || text.is_empty() || !is_printable(text) {
        return address(bytes).map(Number::Address);
    }
    if missing::is_missing_unless_text(text) {
        return Some(Number::Missing);
    }
    let address = str::from_utf8(text).ok()?.parse();
    address.ok().map(Number::Address)
}

/// The bytes of text of a fixed length, which is filled up with zeros.
pub(super) fn without_zeros(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte != 0);
    &bytes[..end.map_or(0, |end| end + 1)]
}

/// Whether all bytes are printable ASCII characters.
pub(super) fn is_printable(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// A decimal with `scale` digits behind the point.
pub(super) fn decimal_text(unscaled: i128, scale: u8) -> String {
    let sign = if unscaled < 0 { "-" } else { "" };
    let unit = 10_u128.pow(scale.into());
    let (whole, fraction) = (
        unscaled.unsigned_abs() / unit,
        unscaled.unsigned_abs() % unit,
    );
    format!("{sign}{whole}.{fraction:0width$}", width = scale.into())
}
