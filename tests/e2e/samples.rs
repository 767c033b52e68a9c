//! Opens every sample, and holds the filters of `sample-logs/README.md` to what they find.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs")
}

fn run(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_flowdeck"))
        .args(args)
        .current_dir(root())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// A filter of the README, the file that it is for, and how many records it says that it finds.
fn promises() -> Vec<(String, String, u64)> {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let mut file = None;
    let mut promises = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let name = title.split(':').next().unwrap_or_default();
            file = Some(name.to_owned()).filter(|name| root().join(name).is_file());
        }
        let shown = line.strip_prefix("    ").zip(file.as_ref());
        let Some((line, file)) = shown else {
            continue;
        };
        if let Some((filter, rest)) = line.split_once("  ") {
            let count = rest.split_whitespace().next().unwrap_or_default();
            let count = count.replace(',', "").parse();
            promises.extend(
                count
                    .ok()
                    .map(|count| (filter.to_owned(), file.clone(), count)),
            );
        }
    }
    promises
}

#[test]
fn the_filters_of_the_samples_find_what_is_said() {
    let promises = promises();
    assert!(promises.len() > 30, "{promises:?}");
    for (filter, file, count) in promises {
        let found = run(&["query", "--count", "--filter", &filter, &file]);
        assert_eq!(found.trim(), count.to_string(), "{file}: {filter}");
    }
}

#[test]
fn every_sample_is_described_and_read_whole() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "README.md" || root().join(&name).is_dir() {
            continue;
        }
        let places = [format!("## {name}: "), format!("| `{name}` | ")];
        assert!(places.iter().any(|place| text.contains(place)), "{name}");
        let account = run(&["inspect", "--output", "json", &name]);
        assert!(account.contains(r#""rejects":0,"#), "{name}: {account}");
        assert!(account.contains(r#""status":"ok""#), "{name}: {account}");
    }
}
