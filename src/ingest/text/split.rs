//! Finds where the words of many lines begin and end before anything is made of them.

use fearless_simd::Level;

use super::block::{Gaps, Marks};

/// The gaps between words in a text of whole lines.
#[derive(Debug)]
pub(crate) struct Split {
    /// The instructions that the text is split and its words are converted with.
    pub(super) level: Level,
    /// One before the text, wrapping, then the place of every space and control character.
    gaps: Vec<u32>,
    /// How many of `gaps` are of this text.
    count: usize,
    /// For each line, the index in `gaps` of its line end.
    pub(crate) ends: Vec<u32>,
    /// Whether every line has exactly as many words as was asked, one space apart, in ASCII from 0x20 on.
    pub(crate) is_uniform: bool,
    /// Whether something is neither a line end nor ASCII from 0x20 on.
    is_irregular: bool,
    /// Whether a gap follows upon another.
    has_neighbours: bool,
}

/// A line that keeps to the rules of the vectorized path is not longer than this.
const MAX_LINE_BYTES: u32 = 1 << 16;

impl Default for Split {
    fn default() -> Self {
        Self::new(Level::new())
    }
}

impl Split {
    /// Without a text.
    pub(super) fn new(level: Level) -> Self {
        Self {
            level,
            gaps: Vec::new(),
            count: 0,
            ends: Vec::new(),
            is_uniform: false,
            is_irregular: false,
            has_neighbours: false,
        }
    }

    /// Splits `text[from..to]`, which ends with a line end and is followed by [`super::swar::PAD`] bytes.
    pub(crate) fn split(&mut self, text: &[u8], from: usize, to: usize, words: usize) {
        self.ends.clear();
        // Every byte could be a gap. The list only grows, so that it is rarely filled with zeros.
        let most = to - from + 65;
        if self.gaps.len() < most {
            self.gaps.resize(most, 0);
        }
        self.gaps[0] = place(from).wrapping_sub(1);
        let found = find(
            self.level,
            &text[from..to],
            place(from),
            &mut self.gaps[1..],
        );
        self.count = found.count + 1;
        self.is_irregular = found.marks.is_irregular;
        self.has_neighbours = found.has_neighbours;
        let is_uniform = !self.is_irregular && !self.has_neighbours;
        self.is_uniform = is_uniform && self.find_uniform_ends(text, words, found.marks.line_ends);
        if !self.is_uniform {
            self.find_ends(text);
        }
    }

    /// The gaps from the one before line `line` on. As a word has a byte and a gap, at least as many that mean nothing follow
    /// those of uniform lines.
    pub(crate) fn gaps_from(&self, line: usize) -> &[u32] {
        let first = match line {
            0 => 0,
            line => self.ends[line - 1] as usize,
        };
        &self.gaps[first..]
    }

    /// Takes every `words`-th gap for a line end, and says whether that is what they are.
    fn find_uniform_ends(&mut self, text: &[u8], words: usize, lines: usize) -> bool {
        if self.count - 1 != lines * words {
            return false;
        }
        let mut uniform = true;
        let mut before = self.gaps[0];
        for gaps in self.gaps[1..self.count].chunks_exact(words) {
            let end = gaps[words - 1];
            uniform &= text[end as usize] == b'\n'
                && end.wrapping_sub(before) <= MAX_LINE_BYTES
                && text[before.wrapping_add(1) as usize] != b'#';
            before = end;
        }
        self.ends
            .extend((1..=lines).map(|line| place(line * words)));
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

    /// Whether line `line` has `words` words, one space apart, in ASCII from 0x20 on, and is no comment.
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

/// How many gaps of a block are entered whether there are as many or not: a branch on their number is unpredictable.
const USUAL_GAPS: usize = 12;

/// What is between the words of a text.
#[derive(Debug)]
pub(super) struct Found {
    /// How many gaps there are.
    pub(super) count: usize,
    pub(super) marks: Marks,
    /// Whether a gap follows upon another, or begins the text.
    pub(super) has_neighbours: bool,
}

fn find(level: Level, text: &[u8], at: u32, gaps: &mut [u32]) -> Found {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = level.as_avx2() {
        return super::avx2::gaps(avx2, text, at, gaps);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = level;
    let mut marks = Marks::default();
    let (count, has_neighbours) = find_gaps(text, at, gaps, |block| marks.gaps(block));
    Found {
        count,
        marks,
        has_neighbours,
    }
}

/// Enters the places of the gaps of a text that begins at `at`. Returns how many there are, and whether one follows upon
/// another or begins the text.
#[expect(
    clippy::inline_always,
    reason = "it is compiled for the instructions that `mark` has"
)]
#[inline(always)]
pub(super) fn find_gaps(
    text: &[u8],
    at: u32,
    gaps: &mut [u32],
    mut mark: impl FnMut(&[u8; 64]) -> Gaps,
) -> (usize, bool) {
    let (blocks, rest) = text.as_chunks::<64>();
    let mut last = [b'x'; 64];
    last[..rest.len()].copy_from_slice(rest);
    // Whether the last byte was a gap, as the lowest bit.
    let mut carry = 1;
    let (mut count, mut neighbours) = (0, 0);
    for (index, block) in blocks.iter().chain([&last]).enumerate() {
        let found = mark(block);
        neighbours |= found.mask & (found.mask << 1 | carry);
        carry = found.mask >> 63;
        enter(
            found.mask,
            at.wrapping_add(place(index * 64)),
            &mut gaps[count..],
        );
        count += found.count;
    }
    (count, neighbours != 0)
}

/// Enters the gaps of a block that begins at `at`.
#[expect(
    clippy::inline_always,
    reason = "it is compiled for the instructions of its caller"
)]
#[inline(always)]
fn enter(mut mask: u64, at: u32, gaps: &mut [u32]) {
    let room: &mut [u32; 64] = gaps
        .first_chunk_mut()
        .expect("there is room for a gap for every byte");
    let (usual, others) = room.split_at_mut(USUAL_GAPS);
    for gap in usual {
        *gap = at.wrapping_add(mask.trailing_zeros());
        mask &= mask.wrapping_sub(1);
    }
    for gap in others {
        if mask == 0 {
            break;
        }
        *gap = at.wrapping_add(mask.trailing_zeros());
        mask &= mask.wrapping_sub(1);
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
