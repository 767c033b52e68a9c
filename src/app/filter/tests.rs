use crate::app::Pane;
use crate::app::tests::Session;
use crate::schema::id;

#[test]
fn half_an_address_empties_nothing() {
    let mut lab = Session::lab(120, 36);
    let all = lab.matched();
    lab.press("/");
    for c in "10.0.100.1".chars() {
        lab.press(&c.to_string());
        assert!(lab.matched() > 0, "{}", lab.app.filter.editor.text());
    }
    assert_eq!(lab.matched(), all);
    assert!(lab.app.filter.is_held());
    assert_eq!(lab.app.filter.canonical, "");
    let message = lab.app.filter.message(120).unwrap();
    assert_eq!(
        message.lines,
        ["no record matches 10.0.100.1 so far; Enter filters by it all the same"]
    );
    lab.press("0");
    assert_eq!(lab.app.filter.canonical, "addr == 10.0.100.10");
    assert!(lab.matched() > 0 && lab.matched() <= all);
}

#[test]
fn a_number_that_matches_nothing_becomes_a_port_when_it_is_complete() {
    for end in ["<enter>", " ", "<esc>"] {
        let mut lab = Session::lab(80, 24);
        lab.press("/reject and 10");
        let held = lab.matched();
        assert!(held > 0 && lab.app.filter.is_held());
        assert_eq!(lab.app.filter.applied.trim(), "reject");
        lab.press(end);
        assert_eq!(lab.matched(), 0, "{end}");
        assert!(lab.app.filter.canonical.ends_with("port == 10"));
    }
}

#[test]
fn what_matches_nothing_and_is_no_address_is_applied() {
    let mut lab = Session::lab(80, 24);
    lab.press("/dstport 60000");
    assert_eq!(lab.matched(), 0);
    lab.press("<c-u>bytes == 10");
    assert_eq!(lab.app.filter.canonical, "bytes == 10");
}

#[test]
fn digits_are_completed_to_addresses_with_counts() {
    let mut lab = Session::lab(80, 24);
    lab.press("/10.0.1");
    let first = lab.app.filter.completing.items[0].clone();
    assert!(first.text.starts_with("10.0.1"), "{first:?}");
    lab.press("<tab>");
    assert_eq!(lab.app.filter.editor.text(), format!("{} ", first.text));
    assert_eq!(Some(lab.matched() as u64), first.count);
    lab.press("<c-u>338");
    assert_eq!(lab.app.filter.completing.items[0].text, "3389");
    assert_eq!(lab.app.focus.pane, Pane::Filter);
    assert_ne!(lab.app.breakdown.field, id::DSTPORT);
}
