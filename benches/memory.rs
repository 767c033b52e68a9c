//! In-memory stores, for benchmarks that are not about files.

use std::sync::Arc;

use flowdeck::schema::{FieldId, Storage};
use flowdeck::store::{
    Addresses, Bitmap, Catalog, Chunk, Column, Integers, Layout, Run, Store, Values,
};

/// `SplitMix64`, because neither caches nor branch predictors can learn its numbers.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    pub(crate) fn one_of(&mut self, values: &[u64]) -> u64 {
        values[usize::try_from(self.below(values.len() as u64)).expect("an index")]
    }
}

/// An empty store, and the layout of records with `fields`.
pub(crate) fn empty(fields: &[FieldId]) -> (Store, Arc<Layout>) {
    let layout = Layout {
        fields: fields.to_vec(),
        header: None,
        ..Layout::default()
    };
    (
        Store::new(Arc::new(Catalog::default()), Vec::new()),
        Arc::new(layout),
    )
}

/// The column of `field` with `values`. Without `present`, every row has a value.
pub(crate) fn column(field: FieldId, values: &[u64], present: Option<Bitmap>) -> (FieldId, Column) {
    let low = values.iter().min().copied().unwrap_or(0);
    let high = values.iter().max().copied().unwrap_or(0);
    let packed = Integers::pack(values, low, high);
    let column = Column {
        values: match field.storage() {
            Storage::Address => Values::Addresses(Addresses {
                narrow: packed,
                wide: None,
            }),
            Storage::Word => Values::Words(packed),
            Storage::Number => Values::Numbers(packed),
        },
        present,
        range: Some((low, high)),
    };
    (field, column)
}

/// Appends a chunk of `rows` records to `store`, as if all came from one file.
pub(crate) fn push(
    store: &mut Store,
    layout: &Arc<Layout>,
    rows: usize,
    columns: Vec<(FieldId, Column)>,
) {
    let run = Run {
        row: 0,
        source: 0,
        line: store.rows() as u64 + 2,
        layout: Arc::clone(layout),
    };
    store.push(Arc::new(Chunk::new(rows, columns, vec![run], Vec::new())));
}
