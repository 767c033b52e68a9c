use std::fs::create_dir_all;

use tempfile::TempDir;

use super::*;
use crate::format::Problem as _;

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
    let files = find(&inputs);
    let readable = files
        .list
        .iter()
        .filter(|file| file.bytes != Bytes::Nowhere);
    let name = |file: &InputFile| {
        let path = file.source.path.strip_prefix(root).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let readable: Vec<String> = readable.map(name).collect();
    let wrong = files.list.len() - readable.len();
    (readable, files.skipped, wrong)
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
fn a_named_file_of_a_table_is_read_with_a_warning() {
    let tree = folder(&["t/_delta_log/0.json", "t/a.parquet", "b.parquet"]);
    let files = find(&["t/a.parquet", "b.parquet"].map(|name| Input::Path(tree.path().join(name))));
    let warnings: Vec<_> = files
        .list
        .iter()
        .map(|file| file.source.warnings.len())
        .collect();
    assert_eq!(warnings, [1, 0]);
}

#[test]
fn what_programs_write_beside_their_data_is_passed_over() {
    let tree = folder(&[
        "a.parquet",
        "_metadata",
        "_common_metadata",
        "_SUCCESS",
        "_committed_12",
        "a.parquet.crc",
        "x.manifest",
        "9f-manifest.csv",
        "9f.csv.metadata",
        "_temporary/0/b.parquet",
    ]);
    check(tree.path(), &[""], &["a.parquet"], 9, 0);
    check(tree.path(), &["*"], &["a.parquet"], 8, 0);
    check(tree.path(), &["_metadata"], &["_metadata"], 0, 0);
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
    let files = find(&inputs);
    assert_eq!(files.list.len(), 1);
    assert_eq!(files.list[0].source.warnings.len(), 2);
}

#[cfg(unix)]
#[test]
fn a_socket_in_a_folder_is_passed_over() {
    let tree = folder(&["a.log"]);
    let _socket = std::os::unix::net::UnixListener::bind(tree.path().join("s")).unwrap();
    check(tree.path(), &[""], &["a.log"], 1, 0);
}

/// What is known of every file that has nothing to read, by its path below `root`.
fn statuses(root: &Path, names: &[&str]) -> Vec<(String, Status)> {
    let inputs: Vec<Input> = names
        .iter()
        .map(|name| Input::Path(root.join(name)))
        .collect();
    let files = find(&inputs).list.into_iter();
    let files = files.filter(|file| file.bytes == Bytes::Nowhere);
    let status = |file: InputFile| {
        let path = file.source.path.strip_prefix(root).unwrap();
        (path.to_str().unwrap().to_owned(), file.source.status)
    };
    files.map(status).collect()
}

#[test]
fn what_is_missing_is_told_from_what_is_empty() {
    let tree = folder(&["a.log", "hidden/.a", "hidden/.b/c", "hidden/x_$folder$"]);
    create_dir_all(tree.path().join("empty/inner")).unwrap();
    let status = |name: &str| {
        let mut found = statuses(tree.path(), &[name]);
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        let (path, status) = found.remove(0);
        assert_eq!(path, name);
        status
    };
    assert_eq!(status("nothing"), Status::Missing(MissingPath::Path));
    assert_eq!(status("a.log/x"), Status::Missing(MissingPath::Path));
    assert_eq!(status("a[.log"), Status::Missing(MissingPath::Path));
    assert_eq!(status("z*"), Status::Missing(MissingPath::Match));
    assert_eq!(status("nothing/*.log"), Status::Missing(MissingPath::Match));
    assert_eq!(status("empty"), Status::EmptyFolder(0));
    assert_eq!(status("hidden"), Status::EmptyFolder(3));
}

#[test]
fn a_folder_whose_files_were_met_before_is_not_empty() {
    let tree = folder(&["d/a.log"]);
    assert_eq!(statuses(tree.path(), &["d/a.log", "d", "d/*"]), []);
}

#[test]
fn whether_there_is_anything_to_read_is_known_at_the_first_file() {
    let tree = folder(&["d/a.log", "d/b.log"]);
    create_dir_all(tree.path().join("empty")).unwrap();
    let nothing = |names: &[&str]| {
        let paths = names.iter().map(|name| tree.path().join(name));
        let inputs: Vec<Input> = paths.map(Input::Path).collect();
        nothing_in(&inputs).map(|sources| sources.len())
    };
    assert_eq!(nothing(&["empty", "no.log", "*.gz"]), Some(3));
    assert_eq!(nothing(&["empty", "no.log", "d"]), None);
    assert_eq!(nothing(&["d/*"]), None);
    assert_eq!(nothing_in(&[Input::Stdin]).map(|list| list.len()), None);
    assert_eq!(nothing_in(&[Input::Lab]).map(|list| list.len()), None);
    let mut files = InputFiles {
        is_sample: true,
        ..InputFiles::default()
    };
    files.find(&[Input::Path(tree.path().join("d"))]);
    assert_eq!(files.list.len(), 1);
}

#[test]
fn folders_that_lie_too_deep_are_told_where_they_have_something_in_them() {
    let tree = tempfile::tempdir().unwrap();
    let deep = |levels: usize, name: &str| {
        let path: PathBuf = std::iter::repeat_n("d", levels).collect();
        tree.path().join(path).join(name)
    };
    create_dir_all(deep(63, "empty")).unwrap();
    fs::write(deep(63, "a.log"), "").unwrap();
    check(tree.path(), &[""], &[deep_name(63, "a.log").as_str()], 0, 0);
    fs::create_dir(deep(63, "d")).unwrap();
    fs::write(deep(64, "b.log"), "").unwrap();
    for name in ["", "**/*.log"] {
        let found = statuses(tree.path(), &[name]);
        let [(path, Status::Unreadable(problem))] = &found[..] else {
            panic!("{name}: {found:?}");
        };
        assert_eq!(*path, deep_name(63, "d"));
        assert_eq!(
            problem.sentence(),
            "nested 64 folders deep, so it was not searched; give its path"
        );
    }
    fs::create_dir(deep(63, "e")).unwrap();
    fs::write(deep(63, "e/c.log"), "").unwrap();
    let found = statuses(tree.path(), &[""]);
    let why = found[0].1.error().unwrap();
    assert!(
        found.len() == 1 && why.contains("(nor was 1 other folder)"),
        "{found:?}"
    );
}

fn deep_name(levels: usize, name: &str) -> String {
    "d/".repeat(levels) + name
}

#[test]
fn a_table_is_refused_as_a_whole_wherever_a_walk_meets_it() {
    let tree = folder(&[
        "a.log",
        "lake/flows/_delta_log/0.json",
        "lake/flows/day=1/p.parquet",
        "lake/flows/q.parquet",
        "lake/z.log",
        "table/data/p.parquet",
        "table/metadata/v1.metadata.json",
        "view/.hoodie/x",
        "view/p.parquet",
    ]);
    let tables = |names: &[&str]| -> Vec<String> {
        let found = statuses(tree.path(), names);
        for (path, status) in &found {
            let why = status.error().unwrap_or_default();
            assert!(why.contains("export its current rows"), "{path}: {why}");
        }
        found.into_iter().map(|(path, _)| path).collect()
    };
    let all = ["lake/flows", "table", "view"];
    assert_eq!(tables(&[""]), all);
    check(tree.path(), &[""], &["a.log", "lake/z.log"], 0, 3);
    assert_eq!(tables(&["lake/flows", "table", "view"]), all);
    // Where it is the folder of files that such a table has.
    for part in ["lake/flows/day=1", "table/data", "table/metadata"] {
        assert_eq!(tables(&[part]), [part]);
    }
    assert_eq!(tables(&["lake/*"]), ["lake/flows"]);
    assert_eq!(tables(&["**/*.parquet"]), all);
    assert_eq!(tables(&["table/data/*.parquet"]), ["table/data"]);
    check(tree.path(), &["lake/*/*.parquet"], &[], 0, 1);
    check(tree.path(), &["**/*.log"], &["a.log", "lake/z.log"], 0, 0);
    // What is named itself is always read.
    check(
        tree.path(),
        &["lake/flows/q.parquet"],
        &["lake/flows/q.parquet"],
        0,
        0,
    );
}
