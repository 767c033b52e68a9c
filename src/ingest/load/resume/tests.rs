use std::path::Path;

use super::*;
use crate::store::LineCounts;

fn part(lines: u64, status: Status) -> Source {
    let line_counts = LineCounts {
        lines,
        records: lines,
        ..LineCounts::default()
    };
    Source {
        line_counts,
        status,
        ..Source::default()
    }
}

/// How a file ends of which `parts` were read one after the other.
fn ended(parts: &[(u64, Status)], is_full: bool) -> Status {
    let mut file = InputFile::of_file(Path::new("."), &std::fs::metadata(".").unwrap());
    file.follow(false);
    let states = ResumeStates::default();
    let mut ended = Status::Ok;
    for (lines, ending) in parts {
        let mut source = part(*lines, ending.clone());
        states.add_up(&file, &mut source, is_full);
        ended = source.status;
    }
    ended
}

#[test]
fn a_look_for_more_that_was_ended_changes_nothing() {
    let stopped = || Status::Stopped;
    assert_eq!(ended(&[(3, Status::Ok), (0, stopped())], false), Status::Ok);
    assert_eq!(ended(&[(3, Status::Ok), (1, stopped())], false), stopped());
    assert_eq!(ended(&[(3, Status::Ok), (0, stopped())], true), stopped());
    assert_eq!(ended(&[(0, stopped())], false), stopped());
}

#[test]
fn a_round_without_lines_leaves_no_file_empty_that_had_some() {
    let parts = [(3, Status::Ok), (0, Status::Empty)];
    assert_eq!(ended(&parts, false), Status::Ok);
    assert_eq!(ended(&[(0, Status::Empty)], false), Status::Empty);
}
