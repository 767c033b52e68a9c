//! The times to which a filter limits the start of records.

use super::expression::{Comparison, Expression, Operand, Term, Window};
use crate::schema::id;

/// The first second that may match, and the last.
type Range = (u64, u64);

impl Expression {
    /// The seconds of `span`, which the data covers, in which the records that this selects can start; none where that
    /// is not limited, or where nothing is left. Only conditions that must hold are looked at, and of those only
    /// conditions on `start`.
    pub fn start_range(&self, span: Range) -> Option<Range> {
        let terms = match self {
            Self::All(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let ranges = terms.iter().filter_map(|part| match part {
            Self::Term(term) => term.start_range(span),
            _ => None,
        });
        let inner = ranges.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))?;
        let (first, last) = (inner.0.max(span.0), inner.1.min(span.1));
        (first <= last).then_some((first, last))
    }
}

impl Term {
    fn start_range(&self, span: Range) -> Option<Range> {
        let seconds = |operand: &Operand| match operand {
            Operand::Number(number) => Some((*number, number.saturating_add(1))),
            Operand::Time(moment) => Some(moment.seconds(Some(span))),
            Operand::Times(first, last) => {
                Some((first.seconds(Some(span)).0, last.seconds(Some(span)).1))
            }
            _ => None,
        };
        match self {
            Self::Compare(name, comparison, operand) if name.field == id::START => {
                let (from, end) = seconds(operand)?;
                match comparison {
                    Comparison::Equal => Some((from, end.saturating_sub(1))),
                    Comparison::Less => Some((0, from.saturating_sub(1))),
                    Comparison::LessOrEqual => Some((0, end.saturating_sub(1))),
                    Comparison::Greater => Some((end, u64::MAX)),
                    Comparison::GreaterOrEqual => Some((from, u64::MAX)),
                    Comparison::NotEqual => None,
                }
            }
            Self::In {
                field,
                negated: false,
                members,
            } if field.field == id::START => {
                let ranges = members.iter().map(seconds);
                let ranges: Vec<Range> = ranges.collect::<Option<_>>()?;
                let first = ranges.iter().map(|(from, _)| *from).min()?;
                let end = ranges.iter().map(|(_, end)| *end).max()?;
                Some((first, end.saturating_sub(1)))
            }
            Self::Window(Window::Since(moment)) => Some((moment.seconds(Some(span)).0, u64::MAX)),
            Self::Window(Window::Until(moment)) => {
                let from = moment.seconds(Some(span)).0;
                Some((0, from.saturating_sub(1)))
            }
            Self::Window(Window::First(seconds)) => {
                let end = span.0.saturating_add(*seconds);
                Some((0, end.saturating_sub(1)))
            }
            _ => None,
        }
    }
}
