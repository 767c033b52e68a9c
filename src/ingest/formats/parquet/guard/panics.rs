//! Panics of the crate that decodes Parquet: it has some for bytes that no program writes.

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};

use crate::ingest::formats::parquet::problem::Problem;

thread_local! {
    /// Whether this thread runs code of the crate, whose panics mean that the file is damaged.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs code of the crate; a panic is reported as a damaged file.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Problem> {
    let was_guarded = IS_GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    // A panic in a callback leaves this unset: see `unguarded`.
    let is_of_crate = IS_GUARDED.replace(was_guarded);
    match result {
        Err(panic) if !is_of_crate => resume_unwind(panic),
        result => result.map_err(|_| Problem::damaged("invalid data")),
    }
}

/// Runs code of this program that the crate calls; a panic stays a bug of this program.
pub(crate) fn unguarded<T>(work: impl FnOnce() -> T) -> T {
    let was_guarded = IS_GUARDED.replace(false);
    let result = work();
    IS_GUARDED.set(was_guarded);
    result
}

/// Keeps panics that are reported as a damaged file from being printed as bugs as well. To be called once, before
/// anything is read.
pub fn silence_damage() {
    let report = take_hook();
    set_hook(Box::new(move |panic| {
        if !IS_GUARDED.get() {
            report(panic);
        }
    }));
}
