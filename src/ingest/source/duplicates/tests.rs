use std::fs;

use super::*;

#[test]
fn only_files_with_the_same_bytes_are_twins() {
    let folder = tempfile::tempdir().unwrap();
    let mut long = vec![b'x'; BLOCK + 10];
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("a", b"one".to_vec()),
        ("b", b"two".to_vec()),
        ("c", b"one".to_vec()),
        ("d", b"one, and more".to_vec()),
        ("empty", Vec::new()),
        ("also empty", Vec::new()),
        ("long", long.clone()),
        ("other end", {
            *long.last_mut().unwrap() = b'y';
            long.clone()
        }),
        ("long again", vec![b'x'; BLOCK + 10]),
        ("a again", b"one".to_vec()),
    ];
    let mut duplicates = DuplicateFiles::default();
    let mut found = Vec::new();
    for (index, (name, bytes)) in files.iter().enumerate() {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        found.push(duplicates.meet(index, &path, bytes.len() as u64));
    }
    let none = None;
    assert_eq!(
        found,
        [
            none,
            none,
            Some(0),
            none,
            none,
            none,
            none,
            none,
            Some(6),
            Some(0)
        ]
    );
}

#[test]
fn a_file_that_is_gone_is_no_twin() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    fs::write(&path, "one").unwrap();
    let mut duplicates = DuplicateFiles::default();
    assert_eq!(duplicates.meet(0, &folder.path().join("gone"), 3), None);
    assert_eq!(duplicates.meet(1, &path, 3), None);
    assert_eq!(duplicates.meet(2, &folder.path().join("gone too"), 3), None);
}
