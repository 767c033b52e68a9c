//! Lines that a transcoder made of something that is no text, and the marks by which they are told apart.
//!
//! In pieces of [`Kind::Rows`](super::feed::Kind) a line that begins with one of these marks is more than its
//! words. In pieces of real text they mean nothing, so no file can write them.

use std::borrow::Cow;

use super::unsupported::signs;
use crate::ingest::text::layout_state::LayoutState;
use crate::ingest::text::parse;
use crate::ingest::text::parse::Line;
use crate::store::{Layout, LineStyle, RejectReason};

/// A row: values with [`BETWEEN`] between them, and perhaps [`BEHIND`] and the original.
pub(crate) const ROW: u8 = 1;
/// A header that stood in the file: a form, names with [`BETWEEN`] between them, [`BEHIND`] and the original.
/// Without names it changes nothing.
pub(crate) const HEADER: u8 = 2;
/// As a header, but it stood nowhere: it is no line. Without names there is no layout from here on.
pub(crate) const LAYOUT: u8 = 3;
/// Something that cannot be read: a byte for the reason, and the original.
pub(crate) const REJECT: u8 = 4;
/// Stands between values and between names.
pub(crate) const BETWEEN: u8 = 0x1f;
/// Stands before an original.
pub(crate) const BEHIND: u8 = 0x1e;
/// Stands for a line end within an original.
pub(crate) const LINE_END: u8 = 0x1d;

/// The bytes for reasons.
const REASONS: &[(u8, RejectReason)] = &[
    (b'n', RejectReason::NoRecord),
    (b'j', RejectReason::BadJson),
    (b'l', RejectReason::LineTooLong),
    (b'f', RejectReason::TooManyFields),
    (b'w', RejectReason::TooFewFields),
    (b'q', RejectReason::OpenQuote),
    (b'c', RejectReason::CutOff),
    (b'k', RejectReason::ControlCharacter),
    (b'a', RejectReason::NoFlow),
];
/// The byte for the first of the logs and documents that are known by their names; those of the others follow.
const OTHER_LOGS: u8 = 0x80;

/// Whether a line that begins with `byte` has a mark.
pub(crate) fn is_mark(byte: u8) -> bool {
    (ROW..=REJECT).contains(&byte)
}

/// Whether a line that begins with `byte` is counted.
pub(crate) fn is_counted(byte: u8) -> bool {
    byte != LAYOUT
}

/// Whether a line that begins with `byte` may change the layout in force.
pub(crate) fn may_change(byte: u8, layout_state: &LayoutState<'_>) -> bool {
    match byte {
        ROW | REJECT => false,
        HEADER | LAYOUT => true,
        byte => layout_state.may_change(byte),
    }
}

/// Looks at a line that is about to be read.
pub(crate) fn pass(line: &[u8], layout_state: &mut LayoutState<'_>) {
    match line.split_first() {
        Some((&HEADER, rest)) => header(rest, layout_state),
        Some((&LAYOUT, rest)) => layout(rest, layout_state),
        _ => layout_state.pass(line),
    }
}

/// Reads a line of a transcoder.
pub(crate) fn line<'a>(bytes: &'a [u8], layout_state: &mut LayoutState<'_>) -> Line<'a> {
    match bytes.split_first() {
        Some((&ROW, rest)) => row(rest, layout_state),
        Some((&HEADER, rest)) => {
            header(rest, layout_state);
            Line::Header
        }
        Some((&LAYOUT, rest)) => {
            layout(rest, layout_state);
            Line::Layout
        }
        Some((&REJECT, rest)) => Line::Reject(reason(rest.first())),
        _ => parse::line(bytes, layout_state),
    }
}

fn reason(byte: Option<&u8>) -> RejectReason {
    let known = REASONS.iter().find(|(known, _)| Some(known) == byte);
    let other = || {
        let place = byte?.checked_sub(OTHER_LOGS)?;
        signs::name_at(place.into()).map(RejectReason::OtherLog)
    };
    let known = known.map(|(_, reason)| reason.clone());
    known.or_else(other).unwrap_or(RejectReason::NoRecord)
}

fn row<'a>(rest: &'a [u8], layout_state: &LayoutState<'_>) -> Line<'a> {
    let (values, original) = parts(rest);
    let (Ok(values), Some(layout)) = (str::from_utf8(values), layout_state.layout()) else {
        return Line::Reject(if layout_state.layout().is_some() {
            RejectReason::NotUtf8
        } else {
            RejectReason::UnknownLayout
        });
    };
    let original = original.map(|original| with_line_ends(String::from_utf8_lossy(original)));
    match parse::values(
        values.split(char::from(BETWEEN)),
        layout,
        layout_state.zone(),
    ) {
        Ok(_) if rest.contains(&0) => Line::Reject(RejectReason::ControlCharacter),
        Ok(record) => Line::Record(record.of(layout, original)),
        Err(reason) => Line::Reject(reason),
    }
}

/// The values and the original of a row, or the names and the original of a header.
fn parts(rest: &[u8]) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(BEHIND, rest) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    }
}

fn with_line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte == LINE_END) {
        Cow::Owned(text.replace(char::from(LINE_END), "\n"))
    } else {
        text
    }
}

/// What stood in the file where `bytes` are the line of a transcoder and `layout` is in force.
pub(crate) fn original<'a>(bytes: &'a [u8], layout: Option<&Layout>) -> Cow<'a, [u8]> {
    let lossy = |bytes| with_line_ends(String::from_utf8_lossy(bytes)).into_owned();
    match bytes.split_first() {
        Some((&REJECT, rest)) => Cow::Owned(lossy(rest.get(1..).unwrap_or_default()).into_bytes()),
        Some((&ROW, rest)) => match parts(rest) {
            (_, Some(original)) => Cow::Owned(lossy(original).into_bytes()),
            (values, None) => {
                Cow::Owned(lossy(values).replace(char::from(BETWEEN), " ").into_bytes())
            }
        },
        _ => match layout.map(|layout| layout.style) {
            Some(style @ LineStyle::Separated { .. }) => {
                let words = bytes.split(|byte| *byte == b' ');
                let words: Vec<&[u8]> = words.collect();
                Cow::Owned(join(style, &words))
            }
            _ => Cow::Borrowed(bytes),
        },
    }
}

/// The line that words give where none is missing.
fn join(style: LineStyle, words: &[&[u8]]) -> Vec<u8> {
    let mut line = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            line.push(style.separator());
        }
        let is_missing = *word == b"-";
        if is_missing {
            line.extend_from_slice(style.missing().as_bytes());
        } else {
            line.extend_from_slice(style.quote().as_bytes());
            line.extend_from_slice(word);
            line.extend_from_slice(style.quote().as_bytes());
        }
    }
    line.extend_from_slice(style.end().as_bytes());
    line
}

fn header(rest: &[u8], layout_state: &mut LayoutState<'_>) {
    let (names, original) = parts(rest);
    if let Some((style, names)) = form_and_names(names)
        && !names.is_empty()
    {
        let original = original.map(|bytes| with_line_ends(String::from_utf8_lossy(bytes)));
        layout_state.name(&names, style, original.as_deref());
    }
}

fn layout(rest: &[u8], layout_state: &mut LayoutState<'_>) {
    let (names, original) = parts(rest);
    match form_and_names(names) {
        Some((style, names)) if !names.is_empty() => {
            let original = original.map(|bytes| with_line_ends(String::from_utf8_lossy(bytes)));
            layout_state.name(&names, style, original.as_deref());
        }
        _ => layout_state.forget(),
    }
}

/// How many bytes say which form a layout has.
const FORM_BYTES: usize = 5;

fn form_and_names(bytes: &[u8]) -> Option<(LineStyle, Vec<Cow<'_, str>>)> {
    let (style, names) = bytes.split_first_chunk::<FORM_BYTES>()?;
    let style = match style {
        [b's', separator, quoted, empty, returned] => LineStyle::Separated {
            separator: *separator,
            is_quoted: *quoted == b'y',
            is_empty: *empty == b'y',
            has_return: *returned == b'y',
        },
        _ => LineStyle::Values,
    };
    let names = names.split(|byte| *byte == BETWEEN);
    let names = names.filter(|name| !name.is_empty());
    Some((style, names.map(String::from_utf8_lossy).collect()))
}

/// Writes the line of a layout: `mark` is [`HEADER`] or [`LAYOUT`].
pub(crate) fn write_layout<'n>(
    mark: u8,
    style: LineStyle,
    names: impl Iterator<Item = &'n str>,
    original: Option<&[u8]>,
    out: &mut Vec<u8>,
) {
    out.push(mark);
    let yes = |is_so| if is_so { b'y' } else { b'n' };
    match style {
        LineStyle::Separated {
            separator,
            is_quoted,
            is_empty,
            has_return,
        } => out.extend([
            b's',
            separator,
            yes(is_quoted),
            yes(is_empty),
            yes(has_return),
        ]),
        LineStyle::Values | LineStyle::Words => out.extend([b'v'; FORM_BYTES]),
    }
    for (index, name) in names.enumerate() {
        if index > 0 {
            out.push(BETWEEN);
        }
        write_text(name.as_bytes(), out);
    }
    if let Some(original) = original {
        out.push(BEHIND);
        write_original(original, out);
    }
    out.push(b'\n');
}

/// Writes the line of something that cannot be read.
pub(crate) fn write_reject(reason: &RejectReason, original: &[u8], out: &mut Vec<u8>) {
    let byte = match reason {
        RejectReason::OtherLog(name) => {
            let place = signs::place_of(name).and_then(|place| u8::try_from(place).ok());
            place.and_then(|place| OTHER_LOGS.checked_add(place))
        }
        reason => {
            let known = REASONS.iter().find(|(_, known)| known == reason);
            known.map(|(byte, _)| *byte)
        }
    };
    out.extend([REJECT, byte.unwrap_or(b'n')]);
    write_original(original, out);
    out.push(b'\n');
}

/// Writes the text of a record as a line. A line end within it, and what would pass for a mark, makes it one
/// that is rejected.
pub(crate) fn write_message(message: &[u8], out: &mut Vec<u8>) {
    let message = message.strip_suffix(b"\n").unwrap_or(message);
    let message = message.strip_suffix(b"\r").unwrap_or(message);
    let begin = out.len();
    write_text(message, out);
    if let Some(first) = out.get_mut(begin)
        && is_mark(*first)
    {
        *first = 0;
    }
    out.push(b'\n');
}

/// The name of the column of what stands under `text`: without the mark of Logs Insights, and in one word.
pub(crate) fn column_name(text: &str) -> String {
    let letter = |c: char| {
        if c.is_whitespace() || c.is_control() {
            '_'
        } else {
            c
        }
    };
    text.strip_prefix('@')
        .unwrap_or(text)
        .chars()
        .map(letter)
        .collect()
}

/// Writes a value or a name; a byte that would end it becomes one that is rejected.
pub(crate) fn write_text(text: &[u8], out: &mut Vec<u8>) {
    let begin = out.len();
    out.extend_from_slice(text);
    for byte in &mut out[begin..] {
        if matches!(*byte, b'\n' | LINE_END..=BETWEEN) {
            *byte = 0;
        }
    }
}

/// Writes an original, which may have line ends within it.
pub(crate) fn write_original(text: &[u8], out: &mut Vec<u8>) {
    let begin = out.len();
    out.extend_from_slice(text);
    for byte in &mut out[begin..] {
        match *byte {
            b'\n' => *byte = LINE_END,
            LINE_END..=BETWEEN => *byte = 0,
            _ => {}
        }
    }
}
