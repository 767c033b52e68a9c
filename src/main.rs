//! Entry point.

use std::process::ExitCode;

use flowdeck::ingest::Input;
use flowdeck::tui::{self, Session};

fn main() -> ExitCode {
    let paths = std::env::args_os().skip(1);
    let mut inputs: Vec<Input> = paths.map(|path| Input::Path(path.into())).collect();
    if inputs.is_empty() {
        inputs.push(Input::Lab);
    }
    let session = Session {
        inputs,
        title: "lab".into(),
        ..Session::default()
    };
    tui::run(session).unwrap_or(ExitCode::from(2))
}
