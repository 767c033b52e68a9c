//! Folders that are tables of Delta Lake, Iceberg or Hudi: they also keep files whose rows were replaced or deleted,
//! and only the table's own log says which.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

/// A format of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Delta,
    Iceberg,
    Hudi,
}

impl Table {
    /// The table whose folder is `folder`.
    pub(super) fn of(folder: &Path) -> Option<Self> {
        if folder.join("_delta_log").is_dir() {
            Some(Self::Delta)
        } else if folder.join(".hoodie").is_dir() {
            Some(Self::Hudi)
        } else {
            has_snapshots(&folder.join("metadata")).then_some(Self::Iceberg)
        }
    }

    /// The table that `folder` is a part of, and the folder of that table.
    pub(super) fn around(folder: &Path) -> Option<(Self, PathBuf)> {
        let whole = fs::canonicalize(folder).ok()?;
        let mut parents = whole.ancestors().skip(1);
        parents.find_map(|parent| Some((Self::of(parent)?, parent.to_owned())))
    }

    /// What it is, with an article.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Delta => "a Delta table",
            Self::Iceberg => "an Iceberg table",
            Self::Hudi => "a Hudi table",
        }
    }

    /// How to get its rows.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Delta => {
                "export its current rows and read those: duckdb -c \"copy (from delta_scan('FOLDER')) to \
                 'NEW.parquet'\""
            }
            Self::Iceberg => {
                "export its current rows and read those: duckdb -c \"copy (from \
                 iceberg_scan('FOLDER/metadata/NEWEST.metadata.json')) to 'NEW.parquet'\", or UNLOAD in Athena"
            }
            Self::Hudi => {
                "export its current rows and read those, with a SELECT in Spark or UNLOAD in Athena"
            }
        }
    }
}

/// The table that a walk is in.
#[derive(Debug)]
pub(super) struct Inside {
    /// Which.
    pub(super) table: Table,
    /// Its folder, or the one in it where the walk began.
    pub(super) folder: PathBuf,
    /// Whether it has been told.
    pub(super) is_told: bool,
}

impl Inside {
    /// Where a walk begins at `root`.
    pub(super) fn at(root: &Path) -> Option<Self> {
        let around = || Table::around(root).map(|(table, _)| table);
        Self::of(root, Table::of(root).or_else(around))
    }

    /// Where a walk that was in `before` comes to `path`.
    pub(super) fn below(before: Option<Self>, path: &Path, is_dir: bool) -> Option<Self> {
        match before {
            Some(inside) if path.starts_with(&inside.folder) => Some(inside),
            _ if is_dir => Self::of(path, Table::of(path)),
            _ => None,
        }
    }

    fn of(folder: &Path, table: Option<Table>) -> Option<Self> {
        Some(Self {
            table: table?,
            folder: folder.to_owned(),
            is_told: false,
        })
    }
}

/// Whether a folder has the files in which Iceberg describes the snapshots of a table.
fn has_snapshots(folder: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.any(|entry| {
        entry.is_ok_and(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .ends_with(".metadata.json")
        })
    })
}
