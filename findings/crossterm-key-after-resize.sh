#!/usr/bin/env bash
# crossterm 0.29.0 (its default backend, mio 1). Needs Rust 1.95 and python3, on Linux.
#
# When the terminal is resized and a key is pressed before the program asks for events, both are reported as ready at once.
# crossterm returns the resize and forgets that there is something to read. Readiness is reported only when it changes, so
# poll() says that nothing is there until another key is pressed, and then gives both.
# Output seen (the key a, and 2 seconds later b):
#
#     Resize(100, 30)
#     nothing
#     nothing
#     a
#     b
#
# So a program whose thread reads with poll() and read() cannot see that key; one that reads the terminal itself can.
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
TOML
cat >src/main.rs <<'RUST'
use crossterm::event::{Event, poll, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use std::time::Duration;

fn main() {
    enable_raw_mode().unwrap();
    // The first call begins to listen for signals and keys.
    poll(Duration::ZERO).unwrap();
    print!("listening\r\n");
    // Meanwhile the terminal is resized and a key is pressed.
    std::thread::sleep(Duration::from_secs(2));
    print!("asking\r\n");
    let mut keys = 0;
    while keys < 2 {
        if !poll(Duration::from_secs(1)).unwrap() {
            print!("nothing\r\n");
            continue;
        }
        match read().unwrap() {
            Event::Key(key) => {
                keys += 1;
                print!("{}\r\n", key.code);
            }
            other => print!("{other:?}\r\n"),
        }
    }
    disable_raw_mode().unwrap();
}
RUST
cargo build --quiet || exit 2
python3 - <<'PYTHON'
import fcntl, os, pty, select, signal, struct, sys, termios, time

child, terminal = pty.fork()
if child == 0:
    os.execv("target/debug/finding", ["finding"])

def resize(rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

def read_until(wanted, seconds=30):
    """What the program has printed since, up to the wanted words; whatever there is when the time is over."""
    text, until = "", time.monotonic() + seconds
    while wanted not in text and time.monotonic() < until:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                text += os.read(terminal, 4096).decode()
            except OSError:
                break
    return text

read_until("listening")
resize(30, 100)
time.sleep(0.5)
os.write(terminal, b"a")
before = read_until("nothing\r\nnothing").partition("asking")[2]
os.write(terminal, b"b")
after = read_until("b\r\n", 10)
os.kill(child, signal.SIGKILL)
print("\n".join((before + after).split("\r\n")).strip())
sys.exit(not (before.split("\r\n")[1:3] == ["Resize(100, 30)", "nothing"] and after.split()[-2:] == ["a", "b"]))
PYTHON
