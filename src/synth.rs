//! A seeded generator of flow logs: the same plan gives the same records on every machine.
//!
//! The records resemble a day of a VPC: interfaces with roles, aggregation intervals of at most a minute, one record
//! per direction of a conversation, conversations within the VPC recorded at both ends, a few external hosts that are
//! very frequent, rejected scanners, intervals without traffic or with lost records. Scenarios can be planted; an
//! answer key says where.
//!
//! The text never changes for a given plan; the compressed bytes depend on the version of the compressor.

mod background;
mod exchange;
mod flow;
mod random;
mod record;
mod scenario;
#[cfg(test)]
mod tests;
mod world;

use std::fs;
use std::fs::File;
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use thiserror::Error;

pub use scenario::{Answer, Scenario, UnknownScenario};
pub use world::World;

use record::{Record, Status};

use crate::schema::DEFAULT_FORMAT;
use crate::schema::FIELDS;
use crate::schema::FieldId;
use crate::schema::Origin;

/// The name of the answer key at the root of a written tree. It is hidden, so that it is neither loaded
/// with the tree nor read by accident.
pub(crate) const ANSWER_KEY: &str = ".answer-key.json";

/// With more interfaces, a subnet would run out of addresses.
const MAX_INTERFACES: usize = 10_000;

/// 2100-01-01, in seconds since the Unix epoch: loaders take larger numbers for milliseconds.
const YEAR_2100: u64 = 4_102_444_800;

/// The log format of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// The default format: 14 fields.
    #[default]
    Two,
    /// All 29 fields of versions 2 to 5, ordered by version.
    Five,
}

/// The parameters of a generated tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// In all files together.
    pub records: u64,
    /// The seed of all random numbers.
    pub seed: u64,
    /// 1 to 10,000.
    pub interfaces: usize,
    /// At least 1.
    pub files: usize,
    /// The time that a file covers, in seconds: a multiple of 60, at most 3600.
    pub period: u64,
    /// The start of the first file's period, in seconds since the Unix epoch.
    pub start: u64,
    /// The log format.
    pub version: Version,
    /// Whether files are compressed with gzip.
    pub gzip: bool,
    /// Percentage of conversations over IPv6, 0 to 100.
    pub ipv6_percent: u8,
    /// The incidents to plant, at most 200.
    pub scenarios: Vec<Scenario>,
}

/// Counts of what was generated; also the content of the answer key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Without the answer key.
    pub files: usize,
    /// Of any `log-status`.
    pub records: u64,
    /// Records with the action `ACCEPT`.
    pub accept: u64,
    /// Records with the action `REJECT`.
    pub reject: u64,
    /// Records with the status `NODATA`.
    pub nodata: u64,
    /// Records with the status `SKIPDATA`.
    pub skipdata: u64,
    /// The earliest start of a window, in seconds since the Unix epoch; 0 without records.
    pub first: u64,
    /// The latest end of a window, in seconds since the Unix epoch; 0 without records.
    pub last: u64,
    /// Bytes of text, headers included.
    pub bytes_text: u64,
    /// Bytes of the files on disk; 0 if no file was written.
    pub bytes_written: u64,
    /// The planted scenarios.
    pub planted: Vec<Answer>,
}

/// Why a plan is invalid.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlanError {
    /// None, or too many.
    #[error("there can be 1 to {MAX_INTERFACES} interfaces")]
    Interfaces,
    /// None, or their period or time is out of range.
    #[error(
        "there has to be at least 1 file, each of 1 to 60 whole minutes, between 1970 and 2100"
    )]
    Files,
    /// Too many.
    #[error("there can be at most {} scenarios", scenario::MAX_SCENARIOS)]
    Scenarios,
    /// More than 100.
    #[error("the share of IPv6 can be at most 100 %")]
    Percent,
    /// Fewer records than the scenarios need.
    #[error(
        "the scenarios alone need {needed} records, more than the {given} asked for; ask for more records"
    )]
    TooFewRecords {
        /// Records of the scenarios.
        needed: u64,
        /// [`Plan::records`].
        given: u64,
    },
}

impl Default for Plan {
    /// A day of 200 interfaces in gzipped files of ten minutes, a hundred thousand records of version 2.
    fn default() -> Self {
        Self {
            records: 100_000,
            seed: 1,
            interfaces: 200,
            files: 144,
            period: 600,
            start: 1_795_392_000,
            version: Version::Two,
            gzip: true,
            ipv6_percent: 0,
            scenarios: Vec::new(),
        }
    }
}

impl Plan {
    fn check(&self) -> Result<(), PlanError> {
        if !(1..=MAX_INTERFACES).contains(&self.interfaces) {
            return Err(PlanError::Interfaces);
        }
        let whole_minutes = self.period.is_multiple_of(world::MAX_WINDOW_SECONDS);
        let end = (self.files as u64)
            .checked_mul(self.period)
            .and_then(|time| time.checked_add(self.start));
        if self.files == 0
            || !whole_minutes
            || !(world::MAX_WINDOW_SECONDS..=3600).contains(&self.period)
            || self.start < world::MAX_WINDOW_SECONDS
            || end.is_none_or(|end| end > YEAR_2100)
        {
            return Err(PlanError::Files);
        }
        if self.scenarios.len() > scenario::MAX_SCENARIOS {
            return Err(PlanError::Scenarios);
        }
        if self.ipv6_percent > 100 {
            return Err(PlanError::Percent);
        }
        Ok(())
    }
}

impl Version {
    /// The value of the `version` field.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Two => 2,
            Self::Five => 5,
        }
    }

    /// The fields of a line, in order.
    pub(crate) fn fields(self) -> Vec<FieldId> {
        match self {
            Self::Two => DEFAULT_FORMAT.to_vec(),
            Self::Five => (0..FIELDS.len())
                .filter(|index| {
                    let def = &FIELDS[*index];
                    def.origin == Origin::Vpc && def.version <= 5
                })
                .map(FieldId::from_index)
                .collect(),
        }
    }
}

impl Summary {
    fn count(&mut self, record: &Record<'_>) {
        self.records += 1;
        match (record.status, record.flow) {
            (Status::NoData, _) => self.nodata += 1,
            (Status::SkipData, _) => self.skipdata += 1,
            (Status::Ok, Some(flow)) if flow.accepted => self.accept += 1,
            (Status::Ok, _) => self.reject += 1,
        }
        self.see(record.start, record.end);
    }

    fn see(&mut self, first: u64, last: u64) {
        if self.first == 0 || first < self.first {
            self.first = first;
        }
        self.last = self.last.max(last);
    }

    fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.records += other.records;
        self.accept += other.accept;
        self.reject += other.reject;
        self.nodata += other.nodata;
        self.skipdata += other.skipdata;
        self.bytes_text += other.bytes_text;
        self.bytes_written += other.bytes_written;
        if other.records > 0 {
            self.see(other.first, other.last);
        }
    }
}

impl World {
    /// Writes the header line and the records of `file`.
    fn write_text(&self, file: usize, out: &mut impl Write) -> io::Result<Summary> {
        const BLOCK_BYTES: usize = 1 << 18;
        let fields = self.plan().version.fields();
        let mut summary = Summary {
            files: 1,
            ..Summary::default()
        };
        let mut text = header(&fields).into_bytes();
        for record in self.records(file) {
            record.write_line(&fields, &mut text);
            summary.count(&record);
            if text.len() >= BLOCK_BYTES {
                summary.bytes_text += text.len() as u64;
                out.write_all(&text)?;
                text.clear();
            }
        }
        summary.bytes_text += text.len() as u64;
        out.write_all(&text)?;
        Ok(summary)
    }

    #[cfg(test)]
    fn text(&self, file: usize) -> Vec<u8> {
        let mut text = Vec::new();
        self.write_text(file, &mut text)
            .expect("writing to a vector cannot fail");
        text
    }

    fn write_file(&self, file: usize, root: &Path) -> io::Result<Summary> {
        let path = root.join(self.path(file));
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(named)?;
        }
        let out = File::create_new(&path).map_err(named)?;
        let (mut summary, out) = if self.plan().gzip {
            let mut encoder = GzEncoder::new(out, LEVEL);
            let summary = self.write_text(file, &mut encoder).map_err(named)?;
            (summary, encoder.finish().map_err(named)?)
        } else {
            let mut out = out;
            (self.write_text(file, &mut out).map_err(named)?, out)
        };
        summary.bytes_written = out.metadata().map_err(named)?.len();
        Ok(summary)
    }
}

const LEVEL: Compression = Compression::new(6);

/// Generates the files of `plan` below `root`, laid out like S3 deliveries, and the answer key, `.answer-key.json`.
///
/// `root` is created if it does not exist, and must be empty. The number of threads does not affect the files.
///
/// # Errors
///
/// When the plan is invalid ([`io::ErrorKind::InvalidInput`]), when the folder is not empty
/// ([`io::ErrorKind::AlreadyExists`]), or when a file cannot be written. The messages name the path.
pub fn write(plan: &Plan, root: &Path) -> io::Result<Summary> {
    let world =
        World::new(plan).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", root.display()));
    fs::create_dir_all(root).map_err(named)?;
    if fs::read_dir(root).map_err(named)?.next().is_some() {
        return Err(named(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "the folder is not empty; name a new one",
        )));
    }
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut summary = write_files(&world, root, threads)?;
    summary.planted = world.answers().to_vec();
    let key = root.join(ANSWER_KEY);
    let mut text = serde_json::to_string_pretty(&summary)?;
    text.push('\n');
    fs::write(&key, text)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", key.display())))?;
    Ok(summary)
}

/// Writes every file, and stops at the first error.
fn write_files(world: &World, root: &Path, threads: usize) -> io::Result<Summary> {
    let next = AtomicUsize::new(0);
    let work = || -> io::Result<Summary> {
        let mut sum = Summary::default();
        loop {
            let file = next.fetch_add(1, Ordering::Relaxed);
            if file >= world.files() {
                return Ok(sum);
            }
            let written = world.write_file(file, root).inspect_err(|_| {
                // Stop the other threads.
                next.store(world.files(), Ordering::Relaxed);
            })?;
            sum.add(&written);
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.clamp(1, world.files()))
            .filter_map(|_| thread::Builder::new().spawn_scoped(scope, work).ok())
            .collect();
        let mut summary = Summary::default();
        if workers.is_empty() {
            summary.add(&work()?);
        }
        for worker in workers {
            match worker.join() {
                Ok(sum) => summary.add(&sum?),
                Err(fault) => std::panic::resume_unwind(fault),
            }
        }
        Ok(summary)
    })
}

pub(crate) fn answer_key(root: &Path) -> PathBuf {
    root.join(ANSWER_KEY)
}

/// The header line, terminated by a line feed.
fn header(fields: &[FieldId]) -> String {
    let names: Vec<&str> = fields
        .iter()
        .filter_map(|field| field.def())
        .map(|def| def.name)
        .collect();
    names.join(" ") + "\n"
}
