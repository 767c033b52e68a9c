//! The latest answer of the engine, and when to ask for the next one.

use std::sync::Arc;

use crate::analysis::{ListedRows, RowOrder, TimeOrder};
use crate::engine::{Answer, Question, Ticket};
use crate::query::Expression;
use crate::store::RowId;

/// The answer that the panes show, and the request that is running.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// The latest answer; it may be partial, or answer an older question.
    pub(crate) answer: Option<Box<Answer>>,
    /// The store has grown since the last request.
    pub(crate) is_outgrown: bool,
    newest: Ticket,
    asked: Option<Question>,
    is_pending: bool,
    /// The latest request repeats the question of the one before it, for more records.
    is_growth: bool,
    /// Load reports since the last complete answer.
    ticks: u32,
    /// The last question for which answers were prefetched.
    prefetched: Option<Question>,
}

/// How fast records arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Nothing is being loaded.
    Still,
    /// As fast as files can be read.
    Loading,
    /// Occasionally, as followed files grow.
    Live,
}

/// Seconds between two reports of the load. Counting reports measures time without a clock.
const TICK_SECONDS: f64 = 0.05;
/// While files load, repeated questions may take at most one fifth of the time.
const LOADING_SHARE: f64 = 5.0;

impl Results {
    /// The ticket for `question`, or `None` if it need not be asked now.
    ///
    /// A different question replaces the running one at once. The same question for more records waits for the
    /// running one to be answered; otherwise every chunk of a load would cancel it. While files load, the time window
    /// grows with every chunk, so a question that differs only in its window counts as the same. Repeated questions
    /// also wait until the load has had its share of the CPU.
    pub(crate) fn ticket_for(&mut self, question: &Question, pace: Pace) -> Option<Ticket> {
        let is_new = self.asked.as_ref() != Some(question);
        if !is_new && !self.is_outgrown {
            return None;
        }
        let is_same_but_for_time = self.asked.as_ref().is_some_and(|asked| {
            let window = question.window;
            Question {
                window,
                ..asked.clone()
            } == *question
        });
        let is_growth = !is_new || pace != Pace::Still && is_same_but_for_time;
        let must_rest = pace == Pace::Loading && !self.is_rested();
        if is_growth && (self.is_pending || must_rest) {
            return None;
        }
        self.is_growth = is_growth;
        self.newest = Ticket(self.newest.0 + 1);
        self.asked = Some(question.clone());
        self.is_pending = true;
        self.is_outgrown = false;
        Some(self.newest)
    }

    /// Discards question and answer. Ticket numbers are not reused, so an answer to an earlier request stays stale.
    pub(crate) fn forget(&mut self) {
        *self = Self {
            newest: Ticket(self.newest.0 + 1),
            ..Self::default()
        };
    }

    /// Counts a report of the load.
    pub(crate) fn tick(&mut self) {
        self.ticks = self.ticks.saturating_add(1);
    }

    /// Whether the load has had its share of the CPU since the last answer.
    fn is_rested(&self) -> bool {
        let spent = self.answer.as_ref().map_or(0.0, |answer| answer.seconds);
        f64::from(self.ticks) * TICK_SECONDS >= spent * (LOADING_SHARE - 1.0)
    }

    /// Whether `answer` is that to the latest request.
    pub(crate) fn is_newest(&self, answer: &Answer) -> bool {
        answer.ticket == self.newest
    }

    /// Stores an answer unless it is stale. A partial answer for a list sorted by columns is ignored, because its rows
    /// are not sorted yet. Returns whether the answer was stored.
    pub(crate) fn take(&mut self, answer: Box<Answer>) -> bool {
        let is_sorted = |asked: &Question| matches!(asked.order, RowOrder::Columns(_));
        if answer.ticket != self.newest {
            return false;
        }
        if answer.complete {
            self.is_pending = false;
            self.ticks = 0;
        } else if self.asked.as_ref().is_some_and(is_sorted) {
            return false;
        }
        self.answer = Some(answer);
        true
    }

    /// The newest question and its ticket, if it is about all records and has been answered. Returns nothing if the last
    /// one returned was the same.
    pub(crate) fn take_unprefetched(&mut self) -> Option<(Ticket, Question)> {
        let asked = self.asked.as_ref()?;
        if self.is_pending || self.is_outgrown || !self.is_complete() || asked.filter.is_some() {
            return None;
        }
        let question = Question {
            order: RowOrder::Reading,
            ..asked.clone()
        };
        if self.prefetched.as_ref() == Some(&question) {
            return None;
        }
        self.prefetched = Some(question.clone());
        Some((self.newest, question))
    }

    pub(crate) fn is_growth(&self) -> bool {
        self.is_growth
    }

    /// Stops waiting for a request that failed.
    pub(crate) fn give_up(&mut self, ticket: Ticket) {
        if ticket == self.newest {
            self.is_pending = false;
        }
    }

    /// Whether a request is running.
    pub(crate) fn is_pending(&self) -> bool {
        self.is_pending
    }

    /// Whether the answer covers all records of its store, rather than the first part of them.
    pub(crate) fn is_complete(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.complete)
    }

    /// Whether `filter` matches any loaded record; `None` while that is not known.
    pub(crate) fn verdict(&self, filter: Option<&Arc<Expression>>) -> Option<bool> {
        let is_asked = |asked: &Question| asked.filter.as_ref() == filter;
        self.asked.as_ref().filter(|asked| is_asked(asked))?;
        let answer = self.answer.as_ref()?;
        let answer = (answer.ticket == self.newest).then_some(answer)?;
        let matches = !answer.selection.is_empty();
        let is_known = matches || answer.complete && !self.is_outgrown;
        is_known.then_some(matches)
    }

    /// The number of selected records.
    pub(crate) fn len(&self) -> usize {
        self.answer
            .as_ref()
            .map_or(0, |answer| answer.selection.len())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The records at the positions `first..first + count` of the list, or as many as there are.
    pub(crate) fn page(&self, first: usize, count: usize) -> Vec<RowId> {
        let answer = self.answer.as_deref();
        answer.map_or_else(Vec::new, |answer| answer.page(first, count))
    }

    /// The position of the first record by time that starts at `start` or later.
    pub(crate) fn first_at(&self, start: u64) -> Option<usize> {
        let (answer, asked) = (self.answer.as_deref()?, self.asked.as_ref()?);
        let selection = &answer.selection;
        let row = match &answer.rows {
            ListedRows::Time(order) if asked.order == (RowOrder::Time { descending: false }) => {
                order.first_at(start)?
            }
            _ => TimeOrder::new(Arc::clone(selection), false).first_at(start)?,
        };
        Some(answer.rows.position(selection, &asked.order, row))
    }

    /// Changes with the list.
    pub(crate) fn edition(&self) -> (Ticket, bool) {
        let answer = self.answer.as_ref();
        answer.map_or_else(Default::default, |answer| (answer.ticket, answer.complete))
    }
}
