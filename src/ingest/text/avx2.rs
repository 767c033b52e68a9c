//! What the vectorized path does with the instructions of the x86-64-v3 level, where the processor has them.

#[cfg(test)]
mod tests;

use std::arch::x86_64::{
    __m128i, __m256i, _bzhi_u32, _mm_add_epi8, _mm_add_epi32, _mm_and_si128, _mm_cmpeq_epi8,
    _mm_cmpeq_epi32, _mm_cmpgt_epi32, _mm_cvtsi128_si32, _mm_madd_epi16, _mm_maddubs_epi16,
    _mm_max_epu32, _mm_min_epu8, _mm_min_epu32, _mm_movemask_epi8, _mm_mullo_epi32, _mm_or_si128,
    _mm_packs_epi16, _mm_packs_epi32, _mm_set1_epi8, _mm_set1_epi16, _mm_set1_epi32, _mm_setr_epi8,
    _mm_setr_epi32, _mm_shuffle_epi8, _mm_slli_epi32, _mm_sub_epi8, _mm_sub_epi32, _mm_testz_si128,
    _mm256_andnot_si256, _mm256_castsi128_si256, _mm256_castsi256_si128, _mm256_cmpeq_epi8,
    _mm256_cmpeq_epi64, _mm256_cvtepu32_epi64, _mm256_madd_epi16, _mm256_maddubs_epi16,
    _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_packus_epi32,
    _mm256_permutevar8x32_epi32, _mm256_set1_epi8, _mm256_set1_epi16, _mm256_set1_epi32,
    _mm256_set1_epi64x, _mm256_setr_epi32, _mm256_setr_epi64x, _mm256_setzero_si256,
    _mm256_sllv_epi64, _mm256_sub_epi8,
};

use fearless_simd::prelude::*;
use fearless_simd::x86::Avx2;
use fearless_simd::{kernel, u8x16, u8x32, u32x4};

use super::block::{Gaps, Marks};
use super::split::{Found, find_gaps};
use super::swar;
use super::vectorized::{Converted, Words, convert_each};

kernel!(
    /// As [`find_gaps`] with the [`Marks`] of any machine.
    pub(super) fn gaps(avx2: Avx2, text: &[u8], at: u32, gaps: &mut [u32]) -> Found {
        let (mut irregular, mut line_ends) = (_mm256_setzero_si256(), 0);
        let (count, has_neighbours) = find_gaps(text, at, gaps, |block| {
            mark(avx2, block, &mut irregular, &mut line_ends)
        });
        let marks = Marks {
            line_ends,
            is_irregular: _mm256_movemask_epi8(irregular) != 0,
        };
        Found {
            count,
            marks,
            has_neighbours,
        }
    }
);

kernel!(
    /// As [`convert_each`] with [`swar::ipv4`].
    pub(super) fn addresses(avx2: Avx2, words: Words<'_>, into: Converted<'_>) {
        convert_each(words, into, |text, at, len| ipv4(avx2, text, at, len));
    }
);

kernel!(
    /// As [`convert_each`] with [`swar::eight_digits`], of numbers up to `limit`.
    pub(super) fn numbers(avx2: Avx2, words: Words<'_>, limit: u32, into: Converted<'_>) {
        let rest = convert_fours(avx2, words, into, |spans| {
            let (numbers, are_known) = eight_digits(words.text, spans);
            (numbers, _mm_and_si128(are_known, up_to(numbers, limit)))
        });
        rest.convert(|(at, len)| {
            let (number, is_known) = swar::eight_digits(words.text, at, len);
            (number, is_known && number <= limit)
        });
    }
);

kernel!(
    /// As [`convert_each`] with [`swar::ten_digits`], of numbers up to `limit`; those from 4,100,000,000 on are not known.
    pub(super) fn times(avx2: Avx2, words: Words<'_>, limit: u32, into: Converted<'_>) {
        let rest = convert_fours(avx2, words, into, |spans| {
            let (numbers, are_known) = ten_digits(words.text, spans);
            (numbers, _mm_and_si128(are_known, up_to(numbers, limit)))
        });
        rest.convert(|(at, len)| {
            let (number, is_known) = swar::ten_digits(words.text, at, len);
            (number, is_known && number <= limit)
        });
    }
);

/// The gaps of a block. `irregular` gets high bits where something is neither a line end nor ASCII from 0x20 on.
#[target_feature(enable = "avx2,popcnt")]
#[inline]
#[expect(clippy::cast_sign_loss, reason = "there are 32 bits")]
fn mark(avx2: Avx2, block: &[u8; 64], irregular: &mut __m256i, line_ends: &mut usize) -> Gaps {
    let (mut mask, mut ends) = (0, 0);
    for half in block.as_chunks::<32>().0.iter().rev() {
        let bytes = u8x32::from_slice(avx2, half).into();
        let space = _mm256_set1_epi8(0x20);
        let gap = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, space), bytes);
        let end = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(0x0a));
        let regular = _mm256_or_si256(end, _mm256_cmpeq_epi8(bytes, space));
        let other = _mm256_or_si256(_mm256_andnot_si256(regular, gap), bytes);
        *irregular = _mm256_or_si256(*irregular, other);
        mask = mask << 32 | u64::from(_mm256_movemask_epi8(gap) as u32);
        ends = ends << 32 | u64::from(_mm256_movemask_epi8(end) as u32);
    }
    *line_ends += ends.count_ones() as usize;
    Gaps {
        mask,
        count: mask.count_ones() as usize,
    }
}

/// Where a word begins, and how long it is.
type Span = (usize, usize);

/// The last rows, of which there are fewer than four.
struct Rest<'r, I> {
    into: Converted<'r>,
    spans: I,
}

impl<I: Iterator<Item = Span>> Rest<'_, I> {
    #[inline]
    fn convert(self, convert: impl Fn(Span) -> (u32, bool)) {
        let rows = self.into.values.iter_mut().zip(self.into.unknown);
        for ((value, unknown), span) in rows.zip(self.spans) {
            let (converted, is_known) = convert(span);
            *value = converted;
            *unknown = u8::from(!is_known);
        }
    }
}

/// Converts four words at once, up to the last three. `convert` gives ones for those that it knows.
#[target_feature(enable = "avx2")]
#[inline]
fn convert_fours<'r>(
    avx2: Avx2,
    words: Words<'r>,
    into: Converted<'r>,
    convert: impl Fn(&[Span; 4]) -> (__m128i, __m128i),
) -> Rest<'r, impl Iterator<Item = Span>> {
    let mut spans = words.spans();
    let (values, last_values) = into.values.as_chunks_mut();
    let (unknown, last_unknown) = into.unknown.as_chunks_mut();
    for (values, unknown) in values.iter_mut().zip(unknown) {
        let mut four = [(0, 0); 4];
        for (span, next) in four.iter_mut().zip(&mut spans) {
            *span = next;
        }
        let (numbers, are_known) = convert(&four);
        let numbers: u32x4<_> = numbers.simd_into(avx2);
        *values = numbers.into();
        let known_bytes = _mm_packs_epi16(_mm_packs_epi32(are_known, are_known), are_known);
        *unknown = _mm_cvtsi128_si32(_mm_add_epi8(known_bytes, _mm_set1_epi8(1))).to_le_bytes();
    }
    Rest {
        into: Converted {
            values: last_values,
            unknown: last_unknown,
        },
        spans,
    }
}

/// Numbers of one to eight digits without needless zeros in front, and whether they are that.
#[target_feature(enable = "avx2")]
#[inline]
fn eight_digits(text: &[u8], spans: &[Span; 4]) -> (__m128i, __m128i) {
    let lengths = lengths(spans);
    let at = |index: usize| swar::load8(text, spans[index].0);
    let digits = digits(at(0), at(1), at(2), at(3));
    // The highest digit is the lowest byte: shifted so far, the last one becomes the highest.
    let bits = _mm_sub_epi32(_mm_set1_epi32(64), _mm_slli_epi32::<3>(lengths));
    let digits = _mm256_sllv_epi64(digits, _mm256_cvtepu32_epi64(bits));
    let (numbers, are_digits) = (numbers_of(digits), are_digits(digits));
    let least = _mm256_setr_epi32(0, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000);
    let index = _mm_sub_epi32(lengths, _mm_set1_epi32(1));
    let least = _mm256_permutevar8x32_epi32(least, _mm256_castsi128_si256(index));
    let is_plain = at_least(numbers, _mm256_castsi256_si128(least));
    let are_known = _mm_and_si128(_mm_and_si128(are_digits, is_plain), up_to(index, 7));
    (numbers, are_known)
}

/// Numbers of ten digits that are below 4,100,000,000, and whether they are that.
#[target_feature(enable = "avx2")]
#[inline]
fn ten_digits(text: &[u8], spans: &[Span; 4]) -> (__m128i, __m128i) {
    let at = |index: usize| swar::chunk::<10>(text, spans[index].0).unwrap_or(&[0; 10]);
    let words = [at(0), at(1), at(2), at(3)];
    let low = |index: usize| swar::load8(words[index], 2);
    let low = digits(low(0), low(1), low(2), low(3));
    let high = |index: usize| i32::from(u16::from_le_bytes([words[index][0], words[index][1]]));
    let high = _mm_setr_epi32(high(0), high(1), high(2), high(3));
    let high = _mm_sub_epi8(high, _mm_set1_epi32(0x3030));
    let is_digit = _mm_cmpeq_epi8(_mm_min_epu8(high, _mm_set1_epi8(9)), high);
    let are_high = _mm_cmpeq_epi32(is_digit, _mm_set1_epi32(-1));
    let high = _mm_maddubs_epi16(high, _mm_set1_epi32(0x010a));
    let above = _mm_sub_epi32(high, _mm_set1_epi32(10));
    let numbers = _mm_mullo_epi32(high, _mm_set1_epi32(100_000_000));
    let numbers = _mm_add_epi32(numbers, numbers_of(low));
    let is_ten = _mm_cmpeq_epi32(lengths(spans), _mm_set1_epi32(10));
    let are_known = _mm_and_si128(
        _mm_and_si128(are_high, are_digits(low)),
        _mm_and_si128(up_to(above, 30), is_ten),
    );
    (numbers, are_known)
}

/// The lengths of words; a wrong one where a word has more than 4 GiB.
#[target_feature(enable = "avx2")]
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a window of text has fewer bytes"
)]
fn lengths(spans: &[Span; 4]) -> __m128i {
    let length = |index: usize| spans[index].1 as i32;
    _mm_setr_epi32(length(0), length(1), length(2), length(3))
}

/// The digits of four words as numbers from 0 to 9; what is no digit is above.
#[target_feature(enable = "avx2")]
#[inline]
fn digits(a: u64, b: u64, c: u64, d: u64) -> __m256i {
    let words = _mm256_setr_epi64x(
        a.cast_signed(),
        b.cast_signed(),
        c.cast_signed(),
        d.cast_signed(),
    );
    _mm256_sub_epi8(words, _mm256_set1_epi8(0x30))
}

/// Whether each word of eight digits has nothing else.
#[target_feature(enable = "avx2")]
#[inline]
fn are_digits(digits: __m256i) -> __m128i {
    let is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(digits, _mm256_set1_epi8(9)), digits);
    let are_digits = _mm256_cmpeq_epi64(is_digit, _mm256_set1_epi64x(-1));
    let halves = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
    _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(are_digits, halves))
}

/// The numbers of four words of eight digits, the highest of which is the lowest byte.
#[target_feature(enable = "avx2")]
#[inline]
fn numbers_of(digits: __m256i) -> __m128i {
    let pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a));
    let fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x0001_0064));
    let packed = _mm256_packus_epi32(fours, fours);
    let eights = _mm256_madd_epi16(packed, _mm256_set1_epi32(0x0001_2710));
    let halves = _mm256_setr_epi32(0, 1, 4, 5, 0, 1, 4, 5);
    _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(eights, halves))
}

/// Whether each number is at most `limit`.
#[target_feature(enable = "avx2")]
#[inline]
fn up_to(numbers: __m128i, limit: u32) -> __m128i {
    let limit = _mm_set1_epi32(limit.cast_signed());
    _mm_cmpeq_epi32(_mm_min_epu32(numbers, limit), numbers)
}

/// Whether each number is at least another.
#[target_feature(enable = "avx2")]
#[inline]
fn at_least(numbers: __m128i, least: __m128i) -> __m128i {
    _mm_cmpeq_epi32(_mm_max_epu32(numbers, least), numbers)
}

/// Where the points and the end of an address may be.
#[derive(Clone, Copy)]
struct Form {
    /// These places, as bits.
    places: u32,
    /// Moves each of the four numbers to the end of four bytes.
    shuffle: [u8; 16],
    /// The least that each number may be, so that there are no needless zeros in front.
    least: [u8; 16],
}

const FORMS: usize = 256;

/// All forms, by [`slot`].
static IPV4_FORMS: [Form; FORMS] = forms();

/// A place in the table of forms that no other form has.
#[inline]
const fn slot(places: u32) -> usize {
    (places.wrapping_mul(0xa9a2_122d) >> (u32::BITS - FORMS.ilog2())) as usize
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "an address has fifteen characters"
)]
const fn forms() -> [Form; FORMS] {
    let none = Form {
        places: 0,
        shuffle: [0x80; 16],
        least: [0; 16],
    };
    let mut forms = [none; FORMS];
    let mut number = 0;
    while number < 81 {
        let mut form = none;
        let (mut at, mut rest, mut part) = (0, number, 0);
        while part < 4 {
            let len = rest % 3 + 1;
            let mut digit = 0;
            while digit < len {
                form.shuffle[4 * part + 4 - len + digit] = (at + digit) as u8;
                digit += 1;
            }
            form.least[4 * part] = match len {
                1 => 0,
                2 => 10,
                _ => 100,
            };
            at += len;
            form.places |= 1 << at;
            at += 1;
            rest /= 3;
            part += 1;
        }
        let slot = slot(form.places);
        assert!(forms[slot].places == 0, "no two forms share a place");
        forms[slot] = form;
        number += 1;
    }
    forms
}

/// As [`swar::ipv4`].
#[target_feature(enable = "avx2,bmi2")]
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a longer word is refused, and a mask has 16 bits"
)]
fn ipv4(avx2: Avx2, text: &[u8], at: usize, len: usize) -> (u32, bool) {
    let Some(bytes) = swar::chunk::<16>(text, at) else {
        return (0, false);
    };
    let bytes = u8x16::from_slice(avx2, bytes).into();
    let digits = _mm_sub_epi8(bytes, _mm_set1_epi8(0x30));
    let is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
    let is_point = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x2e));
    let length = len as u32;
    let other = _bzhi_u32(!(_mm_movemask_epi8(is_digit) as u32), length);
    let points = _bzhi_u32(_mm_movemask_epi8(is_point) as u32, length);
    let places = points | 1u32.wrapping_shl(length);
    let form = &IPV4_FORMS[slot(places)];
    let shuffle = u8x16::from_slice(avx2, &form.shuffle).into();
    let parts = _mm_shuffle_epi8(digits, shuffle);
    let weights = _mm_setr_epi8(0, 100, 10, 1, 0, 100, 10, 1, 0, 100, 10, 1, 0, 100, 10, 1);
    let pairs = _mm_maddubs_epi16(parts, weights);
    let numbers = _mm_madd_epi16(pairs, _mm_set1_epi16(1));
    let too_large = _mm_cmpgt_epi32(numbers, _mm_set1_epi32(255));
    let least = u8x16::from_slice(avx2, &form.least).into();
    let wrong = _mm_or_si128(too_large, _mm_cmpgt_epi32(least, numbers));
    let highest_last = _mm_setr_epi8(12, 8, 4, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    let address = _mm_cvtsi128_si32(_mm_shuffle_epi8(numbers, highest_last)).cast_unsigned();
    let is_form = (other ^ points) | (places ^ form.places) == 0;
    let is_known = is_form && len < 16 && _mm_testz_si128(wrong, wrong) == 1;
    (address, is_known)
}
