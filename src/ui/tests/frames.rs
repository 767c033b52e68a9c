use ratatui::layout::Position;

use super::*;

#[test]
fn each_pane_has_a_frame_of_its_own_and_only_the_focused_title_is_coloured() {
    for (focused, key) in Pane::ALL.into_iter().zip(["/", "1", "2", "3", "4"]) {
        let mut lab = Session::lab(120, 36);
        lab.press(key).press("<esc>").press(key);
        let theme = Name::Dark.theme();
        let screen = drawn(&lab, &theme);
        for pane in Pane::ALL {
            let area = lab.app.layout.area(pane);
            let at = |x, y| &screen.buffer()[(x, y)];
            let corners = [
                at(area.x, area.y),
                at(area.right() - 1, area.y),
                at(area.x, area.bottom() - 1),
                at(area.right() - 1, area.bottom() - 1),
            ];
            let symbols = corners.map(Cell::symbol);
            let style = if pane == focused {
                theme.focus_frame
            } else {
                theme.frame
            };
            if focused == Pane::Filter && pane != focused {
                continue; // The candidates may be in front of it.
            }
            if pane != Pane::Filter {
                assert_eq!(symbols, ["╭", "╮", "╰", "╯"], "{pane:?}");
                let colour = style.fg.unwrap_or(Color::Reset);
                assert!(corners.iter().all(|cell| cell.fg == colour), "{pane:?}");
            }
            let title = at(area.x + 2, area.y);
            let is_coloured = title.fg != Color::Reset;
            assert_eq!(is_coloured, pane == focused, "{pane:?} {title:?}");
        }
    }
}

#[test]
fn the_row_of_the_cursor_is_reversed_but_for_its_cell() {
    let reversed = |session: &Session, theme: &Theme| -> Vec<String> {
        let screen = drawn(session, theme);
        let timeline = session.app.layout.timeline;
        // Bars that hang are reversed, too.
        let is_reversed = |at: &Position| {
            let cell = &screen.buffer()[*at];
            cell.modifier.contains(Modifier::REVERSED) && !timeline.contains(*at)
        };
        let rows = screen.buffer().area.rows().map(|row| {
            let cells = row.positions().filter(is_reversed);
            cells.map(|at| screen.buffer()[at].symbol()).collect()
        });
        rows.filter(|row: &String| !row.is_empty()).collect()
    };
    for theme in [Name::Terminal.theme(), Theme::plain()] {
        let mut lab = Session::lab(120, 36);
        lab.press("G");
        for column in 0..lab.app.records.columns.len() {
            assert_eq!(lab.app.records.column, column);
            let rows = reversed(&lab, &theme);
            assert_eq!(rows.len(), 1);
            let cell = lab.app.records.columns[column].width;
            let row = usize::from(lab.app.layout.inner(Pane::Records).width);
            assert!(
                (row - cell..row).contains(&rows[0].chars().count()),
                "{rows:?}"
            );
            lab.press("l");
        }
        // Another focused pane has its own row.
        lab.press("g04");
        let name = lab.app.store.catalog.name(lab.app.records.field().unwrap());
        let rows = reversed(&lab, &theme);
        assert_eq!(rows.len(), 1);
        assert!(rows[0].starts_with(&*name), "{rows:?} {name}");
    }
}

#[test]
fn hidden_panes_are_named_in_a_title() {
    let titles = |cols, rows, keys: &str| -> Vec<String> {
        let mut lab = Session::lab(cols, rows);
        lab.press(keys);
        let screen = screen(&lab).to_string();
        let lines = screen.lines().map(|line| line.trim_matches('"'));
        let lines = lines.map(|line| line.split('│').next().unwrap_or_default());
        let lines = lines.filter(|line| line.starts_with('╭') && !line.contains("filter"));
        let words = |line: &str| line.replace(['╭', '╮', '─'], " ");
        let words = lines.map(words);
        words
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    };
    let lower = "2 interfaces over time 3 breakdown 4 explain";
    assert_eq!(titles(80, 24, ""), ["1 records", lower]);
    let lower = "2 interfaces over time 3 breakdown by srcaddr 4 explain";
    assert_eq!(titles(80, 24, "3"), ["1 records", lower]);
    assert_eq!(
        titles(80, 24, "1\\"),
        ["1 records 2 interfaces over time 3 breakdown 4 explain"]
    );
    assert_eq!(titles(30, 16, "1"), ["1 records 2 3 4"]);
    let all = [
        "1 records 4 explain",
        "2 interfaces over time",
        "3 breakdown by srcaddr",
    ];
    assert_eq!(titles(120, 36, ""), all);
    let wide = ["1 records 4 explain", "2 interfaces over time 3 breakdown"];
    assert_eq!(titles(120, 30, ""), wide);
    let tall = [
        "1 records",
        "2 interfaces over time",
        "3 breakdown by srcaddr 4 explain",
    ];
    assert_eq!(titles(80, 40, ""), tall);
    assert_eq!(titles(80, 60, "").len(), 4);
}
