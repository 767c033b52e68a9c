//! Loading the same records as events of `CloudWatch`, as rows of JSON and as CSV, on one thread.

use std::fs;
use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

use criterion::{Criterion, Throughput, criterion_group};
use flate2::read::MultiGzDecoder;
use flowdeck::ingest::{Input, Options, load};
use flowdeck::schema::DEFAULT_FORMAT;

use crate::tree::TREE;

criterion_group!(benches, load_forms);

/// The most records written in each format.
const MAX_RECORDS: usize = 500_000;

/// Writes records in one format.
type Write = fn(&[String]) -> String;

/// The names of the default format, as columns.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let defs = DEFAULT_FORMAT.iter().filter_map(|field| field.def());
    defs.map(|def| def.column).collect()
});

fn load_forms(criterion: &mut Criterion) {
    let lines = lines();
    let mut group = criterion.benchmark_group("forms");
    group.sample_size(10);
    let forms: [(&str, Write); 4] = [
        ("text", text),
        ("events of CloudWatch", events),
        ("rows of JSON", rows),
        ("CSV", table),
    ];
    for (name, write) in forms {
        let document = write(&lines);
        group.throughput(Throughput::Bytes(document.len() as u64));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-form");
        fs::write(&path, &document).expect("the build folder can be written");
        drop(document);
        group.bench_function(format!("load {name}"), |bencher| {
            bencher.iter(|| assert_eq!(black_box(read(&path)), lines.len() as u64));
        });
    }
    group.finish();
}

fn read(path: &Path) -> u64 {
    let options = Options {
        threads: 1,
        ..Options::default()
    };
    let loaded = load(vec![Input::Path(path.to_owned())], options).expect("no format is given");
    loaded.store.line_counts().records
}

/// The records of the tree, without the headers.
fn lines() -> Vec<String> {
    let mut lines = Vec::new();
    for path in &TREE.files {
        let file = fs::File::open(path).expect("the tree was made for this run");
        let mut text = String::new();
        let mut decoder = MultiGzDecoder::new(file);
        decoder
            .read_to_string(&mut text)
            .expect("the files are whole");
        lines.extend(text.lines().skip(1).map(str::to_owned));
        if lines.len() >= MAX_RECORDS {
            lines.truncate(MAX_RECORDS);
            break;
        }
    }
    lines
}

fn text(lines: &[String]) -> String {
    format!("{}\n{}\n", NAMES.join(" "), lines.join("\n"))
}

/// As `filter-log-events` writes them.
fn events(lines: &[String]) -> String {
    let event = |(number, line): (usize, &String)| {
        format!(
            "{{\"logStreamName\":\"eni-0a1b2c3d4e5f60011-all\",\"timestamp\":1795400465000,\"message\":\"{line}\",\
             \"ingestionTime\":1795400565873,\"eventId\":\"{number:056}\"}}"
        )
    };
    let events: Vec<String> = lines.iter().enumerate().map(event).collect();
    format!(
        "{{\"events\":[{}],\"searchedLogStreams\":[]}}",
        events.join(",")
    )
}

fn rows(lines: &[String]) -> String {
    let row = |line: &String| {
        let members = NAMES.iter().zip(line.split(' ')).map(|(name, word)| {
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                format!("\"{name}\":{word}")
            } else {
                format!("\"{name}\":\"{word}\"")
            }
        });
        let members: Vec<String> = members.collect();
        format!("{{{}}}\n", members.join(","))
    };
    lines.iter().map(row).collect()
}

fn table(lines: &[String]) -> String {
    format!(
        "{}\n{}\n",
        NAMES.join(","),
        lines.join("\n").replace(' ', ",")
    )
}
