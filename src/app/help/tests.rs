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
    let wide = Help::new(Pane::Records, 400, Vec::new());
    let wanted: Vec<String> = wide.lines.iter().map(|line| words(&drawn(line))).collect();
    for width in 18..140 {
        let help = Help::new(Pane::Records, width, Vec::new());
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
