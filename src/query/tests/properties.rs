//! For random filters and data, the plan selects what the naive interpreter selects.

use proptest::prelude::*;

use super::filters::{SAVED, filter, one, pick};
use super::naive::{self, Row};
use super::records::{self, FILE_ROWS, HEADER, Plain, Record};
use super::*;
use crate::schema::{Address, Kind, id};
use crate::store::RowId;

const DAY: u64 = 1_763_856_000;

/// How the values of one field of one load are drawn: from how many, and how many of ten are missing.
type Draw = (u64, u64);

fn draw() -> impl Strategy<Value = Draw> {
    let spread = prop::sample::select(vec![1u64, 2, 3, 60, 2_000, 80_000, 1 << 33]);
    (spread, prop::sample::select(vec![0u64, 0, 1, 5, 10]))
}

pub(crate) fn records() -> impl Strategy<Value = Vec<Record>> {
    let draws = prop::collection::vec(draw(), records::FIELDS.len() + 1);
    let seeds = prop::collection::vec(
        prop::collection::vec(any::<u64>(), records::FIELDS.len() + 1),
        1..150,
    );
    (draws, seeds).prop_map(|(draws, seeds)| {
        let catalog = Catalog::default();
        let fields = records::fields(&catalog);
        let record = |seeds: &Vec<u64>| {
            let given = fields.iter().zip(seeds).zip(&draws);
            given
                .filter(|((_, seed), (_, missing))| **seed % 10 >= *missing)
                .map(|((field, seed), (spread, _))| (*field, plain(*field, seed / 10, *spread)))
                .collect()
        };
        seeds.iter().map(record).collect()
    })
}

fn plain(field: FieldId, seed: u64, spread: u64) -> Plain {
    let n = seed % spread;
    let word =
        |words: &[&str]| Plain::Word(words[usize::try_from(n).unwrap() % words.len()].into());
    match field {
        id::START => Plain::Number(DAY + n % 90_000),
        id::END => Plain::Number(DAY + 60 + n % 90_000),
        id::ACTION => word(&["ACCEPT", "REJECT", "DENY"]),
        id::LOG_STATUS => word(&["OK", "NODATA", "SKIPDATA"]),
        id::REGION => word(&["us-east-1", "eu-west-1", "eu-north-1", "cost"]),
        id::PROTOCOL => Plain::Number([6, 17, 1, 132, 50][usize::try_from(n).unwrap() % 5]),
        _ => match field.kind() {
            Kind::Port => Plain::Number(
                [22, 0, 443, 53, 8000, 65_535, n % 65_536][usize::try_from(n).unwrap() % 7],
            ),
            Kind::Flags => Plain::Number(n % 32),
            Kind::Address => Plain::Address(address(n, seed / spread)),
            Kind::Text => Plain::Word(format!("eni-{}", n % 5)),
            _ => Plain::Number(n),
        },
    }
}

fn address(n: u64, seed: u64) -> Address {
    let low = u32::try_from(n % (1 << 32)).unwrap();
    match seed % 12 {
        0 => Address::V6(((0x2001_0db8_u128 << 96) | u128::from(n % 4)).into()),
        1 if n.is_multiple_of(3) => Address::Mac([2, 0, 0, 0, 0, u8::try_from(n / 3 % 3).unwrap()]),
        2 => Address::V4((0x0808_0800 | (low % 16)).into()),
        3 => Address::V4(low.into()),
        _ => Address::V4((0x0a00_0000 | (low % 1024)).into()),
    }
}

fn saved() -> Vec<Saved> {
    let saved = |(name, text): (&str, &str)| Saved {
        name: name.into(),
        text: text.into(),
    };
    SAVED.map(saved).into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_plan_selects_what_the_plain_reading_selects(records in records(), chunk_rows in 1usize..200, text in filter(), cursor: prop::sample::Index) {
        let store = records::store(&records, chunk_rows);
        let fields = records::fields(&store.catalog);
        let row = RowId(u32::try_from(cursor.index(records.len())).unwrap());
        let selected = Some(Selected { store: &store, row });
        let saved = saved();
        let context = Context { span: None, selected, saved: &saved, ..Context::of(&store, &[]) };
        let Compiled { expression, diagnostics } = compile(&text, &context);
        // The words of quoted choices must be in the data, and what is taken from a record in the record.
        let may_fail = text.contains("DENY") || text.contains('$');
        prop_assert!(expression.is_some() || may_fail, "{}: {:?}", text, diagnostics);
        let Some(expression) = expression else { return Ok(()) };
        let doubts = diagnostics.iter().all(|d| d.severity == Severity::Warning);
        prop_assert!(doubts, "{:?}", diagnostics);
        let canonical = expression.to_string();
        prop_assert!(!canonical.contains('$'), "{}", canonical);
        prop_assert_eq!(compile(&canonical, &context).expression, Some(Arc::clone(&expression)), "{}", canonical);
        let plan = Plan::new(&expression, &store);
        for (index, chunk) in store.chunks().iter().enumerate() {
            let mask = plan.evaluate(chunk);
            for offset in 0..chunk.rows() {
                let place = index * chunk_rows + offset;
                let row = Row {
                    record: &records[place],
                    file: records::path(place / FILE_ROWS),
                    line: (place % FILE_ROWS) as u64 + HEADER + 1,
                    text: records::line(&records[place], &fields),
                    span: store.span(),
                };
                prop_assert_eq!(mask.get(offset), naive::holds(&expression, &row), "{} row {}: {}", canonical, place, row.text);
            }
            if let Mask::Bits(bits) = &mask {
                prop_assert!((1..chunk.rows()).contains(&bits.count()), "all and none are not bits");
            }
        }
    }

    #[test]
    fn a_record_is_like_itself_in_every_field_that_it_has(records in records(), chunk_rows in 1usize..200, cursor: prop::sample::Index) {
        let store = records::store(&records, chunk_rows);
        let row = RowId(u32::try_from(cursor.index(records.len())).unwrap());
        let selected = Some(Selected { store: &store, row });
        let context = Context { span: None, selected, ..Context::of(&store, &[]) };
        let fields = (0..=crate::schema::FIELDS.len()).map(FieldId::from_index);
        for field in fields.filter(|field| field.def().is_none_or(|def| def.version < 6)) {
            let name = expression::Name::of(&store.catalog, field);
            let (chunk, offset) = store.locate(row);
            let selects = |text: &str| {
                let compiled = compile(text, &context);
                let expression = compiled.expression?;
                let plan = Plan::new(&expression, &store);
                Some(plan.evaluate(&store.chunks()[chunk]).get(offset))
            };
            let there = selects(&format!("exists {name}"));
            let alike = selects(&format!("{name} == ${name}"));
            prop_assert_eq!(alike, there.filter(|there| *there), "{}", name);
        }
    }

    #[test]
    fn no_text_makes_the_compiler_panic(text in "\\PC{0,60}") {
        compiles_or_says_why(&text);
    }

    #[test]
    fn no_heap_of_words_makes_the_compiler_panic(words in prop::collection::vec(prop_oneof![one(), pick(PIECES).prop_map(str::to_owned)], 0..12), glue in pick(&["", " "])) {
        compiles_or_says_why(&words.join(glue));
    }
}

const PIECES: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    "and",
    "or",
    "not",
    "!",
    "is",
    "in",
    "==",
    "!=",
    "~",
    "/",
    "\"",
    "`",
    "$x",
    "$",
    "$`",
    "$web",
    "$srcaddr",
    "between",
    "filter",
    "@message",
    "ip6",
    "mask",
    "255.0.0.0",
    "15",
    "minutes",
    "17:00",
    "2026-11-23",
    "tcp.flags.syn",
    "#",
    "\\",
    "..",
    "-",
    "src",
    "dst",
    "port",
    "net",
    "exists",
    "missing",
    "since",
    "last",
    "tcp",
    "tcp.",
    ".port",
    ":",
    "é",
    "\u{a0}",
    "isIpv4InSubnet",
    "ispresent",
    "contains",
    "has",
    "99999999999999999999",
    "srcaddr:",
    "action",
    "|",
    "&",
    "*",
    "+",
    "%",
    "end",
    "start",
    "bytes >",
    "000",
    "/ 8",
];

fn compiles_or_says_why(text: &str) {
    let catalog = super::catalog();
    let saved = saved();
    let context = Context {
        fields: &[id::SRCADDR],
        span: Some((DAY, DAY + 90_000)),
        saved: &saved,
        ..Context::new(&catalog)
    };
    let Compiled {
        expression,
        diagnostics,
    } = compile(text, &context);
    for diagnostic in &diagnostics {
        assert!(
            text.get(diagnostic.span.clone()).is_some(),
            "{text:?} {diagnostic:?}"
        );
        assert!(
            !diagnostic.message.is_empty() && !diagnostic.message.contains('\n'),
            "{text:?} {diagnostic:?}"
        );
    }
    let wrong = diagnostics.iter().any(|d| d.severity != Severity::Warning);
    assert_eq!(expression.is_none(), wrong, "{text:?} {diagnostics:?}");
    if let Some(expression) = expression {
        let canonical = expression.to_string();
        let again = compile(&canonical, &context);
        assert_eq!(
            again.expression,
            Some(expression),
            "{text:?} {canonical:?} {:?}",
            again.diagnostics
        );
    }
}
