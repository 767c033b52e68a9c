mod actions;
mod keys;

use super::*;
use crate::app::find::SearchReply;
use crate::config::Change;
use crate::engine::{self, PrefetchRequest};
use crate::ingest::{self, Input, LoadEvent, Options};
use crate::schema::FieldId;
use crate::schema::id;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A session without a terminal, a thread or a clock: the engine answers at once.
pub(crate) struct Session {
    pub(crate) app: App,
    pub(crate) cmds: Vec<Cmd>,
    /// Changes to be saved for later sessions.
    pub(crate) kept: Vec<Change>,
    pub(crate) prefetched: Vec<PrefetchRequest>,
}

impl Session {
    /// The bundled sample, loaded, on a screen of `cols` × `rows`.
    pub(crate) fn lab(cols: u16, rows: u16) -> Self {
        Self::of(vec![Input::Lab], cols, rows)
    }

    /// `inputs`, loaded, on a screen of `cols` × `rows`.
    pub(crate) fn of(inputs: Vec<Input>, cols: u16, rows: u16) -> Self {
        let mut session = Self::empty(cols, rows);
        for event in session.load_events(inputs) {
            session.update(Msg::Load(event));
        }
        session
    }

    /// The events of a load of `inputs`, for this session.
    pub(crate) fn load_events(&self, inputs: Vec<Input>) -> Vec<LoadEvent> {
        let catalog = Arc::clone(&self.app.store.catalog);
        let (sender, events) = std::sync::mpsc::channel();
        let options = Options {
            threads: 1,
            ..Options::default()
        };
        let sink = move |event| sender.send(event).unwrap();
        let loading = ingest::start(inputs, options, catalog, sink).unwrap();
        loading.wait();
        let mut events: Vec<LoadEvent> = events.iter().collect();
        if let Some(LoadEvent::Finished { seconds, .. }) = events.last_mut() {
            *seconds = 0.0;
        }
        events
    }

    /// Before anything is loaded.
    pub(crate) fn empty(cols: u16, rows: u16) -> Self {
        let app = App::new("lab".into(), String::new(), Arc::new(Catalog::default()));
        let mut session = Self {
            app,
            cmds: Vec::new(),
            kept: Vec::new(),
            prefetched: Vec::new(),
        };
        session.update(Msg::Resize { cols, rows });
        session
    }

    pub(crate) fn update(&mut self, msg: Msg) {
        let mut inbox = vec![msg];
        while let Some(msg) = inbox.pop() {
            let mut cmds = Vec::new();
            self.app.update(msg, &mut cmds);
            for cmd in cmds {
                match cmd {
                    Cmd::Ask(request) => {
                        let mut answer = engine::answer(&request, 1);
                        answer.seconds = 0.0001;
                        inbox.push(Msg::Answer(Box::new(answer)));
                    }
                    Cmd::Find(search) => {
                        let found = search.run(&|| false, &mut |_| {});
                        inbox.push(Msg::Search(SearchReply::Ended {
                            number: search.number,
                            position: found.unwrap(),
                        }));
                    }
                    Cmd::SaveState(change) => self.kept.push(change),
                    Cmd::Values(request) => inbox.push(Msg::Values(engine::values(&request, 1))),
                    Cmd::Count(request) => inbox.push(Msg::Counts(engine::counts(&request, 1))),
                    Cmd::Prefetch(request) => self.prefetched.push(*request),
                    other => self.cmds.push(other),
                }
            }
        }
    }

    /// Presses keys, as [`keys`] reads them.
    pub(crate) fn press(&mut self, text: &str) -> &mut Self {
        for key in keys(text) {
            self.update(Msg::Key(key));
        }
        self
    }

    pub(crate) fn matched(&self) -> usize {
        self.app.results.len()
    }

    pub(crate) fn text(&self, field: FieldId) -> String {
        self.app
            .store
            .cell_text(self.app.records.selected.unwrap(), field)
    }
}

/// Keys: characters as they are, others as `<enter>`, `<c-u>`, `<a-left>`.
pub(crate) fn keys(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|r| r.split_once('>'));
        let (key, after) = match named.and_then(|(name, after)| Some((named_key(name)?, after))) {
            Some(found) => found,
            None => (
                KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE),
                rest.get(c.len_utf8()..).unwrap(),
            ),
        };
        keys.push(key.into());
        rest = after;
    }
    keys
}

fn named_key(name: &str) -> Option<KeyEvent> {
    let (modifiers, name) = match name.split_once('-') {
        Some(("c", name)) => (KeyModifiers::CONTROL, name),
        Some(("a", name)) => (KeyModifiers::ALT, name),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "bs" => KeyCode::Backspace,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "end" => KeyCode::End,
        "home" => KeyCode::Home,
        "pgdn" => KeyCode::PageDown,
        "pgup" => KeyCode::PageUp,
        "del" => KeyCode::Delete,
        "f1" => KeyCode::F(1),
        "f2" => KeyCode::F(2),
        "f5" => KeyCode::F(5),
        name if name.len() == 1 => KeyCode::Char(name.chars().next()?),
        _ => return None,
    };
    Some(KeyEvent::new(code, modifiers))
}

#[test]
fn the_port_scan_can_be_found_in_the_sample() {
    let mut lab = Session::lab(120, 36);
    assert_eq!(lab.matched(), 5856);
    lab.press("/action == REJECT<enter>");
    assert_eq!(lab.matched(), 2012);
    let answer = lab.app.results.answer.as_ref().unwrap();
    assert_eq!(answer.breakdown.field, id::SRCADDR);
    assert_eq!(answer.breakdown.groups[0].label, "10.0.100.10");
    let timeline = answer.timeline.as_ref().unwrap();
    assert_eq!(timeline.lanes[0].label, "eni-0a1b2c3d4e5f60011");
}

#[test]
fn the_filter_applies_as_typed_and_invalid_text_keeps_the_last_result() {
    let mut lab = Session::lab(80, 24);
    lab.press("/dst port 22");
    let good = lab.matched();
    assert!(good > 0 && good < 5856);
    lab.press(" and (");
    assert_eq!(lab.matched(), good);
    assert!(lab.app.filter.is_held());
    lab.press("<c-u>");
    assert_eq!(lab.matched(), 5856);
}

#[test]
fn q_types_in_the_filter_bar_and_quits_elsewhere() {
    let mut lab = Session::lab(80, 24);
    lab.press("/q");
    assert_eq!(lab.app.filter.editor.text(), "q");
    assert!(lab.cmds.is_empty());
    lab.press("<c-u><enter>q");
    assert!(matches!(lab.cmds[..], [Cmd::Quit]));
}

#[test]
fn keep_and_drop_take_the_value_under_the_cursor() {
    let mut lab = Session::lab(120, 36);
    lab.press("/dst port 3389<enter>");
    let probes = lab.matched();
    // The columns are start, action, srcaddr.
    lab.press("0ll=");
    assert_eq!(
        lab.app.filter.applied,
        format!("dst port 3389 and srcaddr == {}", lab.text(id::SRCADDR))
    );
    let kept = lab.matched();
    lab.press("u0ll!");
    assert_eq!(kept + lab.matched(), probes);
}

#[test]
fn filters_can_be_undone_and_redone() {
    let mut lab = Session::lab(120, 36);
    lab.press("/reject<enter>").press("/<c-u>accept<enter>");
    assert_eq!(lab.matched(), 3834);
    lab.press("u");
    assert_eq!(lab.matched(), 2012);
    lab.press("u");
    assert_eq!(lab.matched(), 5856);
    lab.press("u");
    assert_eq!(lab.app.notice.as_deref(), Some("nothing to undo"));
    lab.press("]]");
    assert_eq!(lab.matched(), 3834);
}

#[test]
fn the_cursor_stays_on_its_record_when_the_list_changes() {
    let mut lab = Session::lab(120, 36);
    lab.press("/reject<enter>").press("<pgdn><pgdn>jjj");
    let (row, offset) = (
        lab.app.records.selected,
        lab.app.records.position - lab.app.records.top,
    );
    lab.press("/<c-u><enter>");
    assert_eq!(lab.app.records.selected, row);
    assert_eq!(lab.app.records.position - lab.app.records.top, offset);
    let listed = lab.app.results.page(lab.app.records.position, 1);
    assert_eq!(listed.first().copied(), row);
}

#[test]
fn the_cursor_at_the_top_stays_at_the_top() {
    let mut lab = Session::lab(120, 36);
    lab.press("/reject<enter>");
    assert_eq!(lab.app.records.position, 0);
    lab.press("jjj/<c-u><enter>g/reject<enter>");
    assert_eq!(lab.app.records.position, 0);
}

#[test]
fn sorting_cycles_through_ascending_descending_and_by_time() {
    let mut lab = Session::lab(200, 50);
    let first = lab.text(id::BYTES);
    lab.press("$");
    while lab.app.records.field() != Some(id::BYTES) {
        lab.press("h");
    }
    lab.press("ssg");
    let biggest: u64 = lab.text(id::BYTES).parse().unwrap();
    assert!(biggest > 1_000_000, "{biggest}");
    lab.press("sg");
    assert_eq!(lab.text(id::BYTES), first);
}

#[test]
fn a_list_that_is_too_large_to_sort_stays_in_the_order_of_time_and_says_so() {
    let mut lab = Session::lab(120, 36);
    let mut cmds = Vec::new();
    lab.press("l");
    lab.app.update(Msg::Key(keys("s")[0]), &mut cmds);
    let Some(Cmd::Ask(request)) = cmds.pop() else {
        panic!("nothing is asked");
    };
    let mut answer = engine::answer(&request, 1);
    answer.rows = crate::analysis::ListedRows::Reading;
    answer.not_sorted = Some(engine::SortTooLarge {
        records: 5_856,
        needed: 2_000_000,
        left: 1_000_000,
    });
    lab.update(Msg::Answer(Box::new(answer)));
    assert_eq!(lab.app.records.sorting, Sorting::Time);
    let notice = lab.app.notice.clone().unwrap();
    assert!(
        notice.starts_with("sorting 5,856 records takes about 2.0 MB"),
        "{notice}"
    );
    assert!(notice.contains("--max-memory"), "{notice}");
    lab.press("G");
    assert_eq!(lab.app.records.position + 1, lab.matched());
}

#[test]
fn drilling_down_keeps_the_group_and_groups_by_the_next_field() {
    let mut lab = Session::lab(120, 36);
    lab.press("/reject<enter>3<enter>");
    assert_eq!(lab.app.filter.applied, "reject and srcaddr == 10.0.100.10");
    assert_eq!(lab.app.breakdown.field, id::DSTADDR);
    lab.press("u");
    assert_eq!(lab.app.filter.applied, "reject");
    assert_eq!(lab.app.breakdown.field, id::SRCADDR);
}

#[test]
fn enter_in_the_timeline_filters_by_the_time_of_the_bar() {
    let mut lab = Session::lab(120, 36);
    lab.press("/reject<enter>2");
    let answer = lab.app.results.answer.clone().unwrap();
    let timeline = answer.timeline.as_ref().unwrap();
    let spike = (0..timeline.window.buckets)
        .max_by_key(|at| timeline.all.buckets[*at].reject)
        .unwrap();
    lab.press(&"l".repeat(spike)).press("<enter>");
    assert_eq!(lab.matched() as u64, timeline.all.buckets[spike].records);
    assert!(
        lab.app
            .filter
            .applied
            .starts_with("reject and start >= 2026-11-23T02:2")
    );
}

#[test]
fn ctrl_c_stops_the_load_and_then_quits() {
    let mut session = Session::empty(80, 24);
    session.press("<c-c>");
    assert!(matches!(session.cmds[..], [Cmd::StopLoad]));
    session.press("<c-c>");
    assert!(matches!(session.cmds[..], [Cmd::StopLoad, Cmd::Quit]));
}

#[test]
fn a_stale_answer_is_dropped() {
    let mut lab = Session::lab(80, 24);
    let old = lab.app.results.answer.clone().unwrap();
    lab.press("/reject");
    lab.update(Msg::Answer(old));
    assert_eq!(lab.matched(), 2012);
}

#[test]
fn no_key_panics_on_any_screen() {
    let find = "<c-r>port<pgdn><down><c-r><up><pgup><del><c-u>x<bs><enter>/<c-r><esc><c-s>a b<enter><bs><c-u>ab<enter>";
    let keys = "jjl$0sS=!eh2jlv<enter>zZf3jl!s<enter>4jjn=1d\\y<esc>?jG<esc>[]/x<up><down><c-w><enter>G<pgdn>u";
    for (cols, rows) in [
        (0, 0),
        (1, 1),
        (2, 5),
        (5, 2),
        (20, 5),
        (80, 24),
        (300, 3),
        (3, 100),
    ] {
        Session::lab(cols, rows).press(keys).press(find);
        Session::empty(cols, rows).press(keys).press(find);
    }
}

#[test]
fn a_reference_to_the_selected_record_survives_cursor_movement() {
    // A cursor at the top stays at the top, whichever record comes first.
    for keys in ["jjjj", "g"] {
        let mut lab = Session::lab(120, 36);
        lab.press("/reject tcp<enter>").press(keys);
        let (source, port) = (lab.text(id::SRCADDR), lab.text(id::DSTPORT));
        // Each prefix of this filter changes the list while it is typed.
        lab.press("/<c-u>srcaddr == $srcaddr and dstport == $dstport");
        let expected = format!("srcaddr == {source} and dstport == {port}");
        assert_eq!(lab.app.filter.canonical, expected);
        let matched = lab.matched();
        assert!(matched > 0 && matched < 5856);
        lab.press("<enter>G/<esc>");
        assert_eq!(lab.app.filter.canonical, expected);
        lab.press("3<enter>u");
        assert_eq!(lab.app.filter.canonical, expected);
        assert_eq!(lab.matched(), matched);
    }
}

#[test]
fn adding_a_term_keeps_the_record_that_a_filter_refers_to() {
    let mut lab = Session::lab(120, 36);
    lab.press("/reject tcp<enter>jj");
    let expected = format!("srcport > {}", lab.text(id::SRCPORT));
    lab.press("/<c-u>srcport > $srcport<enter>G");
    assert_eq!(lab.app.filter.canonical, expected);
    // The typed text refers to the newly selected record, but is not a valid filter.
    lab.press("/<home>(<esc>3<enter>");
    let start = format!("{expected} and ");
    let narrowed = &lab.app.filter.canonical;
    assert!(narrowed.starts_with(&start), "{narrowed}");
}

#[test]
fn a_retyped_reference_uses_the_newly_selected_record() {
    let mut lab = Session::lab(120, 36);
    lab.press("/dst port 3389 and reject<enter>/<c-u>srcport $srcport<enter>");
    let first = lab.app.filter.canonical.clone();
    lab.press("/<c-u><enter>g/ <bs><enter>/<c-u>tcp<enter>G/<c-u>srcport $srcport<enter>");
    assert_ne!(lab.app.filter.canonical, first);
    let second = lab.app.filter.canonical.clone();
    // Undo restores the record that each filter referred to.
    lab.press("uuu");
    assert_eq!(lab.app.filter.canonical, first);
    lab.press("]]]");
    assert_eq!(lab.app.filter.canonical, second);
}

#[test]
fn a_reference_typed_after_walking_the_history_uses_the_new_list() {
    let mut lab = Session::lab(120, 36);
    lab.press("/reject<enter>/<c-u>dst port 22<enter>g/<up>");
    let source = lab.text(id::SRCADDR);
    lab.press(" srcaddr $srcaddr");
    let expected = format!("action == REJECT and srcaddr == {source}");
    assert_eq!(lab.app.filter.canonical, expected);
    lab.press("<esc>/<c-u>dst port 22<enter>g/<c-r>reject<enter>");
    let source = lab.text(id::SRCADDR);
    lab.press("<c-u>srcaddr $srcaddr");
    assert_eq!(lab.app.filter.canonical, format!("srcaddr == {source}"));
}

#[test]
fn the_lab_opens_on_a_record_of_traffic() {
    let mut lab = Session::empty(80, 24);
    lab.app = lab.app.opening_on_flow();
    for event in lab.load_events(vec![Input::Lab]) {
        lab.update(Msg::Load(event));
    }
    let source = |lab: &Session| {
        let row = lab.app.records.selected.unwrap();
        lab.app.store.cell_text(row, id::SRCADDR)
    };
    assert_eq!(source(&lab), "10.0.100.11");
    // The list still begins with a record of NODATA, and after the first key its first record is that of the cursor.
    lab.press("k");
    assert_eq!(source(&lab), "-");
    lab.press("/reject<enter>");
    assert_eq!(lab.app.records.position, 0);
}
