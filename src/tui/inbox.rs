//! The one inbox: keys, signals, the load and the engine all come through it.

use std::process;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

use crossterm::event::{self, MouseButton, MouseEvent, MouseEventKind};
use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1,
    SIGUSR2, SIGVTALRM, SIGXCPU,
};
use signal_hook::iterator::Signals;

use super::background::LateAnswer;
use super::key_reader::{Input, KeyReader};
use super::problem::Problem;
use super::screen;
use crate::app::Msg;
use crate::app::mouse::{Mouse, MouseKind};
use crate::engine::Reply;

/// How many messages may wait; who sends more waits too, so that a fast load cannot fill the memory.
const WAITING: usize = 256;

/// The signals that end the program.
const ENDING: [i32; 11] = [
    SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGALRM, SIGPROF, SIGUSR1, SIGUSR2, SIGVTALRM,
    SIGXCPU,
];
/// How long a session may take to end after a signal. It takes longer only if it writes to a terminal that takes no
/// output, as over a broken connection.
const MAX_END: Duration = Duration::from_secs(2);

/// What reaches the session.
pub(super) enum Event {
    /// A message for the state.
    Msg(Msg),
    /// The program is to stop as a job of its shell.
    Suspend,
    /// The program goes on after it was stopped.
    Woken,
    /// A signal ends the session with this status.
    Ended(u8),
    /// The terminal can no longer be read.
    Failed(Problem),
}

pub(super) fn channel() -> (SyncSender<Event>, Receiver<Event>) {
    mpsc::sync_channel(WAITING)
}

/// Starts the thread that waits for signals.
pub(super) fn watch_signals(sender: &SyncSender<Event>) -> Result<(), Problem> {
    let signals = Signals::new(ENDING.into_iter().chain([SIGTSTP, SIGCONT]));
    let signals = signals.map_err(Problem::Signals)?;
    let to = sender.clone();
    spawn("signals", move || pass_signals(signals, &to))
}

/// Starts the thread that reads keys, among which an answer of the terminal may come late.
pub(super) fn watch_keys(sender: &SyncSender<Event>, late: LateAnswer) -> Result<(), Problem> {
    let to = sender.clone();
    spawn("keys", move || read_keys(&to, late))
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Problem> {
    let thread = thread::Builder::new().name(name.into()).spawn(work);
    thread.map(drop).map_err(Problem::Thread)
}

fn pass_signals(mut signals: Signals, to: &SyncSender<Event>) {
    for signal in signals.forever() {
        let event = match signal {
            SIGTSTP => Event::Suspend,
            SIGCONT => Event::Woken,
            // The status by which shells say that a signal ended a program.
            signal => {
                let code = u8::try_from(128 + signal).unwrap_or(255);
                end_for_certain(code);
                Event::Ended(code)
            }
        };
        if to.send(event).is_err() {
            return;
        }
    }
}

/// Ends the program with status `code` if the session does not end by itself.
fn end_for_certain(code: u8) {
    // Without another thread, the session has to end by itself.
    let _ = spawn("end", move || {
        thread::sleep(MAX_END);
        screen::end_raw_mode();
        process::exit(code.into());
    });
}

fn read_keys(to: &SyncSender<Event>, mut late: LateAnswer) {
    let mut reader = KeyReader::new(|wait| match wait {
        Some(wait) if !event::poll(wait)? => Ok(None),
        _ => event::read().map(Some),
    });
    loop {
        let event = match reader.next() {
            Ok(Input::Key(key)) => {
                for key in late.keys(key) {
                    if to.send(Event::Msg(Msg::Key(key))).is_err() {
                        return;
                    }
                }
                continue;
            }
            Ok(Input::Other(event::Event::Resize(cols, rows))) => {
                Event::Msg(Msg::Resize { cols, rows })
            }
            Ok(Input::Other(event::Event::Mouse(mouse))) => match mouse_message(mouse) {
                Some(msg) => Event::Msg(msg),
                None => continue,
            },
            Ok(Input::Other(event::Event::Paste(text))) => Event::Msg(Msg::Paste(text)),
            Ok(Input::Other(_)) => continue,
            Err(error) => Event::Failed(Problem::Read(error)),
        };
        let is_last = matches!(event, Event::Failed(_));
        if to.send(event).is_err() || is_last {
            return;
        }
    }
}

/// What the mouse did, if it is of interest.
fn mouse_message(mouse: MouseEvent) -> Option<Msg> {
    let kind = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseKind::Press,
        MouseEventKind::Drag(MouseButton::Left) => MouseKind::Drag,
        MouseEventKind::ScrollUp => MouseKind::WheelUp,
        MouseEventKind::ScrollDown => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Msg::Mouse(Mouse {
        kind,
        column: mouse.column,
        row: mouse.row,
    }))
}

/// What the engine says, as a message.
pub(super) fn reply(reply: Reply) -> Msg {
    match reply {
        Reply::Answer(answer) => Msg::Answer(Box::new(answer)),
        Reply::Values(counts) => Msg::Values(counts),
        Reply::Counts(counts) => Msg::Counts(counts),
        Reply::Failed { ticket, error } => Msg::Failed { ticket, error },
    }
}
