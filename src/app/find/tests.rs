use crate::app::Msg;
use crate::app::find::SearchReply;
use crate::app::tests::Session;
use crate::schema::id;

fn notice(session: &Session) -> String {
    session.app.notice.clone().unwrap_or_default()
}

#[test]
fn a_text_is_found_in_cells_and_lines_without_filtering() {
    let mut lab = Session::lab(120, 36);
    let all = lab.matched();
    lab.press("<c-f>3389<enter>");
    assert_eq!(lab.matched(), all);
    let first = lab.app.records.position;
    assert_eq!(lab.text(id::DSTPORT), "3389");
    assert_eq!(lab.app.records.field(), Some(id::DSTPORT));
    lab.press("n");
    let second = lab.app.records.position;
    assert!(second > first);
    lab.press("N");
    assert_eq!(lab.app.records.position, first);
    // The name of a service is in the list alone, the account in the line alone.
    lab.press("<c-f>RDP<enter>");
    assert!(notice(&lab).contains("not in"), "{}", notice(&lab));
    lab.press("<c-f>rdp<enter>");
    assert!(notice(&lab).starts_with("found rdp"), "{}", notice(&lab));
    lab.press("g<c-f>123456789012<enter>");
    assert_eq!(lab.app.records.position, 1);
    lab.press("<esc>n");
    assert_eq!(lab.app.records.position, 1, "Esc forgets the text");
}

#[test]
fn a_search_goes_on_from_the_other_end_and_says_so() {
    let mut lab = Session::lab(120, 36);
    lab.press("n");
    assert!(notice(&lab).contains("Ctrl-F"), "{}", notice(&lab));
    lab.press("G<c-f>3389<enter>");
    assert!(
        notice(&lab).ends_with(", from the first record on"),
        "{}",
        notice(&lab)
    );
    lab.press("gN");
    assert!(
        notice(&lab).ends_with(", from the last record back"),
        "{}",
        notice(&lab)
    );
    lab.press("<c-f>no such text<enter>");
    assert_eq!(
        notice(&lab),
        format!(
            "no such text is not in the {} records of the list",
            crate::format::count(lab.matched() as u64)
        )
    );
}

#[test]
fn a_key_ends_a_search_and_its_reply_is_dropped() {
    let mut lab = Session::lab(120, 36);
    lab.press("<c-f>3389<enter>gjj");
    let mut cmds = Vec::new();
    let key = |text: &str| Msg::Key(crate::app::tests::keys(text)[0]);
    lab.app.update(key("n"), &mut cmds);
    let Some(crate::app::Cmd::Find(search)) = cmds.pop() else {
        panic!("no search")
    };
    let number = search.number;
    lab.update(Msg::Search(SearchReply::Searched {
        number,
        records: 1_000,
    }));
    assert!(notice(&lab).contains("any key stops"), "{}", notice(&lab));
    lab.press("j");
    assert!(matches!(lab.cmds.pop(), Some(crate::app::Cmd::StopFinding)));
    lab.update(Msg::Search(SearchReply::Ended {
        number,
        position: Some(9),
    }));
    assert_eq!(lab.app.records.position, 3);
}
