//! Answers questions about a store off the UI thread. The newest ticket wins.
//!
//! One pass gives everything that the panes need. While files still load, the next request with the same
//! question and a longer store is answered from the old answer and the new chunks alone.

use std::sync::Arc;

use crate::analysis::{Breakdown, Measure, Order, Selection, Sort, Timeline, Window};
use crate::query::Expression;
use crate::schema::FieldId;
use crate::store::{RowId, Store};

/// Orders requests: an answer whose ticket is not the newest is stale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What the panes want to know of the selected records.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Which records; none for every one.
    pub filter: Option<Arc<Expression>>,
    /// The buckets of the timeline and of the sparklines; none where no record has a time.
    pub window: Option<Window>,
    /// The field whose values are the lanes of the timeline.
    pub lanes: FieldId,
    /// How many lanes to give.
    pub lane_limit: usize,
    /// The field to group by.
    pub breakdown: FieldId,
    /// What to order the groups by.
    pub measure: Measure,
    /// How many groups to give.
    pub group_limit: usize,
    /// How to sort the records; none for reading order.
    pub sort: Option<Sort>,
}

/// A question about a snapshot.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which request this is.
    pub ticket: Ticket,
    /// What to answer it from.
    pub store: Store,
    /// The question.
    pub question: Question,
    /// The record whose place in the new list is wanted.
    pub anchor: Option<RowId>,
}

/// What a pass found.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whose answer this is.
    pub ticket: Ticket,
    /// Whether every chunk has been looked at; else this is a first part, and a fuller answer follows.
    pub complete: bool,
    /// The selected records.
    pub selection: Arc<Selection>,
    /// The records over time.
    pub timeline: Option<Arc<Timeline>>,
    /// The groups.
    pub breakdown: Arc<Breakdown>,
    /// The selected records sorted, where that was asked for and the answer is complete.
    pub order: Option<Arc<Order>>,
    /// The position of the anchor in the new list; where it is no longer selected, of the next record that is.
    pub anchor: Option<usize>,
    /// How long the pass took, in seconds.
    pub seconds: f64,
}
