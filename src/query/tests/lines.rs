//! Searching the values for a text without spaces finds the same rows as searching the lines.

use proptest::prelude::*;

use super::records::{self, FILE_ROWS, HEADER};
use super::*;
use super::{naive, properties};

const WANTED: &[&str] = &[
    "1",
    "10",
    "10.0.0.1",
    "0.0",
    ".",
    "443",
    "44",
    "eni-1",
    "eni",
    "-1",
    "REJECT",
    "2001",
    "::",
    "db8",
    "6",
    "17",
    "1763856",
    "856000",
    "65535",
    "02:00",
    "OK",
    "us-",
    "é",
    "DENY",
    "10.0.0.1 ",
    " 6 ",
    "-",
    "--",
    "8.8.8",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_text_is_found_where_the_line_has_it(
        records in properties::records(), chunk_rows in 1usize..200, wanted in prop::sample::select(WANTED),
        among in prop::sample::select(&["", "bytes > 40 and ", "not tcp and "][..]),
    ) {
        let store = records::store(&records, chunk_rows);
        let fields = records::fields(&store.catalog);
        let context = Context { span: None, ..Context::of(&store, &[]) };
        let text = format!("{among}\"{wanted}\"");
        let expression = compile(&text, &context).expression.unwrap();
        let plan = Plan::new(&expression, &store);
        for (index, chunk) in store.chunks().iter().enumerate() {
            let mask = plan.evaluate(chunk);
            for offset in 0..chunk.rows() {
                let place = index * chunk_rows + offset;
                let row = naive::Row {
                    record: &records[place],
                    file: records::path(place / FILE_ROWS),
                    line: (place % FILE_ROWS) as u64 + HEADER + 1,
                    text: records::line(&records[place], &fields),
                    span: store.span(),
                };
                prop_assert_eq!(mask.get(offset), naive::holds(&expression, &row), "{}: {}", text, row.text);
            }
        }
    }
}
