//! Ctrl-C and the request to terminate, for commands that run without a screen.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::flag;

/// Exit statuses: 128 and the number of the signal, as shells have it.
const SIGNALS: [(i32, u8); 2] = [(SIGINT, 130), (SIGTERM, 143)];

/// Knows whether an end was asked for. The first signal is left to the command, which stops where nothing is
/// left half done; a second one ends the process on the spot.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupt {
    flags: [Arc<AtomicBool>; SIGNALS.len()],
}

impl Interrupt {
    /// Listens from now on. Where the system does not let it, signals keep their usual effect.
    pub(super) fn listen() -> Self {
        let interrupt = Self::default();
        for ((signal, code), flag) in SIGNALS.iter().zip(&interrupt.flags) {
            // In this order, so that the first signal finds the flag down and only raises it.
            let ends =
                flag::register_conditional_shutdown(*signal, i32::from(*code), Arc::clone(flag));
            if ends.is_ok() {
                let _ = flag::register(*signal, Arc::clone(flag));
            }
        }
        interrupt
    }

    /// One that has been asked for an end.
    #[cfg(test)]
    pub(super) fn raised() -> Self {
        let interrupt = Self::default();
        interrupt.flags[0].store(true, Ordering::Relaxed);
        interrupt
    }

    /// The exit status, if an end was asked for.
    pub(super) fn code(&self) -> Option<u8> {
        let raised = |(_, flag): &(&(i32, u8), &Arc<AtomicBool>)| flag.load(Ordering::Relaxed);
        let (signal, _) = SIGNALS.iter().zip(&self.flags).find(raised)?;
        Some(signal.1)
    }
}
