//! The table of fields. Source of every row: the AWS pages on flow log records (versions 2 to 5 and 7 to 11)
//! and on Transit Gateway flow logs (version 6). The column types of version 11 in Parquet are assumed to be
//! strings.

use super::FieldDef;
use super::FieldId;
use super::Kind;
use super::Kind::{Address, Choice, Duration, Flags, Number, Port, Protocol, Text, Time};
use super::Origin;
use super::ParquetType;
use super::ParquetType::{Int32, Int64, String};
use super::TextShape;

const ACTION: &[&str] = &["ACCEPT", "REJECT"];
const LOG_STATUS: &[&str] = &["OK", "NODATA", "SKIPDATA", "INCOMPLETEDATA"];
const TYPE: &[&str] = &["IPv4", "IPv6", "EFA"];
const SUBLOCATION_TYPE: &[&str] = &["wavelength", "outpost", "localzone"];
const FLOW_DIRECTION: &[&str] = &["ingress", "egress"];
const REJECT_REASON: &[&str] = &["BPA", "EC"];
const INTERFACE_TYPE: &[&str] = &[
    "nat_gateway",
    "network_load_balancer",
    "regional_nat_gateway",
    "transit_gateway",
    "vpc_endpoint",
];
const SCOPE: &[&str] = &["internal", "inbound", "outbound", "external"];

/// Every field, in the order of the versions that brought them; then the fields that only Transit Gateway
/// logs have; then the computed ones.
#[rustfmt::skip]
pub const FIELDS: &[FieldDef] = &[
    row("version", "version", 2, Number, Int32),
    row("account-id", "account_id", 2, Text, String).aka(&["account"]).shaped(TextShape::Account),
    row("interface-id", "interface_id", 2, Text, String).aka(&["eni", "if", "interface"]).shaped(TextShape::Like("eni-")),
    row("srcaddr", "srcaddr", 2, Address, String).aka(&["source-ip", "sip", "saddr", "ip.src", "addr.src", "source-address", "src-ip", "ipv6.src", "source.ip"]),
    row("dstaddr", "dstaddr", 2, Address, String).aka(&["destination-ip", "dest-ip", "dst-ip", "dip", "daddr", "ip.dst", "addr.dst", "destination-address", "ipv6.dst", "destination.ip"]),
    row("srcport", "srcport", 2, Port, Int32).aka(&["sport", "port.src", "source-port", "source.port"]),
    row("dstport", "dstport", 2, Port, Int32).aka(&["dport", "port.dst", "dest-port", "destination-port", "destination.port"]),
    row("protocol", "protocol", 2, Protocol, Int32).aka(&["proto", "ip.proto"]),
    row("packets", "packets", 2, Number, Int64).aka(&["pkts", "num-packets"]),
    row("bytes", "bytes", 2, Number, Int64).aka(&["octets", "num-bytes"]),
    row("start", "start", 2, Time, Int64).aka(&["start-time", "window-start"]),
    row("end", "end", 2, Time, Int64).aka(&["end-time", "window-end"]),
    row("action", "action", 2, Choice(ACTION), String).aka(&["verdict", "disposition"]),
    row("log-status", "log_status", 2, Choice(LOG_STATUS), String).aka(&["status", "flow-log-status"]),
    row("vpc-id", "vpc_id", 3, Text, String).aka(&["vpc"]).shaped(TextShape::Like("vpc-")),
    row("subnet-id", "subnet_id", 3, Text, String).aka(&["subnet"]).shaped(TextShape::Like("subnet-")),
    row("instance-id", "instance_id", 3, Text, String).aka(&["instance"]).shaped(TextShape::Like("i-")),
    row("tcp-flags", "tcp_flags", 3, Flags, Int32).aka(&["flags"]),
    row("type", "type", 3, Choice(TYPE), String),
    row("pkt-srcaddr", "pkt_srcaddr", 3, Address, String),
    row("pkt-dstaddr", "pkt_dstaddr", 3, Address, String),
    row("region", "region", 4, Text, String).shaped(TextShape::Region),
    row("az-id", "az_id", 4, Text, String).aka(&["az"]).shaped(TextShape::Zone),
    row("sublocation-type", "sublocation_type", 4, Choice(SUBLOCATION_TYPE), String),
    row("sublocation-id", "sublocation_id", 4, Text, String),
    row("pkt-src-aws-service", "pkt_src_aws_service", 5, Text, String).shaped(TextShape::Service),
    row("pkt-dst-aws-service", "pkt_dst_aws_service", 5, Text, String).shaped(TextShape::Service),
    row("flow-direction", "flow_direction", 5, Choice(FLOW_DIRECTION), String).aka(&["direction", "dir", "flow-dir"]),
    row("traffic-path", "traffic_path", 5, Number, Int32).aka(&["path"]),
    row("ecs-cluster-arn", "ecs_cluster_arn", 7, Text, String).shaped(TextShape::Like(":cluster/")),
    row("ecs-cluster-name", "ecs_cluster_name", 7, Text, String),
    row("ecs-container-instance-arn", "ecs_container_instance_arn", 7, Text, String).shaped(TextShape::Like(":container-instance/")),
    row("ecs-container-instance-id", "ecs_container_instance_id", 7, Text, String),
    row("ecs-container-id", "ecs_container_id", 7, Text, String),
    row("ecs-second-container-id", "ecs_second_container_id", 7, Text, String),
    row("ecs-service-name", "ecs_service_name", 7, Text, String),
    row("ecs-task-definition-arn", "ecs_task_definition_arn", 7, Text, String).shaped(TextShape::Like(":task-definition/")),
    row("ecs-task-arn", "ecs_task_arn", 7, Text, String).shaped(TextShape::Like(":task/")),
    row("ecs-task-id", "ecs_task_id", 7, Text, String),
    row("reject-reason", "reject_reason", 8, Choice(REJECT_REASON), String),
    row("resource-id", "resource_id", 9, Text, String).shaped(TextShape::Like("nat-")),
    row("encryption-status", "encryption_status", 10, Number, Int32),
    row("instance-tag", "instance_tag", 11, Text, String),
    row("instance-tag-2", "instance_tag_2", 11, Text, String),
    row("interface-tag", "interface_tag", 11, Text, String),
    row("interface-tag-2", "interface_tag_2", 11, Text, String),
    row("asg-tag", "asg_tag", 11, Text, String),
    row("asg-tag-2", "asg_tag_2", 11, Text, String),
    row("interface-type", "interface_type", 11, Choice(INTERFACE_TYPE), String),
    row("next-hop-interface-id", "next_hop_interface_id", 11, Text, String).shaped(TextShape::Like("eni-")),
    row("next-hop-subnet-id", "next_hop_subnet_id", 11, Text, String).shaped(TextShape::Like("subnet-")),
    row("next-hop-az-id", "next_hop_az_id", 11, Text, String).shaped(TextShape::Zone),
    row("next-hop-vpc-id", "next_hop_vpc_id", 11, Text, String).shaped(TextShape::Like("vpc-")),
    row("next-hop-interface-type", "next_hop_interface_type", 11, Choice(INTERFACE_TYPE), String),
    row("resource-type", "resource_type", 6, Text, String).shaped(TextShape::Like("TransitGateway")),
    row("tgw-id", "tgw_id", 6, Text, String).shaped(TextShape::Like("tgw-")),
    row("tgw-attachment-id", "tgw_attachment_id", 6, Text, String).shaped(TextShape::Like("tgw-attach-")),
    row("tgw-src-vpc-account-id", "tgw_src_vpc_account_id", 6, Text, String).shaped(TextShape::Account),
    row("tgw-dst-vpc-account-id", "tgw_dst_vpc_account_id", 6, Text, String).shaped(TextShape::Account),
    row("tgw-src-vpc-id", "tgw_src_vpc_id", 6, Text, String).shaped(TextShape::Like("vpc-")),
    row("tgw-dst-vpc-id", "tgw_dst_vpc_id", 6, Text, String).shaped(TextShape::Like("vpc-")),
    row("tgw-src-subnet-id", "tgw_src_subnet_id", 6, Text, String).shaped(TextShape::Like("subnet-")),
    row("tgw-dst-subnet-id", "tgw_dst_subnet_id", 6, Text, String).shaped(TextShape::Like("subnet-")),
    row("tgw-src-eni", "tgw_src_eni", 6, Text, String).shaped(TextShape::Like("eni-")),
    row("tgw-dst-eni", "tgw_dst_eni", 6, Text, String).shaped(TextShape::Like("eni-")),
    row("tgw-src-az-id", "tgw_src_az_id", 6, Text, String).shaped(TextShape::Zone),
    row("tgw-dst-az-id", "tgw_dst_az_id", 6, Text, String).shaped(TextShape::Zone),
    row("tgw-pair-attachment-id", "tgw_pair_attachment_id", 6, Text, String).shaped(TextShape::Like("tgw-attach-")),
    row("packets-lost-no-route", "packets_lost_no_route", 6, Number, Int64),
    row("packets-lost-blackhole", "packets_lost_blackhole", 6, Number, Int64),
    row("packets-lost-mtu-exceeded", "packets_lost_mtu_exceeded", 6, Number, Int64),
    row("packets-lost-ttl-expired", "packets_lost_ttl_expired", 6, Number, Int64),
    row("addr", "addr", 0, Address, String).aka(&["ip", "host", "net", "ip.addr", "ipv6.addr"]),
    row("pkt-addr", "pkt_addr", 0, Address, String).aka(&["pkt-ip", "pkt-host"]),
    row("port", "port", 0, Port, Int32).aka(&["aport"]),
    row("time", "time", 0, Time, Int64),
    row("duration", "duration", 0, Duration, Int64),
    row("bps", "bps", 0, Number, Int64),
    row("pps", "pps", 0, Number, Int64),
    row("bpp", "bpp", 0, Number, Int64),
    row("scope", "scope", 0, Choice(SCOPE), String),
    row("line", "line", 0, Number, Int64),
    row("file", "file", 0, Text, String),
];

const fn row(
    name: &'static str,
    column: &'static str,
    version: u8,
    kind: Kind,
    parquet: ParquetType,
) -> FieldDef {
    FieldDef {
        name,
        aliases: &[],
        shape: TextShape::Any,
        version,
        origin: match version {
            0 => Origin::Computed,
            6 => Origin::TransitGateway,
            _ => Origin::Vpc,
        },
        kind,
        column,
        parquet,
    }
}

impl FieldDef {
    const fn aka(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    const fn shaped(self, shape: TextShape) -> Self {
        Self { shape, ..self }
    }
}

/// The ids of the fields that code refers to, as indexes into [`FIELDS`](super::FIELDS).
#[expect(missing_docs, reason = "each constant has the name of its field")]
pub mod id {
    use super::FieldId;

    pub const VERSION: FieldId = FieldId::new(0);
    pub const ACCOUNT_ID: FieldId = FieldId::new(1);
    pub const INTERFACE_ID: FieldId = FieldId::new(2);
    pub const SRCADDR: FieldId = FieldId::new(3);
    pub const DSTADDR: FieldId = FieldId::new(4);
    pub const SRCPORT: FieldId = FieldId::new(5);
    pub const DSTPORT: FieldId = FieldId::new(6);
    pub const PROTOCOL: FieldId = FieldId::new(7);
    pub const PACKETS: FieldId = FieldId::new(8);
    pub const BYTES: FieldId = FieldId::new(9);
    pub const START: FieldId = FieldId::new(10);
    pub const END: FieldId = FieldId::new(11);
    pub const ACTION: FieldId = FieldId::new(12);
    pub const LOG_STATUS: FieldId = FieldId::new(13);
    pub const VPC_ID: FieldId = FieldId::new(14);
    pub const SUBNET_ID: FieldId = FieldId::new(15);
    pub const INSTANCE_ID: FieldId = FieldId::new(16);
    pub const TCP_FLAGS: FieldId = FieldId::new(17);
    pub const TYPE: FieldId = FieldId::new(18);
    pub const PKT_SRCADDR: FieldId = FieldId::new(19);
    pub const PKT_DSTADDR: FieldId = FieldId::new(20);
    pub const REGION: FieldId = FieldId::new(21);
    pub const AZ_ID: FieldId = FieldId::new(22);
    pub const PKT_SRC_AWS_SERVICE: FieldId = FieldId::new(25);
    pub const PKT_DST_AWS_SERVICE: FieldId = FieldId::new(26);
    pub const FLOW_DIRECTION: FieldId = FieldId::new(27);
    pub const TRAFFIC_PATH: FieldId = FieldId::new(28);
    pub const REJECT_REASON: FieldId = FieldId::new(39);
    pub const RESOURCE_ID: FieldId = FieldId::new(40);
    pub const ENCRYPTION_STATUS: FieldId = FieldId::new(41);
    pub const INSTANCE_TAG: FieldId = FieldId::new(42);
    pub const INSTANCE_TAG_2: FieldId = FieldId::new(43);
    pub const INTERFACE_TAG: FieldId = FieldId::new(44);
    pub const INTERFACE_TAG_2: FieldId = FieldId::new(45);
    pub const ASG_TAG: FieldId = FieldId::new(46);
    pub const ASG_TAG_2: FieldId = FieldId::new(47);
    pub const INTERFACE_TYPE: FieldId = FieldId::new(48);
    pub const NEXT_HOP_INTERFACE_ID: FieldId = FieldId::new(49);
    pub const NEXT_HOP_SUBNET_ID: FieldId = FieldId::new(50);
    pub const NEXT_HOP_AZ_ID: FieldId = FieldId::new(51);
    pub const NEXT_HOP_VPC_ID: FieldId = FieldId::new(52);
    pub const NEXT_HOP_INTERFACE_TYPE: FieldId = FieldId::new(53);
    pub const RESOURCE_TYPE: FieldId = FieldId::new(54);
    pub const TGW_ID: FieldId = FieldId::new(55);
    pub const TGW_ATTACHMENT_ID: FieldId = FieldId::new(56);
    pub const PACKETS_LOST_NO_ROUTE: FieldId = FieldId::new(68);
    pub const PACKETS_LOST_BLACKHOLE: FieldId = FieldId::new(69);
    pub const PACKETS_LOST_MTU_EXCEEDED: FieldId = FieldId::new(70);
    pub const PACKETS_LOST_TTL_EXPIRED: FieldId = FieldId::new(71);
    pub const ADDR: FieldId = FieldId::new(72);
    pub const PKT_ADDR: FieldId = FieldId::new(73);
    pub const PORT: FieldId = FieldId::new(74);
    pub const TIME: FieldId = FieldId::new(75);
    pub const DURATION: FieldId = FieldId::new(76);
    pub const BPS: FieldId = FieldId::new(77);
    pub const PPS: FieldId = FieldId::new(78);
    pub const BPP: FieldId = FieldId::new(79);
    pub const SCOPE: FieldId = FieldId::new(80);
    pub const LINE: FieldId = FieldId::new(81);
    pub const FILE: FieldId = FieldId::new(82);
}
