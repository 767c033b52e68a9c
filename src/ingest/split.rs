//! Finds where the words of many lines begin and end before anything is made of them.

use super::swar::{gaps, is_odd, line_ends};

/// The gaps between words in a text of whole lines.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// One before the text, wrapping, then the place of every space and control character.
    pub(super) gaps: Vec<u32>,
    /// For each line, the index in `gaps` of its line end.
    pub(super) ends: Vec<u32>,
    /// Whether every line has exactly as many words as was asked, one space apart, in printable ASCII.
    pub(super) is_even: bool,
}

/// A line that keeps to the rules of the fast way is not longer than this.
const LONGEST: u32 = 1 << 16;

impl Split {
    /// Splits `text[from..to]`, which ends with a line end and is followed by [`super::swar::PAD`] bytes.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a block of text is below 4 GiB"
    )]
    pub(super) fn split(&mut self, text: &[u8], from: usize, to: usize, words: usize) {
        self.gaps.clear();
        self.ends.clear();
        self.gaps.push((from as u32).wrapping_sub(1));
        let (mut odd, mut lines) = (false, 0);
        let mut at = from;
        while at < to {
            let Some(block) = text.get(at..).and_then(<[u8]>::first_chunk::<64>) else {
                break;
            };
            let mut block = *block;
            if to - at < 64 {
                block[to - at..].fill(b'x');
            }
            odd |= is_odd(&block);
            lines += line_ends(&block);
            let mut mask = gaps(&block);
            self.gaps.reserve(64);
            while mask != 0 {
                self.gaps.push(at as u32 + mask.trailing_zeros());
                mask &= mask - 1;
            }
            at += 64;
        }
        self.is_even = !odd && self.find_even_ends(text, words, lines as usize);
        if !self.is_even {
            self.find_ends(text);
        }
    }

    /// Takes every `words`-th gap for a line end, and says whether that is what they are.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a block of text is below 4 GiB"
    )]
    fn find_even_ends(&mut self, text: &[u8], words: usize, lines: usize) -> bool {
        if (self.gaps.len() - 1) != lines * words {
            return false;
        }
        let mut even = !has_neighbours(&self.gaps);
        let mut before = self.gaps[0];
        for (line, gaps) in self.gaps[1..].chunks_exact(words).enumerate() {
            let end = gaps[words - 1];
            even &= text[end as usize] == b'\n'
                && end.wrapping_sub(before) <= LONGEST
                && text[before.wrapping_add(1) as usize] != b'#';
            before = end;
            self.ends.push(((line + 1) * words) as u32);
        }
        even
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a block of text is below 4 GiB"
    )]
    fn find_ends(&mut self, text: &[u8]) {
        self.ends.clear();
        for (index, gap) in self.gaps.iter().enumerate().skip(1) {
            if text[*gap as usize] == b'\n' {
                self.ends.push(index as u32);
            }
        }
    }

    /// Where line `line` begins and ends; its line end is not part of it.
    pub(super) fn line(&self, line: usize) -> std::ops::Range<usize> {
        let before = if line == 0 { 0 } else { self.ends[line - 1] };
        let begin = self.gaps[before as usize].wrapping_add(1);
        begin as usize..self.gaps[self.ends[line] as usize] as usize
    }

    /// Whether line `line` has `words` words, one space apart, in printable ASCII, and is no comment.
    pub(super) fn is_even_line(&self, text: &[u8], line: usize, words: usize) -> bool {
        let before = if line == 0 { 0 } else { self.ends[line - 1] } as usize;
        let end = self.ends[line] as usize;
        if end - before != words || has_neighbours(&self.gaps[before..=end]) {
            return false;
        }
        let line = &text[self.line(line)];
        line.len() <= LONGEST as usize
            && line[0] != b'#'
            && line.iter().all(|byte| (0x20..0x80).contains(byte))
    }
}

/// Whether there is a gap right after another: an empty word.
fn has_neighbours(gaps: &[u32]) -> bool {
    let pairs = gaps.iter().zip(&gaps[1..]);
    pairs.fold(false, |any, (a, b)| any | (b.wrapping_sub(*a) == 1))
}
