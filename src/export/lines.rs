//! The original lines under their original header.
//!
//! The header is written again whenever the columns change, so that the output reads as the same records.

use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::sync::Arc;

use crate::format;
use crate::store::{Catalog, Layout, RowId, Store};

/// What has been written so far decides whether a header is needed.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The layout of the line before.
    current: Option<Arc<Layout>>,
}

impl Lines {
    /// Writes the lines of `rows` to `out`, which is a terminal or is not, and flushes. Gives how many there were.
    pub fn write(
        &mut self,
        store: &Store,
        rows: impl Iterator<Item = RowId>,
        out: impl Write,
        terminal: bool,
    ) -> io::Result<u64> {
        let mut out = BufWriter::with_capacity(1 << 16, out);
        let mut line = |text: &str| {
            if terminal {
                out.write_all(format::visible(text).as_bytes())?;
            } else {
                out.write_all(text.as_bytes())?;
            }
            out.write_all(b"\n")
        };
        let current = &mut self.current;
        let mut count = 0;
        for row in rows {
            let (chunk, offset) = store.chunk_of(row);
            let layout = &chunk.run(offset).layout;
            if current
                .as_ref()
                .is_none_or(|seen| !Arc::ptr_eq(seen, layout))
            {
                if let Some(header) = header(&store.catalog, current.as_deref(), layout) {
                    line(&header)?;
                }
                *current = Some(Arc::clone(layout));
            }
            line(&store.line_text(row))?;
            count += 1;
        }
        out.flush()?;
        Ok(count)
    }
}

/// The header line to write between lines of the layout `before` and lines of `after`, if one is needed.
///
/// A file without a header stays without one where it comes first or follows lines of the same columns; after
/// other columns its own are named, else its lines would be read as something that they are not.
fn header(catalog: &Catalog, before: Option<&Layout>, after: &Layout) -> Option<String> {
    let is_same = |before: &Layout| before.fields == after.fields && is_alike(before, after);
    let same = before.is_some_and(is_same);
    match &after.header {
        Some(header) => {
            let repeated = same && before.is_some_and(|b| b.header.as_ref() == Some(header));
            (!repeated).then(|| header.clone())
        }
        None if same || before.is_none() => None,
        None => {
            let names: Vec<String> = after.fields.iter().map(|f| catalog.name(*f)).collect();
            Some(names.join(&char::from(after.style.separator()).to_string()))
        }
    }
}

/// Whether lines of two layouts are taken apart alike.
fn is_alike(one: &Layout, other: &Layout) -> bool {
    one.style.separator() == other.style.separator()
}
