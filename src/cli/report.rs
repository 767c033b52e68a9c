//! What a command says on standard error. Failures to say it are not worth failing for.

use std::io;
use std::io::Write;

/// Says that something went wrong.
pub(super) fn error(text: &str) {
    let _ = writeln!(io::stderr().lock(), "flowdeck: {text}");
}

/// Says what may not be as hoped.
pub(super) fn warn(text: &str) {
    let _ = writeln!(io::stderr().lock(), "flowdeck: warning: {text}");
}
