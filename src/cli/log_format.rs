//! The value of `--log-format`: a field order, or a file with one or with the JSON of `describe-flow-logs`.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Map, Value};
use thiserror::Error;

use super::failure::{Failure, reason};
use crate::ingest;
use crate::ingest::{BadLogFormat, LogFormat};

/// Larger files are not read.
const MAX_BYTES: u64 = 64 << 20;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GivenFormats {
    /// One order for all lines without a header.
    pub(super) all: Option<String>,
    /// One order per flow log, for the files of that flow log.
    pub(super) each: Vec<LogFormat>,
}

#[derive(Debug, Error)]
pub(super) enum LogFormatProblem {
    #[error("cannot be read: {0}")]
    Unreadable(String),
    #[error("too large for a description of flow logs")]
    TooLarge,
    #[error("the file is empty")]
    Empty,
    #[error("neither JSON nor one line of field names")]
    NeitherForm,
    #[error("not valid JSON: {0}")]
    BadJson(#[from] serde_json::Error),
    #[error("there are no flow logs in it")]
    NoFlowLogs,
    #[error("there is no LogFormat in it")]
    NoFormat,
    #[error("{name}: {error}")]
    InFlowLog { name: String, error: BadLogFormat },
    #[error("it describes flow logs with different formats ({0})")]
    Several(String),
    #[error(transparent)]
    Format(#[from] BadLogFormat),
}

impl LogFormatProblem {
    pub(super) fn advice(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Empty | Self::NeitherForm | Self::NoFormat => {
                Some("save the output of `aws ec2 describe-flow-logs` in it".into())
            }
            Self::NoFlowLogs => {
                Some("run `aws ec2 describe-flow-logs` for the right region and account".into())
            }
            Self::Several(_) => Some("give the LogFormat of one of them".into()),
            _ => None,
        }
    }
}

impl From<io::Error> for LogFormatProblem {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(reason(&error))
    }
}

/// Parses a field order, or `@` and a file name.
pub(super) fn parse(text: Option<&str>) -> Result<GivenFormats, Failure> {
    match text.map(|text| (text, text.strip_prefix('@'))) {
        Some((_, Some(file))) => {
            let formats = read_file(Path::new(file));
            formats.map_err(|problem| Failure::at(format!("--log-format: {file}"), problem))
        }
        Some((text, None)) => Ok(GivenFormats {
            all: Some(text.to_owned()),
            each: Vec::new(),
        }),
        None => Ok(GivenFormats::default()),
    }
}

fn read_file(file: &Path) -> Result<GivenFormats, LogFormatProblem> {
    if fs::metadata(file)?.len() > MAX_BYTES {
        return Err(LogFormatProblem::TooLarge);
    }
    let text = fs::read_to_string(file)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(LogFormatProblem::Empty);
    }
    if !text.starts_with(['{', '[']) {
        if text.lines().count() > 1 {
            return Err(LogFormatProblem::NeitherForm);
        }
        ingest::check_log_format(text)?;
        return Ok(GivenFormats {
            all: Some(text.to_owned()),
            each: Vec::new(),
        });
    }
    let document: Value = serde_json::from_str(text)?;
    let mut orders = Vec::new();
    collect(&document, &mut orders);
    for LogFormat { format, name, .. } in &orders {
        ingest::check_log_format(format).map_err(|error| LogFormatProblem::InFlowLog {
            name: name.clone(),
            error,
        })?;
    }
    of_orders(orders).ok_or_else(|| {
        let flow_logs = document.get("FlowLogs").and_then(Value::as_array);
        if flow_logs.is_some_and(Vec::is_empty) {
            LogFormatProblem::NoFlowLogs
        } else {
            LogFormatProblem::NoFormat
        }
    })
}

/// The order for a single record.
pub(super) fn of_one_record(text: Option<&str>) -> Result<Option<String>, Failure> {
    let GivenFormats { all, each } = parse(text)?;
    if each.is_empty() {
        return Ok(all);
    }
    let names: Vec<&str> = each.iter().map(|order| &*order.name).collect();
    let problem = LogFormatProblem::Several(names.join(", "));
    Err(Failure::at("--log-format", problem))
}

/// A single order if all flow logs have the same; none without flow logs.
fn of_orders(orders: Vec<LogFormat>) -> Option<GivenFormats> {
    let first = orders.first()?.format.clone();
    let is_one = orders.iter().all(|order| order.format == first);
    Some(if is_one {
        GivenFormats {
            all: Some(first),
            each: Vec::new(),
        }
    } else {
        GivenFormats {
            all: None,
            each: orders,
        }
    })
}

/// All flow logs in a document, at any depth.
fn collect(value: &Value, orders: &mut Vec<LogFormat>) {
    match value {
        Value::Object(map) => match map.get("LogFormat").and_then(Value::as_str) {
            Some(format) => orders.push(order(map, format)),
            None => {
                for value in map.values() {
                    collect(value, orders);
                }
            }
        },
        Value::Array(values) => {
            for value in values {
                collect(value, orders);
            }
        }
        _ => {}
    }
}

fn order(map: &Map<String, Value>, format: &str) -> LogFormat {
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    let mut hints: Vec<String> = ["FlowLogId", "LogGroupName"]
        .iter()
        .filter_map(|key| text(key))
        .map(|hint| hint.trim_matches('/').to_owned())
        .collect();
    if let Some(resource) = text("ResourceId") {
        hints.push(resource.to_owned());
        if resource.starts_with("eni-") {
            // Log streams of `CloudWatch` are named after the interface.
            let streams = ["all", "accept", "reject"];
            hints.extend(
                streams
                    .iter()
                    .map(|traffic| format!("{resource}-{traffic}")),
            );
        }
    }
    // `arn:aws:s3:::bucket/folder/`, `arn:aws:logs:us-east-1:123456789012:log-group:name:*`.
    let destination = text("LogDestination").unwrap_or_default();
    let location = destination
        .rsplit(':')
        .find(|part| !matches!(*part, "" | "*"));
    let location = location.unwrap_or_default().trim_matches('/');
    hints.push(location.to_owned());
    // A copy of a bucket may be in a folder with any name.
    if let Some((bucket, folder)) = location.split_once('/') {
        hints.extend([bucket.to_owned(), folder.to_owned()]);
    }
    hints.retain(|hint| hint.len() > 2);
    LogFormat {
        format: format.to_owned(),
        name: text("FlowLogId")
            .unwrap_or("flow log without an id")
            .to_owned(),
        hints,
    }
}
