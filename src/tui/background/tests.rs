use crossterm::event::{KeyEvent, KeyModifiers};

use super::*;

fn keys(text: &str, late: &mut LateAnswer) -> String {
    let mut acted = String::new();
    let mut typed = text.chars().peekable();
    while let Some(c) = typed.next() {
        let (c, modifiers) = match c {
            '\u{1b}' => (typed.next().unwrap(), KeyModifiers::ALT),
            '\u{7}' => ('g', KeyModifiers::CONTROL),
            c => (c, KeyModifiers::NONE),
        };
        for key in late.keys(KeyEvent::new(KeyCode::Char(c), modifiers).into()) {
            acted.extend(key.code.as_char());
        }
    }
    acted
}

#[test]
fn a_late_answer_never_acts_as_keys() {
    for answer in [
        "\u{1b}]11;rgb:1c1c/1c1c/1c1c\u{1b}\\",
        "\u{1b}]11;rgb:ffff/ffff/ffff\u{7}",
        "\u{1b}]11;rgba:00/00/00/ff\u{1b}\\",
    ] {
        let mut late = LateAnswer::new(true);
        assert_eq!(keys(&format!("jk{answer}q]"), &mut late), "jkq]");
    }
}

#[test]
fn keys_that_only_begin_like_an_answer_act() {
    let mut late = LateAnswer::new(true);
    assert_eq!(keys("\u{1b}]12j", &mut late), "]12j");
    assert_eq!(keys("\u{1b}]j\u{7}", &mut late), "]jg");
    let mut answered = LateAnswer::new(false);
    assert_eq!(keys("\u{1b}]1", &mut answered), "]1");
}

#[test]
fn screen_and_the_console_are_not_asked() {
    let may = |set: &[(&str, &str)]| {
        may_ask(|name| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        })
    };
    assert!(may(&[("TERM", "xterm-256color")]));
    assert!(!may(&[("TERM", "linux")]));
    assert!(!may(&[("TERM", "screen.xterm-256color")]));
    assert!(!may(&[("TERM", "xterm"), ("STY", "1234.pts-0")]));
    assert!(may(&[("TERM", "screen-256color"), ("TMUX", "default,1,0")]));
}
