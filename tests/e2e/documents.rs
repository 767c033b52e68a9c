//! The documents stay short, and what they link to is there.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The most bytes of a document that people are to read whole.
const MAX_BYTES: [(&str, usize); 2] = [("README.md", 10_000), ("ARCHITECTURE.md", 8_000)];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every document of the package, as a path below its root.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["", "docs", "benches", "findings", "sample-logs"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name();
            if Path::new(&name).extension().is_some_and(|end| end == "md") {
                found.push(Path::new(folder).join(name));
            }
        }
    }
    found.sort();
    found
}

/// The text without blocks of code.
fn prose(text: &str) -> String {
    let mut in_code = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    prose
}

/// What the links and pictures of a text point to.
fn targets(text: &str) -> Vec<String> {
    let text = prose(text);
    let mut targets = Vec::new();
    for (begin, end) in [("](", ')'), ("src=\"", '"'), ("srcset=\"", '"')] {
        let after = text.split(begin).skip(1);
        targets.extend(after.filter_map(|rest| Some(rest.split_once(end)?.0.to_owned())));
    }
    targets
}

/// The anchors that headings get: lower case, hyphens for spaces, no other signs.
fn anchors(text: &str) -> HashSet<String> {
    let headings = prose(text);
    let headings = headings
        .lines()
        .filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
    headings
        .map(|heading| {
            let kept = |c: &char| c.is_alphanumeric() || [' ', '-', '_'].contains(c);
            let kept: String = heading.chars().filter(kept).collect();
            kept.to_lowercase().replace(' ', "-")
        })
        .collect()
}

#[test]
fn documents_that_are_read_whole_are_short() {
    for (file, most) in MAX_BYTES {
        let bytes = fs::read(root().join(file)).unwrap().len();
        assert!(bytes <= most, "{file} has {bytes} bytes, more than {most}");
    }
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let documents = documents();
    assert!(documents.len() > 10, "{documents:?}");
    let mut broken = Vec::new();
    for document in documents {
        let text = fs::read_to_string(root().join(&document)).unwrap();
        let folder = document.parent().unwrap();
        for target in targets(&text) {
            if target.contains("://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = if file.is_empty() {
                document.clone()
            } else {
                folder.join(file)
            };
            let is_there = root().join(&path).exists()
                && (anchor.is_empty()
                    || fs::read_to_string(root().join(&path))
                        .is_ok_and(|text| anchors(&text).contains(anchor)));
            if !is_there {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// A path may be given from the root of the package or from `src`; `foo` is no file.
#[test]
fn the_files_of_the_code_that_documents_name_are_there() {
    let mut missing = Vec::new();
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        // The odd pieces are those between backticks.
        let code = text.split('`').skip(1).step_by(2);
        let files = code.filter(|code| {
            let ending = Path::new(code).extension();
            let is_named = code.contains('/') && !code.contains(['<', ' ']);
            is_named && ending.is_some_and(|ending| ending == "rs") && !code.starts_with("foo")
        });
        let is_missing = |file: &&str| {
            !["", "src"]
                .iter()
                .any(|from| root().join(from).join(file).is_file())
        };
        missing.extend(
            files
                .filter(is_missing)
                .map(|file| format!("{document}: {file}")),
        );
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn anchors_are_made_of_headings_as_they_are_shown() {
    let text = "# A `b`: c, d\n\n```sh\n# no heading\n```\n## What it reads\n";
    let expected = ["a-b-c-d", "what-it-reads"].map(str::to_owned);
    assert_eq!(anchors(text), HashSet::from(expected));
    assert_eq!(
        targets("[a](b.md#c) <img src=\"d\">\n```\n[e](f)\n```"),
        ["b.md#c", "d"]
    );
}
