//! Selected records over time, in one lane for each value of a field.

use super::by_action::ByAction;
use super::grouping::largest;
use super::lane_buckets::LaneBuckets;
use super::sparklines::{SizesOverTime, Sparklines};
use super::sum::{Accumulate, Sum};
use super::value_names::ValueNames;
use super::{Counts, Key, Measure};
use crate::schema::FieldId;
use crate::store::Catalog;

/// A span of time in equal buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The start of the first bucket, in epoch seconds.
    pub first: u64,
    /// The length of a bucket in seconds; at least 1.
    pub width: u64,
    /// The number of buckets.
    pub buckets: usize,
}

/// Counts and sums over one bucket. A record counts in the bucket of its `start`.
pub type Bucket = Counts;

/// One value of the lane field over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The value, with words as codes.
    pub key: Key,
    /// The value as a flow log prints it.
    pub label: String,
    /// One for each bucket of the window.
    pub buckets: Vec<Bucket>,
    /// Over all records with that value, including those outside the window.
    pub total: Counts,
    /// The packets or bytes by action, where that is the measure.
    sizes: Option<SizesOverTime>,
}

/// Selected records over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Where the buckets of the lanes are.
    pub window: Window,
    /// The field whose values make the lanes.
    pub field: FieldId,
    /// What the lanes show, and are ordered by.
    pub measure: Measure,
    /// All records; its key is [`Key::Missing`].
    pub all: Lane,
    /// The lanes, those with the most of the measure first, ties by value; at most as many as were asked for.
    pub lanes: Vec<Lane>,
    /// How many values there are, shown or not.
    pub distinct: usize,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Lengths of buckets in seconds whose edges are round times.
const WIDTHS: [u64; 23] = [
    1,
    2,
    5,
    10,
    15,
    30,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    364 * DAY,
];

/// All lengths of buckets, the shortest first.
fn widths() -> impl Iterator<Item = u64> {
    // Only files with damaged times need buckets longer than those of the table.
    let longest = WIDTHS[WIDTHS.len() - 1];
    let longer = std::iter::successors(Some(longest), |width| width.checked_mul(2));
    WIDTHS.into_iter().chain(longer.skip(1))
}

impl Window {
    /// One bucket for all times.
    pub const EVERYTHING: Self = Self {
        first: 0,
        width: u64::MAX,
        buckets: 1,
    };

    /// The window over `span` with the shortest buckets of which `at_most` are enough. They have a round length and
    /// begin at multiples of it.
    pub fn covering(span: (u64, u64), at_most: usize) -> Self {
        let (first, last) = (span.0, span.1.max(span.0));
        let fits = |width: u64| {
            let aligned = first - first % width;
            let buckets = (last - aligned) / width;
            let buckets = usize::try_from(buckets).ok()?.checked_add(1)?;
            (buckets <= at_most).then_some(Self {
                first: aligned,
                width,
                buckets,
            })
        };
        widths().find_map(fits).unwrap_or(Self::EVERYTHING)
    }

    /// The next shorter length of buckets; none for the shortest.
    pub fn shorter(&self) -> Option<u64> {
        widths().take_while(|width| *width < self.width).last()
    }

    /// The bucket of a time; none outside the window.
    pub fn bucket(&self, time: u64) -> Option<usize> {
        let bucket = time.checked_sub(self.first)? / self.width.max(1);
        usize::try_from(bucket).ok().filter(|b| *b < self.buckets)
    }

    /// The epoch second in which a bucket begins.
    pub fn start_of(&self, bucket: usize) -> u64 {
        self.first
            .saturating_add(self.width.saturating_mul(bucket as u64))
    }

    /// The first second after the window.
    pub fn end(&self) -> u64 {
        self.start_of(self.buckets)
    }
}

impl Lane {
    /// The measure of the timeline in a bucket.
    pub fn measured(&self, bucket: usize) -> ByAction {
        if let Some(sizes) = &self.sizes {
            return sizes.buckets.get(bucket).copied().unwrap_or_default();
        }
        let counts = self.buckets.get(bucket);
        counts.map_or_else(ByAction::default, ByAction::of_records)
    }

    /// The measure of the timeline over all records with that value.
    pub fn measured_total(&self) -> ByAction {
        match &self.sizes {
            Some(sizes) => sizes.total,
            None => ByAction::of_records(&self.total),
        }
    }

    fn new(key: Key, label: String, tallies: &[Sum], sizes: Option<SizesOverTime>) -> Self {
        let mut buckets: Vec<Bucket> = tallies.iter().map(Counts::from).collect();
        let mut total = Counts::default();
        for bucket in &buckets {
            total += *bucket;
        }
        // The last two are records outside the window and records without a time.
        buckets.truncate(buckets.len().saturating_sub(2));
        Self {
            key,
            label,
            buckets,
            total,
            sizes,
        }
    }
}

/// What lanes are made of.
pub(crate) struct LaneSums<'a> {
    pub(crate) cells: &'a mut LaneBuckets<Sum>,
    /// The packets or bytes of the same lanes, where that is the measure.
    pub(crate) sizes: Option<&'a mut Sparklines>,
}

impl LaneSums<'_> {
    fn measure(&self) -> Measure {
        let sizes = self.sizes.as_ref();
        sizes.map_or(Measure::Records, |sizes| sizes.measure())
    }

    fn sizes(&mut self, key: Key) -> Option<SizesOverTime> {
        Some(self.sizes.as_mut()?.sizes(key))
    }

    /// The lane of all records.
    fn all(&self) -> Lane {
        let sizes = self.sizes.as_ref().map(|sizes| sizes.all_sizes());
        Lane::new(Key::Missing, "all".into(), &self.cells.all(), sizes)
    }
}

/// The measure of a lane.
fn amount(measure: Measure, lane: &[Sum]) -> u64 {
    let mut total = Sum::default();
    for sum in lane {
        total.merge(sum);
    }
    measure.of(&Counts::from(&total))
}

impl Timeline {
    /// The `limit` largest lanes of `sums`, which have one for every value.
    pub(crate) fn of_largest(catalog: &Catalog, sums: &mut LaneSums<'_>, limit: usize) -> Self {
        let measure = sums.measure();
        let names = ValueNames::new(catalog, sums.cells.field());
        let lanes = sums.cells.lanes();
        let sizes = (0u32..)
            .zip(&lanes)
            .map(|(place, (_, lane))| (amount(measure, lane), place));
        let order = |a: u32, b: u32| names.compare(lanes[a as usize].0, lanes[b as usize].0);
        let places = largest(sizes.collect(), limit, order);
        let distinct = lanes.len();
        let keys = places.into_iter().map(|place| lanes[place as usize].0);
        let keys: Vec<Key> = keys.collect();
        Self::of_keys(catalog, sums, &keys, distinct)
    }

    /// The lanes of `keys`, in that order; there are `distinct` values in all.
    pub(crate) fn of_keys(
        catalog: &Catalog,
        sums: &mut LaneSums<'_>,
        keys: &[Key],
        distinct: usize,
    ) -> Self {
        let (field, window) = (sums.cells.field(), sums.cells.window());
        let (measure, all) = (sums.measure(), sums.all());
        let lane = |key: &Key| {
            let sizes = sums.sizes(*key);
            let tallies = sums.cells.lane(*key).unwrap_or_default();
            Lane::new(*key, key.label(catalog, field), tallies, sizes)
        };
        Self {
            window,
            field,
            measure,
            all,
            lanes: keys.iter().map(lane).collect(),
            distinct,
        }
    }
}
