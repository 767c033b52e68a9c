//! The order of the fields of a file that has no header and no known order.

/// The order of the fields of a file, inferred from the values in its first lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InferredOrder {
    /// One for each word of a line.
    pub columns: Vec<InferredColumn>,
    /// The confidence in the whole order, in percent.
    pub confidence: u8,
    /// How many records with traffic it was inferred from.
    pub records: usize,
    /// The words of the first lines, to show as examples.
    pub lines: Vec<Vec<String>>,
    /// Whether the file was read in this order.
    pub is_used: bool,
}

/// A column of an [`InferredOrder`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InferredColumn {
    /// The name of the field; if it is unknown, a name made from the number of the column.
    pub name: String,
    /// The confidence in that, in percent.
    pub confidence: u8,
}

impl InferredOrder {
    /// An order that was inferred from fewer records is never used without asking.
    pub const MIN_RECORDS: usize = 3;

    /// Whether there were too few records to be sure.
    pub fn has_few_records(&self) -> bool {
        self.records < Self::MIN_RECORDS
    }

    /// The order as a log format, of bare names.
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| &*column.name).collect();
        names.join(" ")
    }
}
