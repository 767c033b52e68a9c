use crate::app::tests::Session;

/// The candidates, if the list is open.
fn offered(lab: &Session) -> Vec<String> {
    let list = &lab.app.filter.completing;
    let items = list.items.iter().filter(|_| list.is_shown());
    items.map(|item| item.text.clone()).collect()
}

fn text(lab: &Session) -> &str {
    lab.app.filter.editor.text()
}

#[test]
fn an_empty_filter_bar_suggests_the_loaded_fields() {
    let mut lab = Session::lab(80, 24);
    assert!(offered(&lab).is_empty());
    lab.press("/");
    assert_eq!(&offered(&lab)[..3], ["srcaddr", "dstaddr", "srcport"]);
    lab.press("<esc>");
    assert!(offered(&lab).is_empty());
}

#[test]
fn a_filter_can_be_written_from_candidates_alone() {
    let mut lab = Session::lab(80, 24);
    lab.press("/srcad<tab>");
    assert_eq!(text(&lab), "srcaddr ");
    // Values come first, and operators are still among the first lines.
    assert!(offered(&lab)[0].starts_with("10."), "{:?}", offered(&lab));
    assert_eq!(offered(&lab)[4], "==");
    lab.press("<down><down><down><down><down><tab>");
    assert_eq!(text(&lab), "srcaddr == ");
    // The most frequent source comes first.
    let first = lab.app.filter.completing.items[0].clone();
    let group = &lab.app.results.answer.as_ref().unwrap().breakdown.groups[0];
    assert_eq!(
        (first.text.as_str(), first.count),
        (group.label.as_str(), Some(group.counts.records))
    );
    lab.press("<c-n><tab>");
    assert_eq!(text(&lab), format!("srcaddr == {} ", first.text));
    assert_eq!(lab.app.results.len() as u64, first.count.unwrap());
    // The filter is complete, so the list opens only on request.
    assert!(offered(&lab).is_empty());
    lab.press("<c-n>");
    assert_eq!(&offered(&lab)[..2], ["and", "or"]);
}

#[test]
fn values_are_counted_among_the_records_that_match_the_rest_of_the_filter() {
    let mut lab = Session::lab(120, 36);
    lab.press("/action == REJECT and dstport ==");
    lab.press(" ");
    let counts: u64 = lab
        .app
        .filter
        .completing
        .items
        .iter()
        .filter_map(|item| item.count)
        .sum();
    assert!(counts > 0 && counts <= 2012, "{counts}");
    let first = lab.app.filter.completing.items[0].clone();
    lab.press("<c-n><tab>");
    assert_eq!(lab.app.results.len() as u64, first.count.unwrap());
}

#[test]
fn a_key_chooses_a_candidate_while_typing() {
    let mut lab = Session::lab(80, 24);
    lab.press("/src");
    let list = offered(&lab);
    lab.press("<c-n><c-n>");
    assert_eq!(lab.app.filter.completing.chosen, Some(1));
    lab.press("<c-p><c-p>");
    assert_eq!(
        lab.app.filter.completing.chosen,
        Some(list.len() - 1),
        "round the end"
    );
    lab.press("<c-n><c-n><enter>");
    assert_eq!(text(&lab), format!("{} ", list[1]));
    assert_eq!(lab.app.focus.pane, crate::app::Pane::Filter);
    // More typing makes a new list without a choice.
    lab.press("=");
    assert_eq!(lab.app.filter.completing.chosen, None);
}

#[test]
fn arrow_keys_move_in_the_open_list_and_walk_the_history_otherwise() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject<enter>/<c-u>dst");
    let list = offered(&lab);
    let chosen = |lab: &Session| lab.app.filter.completing.chosen;
    lab.press("<down><down>");
    assert_eq!(chosen(&lab), Some(1));
    lab.press("<up>");
    assert_eq!(chosen(&lab), Some(0));
    lab.press("<up>");
    assert_eq!((chosen(&lab), text(&lab)), (None, "dst"));
    lab.press("<down><enter>");
    assert_eq!(text(&lab), format!("{} ", list[0]));
    // Without a choice, Up goes back in the history, which closes the list, and Down returns.
    lab.press("<c-u><up>");
    assert_eq!(text(&lab), "reject");
    lab.press("<down>");
    assert_eq!((chosen(&lab), text(&lab)), (None, ""));
}

#[test]
fn enter_applies_the_filter_unless_a_candidate_is_chosen() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject<enter>");
    assert_eq!(lab.app.focus.pane, crate::app::Pane::Records);
    assert_eq!(lab.app.results.len(), 2012);
    assert!(offered(&lab).is_empty());
}

#[test]
fn tab_focuses_the_next_pane_if_there_are_no_candidates() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject <tab>");
    assert_eq!(lab.app.focus.pane, crate::app::Pane::Records);
}

#[test]
fn tab_completes_only_a_word_that_was_started() {
    let mut lab = Session::lab(80, 24);
    // Cycle through all panes and the empty filter bar more than once.
    lab.press("<tab><tab><tab><tab><tab><tab><tab><tab>");
    assert_eq!(text(&lab), "");
    lab.press("/<tab>");
    assert_eq!(lab.app.focus.pane, crate::app::Pane::Records);
    for begun in ["reject and ", "dstport == ", "srcaddr "] {
        lab.press("/<c-u>").press(begun).press("<tab>");
        assert_eq!(text(&lab), begun);
        assert_eq!(lab.app.focus.pane, crate::app::Pane::Records, "{begun}");
    }
    lab.press("/<c-u>dstport == 33<tab>");
    assert_eq!(text(&lab), "dstport == 3389 ");
}

#[test]
fn a_word_in_the_middle_is_replaced_as_a_whole() {
    let mut lab = Session::lab(80, 24);
    lab.press("/srcport == 22 and reject<home><right><right><right><right>");
    assert!(offered(&lab).is_empty(), "moving the cursor opens no list");
    lab.press("<c-n><tab>");
    assert_eq!(text(&lab), "srcport == 22 and reject");
    lab.press("<c-u>dst");
    lab.press("<c-n><tab>");
    assert!(text(&lab).starts_with("dstaddr"), "{}", text(&lab));
}

#[test]
fn walking_the_history_keeps_the_candidates_closed() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject and tcp<enter>/<c-u><up>");
    assert_eq!(text(&lab), "reject and tcp");
    assert!(offered(&lab).is_empty());
}

#[test]
fn values_are_listed_again_when_the_cursor_returns_to_them() {
    let mut lab = Session::lab(80, 24);
    lab.press("/action == ");
    let counts = |lab: &Session| -> Vec<Option<u64>> {
        lab.app
            .filter
            .completing
            .items
            .iter()
            .map(|item| item.count)
            .collect()
    };
    let before = counts(&lab);
    assert!(before[0].is_some(), "{before:?}");
    lab.press("ACCEPT and <bs><bs><bs><bs><bs><bs><bs><bs><bs><bs><bs>");
    assert_eq!(text(&lab), "action == ");
    assert_eq!(counts(&lab), before);
    // Values of counters are not listed, and those of another field must not be shown instead.
    lab.press("<c-u>bytes == ");
    assert!(counts(&lab).iter().all(Option::is_none));
    assert!(!lab.app.filter.completing.is_waiting());
}
