//! The records of one file: everyday traffic, window after window, with what was planted among it.

use super::exchange::{self, End, Exchange, Load};
use super::exchange::{GATEWAY_ENDPOINT, ICMP, ICMP6, INTERNET_GATEWAY, SAME_VPC, TCP, UDP};
use super::flow::Flow;
use super::random::{Random, scramble};
use super::record::{Record, Status};
use super::world::{Interface, Role, World};
use crate::schema::Address;

/// One draw in ten is a lone refused record and the others are two records or four, so about 4 % of the records
/// are refused.
const REFUSED: (u64, u64) = (1, 10);

/// Services on the internet that interfaces of the VPC ask, by how often.
const ASKED: [(u8, u16); 20] = [
    (TCP, 443),
    (TCP, 443),
    (TCP, 443),
    (TCP, 443),
    (TCP, 443),
    (TCP, 443),
    (TCP, 443),
    (TCP, 443),
    (TCP, 443),
    (TCP, 443),
    (TCP, 80),
    (TCP, 80),
    (TCP, 80),
    (UDP, 53),
    (UDP, 53),
    (UDP, 123),
    (UDP, 123),
    (TCP, 22),
    (TCP, 587),
    (TCP, 5222),
];

/// The doors that scanners try, by how often.
const TRIED: [(u8, u16); 24] = [
    (TCP, 23),
    (TCP, 23),
    (TCP, 23),
    (TCP, 22),
    (TCP, 22),
    (TCP, 22),
    (TCP, 445),
    (TCP, 445),
    (TCP, 3389),
    (TCP, 3389),
    (TCP, 80),
    (TCP, 443),
    (TCP, 8080),
    (TCP, 8443),
    (TCP, 1433),
    (TCP, 3306),
    (TCP, 5432),
    (TCP, 6379),
    (TCP, 2375),
    (TCP, 5900),
    (UDP, 5060),
    (UDP, 161),
    (UDP, 1900),
    (ICMP, 0),
];

/// The most records of one interface that follow each other in a file.
const LONGEST_RUN: usize = 12;

/// The records of one file, in the order in which they are written.
#[derive(Debug)]
pub struct Records<'w> {
    world: &'w World,
    file: usize,
    random: Random,
    /// The interfaces in the order in which a minute visits them.
    order: Vec<usize>,
    /// The slot that comes next: an interface of a minute.
    slot: usize,
    slots: usize,
    /// How many background records the file has, how many of them are made, and how many of these wait.
    quota: u64,
    made: u64,
    /// The weight of the slots so far, and of all.
    weight: u64,
    weights: u64,
    /// The other ends of conversations within the VPC, until their interface's turn in the same minute.
    waiting: Vec<Vec<Flow>>,
    skipped_slot: Option<usize>,
    no_data: (u64, u64),
    ready: Vec<Record<'w>>,
}

impl World {
    /// The records of `file`.
    ///
    /// # Panics
    ///
    /// When `file` is not below [`World::files`].
    pub fn records(&self, file: usize) -> Records<'_> {
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
        // At most one record in fifty says that there was nothing, and an idle interface says it three
        // minutes in four.
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
            weights: 0,
            waiting: vec![Vec::new(); interfaces],
            skipped_slot: (file.is_multiple_of(3) && quota >= 20)
                .then(|| random.index(slots.max(2) - 1)),
            no_data: (no_data, idle_slots.max(1)),
            ready: Vec::new(),
            order,
            random,
        };
        records.weights = (0..slots).map(|slot| records.slot_weight(slot)).sum();
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
    /// Every minute is a little different at every interface.
    fn slot_weight(&self, slot: usize) -> u64 {
        let interface = self.order[slot % self.order.len()];
        let mixed = scramble((self.file * self.slots + slot) as u64 ^ self.world.plan().seed);
        self.world.interfaces[interface].weight * (12 + mixed % 9)
    }

    fn left(&self) -> u64 {
        self.quota - self.made
    }

    /// Makes the records of the next minute. Interfaces deliver in bursts that mingle: runs of a few records
    /// of one interface follow each other in no order.
    fn fill_minute(&mut self) {
        let (mut batch, mut runs) = (Vec::new(), Vec::new());
        for _ in 0..self.order.len() {
            let mut from = batch.len();
            self.fill_slot(&mut batch);
            while from < batch.len() {
                let until = batch.len().min(from + 1 + self.random.index(LONGEST_RUN));
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

    /// Makes the records of the next slot.
    fn fill_slot(&mut self, batch: &mut Vec<Record<'w>>) {
        let (slot, place) = (self.slot, self.slot % self.order.len());
        let number = self.order[place];
        let minute = (slot / self.order.len()) as u64;
        self.slot += 1;
        let last = self.slot == self.slots;
        self.weight += self.slot_weight(slot);
        let share = u128::from(self.quota) * u128::from(self.weight) / u128::from(self.weights);
        let target = u64::try_from(share).expect("a share of a u64");

        let interface = &self.world.interfaces[number];
        let window = self.world.window(self.file, minute, number);
        let mut flows = std::mem::take(&mut self.waiting[number]);
        let mut rows = Vec::new();
        if !last && self.skipped_slot == Some(slot) && self.left() > 0 {
            rows.push(Status::SkipData);
        }
        let (share, of) = self.no_data;
        let idle = interface.role == Role::Idle && !last && self.left() > 0;
        if idle && rows.is_empty() && self.random.chance(share, of) {
            rows.push(Status::NoData);
        }
        self.made += rows.len() as u64;
        if !rows.contains(&Status::NoData) {
            while self.made < target {
                self.converse(place, &mut flows);
            }
        }
        let planted = self.world.planted_in(self.file, minute, number);
        flows.extend(planted.iter().map(|planted| planted.flow));
        self.random.shuffle(&mut flows);

        let record = |status| Record::new(self.world, interface, window, status);
        batch.extend(rows.into_iter().map(record));
        batch.extend(flows.into_iter().map(|flow| Record {
            flow: Some(flow),
            ..record(Status::Ok)
        }));
    }

    /// Makes one conversation at the interface that stands at `place`: one record, two or four.
    fn converse(&mut self, place: usize, flows: &mut Vec<Flow>) {
        let interface = &self.world.interfaces[self.order[place]];
        let before = flows.len();
        if self.left() < 2 || self.random.chance(REFUSED.0, REFUSED.1) {
            flows.push(self.refuse(interface));
        } else if self.left() >= 4 && interface.role == Role::Gateway {
            self.translate(interface, flows);
        } else if self.left() >= 4 && self.random.chance(2, 5) {
            match self.peer(place) {
                Some(peer) => self.talk_within(interface, peer, flows),
                None => self.talk_outside(interface, flows),
            }
        } else {
            self.talk_outside(interface, flows);
        }
        self.made += (flows.len() - before) as u64;
    }

    /// An interface whose turn in this minute is still to come.
    fn peer(&mut self, place: usize) -> Option<usize> {
        let later = &self.order[place + 1..];
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

    /// A conversation between two interfaces, which both record it.
    fn talk_within(&mut self, here: &Interface, peer: usize, flows: &mut Vec<Flow>) {
        let there = &self.world.interfaces[peer];
        let v6 = self.is_v6();
        let here_serves = there.role == Role::Worker && here.role != Role::Worker;
        let (client, server) = if here_serves {
            (there, here)
        } else {
            (here, there)
        };
        let (protocol, port) = self.served_within(server.role);
        let exchange = Exchange::usual(
            End::new(client.address(v6), exchange::ephemeral(&mut self.random)),
            End::new(server.address(v6), port),
            protocol,
            &mut self.random,
        );
        let at_client = [exchange.request(Some(SAME_VPC)), exchange.reply(None)];
        let at_server = [exchange.request(None), exchange.reply(Some(SAME_VPC))];
        let (ours, theirs) = if here_serves {
            (at_server, at_client)
        } else {
            (at_client, at_server)
        };
        flows.extend(ours);
        self.waiting[peer].extend(theirs);
        self.made += theirs.len() as u64;
    }

    fn served_within(&mut self, role: Role) -> (u8, u16) {
        match role {
            Role::Web => self.random.pick(&[(TCP, 443), (TCP, 443), (TCP, 80)]),
            Role::App | Role::Idle | Role::Gateway => {
                self.random.pick(&[(TCP, 8080), (TCP, 8080), (TCP, 8443)])
            }
            Role::Database => self.random.pick(&[(TCP, 5432), (TCP, 3306)]),
            Role::Cache => (TCP, 6379),
            Role::Names => self.random.pick(&[(UDP, 53), (UDP, 53), (UDP, 123)]),
            Role::Bastion | Role::Worker => (TCP, 22),
        }
    }

    /// A conversation with somebody outside.
    fn talk_outside(&mut self, interface: &Interface, flows: &mut Vec<Flow>) {
        let v6 = self.is_v6();
        let remote = self.world.remote(&mut self.random);
        let asks_us = match interface.role {
            Role::Web => self.random.chance(5, 6),
            Role::Bastion => self.random.chance(2, 3),
            _ => false,
        };
        let (protocol, port) = match (asks_us, interface.role) {
            (true, Role::Bastion) => (TCP, 22),
            (true, _) => {
                self.random
                    .pick(&[(TCP, 443), (TCP, 443), (TCP, 443), (TCP, 80), (ICMP, 0)])
            }
            (false, _) => self.random.pick(&ASKED),
        };
        let (protocol, client_port) = match (protocol, v6) {
            (ICMP, false) => (ICMP, 0),
            (ICMP, true) => (ICMP6, 0),
            _ => (protocol, exchange::ephemeral(&mut self.random)),
        };
        let (own_port, other_port) = if asks_us {
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
            // A NAT gateway is a neighbour to the one who sends.
            _ => SAME_VPC,
        };
        if asks_us {
            let exchange = Exchange::usual(other, own, protocol, &mut self.random);
            flows.extend([exchange.request(None), exchange.reply(Some(path))]);
        } else {
            let exchange = Exchange::usual(own, other, protocol, &mut self.random);
            flows.extend([exchange.request(Some(path)), exchange.reply(None)]);
        }
    }

    /// An interface without a way of its own to the internet, or any other after a few tries.
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

    /// A conversation through a NAT gateway: in from the client, out to the server, and back.
    fn translate(&mut self, gateway: &Interface, flows: &mut Vec<Flow>) {
        let inside = self.private();
        let remote = self.world.remote(&mut self.random);
        let (protocol, port) = self.random.pick(&ASKED);
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
        // What comes in is addressed to the gateway as its interface sees it; the packet knows better.
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

    /// A record of something that was not let in: a scanner at the door, or a late packet.
    fn refuse(&mut self, interface: &Interface) -> Flow {
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
            return exchange::refused(from, to, TCP, late);
        }
        let scanner = Address::V4(self.world.scanner(&mut self.random));
        let (protocol, port) = self.random.pick(&TRIED);
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
        exchange::refused(
            End::new(scanner, from_port),
            End::new(own, port),
            protocol,
            load,
        )
    }
}
