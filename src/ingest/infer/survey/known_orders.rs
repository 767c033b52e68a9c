//! The known orders among the first lines of a file: a file or a log group may have several.

use std::cmp::Reverse;
use std::sync::Arc;

use super::{Finding, MIN_PERCENT, percent};
use crate::ingest::infer;
use crate::ingest::text::known_order;
use crate::ingest::text::known_order::KnownLine;
use crate::ingest::text::known_order::columns::{is_unnamed, names_around};
use crate::ingest::text::layout_state::LayoutState;
use crate::store::Layout;
use crate::store::{InferredColumn, InferredOrder};

/// No more orders of one file are looked for.
const MAX_ORDERS: usize = 16;
/// So many lines of an unknown order are needed to infer it beside known ones.
const MIN_UNKNOWN_LINES: usize = 2;

/// Lines that have the same words around records of the same order.
struct Group<'r> {
    line: KnownLine,
    rows: Vec<&'r [&'r str]>,
}

impl LayoutState<'_> {
    /// Finds the known orders of `rows`, and says whether there are any. The order of most rows is that of the file, and
    /// the others are tried where a line does not fit it.
    pub(super) fn find_known(&mut self, rows: &[Vec<&str>], finding: &mut Finding) -> bool {
        let (groups, mut unknown) = groups(rows);
        let Some(most) = groups.first().map(|group| group.rows.len()) else {
            return false;
        };
        let mut layouts = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            // The layouts of other lines are found line by line, unless fields behind their records are inferred.
            if index == 0 || group.line.extra > 0 {
                layouts.extend(self.layout_around(group, finding));
            }
        }
        let widths: Vec<usize> = groups.iter().map(|group| group.rows[0].len()).collect();
        unknown.retain(|row| !widths.contains(&row.len()));
        let is_beside = unknown.len() >= MIN_UNKNOWN_LINES && finding.inferred_order.is_none();
        if is_beside && let Some(mut guess) = self.guess(&unknown) {
            if guess.confidence >= MIN_PERCENT {
                let layout = self.use_guess(&mut guess);
                let at = if unknown.len() > most {
                    0
                } else {
                    layouts.len()
                };
                layouts.insert(at, layout);
                finding.inferred_order = Some(guess);
            } else if unknown.len() > most {
                finding.inferred_order = Some(guess);
            }
        }
        if layouts.is_empty() {
            return false;
        }
        self.active.layout = Some(layouts.remove(0));
        self.active.others = layouts;
        true
    }

    /// The layout of the lines of a group, the fields of whose words behind the record are inferred where that is sure.
    fn layout_around(&self, group: &Group<'_>, finding: &mut Finding) -> Option<Arc<Layout>> {
        let KnownLine {
            prefix,
            fields,
            extra: count,
        } = group.line;
        let first = group.rows.first()?;
        let (before, mut behind) = names_around(prefix, fields.len(), first);
        if count > 0 && behind.iter().any(|name| is_unnamed(name)) {
            let records: Vec<Vec<&str>> = group
                .rows
                .iter()
                .map(|row| row.get(prefix..).unwrap_or_default().to_vec())
                .collect();
            if let Some(inference) = infer::detect(&records, fields)
                && percent(inference.confidence) >= MIN_PERCENT
            {
                let guesses = inference.columns.get(fields.len()..).unwrap_or_default();
                let mut columns = known_columns(&before);
                let known = fields.iter().map(|field| self.layouts.catalog.name(*field));
                columns.extend(known_columns(&known.collect::<Vec<_>>()));
                for (name, guess) in behind.iter_mut().zip(guesses) {
                    let field = guess.field.filter(|field| !fields.contains(field));
                    let mut confidence = 99;
                    if is_unnamed(name) {
                        confidence = 0;
                        if let Some(field) = field {
                            *name = self.layouts.catalog.name(field);
                            confidence = percent(guess.confidence).max(1);
                        }
                    }
                    columns.push(InferredColumn {
                        name: name.clone(),
                        confidence,
                    });
                }
                if finding.inferred_order.is_none() {
                    finding.inferred_order = Some(InferredOrder {
                        columns,
                        confidence: percent(inference.confidence),
                        records: inference.records,
                        lines: super::shown(&group.rows, first.len()),
                        is_used: true,
                    });
                }
            }
        }
        Some(self.layouts.around(&before, fields, &behind))
    }
}

fn known_columns(names: &[String]) -> Vec<InferredColumn> {
    let column = |name: &String| InferredColumn {
        name: name.clone(),
        confidence: 99,
    };
    names.iter().map(column).collect()
}

/// The rows in known orders by what is around their records, those with most rows first, and the rows that are in none.
fn groups<'r>(rows: &'r [Vec<&'r str>]) -> (Vec<Group<'r>>, Vec<&'r [&'r str]>) {
    let mut groups: Vec<Group<'r>> = Vec::new();
    let mut unknown = Vec::new();
    for row in rows {
        let Some(line) = known_order::recognize(row) else {
            unknown.push(row.as_slice());
            continue;
        };
        if let Some(group) = groups.iter_mut().find(|group| group.line == line) {
            group.rows.push(row);
        } else if groups.len() < MAX_ORDERS {
            let rows = vec![row.as_slice()];
            groups.push(Group { line, rows });
        }
    }
    // What stands around the record of a single line may be the rest of a damaged one.
    groups.retain(|group| {
        let mut group_rows = group.rows.iter();
        2 * group.rows.len() > rows.len() || group_rows.all(|row| group.line.is_plausible(row))
    });
    groups.sort_by_key(|group| Reverse(group.rows.len()));
    (groups, unknown)
}
