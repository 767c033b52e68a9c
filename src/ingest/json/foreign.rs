//! Documents that are known, but not read.

use crate::ingest::sniff::Foreign;

pub(super) const DESCRIPTION: Foreign = Foreign {
    format: "flow-log-description",
    name: "a description of flow logs, the answer of describe-flow-logs",
    way_out: "it says in which order the fields are: give it beside the logs with --log-format @FILE",
};

pub(super) const PACKED: Foreign = Foreign {
    format: "json",
    name: "what a function is called with, and the events are packed in it",
    way_out: "unpack them: jq -r .awslogs.data FILE | base64 -d | flowdeck -",
};

pub(super) const OCSF: Foreign = Foreign {
    format: "ocsf",
    name: "an event of Security Lake (OCSF)",
    way_out: "make rows of it: jq -c '{srcaddr: .src_endpoint.ip, dstaddr: .dst_endpoint.ip, srcport: \
              .src_endpoint.port, dstport: .dst_endpoint.port, protocol: .connection_info.protocol_num, packets: \
              .traffic.packets, bytes: .traffic.bytes, action: .disposition}' FILE | flowdeck -",
};
