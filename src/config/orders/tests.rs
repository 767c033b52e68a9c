use std::fs;
use std::path::Path;

use super::super::{Change, Places};
use super::*;

fn places(home: &Path) -> Places {
    let home = home.as_os_str().to_owned();
    Places::of(|name| (name == "HOME").then(|| home.clone()))
}

fn accept(places: &Places, folder: &str, log_format: &str) {
    let accepted = Accepted {
        folder: folder.into(),
        log_format: log_format.into(),
    };
    places.make(&Change::Accept(accepted)).unwrap();
}

fn shown(places: &Places) -> Vec<String> {
    let accepted = places.accepted().unwrap().into_iter();
    let shown = |one: Accepted| format!("{}: {}", one.folder.display(), one.log_format);
    accepted.map(shown).collect()
}

#[test]
fn the_order_of_a_folder_is_kept_once_and_the_newest_counts() {
    let home = tempfile::tempdir().unwrap();
    let places = places(home.path());
    assert_eq!(shown(&places), [""; 0]);
    accept(&places, "/logs/a", "srcaddr dstaddr");
    accept(&places, "/logs/b \"x\"", "bytes");
    accept(&places, "/logs/a", "dstaddr srcaddr");
    assert_eq!(
        shown(&places),
        ["/logs/b \"x\": bytes", "/logs/a: dstaddr srcaddr"]
    );
}

#[test]
fn without_a_history_no_order_is_kept_or_read() {
    let home = tempfile::tempdir().unwrap();
    let with = places(home.path());
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
    let places = places(home.path());
    accept(&places, "/logs", "bytes");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "what is this\n{\"folder\":\"/logs\",\"log_format\":\"bytes\"}\n"
    );
    assert_eq!(shown(&places), ["/logs: bytes"]);
}

#[test]
fn the_number_of_folders_is_bounded() {
    let home = tempfile::tempdir().unwrap();
    let places = places(home.path());
    for number in 0..ENTRIES + 2 {
        accept(&places, &format!("/logs/{number}"), "bytes");
    }
    let kept = shown(&places);
    assert_eq!(kept.len(), ENTRIES);
    assert_eq!(kept[0], "/logs/2: bytes");
}
