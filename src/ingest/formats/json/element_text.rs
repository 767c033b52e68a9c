//! Where the elements that are open begin, so that a reject can be shown with its text.

use crate::store::source::REJECT_BYTES;

/// How many bytes of an element may wait until it is clear whether its text has to be kept.
const MAX_WAITING_BYTES: usize = 1 << 16;

/// The elements that are open, the innermost last. Only its bytes wait; of the others, the beginnings are kept.
#[derive(Debug, Default)]
pub(super) struct ElementTexts {
    open: Vec<ElementText>,
}

#[derive(Debug)]
struct ElementText {
    /// How deep it stands.
    level: usize,
    text: Text,
}

#[derive(Debug)]
enum Text {
    /// It begins here among the bytes that wait.
    At(usize),
    /// Its beginning, with what came before the element within it.
    Kept(Box<[u8]>),
}

impl ElementTexts {
    pub(super) fn clear(&mut self) {
        self.open.clear();
    }

    /// An element begins at `at`, unless one at this level is open.
    pub(super) fn begin(&mut self, level: usize, at: usize, data: &[u8]) {
        self.end_above(level);
        if let Some(last) = self.open.last_mut() {
            if last.level == level {
                if level < usize::MAX {
                    last.text = Text::At(at);
                }
                return;
            }
            last.keep(at, data);
        }
        let text = Text::At(at);
        self.open.push(ElementText { level, text });
    }

    /// The element at `level` has ended.
    pub(super) fn end(&mut self, level: usize) {
        self.end_above(level);
        if self.open.last().is_some_and(|last| last.level == level) {
            self.open.pop();
        }
    }

    fn end_above(&mut self, level: usize) {
        while self.open.last().is_some_and(|last| last.level > level) {
            self.open.pop();
        }
    }

    /// The text of the element at `level`, or of the one that holds it, up to `end`; `start` is where the last token
    /// begins.
    pub(super) fn of<'a>(
        &'a self,
        level: usize,
        data: &'a [u8],
        end: usize,
        start: usize,
    ) -> &'a [u8] {
        let mut open = self.open.iter().rev();
        let text = open.find(|open| open.level <= level || open.level == usize::MAX);
        let begin = match text.map(|open| &open.text) {
            Some(Text::At(begin)) => *begin,
            Some(Text::Kept(text)) => return text,
            None => start.min(end),
        };
        &data[begin..end.min(begin + REJECT_BYTES)]
    }

    /// How many of the first `at` bytes need not wait any longer.
    pub(super) fn use_up(&mut self, at: usize, data: &[u8]) -> usize {
        let Some(last) = self.open.last_mut() else {
            return at;
        };
        match last.text {
            Text::At(begin) if at - begin <= MAX_WAITING_BYTES => {
                last.text = Text::At(0);
                begin
            }
            Text::At(_) => {
                last.keep(at, data);
                at
            }
            Text::Kept(_) => at,
        }
    }
}

impl ElementText {
    /// Keeps the beginning of the text, up to `end`.
    fn keep(&mut self, end: usize, data: &[u8]) {
        if let Text::At(begin) = self.text {
            let end = end.min(begin + REJECT_BYTES);
            self.text = Text::Kept(data[begin..end].into());
        }
    }
}
