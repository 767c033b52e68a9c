use std::path::Path;

use super::{Session, check};
use crate::ingest::Input;

/// A file of `sample-logs/`, loaded.
fn sample(name: &str, cols: u16, rows: u16) -> Session {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs");
    Session::of(vec![Input::Path(folder.join(name))], cols, rows)
}

#[test]
fn the_list_of_columns() {
    check("columns_80x24", Session::lab(80, 24).press("CjjfG "));
    check(
        "columns_search_120x36",
        Session::lab(120, 36).press("C/port"),
    );
}

#[test]
fn the_dialogs_that_find_and_go_to() {
    check("find_text_80x24", Session::lab(80, 24).press("<c-f>3389"));
    check(
        "found_120x36",
        Session::lab(120, 36).press("<c-f>3389<enter>n"),
    );
    check(
        "go_to_200x50",
        Session::lab(200, 50).press("<c-g>9999<enter>"),
    );
}

#[test]
fn times_at_an_offset_and_the_order_of_two_columns() {
    check(
        "offset_80x24",
        Session::lab(80, 24).press("T+05:30<enter>ls+l+"),
    );
    check("relative_120x36", Session::lab(120, 36).press("ttG"));
}

#[test]
fn addresses_that_are_long_flags_and_paths() {
    check("ipv6_80x24", &sample("ipv6.log", 80, 24));
    check("ipv6_scrolled_80x24", sample("ipv6.log", 80, 24).press("$"));
    check("ipv6_200x50", &sample("ipv6.log", 200, 50));
    check("nat_200x50", &sample("nat-pkt-srcaddr.log", 200, 50));
}
