//! The layout that applies to the next line: it changes with every header.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::awscli;
use super::fit::{Fit, fit, is_event_time};
use super::known_formats;
use super::known_order::columns::names_around;
use super::known_order::{self, KnownLine};
use super::layouts::log_formats::Known;
use super::layouts::{Layouts, LineClass, W3C_FIELDS};
use super::piece::{Columns, LINE_BYTES};
use super::words::words;
use super::wrapping::{BETWEEN, Wrapping};
use super::zone::InputZone;
use crate::schema::FieldId;
use crate::store::{Layout, LineStyle};

/// What an export task of `CloudWatch` writes to try whether it may.
pub(crate) const WRITE_TEST: &str = "Permission Check Successful";

/// The most layouts of lines with words around their records: these could make up any number of them.
const MAX_LAYOUTS_AROUND: usize = 1024;

/// What a line means depends on this: it goes on from one part of a file to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ActiveLayout {
    pub(crate) layout: Option<Arc<Layout>>,
    /// The layout of lines and rows that no names of columns stand above, as far as it is given or has been found.
    pub(crate) without_header: Option<Arc<Layout>>,
    /// Whether the user gave the order of the fields of such lines.
    pub(crate) is_given: bool,
    /// The layouts of the lines that do not fit it, as far as the first lines show them.
    pub(crate) others: Vec<Arc<Layout>>,
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
    /// How the rows are written whose columns have no names, once there was one.
    pub(crate) unnamed_style: Option<LineStyle>,
    /// The order of the last line that did not fit the layout in effect, where nothing stood around its record.
    last: Option<(KnownLine, Arc<Layout>)>,
    /// The fields of the lines that did not fit it and have words around their records.
    around: HashSet<Vec<FieldId>>,
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
            Known::Given(layout) | Known::Described(layout, _) => Some(Arc::clone(layout)),
            _ => None,
        };
        let is_given = matches!(known, Known::Given(_));
        Self {
            layouts,
            known,
            active: ActiveLayout {
                without_header: layout.clone(),
                is_given,
                layout,
                ..ActiveLayout::default()
            },
            is_settled: false,
            unnamed_style: None,
            last: None,
            around: HashSet::new(),
        }
    }

    /// In the middle of a file, where `active` is in effect.
    pub(crate) fn at(layouts: &'a Layouts, active: ActiveLayout) -> Self {
        Self {
            layouts,
            known: Known::Nothing,
            active,
            is_settled: true,
            unnamed_style: None,
            last: None,
            around: HashSet::new(),
        }
    }

    /// Values under the names of `columns` follow. With too many names the layout is unknown.
    pub(crate) fn set_columns(&mut self, columns: &Columns) {
        self.active.layout = self.layouts.named(columns);
    }

    /// Goes back to the layout of lines that no names of columns stand above.
    pub(crate) fn forget(&mut self) {
        let active = &mut self.active;
        active.layout.clone_from(&active.without_header);
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

    /// Whether the order of the fields of the next line is one that the user gave.
    pub(crate) fn is_order_given(&self) -> bool {
        self.active.is_given && self.layout().is_some_and(|layout| layout.header.is_none())
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
            Some(_) if is_omission(line) || awscli::is_remark(line) => return LineClass::Comment,
            Some(_) => {}
        }
        if self.layout().is_none() {
            if line.trim_end() == WRITE_TEST {
                return LineClass::Comment;
            }
            self.active.layout = self.layout_of(line);
        }
        LineClass::Words
    }

    /// The layout of a line that no header stands before.
    fn layout_of(&self, line: &str) -> Option<Arc<Layout>> {
        memchr::memchr2(b' ', b'\t', line.as_bytes())?;
        let words = known_formats::record_words(line);
        let known = known_order::recognize(&words).filter(|known| known.is_plausible(&words));
        if let Some(known) = known {
            return Some(self.layouts.of_line(known, &words));
        }
        let (prefix, fields) = known_formats::order(line)?;
        let (names, _) = names_around(prefix, fields.len(), &words);
        Some(self.layouts.around(&names, fields, &[]))
    }

    /// The layout of a line that does not fit the one in effect, where it is in another known order. What is found does
    /// not depend on the lines before it.
    pub(crate) fn other_layout(&mut self, line: &str) -> Option<Arc<Layout>> {
        let given = self.layout()?;
        if given.style != LineStyle::Words {
            return None;
        }
        let has_header = given.header.is_some();
        let words = known_formats::record_words(line);
        let mut others = self.active.others.iter();
        if let Some(layout) = others.find(|layout| fits(layout, &words)) {
            return Some(Arc::clone(layout));
        }
        let known = known_order::recognize(&words)?;
        let is_bare = known.prefix == 0 && known.extra == 0;
        // A header says how many words its lines have.
        if !known.is_plausible(&words)
            || has_header && known.extra > 0
            || is_cut_off(known, &words, given)
        {
            return None;
        }
        if is_bare
            && let Some((last, layout)) = &self.last
            && *last == known
        {
            return Some(Arc::clone(layout));
        }
        let fields = self.layouts.fields_of_line(known, &words);
        if !is_bare && !self.around.contains(&fields) {
            if self.around.len() >= MAX_LAYOUTS_AROUND {
                return None;
            }
            self.around.insert(fields.clone());
        }
        let layout = self.layouts.of_fields(fields);
        if is_bare {
            self.last = Some((known, Arc::clone(&layout)));
        }
        Some(layout)
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
        let begins = |layout: &Arc<Layout>| {
            let is_event = |field: &FieldId| self.layouts.is_event_time(*field);
            let has_event = layout.fields.first().is_some_and(is_event);
            words
                .first()
                .is_some_and(|word| !has_event || is_event_time(word))
        };
        let mut layouts = self.layout().into_iter().chain(&self.active.others);
        let is_known = || {
            known_formats::order(line).is_some_and(|(count, order)| {
                let pair = order.first().zip(words.first());
                count > 0 || pair.is_some_and(|(field, word)| fit(*field, word) != Fit::Contradicts)
            })
        };
        let is_recognized = || {
            known_order::recognize(&words)
                .is_some_and(|known| known.prefix == 0 && known.is_plausible(&words))
        };
        layouts.any(|layout| begins(layout) && fits(layout, &words))
            || is_known()
            || is_recognized()
    }
}

/// Whether a line has as many words as `layout` has fields, and none of them contradicts its field.
fn fits(layout: &Layout, words: &[&str]) -> bool {
    let mut pairs = layout.fields.iter().zip(words);
    layout.fields.len() == words.len()
        && pairs.all(|(field, word)| field.def().is_none() || fit(*field, word) != Fit::Contradicts)
}

/// Whether a line is the beginning of a record of `layout`, the end of which was lost: a shorter order may fit what is left.
fn is_cut_off(known: KnownLine, words: &[&str], layout: &Layout) -> bool {
    let record = layout.fields.get(known.prefix..).unwrap_or_default();
    let is_begun = record.len() > known.fields.len() + known.extra;
    // A log group may have records of version 2 besides.
    let is_complete = known.extra == 0 && words.get(known.prefix) == Some(&"2");
    is_begun && record.starts_with(known.fields) && !is_complete
}

/// Whether a line is what documents write for lines that they leave out: `...`.
fn is_omission(line: &str) -> bool {
    let line = line.trim();
    line == "…" || line.len() >= 2 && line.bytes().all(|byte| byte == b'.')
}
