//! Reads Rust source just far enough to know which paths it names: words and signs, without comments and texts.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file of the crate.
pub(crate) struct SourceFile {
    /// Below the root of the package: `src/store/chunk.rs`.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// A path that begins with a name of interest, as far as it goes: `crate::store::Chunk` is `["store", "Chunk"]`
/// for the root `crate`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) line: usize,
    pub(crate) segments: Vec<String>,
    /// Whether it stands in a `mod tests`.
    pub(crate) in_tests: bool,
    /// Whether it only says who may see an item: `pub(in crate::store)`.
    pub(crate) is_visibility: bool,
}

/// Every Rust file below a folder of the package, in order of path.
pub(crate) fn files(folder: &str) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<SourceFile> = walkdir::WalkDir::new(root.join(folder))
        .sort_by_file_name()
        .into_iter()
        // What the fuzzers build is not ours.
        .filter_entry(|entry| entry.file_name() != "target")
        .map(Result::unwrap)
        .filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|suffix| suffix == "rs")
        })
        .map(|entry| SourceFile {
            text: fs::read_to_string(entry.path()).unwrap(),
            path: entry.path().strip_prefix(root).unwrap().to_owned(),
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

impl SourceFile {
    /// The modules from the root of the crate to this file: `["store", "chunk"]`; empty for the root itself.
    pub(crate) fn modules(&self) -> Vec<String> {
        let below = self.path.strip_prefix("src").unwrap().with_extension("");
        let names = below.iter().map(|name| name.to_str().unwrap().to_owned());
        names.filter(|name| name != "lib").collect()
    }

    /// Whether the file holds tests alone.
    pub(crate) fn is_tests(&self) -> bool {
        self.modules().iter().any(|name| name == "tests")
    }

    /// What the file names of its own crate, whether by `crate::` or by `super::`.
    pub(crate) fn names_of_crate(&self) -> Vec<Named> {
        let scanned = Scanned::new(&self.text);
        let mut named = scanned.rooted("crate");
        named.extend(scanned.above(&self.modules()));
        named.sort_by_key(|one| one.line);
        named
    }

    /// The string literals of the file, but for those that say why: of `expect` and `reason`.
    pub(crate) fn literals(&self) -> Vec<Literal> {
        let pieces = pieces(&self.text);
        let is_reason = |at: usize| {
            let before = |back: usize| Some(pieces.get(at.checked_sub(back)?)?.text.as_str());
            match before(1) {
                Some("(") => before(2) == Some("expect"),
                Some("=") => before(2) == Some("reason"),
                _ => false,
            }
        };
        let literals = pieces.iter().enumerate();
        let literals =
            literals.filter(|(at, piece)| piece.kind == PieceKind::Literal && !is_reason(*at));
        literals
            .map(|(_, piece)| Literal {
                line: piece.line,
                text: unquoted(&piece.text),
            })
            .collect()
    }

    /// What the file names of another crate.
    pub(crate) fn names_of(&self, other: &str) -> Vec<Named> {
        Scanned::new(&self.text).rooted(other)
    }
}

struct Token {
    line: usize,
    text: String,
    /// The modules that are open in the file itself.
    inner: Vec<String>,
}

struct Scanned(Vec<Token>);

impl Scanned {
    fn new(text: &str) -> Self {
        let mut tokens = tokens(text);
        let mut open: Vec<Option<String>> = Vec::new();
        for at in 0..tokens.len() {
            match tokens[at].text.as_str() {
                "{" => {
                    let is_module = at >= 2 && tokens[at - 2].text == "mod";
                    open.push(is_module.then(|| tokens[at - 1].text.clone()));
                }
                "}" => drop(open.pop()),
                _ => {}
            }
            tokens[at].inner = open.iter().flatten().cloned().collect();
        }
        Self(tokens)
    }

    fn text(&self, at: usize) -> &str {
        self.0.get(at).map_or("", |token| &token.text)
    }

    /// Every path that begins with `root`, with braced lists taken apart.
    fn rooted(&self, root: &str) -> Vec<Named> {
        let mut named = Vec::new();
        for at in 0..self.0.len() {
            // `a::crate_name::b` begins with `a`; `::crate_name::b` with nothing.
            let begins = at < 2 || self.text(at - 1) != "::" || !is_word(self.text(at - 2));
            if self.text(at) == root && begins && self.text(at + 1) == "::" {
                let first = named.len();
                self.tree(at + 2, &mut Vec::new(), &mut named);
                if at >= 2 && self.text(at - 2) == "(" && self.text(at - 1) == "in" {
                    for one in &mut named[first..] {
                        one.is_visibility = true;
                    }
                }
            } else if self.text(at) == root && begins && self.text(at - at.min(1)) == "use" {
                named.push(self.named(at, &[]));
            }
        }
        named
    }

    /// Every path that `super` leads to above the module of the file, as seen from the root of the crate.
    fn above(&self, modules: &[String]) -> Vec<Named> {
        let mut named = Vec::new();
        for at in 0..self.0.len() {
            if self.text(at) != "super" || at > 0 && self.text(at - 1) == "::" {
                continue;
            }
            let mut place = modules.to_vec();
            place.extend(self.0[at].inner.iter().cloned());
            let mut next = at;
            while self.text(next) == "super" && self.text(next + 1) == "::" {
                place.pop();
                next += 2;
            }
            if next > at {
                self.tree(next, &mut place, &mut named);
            }
        }
        named
    }

    /// Reads `a::b`, `a::{b, c::d}`, `*`; returns where it ends.
    fn tree(&self, mut at: usize, prefix: &mut Vec<String>, named: &mut Vec<Named>) -> usize {
        let depth = prefix.len();
        loop {
            if self.text(at) == "{" {
                at += 1;
                while self.text(at) != "}" && at < self.0.len() {
                    at = self.tree(at, prefix, named);
                    if self.text(at) == "," {
                        at += 1;
                    }
                }
                at += 1;
                break;
            }
            prefix.push(self.text(at).to_owned());
            at += 1;
            if self.text(at) == "::" && (self.text(at + 1) == "{" || is_word(self.text(at + 1))) {
                at += 1;
                continue;
            }
            if self.text(at) == "::" && self.text(at + 1) == "*" {
                prefix.push("*".into());
                at += 2;
            } else if self.text(at) == "as" {
                at += 2;
            }
            named.push(self.named(at - 1, prefix));
            break;
        }
        prefix.truncate(depth);
        // Whatever cannot be a path (`<` of generic arguments, a call) ends it.
        at
    }

    fn named(&self, at: usize, segments: &[String]) -> Named {
        let token = &self.0[at.min(self.0.len() - 1)];
        Named {
            line: token.line,
            segments: segments.to_vec(),
            in_tests: token.inner.iter().any(|name| name == "tests"),
            is_visibility: false,
        }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::` and single signs; comments, texts and characters are left out.
fn tokens(text: &str) -> Vec<Token> {
    let pieces = pieces(text).into_iter();
    let tokens = pieces.filter(|piece| piece.kind == PieceKind::Token);
    let token = |piece: Piece| Token {
        line: piece.line,
        text: piece.text,
        inner: Vec::new(),
    };
    tokens.map(token).collect()
}

/// A string literal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    pub(crate) line: usize,
    /// What it stands for, with its escapes resolved.
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PieceKind {
    Token,
    Literal,
}

struct Piece {
    kind: PieceKind,
    line: usize,
    text: String,
}

/// What the literal `"…"` stands for, without the prefix and the quotation marks.
fn unquoted(literal: &str) -> String {
    let start = literal.find('"').map_or(0, |quote| quote + 1);
    let end = literal.rfind('"').unwrap_or(literal.len());
    let text = literal.get(start..end).unwrap_or_default();
    if literal.starts_with(['r']) || literal.starts_with("br") {
        return text.to_owned();
    }
    let mut plain = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            // A line that goes on: the margin of the next one does not count.
            ('\\', Some('\n')) => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            ('\\', Some('"' | '\\' | '\'')) => plain.extend(chars.next()),
            _ => plain.push(c),
        }
    }
    plain
}

fn pieces(text: &str) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().collect();
    let peek = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let (mut at, mut line) = (0, 1);
    let mut pieces = Vec::new();
    while at < chars.len() {
        let begin = at;
        let mut add = |kind, from: usize, to: usize| {
            let text = chars[from..to.min(chars.len())].iter().collect();
            pieces.push(Piece { kind, line, text });
        };
        match (peek(at), peek(at + 1)) {
            ('/', '/') => at = until(&chars, at, |rest| rest[0] == '\n'),
            ('/', '*') => at = after_comment(&chars, at),
            ('"', _) => {
                at = after_text(&chars, at + 1);
                add(PieceKind::Literal, begin, at);
            }
            ('r' | 'b' | 'c', '"' | '#' | 'r') if raw_hashes(&chars, at).is_some() => {
                at = after_raw(&chars, at);
                add(PieceKind::Literal, begin, at);
            }
            ('b' | 'c', '"') => {
                at = after_text(&chars, at + 2);
                add(PieceKind::Literal, begin, at);
            }
            // A character, and not a lifetime.
            ('\'', '\\') => at = until(&chars, at + 3, |rest| rest[0] == '\'') + 1,
            ('\'', _) if peek(at + 2) == '\'' => at += 3,
            (':', ':') => {
                at += 2;
                add(PieceKind::Token, begin, at);
            }
            (c, _) if c.is_alphanumeric() || c == '_' => {
                at = until(&chars, at, |rest| {
                    !(rest[0].is_alphanumeric() || rest[0] == '_')
                });
                add(PieceKind::Token, begin, at);
            }
            (c, _) => {
                at += 1;
                if !c.is_whitespace() {
                    add(PieceKind::Token, begin, at);
                }
            }
        }
        let passed = &chars[begin..at.min(chars.len())];
        line += passed.iter().filter(|c| **c == '\n').count();
    }
    pieces
}

/// The first place at or after `at` where `ends` holds of the rest, or the end.
fn until(chars: &[char], at: usize, ends: impl Fn(&[char]) -> bool) -> usize {
    (at..chars.len())
        .find(|place| ends(&chars[*place..]))
        .unwrap_or(chars.len())
}

fn after_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        if chars[at..].starts_with(&['/', '*']) {
            depth += 1;
            at += 2;
        } else if chars[at..].starts_with(&['*', '/']) {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn after_text(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// How many `#` a raw text at this place has; none if there is no raw text.
fn raw_hashes(chars: &[char], at: usize) -> Option<usize> {
    let r = (at..at + 2).find(|place| chars.get(*place) == Some(&'r'))?;
    let quote = until(chars, r + 1, |rest| rest[0] != '#');
    (chars.get(quote) == Some(&'"')).then_some(quote - r - 1)
}

fn after_raw(chars: &[char], at: usize) -> usize {
    let hashes = raw_hashes(chars, at).expect("the caller looked");
    let close: String = std::iter::once('"')
        .chain(std::iter::repeat_n('#', hashes))
        .collect();
    let close: Vec<char> = close.chars().collect();
    let open = until(chars, at, |rest| rest[0] == '"') + 1;
    until(chars, open, |rest| rest.starts_with(&close)) + close.len()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let file = SourceFile {
        path: PathBuf::from("src/a/b.rs"),
        text: text.to_owned(),
    };
    let found: Vec<String> = file
        .names_of_crate()
        .iter()
        .map(|one| one.segments.join("::"))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn paths_are_found_in_every_spelling() {
    check("use crate::store::Chunk;", &["store::Chunk"]);
    check(
        "use crate::{store::{Chunk, column::Column as C}, query, ui::*};",
        &["store::Chunk", "store::column::Column", "query", "ui::*"],
    );
    check(
        "use crate::{\n    store,\n    // crate::ui\n    app,\n};",
        &["store", "app"],
    );
    check(
        "fn f(x: &crate::app::App) -> Vec<crate::store::Row> {}",
        &["app::App", "store::Row"],
    );
    check(
        "let x = crate::format::count(crate::ui::LINES);",
        &["format::count", "ui::LINES"],
    );
    check("pub(crate) struct A; pub(in crate::a) fn f() {}", &["a"]);
    check(
        "let x = [crate::query::parse::<crate::store::Row>(y)];",
        &["query::parse", "store::Row"],
    );
}

#[test]
fn super_leads_to_the_root_too() {
    check("use super::c;", &["a::c"]);
    check("use super::super::ui::draw;", &["ui::draw"]);
    check(
        "mod tests { use super::*; use super::super::super::ui; }",
        &["a::b::*", "ui"],
    );
    check("fn f() { super::super::ui::draw() }", &["ui::draw"]);
}

#[test]
fn what_is_not_code_names_nothing() {
    check(
        "// use crate::ui;\n/* crate::ui /* crate::app */ crate::ui */",
        &[],
    );
    check(
        "let a = \"crate::ui \\\" crate::ui\"; let b = r#\"crate::ui \" \"#;",
        &[],
    );
    check(
        "let a = '\"'; use crate::store; let b = '\\''; use crate::app;",
        &["store", "app"],
    );
    check("fn f<'a>(x: &'a str) -> crate::ui::X {}", &["ui::X"]);
    check(
        "let a = b\"crate::ui\"; let b = br##\"crate::ui\"# \"##; crate::app::x()",
        &["app::x"],
    );
}

#[test]
fn other_crates_are_found_by_their_roots() {
    let file = SourceFile {
        path: PathBuf::from("src/a.rs"),
        text: "use ratatui::{layout::Rect, Frame};\nfn f(x: ::ratatui::text::Line) { crate::ratatui::x() }\nuse ratatui;"
            .to_owned(),
    };
    let found: Vec<(usize, String)> = file
        .names_of("ratatui")
        .iter()
        .map(|one| (one.line, one.segments.join("::")))
        .collect();
    let expected = [
        (1, "layout::Rect"),
        (1, "Frame"),
        (2, "text::Line"),
        (3, ""),
    ];
    assert_eq!(found, expected.map(|(line, path)| (line, path.to_owned())));
}

#[test]
fn literals_are_found_with_their_lines_and_without_escapes() {
    let file = SourceFile {
        path: PathBuf::from("src/a/b.rs"),
        text: "// \"no\"\nf(\"one \\\"two\\\" \\\n      three\");\nlet x = r#\"raw \\n\"#.expect(\"why not\");".into(),
    };
    let literal = |line, text: &str| Literal {
        line,
        text: text.into(),
    };
    let expected = [literal(2, "one \"two\" three"), literal(4, "raw \\n")];
    assert_eq!(file.literals(), expected);
}
