//! The values of a field that the records of a filter have, for completion.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::pass::{Pass, Settings};
use super::sheets::{Part, Sheets};
use super::workbench::Workbench;
use super::{Listing, Wish};
use crate::analysis::{Counts, Grouping, Key, Measure, Names};
use crate::query::Expression;
use crate::query::complete::begins;
use crate::schema::FieldId;

/// So many of the most frequent values are looked through before all of them are.
const FREQUENT: usize = 2_000;

/// The groups that were listed last: what is typed of a value changes which of them are shown, not the groups.
#[derive(Debug)]
pub(super) struct Listed {
    rest: Option<Arc<Expression>>,
    field: FieldId,
    chunks: usize,
    grouping: Grouping,
}

impl Listed {
    /// Whether these are the groups that `wish` asks for.
    pub(super) fn is_of(&self, wish: &Wish) -> bool {
        let wanted = &wish.wanted;
        (self.field, self.chunks) == (wanted.field, wish.store.chunks().len())
            && self.rest == wanted.rest
    }

    /// Groups the records that `wish` asks for, which are those of the filter of `bench`; none when superseded.
    pub(super) fn new(
        wish: &Wish,
        settings: &Settings,
        superseded: &(dyn Fn() -> bool + Sync),
        (bench, others): (&mut Workbench, &[Workbench]),
    ) -> Option<Self> {
        let mut grouping = Grouping::new(&[wish.wanted.field], 1);
        grouping.prepare(&wish.store);
        let mut sheets = Sheets {
            groupings: vec![Part::new(grouping)],
            ..Sheets::default()
        };
        bench.store = wish.store.clone();
        bench.masks.resize(wish.store.chunks().len(), None);
        let parent = bench.find_parent(others);
        let filter = wish.wanted.rest.as_deref();
        let evaluator = Evaluator::new((filter, &wish.store), settings, parent.as_ref());
        let pass = Pass {
            store: &wish.store,
            threads: settings.threads,
            masks: &|chunk| evaluator.mask(chunk),
            stop: &|_| superseded(),
        };
        let chunks = wish.store.reading_order().iter();
        let chunks = chunks.map(|index| *index as usize);
        let done = sheets.fill(&pass, &mut bench.masks, chunks);
        let grouping = sheets.groupings.pop().filter(|_| done)?.value;
        Some(Self {
            rest: wish.wanted.rest.clone(),
            field: wish.wanted.field,
            chunks: wish.store.chunks().len(),
            grouping,
        })
    }

    /// The most frequent values that begin as `wish` says.
    pub(super) fn answer(&self, wish: &Wish) -> Listing {
        let names = [Names::new(&wish.store.catalog, self.field)];
        let mut values = self.among(
            wish,
            &self.grouping.largest(Measure::Records, FREQUENT, &names),
        );
        let distinct = self.grouping.filled().count();
        if values.len() < wish.limit && distinct > FREQUENT && !wish.wanted.prefix.is_empty() {
            // One that is rare may be the one that is typed.
            values = self.among(
                wish,
                &self.grouping.largest(Measure::Records, distinct, &names),
            );
        }
        Listing {
            ticket: wish.ticket,
            values,
        }
    }

    fn among(&self, wish: &Wish, slots: &[u32]) -> Vec<(String, u64)> {
        let label = |slot: &u32| {
            let key = self.grouping.key(*slot);
            let records = Counts::from(self.grouping.sum(*slot)).records;
            (key != Key::Missing).then(|| (key.label(&wish.store.catalog, self.field), records))
        };
        let found = slots.iter().filter_map(label);
        found
            .filter(|(label, _)| begins(self.field, label, &wish.wanted.prefix))
            .take(wish.limit)
            .collect()
    }
}
