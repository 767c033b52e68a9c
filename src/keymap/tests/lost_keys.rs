//! No action has only keys that a common terminal, browser or multiplexer keeps for itself or changes.

use super::*;

/// A terminal, and the keys that do not arrive in it, or arrive as other keys.
type LostKeys = (&'static str, &'static [Key]);

const F1: Key = key(KeyCode::F(1));
const ALT_LEFT: Key = key_alt(KeyCode::Left);
const ALT_RIGHT: Key = key_alt(KeyCode::Right);
const ALT_BACKSPACE: Key = key_alt(KeyCode::Backspace);

#[rustfmt::skip]
const LOST: &[LostKeys] = &[
    ("xfce4-terminal", &[alt('f'), alt('b'), ALT_BACKSPACE, F1, key(KeyCode::F(10)), key(KeyCode::F(11)), alt('1'), key_ctrl(KeyCode::PageUp)]),
    ("lxterminal", &[alt('f'), key(KeyCode::F(10)), key_ctrl(KeyCode::PageUp)]),
    ("gnome-terminal", &[alt('f'), key(KeyCode::F(10)), key(KeyCode::F(11))]),
    ("qterminal", &[key(KeyCode::Backspace), ALT_BACKSPACE, key(KeyCode::F(11))]),
    ("xterm", &[alt('b'), alt('f'), alt('n'), alt('p'), alt('u'), alt('r'), ALT_BACKSPACE]),
    ("konsole", &[key(KeyCode::F(11))]),
    ("urxvt", &[ALT_LEFT, ALT_RIGHT]),
    ("st", &[key(KeyCode::Delete)]),
    ("xterm.js in a browser", &[ctrl('w'), ctrl('n'), ctrl('t'), ctrl('/'), key_ctrl(KeyCode::PageUp), ALT_LEFT, ALT_RIGHT]),
    ("tmux", &[ctrl('b')]),
    ("GNU screen", &[ctrl('a')]),
    ("Linux console", &[ALT_LEFT, ALT_RIGHT, key(KeyCode::BackTab), key_ctrl(KeyCode::Left), key_ctrl(KeyCode::Right)]),
];

#[test]
fn every_action_has_a_key_that_arrives_in_every_terminal() {
    for (terminal, lost) in LOST {
        for binding in BINDINGS {
            assert!(
                binding.keys.iter().any(|key| !lost.contains(key)),
                "{terminal} has no key for {:?} in {:?}",
                binding.action,
                binding.scope
            );
        }
    }
}
