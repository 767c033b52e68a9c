use std::net::Ipv4Addr;
use std::sync::Arc;

use fearless_simd::Level;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::ingest::builder::ChunkBuilder;
use crate::ingest::text::split::Split;
use crate::ingest::text::swar::PAD;
use crate::ingest::text::vectorized::{self, Irregular, Lines};
use crate::schema::id;
use crate::store::{Catalog, Layout};

kernel!(
    fn mark_blocks(avx2: Avx2, blocks: &[[u8; 64]]) -> (Vec<Gaps>, Marks) {
        let (mut irregular, mut line_ends) = (_mm256_setzero_si256(), 0);
        let mut gaps = Vec::new();
        for block in blocks {
            gaps.push(mark(avx2, block, &mut irregular, &mut line_ends));
        }
        let is_irregular = _mm256_movemask_epi8(irregular) != 0;
        let marks = Marks {
            line_ends,
            is_irregular,
        };
        (gaps, marks)
    }
);

/// Blocks of bytes half of which are forced to be near the gaps, since random bytes rarely are.
fn blocks() -> impl Strategy<Value = Vec<[u8; 64]>> {
    let block = (any::<[u8; 64]>(), any::<u64>(), any::<bool>());
    let block = block.prop_map(|(mut block, low, is_ascii)| {
        for (index, byte) in block.iter_mut().enumerate() {
            if low >> index & 1 == 1 {
                *byte %= 0x23;
            } else if is_ascii {
                *byte = b'a' + *byte % 26;
            }
        }
        block
    });
    vec(block, 1..6)
}

/// Words that are nearly addresses or numbers.
fn nearly() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,12}",
        "[0-9.]{1,16}",
        "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}",
        "[0-9]{0,4}\\.[0-9]{0,2}\\.[0-9]{0,5}\\.[0-9]{1,3}",
        "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,40}",
        any::<[u8; 4]>().prop_map(|bytes| Ipv4Addr::from(bytes).to_string()),
        any::<u32>().prop_map(|number| number.to_string()),
        (0..70_000u32).prop_map(|number| number.to_string()),
        "[!-~]{1,40}",
        "[/-;]{1,15}",
    ]
}

/// What a conversion of a column knows of these words.
fn known(words: &[String], convert: impl FnOnce(Words<'_>, Converted<'_>)) -> Vec<Option<u32>> {
    let mut text = Vec::new();
    for word in words {
        text.extend(format!("7 {word}\n").as_bytes());
    }
    let length = text.len();
    text.extend([b'9'; PAD]);
    let mut split = Split::default();
    split.split(&text, 0, length, 2);
    assert!(split.is_uniform);
    let lines = Lines {
        text: &text,
        split: &split,
        first: 0,
        count: words.len(),
        words: 2,
    };
    let (mut values, mut unknown) = (vec![9; words.len()], vec![9; words.len()]);
    let into = Converted {
        values: &mut values,
        unknown: &mut unknown,
    };
    convert(lines.words_at(1), into);
    assert!(unknown.iter().all(|unknown| *unknown < 2));
    let values = values.iter().zip(&unknown);
    values
        .map(|(value, unknown)| (*unknown == 0).then_some(*value))
        .collect()
}

/// How `text` is split and converted with the instructions of `level`.
fn read(level: Level, text: &[u8], layout: &Arc<Layout>) -> impl PartialEq + std::fmt::Debug {
    let mut padded = text.to_vec();
    padded.extend([b'9'; PAD]);
    let words = layout.fields.len();
    let mut split = Split::new(level);
    split.split(&padded, 0, text.len(), words);
    let count = split.ends.len();
    let gaps = split.gaps_from(0)[..=split.ends[count - 1] as usize].to_vec();
    let uniform: Vec<bool> = (0..count)
        .map(|line| split.is_uniform_line(&padded, line, words))
        .collect();
    let mut columns = Vec::new();
    let (mut builder, mut irregular) = (
        ChunkBuilder::new(Arc::new(Catalog::default())),
        Irregular::default(),
    );
    // Each run of uniform lines.
    let mut first = 0;
    for run in uniform.chunk_by(|a, b| a == b) {
        let lines = Lines {
            text: &padded,
            split: &split,
            first,
            count: run.len(),
            words,
        };
        first += run.len();
        if !run[0] {
            continue;
        }
        builder.bind(layout);
        vectorized::convert_values(lines, layout, &mut builder, &mut irregular);
        columns.push((irregular.lines.clone(), Vec::new()));
        for position in 0..words {
            let column = builder.column(position);
            let of_run = &mut columns.last_mut().unwrap().1;
            of_run.push((column.values.clone(), column.absent.clone()));
        }
        builder.discard();
    }
    (gaps, split.ends.clone(), split.is_uniform, uniform, columns)
}

/// Whole lines, most of which have as many words as there are fields.
fn lines(fields: usize) -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        20 => nearly(),
        2 => Just("-".to_owned()),
        2 => Just("2001:db8::1".to_owned()),
        1 => "\\PC{0,3}",
    ];
    let words = prop_oneof![12 => vec(word.clone(), fields), 1 => vec(word, 1..9)];
    vec(words, 1..20).prop_map(|lines| {
        let lines = lines.iter().map(|words| words.join(" ") + "\n");
        lines.collect::<String>().into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_ways_read_the_same(text in lines(6)) {
        let layout = Arc::new(Layout {
            fields: vec![id::SRCADDR, id::SRCPORT, id::PROTOCOL, id::BYTES, id::START, id::TCP_FLAGS],
            ..Layout::default()
        });
        let portable = read(Level::baseline(), &text, &layout);
        prop_assert_eq!(read(Level::new(), &text, &layout), portable);
    }

    #[test]
    fn both_ways_mark_the_same(blocks in blocks()) {
        let Some(avx2) = Level::new().as_avx2() else { return Ok(()) };
        let mut marks = Marks::default();
        let gaps: Vec<Gaps> = blocks.iter().map(|block| marks.gaps(block)).collect();
        prop_assert_eq!(mark_blocks(avx2, &blocks), (gaps, marks));
    }

    #[test]
    fn both_ways_know_the_same_words(words in vec(nearly(), 1..14), limit in any::<u32>()) {
        let Some(avx2) = Level::new().as_avx2() else { return Ok(()) };
        let plain = |convert: fn(&[u8], usize, usize) -> (u32, bool)| {
            known(&words, |words, into| convert_each(words, into, convert))
        };
        let addresses = known(&words, |words, into| super::addresses(avx2, words, into));
        prop_assert_eq!(addresses, plain(swar::ipv4));
        for limit in [limit, 255, 65_535, u32::MAX] {
            let within = |known: Vec<Option<u32>>, limit| -> Vec<Option<u32>> {
                known.into_iter().map(|known| known.filter(|number| *number <= limit)).collect()
            };
            let numbers = known(&words, |words, into| super::numbers(avx2, words, limit, into));
            prop_assert_eq!(numbers, within(plain(swar::eight_digits), limit));
            // What one way leaves to the scalar path may differ.
            let times = known(&words, |words, into| super::times(avx2, words, limit, into));
            let early = limit.min(4_099_999_999);
            prop_assert_eq!(within(times, early), within(plain(swar::ten_digits), early));
        }
    }
}

#[test]
fn every_number_of_an_octet_and_every_port_is_known() {
    let Some(avx2) = Level::new().as_avx2() else {
        return;
    };
    let words: Vec<String> = (0..70_000u32).map(|number| number.to_string()).collect();
    for limit in [255, 65_535, u32::MAX] {
        let numbers = known(&words, |words, into| numbers(avx2, words, limit, into));
        let expected = (0..70_000u32).map(|number| (number <= limit).then_some(number));
        assert!(numbers.into_iter().eq(expected));
    }
}
