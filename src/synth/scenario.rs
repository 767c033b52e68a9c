//! Incidents to plant among everyday traffic, and the answer key that says where they are.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::Serialize;

use super::exchange::{
    self, BEGUN, ENDED, End, Exchange, Load, MIDDLE, RESET, SAME_VPC, TCP, WHOLE,
};
use super::flow::Flow;
use super::random::Random;
use super::world::{Role, World};
use crate::schema::Address;
use crate::schema::id;

/// How many scenarios a plan may have: each has an address of its own in a range of 256.
pub(super) const MAX_SCENARIOS: usize = 200;

/// An incident that a search should find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// One outsider tries a thousand ports of one interface within a window.
    PortScan,
    /// One outsider tries to log in at port 22 for twenty minutes, and succeeds in the end.
    BruteForce,
    /// One interface sends gigabytes to one outsider for an hour.
    Exfiltration,
}

/// A planted scenario, as the answer key has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub(crate) scenario: &'static str,
    /// What happened, in a sentence.
    pub(crate) what: String,
    pub(crate) outsider: Ipv4Addr,
    pub(crate) insider: Ipv4Addr,
    pub(crate) interface: String,
    /// A filter that selects exactly the planted records.
    pub(crate) filter: String,
    pub(crate) records: u64,
    pub(crate) accept: u64,
    pub(crate) reject: u64,
    pub(crate) packets: u64,
    pub(crate) bytes: u64,
    /// The earliest begin of a window, in seconds since the Unix epoch.
    pub(crate) first: u64,
    /// The latest end of a window, in seconds since the Unix epoch.
    pub(crate) last: u64,
}

/// A planted record, and the window that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planted {
    file: usize,
    minute: u64,
    interface: usize,
    pub(super) flow: Flow,
}

/// The name is not one of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScenario(String);

impl Scenario {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PortScan, Self::BruteForce, Self::Exfiltration];

    /// Its name on the command line and in the answer key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PortScan => "port-scan",
            Self::BruteForce => "brute-force",
            Self::Exfiltration => "exfiltration",
        }
    }

    /// The role of the interface that it happens to.
    const fn victim(self) -> Role {
        match self {
            Self::PortScan => Role::Web,
            Self::BruteForce => Role::Bastion,
            Self::Exfiltration => Role::Database,
        }
    }

    /// How many minutes it takes.
    const fn minutes(self) -> u64 {
        match self {
            Self::PortScan => 1,
            Self::BruteForce => 20,
            Self::Exfiltration => 60,
        }
    }
}

impl FromStr for Scenario {
    type Err = UnknownScenario;

    fn from_str(name: &str) -> Result<Self, UnknownScenario> {
        let found = Self::ALL.into_iter().find(|one| one.name() == name);
        found.ok_or_else(|| UnknownScenario(name.to_owned()))
    }
}

impl fmt::Display for UnknownScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Scenario::ALL.into_iter().map(Scenario::name).collect();
        let name = crate::format::visible(&self.0);
        write!(
            f,
            "there is no scenario {name}; choose one of {}",
            names.join(", ")
        )
    }
}

impl std::error::Error for UnknownScenario {}

/// Makes the records of every scenario of the plan, in the order of their windows, and the answers.
///
/// The scenarios begin at equal distances over the whole time. Those that last longer than what is left of it
/// are cut short.
pub(super) fn plant(world: &World, random: &mut Random) -> (Vec<Planted>, Vec<Answer>) {
    let scenarios = &world.plan().scenarios;
    let total = world.files() as u64 * world.minutes();
    let (mut planted, mut answers) = (Vec::new(), Vec::new());
    for (number, scenario) in scenarios.iter().enumerate() {
        let begin = total * (number as u64 + 1) / (scenarios.len() as u64 + 1);
        let victim = world.first(scenario.victim());
        let inside = world.interfaces[victim].v4;
        let last_octet = u8::try_from(10 + number).expect("a plan has few scenarios");
        let outside = match scenario {
            Scenario::PortScan | Scenario::BruteForce => Ipv4Addr::new(198, 51, 100, last_octet),
            Scenario::Exfiltration => Ipv4Addr::new(203, 0, 113, last_octet),
        };
        let minutes = scenario.minutes().min(total - begin);
        let flows = match scenario {
            Scenario::PortScan => port_scan(outside, inside, random),
            Scenario::BruteForce => brute_force(outside, inside, minutes, random),
            Scenario::Exfiltration => exfiltration(outside, inside, minutes, random),
        };
        let placed: Vec<Planted> = flows
            .into_iter()
            .map(|(minute, flow)| world.place(begin + minute, victim, flow))
            .collect();
        answers.push(world.answer(*scenario, outside, victim, &placed));
        planted.extend(placed);
    }
    planted.sort_by_key(Planted::slot);
    (planted, answers)
}

impl Planted {
    fn slot(&self) -> (usize, u64, usize) {
        (self.file, self.minute, self.interface)
    }
}

impl World {
    /// What was planted in a window.
    pub(super) fn planted_in(&self, file: usize, minute: u64, interface: usize) -> &[Planted] {
        let slot = (file, minute, interface);
        let from = self.planted.partition_point(|one| one.slot() < slot);
        let rest = &self.planted[from..];
        &rest[..rest.partition_point(|one| one.slot() == slot)]
    }

    fn place(&self, minute: u64, interface: usize, flow: Flow) -> Planted {
        let file = minute / self.minutes();
        Planted {
            file: usize::try_from(file).expect("there are that many files"),
            minute: minute % self.minutes(),
            interface,
            flow,
        }
    }

    fn answer(
        &self,
        scenario: Scenario,
        outsider: Ipv4Addr,
        victim: usize,
        planted: &[Planted],
    ) -> Answer {
        let interface = &self.interfaces[victim];
        let insider = interface.v4;
        let accept = planted.iter().filter(|one| one.flow.accepted).count() as u64;
        let records = planted.len() as u64;
        let windows = planted
            .iter()
            .map(|one| self.window(one.file, one.minute, one.interface));
        let what = match scenario {
            Scenario::PortScan => format!("{outsider} tried ports 1 to 1000 of {insider}"),
            Scenario::BruteForce => format!(
                "{outsider} opened {} connections to port 22 of {insider}, the last of which became a session",
                records / 2
            ),
            Scenario::Exfiltration => {
                format!("{insider} sent to port 443 of {outsider} in one long connection")
            }
        };
        let field = id::ADDR.def().expect("the table has it").name;
        Answer {
            scenario: scenario.name(),
            what,
            outsider,
            insider,
            interface: interface.id.clone(),
            filter: format!("{field} == {outsider}"),
            records,
            accept,
            reject: records - accept,
            packets: planted.iter().map(|one| one.flow.packets).sum(),
            bytes: planted.iter().map(|one| one.flow.bytes).sum(),
            first: windows.clone().map(|window| window.0).min().unwrap_or(0),
            last: windows.map(|window| window.1).max().unwrap_or(0),
        }
    }
}

/// A SYN to each port. Two are open: they answer, and the scanner resets.
fn port_scan(outside: Ipv4Addr, inside: Ipv4Addr, random: &mut Random) -> Vec<(u64, Flow)> {
    let from = End::new(Address::V4(outside), exchange::ephemeral(random));
    let mut flows = Vec::new();
    for port in 1..=1000 {
        let to = End::new(Address::V4(inside), port);
        if !matches!(port, 80 | 443) {
            let syn = Load::new(1, 44).with_flags(BEGUN.0);
            flows.push((0, exchange::refused(from, to, TCP, syn)));
            continue;
        }
        let opened = Exchange {
            client: from,
            server: to,
            protocol: TCP,
            asked: Load::new(2, 84).with_flags(RESET.0),
            answered: Load::new(1, 44).with_flags(RESET.1),
        };
        flows.extend(both(0, &opened, exchange::INTERNET_GATEWAY));
    }
    flows
}

/// Twelve short connections a minute, then one that stays.
fn brute_force(
    outside: Ipv4Addr,
    inside: Ipv4Addr,
    minutes: u64,
    random: &mut Random,
) -> Vec<(u64, Flow)> {
    let mut flows = Vec::new();
    for attempt in 0..=12 * minutes {
        let success = attempt == 12 * minutes;
        let (packets, sizes, flags) = if success {
            (random.between(700, 900), (70, 260), BEGUN)
        } else {
            (random.between(14, 22), (120, 150), WHOLE)
        };
        let login = Exchange {
            client: End::new(Address::V4(outside), exchange::ephemeral(random)),
            server: End::new(Address::V4(inside), 22),
            protocol: TCP,
            asked: Load::new(packets, packets * sizes.0).with_flags(flags.0),
            answered: Load::new(packets, packets * sizes.1).with_flags(flags.1),
        };
        let minute = (attempt / 12).min(minutes - 1);
        flows.extend(both(minute, &login, exchange::INTERNET_GATEWAY));
    }
    flows
}

/// One connection over all minutes: about 200 MB out in each, and little but acknowledgements in.
fn exfiltration(
    outside: Ipv4Addr,
    inside: Ipv4Addr,
    minutes: u64,
    random: &mut Random,
) -> Vec<(u64, Flow)> {
    let client = End::new(Address::V4(inside), exchange::ephemeral(random));
    let server = End::new(Address::V4(outside), 443);
    let mut flows = Vec::new();
    for minute in 0..minutes {
        let flags = match minute {
            0 => BEGUN,
            last if last + 1 == minutes => ENDED,
            _ => MIDDLE,
        };
        let packets = random.between(110_000, 170_000);
        let sent = Exchange {
            client,
            server,
            protocol: TCP,
            asked: Load::new(packets, packets * 1460).with_flags(flags.0),
            answered: Load::new(packets / 2, packets / 2 * 52).with_flags(flags.1),
        };
        flows.push((minute, sent.request(Some(SAME_VPC))));
        flows.push((minute, sent.reply(None)));
    }
    flows
}

/// Both records of the server's interface.
fn both(minute: u64, exchange: &Exchange, path: u8) -> [(u64, Flow); 2] {
    [
        (minute, exchange.request(None)),
        (minute, exchange.reply(Some(path))),
    ]
}
