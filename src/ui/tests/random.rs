//! Random keys, pastes, presses of the mouse and sizes: nothing panics, and no control character reaches a cell.

use super::*;
use crate::app::Msg;
use crate::app::mouse::{Mouse, MouseKind};
use crate::keymap::{BINDINGS, Key};
use crate::theme::Name;

/// Text that is pasted, with what a terminal must not get.
const PASTED: [&str; 3] = [
    "reject",
    "10.0.100.1\u{1b}[2J\r\n",
    "\u{202e}srcaddr == \u{0}",
];

/// A generator of numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    /// The next number, less than `end`.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn cell(&mut self, end: u16) -> u16 {
        u16::try_from(self.below(usize::from(end).max(1))).unwrap()
    }
}

/// Does `count` things at random, and draws after each tenth.
fn run(seed: u64, count: usize) {
    let mut numbers = Numbers(seed);
    let mut lab = Session::lab(80, 24);
    let keys: Vec<Key> = BINDINGS.iter().flat_map(|row| row.keys).copied().collect();
    let letters: Vec<Key> = crate::app::tests::keys("0123456789.acdehijnoprstuy =&<>(){}");
    for step in 0..count {
        let screen = lab.app.layout.screen;
        let msg = match numbers.below(100) {
            0 => Msg::Resize {
                cols: numbers.cell(200),
                rows: numbers.cell(60),
            },
            1 => Msg::Paste(PASTED[numbers.below(PASTED.len())].to_owned()),
            2..8 => Msg::Mouse(Mouse {
                kind: [
                    MouseKind::Press,
                    MouseKind::Drag,
                    MouseKind::WheelUp,
                    MouseKind::WheelDown,
                ][numbers.below(4)],
                column: numbers.cell(screen.width),
                row: numbers.cell(screen.height),
            }),
            8..40 => Msg::Key(letters[numbers.below(letters.len())]),
            _ => Msg::Key(keys[numbers.below(keys.len())]),
        };
        lab.update(msg);
        lab.cmds.clear();
        if step % 10 == 0 && !lab.app.layout.screen.is_empty() {
            let drawn = drawn(&lab, &Name::Dark.theme());
            let cells = drawn.buffer().content.iter();
            let raw = cells.filter(|cell| cell.symbol().chars().any(char::is_control));
            assert_eq!(raw.count(), 0, "step {step} of seed {seed}: {drawn}");
        }
    }
}

#[test]
fn five_thousand_random_keys_and_sizes_do_no_harm() {
    run(1, 5_000);
}

#[test]
fn five_thousand_other_keys_and_sizes_do_no_harm() {
    run(2, 5_000);
}

#[test]
fn ten_thousand_more_keys_and_sizes_do_no_harm() {
    run(3, 10_000);
}
