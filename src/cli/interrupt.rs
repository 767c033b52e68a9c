//! Signals that end the program, for commands that run without a screen.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;

/// How often to check whether a signal came while waiting for something else.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Exit statuses: 128 plus the signal number, as in shells.
const SIGNALS: [(i32, u8); 4] = [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129), (SIGQUIT, 131)];

/// Whether a signal has arrived. On the first signal the command stops at a safe point; a second one ends the process
/// at once.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupt {
    flags: [Arc<AtomicBool>; SIGNALS.len()],
}

impl Interrupt {
    /// Registers the signal handlers. If that fails, signals keep their default action.
    pub(super) fn listen() -> Self {
        let interrupt = Self::default();
        for ((signal, code), flag) in SIGNALS.iter().zip(&interrupt.flags) {
            if matches!(*signal, SIGHUP | SIGQUIT) && is_ignored(*signal) {
                continue;
            }
            // The order matters: the first signal must find the flag unset, so that it only sets it.
            let ends =
                flag::register_conditional_shutdown(*signal, i32::from(*code), Arc::clone(flag));
            if ends.is_ok() {
                let _ = flag::register(*signal, Arc::clone(flag));
            }
        }
        interrupt
    }

    /// An interrupt that has already arrived.
    #[cfg(test)]
    pub(super) fn raised() -> Self {
        let interrupt = Self::default();
        interrupt.flags[0].store(true, Ordering::Relaxed);
        interrupt
    }

    /// The exit status, if a signal has arrived.
    pub(super) fn code(&self) -> Option<u8> {
        let raised = |(_, flag): &(&(i32, u8), &Arc<AtomicBool>)| flag.load(Ordering::Relaxed);
        let (signal, _) = SIGNALS.iter().zip(&self.flags).find(raised)?;
        Some(signal.1)
    }
}

/// Whether `signal` was ignored when the program was started, as `nohup` does it with SIGHUP.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
