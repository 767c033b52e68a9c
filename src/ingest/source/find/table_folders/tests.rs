use std::fs::{create_dir_all, write};

use super::*;

#[track_caller]
fn check(files: &[&str], expected: Option<Table>) {
    let folder = tempfile::tempdir().unwrap();
    for name in files {
        let path = folder.path().join(name);
        create_dir_all(path.parent().unwrap()).unwrap();
        write(path, "").unwrap();
    }
    assert_eq!(Table::of(folder.path()), expected, "{files:?}");
}

#[test]
fn a_table_is_known_by_its_own_log() {
    check(
        &["_delta_log/00000000000000000000.json", "a.parquet"],
        Some(Table::Delta),
    );
    check(
        &["metadata/v1.metadata.json", "data/a.parquet"],
        Some(Table::Iceberg),
    );
    check(
        &["metadata/00001-5f8d.gz.metadata.json"],
        Some(Table::Iceberg),
    );
    check(&[".hoodie/hoodie.properties"], Some(Table::Hudi));
}

#[test]
fn other_folders_are_no_tables() {
    check(&["a.log", "metadata/readme.json"], None);
    check(&["_delta_log", "metadata", ".hoodie"], None);
    check(&["tables/_delta_log/0.json"], None);
}

#[test]
fn a_folder_in_a_table_is_a_part_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join("flows/data/day=1");
    create_dir_all(&part).unwrap();
    assert_eq!(Table::around(&part), None);
    create_dir_all(folder.path().join("flows/metadata")).unwrap();
    write(folder.path().join("flows/metadata/1.metadata.json"), "").unwrap();
    let (table, whole) = Table::around(&part).unwrap();
    assert_eq!(table, Table::Iceberg);
    assert_eq!(
        whole,
        fs::canonicalize(folder.path().join("flows")).unwrap()
    );
    assert_eq!(Table::around(&folder.path().join("flows")), None);
}
