use ratatui::buffer::Cell;
use ratatui::style::Color;

use super::*;
use crate::analysis::Window;
use crate::app::tests::Session;
use crate::schema::id;
use crate::store::RowId;
use crate::theme::{ASCII, Charset, Name, Theme, UNICODE};
use crate::ui::tests::{cells_from, drawn};

/// The largest group of a session, and its row on the screen.
fn largest(session: &Session, theme: &Theme) -> (Group, Vec<Cell>) {
    let answer = session.app.results.answer.as_ref().unwrap();
    let group = answer.breakdown.groups[0].clone();
    let whole = answer.breakdown.measure.of(&group.counts);
    let start = format!("{} ", group.label);
    let cells = cells_from(
        &drawn(session, theme),
        &format!("{}{start}", theme.symbols.cursor),
    );
    let number = format!(" {} ", number(answer.breakdown.measure, whole, 8));
    let at = (0..cells.len()).find(|at| text(&cells[*at..]).starts_with(&number));
    (group, cells[at.unwrap() + number.len()..].to_vec())
}

fn text(cells: &[Cell]) -> String {
    cells.iter().map(Cell::symbol).collect()
}

/// The measure of the records from `source` in each bucket, computed from the records.
fn buckets(session: &Session, source: &str, window: Window, measure: Measure) -> Vec<u64> {
    let store = &session.app.store;
    let mut buckets = vec![0; window.buckets];
    for row in (0..store.rows()).map(|row| RowId(u32::try_from(row).unwrap())) {
        if store.cell_text(row, id::SRCADDR) == source {
            let start = store.number(row, id::START).unwrap();
            let number = |field| store.number(row, field).unwrap_or(0);
            buckets[window.bucket(start).unwrap()] += match measure {
                Measure::Records => 1,
                Measure::Packets => number(id::PACKETS),
                Measure::Bytes => number(id::BYTES),
            };
        }
    }
    buckets
}

#[test]
fn the_sparkline_is_the_measure_over_time_at_exact_ratios() {
    for (cols, rows, most) in [(80, 24, 5), (120, 36, 5), (200, 50, 40)] {
        let mut lab = Session::lab(cols, rows);
        lab.press("3");
        for measure in [Measure::Records, Measure::Packets, Measure::Bytes] {
            assert_eq!(lab.app.breakdown.measure, measure);
            let window = lab
                .app
                .results
                .answer
                .as_ref()
                .unwrap()
                .timeline
                .as_ref()
                .unwrap()
                .window;
            let (group, cells) = largest(&lab, &Theme::plain());
            let buckets = buckets(&lab, &group.label, window, measure);
            assert_eq!(buckets.iter().sum::<u64>(), measure.of(&group.counts));
            // All columns cover the same number of buckets, the smallest that makes them fit.
            let factor = buckets.len().div_ceil(most);
            let columns: Vec<u64> = buckets.chunks(factor).map(|b| b.iter().sum()).collect();
            let highest = *columns.iter().max().unwrap();
            let height = |value: u64| match (value * 16 + highest) / (2 * highest) {
                0 if value == 0 => " ",
                0 => UNICODE.bars[0],
                height => UNICODE.bars[usize::try_from(height).unwrap() - 1],
            };
            let wanted: String = columns.iter().map(|value| height(*value)).collect();
            // After the bar and the share.
            let found = text(&cells[8 + 9..][..columns.len()]);
            assert_eq!(found, wanted, "{cols} {measure:?}");
            lab.press("s");
        }
    }
}

#[test]
fn the_bar_of_a_group_has_its_accepted_and_its_rejected_part() {
    let theme = Name::Dark.theme();
    let mut lab = Session::lab(120, 36);
    lab.press("3");
    let (group, cells) = largest(&lab, &theme);
    assert_eq!(group.label, "10.0.100.10");
    assert_eq!((group.counts.records, group.counts.reject), (4258, 1994));
    // 25.5 and 22.5 eighths of six cells.
    let bar: Vec<(&str, Color, Color)> = cells
        .iter()
        .map(|cell| (cell.symbol(), cell.fg, cell.bg))
        .take(8)
        .collect();
    let (accept, reject) = (theme.accept_bar.fg.unwrap(), theme.reject_bar.fg.unwrap());
    let none = theme.row.bg.unwrap();
    assert_eq!(bar[..3], [("█", accept, none); 3]);
    assert_eq!(bar[3], ("▎", accept, reject));
    assert_eq!(bar[4..6], [("█", reject, none); 2]);
    assert_eq!([bar[6].0, bar[7].0], [" ", " "]);
}

#[test]
fn parts_and_actions_follow_the_measure() {
    let mut lab = Session::lab(120, 36);
    lab.press("3ss");
    let store = &lab.app.store;
    let mut sums = [0; 3];
    let mut source = [0; 3];
    let answer = lab.app.results.answer.as_ref().unwrap();
    let group = answer.breakdown.groups[0].clone();
    for row in (0..store.rows()).map(|row| RowId(u32::try_from(row).unwrap())) {
        let action = match store.cell_text(row, id::ACTION).as_str() {
            "ACCEPT" => 0,
            "REJECT" => 1,
            _ => 2,
        };
        let bytes = store.number(row, id::BYTES).unwrap_or(0);
        sums[action] += bytes;
        if store.cell_text(row, id::SRCADDR) == group.label {
            source[action] += bytes;
        }
    }
    let parts = |parts: Option<ByAction>| {
        let parts = parts.unwrap();
        [parts.accepted, parts.rejected, parts.other]
    };
    assert_eq!(parts(answer.breakdown.by_action), sums);
    assert_eq!(parts(group.by_action), source);
    let screen = drawn(&lab, &Theme::plain());
    for (name, value) in [("ACCEPT  ", sums[0]), ("REJECT  ", sums[1])] {
        let line = format!("{name}{:>7} ", format::bytes(value));
        assert_eq!(text(&cells_from(&screen, &line)[..16]), line);
    }
    // Records without bytes have no separate row.
    let answer = lab.app.results.answer.as_ref().unwrap();
    let canvas = Canvas {
        app: &lab.app,
        theme: &Theme::plain(),
    };
    let rows = actions(
        canvas,
        &answer.breakdown,
        answer.breakdown.by_action.unwrap(),
    );
    let names: Vec<&str> = rows.map(|(name, ..)| name).collect();
    assert_eq!(names, ["ACCEPT", "REJECT"]);
}

#[test]
fn without_colours_the_parts_of_a_bar_have_symbols_that_the_actions_explain() {
    for (theme, symbols) in [
        (Theme::plain(), &UNICODE),
        (Theme::plain().with(Charset::Ascii), &ASCII),
        (Name::Dark.theme().with(Charset::Ascii), &ASCII),
    ] {
        let mut lab = Session::lab(120, 36);
        lab.press("3");
        let [[half, accept], [half_reject, reject], _] = symbols.parts;
        let (_, cells) = largest(&lab, &theme);
        let bar = format!("{}{}  ", accept.repeat(3), reject.repeat(3));
        assert_eq!(text(&cells[..8]), bar);
        let screen = drawn(&lab, &theme);
        let line = format!("ACCEPT    3,834 {}{half} ", accept.repeat(3));
        assert_eq!(text(&cells_from(&screen, "ACCEPT   ")[..21]), line);
        let line = format!("REJECT    2,012 {reject}{half_reject} ");
        assert_eq!(text(&cells_from(&screen, "REJECT   ")[..19]), line);
    }
}

#[test]
fn the_last_column_of_a_sparkline_is_faint_if_it_covers_less_time() {
    let theme = Name::Terminal.theme();
    let mut lab = Session::lab(202, 50);
    // With the whole time range, nothing follows the last column.
    lab.press("3");
    let (group, cells) = largest(&lab, &theme);
    let columns = |group: &Group| group.sparkline.len().div_ceil(3);
    assert!(!group.sparkline.len().is_multiple_of(3));
    let spark = |cells: &[Cell], group: &Group| cells[8 + 9..][..columns(group)].to_vec();
    let is_faint = |cell: &Cell| cell.modifier.contains(theme.faint.add_modifier);
    assert!(!spark(&cells, &group).iter().any(is_faint));
    lab.press("2llllllllllllllllllllllllllz3");
    let (group, cells) = largest(&lab, &theme);
    let (last, others) = (spark(&cells, &group), columns(&group) - 1);
    assert!(!group.sparkline.len().is_multiple_of(3));
    assert!(is_faint(&last[others]) && !last[..others].iter().any(is_faint));
}
