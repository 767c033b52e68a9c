//! Checks that generated blocks of the documents are current, and rewrites them with `UPDATE_DOCS=1`.

use std::env;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Tests run in parallel, and two of them may rewrite blocks of one file.
static TURN: Mutex<()> = Mutex::new(());

/// Asserts that the block `<!-- marker:begin --> … <!-- marker:end -->` of a file of the package holds
/// `expected`. With `UPDATE_DOCS=1` in the environment it rewrites the block instead.
#[track_caller]
pub(crate) fn check_block(file: &str, marker: &str, expected: &str) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    let current =
        with_block(&text, marker, expected).unwrap_or_else(|fault| panic!("{file}: {fault}"));
    if current == text {
        return;
    }
    assert!(
        env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1"),
        "the block {marker} of {file} is out of date; `UPDATE_DOCS=1 cargo test` rewrites it to:\n{expected}"
    );
    // Anyone who reads the file meanwhile finds the old text or the new one.
    let folder = path.parent().expect("a file is in a folder");
    let mut new = tempfile::NamedTempFile::new_in(folder).unwrap();
    std::io::Write::write_all(&mut new, current.as_bytes()).unwrap();
    let permissions = fs::metadata(&path).unwrap().permissions();
    new.as_file().set_permissions(permissions).unwrap();
    new.persist(&path).unwrap();
}

/// The text with the content of a block replaced.
fn with_block(text: &str, marker: &str, content: &str) -> Result<String, String> {
    let (begin, end) = (
        format!("<!-- {marker}:begin -->"),
        format!("<!-- {marker}:end -->"),
    );
    for sign in [&begin, &end] {
        let count = text.matches(sign.as_str()).count();
        if count != 1 {
            return Err(format!("{sign} occurs {count} times, not once"));
        }
    }
    let (before, rest) = text.split_once(&begin).expect("counted above");
    let (_, after) = rest
        .split_once(&end)
        .ok_or_else(|| format!("{end} is before {begin}"))?;
    let content = content.trim_matches('\n');
    let newline = if content.is_empty() { "" } else { "\n" };
    Ok(format!("{before}{begin}\n{content}{newline}{end}{after}"))
}

/// The content of a block.
pub(crate) fn block(text: &str, marker: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("<!-- {marker}:begin -->"))?;
    let (content, _) = rest.split_once(&format!("<!-- {marker}:end -->"))?;
    Some(content.trim_matches('\n').to_owned())
}

pub(crate) fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn the_layers_are_documented_as_they_are_checked() {
    check_block("CONTRIBUTING.md", "layers", &crate::layers::markdown());
}

#[test]
fn every_dependency_has_its_reason_in_alphabetical_order() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let table = block(&read("CONTRIBUTING.md"), "dependencies").expect("the block is there");
    let told: Vec<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter(|(_, reason)| reason.ends_with(". |"))
        .map(|(name, _)| name)
        .collect();
    assert!(told.is_sorted(), "{told:?}");
    let used = ["dependencies", "dev-dependencies"]
        .iter()
        .flat_map(|section| manifest[*section].as_table().unwrap().keys());
    let untold: Vec<&String> = used.filter(|name| !told.contains(&name.as_str())).collect();
    assert!(
        untold.is_empty(),
        "CONTRIBUTING.md gives no reason for {untold:?}"
    );
}

#[test]
fn a_block_is_replaced_and_what_is_around_it_stays() {
    let text = "a\n<!-- keys:begin -->\nold\nlines\n<!-- keys:end -->\nz\n";
    let new = "a\n<!-- keys:begin -->\n| new |\n<!-- keys:end -->\nz\n";
    assert_eq!(with_block(text, "keys", "| new |\n").as_deref(), Ok(new));
    assert_eq!(with_block(new, "keys", "\n| new |").as_deref(), Ok(new));
    let empty = "a\n<!-- keys:begin -->\n<!-- keys:end -->\nz\n";
    assert_eq!(with_block(new, "keys", "").as_deref(), Ok(empty));
}

#[test]
fn a_block_that_does_not_occur_once_is_an_error() {
    #[track_caller]
    fn check(text: &str, words: &str) {
        let fault = with_block(text, "keys", "x").unwrap_err();
        assert!(fault.contains(words), "{fault}");
    }
    check("nothing", "keys:begin --> occurs 0 times");
    check("<!-- keys:begin -->", "keys:end --> occurs 0 times");
    check(
        "<!-- keys:begin --><!-- keys:begin --><!-- keys:end -->",
        "2 times",
    );
    check("<!-- keys:end --><!-- keys:begin -->", "is before");
}
