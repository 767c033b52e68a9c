//! Words for a missing value that other programs than AWS's write: R writes `NA`, Hive `\N`, pandas `nan`,
//! `ClickHouse` `ᴺᵁᴸᴸ`, spreadsheets `#N/A`, Splunk `(null)`, `DataGrip` `<null>`.
//!
//! In a column of numbers, addresses or times such a word cannot be a value. In a column of text it may be one, so there
//! it is missing only where the file also has it in a column of numbers, addresses or times.

#[cfg(test)]
mod tests;

/// What `ClickHouse` writes in `JSONStrings`.
const SMALL_NULL: &str = "ᴺᵁᴸᴸ";
/// The first byte of that.
const SMALL_NULL_BEGIN: u8 = SMALL_NULL.as_bytes()[0];

/// The words, besides `-` and nothing at all.
const WORDS: [&[u8]; 15] = [
    b"NA",
    b"NULL",
    b"null",
    b"NaN",
    b"nan",
    b"N/A",
    b"n/a",
    b"#N/A",
    b"(null)",
    b"<null>",
    b"\\N",
    b"None",
    b"NaT",
    b"<NA>",
    SMALL_NULL.as_bytes(),
];

/// Whether a value is missing in every column: it is empty or `-`.
pub(crate) fn is_missing(word: &[u8]) -> bool {
    matches!(word, b"" | b"-")
}

/// Whether a value is missing in a column of numbers, addresses or times.
pub(crate) fn is_missing_unless_text(word: &[u8]) -> bool {
    is_missing(word) || place(word).is_some()
}

fn place(word: &[u8]) -> Option<usize> {
    let is_short = matches!(word.len(), 2..=4 | 6 | 12);
    let place = || WORDS.iter().position(|known| *known == word);
    is_short.then(place).flatten()
}

/// Whether a word that begins with `byte` may mean a missing value.
pub(crate) fn may_begin_word(byte: u8) -> bool {
    matches!(
        byte,
        b'N' | b'n' | b'#' | b'(' | b'<' | b'\\' | SMALL_NULL_BEGIN
    )
}

/// Which words a file has used for missing values so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MissingWords {
    /// Which of [`WORDS`] stood in a column of numbers, addresses or times.
    used: u16,
    /// Which of them stood in a column of text before that, and so were kept as text.
    kept: u16,
}

impl MissingWords {
    /// Takes in a value of a column of numbers, addresses or times. To be called for all such values of a row before
    /// [`MissingWords::is_missing_text`] is.
    pub(crate) fn note(&mut self, word: &[u8]) {
        if let Some(place) = place(word) {
            self.used |= 1 << place;
        }
    }

    /// Whether a value in a column of text is missing.
    pub(crate) fn is_missing_text(&mut self, word: &[u8]) -> bool {
        let Some(place) = place(word) else {
            return is_missing(word);
        };
        let bit = 1 << place;
        if self.used & bit == 0 {
            self.kept |= bit;
        }
        self.used & bit != 0
    }

    /// Whether a value in a column of text is missing, where all values of the file have been noted.
    pub(crate) fn is_settled_missing(&self, word: &[u8]) -> bool {
        is_missing(word) || place(word).is_some_and(|place| self.used & (1 << place) != 0)
    }

    /// Whether `word` may mean a missing value in a column of text, and no value so far has settled that it does.
    pub(crate) fn is_unsettled(&self, word: &[u8]) -> bool {
        place(word).is_some_and(|place| self.used & (1 << place) == 0)
    }

    /// What to say where a word was kept as text before it turned out to mean a missing value.
    pub(crate) fn warning(&self) -> Option<String> {
        let both = self.used & self.kept;
        let words = WORDS.iter().enumerate();
        let words = words.filter(|(place, _)| both & (1 << place) != 0);
        let words: Vec<String> = words
            .map(|(_, word)| format!("`{}`", String::from_utf8_lossy(word)))
            .collect();
        let is = |was, is, one| {
            let words = words.join(", ");
            format!(
                "{words} in columns of text {was} kept as text up to the first row where a number, an address or a time \
                 is {one}, and {is} missing from there on; move such a row to the top"
            )
        };
        match words.as_slice() {
            [] => None,
            [word] => Some(is("was", "is", word.as_str())),
            _ => Some(is("were", "are", "one of them")),
        }
    }
}
