//! The second sentence: how much traffic was recorded where and when, its path, and its original addresses.

use super::{Scene, capitalised, interval, observer, path};
use crate::format;
use crate::schema::{Address, FieldId, id};
use crate::teach::flow::{Direction, Flow};

/// The sentence, without its full stop; none if the record has none of these values.
pub(super) fn sentence(scene: &Scene<'_>) -> Option<String> {
    let flow = scene.flow;
    let seen = match (seen(scene), went(scene)) {
        (Some(seen), Some(path)) => Some(format!("{seen}, {path}")),
        (None, Some(path)) => Some(format!("it went {path}")),
        (seen, None) => seen,
    };
    let parts = [seen, stand_in(flow)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| capitalised(&parts.join("; ")))
}

/// `4 packets (733 B) went out at interface eni-1 between 02:26:10 and 02:26:15 UTC on 2026-11-23`.
fn seen(scene: &Scene<'_>) -> Option<String> {
    let flow = scene.flow;
    let (amount, time) = (amount(flow), interval(flow));
    let seen = match (observer(flow), amount) {
        (Some(who), amount) => {
            let amount = amount.unwrap_or_else(|| "it".into());
            match scene.direction {
                Some(Direction::Ingress) => format!("{amount} came in at {who}"),
                Some(Direction::Egress) => format!("{amount} went out at {who}"),
                None => format!("{who} saw {amount}"),
            }
        }
        (None, Some(amount)) => format!("it was {amount}"),
        (None, None) if !time.is_empty() => "it was seen".into(),
        (None, None) => return None,
    };
    Some(seen + &time)
}

/// `4 packets (733 B)`.
fn amount(flow: Flow<'_>) -> Option<String> {
    let packets = flow.number(id::PACKETS).map(|packets| match packets {
        1 => "1 packet".into(),
        _ => format!("{} packets", format::count(packets)),
    });
    match (packets, flow.number(id::BYTES).map(format::bytes)) {
        (Some(packets), Some(bytes)) => Some(format!("{packets} ({bytes})")),
        (packets, bytes) => packets.or(bytes),
    }
}

/// The path of the traffic, unless it was rejected.
fn went(scene: &Scene<'_>) -> Option<&'static str> {
    if scene.flow.word(id::ACTION).as_deref() == Some("REJECT") {
        return None;
    }
    path(scene.flow)
}

/// A remark on NAT, if `pkt-srcaddr` or `pkt-dstaddr` differs from the address that the interface saw.
fn stand_in(flow: Flow<'_>) -> Option<String> {
    let differs = |seen: FieldId, inside: FieldId| -> Option<Address> {
        let inside = flow.address(inside)?;
        (flow.address(seen)? != inside).then_some(inside)
    };
    let source = differs(id::SRCADDR, id::PKT_SRCADDR);
    let destination = differs(id::DSTADDR, id::PKT_DSTADDR);
    let inside = match (source, destination) {
        (Some(source), Some(destination)) => {
            format!("from {source} to {destination}")
        }
        (Some(source), None) => format!("from {source}"),
        (None, Some(destination)) => format!("for {destination}"),
        (None, None) => return None,
    };
    Some(format!(
        "the packets themselves are {inside}, which points to a NAT gateway, another middlebox, or a second \
         address of the interface"
    ))
}
