//! The simulated VPC: its interfaces, the external hosts, and the capture window of each record.

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;

use chrono::DateTime;

use super::Plan;
use super::PlanError;
use super::random::{Random, scramble};
use super::scenario::{self, Answer, Planted};
use crate::schema::Address;

/// The account id of AWS's documentation.
pub(super) const ACCOUNT: &str = "123456789012";
pub(super) const REGION: &str = "us-east-1";
/// How many external hosts there are.
const PUBLIC_ADDRESSES: usize = 60_000;
/// How many of them are scanners.
const SCANNERS: usize = 400;
/// The longest aggregation interval, in seconds.
pub(super) const MAX_WINDOW_SECONDS: u64 = 60;
/// Availability zones, by id.
const ZONES: [&str; 3] = ["use1-az1", "use1-az2", "use1-az4"];
/// A /20 has 4,096 addresses; AWS reserves the first four and the last.
const HOSTS: u64 = 4091;

/// The purpose of an interface, which decides the services it offers and its traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Web,
    App,
    Database,
    Cache,
    Dns,
    Bastion,
    Worker,
    Gateway,
    Idle,
}

/// The roles of twenty interfaces; the pattern repeats.
const ROLES: [Role; 20] = [
    Role::Web,
    Role::Bastion,
    Role::App,
    Role::Worker,
    Role::Database,
    Role::Web,
    Role::Cache,
    Role::App,
    Role::Idle,
    Role::Web,
    Role::Dns,
    Role::App,
    Role::Worker,
    Role::Database,
    Role::Worker,
    Role::Web,
    Role::Cache,
    Role::App,
    Role::Idle,
    Role::Worker,
];

/// An elastic network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interface {
    /// `eni-` and 17 hexadecimal digits.
    pub(crate) id: String,
    /// `i-` and 17 hexadecimal digits; none for a NAT gateway.
    pub(crate) instance: Option<String>,
    pub(crate) subnet: String,
    /// The id of the availability zone.
    pub(crate) zone: &'static str,
    /// The primary private address.
    pub(crate) v4: Ipv4Addr,
    /// In the IPv6 documentation range.
    pub(crate) v6: Ipv6Addr,
    pub(super) role: Role,
    pub(super) weight: u64,
}

/// A simulated VPC and the external hosts, derived from a plan. It generates the records of every file.
#[derive(Clone, Debug)]
pub struct World {
    plan: Plan,
    pub(super) vpc: String,
    pub(super) interfaces: Vec<Interface>,
    public_addresses: Vec<Ipv4Addr>,
    flow_log: String,
    pub(super) planted: Vec<Planted>,
    answers: Vec<Answer>,
}

/// A minute of an interface in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    pub(super) file: usize,
    /// Counted from the start of the file's period.
    pub(super) minute: u64,
    /// Index in [`World::interfaces`].
    pub(super) interface: usize,
}

/// The capture window of a record, in seconds since the Unix epoch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) start: u64,
    pub(super) end: u64,
}

/// An external host, and the AWS service that owns its address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remote {
    pub(super) v4: Ipv4Addr,
    pub(super) service: Option<&'static str>,
}

impl World {
    /// Derives the VPC from `plan`, scenarios included.
    pub fn new(plan: &Plan) -> Result<Self, PlanError> {
        plan.check()?;
        let mut random = Random::new(plan.seed, u64::MAX);
        let mut world = Self {
            plan: plan.clone(),
            vpc: format!("vpc-{}", hex17(&mut random)),
            interfaces: interfaces(plan.interfaces, &mut random),
            public_addresses: public_addresses(&mut random),
            flow_log: format!("fl-{}", hex17(&mut random)),
            planted: Vec::new(),
            answers: Vec::new(),
        };
        let (planted, answers) = scenario::plant(&world, &mut random);
        let needed = planted.len() as u64;
        if needed > plan.records {
            return Err(PlanError::TooFewRecords {
                needed,
                given: plan.records,
            });
        }
        (world.planted, world.answers) = (planted, answers);
        Ok(world)
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How many files the plan has.
    pub fn files(&self) -> usize {
        self.plan.files
    }

    #[cfg(test)]
    pub(super) fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    pub(crate) fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// The path of `file` relative to the root of the bucket, named like an S3 delivery:
    /// `AWSLogs/<account>/vpcflowlogs/<region>/<yyyy>/<mm>/<dd>/<account>_vpcflowlogs_…`.
    pub fn path(&self, file: usize) -> PathBuf {
        // A checked plan ends before 2100, so neither step can fail.
        let begin = self.begin(file).cast_signed();
        let time = DateTime::from_timestamp(begin, 0).unwrap_or_default();
        let hash = scramble(self.plan.seed ^ scramble(file as u64)) >> 32;
        let suffix = if self.plan.gzip { ".gz" } else { "" };
        PathBuf::from(format!(
            "AWSLogs/{ACCOUNT}/vpcflowlogs/{REGION}/{}/{ACCOUNT}_vpcflowlogs_{REGION}_{}_{}_{hash:08x}.log{suffix}",
            time.format("%Y/%m/%d"),
            self.flow_log,
            time.format("%Y%m%dT%H%MZ"),
        ))
    }

    /// How many background records `file` has: the same in every file, give or take one.
    pub(super) fn background(&self, file: usize) -> u64 {
        let total = self.plan.records - self.planted.len() as u64;
        let until = |file: usize| {
            let share = u128::from(total) * file as u128 / self.plan.files as u128;
            u64::try_from(share).expect("a share of a u64")
        };
        until(file + 1) - until(file)
    }

    /// The start of the period of `file`, which holds the records whose windows end in it.
    pub(super) fn begin(&self, file: usize) -> u64 {
        self.plan.start + file as u64 * self.plan.period
    }

    /// How many windows of an interface end in a file.
    pub(super) fn minutes(&self) -> u64 {
        self.plan.period / MAX_WINDOW_SECONDS
    }

    /// The window of an interface that ends in the given minute of a file.
    ///
    /// As in real captures, all flows of an interface share a window, there are gaps between its windows, and every
    /// interface has its own phase.
    pub(super) fn window(&self, slot: Slot) -> Window {
        let Slot {
            file,
            minute,
            interface,
        } = slot;
        let phase = scramble(self.plan.seed ^ interface as u64) % (MAX_WINDOW_SECONDS - 2);
        let minutes = file as u64 * self.minutes() + minute;
        let jitter = scramble(scramble(minutes) ^ interface as u64 ^ self.plan.seed);
        let end = self.begin(file) + minute * MAX_WINDOW_SECONDS + phase + jitter % 2;
        Window {
            start: end - 58 + (jitter >> 32) % 3,
            end,
        }
    }

    /// The index of the first interface with `role`, or 0 if there is none.
    pub(super) fn first_with_role(&self, role: Role) -> usize {
        let found = self.interfaces.iter().position(|one| one.role == role);
        found.unwrap_or(0)
    }

    /// A random external host; a few hosts are drawn very often.
    pub(super) fn remote(&self, random: &mut Random) -> Remote {
        let rank = random.rank(PUBLIC_ADDRESSES - SCANNERS);
        let service = match rank % 10 {
            1 => Some("S3"),
            2 => Some("EC2"),
            4 => Some("AMAZON"),
            5 => Some("CLOUDFRONT"),
            7 => Some("DYNAMODB"),
            _ => None,
        };
        Remote {
            v4: self.public_addresses[rank],
            service,
        }
    }

    /// A random external host that scans ports.
    pub(super) fn scanner(&self, random: &mut Random) -> Ipv4Addr {
        self.public_addresses[PUBLIC_ADDRESSES - 1 - random.rank(SCANNERS)]
    }
}

impl Interface {
    /// Whether its subnet has a route to an internet gateway.
    pub(super) fn is_public(&self) -> bool {
        self.role.subnets().contains(&0)
    }

    pub(super) fn address(&self, v6: bool) -> Address {
        if v6 {
            Address::V6(self.v6)
        } else {
            Address::V4(self.v4)
        }
    }
}

impl Remote {
    /// The IPv6 address embeds the IPv4 address in the documentation range.
    pub(super) fn address(self, v6: bool) -> Address {
        if !v6 {
            return Address::V4(self.v4);
        }
        let [a, b, c, d] = self.v4.octets();
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        Address::V6(Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, high, low))
    }
}

impl Role {
    /// Indices of the subnets of this role: 0 to 2 are public, 3 to 5 for applications, 6 and 7 for databases.
    const fn subnets(self) -> &'static [usize] {
        match self {
            Self::Web | Self::Bastion | Self::Gateway => &[0, 1, 2],
            Self::App | Self::Worker | Self::Dns | Self::Idle => &[3, 4, 5],
            Self::Database | Self::Cache => &[6, 7],
        }
    }
}

fn interfaces(count: usize, random: &mut Random) -> Vec<Interface> {
    let subnets: Vec<String> = (0..8)
        .map(|_| format!("subnet-{}", hex17(random)))
        .collect();
    let mut taken = [0_u64; 8];
    (0..count)
        .map(|index| {
            let role = match index % 100 {
                44 => Role::Gateway,
                other => ROLES[other % ROLES.len()],
            };
            let subnet = role.subnets()[index % role.subnets().len()];
            let number = taken[subnet];
            taken[subnet] += 1;
            // 1237 and 4091 are prime, so no address is given twice.
            let host = 4 + (number * 1237 + 611) % HOSTS;
            let [high, low] = u16::try_from(host).expect("below 4,096").to_be_bytes();
            let network = u8::try_from(subnet).expect("one of eight");
            Interface {
                id: format!("eni-{}", hex17(random)),
                instance: (role != Role::Gateway).then(|| format!("i-{}", hex17(random))),
                subnet: subnets[subnet].clone(),
                zone: ZONES[subnet % ZONES.len()],
                v4: Ipv4Addr::new(10, 16, network * 16 + high, low),
                v6: Ipv6Addr::new(
                    0x2001,
                    0xdb8,
                    0x1600,
                    network.into(),
                    0,
                    0,
                    0,
                    u16::from_be_bytes([high, low]),
                ),
                role,
                weight: match role {
                    Role::Idle => 4,
                    Role::Gateway => random.around(8000, 1),
                    _ => random.around(1000, 3),
                },
            }
        })
        .collect()
}

fn public_addresses(random: &mut Random) -> Vec<Ipv4Addr> {
    let mut seen = HashSet::with_capacity(PUBLIC_ADDRESSES);
    let mut addresses = Vec::with_capacity(PUBLIC_ADDRESSES);
    while addresses.len() < PUBLIC_ADDRESSES {
        let [a, b, c, d, ..] = random.next().to_be_bytes();
        let address = Ipv4Addr::new(a, b, c, d);
        if is_ordinary(address) && seen.insert(address) {
            addresses.push(address);
        }
    }
    addresses
}

/// Whether an address is public and in none of the special ranges of RFC 6890, which keeps the documentation ranges
/// free for scenarios.
fn is_ordinary(address: Ipv4Addr) -> bool {
    let is_special = matches!(
        address.octets(),
        [0 | 240.., ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    );
    Address::V4(address).is_public() && !is_special
}

/// Seventeen hexadecimal digits beginning with 0, like the ids of AWS resources.
fn hex17(random: &mut Random) -> String {
    format!("0{:016x}", random.next())
}
