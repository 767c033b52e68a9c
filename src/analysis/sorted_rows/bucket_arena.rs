//! Rows dealt into buckets of which nobody knows beforehand how large they become.

/// So many items of a bucket stand side by side, as a power of two: with keys of 32 bits they fill a page, and
/// are read as quickly as if all of them did.
const BLOCK_BITS: u32 = 9;
const BLOCK: usize = 1 << BLOCK_BITS;

/// The items of some buckets, each in the order in which they came.
#[derive(Debug)]
pub(super) struct BucketArena<I> {
    /// Blocks of items; each belongs to one bucket.
    items: Vec<I>,
    /// The bucket of each block.
    owners: Vec<u16>,
    /// Where the next item of each bucket goes, or the end of a block that is full.
    ends: Vec<usize>,
}

impl<I: Copy + Default> BucketArena<I> {
    /// Room for `items` items in `buckets` buckets.
    pub(super) fn new(buckets: usize, items: usize) -> Self {
        Self {
            // More than enough, but the system gives memory only where it is written to.
            items: vec![I::default(); items + buckets * BLOCK],
            owners: Vec::with_capacity(items / BLOCK + buckets),
            ends: vec![0; buckets],
        }
    }

    /// Puts an item into a bucket.
    #[inline]
    pub(super) fn push(&mut self, bucket: u16, item: I) {
        let end = &mut self.ends[usize::from(bucket)];
        if end.is_multiple_of(BLOCK) {
            *end = self.owners.len() << BLOCK_BITS;
            self.owners.push(bucket);
        }
        self.items[*end] = item;
        *end = end.wrapping_add(1);
    }

    /// Calls `visit` with the items of each block, those of a bucket in the order in which they came.
    pub(super) fn each<'a>(&'a self, mut visit: impl FnMut(usize, &'a [I])) {
        let blocks = self.items.chunks(BLOCK).zip(&self.owners);
        for (first, (items, owner)) in (0..).step_by(BLOCK).zip(blocks) {
            let bucket = usize::from(*owner);
            visit(bucket, &items[..(self.ends[bucket] - first).min(BLOCK)]);
        }
    }
}
