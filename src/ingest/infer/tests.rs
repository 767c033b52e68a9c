//! What is inferred is compared with what is true.

mod evaluation;
mod formats;
mod random;
mod rules;
mod traffic;

use evaluation::evaluate;

/// After a change of how columns are inferred, run it with `FLOWDECK_INFER_CASES=500` and `--nocapture`: minutes long.
#[test]
fn no_order_that_is_used_has_a_wrong_field() {
    let cases = std::env::var("FLOWDECK_INFER_CASES").ok();
    let cases = cases.map(|cases| cases.parse().expect("FLOWDECK_INFER_CASES is a number"));
    let failed = match cases {
        Some(cases) => evaluate(cases, &[1, 2, 3, 10, 100, 1000]),
        None => evaluate(6, &[3, 10, 100]),
    };
    assert!(failed.is_empty(), "{failed:#?}");
}
