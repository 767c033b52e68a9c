use std::fs;
use std::thread;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::schema::FIELDS;

/// A home of its own for a test.
struct Home {
    folder: TempDir,
    files: StateFiles,
}

const HISTORY: &str = ".local/state/flowdeck/history";
const FILTERS: &str = ".config/flowdeck/filters.toml";

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().as_os_str().to_owned();
        let files = StateFiles::of(|name| (name == "HOME").then(|| home.clone()));
        Self { folder, files }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn apply(&self, change: &Change) {
        self.files.apply(change).unwrap();
    }

    /// The texts of the history, a tick after those that matched.
    fn history(&self) -> Vec<String> {
        let kept = self.files.load();
        let ticked =
            |entry: &Entry| format!("{}{}", entry.text, if entry.matched { " ✓" } else { "" });
        kept.history.entries().iter().map(ticked).collect()
    }

    fn problems(&self) -> Vec<String> {
        let problems = self.files.load().problems;
        problems.iter().map(ToString::to_string).collect()
    }

    fn fail(&self, change: &Change) -> String {
        self.files.apply(change).unwrap_err().to_string()
    }
}

fn used(text: &str, matched: bool) -> Change {
    let text = text.to_owned();
    Change::Remember(Entry { text, matched })
}

fn saved(name: &str, text: &str) -> Saved {
    let (name, text) = (name.to_owned(), text.to_owned());
    Saved { name, text }
}

#[test]
fn the_files_are_where_the_specification_puts_them() {
    #[track_caller]
    fn check(variables: &[(&str, &str)], history: Option<&str>, filters: Option<&str>) {
        let files = StateFiles::of(|name| {
            let found = variables.iter().find(|variable| variable.0 == name);
            found.map(|variable| variable.1.into())
        });
        let shown = |file: &Option<StateFile>| file.as_ref().map(|file| file.shown().to_owned());
        assert_eq!(shown(&files.history).as_deref(), history);
        assert_eq!(shown(&files.filters).as_deref(), filters);
    }
    check(&[], None, None);
    check(
        &[("HOME", "/home/ada")],
        Some("~/.local/state/flowdeck/history"),
        Some("~/.config/flowdeck/filters.toml"),
    );
    check(
        &[
            ("HOME", "/home/ada"),
            ("XDG_STATE_HOME", "/state"),
            ("XDG_CONFIG_HOME", "/home/ada/etc"),
        ],
        Some("/state/flowdeck/history"),
        Some("~/etc/flowdeck/filters.toml"),
    );
    // What is not absolute is as good as nothing.
    check(
        &[
            ("HOME", "home"),
            ("XDG_STATE_HOME", ""),
            ("XDG_CONFIG_HOME", "../etc"),
        ],
        None,
        None,
    );
}

#[test]
fn a_history_comes_back_with_the_newest_last_and_nothing_twice() {
    let home = Home::new();
    assert!(home.history().is_empty() && home.problems().is_empty());
    home.apply(&used("reject", true));
    home.apply(&used("dst port 1", false));
    home.apply(&used("accept", true));
    home.apply(&used("reject", false));
    assert_eq!(home.history(), ["dst port 1", "accept ✓", "reject"]);
    home.apply(&Change::Forget("accept".into()));
    assert_eq!(home.history(), ["dst port 1", "reject"]);
}

#[test]
fn a_history_has_no_text_twice_before_it_is_written_either() {
    let mut history = History::default();
    for (text, matched) in [("reject", true), ("accept", true), ("reject", false)] {
        let text = text.to_owned();
        history.add(Entry { text, matched });
    }
    let texts: Vec<&str> = history.entries().iter().map(|e| e.text.as_str()).collect();
    assert_eq!(texts, ["accept", "reject"]);
}

#[test]
fn a_history_has_a_thousand_filters_of_four_kibibytes_at_most() {
    let mut history = History::default();
    let entry = |text: String| Entry {
        text,
        matched: true,
    };
    for port in 0..1500 {
        assert!(history.add(entry(format!("port {port}"))));
    }
    assert_eq!(history.entries().len(), 1000);
    assert_eq!(history.entries()[0].text, "port 500");
    assert!(history.add(entry("x".repeat(4096))));
    assert!(!history.add(entry("x".repeat(4097))));
    assert!(!history.add(entry("  ".into())));

    let home = Home::new();
    let line = |port| format!("{{\"filter\":\"port {port}\"}}\n");
    home.write(HISTORY, (0..1500).map(line).collect::<String>());
    assert_eq!(home.history().len(), 1000);
    assert_eq!(home.history()[999], "port 1499");
    home.write(
        HISTORY,
        format!("{{\"filter\":\"{}\"}}\n", "x".repeat(4097)),
    );
    assert!(home.history().is_empty());
}

#[test]
fn sessions_side_by_side_lose_nothing_of_each_other() {
    let home = Home::new();
    thread::scope(|scope| {
        for session in 0..4 {
            let home = &home;
            scope.spawn(move || {
                for port in 0..10 {
                    home.apply(&used(&format!("port {session}{port}"), true));
                    let name = format!("s{session}{port}");
                    home.apply(&Change::Save(saved(&name, "reject")));
                }
            });
        }
    });
    assert_eq!(home.history().len(), 40);
    assert_eq!(home.files.load().saved.len(), 40);
}

#[test]
fn lines_that_are_no_filters_are_told_and_stay() {
    let home = Home::new();
    let strange = "not json\n{\"future\":1}\n\u{1b}[31m\n";
    home.write(
        HISTORY,
        format!("{strange}\n{{\"filter\":\"reject\",\"other\":[]}}\n"),
    );
    assert_eq!(home.history(), ["reject"]);
    let told = ["~/.local/state/flowdeck/history: 3 lines are not filters"];
    assert_eq!(home.problems(), told);
    home.apply(&used("accept", true));
    assert_eq!(
        home.read(HISTORY),
        format!(
            "{strange}{{\"matched\":false,\"filter\":\"reject\"}}\n{{\"matched\":true,\"filter\":\"accept\"}}\n"
        )
    );
    // More than a file is likely to have is passed over, so that it does not grow for ever.
    home.write(HISTORY, vec![0xff; 100_000])
        .apply(&used("accept", true));
    assert_eq!(home.history(), ["accept ✓"]);
    assert!(home.problems().is_empty());
}

#[test]
fn a_file_that_cannot_be_used_is_named_and_left_as_it_is() {
    #[track_caller]
    fn check(home: &Home, read: &str, write: &str) {
        assert_eq!(home.problems(), [read]);
        assert_eq!(home.fail(&used("reject", true)), write);
    }
    let home = Home::new();
    fs::create_dir_all(home.path(HISTORY)).unwrap();
    let fault = "~/.local/state/flowdeck/history: not a regular file";
    check(&home, fault, fault);

    let home = Home::new();
    home.write(HISTORY, "");
    let file = fs::File::options().write(true).open(home.path(HISTORY));
    file.unwrap().set_len((32 << 20) + 1).unwrap();
    let fault = "~/.local/state/flowdeck/history: larger than 33.6 MB; delete it, or move it away";
    check(&home, fault, fault);

    // Where a folder should be, there is a file.
    let home = Home::new();
    home.write(".local/state", "");
    assert!(home.problems().is_empty());
    let fault = home.fail(&used("reject", true));
    let start = "~/.local/state/flowdeck/history: cannot be written: ";
    assert!(fault.starts_with(start), "{fault}");
}

#[cfg(unix)]
#[test]
fn a_history_is_for_the_eyes_of_its_user() {
    use std::os::unix::fs::PermissionsExt as _;

    let home = Home::new();
    home.apply(&used("reject", true));
    let folder = home.path(HISTORY);
    let mode = fs::metadata(folder.parent().unwrap())
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o777, 0o700);
}

#[test]
fn without_a_home_nothing_is_kept_and_only_a_name_is_missed() {
    let nowhere = StateFiles::default();
    assert!(nowhere.load().problems.is_empty());
    nowhere.apply(&used("reject", true)).unwrap();
    let fault = nowhere
        .apply(&Change::Save(saved("scan", "reject")))
        .unwrap_err();
    assert_eq!(
        fault.to_string(),
        "set HOME or XDG_CONFIG_HOME to an absolute path"
    );

    let home = Home::new();
    let files = home.files.clone().without_history();
    files.apply(&used("reject", true)).unwrap();
    files.apply(&Change::Save(saved("scan", "reject"))).unwrap();
    assert!(!home.path(HISTORY).exists());
    assert_eq!(files.load().saved, [saved("scan", "reject")]);
}

#[test]
fn filters_have_names_that_no_field_has() {
    #[track_caller]
    fn check(name: &str, fault: Option<&str>) {
        assert_eq!(
            check_name(name)
                .err()
                .map(|problem| problem.to_string())
                .as_deref(),
            fault
        );
    }
    check("scan", None);
    check("Week-2_ssh", None);
    check("22", None);
    check("", Some("a filter needs a name"));
    for name in ["a b", "größe", "a.b", "$a", "a\u{1b}"] {
        check(
            name,
            Some("a name may only have letters a–z, digits, - and _"),
        );
    }
    check(
        &"n".repeat(41),
        Some("a name may have at most 40 characters"),
    );
    check(
        "srcAddr",
        Some("$srcAddr already stands for the srcaddr of the selected record"),
    );
    for field in FIELDS {
        for name in std::iter::once(&field.name).chain(field.aliases) {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}

#[test]
fn a_file_of_filters_is_changed_where_it_has_to_be() {
    let home = Home::new();
    let taught = "# Week 2\n\nssh   = 'dst port 22' # ours\n# the scan\nscan = \"reject\"";
    home.write(FILTERS, taught);
    home.apply(&Change::Save(saved("ssh", "dst port ssh")));
    home.apply(&Change::Save(saved("pattern", r#"/eni-\d+/ or "it""#)));
    let expected = "# Week 2\n\nssh   = \"dst port ssh\" # ours\n# the scan\nscan = \"reject\"\npattern = '/eni-\\d+/ or \"it\"'\n";
    assert_eq!(home.read(FILTERS), expected);
    let names = |home: &Home| -> Vec<String> {
        let saved = home.files.load().saved.into_iter();
        saved.map(|saved| saved.name).collect()
    };
    assert_eq!(names(&home), ["pattern", "scan", "ssh"]);
    home.apply(&Change::Unsave("ssh".into()));
    home.apply(&Change::Unsave("scan".into()));
    home.apply(&Change::Unsave("nobody".into()));
    assert_eq!(
        home.read(FILTERS),
        "# Week 2\n\n# the scan\npattern = '/eni-\\d+/ or \"it\"'\n"
    );
    home.write(
        FILTERS,
        "\u{feff}long = '''\nreject\nand dst port 22''' # two lines\nb = 'accept'\r\n",
    );
    home.apply(&Change::Save(saved("b", "reject")));
    home.apply(&Change::Unsave("long".into()));
    assert!(home.read(FILTERS).ends_with("b = \"reject\"\r\n"));
}

#[test]
fn a_new_file_of_filters_says_what_it_is() {
    let home = Home::new();
    home.apply(&Change::Save(saved("scan", "reject")));
    let text = home.read(FILTERS);
    assert!(
        text.starts_with("# ") && text.ends_with("\nscan = \"reject\"\n"),
        "{text}"
    );
}

#[test]
fn a_damaged_file_of_filters_is_named_with_its_line_and_left_as_it_is() {
    #[track_caller]
    fn check(text: impl AsRef<[u8]>, line: usize, words: &str) {
        let home = Home::new();
        home.write(FILTERS, &text);
        let [fault] = &home.problems()[..] else {
            panic!()
        };
        let start = format!("~/.config/flowdeck/filters.toml:{line}: ");
        assert!(
            fault.starts_with(&start) && fault.contains(words),
            "{fault}"
        );
        assert_eq!(home.fail(&Change::Save(saved("b", "accept"))), *fault);
        assert_eq!(home.fail(&Change::Unsave("scan".into())), *fault);
        assert_eq!(fs::read(home.path(FILTERS)).unwrap(), text.as_ref());
    }
    check("scan = 'reject'\n\nssh = dst port 22\n", 3, "");
    check("scan = 'reject'\nscan = 'accept'\n", 2, "duplicate key");
    check(
        "scan = 'reject'\nport = 22\n",
        2,
        "port is not a filter; write port = \"…\"",
    );
    check(
        "scan = 'reject'\n[week-2]\nssh = 'port 22'\n",
        2,
        "week-2 is not a filter",
    );
    check("scan = 'reject\n", 1, "");
    check(b"scan = 'reject'\nb = '\xff'\n", 2, "not valid UTF-8");
}

#[test]
fn a_name_that_cannot_be_one_is_told_and_the_others_hold() {
    let home = Home::new();
    home.write(
        FILTERS,
        "\"two words\" = 'accept'\nscan = 'reject'\nsrc_addr = 'reject'\n",
    );
    let kept = home.files.load();
    assert_eq!(kept.saved, [saved("scan", "reject")]);
    assert_eq!(
        home.problems(),
        [
            "~/.config/flowdeck/filters.toml:3: $src_addr already stands for the srcaddr of the selected record",
            "~/.config/flowdeck/filters.toml:1: a name may only have letters a–z, digits, - and _",
        ]
    );
    home.apply(&Change::Unsave("SRC_addr".into()));
    assert_eq!(home.problems().len(), 1);
}

#[test]
fn names_that_differ_in_case_alone_are_one() {
    let home = Home::new();
    home.write(FILTERS, "scan = 'reject'\nb = 'accept'\n");
    home.apply(&Change::Save(saved("SCAN", "accept")));
    assert_eq!(home.read(FILTERS), "scan = \"accept\"\nb = 'accept'\n");
    home.write(FILTERS, "scan = 'reject'\nScan = 'accept'\nZ = '1'\n");
    let kept = home.files.load();
    assert_eq!(kept.saved, [saved("Scan", "accept"), saved("Z", "1")]);
    assert_eq!(
        home.problems(),
        ["~/.config/flowdeck/filters.toml:1: scan and Scan are the same name"]
    );
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_of_filters_stays_one() {
    let home = Home::new();
    home.write("dotfiles/filters.toml", "scan = 'reject'\n");
    fs::create_dir_all(home.path(FILTERS).parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(home.path("dotfiles/filters.toml"), home.path(FILTERS)).unwrap();
    home.apply(&Change::Save(saved("scan", "accept")));
    assert_eq!(home.read("dotfiles/filters.toml"), "scan = \"accept\"\n");
    assert!(
        fs::symlink_metadata(home.path(FILTERS))
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn what_is_kept_does_nothing_to_a_terminal_that_shows_the_files() {
    let home = Home::new();
    let text = "\"\u{1b}]0;\u{9b}31m\u{7f}\u{202e}\r\n\"";
    home.apply(&used(text, true));
    home.apply(&Change::Save(saved("evil", text)));
    assert_eq!(home.history(), [format!("{text} ✓")]);
    assert_eq!(home.files.load().saved, [saved("evil", text)]);
    for file in [HISTORY, FILTERS] {
        let bytes = home.read(file);
        let acts = |line: &str| matches!(crate::format::visible(line), std::borrow::Cow::Owned(_));
        assert!(!bytes.lines().any(acts), "{bytes:?}");
    }
}

proptest! {
    // Each case writes files, and waits until they are on the disk.
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_text_comes_back(text in "\\PC*|(?s:.{1,40})", matched: bool) {
        let home = Home::new();
        let mut history = History::default();
        let is_kept = history.add(Entry { text: text.clone(), matched });
        home.apply(&used(&text, matched));
        home.apply(&Change::Save(saved("any", &text)));
        let kept = home.files.load();
        prop_assert!(kept.problems.is_empty());
        prop_assert_eq!(&kept.history, &history);
        prop_assert_eq!(kept.history.entries().len(), usize::from(is_kept));
        prop_assert_eq!(&kept.saved, &[saved("any", &text)]);
    }

    #[test]
    fn no_bytes_are_too_strange_to_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let home = Home::new();
        home.write(HISTORY, &bytes).write(FILTERS, &bytes);
        let kept = home.files.load();
        let _ = home.files.apply(&used("reject", true));
        let was_fine = kept.problems.iter().all(|problem| !problem.to_string().contains("filters.toml"));
        let made = home.files.apply(&Change::Save(saved("b", "accept")));
        if !was_fine && made.is_err() {
            prop_assert_eq!(fs::read(home.path(FILTERS)).unwrap(), bytes);
        }
        prop_assert!(home.files.load().history.entries().iter().any(|entry| entry.text == "reject"));
    }
}

#[test]
fn a_turn_that_another_session_keeps_is_not_waited_for_for_ever() {
    let home = Home::new();
    home.apply(&used("reject", true));
    let folder = home.path(HISTORY);
    let folder = fs::File::open(folder.parent().unwrap()).unwrap();
    folder.lock().unwrap();
    let fault = home.fail(&used("accept", true));
    assert_eq!(
        fault,
        "~/.local/state/flowdeck/history: another session is writing to it"
    );
    drop(folder);
    home.apply(&used("accept", true));
    assert_eq!(home.history(), ["reject ✓", "accept ✓"]);
}
