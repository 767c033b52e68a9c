//! Panics of the crate that decodes Parquet: it has some for bytes that no program writes.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, set_hook, take_hook};

use crate::format::InternalError;
use crate::ingest::formats::parquet::problem::Problem;

thread_local! {
    /// Whether this thread is at work on something whose panics are those of the file.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
    /// Whether the last panic of this thread came from the code of flowdeck.
    static IS_OURS: Cell<bool> = const { Cell::new(false) };
}

/// What `work` gives; a panic of the crate is reported as damage of the file, one of our own as our failure.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Problem> {
    let was_guarded = IS_GUARDED.replace(true);
    IS_OURS.set(false);
    let result = catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(was_guarded);
    result.map_err(|payload| {
        if IS_OURS.get() {
            Problem::Internal(InternalError::of_panic(payload.as_ref()))
        } else {
            Problem::damaged("its bytes make no sense")
        }
    })
}

/// Keeps panics of the crate from being printed, because they are reported as damage of a file; those of flowdeck are
/// printed as before. To be called once, before anything is read.
pub fn silence_damage() {
    let report = take_hook();
    set_hook(Box::new(move |panic| {
        let is_ours = panic.location().is_none_or(is_ours);
        IS_OURS.set(is_ours);
        if is_ours || !IS_GUARDED.get() {
            report(panic);
        }
    }));
}

/// Whether a place is in the sources of flowdeck, which the compiler names as it names this file.
fn is_ours(location: &Location<'_>) -> bool {
    let sources = file!().strip_suffix("ingest/formats/parquet/guard/panics.rs");
    sources.is_some_and(|sources| location.file().starts_with(sources))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_flowdeck_is_not_one_of_the_crate() {
        assert!(is_ours(Location::caller()));
        let problem = guarded(|| panic!("what a file makes of it"));
        assert!(matches!(problem, Err::<(), _>(Problem::Damaged(_))));
        assert!(!IS_GUARDED.get());
    }
}
