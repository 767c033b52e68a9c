//! Memory for buckets whose sizes are not known beforehand.

/// The items of a block, as a power of two: with keys of 32 bits a block fills a page, and is read as fast as
/// contiguous memory.
const BLOCK_BITS: u32 = 9;
pub(super) const BLOCK: usize = 1 << BLOCK_BITS;

/// The items of some buckets, each in the order in which they came.
#[derive(Debug)]
pub(super) struct BucketArena<I> {
    /// Blocks of items; each block belongs to one bucket.
    items: Vec<I>,
    /// The bucket of each block.
    owners: Vec<u16>,
    /// The index of the next item of each bucket, or the end of a full block.
    ends: Vec<usize>,
}

impl<I: Copy + Default> BucketArena<I> {
    /// Room for `items` items in `buckets` buckets.
    pub(super) fn new(buckets: usize, items: usize) -> Self {
        Self {
            // More than needed, but the system only allocates pages that are written to.
            items: vec![I::default(); items + buckets * BLOCK],
            owners: Vec::with_capacity(items / BLOCK + buckets),
            ends: vec![0; buckets],
        }
    }

    /// Adds an item to a bucket.
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

    /// Calls `visit` with the bucket and the items of each block; those of a bucket are in the order in which they came.
    pub(super) fn for_each_block<'a>(&'a self, mut visit: impl FnMut(usize, &'a [I])) {
        let blocks = self.items.chunks(BLOCK).zip(&self.owners);
        for (first, (items, owner)) in (0..).step_by(BLOCK).zip(blocks) {
            let bucket = usize::from(*owner);
            visit(bucket, &items[..(self.ends[bucket] - first).min(BLOCK)]);
        }
    }
}
