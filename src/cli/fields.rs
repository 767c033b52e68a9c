//! `flowdeck fields`: all fields of flow logs, and the computed fields.

use clap::Args;

use super::failure::{Outcome, Verdict};
use super::interrupt::Interrupt;
use super::options::Output;
use super::output::Destination;
use crate::export::{Column, Format, Value, row_writer};
use crate::schema::{FIELDS, FieldDef, Kind, Origin};
use crate::teach;

/// List every field with its version, type and meaning
///
/// Prints a table, even in a pipe, unless --output or -o is given.
#[derive(Args, Clone, Debug)]
pub(super) struct Fields {
    #[command(flatten)]
    output: Output,
}

impl Fields {
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let mut destination = Destination::of(&self.output);
        if self.output.output.is_none() && self.output.file.is_none() {
            // The output is usually searched with grep, so a pipe also gets the table.
            destination.format = Format::Table;
        }
        destination.refuse_lines()?;
        destination.refuse_terminal()?;
        let columns = vec![
            Column::text("name"),
            Column::text("version"),
            Column::text("type"),
            Column::text("meaning"),
        ];
        let (format, terminal) = (destination.format, destination.terminal);
        destination.write(interrupt, |out| {
            let mut rows = row_writer(format, columns, Box::new(out), terminal)?;
            for (listing, def) in teach::listing().iter().zip(FIELDS) {
                let row = [
                    Value::text(listing.name),
                    version(def, format),
                    Value::text(kind(def.kind)),
                    Value::text(listing.summary),
                ];
                rows.row(&row)?;
            }
            rows.finish()
        })?;
        Ok(Verdict::Found)
    }
}

/// The version of flow logs that introduced the field; none for a computed field.
fn version(def: &FieldDef, format: Format) -> Value<'static> {
    match (def.origin, format) {
        (Origin::Computed, Format::Table) => Value::text("computed"),
        (Origin::Computed, _) => Value::Missing,
        (Origin::TransitGateway, Format::Table) => Value::text(format!("{} (TGW)", def.version)),
        (Origin::Vpc, Format::Table) => Value::text(def.version.to_string()),
        (Origin::Vpc | Origin::TransitGateway, _) => Value::Number(def.version.into()),
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Address => "address",
        Kind::Port => "port",
        Kind::Protocol => "protocol",
        Kind::Number => "number",
        Kind::Time => "time",
        Kind::Duration => "duration",
        Kind::Flags => "flags",
        Kind::Choice(_) => "word",
        Kind::Text => "text",
    }
}
