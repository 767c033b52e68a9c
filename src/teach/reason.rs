//! Why a line was not read: what the reason means, and what to do about it.

use crate::schema::{ADDRESSES_AND_TIMES, FieldId, Kind};
use crate::store::RejectReason;

/// What a reason means, for someone who meets it for the first time.
pub fn reason(reason: &RejectReason) -> String {
    let text = match reason {
        RejectReason::TooFewFields => {
            "The line has fewer words than the order of fields in force has names: it was cut, or it has another \
             order. AWS writes - where a value is missing, and leaves no word out."
        }
        RejectReason::TooManyFields => {
            "The line has more words than the order of fields in force has names: something was put behind it, or \
             it has another order. --log-format names the order of files that have no header."
        }
        RejectReason::BadValue(field) => return bad_value(*field),
        RejectReason::NotUtf8 => {
            "The line has bytes that are no text: the file was damaged, or converted by some program."
        }
        RejectReason::ControlCharacter => {
            "The line has a control character, which no flow log has: the file was damaged, or something else was \
             written into it."
        }
        RejectReason::LineTooLong => {
            "The line is longer than 1 MiB, and no record is. Its line ends may have been lost on the way."
        }
        RejectReason::UnknownLayout => {
            "No header came before the line, and its words fit no order of fields that is known. Name the order with \
             --log-format, or put a header line above it."
        }
        RejectReason::CutOff => {
            "The file stops in the middle of the line: it was not fetched whole, or is still being written."
        }
        RejectReason::NoRecord => {
            "An element of the JSON is neither an event with a message nor an object with a field of a flow log."
        }
        RejectReason::NoFlow => {
            let names = ADDRESSES_AND_TIMES.iter();
            let names: Vec<&str> = names.filter_map(|field| Some(field.def()?.name)).collect();
            return format!(
                "It has fields of flow logs, but none of {}: neither who nor when. Sums, groups and descriptions of \
                 instances look like that, and are no records.",
                names.join(", ")
            );
        }
        RejectReason::OtherLog(name) => {
            return format!(
                "It is {name}, which has some names that the fields of flow logs have, too. It is no record of a flow."
            );
        }
        RejectReason::BadJson => {
            "This is not JSON, where JSON has to stand. What comes before and behind it was read where that was \
             possible."
        }
        RejectReason::OpenQuote => {
            "A value begins with a quotation mark, and no other closes it. The line was left out alone, so that it \
             does not take the rest of the file with it."
        }
    };
    text.to_owned()
}

fn bad_value(field: FieldId) -> String {
    let allowed = match field.kind() {
        Kind::Port => "a port is a whole number from 0 to 65535",
        Kind::Protocol => "a protocol is a number from 0 to 255, as IANA assigns them",
        Kind::Address => "an address is one of IPv4 or IPv6",
        Kind::Time => "a time is a number of seconds since 1970, or a date",
        Kind::Number | Kind::Duration | Kind::Flags => "it is a whole number",
        Kind::Choice(_) | Kind::Text => "it is one word",
    };
    let name = field.def().map_or("The field", |def| def.name);
    format!(
        "{name} has a value that it cannot have: {allowed}, or - where it is missing. Often the words stand in \
         another order than the header says."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::id;

    #[test]
    fn a_bad_value_is_told_with_what_the_field_may_have() {
        let text = |field| reason(&RejectReason::BadValue(field));
        assert!(
            text(id::DSTPORT).starts_with("dstport has a value that it cannot have: a port is")
        );
        assert!(text(id::SRCADDR).contains("one of IPv4 or IPv6"));
        assert!(text(id::START).contains("seconds since 1970"));
    }
}
