use std::fs::create_dir_all;

use tempfile::TempDir;

use super::*;

/// A folder with files in it, each with its own name as content unless the name ends with `_$folder$`.
fn folder(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in files {
        let path = folder.path().join(name);
        create_dir_all(path.parent().unwrap()).unwrap();
        let content = if name.ends_with(FOLDER_MARK) {
            ""
        } else {
            name
        };
        fs::write(path, content).unwrap();
    }
    folder
}

/// Finds what these names under `root` mean: the names found, how many were passed over, and what went wrong.
fn found(root: &Path, names: &[&str]) -> (Vec<String>, usize, usize) {
    let inputs: Vec<Input> = names
        .iter()
        .map(|name| Input::Path(root.join(name)))
        .collect();
    let places = find(&inputs);
    let readable = places
        .list
        .iter()
        .filter(|place| place.bytes != Bytes::Nowhere);
    let name = |place: &Place| {
        let path = place.source.path.strip_prefix(root).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let readable: Vec<String> = readable.map(name).collect();
    let wrong = places.list.len() - readable.len();
    (readable, places.skipped, wrong)
}

#[track_caller]
fn check(root: &Path, names: &[&str], expected: &[&str], skipped: usize, wrong: usize) {
    let expected = expected.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found(root, names), (expected, skipped, wrong));
}

#[test]
fn a_folder_is_walked_in_the_order_of_its_paths() {
    let tree = folder(&["b/2.log", "b/1.log", "a.log", "c/d/e/3.log.gz"]);
    check(
        tree.path(),
        &[""],
        &["a.log", "b/1.log", "b/2.log", "c/d/e/3.log.gz"],
        0,
        0,
    );
    check(
        tree.path(),
        &["c", "a.log"],
        &["c/d/e/3.log.gz", "a.log"],
        0,
        0,
    );
}

#[test]
fn marks_and_hidden_files_are_passed_over_unless_they_are_named() {
    let tree = folder(&[
        "a.log",
        ".hidden.log",
        ".git/x",
        "logs_$folder$",
        "export/aws-logs-write-test",
    ]);
    check(tree.path(), &[""], &["a.log"], 4, 0);
    let names = [".hidden.log", "export/aws-logs-write-test"];
    check(tree.path(), &names, &names, 0, 0);
}

#[test]
fn a_glob_is_for_paths_that_do_not_exist_as_they_are() {
    let tree = folder(&[
        "a1.log",
        "a2.log",
        "b[1].log",
        "d/x/1.log",
        "d/y/2.log",
        "d/y/.h.log",
    ]);
    check(tree.path(), &["a?.log"], &["a1.log", "a2.log"], 0, 0);
    check(tree.path(), &["b[1].log"], &["b[1].log"], 0, 0);
    check(
        tree.path(),
        &["*.log"],
        &["a1.log", "a2.log", "b[1].log"],
        0,
        0,
    );
    check(
        tree.path(),
        &["**/*.log"],
        &["a1.log", "a2.log", "b[1].log", "d/x/1.log", "d/y/2.log"],
        0,
        0,
    );
    check(tree.path(), &["d/*"], &["d/x/1.log", "d/y/2.log"], 1, 0);
    check(tree.path(), &["z*"], &[], 0, 1);
    check(tree.path(), &["a[.log"], &[], 0, 1);
}

#[test]
fn what_is_not_there_is_told_and_does_not_stop_the_rest() {
    let tree = folder(&["a.log"]);
    create_dir_all(tree.path().join("empty")).unwrap();
    check(
        tree.path(),
        &["nothing", "a.log", "empty"],
        &["a.log"],
        0,
        2,
    );
}

#[cfg(unix)]
#[test]
fn a_file_with_two_names_is_read_once_and_a_loop_of_links_ends() {
    use std::os::unix::fs::symlink;

    let tree = folder(&["a.log", "d/x.log"]);
    let path = |name: &str| tree.path().join(name);
    fs::hard_link(path("a.log"), path("hard.log")).unwrap();
    symlink("a.log", path("soft.log")).unwrap();
    symlink("..", path("d/up")).unwrap();
    symlink("itself", path("itself")).unwrap();
    symlink("/nowhere/at/all", path("dangling.log")).unwrap();
    check(tree.path(), &[""], &["a.log", "d/x.log"], 1, 2);
    let inputs = ["a.log", "hard.log", "soft.log"].map(|name| Input::Path(path(name)));
    let places = find(&inputs);
    assert_eq!(places.list.len(), 1);
    assert_eq!(places.list[0].source.warnings.len(), 2);
}

#[cfg(unix)]
#[test]
fn a_socket_in_a_folder_is_passed_over() {
    let tree = folder(&["a.log"]);
    let _socket = std::os::unix::net::UnixListener::bind(tree.path().join("s")).unwrap();
    check(tree.path(), &[""], &["a.log"], 1, 0);
}
