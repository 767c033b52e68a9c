//! Lines of a table as they stood in the file, from the words that were made of them.

use std::borrow::Cow;

use crate::store::LineStyle;

/// The line of the file behind `words`, which have a space between them where the file has a separator.
pub(crate) fn original(words: &[u8], style: Option<LineStyle>) -> Cow<'_, [u8]> {
    match style {
        Some(style @ LineStyle::Separated { .. }) => Cow::Owned(join(style, words)),
        _ => Cow::Borrowed(words),
    }
}

fn join(style: LineStyle, words: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(words.len());
    for (index, word) in words.split(|byte| *byte == b' ').enumerate() {
        if index > 0 {
            line.push(style.separator());
        }
        if word == b"-" {
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
