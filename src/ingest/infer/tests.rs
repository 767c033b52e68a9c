//! What is inferred is compared with what is true.

mod evaluation;
mod formats;
mod random;
mod rules;
mod traffic;

use evaluation::evaluate;

#[test]
fn no_order_that_is_used_has_a_wrong_field() {
    let failed = evaluate(6, &[3, 10, 100]);
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Minutes long: run it by name with `--ignored --nocapture` after a change of how columns are inferred.
#[test]
#[ignore = "thousands of cases"]
fn no_order_of_thousands_that_is_used_has_a_wrong_field() {
    let failed = evaluate(500, &[1, 2, 3, 10, 100, 1000]);
    assert!(failed.is_empty(), "{failed:#?}");
}
