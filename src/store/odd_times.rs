//! Times that cannot be right: before there were flow logs, in the future, or an end before its start. The records are
//! kept; the timeline leaves out those whose time is of another age.

#[cfg(test)]
mod tests;

use std::time::SystemTime;

use super::chunk::{Cell, Chunk};
use crate::format;
use crate::schema::id;

/// Flow logs exist since 2015; a year is left for clocks that are wrong.
const EARLIEST: u64 = 1_388_534_400;
/// Clocks may differ by this many seconds.
const MAX_AHEAD: u64 = 86_400;

/// The last second that is not in the future.
fn latest(now: SystemTime) -> u64 {
    let now = now.duration_since(SystemTime::UNIX_EPOCH);
    now.map_or(u64::MAX, |now| now.as_secs().saturating_add(MAX_AHEAD))
}

/// How many records have times that cannot be right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OddTimes {
    /// They start before 2014.
    pub early: u64,
    /// They end in the future.
    pub future: u64,
    /// They end before they start.
    pub reversed: u64,
}

impl OddTimes {
    /// How many records are of another age.
    pub fn outside(&self) -> u64 {
        self.early + self.future
    }

    /// What is odd, each as a sentence without its full stop: `2 records start before 2014`.
    pub fn sentences(&self) -> Vec<String> {
        let kinds = [
            (self.early, "starts before 2014", "start before 2014"),
            (self.future, "ends in the future", "end in the future"),
            (
                self.reversed,
                "ends before it starts",
                "end before they start",
            ),
        ];
        let odd = kinds.into_iter().filter(|(count, ..)| *count > 0);
        odd.map(|(count, one, many)| {
            let does = if count == 1 { one } else { many };
            format!("{} {does}", format::counted(count, "record", "records"))
        })
        .collect()
    }

    /// Counts the odd times of `chunk`. Returns the span of the others.
    pub(super) fn add(&mut self, chunk: &Chunk) -> Option<(u64, u64)> {
        // A session that follows files may last for days.
        self.add_at(chunk, SystemTime::now())
    }

    fn add_at(&mut self, chunk: &Chunk, now: SystemTime) -> Option<(u64, u64)> {
        let (span, latest) = (chunk.span()?, latest(now));
        if span.0 >= EARLIEST && span.1 <= latest && !chunk.may_be_reversed() {
            return Some(span);
        }
        let number = |row, field| match chunk.cell(row, field) {
            Cell::Number(number) => Some(number),
            Cell::Missing | Cell::Word(_) | Cell::Address(_) => None,
        };
        let mut usual: Option<(u64, u64)> = None;
        for row in 0..chunk.rows() {
            let (start, end) = (number(row, id::START), number(row, id::END));
            let (Some(first), Some(last)) = (start.or(end), end.or(start)) else {
                continue;
            };
            self.reversed += u64::from(last < first);
            if first.min(last) < EARLIEST {
                self.early += 1;
            } else if first.max(last) > latest {
                self.future += 1;
            } else {
                let (from, to) = usual.unwrap_or((first, last));
                usual = Some((from.min(first), to.max(last).max(first)));
            }
        }
        usual
    }
}
