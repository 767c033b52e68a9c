//! Explanations of reject reasons: what each means and what to do about it.

use crate::schema::{ADDRESSES_AND_TIMES, FieldId, Kind};
use crate::store::RejectReason;

/// The explanation of a reject reason.
pub(crate) fn reason(reason: &RejectReason) -> String {
    let text = match reason {
        RejectReason::TooFewFields => {
            "The line has fewer words than there are fields: it was cut off, or its fields are in a different order. AWS \
             writes - for a missing value and never leaves it out."
        }
        RejectReason::TooManyFields => {
            "The line has more words than there are fields: something was appended to it, or its fields are in another \
             order. Use --log-format to give the order for files without a header."
        }
        RejectReason::BadValue(field) => return bad_value(*field),
        RejectReason::AmbiguousNumber(_) => {
            "The comma or point in a number such as 65,536 separates thousands or a fraction, and no other value of its \
             column shows which one. Export the numbers without separators."
        }
        RejectReason::AmbiguousDate(_) => {
            "A date such as 11/02/2026 begins with the month or with the day, and no other time of the file shows \
             which one. Export the times in ISO 8601 (2026-11-02 02:21:00) or as epoch seconds."
        }
        RejectReason::NotUtf8 => {
            "The line has bytes that are not UTF-8 text: the file was damaged or converted on its way."
        }
        RejectReason::ControlCharacter => {
            "The line has a control character, which no flow log has: the file was damaged, or something else was \
             written into it."
        }
        RejectReason::LineTooLong => {
            "The line is longer than 1 MiB, longer than any record. Its line ends may have been lost on the way."
        }
        RejectReason::UnknownLayout => {
            "There is no header above the line, and its words fit no known order of fields. Give the order with \
             --log-format, or add a header line."
        }
        RejectReason::CutOff => {
            "The file ends in the middle of the line: it was not downloaded whole, or it is still being written."
        }
        RejectReason::NoRecord => {
            "This element of the JSON is neither an event with a message nor an object with a field of a flow log."
        }
        RejectReason::NoFlow => {
            let names = ADDRESSES_AND_TIMES.iter();
            let names: Vec<&str> = names.filter_map(|field| Some(field.def()?.name)).collect();
            return format!(
                "It has fields of flow logs, but none of {}. Sums, groups and descriptions of instances look like \
                 this; they are not records.",
                names.join(", ")
            );
        }
        RejectReason::OtherLog(name) => {
            return format!(
                "This is {name}. Some of its names are also names of flow log fields, but it is not a record of a flow."
            );
        }
        RejectReason::BadJson => {
            "This is not valid JSON. What comes before and after it was read as far as possible."
        }
        RejectReason::OpenQuote => {
            "A value begins with a quotation mark that is never closed. Only this line was left out, so that the rest \
             of the file could be read."
        }
        RejectReason::NestedValue(field) => {
            let name = field.def().map_or("A field", |def| def.name);
            return format!(
                "{name} has an object or a list of several values, but a record has one value for each field. Export \
                 one object for each record."
            );
        }
        RejectReason::UnevenColumns
        | RejectReason::LargeColumnTable
        | RejectReason::BadPacked
        | RejectReason::PackedTooLarge
        | RejectReason::PackedTooDeep => of_json(reason),
    };
    text.to_owned()
}

/// The explanation of what is wrong with a table by columns, or with a string that holds records.
fn of_json(reason: &RejectReason) -> &'static str {
    match reason {
        RejectReason::UnevenColumns => {
            "This is a table stored column by column, and its columns do not have the same rows, or values stand beside \
             them. Write it row by row; with pandas: df.to_json(FILE, orient='records', lines=True)."
        }
        RejectReason::LargeColumnTable => {
            "This is a table stored column by column with more than 64 MiB; no row is complete before its last column. \
             Write it row by row; with pandas: df.to_json(FILE, orient='records', lines=True)."
        }
        RejectReason::BadPacked => {
            "A string should hold records in base64, with or without gzip, but it is damaged or was cut off. \
             Export or download the file again."
        }
        RejectReason::PackedTooLarge => {
            "The records in this string have more than 16 MiB when they are decompressed, or more than 64 MiB with the \
             strings inside it. Decompress it first: jq -r .awslogs.data FILE | base64 -d | gunzip."
        }
        RejectReason::PackedTooDeep => {
            "The records in this string are in base64, gzip or quoted JSON more than four times. Unpack the outer ones \
             first."
        }
        _ => "",
    }
}

fn bad_value(field: FieldId) -> String {
    let allowed = match field.kind() {
        Kind::Port => "a port is a whole number from 0 to 65535",
        Kind::Protocol => "a protocol is an IANA number from 0 to 255",
        Kind::Address => "an address is IPv4 or IPv6",
        Kind::Time => "a time is a number of seconds since 1970, or a date",
        Kind::Number | Kind::Duration | Kind::Flags => "this is a whole number",
        Kind::Choice(_) | Kind::Text => "this is one word",
    };
    let name = field.def().map_or("This field", |def| def.name);
    format!(
        "{name} has a value that is not allowed: {allowed}, or - if it is missing. Often the fields are in another \
         order than the header says."
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
            text(id::DSTPORT).starts_with("dstport has a value that is not allowed: a port is")
        );
        assert!(text(id::SRCADDR).contains("IPv4 or IPv6"));
        assert!(text(id::START).contains("seconds since 1970"));
    }
}
