//! A stack whose items keep their buffers when they are removed.

/// What a [`Stack`] reuses.
pub(super) trait Reuse: Default {
    /// Makes it as good as new, but keeps its buffers.
    fn clear(&mut self);
}

#[derive(Debug, Default)]
pub(super) struct Stack<T> {
    items: Vec<T>,
    /// How many of them are on the stack; the others wait to be reused.
    used: usize,
}

impl<T: Reuse> Stack<T> {
    /// Adds an empty item.
    pub(super) fn push(&mut self) -> &mut T {
        if self.used == self.items.len() {
            self.items.push(T::default());
        }
        let item = &mut self.items[self.used];
        self.used += 1;
        item.clear();
        item
    }

    pub(super) fn top(&self) -> Option<&T> {
        self.items[..self.used].last()
    }

    pub(super) fn top_mut(&mut self) -> Option<&mut T> {
        self.items[..self.used].last_mut()
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &T> {
        self.items[..self.used].iter()
    }

    /// Every item, the lowest first.
    pub(super) fn all_mut(&mut self) -> &mut [T] {
        &mut self.items[..self.used]
    }

    /// Removes the top; [`Stack::give_back`] returns its buffers.
    pub(super) fn take(&mut self) -> T {
        match self.used.checked_sub(1) {
            None => T::default(),
            Some(used) => {
                self.used = used;
                std::mem::take(&mut self.items[used])
            }
        }
    }

    pub(super) fn give_back(&mut self, item: T) {
        if let Some(free) = self.items.get_mut(self.used) {
            *free = item;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.used
    }

    /// Removes all but the lowest `len` items.
    pub(super) fn truncate(&mut self, len: usize) {
        self.used = self.used.min(len);
    }
}
