//! Which interfaces are in several flow logs.

/// Interfaces, by the codes of their ids.
#[derive(Clone, Debug, Default)]
pub(super) struct InterfaceSet(Vec<u64>);

/// In which flow log each interface was met first, and which of them are in others, too.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// By the code of the interface.
    first: Vec<Option<u32>>,
    pub(super) shared: InterfaceSet,
}

impl InterfaceSet {
    fn place(interface: u32) -> (usize, u64) {
        (
            (interface / u64::BITS) as usize,
            1 << (interface % u64::BITS),
        )
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    #[inline]
    pub(super) fn contains(&self, interface: u32) -> bool {
        let (at, bit) = Self::place(interface);
        self.0.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// Adds an interface, and says whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, interface: u32) -> bool {
        let (at, bit) = Self::place(interface);
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        let is_new = self.0[at] & bit == 0;
        self.0[at] |= bit;
        is_new
    }

    pub(super) fn remove(&mut self, interface: u32) {
        let (at, bit) = Self::place(interface);
        if let Some(bits) = self.0.get_mut(at) {
            *bits &= !bit;
        }
    }
}

impl Seen {
    /// Enters that an interface is in a flow log, and says whether that is the first time that it is in another one than
    /// before.
    pub(super) fn enter(&mut self, interface: u32, flow_log: usize) -> bool {
        let at = interface as usize;
        let flow_log = u32::try_from(flow_log).unwrap_or(u32::MAX);
        if self.first.len() <= at {
            self.first.resize(at + 1, None);
        }
        let first = *self.first[at].get_or_insert(flow_log);
        first != flow_log && self.shared.insert(interface)
    }
}
