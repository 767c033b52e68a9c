//! Functions of other query languages: `contains('10.0.0.0/8', srcaddr)` of Athena, `cidrmatch` of Splunk,
//! `ipv4_is_in_range` of KQL, `isPrivateIP` of Logs Insights, `regexp_like` of SQL.

use super::Returns;
use crate::query::address;
use crate::query::expression::Name;
use crate::query::lex::{self, Lexeme, LexemeKind};
use crate::query::print;
use crate::schema::{Kind, Storage};
use crate::store::Catalog;

/// What a function with a field and perhaps a text stands for.
#[derive(Clone, Copy)]
enum Meaning {
    Private,
    Public,
    Missing,
    Exists,
    Matches,
    Contains,
    Begins,
    Ends,
}

/// The functions, in lower case without `_`.
const FUNCTIONS: [(&str, Meaning); 23] = [
    ("isprivateip", Meaning::Private),
    ("ipv4isprivate", Meaning::Private),
    ("isprivate", Meaning::Private),
    ("ispublicip", Meaning::Public),
    ("isnull", Meaning::Missing),
    ("isnotnull", Meaning::Exists),
    ("isnotempty", Meaning::Exists),
    ("isnotblank", Meaning::Exists),
    ("exists", Meaning::Exists),
    ("regexplike", Meaning::Matches),
    ("regexpmatches", Meaning::Matches),
    ("regexmatch", Meaning::Matches),
    ("match", Meaning::Matches),
    ("matches", Meaning::Matches),
    ("contains", Meaning::Contains),
    ("strpos", Meaning::Contains),
    ("instr", Meaning::Contains),
    ("position", Meaning::Contains),
    ("includes", Meaning::Contains),
    ("startswith", Meaning::Begins),
    ("hasprefix", Meaning::Begins),
    ("endswith", Meaning::Ends),
    ("hassuffix", Meaning::Ends),
];

/// What the result of `function` says.
pub(super) fn returns(function: &str) -> Returns {
    match spelling(function).as_str() {
        "strpos" | "instr" | "position" => Returns::Position,
        spelling if spelling.contains("compare") => Returns::Order,
        _ => Returns::Truth,
    }
}

/// A name as [`FUNCTIONS`] has it.
fn spelling(function: &str) -> String {
    function.to_ascii_lowercase().replace('_', "")
}

/// The filter that a call of `function` stands for; `inside` is what its parentheses hold. None where it cannot be told.
pub(super) fn filter(function: &str, inside: &[Lexeme<'_>], catalog: &Catalog) -> Option<String> {
    let field = |lexeme: &Lexeme<'_>| match lexeme.kind {
        LexemeKind::Word => catalog.lookup(lexeme.text),
        LexemeKind::Name { .. } => catalog.lookup(&lexeme.name_text()),
        _ => None,
    };
    // Names of types, as in `cast(srcaddr as ipaddress)`, are words too, and no fields of files.
    let field = inside.iter().find_map(field)?;
    let name = Name::of(catalog, field);
    let texts: Vec<String> = inside.iter().filter_map(text).collect();
    if field.kind() == Kind::Address {
        let is_network = |text: &&String| address::read(text, true).is_ok();
        let networks: Vec<&str> = texts
            .iter()
            .filter(is_network)
            .map(String::as_str)
            .collect();
        match networks.as_slice() {
            [] => {}
            [network] => return Some(format!("{name} in {network}")),
            several => return Some(format!("{name} in {{{}}}", several.join(", "))),
        }
    }
    let spelling = spelling(function);
    let (_, meaning) = FUNCTIONS.iter().find(|(known, _)| *known == spelling)?;
    let is_text = field.storage() == Storage::Word;
    let is_address = field.kind() == Kind::Address;
    let wanted = || texts.first().filter(|_| is_text).cloned();
    match meaning {
        Meaning::Private => is_address.then(|| format!("{name} private")),
        Meaning::Public => is_address.then(|| format!("{name} public")),
        Meaning::Missing => Some(print::term(catalog, field, "-", true)),
        Meaning::Exists => Some(print::term(catalog, field, "-", false)),
        Meaning::Matches => Some(format!("{name} matches {}", lex::quoted(&wanted()?))),
        Meaning::Contains => Some(format!("{name} contains {}", lex::quoted(&wanted()?))),
        Meaning::Begins => {
            let text = wanted().filter(|text| is_plain(text))?;
            Some(format!("{name} matches /^{text}/"))
        }
        Meaning::Ends => {
            let text = wanted().filter(|text| is_plain(text))?;
            Some(format!("{name} matches /{text}$/"))
        }
    }
}

/// The text of a value in quotes.
fn text(lexeme: &Lexeme<'_>) -> Option<String> {
    match lexeme.kind {
        LexemeKind::Quoted { .. } => Some(lexeme.quoted_text()),
        LexemeKind::Pattern { .. } => Some(lexeme.pattern_text().0),
        _ => None,
    }
}

/// Whether `text` stands for itself in a regular expression.
fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_:@ ".contains(c))
}
