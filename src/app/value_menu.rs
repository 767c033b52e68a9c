//! The menu of filters for a value: each line is a filter, with the number of records that it selects.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use ratatui::layout::Rect;

use super::layout;
use super::view::{Condition, Context, Effect, View};
use super::{App, Cmd, Overlay};
use crate::engine::{CountRequest, FilterCounts, Ticket};
use crate::format;
use crate::keymap::{Action, Scope};
use crate::query::{self, Expression, Selected};
use crate::schema::{FieldId, id, protocol};
use crate::store::RowId;

/// The seconds of an hour.
const HOUR: u64 = 3_600;

/// A value that filters are offered for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub(crate) field: FieldId,
    /// As a flow log prints it; `-` if it is missing.
    pub(crate) value: String,
    /// The record that it was taken from, if it was one record.
    pub(crate) row: Option<RowId>,
}

/// The open menu.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueMenu {
    /// The field and the value.
    pub(crate) title: String,
    pub(crate) lines: Vec<Offer>,
    /// Index of the line under the cursor.
    pub(crate) position: usize,
    /// Index of the first line on the screen.
    pub(crate) top: usize,
    ticket: Ticket,
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// What its key asks for.
    pub(crate) action: Action,
    /// The condition that it is about.
    pub(crate) term: String,
    /// The whole filter.
    pub(crate) filter: String,
    /// How many records the filter selects; `None` until they are counted.
    pub(crate) count: Option<u64>,
    expression: Arc<Expression>,
}

/// The records of a whole hour are those that started in it.
fn hour_of(time: u64) -> (u64, u64) {
    let start = time - time % HOUR;
    (start, start + HOUR)
}

/// The field that means either side of a record.
fn either_side(field: FieldId) -> Option<FieldId> {
    match field {
        id::SRCADDR | id::DSTADDR => Some(id::ADDR),
        id::PKT_SRCADDR | id::PKT_DSTADDR => Some(id::PKT_ADDR),
        id::SRCPORT | id::DSTPORT => Some(id::PORT),
        _ => None,
    }
}

impl App {
    /// Opens the menu, and has its filters counted.
    pub(super) fn open_value_menu(&mut self, subject: Subject, cmds: &mut Vec<Cmd>) {
        let lines = self.offers(&subject);
        self.counting = Ticket(self.counting.0 + 1);
        let filters = lines.iter().map(|line| Arc::clone(&line.expression));
        cmds.push(Cmd::Count(Box::new(CountRequest {
            ticket: self.counting,
            store: self.store.clone(),
            filters: filters.collect(),
        })));
        let name = self.store.catalog.name(subject.field);
        let title = format!("{name} {}", subject.value);
        self.overlay = Some(Overlay::Values(ValueMenu {
            title: format::visible(&title).into_owned(),
            lines,
            position: 0,
            top: 0,
            ticket: self.counting,
        }));
    }

    /// Stores the counts, unless another menu was opened since.
    pub(super) fn on_counts(&mut self, counts: FilterCounts) {
        if let Some(Overlay::Values(menu)) = &mut self.overlay
            && menu.ticket == counts.ticket
        {
            for (line, count) in menu.lines.iter_mut().zip(counts.counts) {
                line.count = Some(count);
            }
        }
    }

    pub(super) fn use_offered(&mut self, filter: &str) {
        self.overlay = None;
        self.put_filter(filter.to_owned());
        self.notice = Some(format!("{}; press u to undo", format::visible(filter)));
    }

    /// The last valid filter without the opposite of `condition`, which together with it would select nothing.
    pub(super) fn without_opposite(&self, condition: &Condition) -> String {
        let Condition {
            field,
            value,
            is_equal,
        } = condition;
        let opposite = query::term(&self.store.catalog, *field, value, !is_equal);
        let Some(opposite) = self.compiled(&opposite) else {
            return self.filter.applied.clone();
        };
        query::without(&self.filter.applied, |part| {
            self.compiled(part).as_ref() == Some(&opposite)
        })
    }

    /// The filter that `text` is; its references are those of the last valid filter.
    fn compiled(&self, text: &str) -> Option<Arc<Expression>> {
        let fields = self.store.fields();
        let context = query::Context {
            selected: self.filter.applied_row().map(|row| Selected {
                store: &self.store,
                row,
            }),
            saved: &self.library.saved,
            ..query::Context::of(&self.store, &fields)
        };
        query::compile(text, &context).expression
    }

    /// The lines of the menu: what can be done with the value, then with the record that it was taken from.
    fn offers(&self, subject: &Subject) -> Vec<Offer> {
        let base = &self.filter.applied;
        let term =
            |is_equal| query::term(&self.store.catalog, subject.field, &subject.value, is_equal);
        let mut offers: Vec<(Action, String, String)> = Vec::new();
        for (action, is_equal) in [(Action::KeepValue, true), (Action::DropValue, false)] {
            let condition = Condition {
                field: subject.field,
                value: subject.value.clone(),
                is_equal,
            };
            let term = term(is_equal);
            let filter = query::narrow(&self.without_opposite(&condition), &term);
            offers.push((action, term, filter));
        }
        if !base.trim().is_empty() {
            let term = term(true);
            offers.push((Action::AddValue, term.clone(), query::widen(base, &term)));
            offers.push((Action::OnlyValue, term.clone(), term));
        }
        for (action, term) in self.other_terms(subject) {
            let filter = query::narrow(base, &term);
            offers.push((action, term, filter));
        }
        let line = |(action, term, filter): (Action, String, String)| {
            let expression = self.compiled(&filter)?;
            Some(Offer {
                action,
                term,
                filter,
                count: None,
                expression,
            })
        };
        offers.into_iter().filter_map(line).collect()
    }

    /// Conditions that the value is not the only part of.
    fn other_terms(&self, subject: &Subject) -> Vec<(Action, String)> {
        let catalog = &self.store.catalog;
        let mut terms = Vec::new();
        let mut add = |action, field, value: &str| {
            terms.push((action, query::term(catalog, field, value, true)));
        };
        let is_missing = |value: &str| value == "-";
        if let Some(field) = either_side(subject.field).filter(|_| !is_missing(&subject.value)) {
            add(Action::BothDirections, field, &subject.value);
        }
        let Some(row) = subject.row else {
            return terms;
        };
        let same = [
            (Action::SameSource, id::SRCADDR),
            (Action::SamePort, id::DSTPORT),
        ];
        for (action, field) in same {
            let value = self.store.cell_text(row, field);
            if field != subject.field && !is_missing(&value) && self.has_value(row, field) {
                add(action, field, &value);
            }
        }
        terms.extend(
            self.conversation(row)
                .map(|term| (Action::Conversation, term)),
        );
        if let Ok(start) = self.store.cell_text(row, id::START).parse() {
            let (from, to) = hour_of(start);
            let (from, to) = (format::iso(from), format::iso(to));
            let name = catalog.name(id::START);
            terms.push((
                Action::ThisHour,
                format!("{name} >= {from} and {name} < {to}"),
            ));
        }
        terms
    }

    /// Whether a filter can find the value: records of protocols without ports print 0 but have no port.
    fn has_value(&self, row: RowId, field: FieldId) -> bool {
        if !matches!(field, id::SRCPORT | id::DSTPORT) {
            return true;
        }
        let protocol = self.store.cell_text(row, id::PROTOCOL).parse();
        protocol.is_ok_and(protocol::has_ports)
    }

    /// The condition for both directions of the conversation that a record is part of.
    fn conversation(&self, row: RowId) -> Option<String> {
        let cell = |field| Some(self.store.cell_text(row, field)).filter(|value| value != "-");
        let term = |field, value: &str| query::term(&self.store.catalog, field, value, true);
        let addresses = [cell(id::SRCADDR)?, cell(id::DSTADDR)?];
        let mut terms: Vec<String> = addresses.iter().map(|it| term(id::ADDR, it)).collect();
        if self.has_value(row, id::SRCPORT)
            && let (Some(from), Some(to)) = (cell(id::SRCPORT), cell(id::DSTPORT))
        {
            terms.extend([term(id::PORT, &from), term(id::PORT, &to)]);
        }
        terms.extend(cell(id::PROTOCOL).map(|number| term(id::PROTOCOL, &number)));
        terms.dedup();
        Some(terms.join(" and "))
    }
}

impl ValueMenu {
    /// What a line does, in words.
    pub(crate) fn label(action: Action) -> &'static str {
        match action {
            Action::KeepValue => "and: keep this value",
            Action::DropValue => "and not: drop this value",
            Action::AddValue => "or: add this value",
            Action::OnlyValue => "this value alone",
            Action::BothDirections => "on either side",
            Action::Conversation => "both directions of the flow",
            Action::SameSource => "same source",
            Action::SamePort => "same destination port",
            _ => "this hour",
        }
    }

    fn use_line(&self, position: usize) -> Effect {
        let line = self.lines.get(position);
        line.map_or(Effect::None, |line| Effect::UseOffered(line.filter.clone()))
    }
}

impl View for ValueMenu {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Values]
    }

    fn act(&mut self, action: Action, _context: &Context<'_>) -> Effect {
        match action {
            Action::Down => self.position += 1,
            Action::Up => self.position = self.position.saturating_sub(1),
            Action::Top => self.position = 0,
            Action::Bottom => self.position = usize::MAX,
            Action::Enter => return self.use_line(self.position),
            Action::Back => return Effect::CloseOverlay,
            action => {
                let line = self.lines.iter().position(|line| line.action == action);
                let Some(line) = line else {
                    return Effect::Notice("not for this value".to_owned());
                };
                return self.use_line(line);
            }
        }
        Effect::None
    }

    fn settle(&mut self, screen: Rect, _context: &Context<'_>) {
        let page = usize::from(layout::inner(layout::value_menu(screen, self.lines.len())).height);
        (self.position, self.top) =
            layout::in_list(self.position, self.top, self.lines.len(), page);
    }
}
