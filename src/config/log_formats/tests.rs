use std::fs;
use std::path::Path;

use super::super::{Change, StateFiles};
use super::*;

fn state_files(home: &Path) -> StateFiles {
    let home = home.as_os_str().to_owned();
    StateFiles::of(|name| (name == "HOME").then(|| home.clone()))
}

fn accept(state_files: &StateFiles, folder: &str, log_format: &str) {
    let accepted = FolderFormat {
        folder: folder.into(),
        log_format: log_format.into(),
    };
    state_files.apply(&Change::AcceptFormat(accepted)).unwrap();
}

fn shown(state_files: &StateFiles) -> Vec<String> {
    let accepted = state_files.accepted_formats().unwrap().into_iter();
    let shown = |one: FolderFormat| format!("{}: {}", one.folder.display(), one.log_format);
    accepted.map(shown).collect()
}

#[test]
fn the_order_of_a_folder_is_kept_once_and_the_newest_counts() {
    let home = tempfile::tempdir().unwrap();
    let state_files = state_files(home.path());
    assert_eq!(shown(&state_files), [""; 0]);
    accept(&state_files, "/logs/a", "srcaddr dstaddr");
    accept(&state_files, "/logs/b \"x\"", "bytes");
    accept(&state_files, "/logs/a", "dstaddr srcaddr");
    assert_eq!(
        shown(&state_files),
        ["/logs/b \"x\": bytes", "/logs/a: dstaddr srcaddr"]
    );
}

#[test]
fn without_a_history_no_order_is_kept_or_read() {
    let home = tempfile::tempdir().unwrap();
    let with = state_files(home.path());
    accept(&with, "/logs", "bytes");
    let without = with.clone().without_history();
    accept(&without, "/other", "bytes");
    assert_eq!(shown(&without), [""; 0]);
    assert_eq!(shown(&with), ["/logs: bytes"]);
}

#[test]
fn lines_that_are_something_else_stay() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(".local/state/flowdeck/orders");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "what is this\n\n").unwrap();
    let state_files = state_files(home.path());
    accept(&state_files, "/logs", "bytes");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "what is this\n{\"folder\":\"/logs\",\"log_format\":\"bytes\"}\n"
    );
    assert_eq!(shown(&state_files), ["/logs: bytes"]);
}

#[test]
fn the_number_of_folders_is_bounded() {
    let home = tempfile::tempdir().unwrap();
    let state_files = state_files(home.path());
    for number in 0..MAX_FOLDERS + 2 {
        accept(&state_files, &format!("/logs/{number}"), "bytes");
    }
    let kept = shown(&state_files);
    assert_eq!(kept.len(), MAX_FOLDERS);
    assert_eq!(kept[0], "/logs/2: bytes");
}
