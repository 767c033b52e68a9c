//! Each action of the table of keys, done with one of its keys.

use super::*;
use crate::analysis::Measure;
use crate::app::cell_text::{Notation, Times};
use crate::app::prompt::PromptKind;
use crate::app::sorting::Sorting;
use crate::keymap::BINDINGS;

/// What an action leads to: false after the keys before it, and true after its own.
type Holds = fn(&Session) -> bool;

/// A session on the sample: the action, the keys before it, its key, and what it leads to.
type Case = (Action, &'static str, &'static str, Holds);

fn position(session: &Session) -> usize {
    session.app.records.position
}

fn cursor(session: &Session) -> usize {
    session.app.filter.editor.cursor()
}

fn text(session: &Session) -> &str {
    session.app.filter.editor.text()
}

fn applied(session: &Session) -> &str {
    &session.app.filter.applied
}

fn pane(session: &Session) -> Pane {
    session.app.focus.pane
}

fn asks_for(session: &Session, kind: PromptKind) -> bool {
    matches!(&session.app.overlay, Some(Overlay::Prompt(prompt)) if prompt.kind == kind)
}

fn has_copied(session: &Session, is_it: fn(&str) -> bool) -> bool {
    let mut cmds = session.cmds.iter();
    cmds.any(|cmd| matches!(cmd, Cmd::Copy(text) if is_it(text)))
}

fn has_notice(session: &Session, part: &str) -> bool {
    let notice = session.app.notice.as_deref();
    notice.is_some_and(|notice| notice.contains(part))
}

/// Cases of moving.
#[rustfmt::skip]
const MOVING: &[Case] = &[
    (Action::Down, "", "j", |s| position(s) == 1),
    (Action::Up, "jj", "k", |s| position(s) == 1),
    (Action::Left, "0ll", "h", |s| s.app.records.column == 1),
    (Action::Right, "0", "l", |s| s.app.records.column == 1),
    (Action::PageDown, "", "<pgdn>", |s| position(s) > 5),
    (Action::PageUp, "<pgdn><pgdn>", "<pgup>", |s| position(s) > 0 && position(s) < 15),
    (Action::HalfPageDown, "", "<c-d>", |s| position(s) > 2),
    (Action::HalfPageUp, "G<c-d>", "<c-u>", |s| position(s) + 3 < s.matched()),
    (Action::Top, "jj", "g", |s| position(s) == 0),
    (Action::Bottom, "", "G", |s| position(s) + 1 == s.matched()),
    (Action::First, "ll", "0", |s| s.app.records.column == 0),
    (Action::Last, "0", "$", |s| s.app.records.column + 1 == s.app.records.columns.len()),
    (Action::Enter, "", "e", |s| pane(s) == Pane::Explain),
    (Action::NextPane, "", "<tab>", |s| pane(s) == Pane::Timeline),
    (Action::PreviousPane, "", "<backtab>", |s| pane(s) == Pane::Filter),
    (Action::Focus(Scope::Filter), "", "/", |s| pane(s) == Pane::Filter),
    (Action::Focus(Scope::Records), "2", "1", |s| pane(s) == Pane::Records),
    (Action::Focus(Scope::Timeline), "", "2", |s| pane(s) == Pane::Timeline),
    (Action::Focus(Scope::Breakdown), "", "3", |s| pane(s) == Pane::Breakdown),
    (Action::Focus(Scope::Explain), "", "4", |s| pane(s) == Pane::Explain),
    (Action::Back, "3", "<esc>", |s| pane(s) == Pane::Records),
    (Action::Maximise, "", "\\", |s| s.app.focus.maximised),
];

/// Cases of filters and values.
#[rustfmt::skip]
const FILTERING: &[Case] = &[
    (Action::KeepValue, "3", "=", |s| applied(s).starts_with("srcaddr == ")),
    (Action::DropValue, "3", "!", |s| applied(s).starts_with("srcaddr != ")),
    (Action::OfferFilters, "", "f", |s| matches!(s.app.overlay, Some(Overlay::Values(_)))),
    (Action::AddValue, "/reject<enter>3f", "|", |s| applied(s).starts_with("reject or srcaddr == ")),
    (Action::OnlyValue, "/reject<enter>3f", "o", |s| applied(s).starts_with("srcaddr == ")),
    (Action::BothDirections, "/tcp<enter>3f", "b", |s| applied(s).starts_with("tcp and addr == ")),
    (Action::SameSource, "/tcp<enter>0f", "s", |s| applied(s).starts_with("tcp and srcaddr == ")),
    (Action::SamePort, "/tcp<enter>0f", "p", |s| applied(s).starts_with("tcp and dstport == ")),
    (Action::Conversation, "/tcp<enter>0f", "c", |s| applied(s).matches("port == ").count() == 2),
    (Action::ThisHour, "0f", "h", |s| applied(s).starts_with("start >= ")),
    (Action::FilterBack, "/reject<enter>", "u", |s| applied(s).is_empty()),
    (Action::FilterForward, "/reject<enter>u", "]", |s| applied(s) == "reject"),
    (Action::ClearFilter, "/reject<enter>", "x", |s| applied(s).is_empty()),
    (Action::FindFilter, "", "<c-r>", |s| matches!(s.app.overlay, Some(Overlay::Find(_)))),
    (Action::ForgetFilter, "/reject<enter>/<c-u>tcp<enter><c-r>", "<c-d>", |s| s.app.library.history.entries().len() == 1),
    (Action::SaveFilter, "/reject", "<c-s>", |s| matches!(s.app.overlay, Some(Overlay::Save(_)))),
    (Action::AcceptFilter, "/reject", "<enter>", |s| pane(s) == Pane::Records),
    (Action::Complete, "/srcad", "<tab>", |s| text(s) == "srcaddr "),
    (Action::NextCandidate, "/src", "<a-n>", |s| s.app.filter.completing.chosen == Some(0)),
    (Action::PreviousCandidate, "/src<a-n><a-n>", "<a-p>", |s| s.app.filter.completing.chosen == Some(0)),
    (Action::HistoryBack, "/reject<enter>/<c-u>", "<up>", |s| text(s) == "reject"),
    (Action::HistoryForward, "/reject<enter>/<c-u><up>", "<down>", |s| text(s).is_empty()),
    (Action::WordLeft, "/reject tcp", "<c-left>", |s| cursor(s) == 7),
    (Action::WordRight, "/reject tcp<home>", "<c-right>", |s| cursor(s) == 6),
    (Action::DeleteBack, "/reject", "<bs>", |s| text(s) == "rejec"),
    (Action::DeleteForward, "/reject<home>", "<del>", |s| text(s) == "eject"),
    (Action::DeleteWord, "/reject tcp", "<a-bs>", |s| text(s) == "reject "),
    (Action::DeleteToStart, "/reject", "<c-u>", |s| text(s).is_empty()),
    (Action::DeleteToEnd, "/reject<home>", "<c-k>", |s| text(s).is_empty()),
    (Action::TryFilter, "40", "t", |s| !applied(s).is_empty() || has_notice(s, "no filter is suggested")),
];

/// Cases of looking at records and at times.
#[rustfmt::skip]
const SHOWING: &[Case] = &[
    (Action::NextTimes, "tt", "t", |s| s.app.records.times == Times::default()),
    (Action::ChooseZone, "", "T", |s| asks_for(s, PromptKind::Zone)),
    (Action::FindText, "", "<c-f>", |s| asks_for(s, PromptKind::Find)),
    (Action::GoTo, "", "<c-g>", |s| asks_for(s, PromptKind::GoTo)),
    (Action::NextMatch, "<c-f>3389<enter>g", "n", |s| position(s) > 0),
    (Action::PreviousMatch, "<c-f>3389<enter>g", "N", |s| position(s) > 100),
    (Action::ShowColumns, "", "C", |s| matches!(s.app.overlay, Some(Overlay::Columns(_)))),
    (Action::ToggleColumn, "0l", "-", |s| s.app.records.choice.hidden == [id::ACTION]),
    (Action::Narrower, "0", "<", |s| s.app.records.choice.widths.len() == 1),
    (Action::Wider, "0", ">", |s| s.app.records.choice.widths.len() == 1),
    (Action::MoveLater, "0C", "J", |s| s.app.records.columns[1].field == id::START),
    (Action::MoveEarlier, "0lC", "K", |s| s.app.records.columns[1].field == id::START),
    (Action::FreezeColumns, "0lC", "f", |s| s.app.records.choice.frozen == 2),
    (Action::ResetColumns, "0l-C", "r", |s| s.app.records.choice.hidden.is_empty()),
    (Action::Search, "C", "/", |s| matches!(&s.app.overlay, Some(Overlay::Columns(list)) if list.is_searching)),
    (Action::KeepColumns, "C", "D", |s| has_notice(s, "kept for all logs")),
    (Action::CopyRow, "y", "r", |s| has_copied(s, |text| text.contains('\t'))),
    (Action::Decode, "", "d", |s| s.app.records.notation == Notation::Raw),
    (Action::Sort, "", "s", |s| s.app.records.sorting != Sorting::Time),
    (Action::FlipSort, "", "S", |s| s.app.records.sorting != Sorting::Time),
    (Action::AddSort, "ls", "l+", |s| s.app.records.sorting.columns().len() == 2),
    (Action::Brush, "2", "v", |s| s.app.timeline.brush.is_some()),
    (Action::ZoomIn, "2", "z", |s| bar_seconds(s) < 10),
    (Action::ZoomOut, "2z", "Z", |s| bar_seconds(s) >= 10),
    (Action::ZoomFit, "2zz", "a", |s| bar_seconds(s) >= 10),
    (Action::NextMeasure, "3", "s", |s| s.app.breakdown.measure == Measure::Packets),
    (Action::ChooseField, "3", "b", |s| matches!(s.app.overlay, Some(Overlay::Fields(_)))),
    (Action::Help, "", "<f2>", |s| matches!(s.app.overlay, Some(Overlay::Help(_)))),
    (Action::SearchHelp, "?", "/", |s| matches!(&s.app.overlay, Some(Overlay::Help(help)) if help.is_typing)),
    (Action::Palette, "", ":", |s| matches!(s.app.overlay, Some(Overlay::Palette(_)))),
    (Action::ShowProblems, "", "R", |s| matches!(s.app.overlay, Some(Overlay::Problems(_)))),
    (Action::ShowFormat, "", "o", |s| has_notice(s, "order of fields")),
    (Action::Pause, "", "F", |s| has_notice(s, "--follow")),
    (Action::CopyMenu, "", "y", |s| matches!(s.app.overlay, Some(Overlay::Copy(_)))),
    (Action::CopyCell, "0l", "c", |s| has_copied(s, |text| text == "ACCEPT" || text == "REJECT" || text == "-")),
    (Action::CopyLine, "y", "l", |s| has_copied(s, |text| text.contains("eni-"))),
    (Action::CopyFilter, "/reject<enter>y", "f", |s| has_copied(s, |text| text == "reject")),
    (Action::ShowCopied, "c", "Y", |s| s.app.copying.is_shown()),
    (Action::Redraw, "", "<c-l>", |s| matches!(s.cmds[..], [Cmd::Redraw])),
    (Action::Suspend, "", "<c-z>", |s| matches!(s.cmds[..], [Cmd::Suspend])),
    (Action::Cancel, "/reject", "<c-c>", |s| pane(s) == Pane::Records),
    (Action::Quit, "", "q", |s| matches!(s.cmds[..], [Cmd::Quit])),
];

/// The seconds of a bar of the timeline.
fn bar_seconds(session: &Session) -> u64 {
    let shown = session
        .app
        .timeline
        .shown_in(&session.app.layout, &session.app.store);
    shown.unwrap().window.width
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [MOVING, FILTERING, SHOWING].into_iter().flatten()
}

#[test]
fn every_action_does_what_it_says() {
    for (action, before, key, holds) in cases() {
        let mut lab = Session::lab(120, 36);
        lab.press(before);
        assert!(!holds(&lab), "{action:?} is done before its key");
        let bound = keymap::resolve(lab.app.scopes(), *keys(key).last().unwrap());
        assert_eq!(bound, Some(*action), "{key} after {before:?}");
        lab.press(key);
        assert!(holds(&lab), "{action:?}: {:?}", lab.app.notice);
    }
}

#[test]
fn every_action_of_the_table_has_a_session() {
    for binding in BINDINGS {
        let mut cases = cases();
        assert!(
            cases.any(|case| case.0 == binding.action),
            "{:?} has no session here",
            binding.action
        );
    }
}
