use ratatui::buffer::Cell;
use ratatui::style::Modifier;

use super::*;
use crate::app::tests::Session;
use crate::theme::{Name, Theme};
use crate::ui::tests::drawn;

/// The text under the bars.
fn axis(session: &Session) -> String {
    let screen = drawn(session, &Theme::plain());
    let area = session.app.layout.inner(Pane::Timeline);
    let cells =
        (area.left()..area.right() - TOTAL_WIDTH).map(|x| &screen.buffer()[(x, area.bottom() - 1)]);
    cells.map(Cell::symbol).collect()
}

#[test]
fn marks_never_overlap_a_time() {
    let mut lab = Session::lab(80, 24);
    lab.press("2");
    assert_eq!(axis(&lab).split_whitespace().next(), Some("▲"));
    for _ in 0..30 {
        lab.press("l");
        let axis = axis(&lab);
        assert_eq!(axis.matches('▲').count(), 1, "{axis}");
        for word in axis.split(['▲', ' ']).filter(|word| !word.is_empty()) {
            assert!(word.len() == 8 && word.starts_with("02:2"), "{axis}");
        }
    }
    lab.press("vlllll");
    let axis = axis(&lab);
    assert!(axis.contains(" ─────▲ "), "{axis}");
}

#[test]
fn what_was_rejected_hangs_from_the_axis_on_a_scale_of_its_own() {
    let mut lab = Session::lab(200, 50);
    lab.press("2\\");
    let screen = drawn(&lab, &Name::Terminal.theme());
    let area = lab.app.layout.inner(Pane::Timeline);
    let shape = LaneShape::of(lane_rows(area.height), 5);
    assert!(shape.up > 1 && shape.gap == 1, "{shape:?}");
    let answer = lab.app.results.answer.as_ref().unwrap();
    let timeline = answer.timeline.as_ref().unwrap();
    let cell = |row: u16, bucket: u16| {
        screen.buffer()[(area.x + label_width(area.width) + bucket, area.y + row)].clone()
    };
    let most = |value: fn(ByAction) -> u64| {
        let buckets = 0..timeline.window.buckets;
        let largest = buckets.max_by_key(|bucket| value(timeline.all.measured(*bucket)));
        u16::try_from(largest.unwrap()).unwrap()
    };
    let accepted = most(|measured| measured.accepted);
    let rejected = most(|measured| measured.rejected);
    for row in 0..shape.up {
        assert_eq!(cell(row, accepted).symbol(), "█", "the most fills all rows");
    }
    for row in shape.up..shape.up + shape.down {
        assert_eq!(cell(row, rejected).symbol(), "█");
    }
    // A few rejected records are an eighth of a cell, drawn as the reverse of the other seven.
    let buckets = 0..u16::try_from(timeline.window.buckets).unwrap();
    let few = buckets.filter(|bucket| {
        let rejected = timeline.all.measured(usize::from(*bucket)).rejected;
        (1..9).contains(&rejected)
    });
    let few: Vec<u16> = few.collect();
    assert!(!few.is_empty());
    for bucket in few {
        let cell = cell(shape.up, bucket);
        assert!(cell.modifier.contains(Modifier::REVERSED));
        assert_eq!(cell.symbol(), "▇");
    }
}

#[test]
fn lanes_follow_the_measure_and_the_time_of_the_filter() {
    let mut lab = Session::lab(120, 36);
    let lanes = |session: &Session| -> Vec<String> {
        let answer = session.app.results.answer.as_ref().unwrap();
        let lanes = answer.timeline.as_ref().unwrap().lanes.iter();
        lanes.map(|lane| lane.label.clone()).collect()
    };
    let by_records = lanes(&lab);
    lab.press("2ss");
    assert_eq!(lab.app.breakdown.measure, Measure::Bytes);
    assert_ne!(lanes(&lab), by_records);
    let answer = lab.app.results.answer.as_ref().unwrap();
    let timeline = answer.timeline.as_ref().unwrap();
    let bytes: u64 = timeline
        .lanes
        .iter()
        .map(|lane| lane.measured_total().total())
        .sum();
    assert_eq!(bytes, timeline.all.total.bytes);

    let window = |session: &Session| {
        let answer = session.app.results.answer.as_ref().unwrap();
        answer.timeline.as_ref().unwrap().window
    };
    let whole = window(&lab);
    lab.press("/start >= 02:23:10 and start < 02:23:40<enter>");
    let part = window(&lab);
    assert_eq!(
        (part.width, part.start_of(0), part.end()),
        (1, part.first, part.first + 30)
    );
    lab.press("u");
    assert_eq!(window(&lab), whole);
}
