mod compressed;
mod overlaps;
mod tables;

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::ingest::{Loaded, Loading, Options, load, start};
use crate::store::{Catalog, MissingPath, RowId, Status, Store};

/// How long a test waits before it fails: far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What follows a folder, or files in it.
struct Live {
    folder: TempDir,
    events: Receiver<LoadEvent>,
    loading: Option<Loading>,
    loaded: Loaded,
    caught_up: bool,
    finished: bool,
}

impl Live {
    /// Follows the folder with these files, or those of `names` alone.
    fn start(files: &[(&str, &str)], names: &[&str]) -> Self {
        Self::start_with(files, names, Options::default())
    }

    fn start_with(files: &[(&str, &str)], names: &[&str], options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let mut inputs: Vec<Input> = names
            .iter()
            .map(|name| Input::Path(folder.path().join(name)))
            .collect();
        if inputs.is_empty() {
            inputs.push(Input::Path(folder.path().to_owned()));
        }
        let options = Options {
            follow: Some(FollowIntervals {
                poll: Duration::from_millis(2),
                walk: Duration::from_millis(4),
            }),
            threads: 2,
            ..options
        };
        let catalog = Arc::new(Catalog::default());
        let (sender, events) = mpsc::channel();
        let sink = move |event| drop(sender.send(event));
        let loading = start(inputs, options, Arc::clone(&catalog), sink).unwrap();
        let mut live = Self {
            folder,
            events,
            loading: Some(loading),
            loaded: Loaded {
                store: Store::new(catalog, Vec::new()),
                ..Loaded::default()
            },
            caught_up: false,
            finished: false,
        };
        while !live.caught_up {
            live.hear();
        }
        live
    }

    fn hear(&mut self) {
        let event = self.events.recv_timeout(PATIENCE).expect("more to come");
        self.caught_up |= matches!(event, LoadEvent::CaughtUp(_));
        self.finished |= matches!(event, LoadEvent::Finished { .. });
        self.loaded.take_in(event);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn append(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let options = OpenOptions::new().append(true).create(true).to_owned();
        let mut file = options.open(self.path(name)).unwrap();
        file.write_all(bytes.as_ref()).unwrap();
    }

    /// The lines in reading order, each with its file and its number.
    fn lines(&self) -> Vec<String> {
        lines(&self.loaded.store)
    }

    #[track_caller]
    fn wait_for(&mut self, expected: &[&str]) {
        while self.lines() != expected {
            let event = self.events.recv_timeout(PATIENCE);
            let Ok(event) = event else {
                panic!("{:#?} never became {expected:#?}", self.lines());
            };
            self.loaded.take_in(event);
        }
    }

    /// Stops, and takes in what is left.
    fn stop(&mut self) -> &Store {
        let loading = self.loading.take().unwrap();
        loading.stop();
        while !self.finished {
            self.hear();
        }
        loading.wait();
        for source in self.loaded.store.sources() {
            assert!(source.line_counts.is_balanced(), "{source:?}");
        }
        &self.loaded.store
    }
}

fn lines(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    for chunk in store.reading_order() {
        let base = store.base(*chunk as usize);
        let rows = store.chunks()[*chunk as usize].rows();
        for row in base..base + u32::try_from(rows).unwrap() {
            let (source, line) = store.source_position(RowId(row));
            let path = &store.sources()[source].path;
            let name = path.file_name().unwrap().to_string_lossy();
            let text = store.line_text(RowId(row));
            lines.push(format!("{name}:{line} {text}"));
        }
    }
    lines
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_is_appended_is_read_and_a_line_half_written_waits_for_its_end() {
    let mut live = Live::start(&[("a.log", "srcaddr bytes\n10.0.0.1 1\n10.0.")], &[]);
    live.wait_for(&["a.log:2 10.0.0.1 1"]);
    live.append("a.log", "0.2 2\n10.0.0.3 3");
    live.wait_for(&["a.log:2 10.0.0.1 1", "a.log:3 10.0.0.2 2"]);
    live.append("a.log", "3\nbytes srcaddr\n4 10.0.0.4\nwhat\n");
    live.wait_for(&[
        "a.log:2 10.0.0.1 1",
        "a.log:3 10.0.0.2 2",
        "a.log:4 10.0.0.3 33",
        "a.log:6 4 10.0.0.4",
    ]);
    live.append("a.log", "5 10.0.0.5");
    let store = live.stop();
    let source = &store.sources()[0];
    assert_eq!(
        (source.line_counts.lines, source.line_counts.rejects),
        (7, 1)
    );
    assert_eq!(source.layouts.len(), 2);
    assert_eq!(source.status, Status::Ok);
    assert_eq!(store.rejects().kept[0].line, 7);
}

#[test]
fn a_last_line_without_an_end_is_told_when_following_ends() {
    let mut live = Live::start(&[("a.log", "srcaddr\n10.0.0.1\n10.0.0.2")], &[]);
    let store = live.stop();
    let source = &store.sources()[0];
    assert_eq!(source.line_counts.lines, 2);
    assert_eq!(
        source.warnings,
        ["the last line is incomplete and was not read"]
    );
}

#[test]
fn a_file_that_was_cut_short_is_read_from_its_beginning() {
    let mut live = Live::start(&[("a.log", "srcaddr\n10.0.0.1\n10.0.0.2\n")], &["a.log"]);
    File::create(live.path("a.log")).unwrap();
    live.append("a.log", "srcaddr\n10.0.0.3\n");
    live.wait_for(&["a.log:2 10.0.0.1", "a.log:3 10.0.0.2", "a.log:2 10.0.0.3"]);
    live.append("a.log", "10.0.0.4\n");
    live.wait_for(&[
        "a.log:2 10.0.0.1",
        "a.log:3 10.0.0.2",
        "a.log:2 10.0.0.3",
        "a.log:3 10.0.0.4",
    ]);
    assert_eq!(live.stop().sources().len(), 2);
}

#[test]
fn a_file_that_was_written_anew_and_longer_is_read_from_its_beginning() {
    let mut live = Live::start(&[("a.log", "srcaddr\n10.0.0.1\n")], &["a.log"]);
    fs::write(
        live.path("a.log"),
        "bytes srcaddr\n1 10.0.0.2\n2 10.0.0.3\n",
    )
    .unwrap();
    live.wait_for(&[
        "a.log:2 10.0.0.1",
        "a.log:2 1 10.0.0.2",
        "a.log:3 2 10.0.0.3",
    ]);
    live.stop();
}

#[test]
fn nothing_is_lost_when_a_file_is_rotated() {
    // In a folder, where the old file is found under its new name, and alone, where it is held.
    for names in [&[][..], &["a.log"]] {
        let mut live = Live::start(&[("a.log", "srcaddr\n10.0.0.1\n")], names);
        let mut old = OpenOptions::new()
            .append(true)
            .open(live.path("a.log"))
            .unwrap();
        fs::rename(live.path("a.log"), live.path("a.log.1")).unwrap();
        writeln!(old, "10.0.0.2").unwrap();
        live.wait_for(&["a.log:2 10.0.0.1", "a.log:3 10.0.0.2"]);
        live.append("a.log", "bytes\n7\n");
        live.wait_for(&["a.log:2 10.0.0.1", "a.log:3 10.0.0.2", "a.log:2 7"]);
        writeln!(old, "10.0.0.3").unwrap();
        live.wait_for(&[
            "a.log:2 10.0.0.1",
            "a.log:3 10.0.0.2",
            "a.log:2 7",
            "a.log:4 10.0.0.3",
        ]);
        assert_eq!(live.stop().sources().len(), 2, "{names:?}");
    }
}

#[test]
fn new_files_of_a_folder_are_read_after_those_that_were_there() {
    let mut live = Live::start(&[("b.log", "srcaddr\n10.0.0.1\n")], &[]);
    fs::write(live.path("a.log.gz"), gzip("bytes\n7\n8\n")).unwrap();
    live.wait_for(&["b.log:2 10.0.0.1", "a.log.gz:2 7", "a.log.gz:3 8"]);
    live.append("c.log", "srcaddr\n10.0.0.2\n");
    live.wait_for(&[
        "b.log:2 10.0.0.1",
        "a.log.gz:2 7",
        "a.log.gz:3 8",
        "c.log:2 10.0.0.2",
    ]);
    live.append("b.log", "10.0.0.3\n");
    live.append("c.log", "10.0.0.4\n");
    while live.loaded.store.rows() < 6 {
        live.hear();
    }
    let store = live.stop();
    assert_eq!(store.sources().len(), 3);
    assert_eq!(store.line_counts().records, 6);
    assert_eq!(
        store.sources()[1].compression,
        crate::store::Compression::named("gzip")
    );
}

#[test]
fn a_file_that_is_not_there_yet_is_read_when_it_comes() {
    let mut live = Live::start(&[], &["later.log"]);
    assert_eq!(
        live.loaded.store.sources()[0].status,
        Status::Missing(MissingPath::Path)
    );
    live.append("later.log", "srcaddr\n10.0.0.1\n");
    live.wait_for(&["later.log:2 10.0.0.1"]);
    let store = live.stop();
    assert_eq!(store.sources().len(), 1);
    assert_eq!(store.sources()[0].status, Status::Ok);
}

#[test]
fn a_pattern_and_an_empty_folder_are_done_with_when_a_file_comes() {
    let mut live = Live::start(&[("a.log", "srcaddr\n")], &["a.log", "b*.log", "c"]);
    let status = |live: &Live, at: usize| live.loaded.store.sources()[at].status.clone();
    assert_eq!(status(&live, 1), Status::Missing(MissingPath::Match));
    assert_eq!(status(&live, 2), Status::Missing(MissingPath::Path));
    // A file that is there anew has not come for the pattern.
    live.append("new", "srcaddr\n10.0.0.9\n");
    fs::rename(live.path("new"), live.path("a.log")).unwrap();
    live.wait_for(&["a.log:2 10.0.0.9"]);
    assert_eq!(status(&live, 1), Status::Missing(MissingPath::Match));
    fs::create_dir(live.path("c")).unwrap();
    live.append("b1.log", "srcaddr\n10.0.0.1\n");
    live.append("c/x.log", "srcaddr\n10.0.0.2\n");
    live.append("b2.log", "srcaddr\n10.0.0.3\n");
    live.wait_for(&[
        "a.log:2 10.0.0.9",
        "b1.log:2 10.0.0.1",
        "x.log:2 10.0.0.2",
        "b2.log:2 10.0.0.3",
    ]);
    let store = live.stop();
    let all = store.sources().iter();
    assert!(
        all.clone().all(|source| source.status == Status::Ok),
        "{:?}",
        store.sources()
    );
    assert_eq!(all.len(), 5);
}

#[test]
fn a_new_file_with_the_bytes_of_another_is_known_as_that() {
    for drop_duplicates in [false, true] {
        let options = Options {
            drop_duplicates,
            ..Options::default()
        };
        let text = "srcaddr\n10.0.0.1\n10.0.0.2\n";
        let mut live = Live::start_with(&[("a.log", text)], &[], options);
        fs::write(live.path("b.log.gz"), gzip(text)).unwrap();
        fs::write(live.path("c.log.gz"), gzip(text)).unwrap();
        while live.loaded.store.line_counts().duplicates == 0 {
            live.hear();
        }
        let rows = if drop_duplicates { 4 } else { 6 };
        assert_eq!(live.loaded.store.rows(), rows);
        assert_eq!(live.stop().line_counts().duplicates, 2);
    }
}

/// An event of `CloudWatch` with this id.
fn event(id: u32) -> String {
    format!(
        "{{\"id\":\"{id}\",\"message\":\"2 1 eni-{id} 10.0.0.1 10.0.0.2 1 22 6 1 5 1 2 ACCEPT OK\"}}"
    )
}

#[test]
fn what_is_appended_to_a_table_and_to_json_is_read_as_it_comes() {
    let table = "srcaddr,bytes\n10.0.0.1,1\n10.0.";
    let document = format!("{{\"events\":[{},{{\"mess", event(1));
    let mut live = Live::start(&[("a.csv", table), ("b.json", &document)], &[]);
    let event_line = |line: u32, id: u32| {
        format!("b.json:{line} 2 1 eni-{id} 10.0.0.1 10.0.0.2 1 22 6 1 5 1 2 ACCEPT OK")
    };
    let first = event_line(1, 1);
    live.wait_for(&["a.csv:2 10.0.0.1,1", &first]);
    let second = event(2);
    let (begin, rest) = second.split_at(3);
    live.append("b.json", format!("age\":\"2 1\"}},{begin}"));
    live.append("a.csv", "0.2,2\n\"10.0.0.3\",");
    while live.loaded.store.rows() < 3 {
        live.hear();
    }
    live.append("b.json", format!("{rest},"));
    live.append("a.csv", "3\n");
    live.append("b.json", format!("{}]}}\n{}", event(1), event(3)));
    while live.loaded.store.rows() < 7 {
        live.hear();
    }
    let mut lines = live.lines();
    lines.sort();
    let (second, again, last) = (event_line(3, 2), event_line(4, 1), event_line(5, 3));
    assert_eq!(
        lines,
        [
            "a.csv:2 10.0.0.1,1",
            "a.csv:3 10.0.0.2,2",
            "a.csv:4 \"10.0.0.3\",3",
            &first,
            &second,
            &again,
            &last
        ]
    );
    live.append("a.csv", "10.0.0.4");
    live.append("b.json", "{\"message\":");
    let bytes = |name: &str| fs::metadata(live.path(name)).unwrap().len();
    let size = bytes("a.csv") + bytes("b.json");
    while live.loaded.store.line_counts().bytes_read < size {
        live.hear();
    }
    let store = live.stop();
    assert_eq!(store.line_counts().duplicates, 1);
    assert_eq!(store.rejects().count(), 1);
    for source in store.sources() {
        assert_eq!(source.status, Status::Ok);
        let last = source.warnings.last().map(String::as_str);
        assert_eq!(last, Some("the last line is incomplete and was not read"));
    }
}

#[test]
fn white_space_alone_does_not_say_what_a_file_is() {
    let mut live = Live::start(&[("b.json", "\n\n")], &[]);
    live.append("b.json", event(1));
    live.wait_for(&["b.json:1 2 1 eni-1 10.0.0.1 10.0.0.2 1 22 6 1 5 1 2 ACCEPT OK"]);
    live.stop();
}

/// How files may begin that grow, and what may come to them.
const GROWING: [(&str, [&str; 7]); 3] = [
    (
        "",
        [
            "10.0.0.1 7\n",
            "10.0.0.2 8\r\n",
            "srcaddr bytes\n",
            "bytes srcaddr\n",
            "# note\n",
            "\n",
            "what is this\n",
        ],
    ),
    (
        "srcaddr,note\n",
        [
            "10.0.0.1,a\n",
            "10.0.0.2,\"b, c\"\n",
            "10.0.0.3,\"d\ne\"\n",
            "note,srcaddr\n",
            "# note\n",
            "\n",
            "what,is,this\n",
        ],
    ),
    (
        "",
        [
            "{\"events\":[{\"message\":\"2 1 eni-1 10.0.0.1 10.0.0.2 1 22 6 1 5 1 2 ACCEPT OK\"},\n{\"message\":\"x\"}]}\n",
            "{\"message\":\"2 1 eni-2 10.0.0.1 10.0.0.2 1 22 6 1 5 1 2 ACCEPT OK\"}\n",
            "{\"srcaddr\":\"10.0.0.1\",\n\"bytes\":7}",
            "[{\"srcaddr\":\"10.0.0.1\",\"dstport\":22}]\n",
            "{}\n",
            "\n",
            "{\"bytes\":}\n",
        ],
    ),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_file_that_grows_bit_by_bit_gives_what_it_gives_at_once(
        words in proptest::collection::vec(0..7usize, 1..40),
        cuts in proptest::collection::vec(1..60usize, 1..12),
        (beginning, parts) in prop::sample::select(GROWING.as_slice()),
    ) {
        let parts = words.iter().map(|word| parts[*word]);
        let text: String = [beginning].into_iter().chain(parts).collect();
        // What is white alone waits until it is clear what it begins.
        prop_assume!(!text.trim().is_empty());
        let mut live = Live::start(&[("a.log", "")], &[]);
        let mut rest = text.as_bytes();
        for cut in cuts {
            let (part, after) = rest.split_at(cut.min(rest.len()));
            live.append("a.log", part);
            // Long enough for each append to be noticed separately.
            thread::sleep(Duration::from_millis(3));
            rest = after;
        }
        live.append("a.log", rest);
        let whole = load(vec![Input::Path(live.path("a.log"))], Options::default()).unwrap();
        let line_counts = whole.store.line_counts();
        // What is no flow log when it is complete may still become one while it grows.
        prop_assume!(whole.store.sources()[0].status == Status::Ok);
        while live.loaded.store.line_counts().bytes_read < line_counts.bytes_read {
            live.hear();
        }
        let store = live.stop();
        prop_assert_eq!(lines(store), lines(&whole.store));
        prop_assert_eq!(store.line_counts(), line_counts);
        prop_assert_eq!(&store.sources()[0].layouts, &whole.store.sources()[0].layouts);
        prop_assert_eq!(&store.rejects().kept, &whole.store.rejects().kept);
    }
}
