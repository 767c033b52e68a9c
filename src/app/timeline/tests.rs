use proptest::prelude::*;

use super::*;
use crate::app::tests::Session;

/// Movements of the cursor.
const MOVES: [Action; 4] = [Action::Left, Action::Right, Action::First, Action::Last];

fn spans() -> impl Strategy<Value = (u64, u64)> {
    let first = prop_oneof![0u64..100, 1_700_000_000u64..1_700_100_000, any::<u64>()];
    let length = prop_oneof![0u64..300, 0u64..100_000, 0u64..1 << 40, any::<u64>()];
    (first, length).prop_map(|(first, length)| (first, first.saturating_add(length)))
}

fn moves() -> impl Strategy<Value = Vec<Action>> {
    prop::collection::vec(prop::sample::select(&MOVES[..]), 0..12)
}

/// The time under the cursor, which must be in the bar under the cursor.
#[track_caller]
fn time(pane: &TimelinePane, shown: Shown) -> u64 {
    let at = pane.at.unwrap_or(shown.range.0);
    let bar = pane.bar(shown.window);
    assert_eq!(shown.window.bucket(at), Some(bar), "{pane:?} {shown:?}");
    at
}

proptest! {
    #[test]
    fn zooming_out_is_the_inverse_of_zooming_in(
        span in spans(), width in 0u16..400, before in moves(),
        steps in prop::collection::vec(moves(), 0..30), moving: bool,
    ) {
        let mut pane = TimelinePane::default();
        let shown = |pane: &TimelinePane| pane.shown(Some(span), width).unwrap();
        for action in before {
            pane.move_cursor(action, shown(&pane));
        }
        let (first, start) = (shown(&pane), time(&pane, shown(&pane)));
        let mut stack = Vec::new();
        for moves in &steps {
            let now = shown(&pane);
            let at = time(&pane, now);
            if !pane.zoom_in(now) {
                prop_assert_eq!(now.window.width, 1);
                break;
            }
            stack.push(now);
            let zoomed = shown(&pane);
            prop_assert!(zoomed.window.width < now.window.width);
            prop_assert!(now.range.0 <= zoomed.range.0 && zoomed.range.1 <= now.range.1);
            prop_assert!(zoomed.window.buckets <= zoomed.room);
            prop_assert_eq!(time(&pane, zoomed), at);
            for action in moves.iter().filter(|_| moving) {
                pane.move_cursor(*action, shown(&pane));
            }
        }
        let end = time(&pane, shown(&pane));
        while let Some(wanted) = stack.pop() {
            let zoomed = shown(&pane);
            prop_assert!(pane.zoom_out());
            prop_assert_eq!(shown(&pane), wanted);
            prop_assert_eq!(time(&pane, wanted), end);
            if !moving {
                let mut again = pane.clone();
                prop_assert!(again.zoom_in(wanted));
                prop_assert_eq!(shown(&again), zoomed);
            }
        }
        prop_assert!(!pane.zoom_out());
        prop_assert_eq!(shown(&pane), first);
        prop_assert!(moving || end == start);
    }

    #[test]
    fn zooming_in_goes_to_the_next_shorter_bars_and_fills_the_pane(
        span in spans(), width in 30u16..400, before in moves(), times in 1usize..30,
    ) {
        let mut pane = TimelinePane::default();
        let shown = |pane: &TimelinePane| pane.shown(Some(span), width).unwrap();
        for action in before {
            pane.move_cursor(action, shown(&pane));
        }
        for _ in 0..times {
            let now = shown(&pane);
            let Some(shorter) = now.window.shorter() else {
                prop_assert_eq!(now.window.width, 1);
                return Ok(());
            };
            prop_assert!(pane.zoom_in(now));
            let zoomed = shown(&pane);
            prop_assert_eq!(zoomed.window.width, shorter);
            prop_assert_eq!(zoomed.window.buckets, zoomed.room);
        }
    }
}

#[test]
fn bars_cover_at_least_one_second() {
    let mut lab = Session::lab(120, 36);
    let window = |lab: &Session| {
        let answer = lab.app.results.answer.as_ref().unwrap();
        answer.timeline.as_ref().unwrap().window
    };
    lab.press("2llllllll");
    let (all, at) = (window(&lab), lab.app.timeline.at);
    let mut windows = vec![all];
    while lab.app.notice.is_none() {
        windows.push(window(lab.press("z")));
    }
    let said = lab.app.notice.as_deref();
    assert_eq!(said, Some("a bar cannot be shorter than 1 second"));
    assert_eq!(windows.pop(), Some(window(&lab)));
    let widths: Vec<u64> = windows.iter().map(|window| window.width).collect();
    assert_eq!(widths, [10, 5, 2, 1]);
    assert_eq!(windows.pop(), Some(window(&lab)));
    while let Some(before) = windows.pop() {
        assert_eq!(window(lab.press("Z")), before);
        assert_eq!(lab.app.timeline.at, at);
    }
    lab.press("Z");
    let said = lab.app.notice.as_deref();
    assert_eq!(said, Some("the whole time range is shown"));
    assert_eq!(window(lab.press("zza")), all);
}

#[test]
fn every_zoom_key_counts_before_the_answer_arrives() {
    let mut pane = TimelinePane::default();
    let span = Some((0, 100_000));
    for _ in 0..3 {
        let shown = pane.shown(span, 80).unwrap();
        assert!(pane.zoom_in(shown));
    }
    assert!(pane.zoom_out() && pane.zoom_out() && pane.zoom_out() && !pane.zoom_out());
}

#[test]
fn keys_are_safe_before_the_first_answer() {
    let mut pane = TimelinePane::default();
    let shown = pane.shown(Some((0, 1_000)), 80).unwrap();
    for action in [Action::Bottom, Action::Down, Action::Last, Action::Right] {
        assert!(pane.move_cursor(action, shown));
    }
    assert_eq!(pane.at, Some(1_000 - 1_000 % shown.window.width));
}

#[test]
fn marks_cover_whole_bars_even_after_zooming() {
    let mut pane = TimelinePane::default();
    let shown = |pane: &TimelinePane| pane.shown(Some((1_000, 1_999)), 68).unwrap();
    assert_eq!(shown(&pane).window.width, 30);
    pane.move_cursor(Action::Right, shown(&pane));
    assert!(pane.zoom_in(shown(&pane)));
    assert_eq!(shown(&pane).window.width, 15);
    pane.move_cursor(Action::Right, shown(&pane));
    pane.mark(shown(&pane).window);
    pane.move_cursor(Action::Right, shown(&pane));
    assert_eq!(pane.selected_time(shown(&pane).window), 1_035..1_065);
    assert!(pane.zoom_out());
    assert_eq!(pane.selected_time(shown(&pane).window), 1_020..1_080);
}

#[test]
fn the_cursor_keeps_its_time_when_the_pane_is_resized() {
    let mut lab = Session::lab(120, 36);
    lab.press("2lllll");
    let at = lab.app.timeline.at;
    lab.update(crate::app::Msg::Resize { cols: 60, rows: 20 });
    lab.press("jk").update(crate::app::Msg::Resize {
        cols: 120,
        rows: 36,
    });
    assert_eq!(lab.app.timeline.at, at);
}
