//! Faults of the crate that decodes Parquet: it has some for bytes that no program writes.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, set_hook, take_hook};

use crate::ingest::formats::parquet::problem::Problem;

thread_local! {
    /// Whether this thread is at work on something whose faults are those of the file.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What `work` gives; a fault on the way is a damage of the file.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Problem> {
    let was_guarded = IS_GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(was_guarded);
    result.map_err(|_| Problem::damaged("its bytes make no sense"))
}

/// Keeps what is told as the damage of a file from being reported as a fault of the program besides. A fault of
/// this program is reported as before. To be called once, before anything is read.
pub fn silence_damage() {
    let report = take_hook();
    set_hook(Box::new(move |fault| {
        if !(IS_GUARDED.get() && fault.location().is_some_and(is_of_crate)) {
            report(fault);
        }
    }));
}

/// Whether a place is outside of the sources of this program.
fn is_of_crate(location: &Location<'_>) -> bool {
    let is_ours = |file: &str| file.replace('\\', "/").contains("src/ingest/");
    !is_ours(location.file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_this_program_is_none_of_the_crate() {
        assert!(!is_of_crate(Location::caller()));
        let fault = guarded(|| panic!("what a file makes of it"));
        assert!(matches!(fault, Err::<(), _>(Problem::Damaged(_))));
        assert!(!IS_GUARDED.get());
    }
}
