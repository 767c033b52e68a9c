//! What `--log-format` says: an order of fields, or a file with one, or with what AWS says of flow logs.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use super::failure::{Failure, reason, shown};
use crate::format;
use crate::ingest;
use crate::ingest::Order;

/// A file with more bytes than this describes no flow logs.
const MOST_BYTES: u64 = 64 << 20;

/// The orders that were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Described {
    /// The order of all lines without a header.
    pub(super) all: Option<String>,
    /// Orders of which each is for the files of one flow log.
    pub(super) each: Vec<Order>,
}

/// What `text` asks for: an order, or `@` and the name of a file.
pub(super) fn log_format(text: Option<&str>) -> Result<Described, Failure> {
    match text.map(|text| (text, text.strip_prefix('@'))) {
        Some((_, Some(file))) => of_file(Path::new(file)),
        Some((text, None)) => Ok(Described {
            all: Some(text.to_owned()),
            each: Vec::new(),
        }),
        None => Ok(Described::default()),
    }
}

fn of_file(file: &Path) -> Result<Described, Failure> {
    let failed = |why: String| {
        let path = shown(file);
        Failure::Message(format!("--log-format: {path}: {why}"))
    };
    let metadata = fs::metadata(file).map_err(|error| failed(reason(&error)))?;
    if metadata.len() > MOST_BYTES {
        return Err(failed("too large to be a description of flow logs".into()));
    }
    let text = fs::read_to_string(file).map_err(|error| failed(reason(&error)))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(failed(
            "it is empty: give the output of `aws ec2 describe-flow-logs`".into(),
        ));
    }
    if !text.starts_with(['{', '[']) {
        if text.lines().count() > 1 {
            return Err(failed(
                "neither the JSON of `aws ec2 describe-flow-logs` nor one line with names of fields".into(),
            ));
        }
        check(text).map_err(failed)?;
        return Ok(Described {
            all: Some(text.to_owned()),
            each: Vec::new(),
        });
    }
    let document: Value =
        serde_json::from_str(text).map_err(|error| failed(format!("not JSON: {error}")))?;
    let mut orders = Vec::new();
    collect(&document, &mut orders);
    for order in &orders {
        check(&order.format).map_err(|why| failed(format!("{}: {why}", order.name)))?;
    }
    of_orders(orders).ok_or_else(|| {
        let is_empty = document.get("FlowLogs").and_then(Value::as_array);
        failed(if is_empty.is_some_and(Vec::is_empty) {
            "there is no flow log in it: ask for the region and the account that have them".into()
        } else {
            "no LogFormat in it: give the output of `aws ec2 describe-flow-logs`".into()
        })
    })
}

/// Says what is wrong with an order, if something is.
fn check(format: &str) -> Result<(), String> {
    let result = ingest::check_log_format(format);
    result.map_err(|error| {
        let text = error.to_string();
        text.strip_prefix("log format: ")
            .unwrap_or(&text)
            .to_owned()
    })
}

/// The order of the only record there is.
pub(super) fn of_one_record(text: Option<&str>) -> Result<Option<String>, Failure> {
    let Described { all, each } = log_format(text)?;
    if each.is_empty() {
        return Ok(all);
    }
    let names: Vec<&str> = each.iter().map(|order| &*order.name).collect();
    Err(Failure::Message(format!(
        "--log-format: there are several flow logs with different formats ({}): give the LogFormat of one",
        format::visible(&names.join(", "))
    )))
}

/// One order for everything where all flow logs have the same; none where there is no flow log.
fn of_orders(orders: Vec<Order>) -> Option<Described> {
    let first = orders.first()?.format.clone();
    let is_one = orders.iter().all(|order| order.format == first);
    Some(if is_one {
        Described {
            all: Some(first),
            each: Vec::new(),
        }
    } else {
        Described {
            all: None,
            each: orders,
        }
    })
}

/// The flow logs in a document, wherever they stand in it.
fn collect(value: &Value, orders: &mut Vec<Order>) {
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

fn order(map: &Map<String, Value>, format: &str) -> Order {
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    let mut hints: Vec<String> = ["FlowLogId", "LogGroupName"]
        .iter()
        .filter_map(|key| text(key))
        .map(|hint| hint.trim_matches('/').to_owned())
        .collect();
    if let Some(resource) = text("ResourceId") {
        hints.push(resource.to_owned());
        if resource.starts_with("eni-") {
            // The streams of `CloudWatch` are called after the interface.
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
    let place = destination
        .rsplit(':')
        .find(|part| !matches!(*part, "" | "*"));
    let place = place.unwrap_or_default().trim_matches('/');
    hints.push(place.to_owned());
    // A copy of a bucket may lie in a folder of any name.
    if let Some((bucket, folder)) = place.split_once('/') {
        hints.extend([bucket.to_owned(), folder.to_owned()]);
    }
    hints.retain(|hint| hint.len() > 2);
    Order {
        format: format.to_owned(),
        name: text("FlowLogId")
            .unwrap_or("a flow log without an id")
            .to_owned(),
        hints,
    }
}
