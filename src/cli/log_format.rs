//! The value of `--log-format`: a field order, or a file in which one is found, such as the JSON of
//! `describe-flow-logs`.

mod beside;
mod names;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::mpsc;
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value};
use thiserror::Error;

use super::failure::{Failure, Problem, reason};
use super::interrupt::{Interrupt, POLL_INTERVAL};
use super::report;
use crate::ingest;
use crate::ingest::{BadLogFormat, LogFormat, StartError};
pub(super) use beside::beside;

/// Larger files are not read.
const MAX_BYTES: u64 = 16 << 20;
/// A pipe that gives nothing for so long is said to be waited for.
const PIPE_PATIENCE: Duration = Duration::from_secs(1);
/// So many names of a list stand for it in a message.
const NAMES_SHOWN: usize = 4;

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
    #[error("it is a folder")]
    Folder,
    #[error("no list of field names is in it")]
    NoList,
    #[error("not valid JSON, and no list of field names is in it: {0}")]
    BadJson(#[from] serde_json::Error),
    #[error("it has different lists of field names ({0})")]
    SeveralLists(String),
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
            Self::Empty | Self::NoList | Self::BadJson(_) | Self::NoFormat => {
                Some("save the output of `aws ec2 describe-flow-logs` in it".into())
            }
            Self::SeveralLists(_) => Some("give one of them as the value of --log-format".into()),
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
pub(super) fn parse(text: Option<&str>, interrupt: &Interrupt) -> Result<GivenFormats, Failure> {
    match text.map(|text| (text, text.strip_prefix('@'))) {
        Some((_, Some(file))) => {
            let failed = |problem| Failure::at(format!("--log-format: {file}"), problem);
            let bytes = content(Path::new(file), interrupt)?.map_err(failed)?;
            of_bytes(bytes).map_err(failed)
        }
        Some((text, None)) => Ok(GivenFormats {
            all: Some(text.to_owned()),
            each: Vec::new(),
        }),
        None => Ok(GivenFormats::default()),
    }
}

fn of_bytes(bytes: Vec<u8>) -> Result<GivenFormats, LogFormatProblem> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(LogFormatProblem::TooLarge);
    }
    let text = text_of(bytes).ok_or(LogFormatProblem::NoList)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(LogFormatProblem::Empty);
    }
    let document: Option<serde_json::Result<Value>> = text
        .starts_with(['{', '['])
        .then(|| serde_json::from_str(text));
    let Some(Ok(document)) = document else {
        let lists = names::lists(text);
        return match (lists.as_slice(), document) {
            ([list], _) => Ok(GivenFormats {
                all: Some(list.clone()),
                each: Vec::new(),
            }),
            ([], Some(Err(error))) => Err(error.into()),
            ([], _) => {
                // One line that was meant as a list says which word is wrong.
                if text.lines().count() == 1 {
                    ingest::check_log_format(text)?;
                }
                Err(LogFormatProblem::NoList)
            }
            _ => Err(LogFormatProblem::SeveralLists(shown(&lists))),
        };
    };
    of_document(&document)
}

/// The formats in a JSON document.
fn of_document(document: &Value) -> Result<GivenFormats, LogFormatProblem> {
    let mut orders = Vec::new();
    collect(document, &mut orders);
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

/// What is in a file or a pipe, up to a little more than [`MAX_BYTES`].
///
/// # Errors
///
/// When a signal arrives while a pipe is waited for.
fn content(
    file: &Path,
    interrupt: &Interrupt,
) -> Result<Result<Vec<u8>, LogFormatProblem>, Failure> {
    match fs::metadata(file) {
        Ok(metadata) if metadata.is_dir() => return Ok(Err(LogFormatProblem::Folder)),
        Ok(_) => {}
        Err(error) => return Ok(Err(error.into())),
    }
    let (sender, receiver) = mpsc::channel();
    let path = file.to_path_buf();
    // Opening a pipe waits for its writer.
    let thread = thread::Builder::new().spawn(move || sender.send(bounded(&path)));
    thread.map_err(|error| Problem::Io(StartError::Thread(error).to_string()))?;
    let mut waited = Duration::ZERO;
    loop {
        match receiver.recv_timeout(POLL_INTERVAL) {
            Ok(bytes) => return Ok(bytes.map_err(LogFormatProblem::from)),
            Err(RecvTimeoutError::Disconnected) => {
                return Ok(Err(LogFormatProblem::Unreadable(
                    "reading it failed".into(),
                )));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(code) = interrupt.code() {
            return Err(Failure::Interrupted(code));
        }
        let is_said = waited > PIPE_PATIENCE;
        waited += POLL_INTERVAL;
        if !is_said && waited > PIPE_PATIENCE {
            let file = file.to_string_lossy();
            let file = crate::format::visible(&file);
            report::warn(&format!("--log-format: waiting for the end of {file}"));
        }
    }
}

/// The text that `bytes` are, in UTF-8 or as Windows PowerShell writes it: in UTF-16 with a byte order mark.
fn text_of(bytes: Vec<u8>) -> Option<String> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, odd) = rest.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().copied().map(unit).collect();
        String::from_utf16(&units).ok().filter(|_| odd.is_empty())
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}

fn bounded(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The beginnings of lists of names.
fn shown(lists: &[String]) -> String {
    let shown = lists.iter().take(NAMES_SHOWN).map(|list| {
        let names: Vec<&str> = list.split(' ').take(NAMES_SHOWN).collect();
        let more = if list.split(' ').count() > NAMES_SHOWN {
            " …"
        } else {
            ""
        };
        format!("`{}{more}`", crate::format::visible(&names.join(" ")))
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// The order for a single record.
pub(super) fn of_one_record(
    text: Option<&str>,
    interrupt: &Interrupt,
) -> Result<Option<String>, Failure> {
    let GivenFormats { all, each } = parse(text, interrupt)?;
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

/// What the format of a flow log stands under: in describe-flow-logs and `CloudFormation`, and in Terraform.
const FORMAT_KEYS: [&str; 2] = ["LogFormat", "log_format"];

/// All flow logs in a document, at any depth.
fn collect(value: &Value, orders: &mut Vec<LogFormat>) {
    match value {
        Value::Object(map) => match FORMAT_KEYS.iter().find_map(|key| format_of(map.get(*key)?)) {
            Some(format) => orders.push(order(map, &format)),
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

/// A format that is a text, or the argument of a function of `CloudFormation`.
fn format_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::Object(map) => map.get("Fn::Sub")?.as_str()?,
        value => value.as_str()?,
    };
    Some(text.replace("$${", "${").replace("${!", "${"))
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
        file: None,
    }
}
