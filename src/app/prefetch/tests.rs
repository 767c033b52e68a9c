use super::*;
use crate::app::Msg;
use crate::app::tests::Session;
use crate::ingest::{Input, LoadEvent};

/// The filters that were requested, as text.
fn requested(session: &mut Session) -> Vec<Vec<String>> {
    let all = std::mem::take(&mut session.prefetched);
    let text = |request: &PrefetchRequest| {
        assert_eq!(request.question.filter, None);
        let filters = request.filters.iter();
        filters.map(ToString::to_string).collect()
    };
    all.iter().map(text).collect()
}

#[test]
fn the_most_frequent_filters_are_prepared_once_for_what_the_panes_show_of_all_records() {
    let mut lab = Session::lab(120, 36);
    let both = vec![FILTERS.map(str::to_owned).to_vec()];
    assert_eq!(requested(&mut lab), both);
    // The same filters, however they are typed, so that they are found again.
    lab.press("/reject<c-u>accept<c-u>");
    assert_eq!(requested(&mut lab), Vec::<Vec<String>>::new());
    lab.press("<enter>j");
    assert_eq!(requested(&mut lab), Vec::<Vec<String>>::new());
    // By another field, first under a filter.
    lab.press("/dst port 22<enter>3l");
    assert_eq!(requested(&mut lab), Vec::<Vec<String>>::new());
    lab.press("/<c-u>");
    assert_eq!(requested(&mut lab), both);
}

#[test]
fn nothing_is_prepared_while_files_load() {
    let mut session = Session::empty(120, 36);
    let mut events = session.load_events(vec![Input::Lab]);
    let finished = events.pop().unwrap();
    assert!(matches!(finished, LoadEvent::Finished { .. }));
    for event in events {
        session.update(Msg::Load(event));
    }
    assert!(session.matched() > 0);
    assert_eq!(requested(&mut session), Vec::<Vec<String>>::new());
    session.update(Msg::Load(finished));
    assert_eq!(requested(&mut session).len(), 1);
}

#[test]
fn nothing_is_prepared_where_no_record_has_an_action() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "srcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 7\n").unwrap();
    let mut session = Session::of(vec![Input::Path(file.path().to_owned())], 120, 36);
    assert_eq!(session.matched(), 1);
    assert_eq!(requested(&mut session), Vec::<Vec<String>>::new());
}
