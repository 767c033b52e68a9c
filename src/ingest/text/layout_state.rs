//! The layout that applies to the next line: it changes with every header.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use super::fit::{Fit, fit, is_event_time};
use super::known_formats;
use super::layouts::log_formats::Known;
use super::layouts::{Layouts, LineClass, W3C_FIELDS};
use super::piece::{Columns, LINE_BYTES};
use super::words::words;
use super::wrapping::{BETWEEN, Wrapping};
use super::zone::InputZone;
use crate::schema::FieldId;
use crate::store::Layout;

/// What an export task of `CloudWatch` writes to try whether it may.
pub(crate) const WRITE_TEST: &str = "Permission Check Successful";

/// What a line means depends on this: it goes on from one part of a file to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ActiveLayout {
    pub(crate) layout: Option<Arc<Layout>>,
    pub(crate) wrapping: Wrapping,
}

/// The layout that applies to the next line.
#[derive(Clone, Debug)]
pub(crate) struct LayoutState<'a> {
    pub(crate) layouts: &'a Layouts,
    pub(crate) known: Known,
    pub(crate) active: ActiveLayout,
    /// Whether there is nothing more to find out from the first lines.
    pub(crate) is_settled: bool,
}

impl<'a> LayoutState<'a> {
    /// At the beginning of a file that has no path.
    #[cfg(test)]
    pub(crate) fn new(layouts: &'a Layouts) -> Self {
        Self::of(layouts, Path::new("-"))
    }

    /// At the beginning of the file at `path`.
    pub(crate) fn of(layouts: &'a Layouts, path: &Path) -> Self {
        let known = layouts.known_of(path);
        let layout = match &known {
            Known::Given(layout) => Some(Arc::clone(layout)),
            _ => None,
        };
        let wrapping = Wrapping::default();
        Self {
            layouts,
            known,
            active: ActiveLayout { layout, wrapping },
            is_settled: false,
        }
    }

    /// In the middle of a file, where `active` is in effect.
    pub(crate) fn at(layouts: &'a Layouts, active: ActiveLayout) -> Self {
        Self {
            layouts,
            known: Known::Nothing,
            active,
            is_settled: true,
        }
    }

    /// Values under the names of `columns` follow. With too many names the layout is unknown.
    pub(crate) fn set_columns(&mut self, columns: &Columns) {
        self.active.layout = self.layouts.named(columns);
    }

    /// Goes back to the layout at the beginning of a file.
    pub(crate) fn forget(&mut self) {
        self.active.layout.clone_from(&self.layouts.given);
    }

    /// The layout and wrapping of the next line.
    pub(crate) fn active(&self) -> &ActiveLayout {
        &self.active
    }

    /// The zone of times that name none.
    pub(crate) fn zone(&self) -> InputZone {
        self.layouts.zone()
    }

    /// The layout of the next line.
    pub(crate) fn layout(&self) -> Option<&Arc<Layout>> {
        self.active.layout.as_ref()
    }

    /// Whether something stands around lines, so that they have to be read one by one.
    pub(crate) fn is_wrapped(&self) -> bool {
        self.active.wrapping.is_any()
    }

    /// Whether a line that begins with `byte` may change the layout.
    pub(crate) fn may_change(&self, byte: u8) -> bool {
        self.layout().is_none() || self.is_wrapped() || byte.is_ascii_alphabetic() || byte == b'#'
    }

    /// Looks at a line that is about to be read, without what stands around it.
    pub(crate) fn meet(&mut self, line: &str) -> LineClass {
        let may_be_header =
            line.starts_with(|c: char| c.is_ascii_alphabetic()) || line.starts_with(W3C_FIELDS);
        if let (true, Some(layout)) = (may_be_header, self.layouts.header(line)) {
            self.active.layout = Some(layout);
            return LineClass::Header;
        }
        match words(line).next() {
            None => return LineClass::Blank,
            Some(word) if word.starts_with('#') => return LineClass::Comment,
            Some(BETWEEN) if self.active.wrapping.has_places => return LineClass::Comment,
            Some(_) => {}
        }
        let may_be_known = match self.layout() {
            None if line.trim_end() == WRITE_TEST => return LineClass::Comment,
            None => true,
            // Lines that were found in several files may have several orders, and no headers.
            Some(layout) => {
                self.is_wrapped() && layout.fields.len() != known_formats::record_words(line).len()
            }
        };
        if may_be_known && let Some((count, order)) = known_formats::order(line) {
            self.active.layout = Some(self.layouts.with_event(count, order));
        }
        LineClass::Words
    }

    /// As [`LayoutState::meet`], of bytes, where only the layout matters.
    pub(crate) fn pass(&mut self, line: &[u8]) {
        if line.len() > LINE_BYTES || line.contains(&0) {
            return;
        }
        if let Ok(line) = str::from_utf8(&self.bare(line)) {
            self.meet(line);
        }
    }

    /// A line without what stands around it.
    pub(crate) fn bare<'l>(&self, line: &'l [u8]) -> Cow<'l, [u8]> {
        let text = str::from_utf8(line);
        match (self.is_wrapped(), text) {
            (true, Ok(text)) => match self.strip(text) {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
            _ => Cow::Borrowed(line),
        }
    }

    pub(crate) fn strip<'l>(&self, line: &'l str) -> Cow<'l, str> {
        self.active
            .wrapping
            .strip(line, |rest| self.makes_sense(rest))
    }

    /// Whether a line may begin like this.
    fn makes_sense(&self, line: &str) -> bool {
        if line.trim().is_empty() || line.starts_with('#') || self.layouts.is_header(line) {
            return true;
        }
        let words = known_formats::record_words(line);
        let fits = self.layout().is_some_and(|layout| {
            let is_event = |field: &FieldId| self.layouts.is_event_time(*field);
            let event = layout.fields.first().is_some_and(is_event);
            let begins = words
                .first()
                .is_some_and(|word| !event || is_event_time(word));
            let pairs = || layout.fields.iter().zip(&words);
            begins
                && words.len() == layout.fields.len()
                && pairs().all(|(field, word)| fit(*field, word) != Fit::Contradicts)
        });
        let is_known = known_formats::order(line).is_some_and(|(count, order)| {
            let pair = order.first().zip(words.first());
            count > 0 || pair.is_some_and(|(field, word)| fit(*field, word) != Fit::Contradicts)
        });
        fits || is_known
    }
}
