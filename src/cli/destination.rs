//! Where the output of a command goes: the standard output, or a file that is written whole or not at all.

use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::interrupt::Interrupt;
use super::options::Output;
use super::problem::Problem;
use crate::export::Format;
use crate::export::file;

/// Where to write, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Destination {
    /// The file; none for the standard output.
    file: Option<PathBuf>,
    /// How.
    pub(super) format: Format,
    /// Whether a terminal shows it.
    pub(super) terminal: bool,
}

impl Destination {
    /// What `output` asks for.
    pub(super) fn of(output: &Output) -> Self {
        let file = output.file.clone().filter(|file| file.as_os_str() != "-");
        let terminal = file.is_none() && io::stdout().is_terminal();
        let format = match (output.output, &file) {
            (Some(name), _) => name.into(),
            (None, Some(file)) => by_name(file),
            (None, None) if terminal => Format::Table,
            (None, None) => Format::Ndjson,
        };
        Self {
            file,
            format,
            terminal,
        }
    }

    /// The standard output, for an answer that is not rows.
    pub(super) fn stdout() -> Self {
        Self {
            file: None,
            format: Format::Table,
            terminal: io::stdout().is_terminal(),
        }
    }

    /// Whether it is the standard output.
    pub(super) fn is_stdout(&self) -> bool {
        self.file.is_none()
    }

    /// Refuses original lines, for what is no record and so has none.
    pub(super) fn refuse_lines(&self) -> Result<(), Failure> {
        if self.format == Format::Lines {
            return Err(Failure::at("--output lines", Problem::NotLines));
        }
        Ok(())
    }

    /// Refuses Parquet on a terminal, which could only be spoilt by it.
    pub(super) fn refuse_terminal(&self) -> Result<(), Failure> {
        if self.format == Format::Parquet && self.terminal {
            return Err(Failure::at("--output parquet", Problem::NotOnTerminal));
        }
        Ok(())
    }

    /// Lets `write` write. A file only appears if it succeeds and nobody asked for an end meanwhile.
    pub(super) fn write<T>(
        &self,
        interrupt: &Interrupt,
        write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> Result<T, Failure> {
        let result = if let Some(path) = &self.file {
            let whole = file::write_whole(path, |out| {
                let written = write(out)?;
                // An error here is what keeps the file from appearing.
                if interrupt.code().is_some() {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                Ok(written)
            });
            whole.map_err(|error| Failure::of_file(path, &error))
        } else {
            let mut out = io::stdout().lock();
            let written = write(&mut out).and_then(|written| out.flush().map(|()| written));
            written.map_err(|error| Failure::of_output(&error))
        };
        match interrupt.code() {
            Some(code) => Err(Failure::Interrupted(code)),
            None => result,
        }
    }
}

/// The format that the name of an output file asks for.
fn by_name(file: &Path) -> Format {
    let extension = file.extension().and_then(|extension| extension.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        Some("parquet") => Format::Parquet,
        _ => Format::Ndjson,
    }
}
