//! Sets of whole numbers as ranges, for the numbers, ports, word codes and addresses of a plan.

#[cfg(test)]
mod tests;

/// Inclusive ranges in ascending order, with gaps between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ranges(Vec<(u128, u128)>);

impl Ranges {
    /// The numbers in any of `ranges`; ranges whose end is before their start are empty.
    pub(super) fn of(mut ranges: Vec<(u128, u128)>) -> Self {
        ranges.retain(|(from, to)| from <= to);
        ranges.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            match merged.last_mut() {
                Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        Self(merged)
    }

    /// The numbers from `from` to before `end`.
    pub(super) fn until(from: u128, end: u128) -> Self {
        Self::of(
            end.checked_sub(1)
                .map(|to| (from, to))
                .into_iter()
                .collect(),
        )
    }

    /// The numbers of both.
    pub(super) fn union(mut self, other: &Self) -> Self {
        self.0.extend(&other.0);
        Self::of(self.0)
    }

    /// The numbers outside of the set, up to 2¹²⁸ − 1.
    pub(super) fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut from = Some(0);
        for (first, last) in &self.0 {
            if let (Some(from), Some(to)) = (from, first.checked_sub(1)) {
                gaps.push((from, to));
            }
            from = last.checked_add(1);
        }
        gaps.extend(from.map(|from| (from, u128::MAX)));
        Self::of(gaps)
    }

    pub(super) fn as_slice(&self) -> &[(u128, u128)] {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, number: u128) -> bool {
        self.overlaps(number, number)
    }

    /// Whether some number from `from` to `to` is in the set.
    pub(super) fn overlaps(&self, from: u128, to: u128) -> bool {
        let at = self.0.partition_point(|(_, last)| *last < from);
        self.0.get(at).is_some_and(|(first, _)| *first <= to)
    }

    /// Whether every number from `from` to `to` is in the set.
    pub(super) fn covers(&self, from: u128, to: u128) -> bool {
        let at = self.0.partition_point(|(_, last)| *last < from);
        self.0
            .get(at)
            .is_some_and(|(first, last)| *first <= from && to <= *last)
    }
}
