//! The compact protocol of Thrift, in which Parquet writes its footer and the headers of its pages: as much of it
//! as is needed to bound what they may ask for.

/// Structures inside one another beyond this are none of a Parquet file.
const DEEPEST: usize = 16;
/// The most elements of a list: more would ask for more memory than a footer is worth.
const MOST_ELEMENTS: u64 = 1 << 20;

/// What stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// A boolean that is part of its field.
    Bool(bool),
    Byte,
    /// A number of any width.
    Integer,
    /// Eight bytes.
    Double,
    /// Bytes after their length.
    Binary,
    List,
    Map,
    Structure,
}

/// Reads bytes from front to back; none where they are not what they should be.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// At the beginning of `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes have been read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// A number without a sign, seven bits a byte.
    pub(crate) fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number with a sign.
    pub(crate) fn integer(&mut self) -> Option<i64> {
        let number = self.varint()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let bytes = self.bytes.get(self.at..)?.get(..count)?;
        self.at += count;
        Some(bytes)
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        let count = usize::try_from(count).ok()?;
        let left = self.bytes.len() - self.at;
        self.at += Some(count).filter(|count| *count <= left)?;
        Some(())
    }

    /// The kind of the elements of a list, and how many there are.
    pub(crate) fn list(&mut self) -> Option<(Wire, u64)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            count => u64::from(count),
        };
        // Some programs do not say what the elements of an empty list are.
        let wire = if count == 0 {
            Wire::Byte
        } else {
            kind(head & 15)?
        };
        let left = (self.bytes.len() - self.at) as u64;
        (count <= left && count <= MOST_ELEMENTS).then_some((wire, count))
    }

    /// Reads a structure. `visit` is shown each of its fields and says whether it has read it; else it is passed
    /// over.
    pub(crate) fn structure(
        &mut self,
        depth: usize,
        visit: &mut dyn FnMut(&mut Self, i64, Wire) -> Option<bool>,
    ) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        let mut field = 0_i64;
        loop {
            let head = self.byte()?;
            let (step, code) = (head >> 4, head & 15);
            if code == 0 {
                return Some(());
            }
            field = match step {
                0 => self.integer()?,
                step => field.checked_add(i64::from(step))?,
            };
            let wire = kind(code)?;
            if !visit(self, field, wire)? {
                self.skip(wire, depth)?;
            }
        }
    }

    /// Passes over a value of a field.
    fn skip(&mut self, wire: Wire, depth: usize) -> Option<()> {
        match wire {
            Wire::Bool(_) => Some(()),
            Wire::Byte => self.pass(1),
            Wire::Integer => self.varint().map(|_| ()),
            Wire::Double => self.pass(8),
            Wire::Binary => {
                let len = self.varint()?;
                self.pass(len)
            }
            Wire::Structure => self.structure(depth + 1, &mut |_, _, _| Some(false)),
            Wire::List => {
                let (wire, count) = self.list()?;
                (0..count).try_for_each(|_| self.skip_element(wire, depth))
            }
            Wire::Map => {
                let count = self.varint()?;
                if count == 0 {
                    return Some(());
                }
                let left = (self.bytes.len() - self.at) as u64;
                let kinds = self.byte().filter(|_| count <= left)?;
                let (key, value) = (kind(kinds >> 4)?, kind(kinds & 15)?);
                (0..count).try_for_each(|_| {
                    self.skip_element(key, depth)?;
                    self.skip_element(value, depth)
                })
            }
        }
    }

    /// Passes over an element of a list, where a boolean is a byte of its own.
    pub(crate) fn skip_element(&mut self, wire: Wire, depth: usize) -> Option<()> {
        if depth >= DEEPEST {
            return None;
        }
        match wire {
            Wire::Bool(_) => self.pass(1),
            wire => self.skip(wire, depth + 1),
        }
    }
}

fn kind(code: u8) -> Option<Wire> {
    Some(match code {
        1 => Wire::Bool(true),
        2 => Wire::Bool(false),
        3 => Wire::Byte,
        4..=6 => Wire::Integer,
        7 => Wire::Double,
        8 => Wire::Binary,
        9 | 10 => Wire::List,
        11 => Wire::Map,
        12 => Wire::Structure,
        _ => return None,
    })
}
