//! When a flow log recorded an interface.

/// Spans of time with a smaller gap, in seconds, count as one.
const MAX_GAP: u64 = 3600;
/// How many spans are kept of an interface in a flow log; with more, those with the smallest gap become one.
pub(super) const MAX_SPANS: usize = 32;

/// What a flow log recorded of an interface.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorded {
    /// From the first start to the last end, ascending and without overlaps.
    pub(super) spans: Vec<(u64, u64)>,
    /// The codes of the actions, as bits: a flow log of rejected traffic repeats none of accepted traffic.
    actions: u64,
}

impl Recorded {
    /// Adds records from the start to the end of `span`.
    pub(super) fn add(&mut self, span: (u64, u64), actions: u64) {
        self.actions |= actions;
        // Most records follow those before them.
        if let Some(last) = self.spans.last_mut()
            && (last.0..=last.1.saturating_add(MAX_GAP)).contains(&span.0)
        {
            last.1 = last.1.max(span.1);
            return;
        }
        let at = self.spans.partition_point(|known| known.0 <= span.0);
        self.spans.insert(at, span);
        let mut merged: Vec<(u64, u64)> = Vec::with_capacity(self.spans.len());
        for span in &self.spans {
            match merged.last_mut() {
                Some(last) if span.0 <= last.1.saturating_add(MAX_GAP) => {
                    last.1 = last.1.max(span.1);
                }
                _ => merged.push(*span),
            }
        }
        if merged.len() > MAX_SPANS {
            let gap = |at: &usize| merged[*at].0 - merged[at - 1].1;
            if let Some(at) = (1..merged.len()).min_by_key(gap) {
                merged[at - 1].1 = merged[at].1;
                merged.remove(at);
            }
        }
        self.spans = merged;
    }

    /// Adds what is known besides.
    pub(super) fn merge(&mut self, other: &Self) {
        for span in &other.spans {
            self.add(*span, other.actions);
        }
    }

    /// Whether `other` may have the same traffic.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        let (a, b) = (self.actions, other.actions);
        let has_same_actions = a == 0 || b == 0 || a & b != 0;
        // A record that ends when it starts takes a second.
        let end = |span: &(u64, u64)| span.1.max(span.0.saturating_add(1));
        let is_same_time = |a: &(u64, u64), b: &(u64, u64)| a.0.max(b.0) < end(a).min(end(b));
        has_same_actions
            && self
                .spans
                .iter()
                .any(|span| other.spans.iter().any(|other| is_same_time(span, other)))
    }
}
