mod written;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use super::flow::Flow;
use super::*;
use crate::schema::Address;
use crate::schema::Value;
use crate::schema::id;

fn small() -> Plan {
    Plan {
        records: 12_345,
        files: 6,
        interfaces: 40,
        ..Plan::default()
    }
}

fn with_scenarios() -> Plan {
    Plan {
        scenarios: Scenario::ALL.to_vec(),
        version: Version::Five,
        files: 12,
        ..small()
    }
}

fn texts(plan: &Plan) -> Vec<String> {
    let world = World::new(plan).unwrap();
    (0..world.files())
        .map(|file| String::from_utf8(world.text(file)).unwrap())
        .collect()
}

/// FNV-1a of all texts.
fn fingerprint(plan: &Plan) -> u64 {
    texts(plan)
        .iter()
        .flat_map(|text| text.bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

#[test]
fn a_seed_names_the_same_records_forever() {
    // A change of these numbers invalidates every published seed and needs an entry in the changelog.
    assert_eq!(fingerprint(&small()), 0x6f9f_8cba_4a9e_0624);
    assert_eq!(fingerprint(&with_scenarios()), 0xc412_1a3c_a1c7_610f);
    let other = Plan { seed: 2, ..small() };
    assert_ne!(fingerprint(&other), fingerprint(&small()));
}

#[test]
fn every_plan_has_exactly_the_records_that_it_asks_for() {
    for records in [0, 1, 2, 3, 7, 100, 999, 5_000] {
        for interfaces in [1, 2, 9, 200] {
            for files in [1, 5] {
                let plan = Plan {
                    records,
                    interfaces,
                    files,
                    ..Plan::default()
                };
                let world = World::new(&plan).unwrap();
                let counts: Vec<usize> =
                    (0..files).map(|file| world.records(file).count()).collect();
                assert_eq!(counts.iter().sum::<usize>() as u64, records, "{plan:?}");
                assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1);
            }
        }
    }
}

#[test]
fn the_default_day_is_one_file_for_each_ten_minutes_named_as_deliveries_are() {
    let plan = Plan {
        records: 10_000_000,
        ..Plan::default()
    };
    let world = World::new(&plan).unwrap();
    assert_eq!(world.files(), 144);
    assert!((0..144).all(|file| (69_444..=69_445).contains(&world.background(file))));
    let name = regex::Regex::new(
        r"^AWSLogs/\d{12}/vpcflowlogs/us-east-1/2026/11/23/\d{12}_vpcflowlogs_us-east-1_fl-[0-9a-f]{17}_20261123T2350Z_[0-9a-f]{8}\.log\.gz$",
    )
    .unwrap();
    assert!(
        name.is_match(world.path(143).to_str().unwrap()),
        "{:?}",
        world.path(143)
    );
    let paths: HashSet<PathBuf> = (0..144).map(|file| world.path(file)).collect();
    assert_eq!(paths.len(), 144);
}

#[test]
fn a_line_is_what_its_record_says_field_by_field() {
    for version in [Version::Two, Version::Five] {
        let plan = Plan {
            version,
            ipv6_percent: 20,
            ..with_scenarios()
        };
        let world = World::new(&plan).unwrap();
        let text = String::from_utf8(world.text(0)).unwrap();
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next().unwrap().split(' ').collect();
        let fields: Vec<FieldId> = names
            .iter()
            .map(|name| crate::schema::lookup_header(name).unwrap())
            .collect();
        assert_eq!(fields, version.fields());
        for (line, record) in lines.by_ref().zip(world.records(0)) {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(words.len(), fields.len(), "{line}");
            for (field, word) in fields.iter().zip(words) {
                let said = match record.value(*field) {
                    Value::Missing => "-".to_owned(),
                    Value::Number(number) => number.to_string(),
                    Value::Address(address) => address.to_string(),
                    Value::Word(text) => text.to_owned(),
                };
                assert_eq!(word, said, "{line}");
            }
        }
        assert_eq!(lines.next(), None);
    }
}

#[test]
fn windows_last_a_minute_at_most_do_not_overlap_and_end_in_the_time_of_their_file() {
    let world = World::new(&small()).unwrap();
    let mut windows: HashMap<&str, Vec<(u64, u64)>> = HashMap::new();
    for file in 0..world.files() {
        let begin = world.begin(file);
        for record in world.records(file) {
            assert!((begin..begin + 600).contains(&record.end));
            assert!((50..=60).contains(&(record.end - record.start)));
            windows
                .entry(&record.interface.id)
                .or_default()
                .push((record.start, record.end));
        }
    }
    assert!(windows.len() > 30);
    for mut windows in windows.into_values() {
        windows.sort_unstable();
        windows.dedup();
        assert!(
            windows.is_sorted_by(|before, after| before.1 < after.0),
            "{windows:?}"
        );
    }
}

#[test]
fn the_mix_is_that_of_a_vpc() {
    let plan = Plan {
        records: 200_000,
        files: 12,
        ..Plan::default()
    };
    let world = World::new(&plan).unwrap();
    let records: Vec<Record<'_>> = (0..12).flat_map(|file| world.records(file)).collect();
    let flows: Vec<Flow> = records.iter().filter_map(|record| record.flow).collect();
    let share = |count: usize| count as f64 / records.len() as f64;

    let rejected = share(flows.iter().filter(|flow| !flow.accepted).count());
    assert!((0.035..0.045).contains(&rejected), "{rejected}");
    let with = |status| {
        records
            .iter()
            .filter(|record| record.status == status)
            .count()
    };
    assert!(
        (500..4_000).contains(&with(Status::NoData)),
        "{}",
        with(Status::NoData)
    );
    assert_eq!(with(Status::SkipData), 4);

    let served = |port: u16| {
        share(
            flows
                .iter()
                .filter(|flow| flow.destination_port == port)
                .count(),
        )
    };
    assert!(
        served(443) > served(80) && served(80) > served(3306),
        "443 leads"
    );
    for port in [22, 53, 123, 3306, 5432, 6379, 8080] {
        assert!(served(port) > 0.003, "port {port}: {}", served(port));
    }
    let sources: HashSet<Address> = flows.iter().map(|flow| flow.source).collect();
    assert!(sources.len() > 10_000, "{}", sources.len());
    let bytes: usize = texts(&plan).iter().map(String::len).sum();
    let length = bytes as f64 / 200_000.0;
    assert!((104.0..116.0).contains(&length), "{length}");
}

#[test]
fn both_directions_of_a_conversation_are_recorded_at_every_interface_that_sees_it() {
    let world = World::new(&Plan {
        version: Version::Five,
        ..small()
    })
    .unwrap();
    let own: HashSet<Address> = world
        .interfaces()
        .iter()
        .map(|one| Address::V4(one.v4))
        .collect();
    let (mut inside, mut outside) = (0, 0);
    for file in 0..world.files() {
        let mut seen: HashMap<_, i64> = HashMap::new();
        let mut ends: HashMap<_, i64> = HashMap::new();
        for record in world.records(file) {
            let Some(flow) = record.flow.filter(|flow| flow.accepted) else {
                continue;
            };
            let here = (flow.source, flow.source_port);
            let there = (flow.destination, flow.destination_port);
            let (pair, sign) = if here < there {
                ((here, there), 1)
            } else {
                ((there, here), -1)
            };
            *seen.entry((&record.interface.id, pair)).or_default() += sign;
            if flow.source != flow.packet_source || flow.destination != flow.packet_destination {
                continue;
            }
            if own.contains(&flow.source) && own.contains(&flow.destination) {
                let sign = if flow.ingress { 1 } else { -1 };
                *ends.entry((here, there)).or_default() += sign;
                inside += 1;
            } else {
                outside += 1;
            }
        }
        assert!(seen.values().all(|balance| *balance == 0));
        assert!(ends.values().all(|balance| *balance == 0));
    }
    assert!(inside > 1_000 && outside > 1_000, "{inside} {outside}");
}

#[test]
fn only_a_gateway_records_addresses_that_differ_from_the_packets() {
    let plan = Plan {
        interfaces: 60,
        version: Version::Five,
        ..small()
    };
    let world = World::new(&plan).unwrap();
    let mut translated = 0;
    for record in (0..world.files()).flat_map(|file| world.records(file)) {
        let Some(flow) = record.flow else { continue };
        if flow.source != flow.packet_source || flow.destination != flow.packet_destination {
            assert_eq!(record.interface.instance, None);
            translated += 1;
        }
        assert_eq!(flow.path.is_some(), !flow.ingress);
    }
    assert!(translated > 100, "{translated}");
}

#[test]
fn what_is_planted_is_what_the_answer_key_says_and_nothing_else_has_its_addresses() {
    let world = World::new(&with_scenarios()).unwrap();
    assert_eq!(world.answers().len(), 3);
    for answer in world.answers() {
        let outsider = Address::V4(answer.outsider);
        assert_eq!(answer.filter, format!("addr == {}", answer.outsider));
        let records: Vec<Record<'_>> = (0..world.files())
            .flat_map(|file| world.records(file))
            .filter(|record| {
                record.value(id::SRCADDR) == Value::Address(outsider)
                    || record.value(id::DSTADDR) == Value::Address(outsider)
            })
            .collect();
        let flows: Vec<Flow> = records.iter().filter_map(|record| record.flow).collect();
        assert_eq!(records.len() as u64, answer.records, "{answer:?}");
        assert_eq!(
            flows.iter().filter(|flow| flow.accepted).count() as u64,
            answer.accept
        );
        assert_eq!(
            flows.iter().filter(|flow| !flow.accepted).count() as u64,
            answer.reject
        );
        assert_eq!(
            flows.iter().map(|flow| flow.packets).sum::<u64>(),
            answer.packets
        );
        assert_eq!(
            flows.iter().map(|flow| flow.bytes).sum::<u64>(),
            answer.bytes
        );
        assert_eq!(
            records.iter().map(|record| record.start).min(),
            Some(answer.first)
        );
        assert_eq!(
            records.iter().map(|record| record.end).max(),
            Some(answer.last)
        );
        assert!(
            records
                .iter()
                .all(|record| record.interface.id == answer.interface)
        );
    }
    let [scan, force, leak] = world.answers() else {
        panic!("three")
    };
    assert_eq!((scan.reject, scan.accept), (998, 4));
    assert!(scan.last - scan.first <= 60);
    assert_eq!((force.reject, force.accept), (0, 2 * (12 * 20 + 1)));
    assert_eq!(leak.records, 2 * (120 - 90));
    assert!(leak.bytes > 4_000_000_000);
}

#[test]
fn a_plan_that_cannot_be_followed_is_refused_with_the_reason() {
    #[track_caller]
    fn check(plan: Plan, words: &str) {
        let error = World::new(&plan).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    check(
        Plan {
            interfaces: 0,
            ..small()
        },
        "interfaces",
    );
    check(
        Plan {
            interfaces: 10_001,
            ..small()
        },
        "interfaces",
    );
    check(
        Plan {
            files: 0,
            ..small()
        },
        "at least 1 file",
    );
    check(
        Plan {
            period: 90,
            ..small()
        },
        "whole minutes",
    );
    check(
        Plan {
            period: 7200,
            ..small()
        },
        "60 whole minutes",
    );
    check(
        Plan {
            files: usize::MAX,
            ..small()
        },
        "2100",
    );
    check(
        Plan {
            ipv6_percent: 101,
            ..small()
        },
        "IPv6",
    );
    check(
        Plan {
            scenarios: vec![Scenario::PortScan; 201],
            ..small()
        },
        "at most 200",
    );
    check(
        Plan {
            records: 1001,
            ..with_scenarios()
        },
        "more records",
    );
    let unknown = "ddos".parse::<Scenario>().unwrap_err().to_string();
    assert_eq!(
        unknown,
        "there is no scenario ddos; choose one of port-scan, brute-force, exfiltration"
    );
    for scenario in Scenario::ALL {
        assert_eq!(scenario.name().parse(), Ok(scenario));
    }
}

#[test]
fn interfaces_have_addresses_of_their_own_and_outsiders_are_none_of_them() {
    let world = World::new(&Plan {
        interfaces: 10_000,
        ..small()
    })
    .unwrap();
    let addresses: HashSet<IpAddr> = world.interfaces().iter().map(|one| one.v4.into()).collect();
    let ids: HashSet<&str> = world
        .interfaces()
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!((addresses.len(), ids.len()), (10_000, 10_000));
    assert!(
        ids.iter()
            .all(|id| id.len() == 21 && id.starts_with("eni-"))
    );
    assert!(
        world
            .interfaces()
            .iter()
            .all(|one| one.v4.octets()[..2] == [10, 16])
    );
}
