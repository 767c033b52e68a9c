use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;

/// A program that takes everything, beside a file with its arguments.
const TAKES: &str = "echo \"$*\" > \"$0.args\"; /bin/cat > \"$0.got\"";
/// A program that takes everything and cannot use it.
const FAILS: &str = "/bin/cat > /dev/null; exit 1";

/// Long enough for a program of these tests on any machine.
const LONG: Duration = Duration::from_mins(1);

/// A folder of programs, each with its script.
fn programs(scripts: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, script) in scripts {
        // A shell writes them: a file that this process has open for writing, or another thread's child, cannot
        // be run.
        let status = Command::new("/bin/sh")
            .args([
                "-c",
                "printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\"; chmod 755 \"$1\"",
                "sh",
            ])
            .arg(folder.path().join(name))
            .arg(script)
            .status();
        assert!(status.unwrap().success());
    }
    folder
}

/// An environment with these variables, where only the programs of `folder` are found.
fn environment(variables: &[&str], folder: &Path) -> Environment {
    let mut known: BTreeMap<&str, OsString> =
        variables.iter().map(|name| (*name, "1".into())).collect();
    known.insert("PATH", folder.into());
    Environment::of(|name| known.get(name).cloned())
}

fn got(folder: &TempDir, program: &str) -> Option<String> {
    fs::read_to_string(folder.path().join(format!("{program}.got"))).ok()
}

fn deliver(variables: &[&str], folder: &TempDir, text: &str) -> Delivery {
    environment(variables, folder.path()).deliver(&text.into(), LONG)
}

#[test]
fn a_program_of_the_desktop_gets_the_text() {
    let text = "2 123456789012 eni-\u{1b}[31m \u{fc} 10.0.0.1\n";
    for (variable, name, args) in [
        ("WAYLAND_DISPLAY", "wl-copy", "--type text/plain"),
        ("DISPLAY", "xclip", "-selection clipboard"),
        ("DISPLAY", "xsel", "--clipboard --input"),
    ] {
        let folder = programs(&[(name, TAKES)]);
        assert_eq!(deliver(&[variable], &folder, text), Delivery::Clipboard);
        assert_eq!(got(&folder, name).as_deref(), Some(text));
        let with = fs::read_to_string(folder.path().join(format!("{name}.args")));
        assert_eq!(with.unwrap().trim_end(), args);
        // Without a desktop nothing is run.
        let folder = programs(&[(name, TAKES)]);
        assert_eq!(deliver(&[], &folder, text), Delivery::Terminal);
        assert_eq!(got(&folder, name), None);
    }
}

#[test]
fn the_next_program_gets_the_text_that_one_did_not_take() {
    let all = ["WAYLAND_DISPLAY", "DISPLAY"];
    let folder = programs(&[("wl-copy", FAILS), ("xclip", TAKES), ("xsel", TAKES)]);
    assert_eq!(deliver(&all, &folder, "text"), Delivery::Clipboard);
    assert_eq!(got(&folder, "xclip").as_deref(), Some("text"));
    assert_eq!(got(&folder, "xsel"), None);
    let folder = programs(&[("wl-copy", FAILS), ("xsel", FAILS)]);
    assert_eq!(deliver(&all, &folder, "text"), Delivery::Terminal);
}

#[test]
fn tmux_gets_the_text_beside_the_desktop() {
    let folder = programs(&[("tmux", TAKES), ("xclip", TAKES)]);
    assert_eq!(deliver(&["TMUX"], &folder, "one"), Delivery::Tmux);
    assert_eq!(got(&folder, "tmux").as_deref(), Some("one"));
    let delivery = deliver(&["TMUX", "DISPLAY"], &folder, "two");
    assert_eq!(delivery, Delivery::Clipboard);
    for name in ["tmux", "xclip"] {
        assert_eq!(got(&folder, name).as_deref(), Some("two"));
    }
    // An old tmux does not know -w.
    let old = format!("[ \"$2\" = -w ] && exit 1; {TAKES}");
    let folder = programs(&[("tmux", &old), ("xclip", FAILS)]);
    let delivery = deliver(&["TMUX", "DISPLAY"], &folder, "three");
    assert_eq!(delivery, Delivery::Tmux);
    assert_eq!(got(&folder, "tmux").as_deref(), Some("three"));
}

#[test]
fn a_program_that_does_not_end_is_given_up_and_killed() {
    let text: Arc<str> = "x".repeat(1 << 20).into();
    let folder = programs(&[("xclip", "exec /bin/sleep 600"), ("xsel", TAKES)]);
    let environment = environment(&["DISPLAY"], folder.path());
    let hangs = environment.programs[0];
    assert!(!environment.takes(&hangs, &text, Duration::from_millis(1)));
    // Long texts reach a program all the same.
    let takes = environment.programs[1];
    assert!(environment.takes(&takes, &text, LONG));
    assert_eq!(got(&folder, "xsel").as_deref(), Some(&*text));
}

#[test]
fn a_program_that_does_not_read_all_of_a_text_did_not_take_it() {
    let folder = programs(&[("xclip", "exit 0"), ("xsel", "exit 0")]);
    let text = "x".repeat(1 << 20);
    let limit = TERMINAL_BYTES;
    let delivery = deliver(&["DISPLAY"], &folder, &text);
    assert_eq!(delivery, Delivery::TooLong { limit });
}

#[test]
fn a_program_that_stays_in_the_background_is_not_waited_for() {
    let stays = format!("{TAKES}; /bin/sleep 600 & echo $! > \"$0.id\"");
    let folder = programs(&[("xclip", &stays)]);
    assert_eq!(deliver(&["DISPLAY"], &folder, "text"), Delivery::Clipboard);
    let id = fs::read_to_string(folder.path().join("xclip.id")).unwrap();
    let ended = Command::new("/bin/sh")
        .args(["-c", &format!("kill {id}")])
        .status();
    assert!(ended.unwrap().success(), "it stayed until now");
}

#[test]
fn what_ends_the_jobs_of_the_terminal_does_not_end_a_program() {
    let folder = programs(&[("xclip", &format!("kill -0 -$$ && {{ {TAKES}; }}"))]);
    let delivery = deliver(&["DISPLAY"], &folder, "text");
    assert_eq!(delivery, Delivery::Clipboard, "it leads a group of its own");
}

#[test]
fn what_is_too_long_for_a_terminal_is_not_sent_in_part() {
    let folder = programs(&[]);
    let limit = TERMINAL_BYTES;
    let fits = "x".repeat(limit);
    assert_eq!(deliver(&[], &folder, &fits), Delivery::Terminal);
    let too_long = deliver(&[], &folder, &(fits.clone() + "x"));
    assert_eq!(too_long, Delivery::TooLong { limit });
    let folder = programs(&[("xclip", TAKES)]);
    let delivery = deliver(&["DISPLAY"], &folder, &(fits + "x"));
    assert_eq!(delivery, Delivery::Clipboard);
}

#[test]
fn gnu_screen_gets_short_pieces_that_make_up_the_sequence() {
    let text = "0123456789".repeat(200);
    let plain = sequences(&text, false);
    assert!(plain.starts_with(b"\x1b]52;c;MDEy") && plain.ends_with(b"\x07"));
    let wrapped = String::from_utf8(sequences(&text, true)).unwrap();
    let pieces: Vec<&str> = wrapped
        .split_terminator("\x1b\\")
        .map(|piece| piece.strip_prefix("\x1bP").unwrap())
        .collect();
    assert!(pieces.iter().all(|piece| piece.len() <= 200));
    assert_eq!(pieces.concat().as_bytes(), plain);
    let is_in_screen = |variables: &[&str]| environment(variables, Path::new("")).is_in_screen;
    assert!(is_in_screen(&["STY"]) && !is_in_screen(&["TMUX"]));
}

#[test]
fn an_empty_variable_is_none() {
    let environment = Environment::of(|name| (name != "PATH").then(OsString::new));
    assert!(!environment.is_in_screen);
    let desktop = environment.programs.iter().map(|program| program.name);
    assert!(desktop.eq(cfg!(target_os = "macos").then_some("pbcopy")));
}

#[test]
fn base64_pads_to_four() {
    let pairs = [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foobar", "Zm9vYmFy"),
    ];
    for (plain, coded) in pairs {
        assert_eq!(base64(plain.as_bytes()), coded);
    }
}
