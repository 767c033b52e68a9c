//! The lines that were not read, by reason, and what is wrong with files: one list to walk through.

#[cfg(test)]
pub(crate) mod tests;

use std::cmp::Reverse;

use ratatui::layout::Rect;

use super::layout;
use super::view::{Context, Effect, View};
use crate::format;
use crate::keymap::{Action, Scope};
use crate::store::{Assumed, AssumedKind, RejectReason, Source, Status, Store};
use crate::teach;

/// The lines in which what is under the cursor is shown in full.
const FULL_TEXT_ROWS: u16 = 4;
/// From so many lines on there is room for that.
const MIN_ROWS_FOR_FULL_TEXT: u16 = 12;

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemRow {
    /// A reason, and how many lines were not read for it.
    Reason(RejectReason, u64),
    /// Such a line: its index among the rejects that are kept.
    Reject(usize),
    /// So many more lines of the reason were not kept.
    NotKept(u64),
    /// How files ended that did not end well, and how many.
    Status(&'static str, usize),
    /// What is wrong with a file.
    Fault(usize),
    /// What was worked out about files rather than known, and of how many.
    Assumed(AssumedKind, usize),
    /// What was worked out about a file: the file, and which of its assumptions.
    Assumption(usize, usize),
    /// Files with something to be known that is no fault, and how many.
    Warnings(usize),
    /// What should be known of a file: the file, and which of its warnings.
    Warning(usize, usize),
}

/// The open list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProblemList {
    /// What there is to see.
    pub rows: Vec<ProblemRow>,
    /// The row under the cursor.
    pub position: usize,
    /// The first row on the screen.
    pub top: usize,
    /// Where everything is.
    pub view: ProblemAreas,
}

/// Where the parts of the list are; what there is no room for is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProblemAreas {
    /// The window with its frame.
    pub window: Rect,
    /// The rows.
    pub list: Rect,
    /// The line below them.
    pub rule: Rect,
    /// What is under the cursor, in full.
    pub full_text: Rect,
}

impl ProblemRow {
    /// Whether rows that belong together begin here.
    pub fn is_heading(&self) -> bool {
        matches!(
            self,
            Self::Reason(..) | Self::Status(..) | Self::Assumed(..) | Self::Warnings(_)
        )
    }
}

impl ProblemList {
    /// The list of what `store` has.
    pub fn new(store: &Store) -> Self {
        Self {
            rows: rows(store),
            ..Self::default()
        }
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&ProblemRow> {
        self.rows.get(self.position)
    }

    /// Moves the cursor; false if `action` is not a movement.
    fn move_cursor(&mut self, action: Action) -> bool {
        let page = usize::from(self.view.list.height).max(1);
        let half = page.div_ceil(2);
        match action {
            Action::Down => self.position += 1,
            Action::Up => self.position = self.position.saturating_sub(1),
            Action::PageDown => self.scroll(page, true),
            Action::PageUp => self.scroll(page, false),
            Action::HalfPageDown => self.scroll(half, true),
            Action::HalfPageUp => self.scroll(half, false),
            Action::Top => self.position = 0,
            Action::Bottom => self.position = usize::MAX,
            Action::Right => {
                let after = self.rows.iter().skip(self.position + 1);
                if let Some(step) = after.into_iter().position(ProblemRow::is_heading) {
                    self.position += step + 1;
                }
            }
            Action::Left => {
                let before = self.rows.iter().take(self.position);
                self.position = before
                    .into_iter()
                    .rposition(ProblemRow::is_heading)
                    .unwrap_or(0);
            }
            _ => return false,
        }
        true
    }

    fn scroll(&mut self, rows: usize, is_down: bool) {
        let step = |at: usize| {
            if is_down {
                at + rows
            } else {
                at.saturating_sub(rows)
            }
        };
        self.position = step(self.position);
        self.top = step(self.top);
    }

    /// What is under the cursor with its location, if there is more than the list shows.
    fn full_text(&self, store: &Store) -> Option<String> {
        let Description { location, text } = describe(store, self.current()?);
        if text.is_empty() {
            (!location.is_empty()).then_some(location)
        } else {
            Some(format!("{location}: {text}"))
        }
    }

    /// Copies the line or the message under the cursor.
    fn copy(&self, store: &Store) -> Effect {
        let (what, text) = match self.current() {
            Some(ProblemRow::Reject(at)) => {
                let reject = store.rejects().kept.get(*at);
                ("line", reject.map(|reject| reject.text.clone()))
            }
            Some(
                row @ (ProblemRow::Fault(_) | ProblemRow::Assumption(..) | ProblemRow::Warning(..)),
            ) => {
                let Description { location, text } = describe(store, row);
                ("message", Some(format!("{location}: {text}")))
            }
            _ => ("line", None),
        };
        Effect::copy(what, text, "nothing to copy in this row")
    }
}

impl View for ProblemList {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Problems]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        if self.move_cursor(action) {
            return Effect::None;
        }
        match action {
            Action::Enter => match self.full_text(context.store) {
                Some(text) => Effect::ShowText(text),
                None => Effect::Notice("nothing more to show for this row".into()),
            },
            Action::CopyCell => self.copy(context.store),
            Action::Back => Effect::CloseOverlay,
            _ => Effect::Unhandled,
        }
    }

    fn settle(&mut self, screen: Rect, _context: &Context<'_>) {
        self.view = ProblemAreas::of(screen);
        let page = usize::from(self.view.list.height);
        (self.position, self.top) = layout::in_list(self.position, self.top, self.rows.len(), page);
    }

    /// The cursor stays on its row.
    fn refresh(&mut self, context: &Context<'_>) {
        let offset = self.position.saturating_sub(self.top);
        let current = self.rows.get(self.position).cloned();
        self.rows = rows(context.store);
        let same = |row: &ProblemRow| match (row, &current) {
            // Its number may have grown.
            (ProblemRow::Reason(a, _), Some(ProblemRow::Reason(b, _))) => a == b,
            (ProblemRow::Status(a, _), Some(ProblemRow::Status(b, _))) => a == b,
            (ProblemRow::Assumed(a, _), Some(ProblemRow::Assumed(b, _))) => a == b,
            (ProblemRow::Warnings(_), Some(ProblemRow::Warnings(_))) => true,
            (row, Some(current)) => row == current,
            (_, None) => false,
        };
        if let Some(position) = self.rows.iter().position(same) {
            self.position = position;
            self.top = position.saturating_sub(offset);
        }
    }
}

impl ProblemAreas {
    /// All but the first and the last line of the screen, where there is room for these.
    fn of(screen: Rect) -> Self {
        let edge = u16::from(screen.height > 6);
        let window = Rect {
            y: screen.y + edge,
            height: screen.height - 2 * edge,
            ..screen
        };
        let inner = layout::inner(window);
        let full_text = if inner.height >= MIN_ROWS_FOR_FULL_TEXT {
            FULL_TEXT_ROWS
        } else {
            0
        };
        let rule = u16::from(full_text > 0);
        let part = |y: u16, height: u16| Rect { y, height, ..inner };
        let list = part(inner.y, inner.height - full_text - rule);
        Self {
            window,
            list,
            rule: part(list.bottom(), rule),
            full_text: part(list.bottom() + rule, full_text),
        }
    }
}

/// The reasons, most frequent first, each with its lines as they are read; then the files by how they ended; then
/// what was assumed of files, by kind; then the warnings.
fn rows(store: &Store) -> Vec<ProblemRow> {
    let rejects = store.rejects();
    let mut kept: Vec<usize> = (0..rejects.kept.len()).collect();
    kept.sort_by_key(|at| {
        let reject = &rejects.kept[*at];
        (&reject.reason, reject.source, reject.line)
    });
    let mut reasons: Vec<(&RejectReason, u64)> =
        rejects.by_reason.iter().map(|(r, n)| (r, *n)).collect();
    reasons.sort_by_key(|(_, count)| Reverse(*count));
    let mut rows = Vec::with_capacity(kept.len() + reasons.len());
    for (reason, count) in reasons {
        rows.push(ProblemRow::Reason(reason.clone(), count));
        let begin = kept.partition_point(|at| rejects.kept[*at].reason < *reason);
        let end = kept.partition_point(|at| rejects.kept[*at].reason <= *reason);
        let of_reason = kept.get(begin..end).unwrap_or_default();
        rows.extend(of_reason.iter().map(|at| ProblemRow::Reject(*at)));
        let rest = count.saturating_sub(of_reason.len() as u64);
        if rest > 0 {
            rows.push(ProblemRow::NotKept(rest));
        }
    }
    rows.extend(fault_rows(store.sources()));
    rows.extend(assumed_rows(store));
    rows.extend(warning_rows(store.sources()));
    rows
}

fn assumed_rows(store: &Store) -> Vec<ProblemRow> {
    let mut rows = Vec::new();
    for assumption in store.assumptions() {
        rows.push(ProblemRow::Assumed(assumption.kind, assumption.files.len()));
        for index in &assumption.files {
            let assumed = store.sources().get(*index).map(|source| &source.assumed);
            let which = assumed.and_then(|assumed| {
                let mut kinds = assumed.iter().map(Assumed::kind);
                kinds.position(|kind| kind == assumption.kind)
            });
            rows.extend(which.map(|which| ProblemRow::Assumption(*index, which)));
        }
    }
    rows
}

fn fault_rows(sources: &[Source]) -> Vec<ProblemRow> {
    let mut faults: Vec<(&'static str, usize)> = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        if source.message().is_some() {
            faults.push((source.status.name(), index));
        }
    }
    faults.sort_unstable();
    let mut rows = Vec::new();
    for group in faults.chunk_by(|a, b| a.0 == b.0) {
        rows.extend(
            group
                .first()
                .map(|(name, _)| ProblemRow::Status(name, group.len())),
        );
        rows.extend(group.iter().map(|(_, index)| ProblemRow::Fault(*index)));
    }
    rows
}

fn warning_rows(sources: &[Source]) -> Vec<ProblemRow> {
    let mut rows = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        rows.extend((0..source.warnings.len()).map(|which| ProblemRow::Warning(index, which)));
    }
    if !rows.is_empty() {
        rows.insert(0, ProblemRow::Warnings(rows.len()));
    }
    rows
}

/// The text of a row, safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Description {
    /// The file and the line; for a reason, its name.
    pub(crate) location: String,
    /// The rejected line or the message; for a reason, what it means.
    pub(crate) text: String,
}

pub(crate) fn describe(store: &Store, row: &ProblemRow) -> Description {
    let path = |index: usize| {
        let source = store.sources().get(index);
        let path = source.map(|source| source.path_text());
        format::visible(path.as_deref().unwrap_or("?")).into_owned()
    };
    let said = |text: Option<&str>| format::visible(text.unwrap_or_default()).into_owned();
    let (location, text) = match row {
        ProblemRow::Reason(reason, _) => (
            format::visible(&reason.to_string()).into(),
            teach::reason(reason),
        ),
        ProblemRow::Reject(at) => match store.rejects().kept.get(*at) {
            Some(reject) => (
                format!("{}:{}", path(reject.source as usize), reject.line),
                said(Some(&reject.text)),
            ),
            None => (String::new(), String::new()),
        },
        ProblemRow::Fault(index) => {
            let name = path(*index);
            let source = store.sources().get(*index);
            let text = source.and_then(|source| match &source.status {
                Status::EmptyFolder(_) => source.message(),
                status => status.error(),
            });
            (name, said(text.as_deref()))
        }
        ProblemRow::Warning(index, which) => {
            let source = store.sources().get(*index);
            let text = source.and_then(|source| source.warnings.get(*which));
            (path(*index), said(text.map(String::as_str)))
        }
        ProblemRow::Assumption(index, which) => {
            let source = store.sources().get(*index);
            let assumed = source.and_then(|source| source.assumed.get(*which));
            let text = assumed.map(|assumed| assumed.message("this file"));
            (path(*index), text.unwrap_or_default())
        }
        ProblemRow::NotKept(_)
        | ProblemRow::Status(..)
        | ProblemRow::Assumed(..)
        | ProblemRow::Warnings(_) => (String::new(), String::new()),
    };
    Description { location, text }
}
