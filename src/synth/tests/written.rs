use std::collections::{HashMap, HashSet};
use std::io::Read;

use flate2::read::MultiGzDecoder;
use tempfile::TempDir;

use super::*;
use crate::ingest::{self, Input, Options};
use crate::store::RowId;

/// The files of a tree by their paths below its root, decompressed.
fn tree(root: &Path) -> HashMap<PathBuf, String> {
    walkdir::WalkDir::new(root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file() && entry.file_name() != ANSWER_KEY)
        .map(|entry| {
            let bytes = fs::read(entry.path()).unwrap();
            let mut text = String::new();
            if entry
                .path()
                .extension()
                .is_some_and(|suffix| suffix == "gz")
            {
                MultiGzDecoder::new(&bytes[..])
                    .read_to_string(&mut text)
                    .unwrap();
            } else {
                text = String::from_utf8(bytes).unwrap();
            }
            (entry.path().strip_prefix(root).unwrap().to_owned(), text)
        })
        .collect()
}

#[test]
fn a_tree_is_the_same_whatever_the_number_of_threads_and_the_compression() {
    let plan = with_scenarios();
    let world = World::new(&plan).unwrap();
    let written = |threads: usize, world: &World| {
        let root = TempDir::new().unwrap();
        let summary = write_files(world, root.path(), threads).unwrap();
        (tree(root.path()), summary)
    };
    let (one, summary) = written(1, &world);
    assert_eq!(written(3, &world), (one.clone(), summary.clone()));
    assert_eq!(one.len(), 12);
    for file in 0..world.files() {
        assert_eq!(one[&world.path(file)].as_bytes(), world.text(file));
    }

    let uncompressed = Plan {
        gzip: false,
        ..plan
    };
    let (texts, sums) = written(2, &World::new(&uncompressed).unwrap());
    assert_eq!(sums.bytes_written, sums.bytes_text);
    assert!(summary.bytes_written * 3 < sums.bytes_written);
    assert_eq!(
        texts.values().collect::<HashSet<_>>(),
        one.values().collect::<HashSet<_>>()
    );
}

#[test]
fn a_written_tree_has_its_answer_key_and_a_summary_that_adds_up() {
    let root = TempDir::new().unwrap();
    let folder = root.path().join("new");
    let plan = with_scenarios();
    let summary = write(&plan, &folder).unwrap();
    assert_eq!((summary.files, summary.records), (12, 12_345));
    let kinds = [
        summary.accept,
        summary.reject,
        summary.nodata,
        summary.skipdata,
    ];
    assert_eq!(kinds.iter().sum::<u64>(), summary.records);
    assert!(kinds.iter().all(|count| *count > 0), "{kinds:?}");
    let lines: usize = tree(&folder)
        .values()
        .map(|text| text.lines().count())
        .sum();
    assert_eq!(lines, 12_345 + 12);
    let key = fs::read_to_string(answer_key(&folder)).unwrap();
    let key: serde_json::Value = serde_json::from_str(&key).unwrap();
    assert_eq!(key["planted"][0]["scenario"], "port-scan");
    assert_eq!(key["planted"][0]["records"], 1002);
    assert_eq!(key["records"], 12_345);

    let again = write(&plan, &folder).unwrap_err();
    assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
    assert!(again.to_string().contains("name a new one"), "{again}");
}

#[test]
fn what_is_read_from_a_tree_is_what_was_generated_value_by_value() {
    let root = TempDir::new().unwrap();
    let plan = Plan {
        ipv6_percent: 10,
        ..with_scenarios()
    };
    write(&plan, root.path()).unwrap();
    let world = World::new(&plan).unwrap();
    let fields = plan.version.fields();
    let inputs = vec![Input::Path(root.path().to_owned())];
    let store = ingest::load(inputs, Options::default()).unwrap().store;

    assert_eq!(store.rows() as u64, plan.records);
    assert_eq!(store.rejects().count(), 0);
    assert_eq!(
        store.sources().len(),
        world.files(),
        "the answer key is passed over"
    );
    let expected: Vec<Vec<String>> = (0..world.files())
        .map(|file| {
            let text = String::from_utf8(world.text(file)).unwrap();
            text.lines().map(str::to_owned).collect()
        })
        .collect();
    let mut seen = HashSet::new();
    for row in (0..).take(store.rows()).map(RowId) {
        let (source, line) = store.source_position(row);
        assert!(seen.insert((source, line)));
        let values: Vec<String> = fields
            .iter()
            .map(|field| store.cell_text(row, *field))
            .collect();
        let index = usize::try_from(line).unwrap() - 1;
        assert_eq!(values.join(" "), expected[source][index]);
    }
}
