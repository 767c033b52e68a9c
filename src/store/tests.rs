pub(crate) mod fixtures;

use proptest::prelude::*;

use super::*;
use crate::schema::Address;

fn naive(words: &[bool]) -> Bitmap {
    Bitmap::from_fn(words.len(), |row| words[row])
}

proptest! {
    #[test]
    fn a_bitmap_behaves_as_a_list_of_booleans(pairs in prop::collection::vec(any::<(bool, bool)>(), 0..300)) {
        let (a, b): (Vec<bool>, Vec<bool>) = pairs.into_iter().unzip();
        let zip = |f: fn(bool, bool) -> bool| -> Vec<bool> { a.iter().zip(&b).map(|(a, b)| f(*a, *b)).collect() };
        let with = |f: fn(&mut Bitmap, &Bitmap)| { let mut map = naive(&a); f(&mut map, &naive(&b)); map };
        prop_assert_eq!(with(Bitmap::and), naive(&zip(|a, b| a && b)));
        prop_assert_eq!(with(Bitmap::or), naive(&zip(|a, b| a || b)));
        prop_assert_eq!(with(Bitmap::and_not), naive(&zip(|a, b| a && !b)));
        prop_assert_eq!(with(|map, _| map.invert()), naive(&zip(|a, _| !a)));
        let map = naive(&a);
        let set: Vec<usize> = (0..a.len()).filter(|row| a[*row]).collect();
        prop_assert_eq!(map.count(), set.len());
        prop_assert_eq!(map.iter().collect::<Vec<_>>(), set.clone());
        for (n, row) in set.iter().enumerate() {
            prop_assert_eq!(map.nth(n), Some(*row));
            prop_assert_eq!(map.rank(*row), n);
        }
        prop_assert_eq!(map.nth(set.len()), None);
        prop_assert_eq!(map.rank(a.len()), set.len());
    }

    #[test]
    fn packed_integers_are_the_values_again(base in any::<u32>(), spread in prop::sample::select(vec![0u64, 1, 255, 65_535, 0xffff_ffff, u64::MAX / 2]), seeds in prop::collection::vec(any::<u64>(), 1..200)) {
        let values: Vec<u64> = seeds.iter().map(|seed| u64::from(base) + seed % (spread + 1)).collect();
        let (min, max) = (*values.iter().min().unwrap(), *values.iter().max().unwrap());
        let packed = Integers::pack(&values, min, max);
        let read: Vec<u64> = (0..values.len()).map(|row| packed.get(row)).collect();
        prop_assert_eq!(&read, &values);
        let mut visited = Vec::new();
        packed.for_each(values.len(), |row, value| visited.push((row, value)));
        prop_assert_eq!(visited, values.into_iter().enumerate().collect::<Vec<_>>());
    }
}

#[test]
fn packing_takes_the_narrowest_form() {
    let form = |values: &[u64]| {
        let (min, max) = (*values.iter().min().unwrap(), *values.iter().max().unwrap());
        Integers::pack(values, min, max).memory()
    };
    assert_eq!(form(&[7; 128]), 0);
    let two: Vec<u64> = (0..128).map(|n| 1000 + n % 2).collect();
    assert_eq!(form(&two), 16);
    let byte: Vec<u64> = (0..128).map(|n| 1000 + n).collect();
    assert_eq!(form(&byte), 128);
    assert_eq!(form(&[0, 65_535]), 4);
    assert_eq!(form(&[0, 65_536]), 8);
    assert_eq!(form(&[0, 1 << 40]), 16);
}

#[test]
fn choice_words_have_fixed_codes() {
    let catalog = Catalog::default();
    let action = catalog.dictionaries.of(id::ACTION);
    assert_eq!(
        (action.find("ACCEPT"), action.find("REJECT")),
        (Some(0), Some(1))
    );
    assert_eq!(action.code("DENY"), 2);
    assert_eq!(&*action.word(2), "DENY");
    let interfaces = catalog.dictionaries.of(id::INTERFACE_ID);
    for word in ["eni-b", "eni-c", "eni-a", "eni-b"] {
        interfaces.code(word);
    }
    assert_eq!(interfaces.ranks(), [1, 2, 0]);
}

#[test]
fn an_unknown_header_word_becomes_an_extra_field() {
    let catalog = Catalog::default();
    let field = catalog.header_field("my-tag");
    assert_eq!(field.def().map(|def| def.name), None);
    assert_eq!(catalog.header_field("my_tag"), field);
    assert_eq!(catalog.lookup("MyTag"), Some(field));
    assert_eq!(catalog.name(field), "my-tag");
    assert_eq!(catalog.header_field("src_addr"), id::SRCADDR);
}

fn chunk(source: u32, line: u64, starts: &[u64]) -> Arc<Chunk> {
    let layout = Arc::new(Layout {
        fields: vec![id::START],
        header: None,
        ..Layout::default()
    });
    let (min, max) = (*starts.iter().min().unwrap(), *starts.iter().max().unwrap());
    let column = Column {
        values: Values::Numbers(Integers::pack(starts, min, max)),
        present: None,
        range: Some((min, max)),
    };
    let run = Run {
        row: 0,
        source,
        line,
        layout,
    };
    Arc::new(Chunk::new(
        starts.len(),
        vec![(id::START, column)],
        vec![run],
        Vec::new(),
    ))
}

#[test]
fn rows_keep_their_ids_while_chunks_arrive_out_of_order() {
    let mut store = Store::default();
    store.push(chunk(1, 2, &[50, 60]));
    store.push(chunk(0, 2, &[10]));
    store.push(chunk(0, 9, &[20, 30, 40]));
    assert_eq!(store.reading_order(), [1, 2, 0]);
    assert_eq!(store.rows(), 6);
    assert_eq!(store.span(), Some((10, 60)));
    assert_eq!(store.cell(RowId(1), id::START), Cell::Number(60));
    assert_eq!(store.cell(RowId(5), id::START), Cell::Number(40));
    assert_eq!(store.source_position(RowId(4)), (0, 10));
    assert_eq!(store.line_text(RowId(2)), "10");
}

#[test]
fn wide_addresses_stand_beside_the_narrow_ones() {
    let wide: Address = "2001:db8::1".parse().unwrap();
    let addresses = Addresses {
        narrow: Integers::pack(&[0x0a00_0001, 0, 0x0a00_0003], 0, 0x0a00_0003),
        wide: Some(Wide {
            rows: Bitmap::from_fn(3, |row| row == 1),
            addresses: [wide].into(),
        }),
    };
    let all: Vec<String> = (0..3).map(|row| addresses.get(row).to_string()).collect();
    assert_eq!(all, ["10.0.0.1", "2001:db8::1", "10.0.0.3"]);
}

#[test]
fn a_tally_that_loses_a_line_is_not_balanced() {
    let mut line_counts = LineCounts {
        lines: 3,
        records: 2,
        headers: 1,
        ..LineCounts::default()
    };
    assert!(line_counts.is_balanced());
    line_counts.lines += 1;
    assert!(!line_counts.is_balanced());
}

#[test]
fn the_text_of_rejects_is_bounded_and_their_count_is_not() {
    let mut rejects = Rejects::default();
    for line in 1..=20_000 {
        rejects.push(Reject {
            source: 0,
            line,
            reason: RejectReason::NotUtf8,
            text: "x".repeat(source::REJECT_BYTES),
        });
    }
    assert_eq!(rejects.count(), 20_000);
    let all = source::REJECTS_BYTES + source::REJECTS_KEPT * size_of::<Reject>();
    assert!(rejects.memory() <= all, "{}", rejects.memory());
    let mut twice = rejects.clone();
    twice.append(rejects);
    assert_eq!(twice.count(), 40_000);
    assert!(twice.memory() <= all, "{}", twice.memory());
}
