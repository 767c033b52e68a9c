//! Log formats that apply to the files below some paths: those of described flow logs, and those accepted earlier for
//! a folder.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{BadLogFormat, Layouts};
use crate::format::visible;
use crate::store::{Layout, ReadProblem};

/// So many orders are named in a message.
const NAMED: usize = 8;

/// The order of the fields of one flow log, and how its files are recognized.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFormat {
    /// The fields: `${version} ${account-id} …` or bare names.
    pub format: String,
    /// How a message names the flow log.
    pub name: String,
    /// What paths of its files have in them: its id, its bucket, its log group.
    pub hints: Vec<String>,
    /// The description that it was found in, beside the files; none where it was given.
    pub file: Option<PathBuf>,
}

/// The orders of a load that are not for all of its files.
#[derive(Debug, Default)]
pub(super) struct Orders {
    described: Vec<(LogFormat, Arc<Layout>)>,
    remembered: Vec<(PathBuf, Arc<Layout>)>,
}

/// The order of the fields of a file, where it is not found out from its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileOrder {
    pub(crate) layout: Arc<Layout>,
    /// The names of its fields.
    pub(crate) names: Vec<String>,
    /// Whether the user gave it, so that it holds whatever the values look like.
    pub(crate) is_given: bool,
    /// What is said of a file that is read in it.
    pub(crate) note: Option<String>,
}

/// What is known of the order of the fields of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing.
    Nothing,
    /// It is this one.
    Given(Arc<Layout>),
    /// It is this one, as a description beside the file says, which the text names.
    Described(Arc<Layout>, String),
    /// It was this one before.
    Remembered(Arc<Layout>),
    /// Flow logs were described, and no one of them fits more than the others.
    Unclear(ReadProblem),
}

impl Layouts {
    /// The same with orders of flow logs that were `described`, and of folders that are `remembered`.
    pub(crate) fn with_orders(
        mut self,
        described: &[LogFormat],
        remembered: &[(PathBuf, String)],
    ) -> Result<Self, BadLogFormat> {
        for order in described {
            let layout = self.parse_format(&order.format)?;
            self.orders.described.push((order.clone(), layout));
        }
        for (folder, format) in remembered {
            // What was kept long ago may be no order any more, and then is none.
            if let Ok(layout) = self.parse_format(format) {
                self.orders.remembered.push((folder.clone(), layout));
            }
        }
        Ok(self)
    }

    /// The order of the fields of the file at `path` that was given or accepted.
    pub(crate) fn order_of(&self, path: &Path) -> Option<FileOrder> {
        let known = self.known_of(path);
        let layout = Arc::clone(known.layout()?);
        let names = layout.fields.iter().map(|field| self.catalog.name(*field));
        Some(FileOrder {
            names: names.collect(),
            is_given: matches!(known, Known::Given(_)),
            note: known.note(),
            layout,
        })
    }

    /// What is known of the file at `path`.
    pub(crate) fn known_of(&self, path: &Path) -> Known {
        if let Some(given) = &self.given {
            return Known::Given(Arc::clone(given));
        }
        if self.orders.described.is_empty() && self.orders.remembered.is_empty() {
            return Known::Nothing;
        }
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        if !self.orders.described.is_empty() {
            match self.orders.described_of(&path) {
                // A description that was found may be of other files.
                Known::Unclear(_) | Known::Nothing if self.orders.are_found() => {}
                known => return known,
            }
        }
        let folders = self.orders.remembered.iter();
        let folder = folders
            .filter(|(folder, _)| path.starts_with(folder))
            .max_by_key(|(folder, _)| folder.components().count());
        folder.map_or(Known::Nothing, |(_, layout)| {
            Known::Remembered(Arc::clone(layout))
        })
    }
}

impl Layouts {
    /// Whether the file at `path` is a description of flow logs that was found beside files.
    pub(crate) fn is_description(&self, path: &Path) -> bool {
        let mut files = self
            .orders
            .described
            .iter()
            .filter_map(|(order, _)| order.file.as_ref());
        let absolute = |path: &Path| std::path::absolute(path).ok();
        let path = absolute(path);
        path.is_some() && files.any(|file| absolute(file) == path)
    }
}

/// What is said of a file that is read in an order that was accepted.
const REMEMBERED: &str =
    "it has no header; the order of the fields is the one that was accepted for its folder";

impl Known {
    /// The order that was given or accepted.
    fn layout(&self) -> Option<&Arc<Layout>> {
        match self {
            Self::Given(layout) | Self::Described(layout, _) | Self::Remembered(layout) => {
                Some(layout)
            }
            Self::Nothing | Self::Unclear(_) => None,
        }
    }

    /// What is said of a file that is read in this order.
    pub(crate) fn note(&self) -> Option<String> {
        match self {
            Self::Described(_, note) => Some(note.clone()),
            Self::Remembered(_) => Some(REMEMBERED.into()),
            Self::Nothing | Self::Given(_) | Self::Unclear(_) => None,
        }
    }
}

impl Orders {
    fn described_of(&self, path: &Path) -> Known {
        let text = path.to_string_lossy();
        let fit = |order: &LogFormat| {
            // An id in the name of a file says more than any folder.
            if contains(&text, &order.name) {
                return Some(usize::MAX);
            }
            let hints = order.hints.iter();
            hints
                .filter(|hint| contains(&text, hint))
                .map(String::len)
                .max()
        };
        let fits: Vec<(usize, &(LogFormat, Arc<Layout>))> = self
            .described
            .iter()
            .filter_map(|described| Some((fit(&described.0)?, described)))
            .collect();
        let best = fits.iter().map(|(len, _)| *len).max();
        let mut found: Vec<&(LogFormat, Arc<Layout>)> = Vec::new();
        let mut add = |described| {
            let (_, layout): &(LogFormat, Arc<Layout>) = described;
            if found.iter().all(|(_, other)| other != layout) {
                found.push(described);
            }
        };
        let of_best = fits.iter().filter(|(len, _)| Some(*len) == best);
        of_best.for_each(|(_, described)| add(described));
        if fits.is_empty() && self.are_found() {
            self.nearest(path).for_each(add);
        }
        match found.as_slice() {
            [(order, layout)] => match &order.file {
                Some(file) => Known::Described(Arc::clone(layout), order.found_in(file)),
                None => Known::Given(Arc::clone(layout)),
            },
            several => Known::Unclear(self.unclear(several.is_empty())),
        }
    }

    /// The descriptions in the nearest folder above the file that has any.
    fn nearest(&self, path: &Path) -> impl Iterator<Item = &(LogFormat, Arc<Layout>)> {
        let depth = |(order, _): &(LogFormat, _)| {
            let file = std::path::absolute(order.file.as_ref()?).ok()?;
            let folder = file.parent().filter(|folder| path.starts_with(folder))?;
            Some(folder.components().count())
        };
        let nearest = self.described.iter().filter_map(depth).max();
        let described = self.described.iter();
        described.filter(move |described| nearest.is_some() && depth(described) == nearest)
    }

    /// Whether the descriptions were found beside the files, rather than given.
    fn are_found(&self) -> bool {
        self.described.iter().all(|(order, _)| order.file.is_some())
    }

    fn unclear(&self, is_none: bool) -> ReadProblem {
        let what = if is_none {
            "none of the described flow logs has an id, a bucket or a log group that is in the path"
        } else {
            "several of the described flow logs fit the path"
        };
        let names = self.described.iter().map(|(order, _)| visible(&order.name));
        let mut names: Vec<String> = names
            .take(NAMED)
            .map(std::borrow::Cow::into_owned)
            .collect();
        if self.described.len() > NAMED {
            names.push("…".into());
        }
        ReadProblem::UnclearOrder {
            what: format!("{what} ({})", names.join(", ")),
            advice: "give --log-format the LogFormat of the right one",
        }
    }
}

impl LogFormat {
    /// What is said of a file that is read in this order, which `file` describes.
    fn found_in(&self, file: &Path) -> String {
        let path = file.to_string_lossy();
        format!(
            "it has no header; the order of the fields is that of {}, which {} describes",
            visible(&self.name),
            visible(&path)
        )
    }
}

/// Whether `part` is in `text` as a name of its own: `fl-12` is not in `fl-123`.
fn contains(text: &str, part: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
    text.match_indices(part).any(|(at, _)| {
        let (before, rest) = text.split_at(at);
        let after = rest.strip_prefix(part).unwrap_or_default();
        !part.is_empty() && !before.ends_with(is_inner) && !after.starts_with(is_inner)
    })
}
