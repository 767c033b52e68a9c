//! Finds the files that are to be read: paths, folders, globs, the standard input and the bundled sample.

mod glob;
mod table_folders;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::input_file::{
    Bytes, Discovery, Identity, InputFile, identity, is_device, is_own_output,
};
use crate::format;
use crate::format::visible;
use crate::ingest::input::Input;
use crate::store::{MissingPath, ReadProblem, Source, Status};
use table_folders::Table;

/// Folders deeper than this are not looked into.
const DEEPEST: usize = 64;

/// The object that `CloudWatch` leaves behind when it tries whether it may write.
const WRITE_TEST: &str = "aws-logs-write-test";
/// How some tools mark a folder in a bucket.
const FOLDER_MARK: &str = "_$folder$";
/// What programs that write Parquet and CSV put beside the data: summaries, and signs that they have finished.
const MARKERS: [&str; 3] = ["_metadata", "_common_metadata", "_SUCCESS"];
/// Where Spark and Hadoop keep what they have not finished, and notes of their own.
const MARKER_FOLDERS: [&str; 3] = ["_temporary", "_spark_metadata", "_symlink_format_manifest"];
/// How the names of checksums and of lists of files end.
const MARKER_ENDINGS: [&str; 4] = [".crc", ".manifest", "-manifest.csv", ".csv.metadata"];

/// The bundled sample capture: the paths shown for its files, and their bytes.
const LAB: &[(&str, &[u8])] = &[
    (
        "lab/123456789012_vpcflowlogs_us-east-1_fl-0aa11bb22cc33dd44_20261123T0220Z_74f97168.log.gz",
        include_bytes!(
            "../../../sample-logs/lab/v5/AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/23/\
123456789012_vpcflowlogs_us-east-1_fl-0aa11bb22cc33dd44_20261123T0220Z_74f97168.log.gz"
        ),
    ),
    (
        "lab/123456789012_vpcflowlogs_us-east-1_fl-0aa11bb22cc33dd44_20261123T0225Z_c3aa6ae8.log.gz",
        include_bytes!(
            "../../../sample-logs/lab/v5/AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/23/\
123456789012_vpcflowlogs_us-east-1_fl-0aa11bb22cc33dd44_20261123T0225Z_c3aa6ae8.log.gz"
        ),
    ),
];

/// What there is to read, in reading order.
#[derive(Debug, Default)]
pub(crate) struct InputFiles {
    pub(crate) list: Vec<InputFile>,
    /// How many were skipped.
    pub(crate) skipped: usize,
    /// How many files were found, repeated ones included.
    met: usize,
    /// The index in `list` by the identity of a file.
    seen: HashMap<Identity, usize>,
    /// The folder of the file that was named last and the table that it is a part of: a shell names many files of a folder.
    table: Option<(PathBuf, Option<Table>)>,
    /// Whether one file is enough.
    is_sample: bool,
}

/// Folders that are too deep to be searched: the first of them, and how many there are.
#[derive(Debug, Default)]
struct TooDeep(Option<PathBuf>, usize);

/// Finds what `inputs` name.
pub(crate) fn find(inputs: &[Input]) -> InputFiles {
    let mut files = InputFiles::default();
    files.find(inputs);
    files
}

/// What is known of `inputs` where there is nothing to read in any of them. Ends at the first file.
pub(crate) fn nothing_in(inputs: &[Input]) -> Option<Vec<Source>> {
    let mut files = InputFiles {
        is_sample: true,
        ..InputFiles::default()
    };
    files.find(inputs);
    let sources = || files.list.iter().map(|file| file.source.clone());
    (!files.has_any()).then(|| sources().collect())
}

impl InputFiles {
    fn find(&mut self, inputs: &[Input]) {
        for (input, named) in inputs.iter().enumerate() {
            let before = self.list.len();
            match named {
                Input::Path(path) => self.path(path),
                Input::Stdin => self
                    .list
                    .push(InputFile::new(Path::new("-"), Bytes::Stdin, 0)),
                Input::Lab => {
                    for (path, bytes) in LAB {
                        let (bytes, size) = (Bytes::Bundled(bytes), bytes.len() as u64);
                        self.list.push(InputFile::new(Path::new(path), bytes, size));
                    }
                }
            }
            for file in &mut self.list[before..] {
                file.input = Some(input);
            }
            if self.is_enough() {
                break;
            }
        }
        for (index, file) in self.list.iter_mut().enumerate() {
            file.index = index;
        }
    }

    /// Whether there is something to read.
    fn has_any(&self) -> bool {
        self.list.iter().any(|file| file.bytes != Bytes::Nowhere)
    }

    /// Whether nothing more needs to be found.
    fn is_enough(&self) -> bool {
        self.is_sample && self.has_any()
    }

    fn path(&mut self, path: &Path) {
        let own = fs::symlink_metadata(path);
        let is_link = own.as_ref().is_ok_and(Metadata::is_symlink);
        match if is_link { fs::metadata(path) } else { own } {
            Ok(metadata) if metadata.is_dir() => self.folder(path),
            Ok(metadata) => {
                self.file(path, &metadata, Discovery::Named);
                self.note_table(path, is_link);
            }
            Err(error) if !is_missing(&error) => self.unreadable(path, &error),
            Err(_) => match glob::of(path) {
                Some(matcher) => self.glob(path, &matcher),
                None => self.nowhere(path, Status::Missing(MissingPath::Path)),
            },
        }
    }

    /// Warns of a named file that belongs to a table.
    fn note_table(&mut self, path: &Path, is_link: bool) {
        // Comparing the text of paths takes less time than comparing their parts.
        let is_it = |file: &&mut InputFile| file.source.path.as_os_str() == path.as_os_str();
        let Some(file) = self.list.last_mut().filter(is_it) else {
            return;
        };
        // Of files of one folder, only the first is followed to its place, and those that are links.
        let folder = path.parent().unwrap_or(path);
        let known = self
            .table
            .as_ref()
            .filter(|(last, _)| !is_link && last.as_os_str() == folder.as_os_str());
        let table = match known {
            Some((_, table)) => *table,
            None => Table::around(path).map(|(table, _)| table),
        };
        if !is_link && known.is_none() {
            self.table = Some((folder.to_owned(), table));
        }
        if let Some(table) = table {
            file.source.warnings.push(format!(
                "this file is a part of {}, which may have replaced or deleted its rows",
                table.name()
            ));
        }
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        let problem = if is_missing(error) {
            ReadProblem::BrokenLink(format::reason(error))
        } else {
            ReadProblem::of_open(error)
        };
        self.refused(path, problem);
    }

    fn refused(&mut self, path: &Path, problem: ReadProblem) {
        self.nowhere(path, Status::Unreadable(problem));
    }

    fn nowhere(&mut self, path: &Path, status: Status) {
        let mut file = InputFile::new(path, Bytes::Nowhere, 0);
        file.source.status = status;
        self.list.push(file);
    }

    /// Adds a file, unless it was found under another name.
    fn file(&mut self, path: &Path, metadata: &Metadata, discovery: Discovery) {
        self.met += 1;
        if is_device(path, metadata) {
            return self.refused(path, ReadProblem::Device);
        }
        if !metadata.is_file() {
            self.list.push(InputFile::new(path, Bytes::Stream, 0));
            return;
        }
        if let Some(identity) = identity(path, metadata) {
            if is_own_output(&identity) {
                return match discovery {
                    Discovery::Named => self.refused(path, ReadProblem::OwnOutput),
                    Discovery::Found => self.skipped += 1,
                };
            }
            if let Some(first) = self.seen.get(&identity) {
                let name = format::path(path);
                let first = &mut self.list[*first];
                if discovery == Discovery::Named {
                    first.discovery = discovery;
                }
                first.source.warnings.push(format!(
                    "{} is the same file; it was read once",
                    visible(&name)
                ));
                return;
            }
            self.seen.insert(identity, self.list.len());
        }
        self.list.push(InputFile {
            discovery,
            ..InputFile::of_file(path, metadata)
        });
    }

    fn folder(&mut self, path: &Path) {
        if let Some(table) = Table::of(path) {
            return self.table(path, table);
        }
        if let Some((table, whole)) = Table::around(path) {
            let (name, whole) = (table.name(), whole.to_string_lossy());
            return self.table_because(path, table, format!("this is a part of {name} ({whole})"));
        }
        let (before, met, skipped) = (self.list.len(), self.met, self.skipped);
        let mut too_deep = TooDeep::default();
        let mut walk = walk(path).into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Ok(entry) if entry.depth() == 0 => {}
                Ok(entry) if is_hidden(&entry) || is_marker_folder(&entry) => {
                    self.skipped += 1;
                    if entry.file_type().is_dir() {
                        walk.skip_current_dir();
                    }
                }
                Ok(entry) if entry.file_type().is_dir() => {
                    if let Some(table) = Table::of(entry.path()) {
                        self.table(entry.path(), table);
                        walk.skip_current_dir();
                    } else {
                        too_deep.note(&entry);
                    }
                }
                Ok(entry) => self.found(&entry),
                Err(error) => self.walk_error(path, error),
            }
            if self.is_enough() {
                return;
            }
        }
        self.too_deep(too_deep);
        if self.list.len() == before && self.met == met {
            self.nowhere(path, Status::EmptyFolder(self.skipped - skipped));
        }
    }

    /// A folder whose files are not read one by one.
    fn table(&mut self, path: &Path, table: Table) {
        self.table_because(path, table, format!("this is {}", table.name()));
    }

    fn table_because(&mut self, path: &Path, table: Table, what: String) {
        let advice = table.advice();
        self.refused(path, ReadProblem::TableFolder { what, advice });
    }

    fn too_deep(&mut self, TooDeep(first, count): TooDeep) {
        let Some(first) = first else { return };
        let problem = ReadProblem::TooDeep {
            depth: DEEPEST,
            others: count - 1,
        };
        self.refused(&first, problem);
    }

    fn walk_error(&mut self, root: &Path, error: walkdir::Error) {
        let path = error.path().unwrap_or(root).to_owned();
        self.unreadable(&path, &error.into());
    }

    /// A file that a walk came upon.
    fn found(&mut self, entry: &DirEntry) {
        let metadata = match fs::metadata(entry.path()) {
            Ok(metadata) => metadata,
            Err(error) => return self.unreadable(entry.path(), &error),
        };
        let name = entry.file_name().to_string_lossy();
        let is_mark = name == WRITE_TEST || name.ends_with(FOLDER_MARK) && metadata.len() == 0;
        if is_mark || is_marker(&name) || !metadata.is_file() {
            self.skipped += 1;
        } else {
            self.file(entry.path(), &metadata, Discovery::Found);
        }
    }
}

impl TooDeep {
    /// Takes note of a folder where it is as deep as a walk goes and has something in it.
    fn note(&mut self, folder: &DirEntry) {
        let is_empty = || fs::read_dir(folder.path()).is_ok_and(|mut inner| inner.next().is_none());
        if folder.depth() == DEEPEST && !is_empty() {
            self.0.get_or_insert_with(|| folder.path().to_owned());
            self.1 += 1;
        }
    }
}

/// Whether nothing is there.
fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Walks in the order of the names. What is compared is in the same folder, so whole paths are in the same order, and
/// comparing them takes less time than looking for the name in each.
fn walk(root: &Path) -> WalkDir {
    WalkDir::new(root)
        .max_depth(DEEPEST)
        .sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str()))
}

/// Whether a file is not data, but something that a program wrote about data.
fn is_marker(name: &str) -> bool {
    // Databricks marks what a transaction wrote with `_started_1234` and `_committed_1234`.
    let is_transaction = name.starts_with("_started_") || name.starts_with("_committed_");
    MARKERS.contains(&name)
        || is_transaction
        || MARKER_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn is_marker_folder(entry: &DirEntry) -> bool {
    let is_marker = |name: &OsStr| MARKER_FOLDERS.iter().any(|marker| name == *marker);
    entry.file_type().is_dir() && is_marker(entry.file_name())
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}
