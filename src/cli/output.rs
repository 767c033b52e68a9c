//! Where the output of a command goes: standard output, or a file that is written atomically; also wraps text.

use std::fs;
use std::io;
use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use unicode_width::UnicodeWidthStr;

use super::failure::{Failure, Problem};
use super::interrupt::Interrupt;
use super::load;
use super::options::Output;
use crate::export::Format;
use crate::export::file;
use crate::format;
use crate::store::Source;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Destination {
    /// The output file; none for standard output.
    file: Option<PathBuf>,
    pub(super) format: Format,
    /// Whether the output is a terminal.
    pub(super) terminal: bool,
}

impl Destination {
    pub(super) fn of(output: &Output) -> Self {
        let file = output.file.clone().filter(|file| !is_stdout(file));
        let terminal = match &file {
            Some(file) => load::is_terminal(file),
            None => io::stdout().is_terminal(),
        };
        let format = match (output.output, &file) {
            (Some(name), _) => name.into(),
            (None, _) if terminal => Format::Table,
            (None, Some(file)) => by_name(file),
            (None, None) => Format::Ndjson,
        };
        Self {
            file,
            format,
            terminal,
        }
    }

    /// Standard output, for reports.
    pub(super) fn stdout() -> Self {
        Self {
            file: None,
            format: Format::Table,
            terminal: io::stdout().is_terminal(),
        }
    }

    pub(super) fn is_stdout(&self) -> bool {
        self.file.is_none()
    }

    /// Refuses the format of original lines for output that is not records.
    pub(super) fn refuse_lines(&self) -> Result<(), Failure> {
        if self.format == Format::Lines {
            return Err(Failure::at("--output lines", Problem::NotLines));
        }
        Ok(())
    }

    /// Refuses to write Parquet, which is binary, to a terminal.
    pub(super) fn refuse_terminal(&self) -> Result<(), Failure> {
        if self.format == Format::Parquet && self.terminal {
            return Err(Failure::at("--output parquet", Problem::NotOnTerminal));
        }
        Ok(())
    }

    /// Refuses to replace a file that was read. Call it with the files that were.
    pub(super) fn refuse_input(&self, sources: &[Source]) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let Ok(target) = fs::canonicalize(file) else {
            return Ok(());
        };
        let is_target = |source: &Source| {
            let name = source.path.file_name();
            let may_be = name == file.file_name() || name == target.file_name();
            may_be && fs::canonicalize(&source.path).is_ok_and(|path| path == target)
        };
        if sources.iter().any(is_target) {
            return Err(Failure::at(format::path(file), Problem::IsInput));
        }
        Ok(())
    }

    /// Runs `write`. The file is only created or replaced if that succeeds without an interrupt.
    pub(super) fn write<T>(
        &self,
        interrupt: &Interrupt,
        write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> Result<T, Failure> {
        let result = if let Some(path) = &self.file {
            let whole = file::write_whole(path, |out| {
                let written = write(out)?;
                // An error here discards the output file.
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

/// Whether `file` stands for standard output.
fn is_stdout(file: &Path) -> bool {
    let names = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    names.iter().any(|name| file == Path::new(name))
}

/// The format that the extension of an output file implies.
fn by_name(file: &Path) -> Format {
    let extension = file.extension().and_then(|extension| extension.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        Some("parquet") => Format::Parquet,
        _ => Format::Ndjson,
    }
}

/// The width of wrapped text, in columns.
pub(super) const WIDTH: usize = 80;

/// `text`, escaped, in lines of at most [`WIDTH`] columns indented by `indent` spaces. A longer word gets a line to
/// itself.
pub(super) fn wrap(text: &str, indent: usize) -> String {
    let text = format::visible(text);
    let margin = " ".repeat(indent);
    let (mut out, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        let needed = indent + line.width() + 1 + word.width();
        if !line.is_empty() && needed > WIDTH {
            out.extend([&margin, line.as_str(), "\n"]);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        out.extend([&margin, line.as_str(), "\n"]);
    }
    out
}
