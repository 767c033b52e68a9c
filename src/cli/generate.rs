//! `flowdeck generate`: a seeded tree of flow logs with its answer key.

use std::io;
use std::path::PathBuf;

use clap::Args;

use super::failure::Problem;
use super::failure::{Failure, Outcome, Verdict, reason};
use super::interrupt::Interrupt;
use super::output::Destination;
use super::report::shown;
use crate::format;
use crate::synth;
use crate::synth::{Plan, Scenario};

/// The most records: about a terabyte of text.
const MAX_RECORDS: u64 = 10_000_000_000;

/// Generate a folder of flow logs and its answer key
///
/// The files are laid out as in S3. The same seed always gives the same files.
#[derive(Args, Clone, Debug)]
pub(super) struct Generate {
    /// Number of records, at most 10 billion
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(..=MAX_RECORDS))]
    records: u64,

    /// Seed of the random numbers
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// Incident to plant: port-scan, brute-force or exfiltration; may be given several times
    #[arg(long, value_name = "NAME")]
    scenario: Vec<Scenario>,

    /// Folder to write to; it is created, or has to be empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Generate {
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let plan = Plan {
            records: self.records,
            seed: self.seed,
            scenarios: self.scenario,
            ..Plan::default()
        };
        let summary = synth::write(&plan, &self.folder).map_err(|error| failure(&error))?;
        let text = format!(
            "wrote {} in {} ({}) to {}; the answer key is {}\n",
            format::counted(summary.records, "record", "records"),
            format::counted(summary.files as u64, "file", "files"),
            format::bytes(summary.bytes_written),
            shown(&self.folder),
            shown(&synth::answer_key(&self.folder)),
        );
        Destination::stdout().write(interrupt, |out| out.write_all(text.as_bytes()))?;
        Ok(Verdict::Found)
    }
}

/// The error names the path itself, where a path is at fault.
fn failure(error: &io::Error) -> Failure {
    Failure::at("cannot generate", Problem::Io(reason(error)))
}
