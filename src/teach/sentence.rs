//! Summarizes a record in two sentences: what happened, and how much traffic was recorded where and when.

mod amount;
#[cfg(test)]
mod tests;
mod verdict;

use super::decode::meaning_of;
use super::flow::{Direction, Flow, Role};
use crate::format;
use crate::schema::{FieldId, id, protocol};
use crate::store::{RowId, Store};

/// The summary of the record in `row`.
///
/// # Panics
///
/// When the store has no such row.
pub(crate) fn sentence(store: &Store, row: RowId) -> String {
    let flow = Flow { store, row };
    match flow.word(id::LOG_STATUS).as_deref() {
        Some("NODATA") => no_traffic(flow),
        Some("SKIPDATA") => lost_records(flow),
        Some("INCOMPLETEDATA") if !flow.has_traffic() => uncorrelated(flow),
        _ if !flow.has_traffic() => nothing_named(flow),
        _ => {
            let scene = Scene::of(flow);
            let amount = amount::sentence(&scene).map(|sentence| format!(" {sentence}."));
            format!(
                "{}.{}",
                capitalised(&verdict::sentence(&scene)),
                amount.unwrap_or_default()
            )
        }
    }
}

/// The values that both sentences about a flow use.
struct Scene<'a> {
    flow: Flow<'a>,
    role: Role,
    direction: Option<Direction>,
}

impl<'a> Scene<'a> {
    fn of(flow: Flow<'a>) -> Self {
        Self {
            flow,
            role: flow.role(),
            direction: flow.direction(),
        }
    }

    fn source(&self) -> String {
        self.named(id::SRCADDR, "a sender that the record does not name")
    }

    fn destination(&self) -> String {
        self.named(id::DSTADDR, "a receiver that the record does not name")
    }

    fn named(&self, field: FieldId, unnamed: &str) -> String {
        let address = self.flow.address(field);
        address.map_or_else(|| unnamed.to_owned(), |address| address.to_string())
    }

    /// The name of the protocol: `TCP`, `ICMPv6`, `protocol 200`.
    fn protocol(&self) -> Option<String> {
        let number = self.flow.number(id::PROTOCOL)?;
        Some(match protocol::name(number) {
            Some(_) if number == 58 => "ICMPv6".into(),
            Some(_) if number == 136 => "UDP-Lite".into(),
            Some(name) => name.to_uppercase(),
            None => format!("protocol {number}"),
        })
    }

    /// A port with its service and protocol: `rdp (TCP port 3389)`, `TCP port 8545`.
    fn service(&self, port: u64) -> String {
        let number = match self.protocol() {
            Some(protocol) => format!("{protocol} port {port}"),
            None => format!("port {port}"),
        };
        match protocol::service(port) {
            Some(service) => format!("{service} ({number})"),
            None => number,
        }
    }
}

/// `interface eni-1`, or the gateway that recorded the traffic.
fn observer(flow: Flow<'_>) -> Option<String> {
    if let Some(interface) = flow.word(id::INTERFACE_ID) {
        return Some(format!("interface {interface}"));
    }
    if let Some(gateway) = flow.word(id::TGW_ID) {
        return Some(format!("transit gateway {gateway}"));
    }
    let gateway = flow.word(id::RESOURCE_ID)?;
    Some(format!("the regional NAT gateway {gateway}"))
}

fn observer_or_unnamed(flow: Flow<'_>) -> String {
    observer(flow).unwrap_or_else(|| "an interface that the record does not name".into())
}

/// ` between 02:21:00 and 02:21:59 UTC on 2026-11-23`, or empty if the record has no times.
fn interval(flow: Flow<'_>) -> String {
    let (time, date) = (format::time_of_day, format::date);
    match (flow.number(id::START), flow.number(id::END)) {
        (Some(start), Some(end)) if end > start => {
            let from = if date(start) == date(end) {
                time(start)
            } else {
                format!("{} UTC on {}", time(start), date(start))
            };
            format!(" between {from} and {} UTC on {}", time(end), date(end))
        }
        (Some(start), Some(end)) if end < start => format!(
            " at {} UTC on {} (its end, {} UTC on {}, is before its start)",
            time(start),
            date(start),
            time(end),
            date(end)
        ),
        (Some(at), _) | (None, Some(at)) => format!(" at {} UTC on {}", time(at), date(at)),
        (None, None) => String::new(),
    }
}

fn no_traffic(flow: Flow<'_>) -> String {
    capitalised(&format!(
        "{} had no traffic{}. NODATA means that nothing came in or went out, so there was nothing to \
         accept or reject.",
        observer_or_unnamed(flow),
        interval(flow)
    ))
}

fn lost_records(flow: Flow<'_>) -> String {
    format!(
        "Records of {}{} were lost: {}. One SKIPDATA line can stand for many flows, so every total over this \
         time is a lower bound.",
        observer_or_unnamed(flow),
        interval(flow),
        "AWS reached a capacity limit, or had an internal error"
    )
}

fn uncorrelated(flow: Flow<'_>) -> String {
    format!(
        "A flow of {}{} could not be correlated from end to end, because of a delay or an internal error. Totals over \
         this time may lack it.",
        observer_or_unnamed(flow),
        interval(flow)
    )
}

fn nothing_named(flow: Flow<'_>) -> String {
    format!(
        "The record names no flow of {}{}. It may stand for an interval without traffic; {} would tell, but the \
         record does not have it.",
        observer_or_unnamed(flow),
        interval(flow),
        flow.store.catalog.name(id::LOG_STATUS)
    )
}

/// The path of egress traffic, without details: `through an internet gateway`.
fn path(flow: Flow<'_>) -> Option<&'static str> {
    let path = flow.number(id::TRAFFIC_PATH)?;
    let meaning = meaning_of(id::TRAFFIC_PATH, &path.to_string())?;
    meaning.split(',').next()
}

/// `text` with a capital, unless it begins with a value, such as an address.
fn capitalised(text: &str) -> String {
    let first = text.split([' ', ',', ';']).next().unwrap_or_default();
    if !first.chars().all(char::is_alphabetic) {
        return text.to_owned();
    }
    let mut rest = text.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}
