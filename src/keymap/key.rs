//! A key as the table names it.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key press with the parts that differ between terminals taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key itself; letters carry their case.
    pub code: KeyCode,
    /// Whether control was held.
    pub ctrl: bool,
    /// Whether alt was held.
    pub alt: bool,
}

impl From<KeyEvent> for Key {
    /// Drops shift: terminals disagree on whether `G` carries it, and the case already says so.
    fn from(event: KeyEvent) -> Self {
        Self {
            code: event.code,
            ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
            alt: event.modifiers.contains(KeyModifiers::ALT),
        }
    }
}

impl Key {
    /// The key that this one and `next` are if they come at once: terminals may send Alt and a key as Escape and the key,
    /// and Alt and an arrow as Escape, `[` and a letter.
    pub fn joined_with(self, next: Self) -> Option<Self> {
        if self == key(KeyCode::Esc) {
            let is_plain = !next.ctrl && !next.alt && next.code != KeyCode::Esc;
            return is_plain.then_some(Self { alt: true, ..next });
        }
        let code = match next.typed().filter(|_| self == alt('['))? {
            'A' => KeyCode::Up,
            'B' => KeyCode::Down,
            'C' => KeyCode::Right,
            'D' => KeyCode::Left,
            _ => return None,
        };
        Some(key_alt(code))
    }

    /// Whether the key may be the beginning of another one.
    pub fn may_continue(self) -> bool {
        self == key(KeyCode::Esc) || self == alt('[')
    }

    /// Escape, and the key without Alt: what Alt and a key is where it is not bound.
    pub fn without_alt(self) -> Option<[Self; 2]> {
        self.alt
            .then_some([key(KeyCode::Esc), Self { alt: false, ..self }])
    }

    /// The character that the key types, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.code {
            KeyCode::Char(' ') => "Space".into(),
            KeyCode::Char(c) if self.ctrl => c.to_ascii_uppercase().to_string(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::PageDown => "PgDn".into(),
            KeyCode::PageUp => "PgUp".into(),
            KeyCode::Left => "←".into(),
            KeyCode::Right => "→".into(),
            KeyCode::Up => "↑".into(),
            KeyCode::Down => "↓".into(),
            KeyCode::BackTab => "Shift-Tab".into(),
            KeyCode::F(number) => format!("F{number}"),
            code => format!("{code:?}"),
        };
        let (ctrl, alt) = (
            if self.ctrl { "Ctrl-" } else { "" },
            if self.alt { "Alt-" } else { "" },
        );
        f.pad(&format!("{ctrl}{alt}{name}"))
    }
}

pub(super) const fn key(code: KeyCode) -> Key {
    Key {
        code,
        ctrl: false,
        alt: false,
    }
}

pub(super) const fn ch(c: char) -> Key {
    key(KeyCode::Char(c))
}

pub(super) const fn ctrl(c: char) -> Key {
    Key {
        code: KeyCode::Char(c),
        ctrl: true,
        alt: false,
    }
}

pub(super) const fn ctrl_alt(c: char) -> Key {
    Key {
        code: KeyCode::Char(c),
        ctrl: true,
        alt: true,
    }
}

pub(super) const fn key_ctrl(code: KeyCode) -> Key {
    Key {
        code,
        ctrl: true,
        alt: false,
    }
}

pub(super) const fn alt(c: char) -> Key {
    key_alt(KeyCode::Char(c))
}

pub(super) const fn key_alt(code: KeyCode) -> Key {
    Key {
        code,
        ctrl: false,
        alt: true,
    }
}
