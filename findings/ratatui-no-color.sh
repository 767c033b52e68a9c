#!/usr/bin/env bash
# ratatui 0.30.2 with crossterm 0.29.0, vt100 0.18.1 to read the screen. Needs Rust 1.95.
#
# crossterm honours NO_COLOR by leaving the numbers out of the sequences that it writes for colours. What is left, ESC [ ; m
# and ESC [ m, is SGR 0: it resets everything. ratatui writes bold, reverse and underline before the colours of a cell, so
# text that has both loses them: a selected row in colour cannot be told from the others.
# Output seen:
#
#     NO_COLOR=    \x1b[1;1H\x1b[7m\x1b[38;5;1;49mREJECT  reversed: true
#     NO_COLOR=1   \x1b[1;1H\x1b[7m\x1b[;mREJECT  reversed: false
#
# So use a theme without any colour where NO_COLOR is set, and do not leave it to crossterm.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
crossterm = "=0.29.0"
ratatui = { version = "=0.30.2", default-features = false, features = ["crossterm"] }
vt100 = "=0.18.1"
TOML
cat >src/main.rs <<'RUST'
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::{Terminal, TerminalOptions, Viewport};

fn main() {
    let mut bytes = Vec::new();
    let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, 10, 1)) };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(&mut bytes), options).unwrap();
    let style = Style::new().fg(Color::Red).reversed();
    terminal.draw(|frame| frame.buffer_mut().set_string(0, 0, "REJECT", style)).unwrap();
    drop(terminal);

    let size = |cells: u16| cells.try_into().unwrap();
    let mut screen = vt100::Parser::new(size(1), size(10), 0);
    screen.process(&bytes);
    let end = bytes.windows(6).position(|six| six == b"REJECT").unwrap() + 6;
    let cell = screen.screen().cell(0, 0).unwrap();
    println!("{}  reversed: {}", bytes[..end].escape_ascii(), cell.inverse());
}
RUST
cargo build --quiet || exit 2
with="$(NO_COLOR='' target/debug/finding)"
without="$(NO_COLOR=1 target/debug/finding)"
printf 'NO_COLOR=    %s\nNO_COLOR=1   %s\n' "$with" "$without"
[[ "$with" == *'reversed: true' && "$without" == *'reversed: false' ]]
