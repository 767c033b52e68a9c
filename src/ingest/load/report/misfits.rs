//! Lines of a file that do not fit `--log-format`.

use crate::format;

/// Lines that do not fit the order of the fields that the user gave.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Misfits {
    /// Those that were read in a known order.
    read: u64,
    rejected: u64,
}

impl Misfits {
    /// Counts a line.
    pub(super) fn count(&mut self, is_read: bool) {
        self.read += u64::from(is_read);
        self.rejected += u64::from(!is_read);
    }

    /// Adds those of another part of the file.
    pub(super) fn add(&mut self, other: Self) {
        self.read += other.read;
        self.rejected += other.rejected;
    }

    /// What is said of them in a file with `records`.
    pub(super) fn warnings(self, records: u64) -> impl Iterator<Item = String> {
        let lines = |count| format::counted(count, "line does", "lines do");
        let read = (self.read > 0).then(|| {
            let (was, has) = if self.read == 1 {
                ("was", "it has")
            } else {
                ("were", "they have")
            };
            format!(
                "{} not fit --log-format and {was} read in the known order that {has}",
                lines(self.read)
            )
        });
        // A few may be damaged.
        let rejected = (self.rejected > records).then(|| {
            format!(
                "{} not fit --log-format; check the order of its fields, or leave it out, so that the order is inferred",
                lines(self.rejected)
            )
        });
        read.into_iter().chain(rejected)
    }
}
