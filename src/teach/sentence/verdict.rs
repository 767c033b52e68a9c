//! The first sentence: what the source requested of the destination, and whether it was allowed.

use super::Scene;
use crate::schema::{FieldId, id, protocol};
use crate::teach::flow::{Direction, Role};

/// At most this many rejected packets count as a probe.
const MAX_PROBE_PACKETS: u64 = 3;

const SYN: u64 = 2;
const SYN_ACK: u64 = 18;
const FIN: u64 = 1;
const RST: u64 = 4;

/// The sentence, without its full stop.
pub(super) fn sentence(scene: &Scene<'_>) -> String {
    match scene.flow.word(id::ACTION).as_deref() {
        Some("ACCEPT") => format!("{}{}", happened(scene), accepted(scene)),
        Some("REJECT") => rejected(scene),
        Some(other) => format!(
            "{}; its action is {other}, which is neither ACCEPT nor REJECT",
            happened(scene)
        ),
        None if scene.flow.word(id::TGW_ID).is_some() => transit(scene),
        None => format!(
            "{}; the record does not say whether it was let through",
            happened(scene)
        ),
    }
}

/// What was sent, without the verdict.
fn happened(scene: &Scene<'_>) -> String {
    let (source, destination) = (scene.source(), scene.destination());
    let (source_port, destination_port) = scene.flow.ports();
    match (scene.role, source_port, destination_port) {
        (Role::Request, _, Some(port)) => {
            let service = scene.service(port);
            format!("{source} {} {service} on {destination}", request(scene))
        }
        (Role::Reply, Some(port), _) => reply(scene, &scene.service(port)),
        _ => format!("{source} sent {} to {destination}", cargo(scene)),
    }
}

/// The action of a client, according to the TCP flags if known.
fn request(scene: &Scene<'_>) -> &'static str {
    match scene.flow.flags() {
        Some(flags) if flags & SYN == 0 => "sent to",
        Some(flags) if flags & RST != 0 => "opened and broke off a connection to",
        Some(flags) if flags & FIN != 0 => "opened and closed a connection to",
        Some(_) => "tried to open a connection to",
        None => "sent to",
    }
}

/// The action of a server, according to the TCP flags if known.
fn reply(scene: &Scene<'_>, service: &str) -> String {
    let (source, destination) = (scene.source(), scene.destination());
    match scene.flow.flags() {
        Some(flags) if flags & SYN_ACK == SYN_ACK => {
            format!(
                "{source} answered {destination}, which had asked for a connection to its {service}"
            )
        }
        Some(flags) if flags & RST != 0 => {
            format!("{source} refused or broke off a connection of {destination} to its {service}")
        }
        _ => format!("{source} replied to {destination} from its {service}"),
    }
}

/// The traffic, if no service is known: `ICMP (ping or an error message; it has no ports)`.
fn cargo(scene: &Scene<'_>) -> String {
    let Some(name) = scene.protocol() else {
        return "packets".into();
    };
    let number = scene.flow.number(id::PROTOCOL).unwrap_or_default();
    match number {
        1 | 58 => format!("{name} (ping or another control message; it has no ports)"),
        _ if !protocol::has_ports(number) => match protocol::meaning(number) {
            Some(meaning) => format!("{name} ({meaning}; without ports)"),
            None => format!("{name} (a protocol number without a name)"),
        },
        _ => match scene.flow.ports() {
            (Some(from), Some(to)) => match protocol::service(to) {
                Some(service) if to < protocol::EPHEMERAL || from == to => {
                    format!("{name} from port {from} to port {to} ({service})")
                }
                _ => format!("{name} from port {from} to port {to}"),
            },
            _ => name,
        },
    }
}

/// What ACCEPT means, and what it does not imply.
fn accepted(scene: &Scene<'_>) -> &'static str {
    let answered = scene.flow.flags().is_some_and(|flags| flags & FIN != 0);
    if scene.role == Role::Request && !answered {
        "; security group and network ACL allowed it, which does not mean that the application answered"
    } else {
        "; security group and network ACL allowed it"
    }
}

/// What rejected the traffic, as far as the record says.
fn rejected(scene: &Scene<'_>) -> String {
    let way = match scene.direction {
        Some(Direction::Ingress) => "in",
        Some(Direction::Egress) => "out",
        None => "through",
    };
    let who = match scene.flow.word(id::REJECT_REASON).as_deref() {
        Some("BPA") => format!("VPC Block Public Access did not let it {way}"),
        Some("EC") => "a VPC endpoint refused it because of encryption controls".into(),
        Some(other) => format!("it was not let {way}, for the reason {other}"),
        None => format!("a security group or network ACL did not let it {way}"),
    };
    let remark = if scene.flow.word(id::REJECT_REASON).is_some() {
        ""
    } else {
        remark_on_reject(scene)
    };
    format!("{}, and {who}{remark}", attempted(scene))
}

/// The attempt, for rejected traffic.
fn attempted(scene: &Scene<'_>) -> String {
    let (source, destination) = (scene.source(), scene.destination());
    match (scene.role, scene.flow.ports().1) {
        (Role::Request, Some(port)) => {
            let service = scene.service(port);
            format!("{source} tried to reach {service} on {destination}")
        }
        _ => happened(scene),
    }
}

/// Likely explanations of a rejected flow.
fn remark_on_reject(scene: &Scene<'_>) -> &'static str {
    let few = scene
        .flow
        .number(id::PACKETS)
        .is_some_and(|n| n <= MAX_PROBE_PACKETS);
    let protocol = scene.flow.number(id::PROTOCOL);
    let has_ports = protocol.is_none_or(protocol::has_ports);
    let goes_out = scene.direction == Some(Direction::Egress);
    match (scene.role, scene.flow.flags()) {
        (Role::Request, Some(flags)) if flags & SYN != 0 => match (goes_out, few) {
            (true, _) => ": it never got further than this interface",
            (false, true) => ": a probe that nothing answered",
            (false, false) => ": it kept asking and nothing answered",
        },
        (Role::Reply, _) => {
            ": as a security group lets replies pass, that points at the network ACL, or at packets that came \
             after the connection was closed"
        }
        (_, Some(_)) => {
            ": with no SYN among them, they may be late packets of a connection already closed"
        }
        (_, None) if has_ports && goes_out => ": it never got further than this interface",
        (_, None) if few && protocol == Some(6) => {
            ": a probe that nothing answered, or a late packet of a connection already closed"
        }
        (Role::Request, None) if few => ": a probe that nothing answered",
        (Role::Request, None) => ": nothing answered",
        (Role::Unknown, None) if !has_ports && goes_out => {
            ": if it is the reply to something that was let in, it is the network ACL, as a security group lets \
             replies pass"
        }
        (Role::Unknown, None) => "",
    }
}

/// A record of a transit gateway, which has no action.
fn transit(scene: &Scene<'_>) -> String {
    const LOSSES: [(FieldId, &str); 4] = [
        (id::PACKETS_LOST_NO_ROUTE, "for lack of a route"),
        (id::PACKETS_LOST_BLACKHOLE, "in a blackhole route"),
        (id::PACKETS_LOST_MTU_EXCEEDED, "as too large for the path"),
        (id::PACKETS_LOST_TTL_EXPIRED, "after too many hops"),
    ];
    let known = LOSSES.map(|(field, why)| (scene.flow.number(field), why));
    let losses: Vec<String> = known
        .iter()
        .filter_map(|(lost, why)| Some((lost.filter(|lost| *lost > 0)?, why)))
        .map(|(lost, why)| format!("{lost} {why}"))
        .collect();
    let lost = if !losses.is_empty() {
        format!(", and lost packets: {}", losses.join(", "))
    } else if known.iter().all(|(lost, _)| lost.is_none()) {
        String::new()
    } else {
        " and lost no packet".into()
    };
    format!(
        "{}; a transit gateway routes it without accepting or rejecting{lost}",
        happened(scene)
    )
}
