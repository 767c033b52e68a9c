//! A stack whose items keep their buffers when they are removed.

/// What a [`Stack`] reuses.
pub(super) trait Reuse: Default {
    /// Makes it as good as new, but keeps its buffers.
    fn clear(&mut self);
}

#[derive(Debug, Default)]
pub(super) struct Stack<T> {
    items: Vec<Box<T>>,
    /// Those that wait to be reused. In boxes, they need not be copied to move.
    free: Vec<Box<T>>,
}

impl<T: Reuse> Stack<T> {
    /// Adds an empty item.
    pub(super) fn push(&mut self) -> &mut T {
        let mut item = self.free.pop().unwrap_or_default();
        item.clear();
        self.items.push(item);
        let last = self.items.len() - 1;
        &mut self.items[last]
    }

    pub(super) fn top(&self) -> Option<&T> {
        self.items.last().map(AsRef::as_ref)
    }

    pub(super) fn top_mut(&mut self) -> Option<&mut T> {
        self.items.last_mut().map(AsMut::as_mut)
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &T> {
        self.items.iter().map(AsRef::as_ref)
    }

    /// Every item, the lowest first.
    pub(super) fn all_mut(&mut self) -> &mut [Box<T>] {
        &mut self.items
    }

    /// Removes the top; [`Stack::give_back`] returns its buffers.
    #[expect(
        clippy::unnecessary_box_returns,
        reason = "it is given back without a copy"
    )]
    pub(super) fn take(&mut self) -> Box<T> {
        self.items.pop().unwrap_or_default()
    }

    pub(super) fn give_back(&mut self, item: Box<T>) {
        self.free.push(item);
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Removes all but the lowest `len` items.
    pub(super) fn truncate(&mut self, len: usize) {
        let len = len.min(self.items.len());
        self.free.extend(self.items.drain(len..).rev());
    }
}
