//! Finds where the words of many lines begin and end before anything is made of them.

use super::swar;
use super::swar::{is_irregular, line_ends};

/// The gaps between words in a text of whole lines.
#[derive(Debug, Default)]
pub(crate) struct Split {
    /// One before the text, wrapping, then the place of every space and control character.
    gaps: Vec<u32>,
    /// How many of `gaps` are of this text.
    count: usize,
    /// For each line, the index in `gaps` of its line end.
    pub(crate) ends: Vec<u32>,
    /// Whether every line has exactly as many words as was asked, one space apart, in printable ASCII.
    pub(crate) is_uniform: bool,
    /// Whether something is neither printable ASCII nor a line end.
    is_irregular: bool,
    /// Whether a gap follows upon another.
    has_neighbours: bool,
}

/// A line that keeps to the rules of the vectorized path is not longer than this.
const MAX_LINE_BYTES: u32 = 1 << 16;

impl Split {
    /// Splits `text[from..to]`, which ends with a line end and is followed by [`super::swar::PAD`] bytes.
    pub(crate) fn split(&mut self, text: &[u8], from: usize, to: usize, words: usize) {
        self.ends.clear();
        // Every byte could be a gap. The list only grows, so that it is rarely filled with zeros.
        let most = to - from + 65;
        if self.gaps.len() < most {
            self.gaps.resize(most, 0);
        }
        self.gaps[0] = place(from).wrapping_sub(1);
        let mut finder = Finder {
            count: 1,
            carry: 1,
            ..Finder::default()
        };
        let (blocks, rest) = text[from..to].as_chunks::<64>();
        let mut last = [b'x'; 64];
        last[..rest.len()].copy_from_slice(rest);
        for (index, block) in blocks.iter().chain([&last]).enumerate() {
            finder.find(block, place(from + index * 64), &mut self.gaps);
        }
        self.count = finder.count;
        self.is_irregular = finder.is_irregular;
        self.has_neighbours = finder.neighbours != 0;
        let is_uniform = !self.is_irregular && !self.has_neighbours;
        self.is_uniform = is_uniform && self.find_uniform_ends(text, words, finder.lines as usize);
        if !self.is_uniform {
            self.find_ends(text);
        }
    }

    pub(crate) fn gaps(&self) -> &[u32] {
        &self.gaps[..self.count]
    }

    /// Takes every `words`-th gap for a line end, and says whether that is what they are.
    fn find_uniform_ends(&mut self, text: &[u8], words: usize, lines: usize) -> bool {
        if self.count - 1 != lines * words {
            return false;
        }
        let mut uniform = true;
        let mut before = self.gaps[0];
        for (line, gaps) in self.gaps[1..self.count].chunks_exact(words).enumerate() {
            let end = gaps[words - 1];
            uniform &= text[end as usize] == b'\n'
                && end.wrapping_sub(before) <= MAX_LINE_BYTES
                && text[before.wrapping_add(1) as usize] != b'#';
            before = end;
            self.ends.push(place((line + 1) * words));
        }
        uniform
    }

    fn find_ends(&mut self, text: &[u8]) {
        self.ends.clear();
        for (index, gap) in self.gaps[..self.count].iter().enumerate().skip(1) {
            if text[*gap as usize] == b'\n' {
                self.ends.push(place(index));
            }
        }
    }

    /// Where line `line` begins and ends; its line end is not part of it.
    pub(crate) fn line(&self, line: usize) -> std::ops::Range<usize> {
        let before = if line == 0 { 0 } else { self.ends[line - 1] };
        let begin = self.gaps[before as usize].wrapping_add(1);
        begin as usize..self.gaps[self.ends[line] as usize] as usize
    }

    /// Whether line `line` has `words` words, one space apart, in printable ASCII, and is no comment.
    pub(crate) fn is_uniform_line(&self, text: &[u8], line: usize, words: usize) -> bool {
        let before = if line == 0 { 0 } else { self.ends[line - 1] } as usize;
        let end = self.ends[line] as usize;
        // Most texts have neither anywhere, and no line of them needs to be looked at for it.
        let has_neighbours = || self.has_neighbours && has_neighbours(&self.gaps[before..=end]);
        if end - before != words || has_neighbours() {
            return false;
        }
        let line = &text[self.line(line)];
        line.len() <= MAX_LINE_BYTES as usize
            && line[0] != b'#'
            && (!self.is_irregular || line.iter().all(|byte| (0x20..0x80).contains(byte)))
    }
}

/// What goes from one block of 64 bytes to the next.
#[derive(Default)]
struct Finder {
    /// How many gaps there are.
    count: usize,
    /// How many line ends there are.
    lines: u32,
    /// Whether something is neither printable ASCII nor a line end.
    is_irregular: bool,
    /// Where a gap follows upon another.
    neighbours: u64,
    /// Whether the last byte was a gap, as the lowest bit.
    carry: u64,
}

impl Finder {
    #[inline]
    fn find(&mut self, block: &[u8; 64], at: u32, gaps: &mut [u32]) {
        self.is_irregular |= is_irregular(block);
        self.lines += line_ends(block);
        let mut mask = swar::gaps(block);
        self.neighbours |= mask & (mask << 1 | self.carry);
        self.carry = mask >> 63;
        let mut count = 0;
        for gap in &mut gaps[self.count..self.count + 64] {
            if mask == 0 {
                break;
            }
            *gap = at.wrapping_add(mask.trailing_zeros());
            mask &= mask.wrapping_sub(1);
            count += 1;
        }
        self.count += count;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a block of text is below 4 GiB"
)]
fn place(at: usize) -> u32 {
    at as u32
}

/// Whether there is a gap right after another: an empty word.
fn has_neighbours(gaps: &[u32]) -> bool {
    let pairs = gaps.iter().zip(&gaps[1..]);
    pairs.fold(false, |any, (a, b)| any | (b.wrapping_sub(*a) == 1))
}
