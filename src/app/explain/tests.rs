use std::collections::BTreeSet;

use super::*;
use crate::app::tests::Session;

/// A session on the explanation of a rejected record of the sample.
fn explaining(cols: u16, rows: u16) -> Session {
    let mut lab = Session::lab(cols, rows);
    lab.press("/reject dst port 3389<enter>4g");
    lab
}

/// The visible lines of the sentence and of the field under the cursor.
fn seen(pane: &ExplainPane) -> BTreeSet<String> {
    let on_screen = pane.top..(pane.top + pane.room).min(pane.lines.len());
    let line = |at: usize| format!("{at} {:?}", pane.lines[at]);
    (0..pane.pinned).chain(on_screen).map(line).collect()
}

/// All lines of the sentence and of the field under the cursor.
fn wanted(pane: &ExplainPane) -> BTreeSet<String> {
    let rule = pane
        .lines
        .iter()
        .position(|line| line.style == LineStyle::Rule);
    let lines = (0..=rule.unwrap()).chain(pane.block());
    lines
        .map(|at| format!("{at} {:?}", pane.lines[at]))
        .collect()
}

const SIZES: [(u16, u16); 6] = [(80, 24), (120, 36), (200, 50), (120, 14), (40, 10), (20, 5)];

#[test]
fn every_line_can_be_reached_downwards() {
    for (cols, rows) in SIZES {
        let mut lab = explaining(cols, rows);
        let count = lab.app.explain.explanation.as_ref().unwrap().facts.len();
        for fact in 0..count {
            assert_eq!(lab.app.explain.fact, fact, "{cols}x{rows}");
            let (mut missing, mut lines) = (wanted(&lab.app.explain), 0);
            if fact > 0 {
                missing.retain(|line| !line.contains("Sentence") && !line.contains("Rule"));
            }
            while lab.app.explain.fact == fact && lines < 500 {
                missing = &missing - &seen(&lab.app.explain);
                lab.press("j");
                lines += 1;
            }
            assert_eq!(missing, BTreeSet::new(), "{cols}x{rows}, field {fact}");
            if fact + 1 == count {
                let pane = &lab.app.explain;
                assert!(pane.top + pane.room >= pane.lines.len(), "{cols}x{rows}");
            }
        }
    }
}

#[test]
fn the_sentence_can_be_reached_upwards() {
    for (cols, rows) in SIZES {
        let mut lab = explaining(cols, rows);
        lab.press("G");
        let pane = &lab.app.explain;
        assert!(pane.top + pane.room >= pane.lines.len(), "{cols}x{rows}");
        for _ in 0..500 {
            lab.press("k");
        }
        let pane = &lab.app.explain;
        assert_eq!((pane.fact, pane.top), (0, pane.pinned), "{cols}x{rows}");
    }
}

#[test]
fn pages_skip_no_line() {
    for (cols, rows) in SIZES {
        let mut lab = explaining(cols, rows);
        lab.press("jjjjjjjjjjjj");
        let mut missing = wanted(&lab.app.explain);
        missing.retain(|line| !line.contains("Sentence") && !line.contains("Rule"));
        let fact = lab.app.explain.fact;
        while lab.app.explain.fact == fact && lab.app.explain.top > lab.app.explain.block().start {
            lab.press("k");
        }
        for _ in 0..100 {
            if lab.app.explain.fact != fact || missing.is_empty() {
                break;
            }
            missing = &missing - &seen(&lab.app.explain);
            lab.press("<pgdn>");
        }
        assert_eq!(missing, BTreeSet::new(), "{cols}x{rows}");
    }
}
