//! Every content that is recognized but not read: what it is, and what to do instead.

use super::Unsupported;

pub(crate) const APPLICATION_LOAD_BALANCER: Unsupported = Unsupported::other(
    "alb-access-log",
    "an access log of an application load balancer",
    LOAD_BALANCER_ADVICE,
);
pub(crate) const NETWORK_LOAD_BALANCER: Unsupported = Unsupported::other(
    "nlb-access-log",
    "a TLS access log of a network load balancer",
    LOAD_BALANCER_ADVICE,
);
pub(crate) const CLASSIC_LOAD_BALANCER: Unsupported = Unsupported::other(
    "clb-access-log",
    "an access log of a classic load balancer",
    LOAD_BALANCER_ADVICE,
);
const LOAD_BALANCER_ADVICE: &str =
    "to see the same traffic, open the VPC flow logs of the subnets that the load balancer is in";
pub(crate) const GLOBAL_ACCELERATOR: Unsupported = Unsupported::form(
    "globalaccelerator-flow-log",
    "a flow log of Global Accelerator, which has other fields than those of a VPC",
    "to see the same traffic, open the VPC flow logs of the subnets of its endpoints",
);
pub(crate) const CLOUDFRONT: Unsupported = Unsupported::other(
    "cloudfront-log",
    "an access log of CloudFront",
    "to see what reaches the origin, open the VPC flow logs of its subnet",
);
pub(crate) const S3: Unsupported = Unsupported::other(
    "s3-access-log",
    "an access log of a bucket in S3",
    "flow logs in a bucket are below AWSLogs/ACCOUNT/vpcflowlogs/",
);
pub(crate) const WEB_SERVER: Unsupported = Unsupported::other(
    "web-access-log",
    "an access log of a web server",
    "to see the same traffic, open the VPC flow logs of the server's subnet",
);
pub(crate) const ROUTE_53: Unsupported = Unsupported::other(
    "route53-query-log",
    "a log of queries to Route 53",
    "flow logs do not record DNS names; for the resulting traffic, open the VPC's flow logs",
);
pub(crate) const WAF: Unsupported = Unsupported::other(
    "waf-log",
    "a log of AWS WAF",
    "to see the same traffic, open the VPC flow logs of the resources that it protects",
);
pub(crate) const CLOUDTRAIL: Unsupported = Unsupported::other(
    "cloudtrail",
    "a log of CloudTrail",
    "it has API calls and no traffic; flow logs in the same bucket are below AWSLogs/ACCOUNT/vpcflowlogs/",
);

const FINDING_ADVICE: &str =
    "to see the traffic, open the VPC flow logs of the network interface that it is about";

pub(crate) const GUARD_DUTY: Unsupported =
    Unsupported::other("guardduty-finding", "a GuardDuty finding", FINDING_ADVICE);
pub(crate) const INSPECTOR: Unsupported =
    Unsupported::other("inspector-finding", "an Inspector finding", FINDING_ADVICE);
pub(crate) const SECURITY_HUB: Unsupported = Unsupported::other(
    "securityhub-finding",
    "a Security Hub finding",
    FINDING_ADVICE,
);
pub(crate) const EVENTBRIDGE: Unsupported = Unsupported::other(
    "eventbridge-event",
    "an EventBridge event",
    "flow logs are not delivered through EventBridge; open them from S3, CloudWatch Logs or Firehose",
);
pub(crate) const NETWORK_FIREWALL: Unsupported = Unsupported::other(
    "network-firewall-log",
    "a log of AWS Network Firewall",
    "to see the same traffic, open the VPC flow logs of the subnets of its endpoints",
);
pub(crate) const VPC_LATTICE: Unsupported = Unsupported::other(
    "vpc-lattice-access-log",
    "an access log of VPC Lattice",
    "to see the same traffic, open the VPC flow logs of the targets",
);
pub(crate) const AZURE: Unsupported = Unsupported::other(
    "azure-flow-log",
    "an Azure log of network flows",
    "only flow logs of AWS are read",
);
pub(crate) const GOOGLE: Unsupported = Unsupported::other(
    "google-cloud-log",
    "a log entry of Google Cloud",
    "only flow logs of AWS are read",
);
/// The answer of describe-network-interfaces, whole or in parts.
pub(crate) const NETWORK_INTERFACE: Unsupported = Unsupported::other(
    "network-interfaces",
    "a description of network interfaces",
    "to see their traffic, open their VPC flow logs",
);
/// The answer of describe-instances, whole or in parts.
pub(crate) const EC2_INSTANCE: Unsupported = Unsupported::other(
    "instances",
    "a description of EC2 instances",
    "to see their traffic, open the VPC flow logs of their network interfaces",
);

/// Contents that are known by their first bytes.
pub(super) const MAGICS: &[(&[u8], Unsupported)] = &[
    (
        b"\x02\x21\x4c\x18",
        Unsupported::compression("LZ4 (legacy frame)", "decompress it first: lz4 -d FILE"),
    ),
    (
        b"PK\x03\x04",
        Unsupported::form("zip", "a zip archive", "extract it first: unzip FILE"),
    ),
];
