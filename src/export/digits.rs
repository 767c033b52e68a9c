//! Numbers and addresses as digits, without the cost of formatting: rows are mostly made of them.

use std::io::Write as _;

use crate::schema::Address;

/// Appends `number` in decimal.
pub(super) fn number(number: u64, out: &mut Vec<u8>) {
    // 2⁶⁴ has twenty digits.
    let mut digits = [0; 20];
    let (mut first, mut rest) = (digits.len(), number);
    loop {
        first -= 1;
        // A remainder of ten is one digit.
        digits[first] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[first..]);
}

/// Appends `address` in its canonical form.
pub(super) fn address(address: Address, out: &mut Vec<u8>) {
    if let Address::V4(v4) = address {
        let [a, b, c, d] = v4.octets();
        number(a.into(), out);
        for octet in [b, c, d] {
            out.push(b'.');
            number(octet.into(), out);
        }
        return;
    }
    // A vector takes every byte.
    let _ = write!(out, "{address}");
}
