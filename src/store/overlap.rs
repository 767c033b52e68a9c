//! Interfaces whose traffic is in two flow logs.

/// Interfaces that two flow logs record over the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The file to warn of: its index among the sources.
    pub source: usize,
    /// The two flow logs.
    pub flow_logs: [String; 2],
    /// Which interfaces and flow logs they are, and the filter that keeps one. Safe to show.
    pub message: String,
}
