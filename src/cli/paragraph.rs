//! Text for people, broken into lines.

use unicode_width::UnicodeWidthStr;

use crate::format;

/// How wide text for people is set.
pub(super) const WIDTH: usize = 80;

/// `text`, made visible, in lines of at most [`WIDTH`] columns that begin with `indent` spaces. A word that is
/// longer than a line stands alone on its own.
pub(super) fn wrap(text: &str, indent: usize) -> String {
    let text = format::visible(text);
    let margin = " ".repeat(indent);
    let (mut out, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        let needed = indent + line.width() + 1 + word.width();
        if !line.is_empty() && needed > WIDTH {
            out.extend([&margin, line.as_str(), "\n"]);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        out.extend([&margin, line.as_str(), "\n"]);
    }
    out
}
