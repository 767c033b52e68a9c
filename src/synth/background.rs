//! The records of one file: background traffic, window by window, with the planted records among it.

use super::exchange::{self, End, Exchange, Load, ServicePort};
use super::exchange::{GATEWAY_ENDPOINT, ICMP, ICMP6, INTERNET_GATEWAY, SAME_VPC, TCP, UDP};
use super::flow::Flow;
use super::random::{Random, scramble};
use super::record::{Record, Status};
use super::world::{Interface, Role, Slot, World};
use crate::schema::Address;

/// Percentage of conversations that are a single rejected record. The others are two or four records, so about 4 % of
/// all records are rejected.
const REJECTED_PERCENT: u64 = 10;

/// Services on the internet that interfaces connect to; each is repeated according to its frequency.
const INTERNET_SERVICES: [ServicePort; 20] = [
    ServicePort::tcp(443),
    ServicePort::tcp(443),
    ServicePort::tcp(443),
    ServicePort::tcp(443),
    ServicePort::tcp(443),
    ServicePort::tcp(443),
    ServicePort::tcp(443),
    ServicePort::tcp(443),
    ServicePort::tcp(443),
    ServicePort::tcp(443),
    ServicePort::tcp(80),
    ServicePort::tcp(80),
    ServicePort::tcp(80),
    ServicePort::udp(53),
    ServicePort::udp(53),
    ServicePort::udp(123),
    ServicePort::udp(123),
    ServicePort::tcp(22),
    ServicePort::tcp(587),
    ServicePort::tcp(5222),
];

/// Ports that scanners probe; each is repeated according to its frequency.
const SCANNED_PORTS: [ServicePort; 24] = [
    ServicePort::tcp(23),
    ServicePort::tcp(23),
    ServicePort::tcp(23),
    ServicePort::tcp(22),
    ServicePort::tcp(22),
    ServicePort::tcp(22),
    ServicePort::tcp(445),
    ServicePort::tcp(445),
    ServicePort::tcp(3389),
    ServicePort::tcp(3389),
    ServicePort::tcp(80),
    ServicePort::tcp(443),
    ServicePort::tcp(8080),
    ServicePort::tcp(8443),
    ServicePort::tcp(1433),
    ServicePort::tcp(3306),
    ServicePort::tcp(5432),
    ServicePort::tcp(6379),
    ServicePort::tcp(2375),
    ServicePort::tcp(5900),
    ServicePort::udp(5060),
    ServicePort::udp(161),
    ServicePort::udp(1900),
    ServicePort::ping(),
];

/// The most consecutive records of one interface in a file.
const MAX_RUN_RECORDS: usize = 12;

/// The records of one file, in the order in which they are written.
#[derive(Debug)]
pub(crate) struct Records<'w> {
    world: &'w World,
    file: usize,
    random: Random,
    /// Indices of the interfaces, in the order in which each minute visits them.
    order: Vec<usize>,
    /// The next slot to fill: minute × interfaces + position in `order`.
    slot: usize,
    slots: usize,
    /// How many background records the file has in total.
    quota: u64,
    /// How many of them have been generated, those in `waiting` included.
    made: u64,
    /// The sum of the weights of the slots filled so far.
    weight: u64,
    total_weight: u64,
    /// By interface, the far ends of conversations within the VPC, until that interface's turn in the same minute.
    waiting: Vec<Vec<Flow>>,
    skipped_slot: Option<usize>,
    /// How many NODATA records to spread over `idle_slots`.
    no_data: u64,
    /// At least 1.
    idle_slots: u64,
    ready: Vec<Record<'w>>,
}

impl World {
    /// The records of `file`, in the order in which they are written.
    ///
    /// # Panics
    ///
    /// When `file` is not below [`World::files`].
    pub(crate) fn records(&self, file: usize) -> Records<'_> {
        assert!(file < self.files(), "the plan has {} files", self.files());
        let mut random = Random::new(self.plan().seed, file as u64);
        let interfaces = self.interfaces.len();
        let mut order: Vec<usize> = (0..interfaces).collect();
        random.shuffle(&mut order);
        let minutes = usize::try_from(self.minutes()).expect("an hour at most");
        let slots = minutes * interfaces;
        let quota = self.background(file);
        let idle = order
            .iter()
            .filter(|one| self.interfaces[**one].role == Role::Idle);
        // At most one record in fifty is NODATA, and an idle interface has one in at most three of four minutes.
        let idle_slots = (idle.count() * minutes) as u64;
        let no_data = (quota / 50).min(idle_slots * 3 / 4);
        let mut records = Records {
            world: self,
            file,
            slot: 0,
            slots,
            quota,
            made: 0,
            weight: 0,
            total_weight: 0,
            waiting: vec![Vec::new(); interfaces],
            skipped_slot: (file.is_multiple_of(3) && quota >= 20)
                .then(|| random.index(slots.max(2) - 1)),
            no_data,
            idle_slots: idle_slots.max(1),
            ready: Vec::new(),
            order,
            random,
        };
        records.total_weight = (0..slots).map(|slot| records.slot_weight(slot)).sum();
        records
    }
}

impl<'w> Iterator for Records<'w> {
    type Item = Record<'w>;

    fn next(&mut self) -> Option<Record<'w>> {
        while self.ready.is_empty() {
            if self.slot == self.slots {
                return None;
            }
            self.fill_minute();
        }
        self.ready.pop()
    }
}

impl<'w> Records<'w> {
    /// The weight of the slot's interface, with some variation per minute.
    fn slot_weight(&self, slot: usize) -> u64 {
        let interface = self.order[slot % self.order.len()];
        let mixed = scramble((self.file * self.slots + slot) as u64 ^ self.world.plan().seed);
        self.world.interfaces[interface].weight * (12 + mixed % 9)
    }

    fn left(&self) -> u64 {
        self.quota - self.made
    }

    /// Generates the records of the next minute. The records of an interface arrive in runs; the runs of all
    /// interfaces are shuffled, as in real deliveries.
    fn fill_minute(&mut self) {
        let (mut batch, mut runs) = (Vec::new(), Vec::new());
        for _ in 0..self.order.len() {
            let mut from = batch.len();
            self.fill_slot(&mut batch);
            while from < batch.len() {
                let until = batch
                    .len()
                    .min(from + 1 + self.random.index(MAX_RUN_RECORDS));
                runs.push(from..until);
                from = until;
            }
        }
        self.random.shuffle(&mut runs);
        self.ready.clear();
        for run in runs {
            self.ready.extend_from_slice(&batch[run]);
        }
    }

    /// Generates the records of the next slot.
    fn fill_slot(&mut self, batch: &mut Vec<Record<'w>>) {
        let (slot, position) = (self.slot, self.slot % self.order.len());
        let number = self.order[position];
        let minute = (slot / self.order.len()) as u64;
        self.slot += 1;
        let last = self.slot == self.slots;
        self.weight += self.slot_weight(slot);
        let share =
            u128::from(self.quota) * u128::from(self.weight) / u128::from(self.total_weight);
        let target = u64::try_from(share).expect("a share of a u64");

        let interface = &self.world.interfaces[number];
        let at = Slot {
            file: self.file,
            minute,
            interface: number,
        };
        let window = self.world.window(at);
        let mut flows = std::mem::take(&mut self.waiting[number]);
        let mut rows = Vec::new();
        if !last && self.skipped_slot == Some(slot) && self.left() > 0 {
            rows.push(Status::SkipData);
        }
        let idle = interface.role == Role::Idle && !last && self.left() > 0;
        if idle && rows.is_empty() && self.random.chance(self.no_data, self.idle_slots) {
            rows.push(Status::NoData);
        }
        self.made += rows.len() as u64;
        if !rows.contains(&Status::NoData) {
            while self.made < target {
                self.add_conversation(position, &mut flows);
            }
        }
        let planted = self.world.planted_in(at);
        flows.extend(planted.iter().map(|planted| planted.flow));
        self.random.shuffle(&mut flows);

        let record = |status| Record::new(self.world, interface, window, status);
        batch.extend(rows.into_iter().map(record));
        batch.extend(flows.into_iter().map(|flow| Record {
            flow: Some(flow),
            ..record(Status::Ok)
        }));
    }

    /// Generates one conversation of the interface at `position` in `order`: one, two or four records.
    fn add_conversation(&mut self, position: usize, flows: &mut Vec<Flow>) {
        let interface = &self.world.interfaces[self.order[position]];
        let before = flows.len();
        if self.left() < 2 || self.random.chance(REJECTED_PERCENT, 100) {
            flows.push(self.rejected(interface));
        } else if self.left() >= 4 && interface.role == Role::Gateway {
            self.add_translated(interface, flows);
        } else if self.left() >= 4 && self.random.chance(2, 5) {
            match self.peer(position) {
                Some(peer) => self.add_internal(interface, peer, flows),
                None => self.add_external(interface, flows),
            }
        } else {
            self.add_external(interface, flows);
        }
        self.made += (flows.len() - before) as u64;
    }

    /// An interface that comes later in this minute's order.
    fn peer(&mut self, position: usize) -> Option<usize> {
        let later = &self.order[position + 1..];
        (0..3).find_map(|_| {
            let number = *later.get(self.random.rank(later.len().max(1)))?;
            let role = self.world.interfaces[number].role;
            (!matches!(role, Role::Idle | Role::Gateway)).then_some(number)
        })
    }

    fn is_v6(&mut self) -> bool {
        self.random
            .chance(self.world.plan().ipv6_percent.into(), 100)
    }

    /// A conversation between two interfaces; both record it.
    fn add_internal(&mut self, here: &Interface, peer: usize, flows: &mut Vec<Flow>) {
        let there = &self.world.interfaces[peer];
        let v6 = self.is_v6();
        let is_server = there.role == Role::Worker && here.role != Role::Worker;
        let (client, server) = if is_server {
            (there, here)
        } else {
            (here, there)
        };
        let ServicePort { protocol, port } = self.internal_service(server.role);
        let exchange = Exchange::usual(
            End::new(client.address(v6), exchange::ephemeral(&mut self.random)),
            End::new(server.address(v6), port),
            protocol,
            &mut self.random,
        );
        let at_client = [exchange.request(Some(SAME_VPC)), exchange.reply(None)];
        let at_server = [exchange.request(None), exchange.reply(Some(SAME_VPC))];
        let (ours, theirs) = if is_server {
            (at_server, at_client)
        } else {
            (at_client, at_server)
        };
        flows.extend(ours);
        self.waiting[peer].extend(theirs);
        self.made += theirs.len() as u64;
    }

    fn internal_service(&mut self, role: Role) -> ServicePort {
        match role {
            Role::Web => self.random.pick(&[
                ServicePort::tcp(443),
                ServicePort::tcp(443),
                ServicePort::tcp(80),
            ]),
            Role::App | Role::Idle | Role::Gateway => self.random.pick(&[
                ServicePort::tcp(8080),
                ServicePort::tcp(8080),
                ServicePort::tcp(8443),
            ]),
            Role::Database => self
                .random
                .pick(&[ServicePort::tcp(5432), ServicePort::tcp(3306)]),
            Role::Cache => ServicePort::tcp(6379),
            Role::Dns => self.random.pick(&[
                ServicePort::udp(53),
                ServicePort::udp(53),
                ServicePort::udp(123),
            ]),
            Role::Bastion | Role::Worker => ServicePort::tcp(22),
        }
    }

    /// A conversation with a host on the internet.
    fn add_external(&mut self, interface: &Interface, flows: &mut Vec<Flow>) {
        let v6 = self.is_v6();
        let remote = self.world.remote(&mut self.random);
        let is_server = match interface.role {
            Role::Web => self.random.chance(5, 6),
            Role::Bastion => self.random.chance(2, 3),
            _ => false,
        };
        let ServicePort { protocol, port } = match (is_server, interface.role) {
            (true, Role::Bastion) => ServicePort::tcp(22),
            (true, _) => self.random.pick(&[
                ServicePort::tcp(443),
                ServicePort::tcp(443),
                ServicePort::tcp(443),
                ServicePort::tcp(80),
                ServicePort::ping(),
            ]),
            (false, _) => self.random.pick(&INTERNET_SERVICES),
        };
        let (protocol, client_port) = match (protocol, v6) {
            (ICMP, false) => (ICMP, 0),
            (ICMP, true) => (ICMP6, 0),
            _ => (protocol, exchange::ephemeral(&mut self.random)),
        };
        let (own_port, other_port) = if is_server {
            (port, client_port)
        } else {
            (client_port, port)
        };
        let own = End::new(interface.address(v6), own_port);
        let other = End {
            address: remote.address(v6),
            port: other_port,
            service: remote.service,
        };
        let path = match remote.service {
            Some("S3" | "DYNAMODB") => GATEWAY_ENDPOINT,
            _ if interface.is_public() || v6 => INTERNET_GATEWAY,
            // To the sender, the NAT gateway is in the same VPC.
            _ => SAME_VPC,
        };
        if is_server {
            let exchange = Exchange::usual(other, own, protocol, &mut self.random);
            flows.extend([exchange.request(None), exchange.reply(Some(path))]);
        } else {
            let exchange = Exchange::usual(own, other, protocol, &mut self.random);
            flows.extend([exchange.request(Some(path)), exchange.reply(None)]);
        }
    }

    /// An interface in a private subnet, or any interface if a few draws find none.
    fn private(&mut self) -> &'w Interface {
        let mut inside = &self.world.interfaces[0];
        for _ in 0..4 {
            inside = &self.world.interfaces[self.random.index(self.world.interfaces.len())];
            if !inside.is_public() {
                break;
            }
        }
        inside
    }

    /// A conversation through a NAT gateway, which records four flows: request in, request out, reply in, reply out.
    fn add_translated(&mut self, gateway: &Interface, flows: &mut Vec<Flow>) {
        let inside = self.private();
        let remote = self.world.remote(&mut self.random);
        let ServicePort { protocol, port } = self.random.pick(&INTERNET_SERVICES);
        let inner = End::new(inside.address(false), exchange::ephemeral(&mut self.random));
        let own = End::new(
            gateway.address(false),
            exchange::ephemeral(&mut self.random),
        );
        let outer = End {
            address: remote.address(false),
            port,
            service: remote.service,
        };
        let outside = Exchange::usual(own, outer, protocol, &mut self.random);
        // The gateway's interface sees its own address as the destination; `pkt-dstaddr` has the real one.
        let within = Exchange {
            client: inner,
            server: End {
                address: own.address,
                ..outer
            },
            ..outside
        };
        flows.extend([
            Flow {
                packet_destination: outer.address,
                ..within.request(None)
            },
            outside.request(Some(INTERNET_GATEWAY)),
            outside.reply(None),
            Flow {
                packet_source: outer.address,
                ..within.reply(Some(SAME_VPC))
            },
        ]);
    }

    /// A rejected ingress flow: a scanner's probe, or a late packet of a closed connection.
    fn rejected(&mut self, interface: &Interface) -> Flow {
        let own = interface.address(false);
        if self.random.chance(1, 8) {
            let remote = self.world.remote(&mut self.random);
            let late = Load::new(1, 40).with_flags(self.random.pick(&[0, 1, 4]));
            let from = End {
                address: remote.address(false),
                port: 443,
                service: remote.service,
            };
            let to = End::new(own, exchange::ephemeral(&mut self.random));
            return exchange::rejected(from, to, TCP, late);
        }
        let scanner = Address::V4(self.world.scanner(&mut self.random));
        let ServicePort { protocol, port } = self.random.pick(&SCANNED_PORTS);
        let packets = self.random.pick(&[1, 1, 1, 2, 3]);
        let (from_port, size, flags) = match protocol {
            TCP => (
                exchange::ephemeral(&mut self.random),
                self.random.pick(&[40, 44, 52, 60]),
                2,
            ),
            UDP => (
                exchange::ephemeral(&mut self.random),
                self.random.between(48, 440),
                0,
            ),
            _ => (0, 84, 0),
        };
        let load = Load::new(packets, packets * size).with_flags(flags);
        exchange::rejected(
            End::new(scanner, from_port),
            End::new(own, port),
            protocol,
            load,
        )
    }
}
