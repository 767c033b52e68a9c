//! The sampled lines, and what their columns may be.

use crate::ingest::text::fit::{Fit, fit};
use crate::schema::{Address, FIELDS, FieldId, Origin, id};

/// A column whose words contradict a field in more than one of so many lines is not of that field.
const WRONG_IN: usize = 40;
/// Fewer or more columns than this no flow log has.
const COLUMNS: std::ops::RangeInclusive<usize> = 3..=80;
/// A value that repeats more often counts less each time: the same again is little new evidence.
const FULL_REPEATS: f64 = 3.0;
/// All values of a column count as much as so many different ones at most.
const MAX_WEIGHT: f64 = 40.0;

/// Lines that have the same number of words.
pub(super) struct Sample<'a> {
    pub(super) rows: Vec<&'a [&'a str]>,
    /// How many words a line has.
    pub(super) width: usize,
    /// Whether the lines are of a Transit Gateway.
    pub(super) is_transit: bool,
    /// For each row, whether it tells of traffic: those of NODATA and SKIPDATA do not.
    pub(super) has_traffic: Vec<bool>,
    given: &'a [FieldId],
}

impl<'a> Sample<'a> {
    /// None if most lines have a different number of words.
    pub(super) fn new(lines: &'a [Vec<&'a str>], given: &'a [FieldId]) -> Option<Self> {
        let width = usual_width(lines)?;
        let rows = lines.iter().filter(|line| line.len() == width);
        let mut sample = Self {
            rows: rows.map(Vec::as_slice).collect(),
            width,
            is_transit: false,
            has_traffic: Vec::new(),
            given,
        };
        let transit = [id::RESOURCE_TYPE, id::TGW_ID, id::TGW_ATTACHMENT_ID];
        sample.is_transit = (0..width).any(|column| {
            transit
                .iter()
                .any(|field| sample.is_typical(column, *field))
        });
        sample.has_traffic = sample.find_traffic();
        Some(sample)
    }

    fn find_traffic(&self) -> Vec<bool> {
        let typical =
            |field: FieldId| (0..self.width).find(|column| self.is_typical(*column, field));
        let status = typical(id::LOG_STATUS);
        let address = typical(id::SRCADDR);
        let rows = self.rows.iter();
        rows.map(|row| match (status, address) {
            (Some(status), _) => !matches!(
                row.get(status),
                Some(&("NODATA" | "SKIPDATA" | "INCOMPLETEDATA"))
            ),
            (None, Some(address)) => row.get(address) != Some(&"-"),
            (None, None) => true,
        })
        .collect()
    }

    /// How many of the rows tell of traffic.
    pub(super) fn records(&self) -> usize {
        self.has_traffic.iter().filter(|has| **has).count()
    }

    /// The rows that tell of traffic.
    pub(super) fn traffic(&self) -> impl Iterator<Item = &'a [&'a str]> {
        let rows = self.rows.iter().zip(&self.has_traffic);
        rows.filter(|(_, has)| **has).map(|(row, _)| *row)
    }

    /// The words of `column`, from above, that are not missing.
    pub(super) fn words(&self, column: usize) -> impl Iterator<Item = &'a str> {
        let rows = self.rows.iter().copied();
        let words = rows.filter_map(move |row| row.get(column).copied());
        words.filter(|word| *word != "-")
    }

    pub(super) fn is_missing(&self, column: usize) -> bool {
        self.words(column).next().is_none()
    }

    /// The shares of the rows with traffic and of those without it in which `column` has a value.
    pub(super) fn presence(&self, column: usize) -> (f64, f64) {
        let (mut with, mut without) = ([0_u32; 2], [0_u32; 2]);
        for (row, has_traffic) in self.rows.iter().zip(&self.has_traffic) {
            let counts = if *has_traffic {
                &mut with
            } else {
                &mut without
            };
            let [present, all] = counts;
            *all += 1;
            *present += u32::from(row.get(column) != Some(&"-"));
        }
        let share = |[present, all]: [u32; 2], empty: f64| {
            if all == 0 {
                empty
            } else {
                f64::from(present) / f64::from(all)
            }
        };
        (share(with, 1.0), share(without, 1.0))
    }

    /// Whether nearly all words of `column` that are there look as those of `field` do.
    pub(super) fn is_typical(&self, column: usize, field: FieldId) -> bool {
        let (mut count, mut wrong) = (0, 0);
        for word in self.words(column) {
            count += 1;
            let is_attachment = field == id::TGW_ID && word.starts_with("tgw-attach-");
            wrong += usize::from(is_attachment || fit(field, word) != Fit::Typical);
            if !is_rare(wrong, self.rows.len()) {
                return false;
            }
        }
        count > 0 && is_rare(wrong, count)
    }

    /// Whether what is known of the first columns lets `column` be `field`.
    pub(super) fn allows(&self, column: usize, field: FieldId) -> bool {
        match self.given.get(column) {
            Some(given) => *given == field,
            None => !self.given.contains(&field),
        }
    }

    /// The fields that such logs have.
    pub(super) fn fields(&self) -> impl Iterator<Item = FieldId> {
        let fields = FIELDS.iter().enumerate();
        fields.filter_map(|(index, def)| {
            let is_of_log = match def.origin {
                Origin::TransitGateway => self.is_transit,
                Origin::Vpc => true,
                Origin::Computed => false,
            };
            is_of_log.then_some(FieldId::from_index(index))
        })
    }
}

/// Whether `wrong` of `count` are so few that they may be damaged lines.
pub(super) fn is_rare(wrong: usize, count: usize) -> bool {
    wrong * WRONG_IN <= count
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

/// The address that a word is, if it is one.
pub(super) fn address(word: Option<&&str>) -> Option<Address> {
    word?.parse().ok()
}

/// Each value and how often it comes, in the order of the values.
pub(super) fn count<T: Ord>(values: impl Iterator<Item = T>) -> Vec<(T, u32)> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    let mut counts: Vec<(T, u32)> = Vec::new();
    for value in values {
        match counts.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => counts.push((value, 1)),
        }
    }
    counts
}

/// The sum of what each of the counted values tells, where repeated and many values tell no more than a few.
pub(super) fn weigh<T>(counts: &[(T, u32)], tells: impl Fn(&T) -> f64) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (value, count) in counts {
        let count = f64::from(*count);
        let repeats = f64::ln(count / FULL_REPEATS).max(0.0);
        let weight = count.min(FULL_REPEATS) + 2.0 * repeats;
        weights += weight;
        sum += weight * tells(value);
    }
    if weights > MAX_WEIGHT {
        sum * MAX_WEIGHT / weights
    } else {
        sum
    }
}
