//! The VPC that the records are about: its interfaces, who talks to them, and when their windows end.

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;

use chrono::DateTime;

use super::Plan;
use super::PlanError;
use super::random::{Random, scramble};
use super::scenario::{self, Answer, Planted};
use crate::schema::Address;

/// The account of the example pages of AWS.
pub(super) const ACCOUNT: &str = "123456789012";
/// The region of everything.
pub(super) const REGION: &str = "us-east-1";
/// How many public addresses are met.
const PUBLIC_ADDRESSES: usize = 60_000;
/// How many of them scan.
const SCANNERS: usize = 400;
/// The longest that a window may last, in seconds.
pub(super) const WINDOW: u64 = 60;
/// Availability zones, by id.
const ZONES: [&str; 3] = ["use1-az1", "use1-az2", "use1-az4"];
/// A /20 has 4,096 addresses; AWS keeps the first four and the last.
const HOSTS: u64 = 4091;

/// What an interface is for. It decides what is served there, and who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Web,
    App,
    Database,
    Cache,
    Names,
    Bastion,
    Worker,
    Gateway,
    Idle,
}

/// The mix of roles: twenty interfaces, again and again.
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
    Role::Names,
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

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// `eni-` and 17 hexadecimal digits.
    pub id: String,
    /// `i-` and 17 hexadecimal digits; none for what AWS runs, a NAT gateway.
    pub instance: Option<String>,
    /// The subnet that it is in.
    pub subnet: String,
    /// The id of the availability zone.
    pub zone: &'static str,
    /// Its primary private address.
    pub v4: Ipv4Addr,
    /// Its IPv6 address, within the range for documentation.
    pub v6: Ipv6Addr,
    pub(super) role: Role,
    pub(super) weight: u64,
}

/// A VPC with its surroundings, worked out from a plan; it gives the records of every file.
#[derive(Clone, Debug)]
pub struct World {
    plan: Plan,
    pub(super) vpc: String,
    pub(super) interfaces: Vec<Interface>,
    publics: Vec<Ipv4Addr>,
    flow_log: String,
    pub(super) planted: Vec<Planted>,
    answers: Vec<Answer>,
}

/// Somebody outside: an address, and the AWS service that owns it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remote {
    pub(super) v4: Ipv4Addr,
    pub(super) service: Option<&'static str>,
}

impl World {
    /// Works out what `plan` describes.
    pub fn new(plan: &Plan) -> Result<Self, PlanError> {
        plan.check()?;
        let mut random = Random::new(plan.seed, u64::MAX);
        let mut world = Self {
            plan: plan.clone(),
            vpc: format!("vpc-{}", hex17(&mut random)),
            interfaces: interfaces(plan.interfaces, &mut random),
            publics: publics(&mut random),
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

    /// The plan that it was worked out from.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        self.plan.files
    }

    /// The interfaces.
    pub fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// What was planted, and the filter that finds it.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Where `file` belongs below the root of a bucket, named as S3 deliveries are:
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

    /// How many records `file` has besides planted ones: the same in every file, give or take one.
    pub(super) fn background(&self, file: usize) -> u64 {
        let total = self.plan.records - self.planted.len() as u64;
        let until = |file: usize| {
            let share = u128::from(total) * file as u128 / self.plan.files as u128;
            u64::try_from(share).expect("a share of a u64")
        };
        until(file + 1) - until(file)
    }

    /// The begin of the time that `file` covers: it holds the records whose windows end in its period.
    pub(super) fn begin(&self, file: usize) -> u64 {
        self.plan.start + file as u64 * self.plan.period
    }

    /// How many windows end in a file, at every interface.
    pub(super) fn minutes(&self) -> u64 {
        self.plan.period / WINDOW
    }

    /// The window of an interface that ends in the given minute of a file.
    ///
    /// All flows of an interface share a window, windows of one interface do not meet exactly, and every
    /// interface has a phase of its own, as in true captures.
    pub(super) fn window(&self, file: usize, minute: u64, interface: usize) -> (u64, u64) {
        let phase = scramble(self.plan.seed ^ interface as u64) % (WINDOW - 2);
        let minutes = file as u64 * self.minutes() + minute;
        let jitter = scramble(scramble(minutes) ^ interface as u64 ^ self.plan.seed);
        let end = self.begin(file) + minute * WINDOW + phase + jitter % 2;
        (end - 58 + (jitter >> 32) % 3, end)
    }

    /// Where the first interface with `role` stands, or the first of all.
    pub(super) fn first(&self, role: Role) -> usize {
        let place = self.interfaces.iter().position(|one| one.role == role);
        place.unwrap_or(0)
    }

    /// Somebody outside; a few are met very often.
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
            v4: self.publics[rank],
            service,
        }
    }

    /// Somebody outside who tries doors.
    pub(super) fn scanner(&self, random: &mut Random) -> Ipv4Addr {
        self.publics[PUBLIC_ADDRESSES - 1 - random.rank(SCANNERS)]
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
    /// Its address; the IPv6 one lies in the range for documentation and carries the IPv4 one.
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
    /// The subnets that such interfaces are in: 0 to 2 are public, 3 to 5 for programs, 6 and 7 for stores.
    const fn subnets(self) -> &'static [usize] {
        match self {
            Self::Web | Self::Bastion | Self::Gateway => &[0, 1, 2],
            Self::App | Self::Worker | Self::Names | Self::Idle => &[3, 4, 5],
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

fn publics(random: &mut Random) -> Vec<Ipv4Addr> {
    let mut seen = HashSet::with_capacity(PUBLIC_ADDRESSES);
    let mut publics = Vec::with_capacity(PUBLIC_ADDRESSES);
    while publics.len() < PUBLIC_ADDRESSES {
        let [a, b, c, d, ..] = random.next().to_be_bytes();
        let address = Ipv4Addr::new(a, b, c, d);
        if is_ordinary(address) && seen.insert(address) {
            publics.push(address);
        }
    }
    publics
}

/// Whether an address is an ordinary one of the public internet: in none of the special ranges of RFC 6890 either,
/// so that the documentation ranges stay free for what scenarios plant.
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

/// Seventeen hexadecimal digits beginning with 0, as AWS makes its ids.
fn hex17(random: &mut Random) -> String {
    format!("0{:016x}", random.next())
}
