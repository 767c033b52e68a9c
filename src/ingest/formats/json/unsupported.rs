//! Documents that are known, but not read.

use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::formats::unsupported::known::{EC2_INSTANCE, NETWORK_INTERFACE};

/// What a list describes, as the answers of the EC2 API have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Described {
    FlowLogs,
    /// Network interfaces.
    Interfaces,
    /// Reservations, and instances in them.
    Instances,
}

impl Described {
    /// What the document is.
    pub(super) fn unsupported(self) -> Unsupported {
        match self {
            Self::FlowLogs => FLOW_LOG_DESCRIPTION,
            Self::Interfaces => NETWORK_INTERFACE,
            Self::Instances => EC2_INSTANCE,
        }
    }
}

const FLOW_LOG_DESCRIPTION: Unsupported = Unsupported::other(
    "flow-log-description",
    "a description of flow logs, the answer of describe-flow-logs",
    "it says in which order the fields are: give it beside the logs with --log-format @FILE",
);

pub(super) const LARGE_COLUMN_TABLE: Unsupported = Unsupported::form(
    "json",
    "a table of more than 64 MiB that is stored column by column",
    "write it row by row; with pandas: df.to_json(FILE, orient='records', lines=True)",
);
