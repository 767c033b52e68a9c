//! The numbers of records with other actions and log-statuses than those that have counts of their own, and of records
//! without an action.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::analysis::{Counts, Key, Measure};
use crate::cli::answer;
use crate::cli::options::Reading;
use crate::engine::{Answer, GroupBy, Listing, Rank};
use crate::format;
use crate::schema::{FieldId, id};
use crate::store::Store;

/// How many combinations of an action and a log-status are listed.
const MAX_GROUPS: usize = 1000;
/// How many values a line of the table names.
const MAX_NAMED: usize = 8;

/// The actions that have counts of their own, and the log-statuses.
const ACTIONS: [&str; 2] = ["ACCEPT", "REJECT"];
const STATUSES: [&str; 3] = ["OK", "NODATA", "SKIPDATA"];

/// Numbers of records.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// Of each other action.
    pub(super) actions: BTreeMap<String, u64>,
    /// Of each other log-status.
    pub(super) statuses: BTreeMap<String, u64>,
    /// Of those that have traffic, or may have, and no action.
    pub(super) without_action: u64,
}

impl Others {
    /// The numbers among the records of `answer`, whose counts are `totals`.
    pub(super) fn of(reading: &Reading, store: &Store, answer: &Answer, totals: &Counts) -> Self {
        let mut others = Self::default();
        let has_actions = store.has(id::ACTION);
        let is_explained = !has_actions || totals.other() == totals.nodata + totals.skipdata;
        if is_explained && !has_other(store, id::LOG_STATUS, STATUSES.len()) {
            return others;
        }
        let by = GroupBy {
            fields: vec![id::ACTION.into(), id::LOG_STATUS.into()],
            records_only: true,
            ..GroupBy::default()
        };
        // Where there are too many, the other numbers can still be told.
        let listing = Listing::largest(Rank::Measure(Measure::Records), MAX_GROUPS);
        let Ok(found) = answer::group(answer, &by, &listing, reading.jobs) else {
            return others;
        };
        for group in found.list {
            let ([action, status], [action_name, status_name]) =
                (group.keys.as_slice(), group.labels.as_slice())
            else {
                continue;
            };
            let records = group.counts.records;
            let is_listed = |names: &[&str], name: &String| names.contains(&name.as_str());
            let is_usual = *status == Key::Missing || status_name == "OK";
            if *action == Key::Missing {
                let is_counted = has_actions && is_usual;
                others.without_action += if is_counted { records } else { 0 };
            } else if !is_listed(&ACTIONS, action_name) {
                *others.actions.entry(action_name.clone()).or_default() += records;
            }
            if *status != Key::Missing && !is_listed(&STATUSES, status_name) {
                *others.statuses.entry(status_name.clone()).or_default() += records;
            }
        }
        others
    }

    /// The numbers as parts of a line, of `records` in all.
    pub(super) fn parts(&self, records: u64) -> Vec<String> {
        let mut parts = Vec::new();
        for (name, number) in named(&self.actions) {
            let share = format::percent(number, records);
            parts.push(format!("{} {name} ({share})", format::count(number)));
        }
        for (name, number) in named(&self.statuses) {
            parts.push(format!("{} {name}", format::count(number)));
        }
        for (names, one, many) in [
            (&self.actions, "other action", "other actions"),
            (&self.statuses, "other log-status", "other log-statuses"),
        ] {
            if let Some(more @ 1..) = names.len().checked_sub(MAX_NAMED) {
                parts.push(format!("and {}", format::counted(more as u64, one, many)));
            }
        }
        if self.without_action > 0 {
            parts.push(format!(
                "{} without an action",
                format::count(self.without_action)
            ));
        }
        parts
    }
}

/// The most frequent of `numbers`.
fn named(numbers: &BTreeMap<String, u64>) -> impl Iterator<Item = (&String, u64)> {
    let mut named: Vec<(&String, u64)> = numbers.iter().map(|(name, n)| (name, *n)).collect();
    named.sort_by_key(|(_, number)| Reverse(*number));
    named.into_iter().take(MAX_NAMED)
}

/// Whether some record has another word of `field` than the first `known` of its list.
fn has_other(store: &Store, field: FieldId, known: usize) -> bool {
    let columns = store
        .chunks()
        .iter()
        .filter_map(|chunk| chunk.column(field));
    columns
        .filter_map(|column| column.range)
        .any(|(_, last)| last >= known as u64)
}
