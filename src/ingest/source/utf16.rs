//! Text in UTF-16, as PowerShell writes it, becomes UTF-8.

#[cfg(test)]
mod tests;

/// The order of the two bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    Little,
    Big,
}

/// How many bytes a byte order mark has.
pub(crate) const MARK_BYTES: usize = 2;

/// The order that a byte order mark at the beginning of `bytes` tells.
pub(crate) fn byte_order(bytes: &[u8]) -> Option<ByteOrder> {
    match bytes {
        [0xff, 0xfe, ..] => Some(ByteOrder::Little),
        [0xfe, 0xff, ..] => Some(ByteOrder::Big),
        _ => None,
    }
}

/// Turns UTF-16 into UTF-8, whatever the portions are. Where it is not valid, the output is not valid UTF-8, so that the
/// line is rejected.
#[derive(Debug)]
pub(crate) struct Utf16 {
    order: ByteOrder,
    /// The first byte of a unit.
    half: Option<u8>,
    /// The first unit of a pair.
    high: Option<u16>,
    /// Whether a mark may come: files that were put together have one each.
    at_line: bool,
}

/// Stands for what is no character. No UTF-8 has this byte.
const INVALID: u8 = 0xff;
const MARK: u16 = 0xfeff;

impl Utf16 {
    /// Behind the byte order mark.
    pub(crate) fn new(order: ByteOrder) -> Self {
        Self {
            order,
            half: None,
            high: None,
            at_line: true,
        }
    }

    /// Appends `bytes` to `out`.
    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let unit = match self.order {
                ByteOrder::Little => u16::from_le_bytes([first, *byte]),
                ByteOrder::Big => u16::from_be_bytes([first, *byte]),
            };
            self.unit(unit, out);
        }
    }

    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(character)) = char::decode_utf16([high, unit]).next() {
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                return;
            }
            out.push(INVALID);
        }
        match unit {
            MARK if self.at_line => return,
            0xd800..=0xdbff => self.high = Some(unit),
            _ => match char::from_u32(unit.into()) {
                Some(character) => {
                    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                None => out.push(INVALID),
            },
        }
        self.at_line = unit == u16::from(b'\n');
    }

    /// Ends the text: a character that is cut off becomes invalid.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        let (half, high) = (self.half.take(), self.high.take());
        if half.is_some() || high.is_some() {
            out.push(INVALID);
        }
    }
}
