//! A seeded generator of flow log records, with the traffic that real interfaces have: clients and servers, both
//! directions of a flow, NAT, pods behind a node, pings, scans, late packets, IPv6, intervals without traffic.

use super::random::Random;
use crate::schema::{FIELDS, FieldId, id};

/// The values of one record, by the index of their field.
pub(super) type Record = Vec<String>;

/// What an interface does.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Server,
    Client,
    Nat,
    /// A Kubernetes node: the packets have the addresses of its pods.
    Node,
}

struct Interface {
    id: String,
    role: Role,
    address: String,
    v6: String,
    zone: u64,
    instance: String,
    service: u64,
}

/// One VPC, and what is drawn of its traffic.
pub(super) struct Traffic {
    random: Random,
    interfaces: Vec<Interface>,
    peers: Vec<(String, &'static str)>,
    neighbours: Vec<String>,
    account: String,
    vpc: String,
    tags: bool,
    encryption: bool,
    only: Option<&'static str>,
    direction: Option<&'static str>,
    silent: u64,
    clock: u64,
    waiting: Vec<Record>,
}

/// Both ends of a packet, as seen by the interface: its own end and the other one.
struct Flow {
    interface: usize,
    own: String,
    own_port: u64,
    peer: String,
    peer_port: u64,
    protocol: u64,
    service: &'static str,
}

const SERVICES: [u64; 14] = [
    443, 80, 22, 3306, 5432, 6379, 8080, 9092, 27017, 53, 8443, 1433, 389, 9200,
];
const SCANNED: [u64; 14] = [
    22, 23, 80, 443, 445, 1433, 3389, 5900, 6379, 8080, 2375, 5060, 8728, 60_023,
];

impl Traffic {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let net = random.pick(&["10.0", "10.31", "172.16", "172.31", "192.168"]);
        let count = random.pick(&[1, 1, 2, 3, 5, 12]);
        let interfaces = (0..count)
            .map(|_| Interface::new(net, &mut random))
            .collect();
        let services = [
            "-",
            "-",
            "-",
            "AMAZON",
            "S3",
            "EC2",
            "DYNAMODB",
            "CLOUDFRONT",
        ];
        let peers = (0..random.pick(&[1, 3, 20, 200]))
            .map(|_| {
                let first = random.pick(&[3, 13, 34, 52, 54, 78, 91, 185, 203]);
                let rest = (random.below(256), random.below(256), random.between(1, 254));
                let peer = format!("{first}.{}.{}.{}", rest.0, rest.1, rest.2);
                (peer, random.pick(&services))
            })
            .collect();
        let neighbours = (0..random.pick(&[1, 4, 30]))
            .map(|_| format!("{net}.{}.{}", random.below(16), random.between(4, 250)))
            .collect();
        Self {
            account: format!("{:012}", random.between(1, 999_999_999_999)),
            vpc: format!("vpc-{:017x}", random.next() >> 4),
            tags: random.chance(50),
            encryption: random.chance(50),
            only: random.pick(&[None, None, None, None, Some("ACCEPT"), Some("REJECT")]),
            direction: random.pick(&[None, None, None, None, Some("ingress"), Some("egress")]),
            silent: random.pick(&[0, 0, 5, 30]),
            clock: random.between(1_500_000_000, 1_790_000_000),
            waiting: Vec::new(),
            interfaces,
            peers,
            neighbours,
            random,
        }
    }

    /// The next record.
    pub(super) fn record(&mut self) -> Record {
        if self.random.chance(self.silent) {
            return self.silent_record();
        }
        for _ in 0..200 {
            while let Some(record) = self.waiting.pop() {
                let fits = |wanted: Option<&str>, field: FieldId| {
                    wanted.is_none_or(|wanted| record[field.index()] == wanted)
                };
                if fits(self.only, id::ACTION) && fits(self.direction, id::FLOW_DIRECTION) {
                    return record;
                }
            }
            self.exchange();
        }
        self.silent_record()
    }

    /// Draws the records of one exchange of packets.
    fn exchange(&mut self) {
        let index = usize::try_from(self.random.below(self.interfaces.len() as u64)).unwrap();
        let role = self.interfaces[index].role;
        match (self.random.below(100), role) {
            (0..12, _) => self.scan(index),
            (12..16, _) => self.ping(index),
            (16..22, _) => self.late(index),
            (22..26, _) => self.ipv6(index),
            (_, Role::Server) => self.serve(index),
            (_, Role::Client) => self.ask(index, None),
            (_, Role::Node) => {
                let pod = format!(
                    "100.64.{}.{}",
                    self.random.below(4),
                    self.random.between(2, 200)
                );
                self.ask(index, Some(pod));
            }
            (_, Role::Nat) => self.translate(index),
        }
    }

    fn peer(&mut self) -> (String, &'static str) {
        if self.random.chance(40) {
            let at = self.random.below(self.neighbours.len() as u64);
            return (self.neighbours[usize::try_from(at).unwrap()].clone(), "-");
        }
        let at = self.random.below(self.peers.len() as u64);
        self.peers[usize::try_from(at).unwrap()].clone()
    }

    /// TCP between the address of an interface and a peer, without ports.
    fn flow(&mut self, interface: usize) -> Flow {
        let (peer, service) = self.peer();
        Flow {
            interface,
            own: self.interfaces[interface].address.clone(),
            own_port: 0,
            peer,
            peer_port: 0,
            protocol: 6,
            service,
        }
    }

    fn client_port(&mut self) -> u64 {
        if self.random.chance(85) {
            self.random.between(32_768, 60_999)
        } else {
            self.random.between(1024, 65_535)
        }
    }

    fn serve(&mut self, interface: usize) {
        let mut flow = self.flow(interface);
        flow.own_port = self.interfaces[interface].service;
        flow.peer_port = self.client_port();
        self.both(&flow, false, None);
    }

    fn ask(&mut self, interface: usize, pod: Option<String>) {
        let mut flow = self.flow(interface);
        (flow.protocol, flow.peer_port) = match self.random.below(10) {
            0 | 1 => (17, 53),
            2 => (17, 123),
            _ => (6, self.random.pick(&SERVICES)),
        };
        flow.own_port = match flow.peer_port {
            123 => 123,
            _ => self.client_port(),
        };
        self.both(&flow, true, pod);
    }

    /// Both directions; `packet` is the address of the packets in place of that of the interface.
    fn both(&mut self, flow: &Flow, is_client: bool, packet: Option<String>) {
        let scale = self.random.pick(&[0, 2, 4, 6, 10, 14]);
        let packets = 1 + self.random.below(1 << scale);
        let flags = |random: &mut Random, is_client: bool| match (flow.protocol, is_client) {
            (6, true) => random.pick(&[0, 0, 2, 3, 3, 2, 1, 7]),
            (6, false) => random.pick(&[0, 0, 18, 19, 19, 18, 1, 23]),
            _ => 0,
        };
        for is_egress in [true, false] {
            let share = self.random.between(1, packets);
            let size = self.random.pick(&[40, 52, 60, 120, 400, 900, 1400]);
            let bytes = share * (size + self.random.below(90));
            let sent = flags(&mut self.random, is_client == is_egress);
            let mut record = self.record_of(flow, is_egress, (share, bytes, sent));
            if let Some(packet) = &packet {
                let field = if is_egress {
                    id::PKT_SRCADDR
                } else {
                    id::PKT_DSTADDR
                };
                record[field.index()].clone_from(packet);
            }
            self.waiting.push(record);
        }
    }

    fn scan(&mut self, interface: usize) {
        let mut flow = self.flow(interface);
        flow.own_port = self.random.pick(&SCANNED);
        flow.peer_port = self.client_port();
        let packets = self.random.between(1, 3);
        let mut record = self.record_of(&flow, false, (packets, packets * 44, 2));
        record[id::ACTION.index()] = "REJECT".into();
        self.waiting.push(record);
    }

    /// Packets that came after the connection was closed.
    fn late(&mut self, interface: usize) {
        let mut flow = self.flow(interface);
        flow.own_port = self.client_port();
        flow.peer_port = 443;
        let sent = self.random.pick(&[0, 1, 4]);
        let mut record = self.record_of(&flow, false, (1, 40, sent));
        record[id::ACTION.index()] = "REJECT".into();
        self.waiting.push(record);
    }

    fn ping(&mut self, interface: usize) {
        let mut flow = self.flow(interface);
        flow.protocol = 1;
        for is_egress in [false, true] {
            let packets = self.random.between(1, 60);
            let record = self.record_of(&flow, is_egress, (packets, packets * 84, 0));
            self.waiting.push(record);
        }
    }

    fn ipv6(&mut self, interface: usize) {
        let own = self.interfaces[interface].v6.clone();
        let peer = format!(
            "2001:db8:{:x}::{:x}",
            self.random.below(99),
            self.random.below(9999)
        );
        let flow = Flow {
            interface,
            own,
            own_port: self.client_port(),
            peer,
            peer_port: 443,
            protocol: 6,
            service: "-",
        };
        self.both(&flow, true, None);
    }

    /// The four records that a packet through a NAT gateway and its answer leave at the gateway.
    fn translate(&mut self, interface: usize) {
        let own = self.interfaces[interface].address.clone();
        let at = self.random.below(self.neighbours.len() as u64);
        let inner = self.neighbours[usize::try_from(at).unwrap()].clone();
        let at = self.random.below(self.peers.len() as u64);
        let (outer, service) = self.peers[usize::try_from(at).unwrap()].clone();
        let port = self.client_port();
        let scale = self.random.pick(&[0, 3, 8]);
        let packets = 1 + self.random.below(1 << scale);
        let bytes = packets * self.random.between(40, 1400);
        let mut flow = Flow {
            interface,
            own,
            own_port: 443,
            peer: inner,
            peer_port: port,
            protocol: 6,
            service: "-",
        };
        for (is_egress, sent) in [(false, 2), (true, 18)] {
            let mut record = self.record_of(&flow, is_egress, (packets, bytes, sent));
            let (address, name) = if is_egress {
                (id::PKT_SRCADDR, id::PKT_SRC_AWS_SERVICE)
            } else {
                (id::PKT_DSTADDR, id::PKT_DST_AWS_SERVICE)
            };
            record[address.index()].clone_from(&outer);
            record[name.index()] = service.to_owned();
            self.waiting.push(record);
        }
        flow = Flow {
            own_port: self.client_port(),
            peer: outer,
            peer_port: 443,
            service,
            ..flow
        };
        for (is_egress, sent) in [(true, 2), (false, 18)] {
            let record = self.record_of(&flow, is_egress, (packets, bytes, sent));
            self.waiting.push(record);
        }
    }

    /// What is in every record of an interface.
    fn base(&mut self, interface: usize) -> Record {
        let mut record = vec!["-".to_owned(); FIELDS.len()];
        if self.random.chance(20) {
            self.clock += self.random.below(60);
        }
        let own = &self.interfaces[interface];
        let start = self.clock - self.random.below(60);
        let end = start + self.random.pick(&[0, 5, 24, 58, 59, 60]);
        let zone = |number: u64| format!("use1-az{number}");
        for (field, value) in [
            (id::ACCOUNT_ID, self.account.clone()),
            (id::INTERFACE_ID, own.id.clone()),
            (id::START, start.to_string()),
            (id::END, end.to_string()),
            (id::VPC_ID, self.vpc.clone()),
            (id::SUBNET_ID, format!("subnet-{:08x}", 0xa0 + own.zone)),
            (id::INSTANCE_ID, own.instance.clone()),
            (id::REGION, "us-east-1".into()),
            (id::AZ_ID, zone(own.zone)),
        ] {
            record[field.index()] = value;
        }
        if self.tags {
            let tag = self.random.pick(&["web", "PROD", "team%2Da", "443", "S3"]);
            record[id::INSTANCE_TAG.index()] = tag.to_owned();
        }
        record
    }

    fn silent_record(&mut self) -> Record {
        let at = usize::try_from(self.random.below(self.interfaces.len() as u64)).unwrap();
        let mut record = self.base(at);
        let status = self.random.pick(&["NODATA", "NODATA", "SKIPDATA"]);
        record[id::LOG_STATUS.index()] = status.to_owned();
        record
    }

    fn record_of(&mut self, flow: &Flow, is_egress: bool, counts: (u64, u64, u64)) -> Record {
        let mut record = self.base(flow.interface);
        let is_inner = flow.peer.starts_with("10.")
            || flow.peer.starts_with("172.")
            || flow.peer.starts_with("192.");
        let path = if is_inner { 1 } else { 8 };
        let (own, peer) = ((&flow.own, flow.own_port), (&flow.peer, flow.peer_port));
        let (src, dst) = if is_egress { (own, peer) } else { (peer, own) };
        let kind = if flow.own.contains(':') {
            "IPv6"
        } else {
            "IPv4"
        };
        let (service, direction) = if is_egress {
            (id::PKT_DST_AWS_SERVICE, "egress")
        } else {
            (id::PKT_SRC_AWS_SERVICE, "ingress")
        };
        for (field, value) in [
            (id::SRCADDR, src.0.clone()),
            (id::DSTADDR, dst.0.clone()),
            (id::PKT_SRCADDR, src.0.clone()),
            (id::PKT_DSTADDR, dst.0.clone()),
            (id::SRCPORT, src.1.to_string()),
            (id::DSTPORT, dst.1.to_string()),
            (id::PROTOCOL, flow.protocol.to_string()),
            (id::PACKETS, counts.0.to_string()),
            (id::BYTES, counts.1.to_string()),
            (id::ACTION, "ACCEPT".into()),
            (id::LOG_STATUS, "OK".into()),
            (id::TCP_FLAGS, counts.2.to_string()),
            (id::TYPE, kind.to_owned()),
            (service, flow.service.to_owned()),
            (id::FLOW_DIRECTION, direction.to_owned()),
        ] {
            record[field.index()] = value;
        }
        if is_egress {
            record[id::TRAFFIC_PATH.index()] = path.to_string();
        }
        if self.encryption {
            record[id::ENCRYPTION_STATUS.index()] =
                self.random.pick(&["0", "0", "1", "3", "-"]).to_owned();
        }
        if is_inner && self.random.chance(70) {
            let next = self.random.below(5);
            for (field, value) in [
                (id::NEXT_HOP_INTERFACE_ID, format!("eni-0b{next:015x}")),
                (
                    id::NEXT_HOP_SUBNET_ID,
                    format!("subnet-{:08x}", 0xb0 + next),
                ),
                (id::NEXT_HOP_AZ_ID, format!("use1-az{}", 1 + next)),
                (id::NEXT_HOP_VPC_ID, self.vpc.clone()),
            ] {
                record[field.index()] = value;
            }
        }
        record
    }
}

impl Interface {
    fn new(net: &str, random: &mut Random) -> Self {
        Self {
            id: format!("eni-{:017x}", random.next() >> 4),
            role: random.pick(&[
                Role::Server,
                Role::Server,
                Role::Client,
                Role::Nat,
                Role::Node,
            ]),
            address: format!("{net}.{}.{}", random.below(16), random.between(4, 250)),
            v6: format!("2001:db8:aaaa::{:x}", random.below(65_536)),
            zone: random.between(1, 3),
            instance: if random.chance(70) {
                format!("i-{:017x}", random.next() >> 4)
            } else {
                "-".into()
            },
            service: random.pick(&SERVICES),
        }
    }
}
