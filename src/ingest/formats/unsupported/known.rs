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
pub(crate) const ROUTE_53_RESOLVER: Unsupported = Unsupported::other(
    "route53-query-log",
    "a log of queries to Route 53 Resolver",
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

pub(crate) const CONNECTION_LOG: Unsupported = Unsupported::other(
    "alb-connection-log",
    "a connection log of an application load balancer",
    LOAD_BALANCER_ADVICE,
);
pub(crate) const S3_EVENT: Unsupported = Unsupported::other(
    "s3-event",
    "an event notification of S3",
    "it names an object; copy that object and open it",
);
pub(crate) const SURICATA: Unsupported = Unsupported::other(
    "suricata",
    "a log of Suricata (EVE)",
    "to see the same traffic, open the VPC flow logs of its subnet",
);
pub(crate) const ZEEK: Unsupported = Unsupported::other(
    "zeek",
    "a log of Zeek",
    "to see the same traffic, open the VPC flow logs of its subnet",
);
pub(crate) const NFDUMP: Unsupported =
    Unsupported::other("nfdump", "NetFlow records of nfdump", ONLY_FLOW_LOGS);
pub(crate) const ARGUS: Unsupported =
    Unsupported::other("argus", "a list of Argus flows", ONLY_FLOW_LOGS);
pub(crate) const TCPDUMP: Unsupported =
    Unsupported::other("tcpdump", "a list of packets of tcpdump", PACKETS_ADVICE);
/// A capture of packets.
pub(crate) const PACKETS: Unsupported =
    Unsupported::other("pcap", "a capture of packets", PACKETS_ADVICE);

const ONLY_FLOW_LOGS: &str = "only flow logs of AWS are read";
const PACKETS_ADVICE: &str = "open it with Wireshark; flow logs have flows, not packets";

pub(crate) const TAR: Unsupported =
    Unsupported::other("tar", "a tar archive", "unpack it: tar -xf FILE");
pub(crate) const ZIP: Unsupported =
    Unsupported::other("zip", "a zip archive", "extract it first: unzip FILE");
/// A sheet of Excel or `LibreOffice`.
pub(crate) const SPREADSHEET: Unsupported =
    Unsupported::other("spreadsheet", "a spreadsheet", "save it as CSV");
pub(crate) const DOCUMENT: Unsupported = Unsupported::other(
    "document",
    "an office document",
    "save the records as text or CSV",
);
pub(crate) const DUCKDB: Unsupported = Unsupported::other(
    "duckdb",
    "a DuckDB database",
    "export the table: duckdb FILE -c \"copy TABLE to 'flow.parquet'\"",
);
pub(crate) const ARROW: Unsupported = Unsupported::form(
    "arrow",
    "Arrow (Feather)",
    "convert it to Parquet: python3 -c \"import pandas; \
     pandas.read_feather('FILE').to_parquet('flow.parquet')\"",
);
pub(crate) const HTML: Unsupported = Unsupported::other(
    "html",
    "a web page (HTML)",
    "download the file again if it was saved in place of one, or export its table as CSV",
);
pub(crate) const XML: Unsupported =
    Unsupported::other("xml", "XML", "flow logs are text, JSON, CSV or Parquet");
pub(crate) const S3_LISTING: Unsupported = Unsupported::other(
    "s3-listing",
    "a list of the objects in a bucket (XML)",
    "copy the objects themselves: aws s3 cp --recursive s3://BUCKET/PREFIX DIR",
);
pub(crate) const AWS_ERROR: Unsupported = Unsupported::other(
    "aws-error",
    "an error message of the AWS CLI",
    "repeat the command with credentials that may read the logs",
);
pub(crate) const GIT_LFS: Unsupported = Unsupported::other(
    "git-lfs",
    "a pointer of Git LFS",
    "fetch the file that it stands for: git lfs pull",
);
pub(crate) const FLOWDECK_LOG: Unsupported = Unsupported::other(
    "flowdeck-log",
    "a log of flowdeck",
    "open the flow logs that it tells of",
);
pub(crate) const ENCRYPTED: Unsupported = Unsupported::other(
    "encrypted",
    "an encrypted file",
    "decrypt it with the program that encrypted it",
);
pub(crate) const AWS_CLI_YAML: Unsupported = Unsupported::form(
    "yaml",
    "YAML, as the AWS CLI writes it",
    "repeat the command with --output json",
);
pub(crate) const OCSF_TABLE: Unsupported = Unsupported::form(
    "ocsf-table",
    "a table of OCSF events",
    "export them as JSON or Parquet",
);
pub(crate) const AWS_CLI_TABLE: Unsupported = Unsupported::form(
    "table",
    "a table that the AWS CLI drew",
    "repeat the command with --output json",
);
pub(crate) const AWS_CLI_RESULTS: Unsupported = Unsupported::form(
    "insights-text",
    "the text output of the AWS CLI for a query whose rows are fields and not messages",
    "repeat the command with --output json",
);
pub(crate) const PARQUET_METADATA: Unsupported = Unsupported::form(
    "parquet-metadata",
    "Parquet metadata without rows",
    "its rows are in the other files of the folder: open that",
);
pub(crate) const DRAWN_TABLE: Unsupported = Unsupported::form(
    "table",
    "a table with drawn lines",
    "repeat the query with CSV or JSON as the output format",
);
pub(crate) const FLOWLOGS_READER: Unsupported = Unsupported::form(
    "flowlogs-reader",
    "what flowlogs-reader prints, where a zero and a missing value are both -",
    "open the logs themselves: copy them from S3, or use aws logs filter-log-events --output json",
);

const IMAGE: Unsupported = Unsupported::other("image", "an image", "open the logs that it shows");
const PROGRAM: Unsupported =
    Unsupported::other("program", "an executable program", "open the logs instead");
const PICKLE: Unsupported = Unsupported::other(
    "pickle",
    "a pickle of Python",
    "write the data frame with to_parquet or to_csv instead",
);

/// Contents that are known by their first bytes.
pub(super) const MAGICS: &[(&[u8], Unsupported)] = &[
    (
        b"\x02\x21\x4c\x18",
        Unsupported::compression("LZ4 (legacy frame)", "decompress it first: lz4 -d FILE"),
    ),
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", SPREADSHEET),
    (
        b"ORC",
        Unsupported::form(
            "orc",
            "ORC",
            "convert it to Parquet: python3 -c \"import pandas; \
             pandas.read_orc('FILE').to_parquet('flow.parquet')\"",
        ),
    ),
    (
        b"Obj\x01",
        Unsupported::form(
            "avro",
            "Avro",
            "convert it to Parquet: duckdb -c \"copy (from read_avro('FILE')) to 'flow.parquet'\"",
        ),
    ),
    (b"ARROW1", ARROW),
    (b"FEA1", ARROW),
    (
        b"\x5d\0\0",
        Unsupported::compression("lzma", "decompress it first: xz -d FILE"),
    ),
    (
        b"\x1f\x9d",
        Unsupported::compression("compress (.Z)", "decompress it first: gzip -d FILE"),
    ),
    (
        b"LZIP",
        Unsupported::compression("lzip", "decompress it first: lzip -d FILE"),
    ),
    (
        b"\xff\x06\0\0sNaPpY",
        Unsupported::compression(
            "snappy",
            "decompress it first: python3 -m snappy -d FILE flow.log",
        ),
    ),
    (
        b"7z\xbc\xaf\x27\x1c",
        Unsupported::other("7z", "a 7z archive", "extract it first: 7z x FILE"),
    ),
    (
        b"Rar!\x1a\x07",
        Unsupported::other("rar", "a rar archive", "extract it first: unrar x FILE"),
    ),
    (
        b"SQLite format 3\0",
        Unsupported::other(
            "sqlite",
            "an SQLite database",
            "export the table: sqlite3 -csv -header FILE \"select * from TABLE\" > flow.csv",
        ),
    ),
    (b"\xd4\xc3\xb2\xa1", PACKETS),
    (b"\xa1\xb2\xc3\xd4", PACKETS),
    (b"\x4d\x3c\xb2\xa1", PACKETS),
    (b"\xa1\xb2\x3c\x4d", PACKETS),
    (b"\x0c\xa5", NFDUMP),
    (b"\xa5\x0c", NFDUMP),
    (b"%PDF-", DOCUMENT),
    (b"\x89PNG", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"\x7fELF", PROGRAM),
    (b"\x80\x04\x95", PICKLE),
    (b"\x80\x05\x95", PICKLE),
];
