//! The filter bar while text is typed.

use super::check;
use crate::app::tests::Session;

#[test]
fn half_an_address_says_that_it_is_incomplete() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject and 10");
    check("partial_address_80x24", &lab);
}

#[test]
fn a_long_filter_shows_its_end_and_that_it_is_cut() {
    let mut lab = Session::lab(80, 24);
    lab.press(
        "/reject and src host 10.0.100.10 and dst host 10.0.100.11 and dst port {22, 3389, 8080}",
    );
    lab.press("<enter>");
    check("long_filter_80x24", &lab);
    lab.press("/<home>");
    check("long_filter_start_80x24", &lab);
}
