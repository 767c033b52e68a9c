//! Copies text: sends it to the terminal, and gives it to the programs that have a clipboard.
//!
//! What is sent to the terminal (OSC 52) also arrives over ssh, but most terminals do not take it, and none says
//! whether it did. A program does, by its exit status. Programs run on a thread of their own, because one that
//! cannot reach its display may take its time.

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use super::inbox::Event;
use super::problem::Problem;
use super::worker::Worker;
use super::write_now;
use crate::app::Msg;
use crate::app::copying::Delivery;

/// The most bytes that are sent to the terminal: terminals drop longer sequences whole, and half a text is not
/// what was copied.
const TERMINAL_BYTES: usize = 74_000;
/// The most bytes that GNU screen passes on to its terminal in one sequence, well below what it drops.
const PIECE: usize = 200;
/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a program is asked whether it has ended.
const POLL: Duration = Duration::from_millis(5);

/// The handle on the thread that runs programs. Dropping it waits until the last text is delivered.
pub(super) struct Clipboard {
    worker: Worker<Arc<str>>,
    is_in_screen: bool,
}

/// How text can be copied here.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    /// The programs that may have a clipboard.
    programs: Vec<Program>,
    /// Whether GNU screen stands between the program and the terminal.
    is_in_screen: bool,
    /// Where programs are looked for.
    path: OsString,
}

/// A program that takes a text from its standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Program {
    name: &'static str,
    args: &'static [&'static str],
    /// Where a text is that the program took.
    delivery: Delivery,
}

impl Environment {
    /// What the variables of the environment, as `variable` looks them up, say about it.
    pub(super) fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let has = |name| variable(name).is_some_and(|value| !value.is_empty());
        let desktop = |name, args| Program {
            name,
            args,
            delivery: Delivery::Clipboard,
        };
        let tmux = |args| Program {
            name: "tmux",
            args,
            delivery: Delivery::Tmux,
        };
        let mut programs = Vec::new();
        if has("TMUX") {
            // With -w tmux also sends the text to its own terminal; before 3.2 it does not know the option.
            programs.extend([
                tmux(&["load-buffer", "-w", "-"]),
                tmux(&["load-buffer", "-"]),
            ]);
        }
        if has("WAYLAND_DISPLAY") {
            // Without a type wl-copy guesses one from the text.
            programs.push(desktop("wl-copy", &["--type", "text/plain"]));
        }
        if has("DISPLAY") {
            programs.push(desktop("xclip", &["-selection", "clipboard"]));
            programs.push(desktop("xsel", &["--clipboard", "--input"]));
        }
        if cfg!(target_os = "macos") {
            programs.push(desktop("pbcopy", &[]));
        }
        Self {
            programs,
            is_in_screen: has("STY"),
            path: variable("PATH").unwrap_or_default(),
        }
    }

    /// Gives `text` to the programs, each for at most `patience`: to the first of tmux, and to the first of the
    /// desktop that takes it. tmux pastes from its own buffer, and everything else from the clipboard.
    fn deliver(&self, text: &Arc<str>, patience: Duration) -> Delivery {
        let mut delivery = if text.len() > TERMINAL_BYTES {
            Delivery::TooLong {
                limit: TERMINAL_BYTES,
            }
        } else {
            Delivery::Terminal
        };
        for program in &self.programs {
            if delivery != program.delivery && self.takes(program, text, patience) {
                delivery = program.delivery;
            }
        }
        delivery
    }

    /// Whether `program` is there, reads all of `text`, and says within `patience` that it has it.
    fn takes(&self, program: &Program, text: &Arc<str>, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        let mut command = Command::new(program.name);
        command
            .args(program.args)
            .env("PATH", &self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Some stay in the background to serve the clipboard. What ends the jobs of this terminal, such as
            // closing it, is not to end them.
            .process_group(0);
        let Ok(mut child) = command.spawn() else {
            return false;
        };
        let Some(mut input) = child.stdin.take() else {
            return false;
        };
        let (done, written) = mpsc::channel();
        let text = Arc::clone(text);
        // A program that does not read holds up this thread alone. When it cannot be started, nothing is written.
        let _ = thread::Builder::new().spawn(move || {
            let _ = done.send(input.write_all(text.as_bytes()).is_ok());
        });
        ends_well(&mut child, deadline)
            && written
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
                .unwrap_or(false)
    }
}

impl Clipboard {
    /// Starts the thread, which tells `inbox` where each text has gone.
    pub(super) fn start(
        environment: Environment,
        inbox: SyncSender<Event>,
    ) -> Result<Self, Problem> {
        let is_in_screen = environment.is_in_screen;
        let work = move |texts| deliver_all(&environment, &texts, &inbox);
        Ok(Self {
            worker: Worker::start("clipboard", work)?,
            is_in_screen,
        })
    }

    /// Sends `text` to the terminal, if it is not too long for that, and has it given to the programs.
    pub(super) fn copy(&self, text: Arc<str>) -> Result<(), Problem> {
        if text.len() <= TERMINAL_BYTES {
            write_now(&sequences(&text, self.is_in_screen))?;
        }
        self.worker.send(text);
        Ok(())
    }
}

fn deliver_all(environment: &Environment, texts: &Receiver<Arc<str>>, inbox: &SyncSender<Event>) {
    for text in texts {
        // Only the newest text stays on a clipboard.
        let text = texts.try_iter().last().unwrap_or(text);
        let delivery = environment.deliver(&text, PATIENCE);
        // Nobody listens any more when the session is over.
        let _ = inbox.send(Event::Msg(Msg::Copied { text, delivery }));
    }
}

/// Whether `child` ends before `deadline` and says that all went well. One that does not end is killed.
fn ends_well(child: &mut Child, deadline: Instant) -> bool {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// What puts `text` on the clipboard of the terminal (OSC 52). GNU screen passes on only what is wrapped, in short
/// pieces; of a long sequence that is not, it writes the end onto the screen.
fn sequences(text: &str, is_in_screen: bool) -> Vec<u8> {
    let sequence = format!("\x1b]52;c;{}\x07", base64(text.as_bytes())).into_bytes();
    if !is_in_screen {
        return sequence;
    }
    let pieces = sequence.chunks(PIECE);
    pieces
        .flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat())
        .collect()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group
            .iter()
            .fold(0u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= group.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}
