//! Incidents planted in the background traffic, and the answer key that says where they are.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::Serialize;

use super::exchange::{self, End, Exchange, FlagPair, Load, SAME_VPC, TCP};
use super::flow::Flow;
use super::random::Random;
use super::world::{Role, Slot, World};
use crate::schema::Address;
use crate::schema::id;

/// The most scenarios of a plan: each has its own address, and all share one /24 range.
pub(super) const MAX_SCENARIOS: usize = 200;

/// An incident to plant, for exercises in finding it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// One external host probes a thousand ports of one interface within a window.
    PortScan,
    /// One external host tries to log in on port 22 for twenty minutes, and finally succeeds.
    BruteForce,
    /// One interface sends gigabytes to one external host for an hour.
    Exfiltration,
}

/// A planted scenario, as written to the answer key.
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
    /// The earliest start of a window, in seconds since the Unix epoch.
    pub(crate) first: u64,
    /// The latest end of a window, in seconds since the Unix epoch.
    pub(crate) last: u64,
}

/// A planted flow and its slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planted {
    slot: Slot,
    pub(super) flow: Flow,
}

/// A flow of a scenario.
struct ScenarioFlow {
    /// Minutes since the scenario began.
    minute: u64,
    flow: Flow,
}

/// The addresses of a scenario.
#[derive(Clone, Copy)]
struct Hosts {
    outside: Ipv4Addr,
    inside: Ipv4Addr,
}

/// A name that no scenario has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScenario(String);

impl Scenario {
    pub(crate) const ALL: [Self; 3] = [Self::PortScan, Self::BruteForce, Self::Exfiltration];

    /// As on the command line and in the answer key.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::PortScan => "port-scan",
            Self::BruteForce => "brute-force",
            Self::Exfiltration => "exfiltration",
        }
    }

    /// The role of the interface that is attacked.
    const fn victim(self) -> Role {
        match self {
            Self::PortScan => Role::Web,
            Self::BruteForce => Role::Bastion,
            Self::Exfiltration => Role::Database,
        }
    }

    /// Duration in minutes.
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

/// Generates the flows of every scenario of the plan, sorted by slot, and the answer key.
///
/// The scenarios start at equal intervals over the time of the plan and are cut off at its end.
pub(super) fn plant(world: &World, random: &mut Random) -> (Vec<Planted>, Vec<Answer>) {
    let scenarios = &world.plan().scenarios;
    let total = world.files() as u64 * world.minutes();
    let (mut planted, mut answers) = (Vec::new(), Vec::new());
    for (number, scenario) in scenarios.iter().enumerate() {
        let begin = total * (number as u64 + 1) / (scenarios.len() as u64 + 1);
        let victim = world.first_with_role(scenario.victim());
        let inside = world.interfaces[victim].v4;
        let last_octet = u8::try_from(10 + number).expect("a plan has few scenarios");
        let outside = match scenario {
            Scenario::PortScan | Scenario::BruteForce => Ipv4Addr::new(198, 51, 100, last_octet),
            Scenario::Exfiltration => Ipv4Addr::new(203, 0, 113, last_octet),
        };
        let hosts = Hosts { outside, inside };
        let minutes = scenario.minutes().min(total - begin);
        let flows = match scenario {
            Scenario::PortScan => port_scan(hosts, random),
            Scenario::BruteForce => brute_force(hosts, minutes, random),
            Scenario::Exfiltration => exfiltration(hosts, minutes, random),
        };
        let placed: Vec<Planted> = flows
            .into_iter()
            .map(|planned| Planted {
                slot: world.slot(begin + planned.minute, victim),
                flow: planned.flow,
            })
            .collect();
        answers.push(world.answer(*scenario, outside, victim, &placed));
        planted.extend(placed);
    }
    planted.sort_by_key(|one| one.slot);
    (planted, answers)
}

impl World {
    pub(super) fn planted_in(&self, slot: Slot) -> &[Planted] {
        let from = self.planted.partition_point(|one| one.slot < slot);
        let rest = &self.planted[from..];
        &rest[..rest.partition_point(|one| one.slot == slot)]
    }

    /// The slot of `interface` in a minute counted from the start of the plan.
    fn slot(&self, minute: u64, interface: usize) -> Slot {
        let file = minute / self.minutes();
        Slot {
            file: usize::try_from(file).expect("the plan has that many files"),
            minute: minute % self.minutes(),
            interface,
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
        let windows = planted.iter().map(|one| self.window(one.slot));
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
            first: windows
                .clone()
                .map(|window| window.start)
                .min()
                .unwrap_or(0),
            last: windows.map(|window| window.end).max().unwrap_or(0),
        }
    }
}

/// A SYN to each port. Two ports are open: the server answers, and the scanner resets the connection.
fn port_scan(hosts: Hosts, random: &mut Random) -> Vec<ScenarioFlow> {
    let from = End::new(Address::V4(hosts.outside), exchange::ephemeral(random));
    let mut flows = Vec::new();
    for port in 1..=1000 {
        let to = End::new(Address::V4(hosts.inside), port);
        if !matches!(port, 80 | 443) {
            let syn = Load::new(1, 44).with_flags(FlagPair::OPENED.client);
            flows.push(ScenarioFlow {
                minute: 0,
                flow: exchange::rejected(from, to, TCP, syn),
            });
            continue;
        }
        let opened = Exchange {
            client: from,
            server: to,
            protocol: TCP,
            client_load: Load::new(2, 84).with_flags(FlagPair::RESET.client),
            server_load: Load::new(1, 44).with_flags(FlagPair::RESET.server),
        };
        flows.extend(at_server(0, &opened));
    }
    flows
}

/// Twelve short connections a minute, then one that stays open.
fn brute_force(hosts: Hosts, minutes: u64, random: &mut Random) -> Vec<ScenarioFlow> {
    let mut flows = Vec::new();
    for attempt in 0..=12 * minutes {
        let success = attempt == 12 * minutes;
        let (packets, request_bytes, reply_bytes, flags) = if success {
            (random.between(700, 900), 70, 260, FlagPair::OPENED)
        } else {
            (random.between(14, 22), 120, 150, FlagPair::COMPLETE)
        };
        let login = Exchange {
            client: End::new(Address::V4(hosts.outside), exchange::ephemeral(random)),
            server: End::new(Address::V4(hosts.inside), 22),
            protocol: TCP,
            client_load: Load::new(packets, packets * request_bytes).with_flags(flags.client),
            server_load: Load::new(packets, packets * reply_bytes).with_flags(flags.server),
        };
        let minute = (attempt / 12).min(minutes - 1);
        flows.extend(at_server(minute, &login));
    }
    flows
}

/// One connection over all minutes: about 200 MB out in each, and mostly acknowledgements in.
fn exfiltration(hosts: Hosts, minutes: u64, random: &mut Random) -> Vec<ScenarioFlow> {
    let client = End::new(Address::V4(hosts.inside), exchange::ephemeral(random));
    let server = End::new(Address::V4(hosts.outside), 443);
    let mut flows = Vec::new();
    for minute in 0..minutes {
        let flags = match minute {
            0 => FlagPair::OPENED,
            last if last + 1 == minutes => FlagPair::CLOSED,
            _ => FlagPair::ONGOING,
        };
        let packets = random.between(110_000, 170_000);
        let sent = Exchange {
            client,
            server,
            protocol: TCP,
            client_load: Load::new(packets, packets * 1460).with_flags(flags.client),
            server_load: Load::new(packets / 2, packets / 2 * 52).with_flags(flags.server),
        };
        let both = [sent.request(Some(SAME_VPC)), sent.reply(None)];
        flows.extend(both.map(|flow| ScenarioFlow { minute, flow }));
    }
    flows
}

/// Both flows of a connection from the internet, as the server's interface records them.
fn at_server(minute: u64, exchange: &Exchange) -> [ScenarioFlow; 2] {
    let reply = exchange.reply(Some(exchange::INTERNET_GATEWAY));
    [exchange.request(None), reply].map(|flow| ScenarioFlow { minute, flow })
}
