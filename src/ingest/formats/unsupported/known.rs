//! Every content that is recognized but not read: what it is, and what to do instead.

use super::Unsupported;

pub(crate) const APPLICATION: Unsupported = Unsupported::other(
    "alb-access-log",
    "an access log of an application load balancer",
    LOAD_BALANCER,
);
pub(crate) const NETWORK: Unsupported = Unsupported::other(
    "nlb-access-log",
    "a TLS access log of a network load balancer",
    LOAD_BALANCER,
);
pub(crate) const CLASSIC: Unsupported = Unsupported::other(
    "clb-access-log",
    "an access log of a classic load balancer",
    LOAD_BALANCER,
);
const LOAD_BALANCER: &str =
    "to see the same traffic, give the VPC flow logs of the subnets that the load balancer is in";
pub(crate) const ACCELERATOR: Unsupported = Unsupported::form(
    "globalaccelerator-flow-log",
    "a flow log of Global Accelerator, which has other fields than those of a VPC",
    "to see the same traffic, give the VPC flow logs of the subnets of its endpoints",
);
pub(crate) const CLOUDFRONT: Unsupported = Unsupported::other(
    "cloudfront-log",
    "an access log of CloudFront",
    "to see what reaches the origin, give the VPC flow logs of its subnet",
);
pub(crate) const S3: Unsupported = Unsupported::other(
    "s3-access-log",
    "an access log of a bucket in S3",
    "flow logs in a bucket lie below AWSLogs/ACCOUNT/vpcflowlogs/",
);
pub(crate) const WEB: Unsupported = Unsupported::other(
    "web-access-log",
    "an access log of a web server",
    "to see the same traffic, give the VPC flow logs of the server's subnet",
);
pub(crate) const RESOLVER: Unsupported = Unsupported::other(
    "route53-query-log",
    "a log of queries to Route 53",
    "flow logs do not know names; give those of the VPC for the traffic that followed",
);
pub(crate) const FIREWALL: Unsupported = Unsupported::other(
    "waf-log",
    "a log of AWS WAF",
    "to see the same traffic, give the VPC flow logs of what it protects",
);
pub(crate) const TRAIL: Unsupported = Unsupported::other(
    "cloudtrail",
    "a log of CloudTrail",
    "it has calls to AWS and no traffic; flow logs in the same bucket lie below AWSLogs/ACCOUNT/vpcflowlogs/",
);

const FINDING: &str =
    "to see traffic, give the VPC flow logs of the network interface that it is about";

pub(crate) const GUARD_DUTY: Unsupported =
    Unsupported::other("guardduty-finding", "a GuardDuty finding", FINDING);
pub(crate) const INSPECTOR: Unsupported =
    Unsupported::other("inspector-finding", "an Inspector finding", FINDING);
pub(crate) const SECURITY_HUB: Unsupported =
    Unsupported::other("securityhub-finding", "a Security Hub finding", FINDING);
pub(crate) const EVENT: Unsupported = Unsupported::other(
    "eventbridge-event",
    "an EventBridge event",
    "flow logs do not come through EventBridge; give them as S3, CloudWatch Logs or Firehose have them",
);
pub(crate) const NETWORK_FIREWALL: Unsupported = Unsupported::other(
    "network-firewall-log",
    "a log of AWS Network Firewall",
    "to see the same traffic, give the VPC flow logs of the subnets of its endpoints",
);
pub(crate) const LATTICE: Unsupported = Unsupported::other(
    "vpc-lattice-access-log",
    "an access log of VPC Lattice",
    "to see the same traffic, give the VPC flow logs of the targets",
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
pub(crate) const INTERFACE: Unsupported = Unsupported::other(
    "network-interfaces",
    "a description of network interfaces",
    "to see traffic, give their VPC flow logs",
);
/// The answer of describe-instances, whole or in parts.
pub(crate) const INSTANCE: Unsupported = Unsupported::other(
    "instances",
    "a description of EC2 instances",
    "to see their traffic, give the VPC flow logs of their network interfaces",
);

/// Contents that are known by their first bytes.
pub(super) const MAGICS: &[(&[u8], Unsupported)] = &[
    (
        b"\xff\xfe",
        Unsupported::form(
            "utf-16",
            "text in UTF-16",
            "turn it into UTF-8: iconv -f UTF-16 -t UTF-8 FILE",
        ),
    ),
    (
        b"\xfe\xff",
        Unsupported::form(
            "utf-16",
            "text in UTF-16",
            "turn it into UTF-8: iconv -f UTF-16 -t UTF-8 FILE",
        ),
    ),
    (
        b"\x28\xb5\x2f\xfd",
        Unsupported::form("zstd", "packed with zstd", "unpack it: zstd -d FILE"),
    ),
    (
        b"\xfd7zXZ\0",
        Unsupported::form("xz", "packed with xz", "unpack it: xz -d FILE"),
    ),
    (
        b"BZh",
        Unsupported::form("bzip2", "packed with bzip2", "unpack it: bzip2 -d FILE"),
    ),
    (
        b"PK\x03\x04",
        Unsupported::form("zip", "a zip archive", "unpack it: unzip FILE"),
    ),
];
