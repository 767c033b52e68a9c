//! The newest answer of the engine, and when to ask for the next one.

use std::sync::Arc;

use crate::analysis::Counts;
use crate::engine::{Answer, Question, Ticket};
use crate::query::Expression;
use crate::store::RowId;

/// What the panes show.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// The newest answer.
    pub answer: Option<Box<Answer>>,
    /// Whether the store has grown since the last request.
    pub is_outgrown: bool,
    newest: Ticket,
    asked: Option<Question>,
    is_pending: bool,
    /// Whether the newest request asks what the one before asked, of more records.
    is_growth: bool,
    ticks: u32,
}

/// How records come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Not at all.
    Still,
    /// As fast as files can be read.
    Loading,
    /// Now and then, as files grow.
    Live,
}

/// The seconds between two reports of the load: its own measure of time, for a state that has no clock.
const TICK: f64 = 0.05;
/// While files load, at most one part in so many of the time goes to questions nobody has asked anew.
const LOADING_SHARE: f64 = 5.0;

impl Results {
    /// The ticket for `question`, or none where it need not be asked now.
    ///
    /// Another question supersedes the one before it at once. But while files load, time grows with every
    /// chunk and so does the window: the same question about more records then waits until the one before has
    /// been answered, or a load would supersede itself, and until the load has had its share of the machine.
    pub fn ticket_for(&mut self, question: &Question, pace: Pace) -> Option<Ticket> {
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

    /// Forgets what was asked and answered; tickets go on, so that an answer on its way stays stale.
    pub fn forget(&mut self) {
        *self = Self {
            newest: Ticket(self.newest.0 + 1),
            ..Self::default()
        };
    }

    /// Notes that the load has reported.
    pub fn tick(&mut self) {
        self.ticks = self.ticks.saturating_add(1);
    }

    /// Whether the load has had its share of the machine since the last answer.
    fn is_rested(&self) -> bool {
        let spent = self.answer.as_ref().map_or(0.0, |answer| answer.seconds);
        f64::from(self.ticks) * TICK >= spent * (LOADING_SHARE - 1.0)
    }

    /// Takes in an answer, unless it is stale; a first part of a sorted list is not shown, because it is not
    /// sorted. Says whether it was taken.
    pub fn take(&mut self, answer: Box<Answer>, is_sorted: bool) -> bool {
        if answer.ticket != self.newest {
            return false;
        }
        if answer.complete {
            self.is_pending = false;
            self.ticks = 0;
        } else if is_sorted {
            return false;
        }
        self.answer = Some(answer);
        true
    }

    /// Whether the newest request asks what the one before asked, of more records.
    pub fn is_growth(&self) -> bool {
        self.is_growth
    }

    /// Notes that a request will not be answered.
    pub fn give_up(&mut self, ticket: Ticket) {
        if ticket == self.newest {
            self.is_pending = false;
        }
    }

    /// Whether an answer is on its way.
    pub fn is_pending(&self) -> bool {
        self.is_pending
    }

    /// Whether every record loaded has been looked at.
    pub fn is_complete(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.complete)
    }

    /// Whether `filter` matches something in what was loaded; none while that is not known.
    pub fn verdict(&self, filter: Option<&Arc<Expression>>) -> Option<bool> {
        let is_asked = |asked: &Question| asked.filter.as_ref() == filter;
        self.asked.as_ref().filter(|asked| is_asked(asked))?;
        let answer = self.answer.as_ref()?;
        let answer = (answer.ticket == self.newest).then_some(answer)?;
        let matches = !answer.selection.is_empty();
        let is_known = matches || answer.complete && !self.is_outgrown;
        is_known.then_some(matches)
    }

    /// How many records are selected.
    pub fn len(&self) -> usize {
        self.answer
            .as_ref()
            .map_or(0, |answer| answer.selection.len())
    }

    /// Whether no record is selected.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record at `position` of the list.
    pub fn row(&self, position: usize) -> Option<RowId> {
        let answer = self.answer.as_ref()?;
        match &answer.sorted_rows {
            Some(order) => order.rows.get(position).copied(),
            None => answer.selection.nth(position),
        }
    }

    /// What is counted of the selected records.
    pub fn totals(&self) -> Counts {
        self.answer
            .as_ref()
            .map_or_else(Counts::default, |answer| answer.breakdown.total)
    }
}
