use super::*;
use crate::app::tests::Session;

/// A line as it is drawn.
fn drawn(line: &HelpLine) -> String {
    match line {
        HelpLine::Heading(text) | HelpLine::Text(text) => format!(" {text}"),
        HelpLine::Entry { name, text } => format!("  {name}{text}"),
    }
}

/// The words of a text, without separators.
fn words(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn the_help_is_wrapped_at_every_width() {
    let wide = Help::new(Pane::Records, 400, &[]);
    let wanted: Vec<String> = wide.lines.iter().map(|line| words(&drawn(line))).collect();
    for width in 18..140 {
        let help = Help::new(Pane::Records, width, &[]);
        let lines: Vec<String> = help.lines.iter().map(drawn).collect();
        for line in &lines {
            assert!(
                line.trim_end().width() <= usize::from(width),
                "{width}: {line}"
            );
        }
        assert_eq!(words(&lines.concat()), wanted.concat(), "{width}");
    }
}

#[test]
fn the_help_for_the_filter_starts_with_the_full_message() {
    let mut lab = Session::lab(20, 5);
    lab.press("/reject and srcadr == 10.0.0.1<f1>");
    let Some(super::super::Overlay::Help(help)) = &lab.app.overlay else {
        panic!("the help is not open");
    };
    let lines: Vec<String> = help.lines.iter().map(drawn).collect();
    let said = lab.app.filter.said()[0].sentence();
    assert!(words(&lines.concat()).starts_with(&words(&format!("This filter {said}"))));
    // Scroll to its end line by line.
    let (rows, page) = (help.lines.len(), layout::help_page(lab.app.layout.screen));
    assert!(page > 0);
    for _ in 0..rows {
        lab.press("j");
    }
    let Some(super::super::Overlay::Help(help)) = &lab.app.overlay else {
        panic!("the help is not open");
    };
    assert_eq!(help.top + page, rows);
}

fn help(session: &Session) -> &Help {
    match &session.app.overlay {
        Some(super::super::Overlay::Help(help)) => help,
        other => panic!("the help is not open but {other:?}"),
    }
}

#[test]
fn the_help_begins_with_the_focused_pane_and_its_keys() {
    for (key, title) in [
        ("1", "Records"),
        ("2", "Interfaces over time"),
        ("4", "Explain"),
    ] {
        let mut lab = Session::lab(120, 36);
        lab.press(key).press("?");
        let headings: Vec<&HelpLine> = help(&lab)
            .lines
            .iter()
            .filter(|line| matches!(line, HelpLine::Heading(_)))
            .collect();
        assert_eq!(headings[0], &HelpLine::Heading(title.into()));
        assert_eq!(headings[1], &HelpLine::Heading("Keys here".into()));
    }
}

#[test]
fn the_help_can_be_searched() {
    let mut lab = Session::lab(120, 36);
    lab.press("?");
    let all = help(&lab).lines.clone();
    lab.press("/undo filter");
    let found = help(&lab).lines.clone();
    assert!(found.len() < all.len() / 4);
    let texts: Vec<String> = found.iter().map(drawn).collect();
    assert!(
        texts.iter().any(|line| line.contains("Undo: go back")),
        "{texts:?}"
    );
    // Keys scroll again once the search is done, and Esc shows everything again.
    lab.press("<enter>j<esc>");
    assert_eq!(help(&lab).lines, all);
    lab.press("/zzzz");
    assert_eq!(help(&lab).lines.len(), 1);
    lab.press("<c-c><c-c>");
    assert!(lab.app.overlay.is_none());
}
