use std::path::Path;

use super::super::{Change, StateFiles};
use super::*;

fn state_files(home: &Path) -> StateFiles {
    let home = home.as_os_str().to_owned();
    StateFiles::of(|name| (name == "HOME").then(|| home.clone()))
}

fn layout(fields: &[&str], hidden: &str) -> ColumnLayout {
    ColumnLayout {
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        hidden: vec![hidden.to_owned()],
        widths: BTreeMap::from([("bytes".to_owned(), 12)]),
        ..ColumnLayout::default()
    }
}

#[test]
fn columns_are_kept_for_each_layout_and_the_newest_counts() {
    let home = tempfile::tempdir().unwrap();
    let files = state_files(home.path());
    assert_eq!(files.load().columns, []);
    let keep = |layout: &ColumnLayout| files.apply(&Change::KeepColumns(layout.clone())).unwrap();
    keep(&layout(&["bytes", "start"], "start"));
    keep(&layout(&[], "version"));
    keep(&layout(&["bytes", "start"], "bytes"));
    let wanted = [layout(&[], "version"), layout(&["bytes", "start"], "bytes")];
    assert_eq!(files.load().columns, wanted);
    // A line of a later version is kept.
    let path = home.path().join(".config/flowdeck/columns");
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.insert_str(0, "something new\n");
    std::fs::write(&path, text).unwrap();
    keep(&layout(&[], "end"));
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .starts_with("something new\n")
    );
    assert_eq!(files.load().columns.last(), Some(&layout(&[], "end")));
}
