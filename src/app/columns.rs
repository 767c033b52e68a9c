//! The columns of the record list: which, in which order, and how wide.

mod widths;

use crate::format;
use crate::format::DateForm;
use crate::schema::formats::MAIN_FIELDS;
use crate::schema::{FieldId, Kind, id, protocol};
use crate::store::Store;
use crate::teach;

use super::cell_text::{CellStyle, Notation, Times};
pub(crate) use widths::Widths;

/// A list with fewer cells than this is narrow: ids are shortened, and columns are closer together.
const MIN_WIDE_WIDTH: usize = 98;
/// Cells between two columns.
const GAP: usize = 2;
/// Cells between two columns of a narrow list.
const NARROW_GAP: usize = 1;
/// Cells between source and destination, with room for an arrow.
const ARROW_GAP: usize = 3;
/// The width of a text column if others need the room, in cells.
const MAX_WORD_WIDTH: usize = 24;
/// The width of an id that is shortened at the start: `…5f60011`.
const SHORT_ID: usize = 8;
/// An address that is shortened at the start still has its last digits.
const MIN_ADDRESS: usize = 10;
/// `REJECT`
const MIN_ACTION: usize = 6;
/// `65535`
const MIN_PORT: usize = 5;
/// `5432 postgresql`
const PORT_WITH_SERVICE: usize = 15;
/// The same in a narrow list: `443 https`.
const PORT_WITH_SHORT_SERVICE: usize = 9;
/// Records that span fewer days than this have no day of the month twice.
const MAX_DAYS: i64 = 27;

/// What is seen in a list of any width, in this order.
const ESSENTIAL: [FieldId; 7] = [
    id::START,
    id::ACTION,
    id::SRCADDR,
    id::DSTADDR,
    id::DSTPORT,
    id::PROTOCOL,
    id::BYTES,
];

/// One column of the record list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnView {
    pub(crate) field: FieldId,
    /// The heading.
    pub(crate) title: String,
    /// In cells.
    pub(crate) width: usize,
    /// The width where others need the room, too.
    least: usize,
    /// The width in which no value is cut.
    whole: usize,
    /// Right-aligned, as numbers are.
    pub(crate) right: bool,
}

/// What was chosen for the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ColumnChoice {
    /// These come first, in this order.
    pub(crate) order: Vec<FieldId>,
    pub(crate) hidden: Vec<FieldId>,
    pub(crate) widths: Vec<(FieldId, usize)>,
    /// How many columns stay on the screen when the others are scrolled.
    pub(crate) frozen: usize,
}

/// What the columns of a list depend on.
#[derive(Clone, Copy)]
pub(crate) struct Arrangement<'a> {
    pub(crate) store: &'a Store,
    pub(crate) widths: &'a Widths,
    pub(crate) choice: &'a ColumnChoice,
    pub(crate) style: CellStyle,
    /// The cells of the list.
    pub(crate) width: usize,
}

impl Arrangement<'_> {
    /// The columns.
    pub(crate) fn columns(self) -> Vec<ColumnView> {
        let fields = self.store.fields();
        let (time, others) = MAIN_FIELDS.split_at(1);
        let others = others.iter().filter(|field| **field != id::ACTION);
        // The action comes right after the time, so that a narrow screen does not cut it off.
        let main = time.iter().chain(&[id::ACTION]).chain(others).copied();
        let main: Vec<FieldId> = main
            .filter(|field| self.is_shown(*field, &fields))
            .collect();
        let mut columns: Vec<ColumnView> = main.iter().map(|field| self.column(*field)).collect();
        if total(&columns, self.width) > self.width {
            let place = |column: &ColumnView| ESSENTIAL.iter().position(|f| *f == column.field);
            columns.sort_by_key(|column| place(column).unwrap_or(ESSENTIAL.len()));
            let essential = columns.iter().filter(|column| place(column).is_some());
            let essential = essential.count();
            squeeze(&mut columns[..essential], self.width);
        }
        let rest = fields.iter().filter(|field| !MAIN_FIELDS.contains(field));
        let rest = rest.filter(|field| self.is_shown(**field, &fields));
        let mut rest: Vec<FieldId> = rest.copied().collect();
        // They rarely differ, so they come last.
        rest.sort_by_key(|field| [id::VERSION, id::ACCOUNT_ID].contains(field));
        columns.extend(rest.into_iter().map(|field| self.column(field)));
        let order = &self.choice.order;
        let place = |column: &ColumnView| order.iter().position(|field| *field == column.field);
        columns.sort_by_key(|column| place(column).unwrap_or(order.len()));
        for column in &mut columns {
            let chosen = self.choice.widths.iter();
            let chosen = chosen.rev().find(|(field, _)| *field == column.field);
            if let Some((_, width)) = chosen {
                (column.width, column.least, column.whole) = (*width, *width, *width);
            }
        }
        columns
    }

    fn is_shown(&self, field: FieldId, fields: &[FieldId]) -> bool {
        fields.contains(&field) && !self.choice.hidden.contains(&field)
    }

    fn column(&self, field: FieldId) -> ColumnView {
        let narrow = is_narrow(self.width);
        let decoded = self.style.notation == Notation::Decoded;
        let widths = self.widths;
        let port = widths.of(field).max(MIN_PORT);
        let (least, whole) = match field.kind() {
            Kind::Time if decoded => {
                let width = self.time_width();
                (width, width)
            }
            Kind::Port if decoded && field == id::DSTPORT => {
                let least = if narrow {
                    PORT_WITH_SHORT_SERVICE
                } else {
                    PORT_WITH_SERVICE
                };
                (least, port + 1 + protocol::longest_service())
            }
            Kind::Port => (port, port),
            Kind::Protocol if decoded => ("icmp6".len(), "icmp6".len()),
            Kind::Flags if decoded => (teach::MAX_FLAG_LETTERS, teach::MAX_FLAG_LETTERS),
            _ if field == id::TRAFFIC_PATH && decoded => {
                let longest = teach::longest_path_name();
                (longest, longest)
            }
            _ if field == id::ACTION => {
                let width = widths.action(self.style.notation);
                (width.min(MAX_WORD_WIDTH), width)
            }
            Kind::Text if narrow => (widths.of(field).min(SHORT_ID), widths.of(field)),
            Kind::Text | Kind::Choice(_) => {
                (widths.of(field).min(MAX_WORD_WIDTH), widths.of(field))
            }
            _ => (widths.of(field), widths.of(field)),
        };
        let title = title(self.store, field);
        let heading = title.chars().count();
        let is_number = matches!(field.kind(), Kind::Number | Kind::Duration);
        let is_number = is_number && !(decoded && field == id::TRAFFIC_PATH);
        ColumnView {
            field,
            width: least.max(heading),
            least: least.max(heading),
            whole: whole.max(heading),
            title,
            right: is_number
                || field.kind() == Kind::Flags && !decoded
                || field.kind() == Kind::Port && (field != id::DSTPORT || !decoded),
        }
    }

    /// The width of the longest time.
    fn time_width(&self) -> usize {
        let span = self.store.span();
        let ends = span.into_iter().flat_map(|(first, last)| [first, last]);
        let widths = ends.map(|time| self.style.time(time).chars().count());
        widths.max().unwrap_or("02:23:37".len())
    }
}

/// The style of the cells of a list of `width` cells: it says the date of a time where the records span days.
pub(crate) fn style(store: &Store, notation: Notation, times: Times, width: usize) -> CellStyle {
    let span = store.span();
    let days = |zone: format::Zone| {
        let (first, last) = span?;
        let (first, last) = (zone.day(first)?, zone.day(last)?);
        let days = last.signed_duration_since(first).num_days();
        Some((
            days,
            first.format("%Y").to_string() != last.format("%Y").to_string(),
        ))
    };
    let date = match times {
        Times::SinceFirst => DateForm::None,
        Times::Clock(zone) => match days(zone) {
            None | Some((0, _)) => DateForm::None,
            Some((_, true)) if !is_narrow(width) => DateForm::YearMonthDay,
            Some((days, _)) if days < MAX_DAYS && is_narrow(width) => DateForm::Day,
            Some(_) => DateForm::MonthDay,
        },
    };
    CellStyle {
        notation,
        times,
        date,
        origin: span.map_or(0, |(first, _)| first),
    }
}

fn is_narrow(width: usize) -> bool {
    width < MIN_WIDE_WIDTH
}

/// Cells between column `index` of a list of `width` cells and the next.
pub(crate) fn gap_after(columns: &[ColumnView], index: usize, width: usize) -> usize {
    match is_narrow(width) {
        _ if has_arrow_after(columns, index) => ARROW_GAP,
        true => NARROW_GAP,
        false => GAP,
    }
}

/// Whether an arrow is drawn after column `index`, from source to destination.
pub(crate) fn has_arrow_after(columns: &[ColumnView], index: usize) -> bool {
    let field = |index: usize| columns.get(index).map(|column| column.field);
    matches!(field(index), Some(id::SRCADDR | id::SRCPORT)) && field(index + 1) == Some(id::DSTADDR)
}

/// The cells that `columns` take.
fn total(columns: &[ColumnView], width: usize) -> usize {
    let last = columns.len().saturating_sub(1);
    let gaps = (0..last).map(|index| gap_after(columns, index, width));
    columns.iter().map(|column| column.width).sum::<usize>() + gaps.sum::<usize>()
}

/// Makes columns narrower until they fit into `width` cells or nothing more can be cut: the names of services first,
/// then the starts of addresses, then the ends of log-statuses.
fn squeeze(columns: &mut [ColumnView], width: usize) {
    let mut over = total(columns, width).saturating_sub(width);
    let mut cut = |column: &mut ColumnView, least: usize, most: usize| {
        let by = column.width.saturating_sub(least).min(over).min(most);
        column.width -= by;
        column.least = column.width;
        over -= by;
        by > 0
    };
    let of = |columns: &mut [ColumnView], field: FieldId| {
        columns.iter().position(|column| column.field == field)
    };
    if let Some(at) = of(columns, id::DSTPORT) {
        cut(&mut columns[at], MIN_PORT, usize::MAX);
    }
    let addresses: Vec<usize> = [id::SRCADDR, id::DSTADDR]
        .into_iter()
        .filter_map(|field| of(columns, field))
        .collect();
    // Cell by cell from the wider of the two.
    while let Some(at) = addresses
        .iter()
        .copied()
        .max_by_key(|at| columns[*at].width)
    {
        if !cut(&mut columns[at], MIN_ADDRESS, 1) {
            break;
        }
    }
    if let Some(at) = of(columns, id::ACTION) {
        cut(&mut columns[at], MIN_ACTION, usize::MAX);
    }
}

/// The columns on the screen if the leftmost of those that scroll is `first`.
pub(crate) fn visible(
    columns: &[ColumnView],
    frozen: usize,
    first: usize,
    width: usize,
) -> Vec<usize> {
    let frozen = frozen.min(columns.len());
    let mut shown = Vec::new();
    let mut room = width;
    let scrolled = first.max(frozen)..columns.len();
    for index in (0..frozen).chain(scrolled) {
        // A column wider than the screen is truncated rather than hidden.
        let has_none = shown.last().is_none_or(|last| *last < frozen) && index >= frozen;
        match room.checked_sub(columns[index].width) {
            Some(left) => room = left.saturating_sub(gap_after(columns, index, width)),
            None if has_none => room = 0,
            None => break,
        }
        shown.push(index);
    }
    shown
}

/// Gives the cells that the columns on the screen leave to those whose values are cut, the leftmost first.
pub(crate) fn widen(columns: &mut [ColumnView], shown: &[usize], width: usize) {
    let used = shown.iter().enumerate().map(|(place, index)| {
        let is_last = place + 1 == shown.len();
        columns[*index].width
            + if is_last {
                0
            } else {
                gap_after(columns, *index, width)
            }
    });
    let mut left = width.saturating_sub(used.sum());
    for index in shown {
        let column = &mut columns[*index];
        let more = column.whole.saturating_sub(column.width).min(left);
        column.width += more;
        left -= more;
    }
}

/// Undoes [`widen`].
pub(crate) fn narrow(columns: &mut [ColumnView]) {
    for column in columns {
        column.width = column.least;
    }
}

/// The heading of a column: AWS's field name, shortened where the values are narrower than the name.
fn title(store: &Store, field: FieldId) -> String {
    match field {
        id::INTERFACE_ID => "eni".into(),
        id::SRCPORT => "sport".into(),
        id::DSTPORT => "dport".into(),
        id::PROTOCOL => "proto".into(),
        _ => format::visible(&store.catalog.name(field)).into_owned(),
    }
}
