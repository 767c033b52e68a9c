//! Parses one line (the scalar path): the reference for the vectorized path, and its fallback.

use std::borrow::Cow;
use std::sync::Arc;

use super::layout_state::LayoutState;
use super::layouts::LineClass;
use super::piece::LINE_BYTES;
use super::separated;
use super::value;
use super::value::Doubt;
use super::words::words;
use super::zone::InputZone;
use crate::schema::{Address, FieldId, Kind, Value, id};
use crate::store::{Layout, LineStyle, RejectReason};

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// A record; the values are in the order of the layout in effect, or of the one that this line alone has.
    Record(Record<'a>, Option<Arc<Layout>>),
    /// The names of the columns of the lines after it.
    Header,
    Comment,
    Blank,
    /// A layout change that is not a line of the file.
    Layout,
    /// Nothing that can be read.
    Reject(RejectReason),
}

/// The values of a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    /// In the order of the layout.
    pub(crate) values: Vec<Value<'a>>,
    /// The line, where printing the values does not give it again.
    pub(crate) original: Option<Cow<'a, str>>,
    /// Whether a time was written in a smaller unit than seconds.
    pub(crate) is_scaled: bool,
    /// What had to be assumed of a value, and its word.
    pub(crate) doubts: Vec<(FieldId, Doubt, &'a str)>,
}

/// Reads a line, which has no line end any more. A header changes what `layout_state` knows.
pub(crate) fn line<'a>(bytes: &'a [u8], layout_state: &mut LayoutState<'_>) -> Line<'a> {
    if bytes.len() > LINE_BYTES {
        return Line::Reject(RejectReason::LineTooLong);
    }
    let Ok(text) = str::from_utf8(bytes) else {
        return Line::Reject(RejectReason::NotUtf8);
    };
    if bytes.contains(&0) {
        return Line::Reject(RejectReason::ControlCharacter);
    }
    match layout_state.meet(text) {
        LineClass::Blank => Line::Blank,
        LineClass::Comment => Line::Comment,
        LineClass::Header => Line::Header,
        LineClass::Words => {
            let Some(layout) = layout_state.layout() else {
                return Line::Reject(RejectReason::UnknownLayout);
            };
            match values(words(text), layout, layout_state.zone()) {
                Ok(record) => Line::Record(record.of(layout, Some(line_of(text, layout))), None),
                Err(reason) => in_other_order(text, layout_state)
                    .ok_or(reason)
                    .map_or_else(Line::Reject, |(record, layout)| {
                        Line::Record(record, Some(layout))
                    }),
            }
        }
    }
}

/// The record of a line that does not fit the layout in effect, where it has another order that is known.
fn in_other_order<'a>(
    text: &'a str,
    layout_state: &mut LayoutState<'_>,
) -> Option<(Record<'a>, Arc<Layout>)> {
    let layout = layout_state.other_layout(text)?;
    let record = values(words(text), &layout, layout_state.zone()).ok()?;
    Some((record.of(&layout, Some(Cow::Borrowed(text))), layout))
}

/// The line of the file whose words are `text`.
fn line_of<'a>(text: &'a str, layout: &Layout) -> Cow<'a, str> {
    match separated::original(text.as_bytes(), Some(layout.style)) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(line) => Cow::Owned(String::from_utf8_lossy(&line).into_owned()),
    }
}

/// The values of words; the original is still unknown. Times that name no zone are in `zone`.
pub(crate) fn values<'a>(
    mut words: impl Iterator<Item = &'a str>,
    layout: &Layout,
    zone: InputZone,
) -> Result<Record<'a>, RejectReason> {
    let read = |field, word| match layout.style {
        LineStyle::Words => value::read(field, word).map(|value| (value, None)),
        LineStyle::Values | LineStyle::Separated { .. } => value::read_loosely(field, word, zone),
    };
    let mut values = Vec::with_capacity(layout.fields.len());
    let (mut is_scaled, mut doubts) = (false, Vec::new());
    for field in &layout.fields {
        let word = words.next().ok_or(RejectReason::TooFewFields)?;
        let value = read(*field, word).ok_or(RejectReason::BadValue(*field));
        is_scaled |= field.kind() == Kind::Time && value::is_scaled(word);
        let shortened = || value::is_shortened(*field, word).then_some(Doubt::Digits);
        values.push(value.map(|(value, doubt)| {
            if let Some(doubt) = doubt.or_else(shortened) {
                doubts.push((*field, doubt, word));
            }
            value
        }));
    }
    let is_remark = |word: &str| layout.style == LineStyle::Words && word.starts_with('#');
    if words.next().is_some_and(|word| !is_remark(word)) {
        return Err(RejectReason::TooManyFields);
    }
    let values: Vec<Value<'a>> = values.into_iter().collect::<Result<_, _>>()?;
    check_macs(&values, layout)?;
    Ok(Record {
        values,
        original: None,
        is_scaled,
        doubts,
    })
}

impl<'a> Record<'a> {
    /// With the line that stood in the file, where printing the values does not give it.
    pub(crate) fn of(mut self, layout: &Layout, original: Option<Cow<'a, str>>) -> Self {
        self.original = original.filter(|line| *line != print(&self.values, layout.style));
        self
    }
}

/// Only the records of EFA traffic have MAC addresses.
pub(crate) fn check_macs(values: &[Value<'_>], layout: &Layout) -> Result<(), RejectReason> {
    let fields = || layout.fields.iter().zip(values);
    let is_efa = fields().any(|(field, value)| *field == id::TYPE && *value == EFA);
    let mac = fields().find(|(_, value)| matches!(value, Value::Address(Address::Mac(_))));
    match mac {
        Some((field, _)) if !is_efa => Err(RejectReason::BadValue(*field)),
        _ => Ok(()),
    }
}

/// The traffic type of EFA, which knows no IP addresses.
const EFA: Value<'static> = Value::Word("EFA");

/// The line that the columns of a chunk give.
fn print(values: &[Value<'_>], style: LineStyle) -> String {
    let mut line = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            line.push(style.separator().into());
        }
        let text = match value {
            Value::Missing => {
                line += style.missing();
                continue;
            }
            Value::Number(number) => Cow::Owned(number.to_string()),
            Value::Address(address) => Cow::Owned(address.to_string()),
            Value::Word(word) => Cow::Borrowed(*word),
        };
        line += style.quote();
        line += &text;
        line += style.quote();
    }
    line += style.end();
    line
}
