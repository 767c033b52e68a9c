//! The tree of flow logs that the benchmarks read: generated once for a run, or the one in `FLOWDECK_BENCH_TREE`.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use flate2::read::MultiGzDecoder;
use flowdeck::synth;
use flowdeck::synth::{Plan, World};
use walkdir::WalkDir;

/// A tree on disk.
pub(crate) struct Tree {
    /// Its files, sorted by time.
    pub(crate) files: Vec<PathBuf>,
    /// Its size in bytes of text.
    pub(crate) bytes: u64,
}

/// The number of records: `FLOWDECK_BENCH_RECORDS`, by default `otherwise`.
pub(crate) fn records(otherwise: u64) -> u64 {
    env::var("FLOWDECK_BENCH_RECORDS").map_or(otherwise, |text| {
        text.parse()
            .expect("FLOWDECK_BENCH_RECORDS is a whole number")
    })
}

/// The number of files: `FLOWDECK_BENCH_FILES`, by default `otherwise`.
fn files(otherwise: usize) -> usize {
    env::var("FLOWDECK_BENCH_FILES").map_or(otherwise, |text| {
        text.parse()
            .expect("FLOWDECK_BENCH_FILES is a whole number")
    })
}

/// The tree of this run.
pub(crate) static TREE: LazyLock<Tree> =
    LazyLock::new(|| match env::var_os("FLOWDECK_BENCH_TREE") {
        Some(root) => find(Path::new(&root)),
        None => make(),
    });

/// Generates a tree below the build folder, where the next run replaces it.
fn make() -> Tree {
    let plan = Plan {
        records: records(1_000_000),
        files: files(Plan::default().files),
        ..Plan::default()
    };
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-flow-logs");
    if root.exists() {
        fs::remove_dir_all(&root).expect("the tree of an earlier run is this program's own");
    }
    let summary = synth::write(&plan, &root).expect("the build folder can be written");
    let world = World::new(&plan).expect("the plan was followed a moment ago");
    let files = (0..world.files()).map(|file| root.join(world.path(file)));
    Tree {
        files: files.collect(),
        bytes: summary.bytes_text,
    }
}

/// The tree below `root`, from an earlier run: sorted by name, its files are sorted by time.
fn find(root: &Path) -> Tree {
    let entries = WalkDir::new(root).sort_by_file_name().into_iter();
    let paths = entries.map(|entry| entry.expect("FLOWDECK_BENCH_TREE can be read").into_path());
    let files: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "gz"))
        .collect();
    let bytes = |path: &PathBuf| {
        let file = fs::File::open(path).expect("FLOWDECK_BENCH_TREE can be read");
        io::copy(&mut MultiGzDecoder::new(file), &mut io::sink()).expect("the files are whole")
    };
    Tree {
        bytes: files.iter().map(bytes).sum(),
        files,
    }
}
