//! `flowdeck generate`: a seeded tree of flow logs with its answer key.

use std::io;
use std::path::PathBuf;

use clap::Args;

use super::destination::Destination;
use super::failure::{Failure, Outcome, Verdict, reason, shown};
use super::interrupt::Interrupt;
use super::problem::Problem;
use crate::format;
use crate::synth;
use crate::synth::{Plan, Scenario};

/// Generate a tree of flow logs with its answer key
///
/// The tree is laid out as S3 holds it, and is the same for the same seed.
#[derive(Args, Clone, Debug)]
pub(super) struct Generate {
    /// How many records
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    records: u64,

    /// What everything random follows from
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// What is planted among them: port-scan, brute-force or exfiltration; may be given several times
    #[arg(long, value_name = "NAME")]
    scenario: Vec<Scenario>,

    /// The folder, which is made, or is empty
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
            "{} records in {} files, {}, in {}; the answer key is {}\n",
            format::count(summary.records),
            format::count(summary.files as u64),
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
