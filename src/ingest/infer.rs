//! Infers which fields the columns of a file without a header are, from the words of its first lines.
//!
//! Most columns tell by their words alone. Addresses, ports and services come in pairs of the same looks, and
//! are told apart by what they do (an interface has few addresses, clients have high ports) and by the order in
//! which AWS writes fields: that of its versions, or that of the alphabet.

mod direction;
mod numbers;
pub(crate) mod survey;
#[cfg(test)]
mod tests;

use crate::ingest::text::fit::{Fit, fit};
use crate::schema::{FIELDS, FieldId, Kind, Origin, TextShape, id};

/// A column whose words contradict a field in more than one of so many lines is not of that field.
const WRONG_IN: usize = 40;
/// The highest confidence of an inferred order, in percent.
const MAX_CONFIDENCE: f64 = 99.0;
/// More columns than this no flow log has, and neither fewer than this.
const COLUMNS: std::ops::RangeInclusive<usize> = 3..=80;

/// What a column seems to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ColumnGuess {
    /// The field; none where it is unknown.
    pub(crate) field: Option<FieldId>,
    /// How sure that is, in percent.
    pub(crate) confidence: f64,
}

/// What all of them seem to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inference {
    /// The columns in their order.
    pub(crate) columns: Vec<ColumnGuess>,
    /// How sure the whole is, in percent.
    pub(crate) confidence: f64,
}

/// The sampled lines, and what is known of their columns so far.
struct Sample<'a> {
    rows: Vec<&'a [&'a str]>,
    columns: Vec<Option<ColumnGuess>>,
    /// Whether the lines are of a Transit Gateway.
    is_transit: bool,
}

/// Finds out what the columns of `lines` are; none where they have no columns.
pub(crate) fn detect(lines: &[Vec<&str>]) -> Option<Inference> {
    let width = usual_width(lines)?;
    let rows: Vec<&[&str]> = lines
        .iter()
        .filter(|line| line.len() == width)
        .map(Vec::as_slice)
        .collect();
    let mut case = Sample {
        is_transit: false,
        columns: vec![None; width],
        rows,
    };
    case.is_transit = (0..width).any(|column| {
        let transit = [id::RESOURCE_TYPE, id::TGW_ID, id::TGW_ATTACHMENT_ID];
        transit.iter().any(|field| case.is_typical(column, *field))
    });
    numbers::find(&mut case);
    let groups = case.groups();
    case.enter_single(&groups);
    direction::find(&mut case, &groups);
    Some(case.close(lines.len()))
}

/// How many words most of the lines have.
fn usual_width(lines: &[Vec<&str>]) -> Option<usize> {
    let mut widths: Vec<usize> = lines.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let runs = widths.chunk_by(|a, b| a == b);
    let most = runs.max_by_key(|run| run.len())?;
    let width = *most.first()?;
    (COLUMNS.contains(&width) && 5 * most.len() >= 4 * lines.len()).then_some(width)
}

/// Columns that look alike, and the fields that they may be.
type Group = (Vec<usize>, Vec<FieldId>);

impl<'a> Sample<'a> {
    /// The words of `column`, from above, that are not missing.
    fn words(&self, column: usize) -> impl Iterator<Item = &'a str> {
        let rows = self.rows.iter().copied();
        let words = rows.filter_map(move |row| row.get(column).copied());
        words.filter(|word| *word != "-")
    }

    fn is_missing(&self, column: usize) -> bool {
        self.words(column).next().is_none()
    }

    /// Whether nearly all words of `column` that are there look as those of `field` do.
    fn is_typical(&self, column: usize, field: FieldId) -> bool {
        let (mut count, mut typical) = (0, 0);
        for word in self.words(column) {
            count += 1;
            typical += usize::from(fit(field, word) == Fit::Typical);
        }
        count > 0 && (count - typical) * WRONG_IN <= count
    }

    fn enter(&mut self, column: usize, field: FieldId, confidence: f64) {
        if let Some(entry) = self.columns.get_mut(column) {
            *entry = Some(ColumnGuess {
                field: Some(field),
                confidence: confidence.min(MAX_CONFIDENCE),
            });
        }
    }

    /// Where `field` was found.
    fn place(&self, field: FieldId) -> Option<usize> {
        self.columns
            .iter()
            .position(|entry| entry.is_some_and(|guess| guess.field == Some(field)))
    }

    /// The columns that look like the same fields, and these fields in the order of the table.
    fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for column in 0..self.columns.len() {
            if self.columns.get(column).is_some_and(Option::is_some) {
                continue;
            }
            let fields: Vec<FieldId> = self.candidates(column).collect();
            if fields.is_empty() {
                continue;
            }
            match groups.iter_mut().find(|(_, known)| *known == fields) {
                Some((columns, _)) => columns.push(column),
                None => groups.push((vec![column], fields)),
            }
        }
        groups
    }

    /// The fields that have words of their own kind which `column` has.
    fn candidates(&self, column: usize) -> impl Iterator<Item = FieldId> {
        let of_transit = |field: FieldId, origin: Origin| match origin {
            Origin::TransitGateway => self.is_transit,
            Origin::Vpc => !self.is_transit || !is_of_interface(field),
            Origin::Computed => false,
        };
        let fields = FIELDS.iter().enumerate();
        fields.filter_map(move |(index, def)| {
            let field = FieldId::from_index(index);
            let tells = match def.kind {
                Kind::Address | Kind::Choice(_) => true,
                Kind::Text => def.shape != TextShape::Any,
                _ => false,
            };
            let fits = tells && of_transit(field, def.origin) && self.is_typical(column, field);
            fits.then_some(field)
        })
    }

    /// Enters the columns of which there is one of a kind.
    fn enter_single(&mut self, groups: &[Group]) {
        for (columns, fields) in groups {
            // What stands first in the table is what is chosen first: an interface before the next one.
            let sure = if fields.len() == 1 {
                MAX_CONFIDENCE
            } else {
                95.0
            };
            if let ([column], Some(field)) = (columns.as_slice(), fields.first())
                && !direction::is_of_a_side(*field)
            {
                self.enter(*column, *field, sure);
            }
        }
    }

    /// What is known after all, of `lines` lines.
    fn close(self, lines: usize) -> Inference {
        let mut known = Vec::new();
        let mut doubtful = 0;
        let columns: Vec<ColumnGuess> = (0..self.columns.len())
            .map(|column| {
                let guess = self.columns.get(column).copied().flatten();
                let guess = guess.unwrap_or(ColumnGuess {
                    field: None,
                    confidence: 0.0,
                });
                match guess.field {
                    Some(field) => known.push((field, guess.confidence)),
                    None => doubtful += usize::from(!self.is_missing(column)),
                }
                guess
            })
            .collect();
        let weakest = known
            .iter()
            .map(|(_, sure)| *sure)
            .fold(MAX_CONFIDENCE, f64::min);
        // One line proves little, and lines that do not fit speak against it all.
        let share = self.rows.len() as f64 / (lines as f64 + 0.3);
        let mut confidence = weakest * share;
        let has = |field| known.iter().any(|(known, _)| *known == field);
        let is_flow_log = has(id::SRCADDR) && has(id::DSTADDR) && known.len() >= 4;
        if !is_flow_log {
            confidence *= 0.3;
        }
        if 3 * doubtful > known.len() {
            confidence *= 0.5;
        }
        Inference {
            columns,
            confidence,
        }
    }
}

/// Whether a field tells of the network interface that a record is of, which those of a Transit Gateway have not.
fn is_of_interface(field: FieldId) -> bool {
    let shape = field.def().map(|def| def.shape);
    let is_place = matches!(shape, Some(TextShape::Like(_) | TextShape::Zone));
    is_place || [id::ACTION, id::PKT_SRCADDR, id::PKT_DSTADDR].contains(&field)
}
