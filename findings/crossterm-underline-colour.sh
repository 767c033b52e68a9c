#!/usr/bin/env bash
# crossterm 0.29.0, vt100 0.18.1 (Rust) and pyte 0.8.2 (Python) as terminals. Needs Rust 1.95 and python3 with venv.
#
# SetUnderlineColor(Color::DarkRed) is written as ESC [ 58 ; 5 ; 1 m. With semicolons the parts are parameters of their own: a
# terminal that does not know 58 passes over it and takes 5 for blinking and 1 for bold. With colons (58:5:1) they would
# be one parameter that is passed over as a whole.
# Output seen:
#
#     written: \x1b[58;5;1mX
#     vt100: bold
#     pyte: bold blinking
#
# So keep an underline in the colour of its text unless the terminal is known to have SGR 58.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ python3 -m venv venv && venv/bin/pip install --quiet pyte==0.8.2; } || exit 2
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
crossterm = "=0.29.0"
vt100 = "=0.18.1"
TOML
cat >src/main.rs <<'RUST'
use crossterm::queue;
use crossterm::style::{Color, Print, SetUnderlineColor};

fn main() {
    let mut bytes = Vec::new();
    queue!(bytes, SetUnderlineColor(Color::DarkRed), Print('X')).unwrap();
    println!("written: {}", bytes.escape_ascii());

    let size = |cells: u16| cells.try_into().unwrap();
    let mut screen = vt100::Parser::new(size(1), size(10), 0);
    screen.process(&bytes);
    let bold = screen.screen().cell(0, 0).unwrap().bold();
    println!("vt100: {}", if bold { "bold" } else { "plain" });
    std::fs::write("bytes", bytes).unwrap();
}
RUST
cargo build --quiet || exit 2
seen="$(NO_COLOR='' target/debug/finding)
$(venv/bin/python - <<'PYTHON'
import pyte

screen = pyte.Screen(10, 1)
pyte.ByteStream(screen).feed(open("bytes", "rb").read())
cell = screen.buffer[0][0]
print("pyte:", " ".join(name for name, is_set in (("bold", cell.bold), ("blinking", cell.blink)) if is_set) or "plain")
PYTHON
)"
printf '%s\n' "$seen"
[[ "$seen" == 'written: \x1b[58;5;1mX
vt100: bold
pyte: bold blinking' ]]
