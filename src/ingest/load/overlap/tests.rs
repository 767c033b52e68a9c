use super::recorded::MAX_SPANS;
use super::*;

#[test]
fn the_flow_log_of_a_file_is_named_by_its_object_or_a_folder() {
    let of = |path: &str| identity::of_path(Path::new(path)).map(|one| one.to_string());
    for (path, expected) in [
        (
            "logs/123456789012_vpcflowlogs_us-east-1_fl-0c10d1ab02e4f6a81_20261123T0220Z_5a2c0102.log.gz",
            "fl-0c10d1ab02e4f6a81",
        ),
        ("fl-00aa11bb22cc33dd4/flow.log", "fl-00aa11bb22cc33dd4"),
        (
            "exportedlogs/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/eni-1-all/000000.gz",
            "the export task 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        ),
    ] {
        assert_eq!(of(path).as_deref(), Some(expected), "{path}");
    }
    for path in [
        "flow.log",
        "fl-/x",
        "fl-abc.log",
        "hfl-0c10d1ab02e4f6a81.log",
        "waffl-00aa11bb22cc.log",
        "0f1e2d3c-4b5a-6978-8796/x.log",
    ] {
        assert_eq!(of(path), None, "{path}");
    }
}

fn recorded(spans: &[(u64, u64)], actions: u64) -> Recorded {
    let mut recorded = Recorded::default();
    for span in spans {
        recorded.add(*span, actions);
    }
    recorded
}

#[test]
fn only_the_same_traffic_over_the_same_time_is_repeated() {
    let day = 86_400;
    let first = recorded(&[(0, 60), (60, 120), (5 * day, 5 * day + 60)], 1);
    assert_eq!(first.spans, [(0, 120), (5 * day, 5 * day + 60)]);
    assert!(first.repeats(&recorded(&[(30, 90)], 1)));
    assert!(first.repeats(&recorded(&[(30, 90)], 3)));
    assert!(first.repeats(&recorded(&[(5 * day, 5 * day + 60)], 0)));
    assert!(!first.repeats(&recorded(&[(30, 90)], 2)));
    assert!(!first.repeats(&recorded(&[(day, 2 * day)], 1)));
    assert!(!first.repeats(&recorded(&[(120, 180)], 1)));
    // A record that ends when it starts.
    assert!(recorded(&[(7, 7)], 1).repeats(&recorded(&[(7, 7)], 1)));
    assert!(recorded(&[(7, 7)], 1).repeats(&recorded(&[(0, 60)], 1)));
}

#[test]
fn few_spans_are_kept_of_each_interface() {
    let week = 7 * 86_400;
    let spans: Vec<(u64, u64)> = (0..1000).map(|at| (at * week, at * week + 60)).collect();
    let recorded = recorded(&spans, 1);
    assert_eq!(recorded.spans.len(), MAX_SPANS);
    assert!(recorded.spans.is_sorted());
    assert_eq!(recorded.spans.last().unwrap().1, 999 * week + 60);
}

/// The filter for the flow log of the first of these paths.
fn filter(paths: &[&str]) -> Option<String> {
    let mut identities = Identities::default();
    for (source, path) in paths.iter().enumerate() {
        identities.enter_path(source, Path::new(path));
    }
    let first = identities.of_source(0)?;
    identities.filter(first, &Catalog::default())
}

#[test]
fn a_filter_selects_the_records_of_its_flow_log_alone() {
    let object = "a/1_vpcflowlogs_x_fl-0aa1bb22cc33dd441_1.log";
    let expected = Some("file contains fl-0aa1bb22cc33dd441".to_owned());
    assert_eq!(
        filter(&[object, "b/fl-0aa1bb22cc33dd442.log", "c.log"]),
        expected
    );
    // The name of the other one has the id, too.
    assert_eq!(
        filter(&["fl-0aa1bb22/x.log", "fl-0aa1bb22/y_fl-0aa1bb23.log"]),
        None
    );
}

#[test]
fn a_log_group_is_selected_by_what_the_paths_of_its_files_have_in_common() {
    let mut identities = Identities::default();
    for (source, path) in ["x/a/1", "x/b/1", "x/a/2"].iter().enumerate() {
        identities.enter_path(source, Path::new(path));
    }
    for (source, group) in [(0, "/a"), (1, "/b"), (2, "/a")] {
        identities.enter_log_group(source, group);
    }
    let catalog = Catalog::default();
    let first = identities.of_source(0).unwrap();
    assert_eq!(
        identities.filter(first, &catalog).as_deref(),
        Some("file contains \"x/a/\"")
    );
    let field = catalog.extra("log group");
    let code = catalog.dictionaries.of(field).code("1:\"x\"");
    let named = identities.of_term((field, code), "1:\"x\"", 3).unwrap();
    assert_eq!(
        identities.filter(named, &catalog).as_deref(),
        Some("`log group` == \"1:\\\"x\\\"\"")
    );
}

#[test]
fn a_value_that_records_of_another_flow_log_have_selects_no_flow_log() {
    let mut identities = Identities::default();
    identities.enter_path(0, Path::new("x_fl-0aa1bb22cc33dd441_1.log"));
    identities.enter_path(1, Path::new("y.log"));
    let catalog = Catalog::default();
    let field = catalog.extra("log group");
    let code = catalog.dictionaries.of(field).code("/a");
    let named = identities.of_term((field, code), "/a", 1).unwrap();
    let filter = identities.filter(named, &catalog);
    assert_eq!(filter.as_deref(), Some("`log group` == \"/a\""));
    identities.enter_term((field, code), named);
    assert_eq!(identities.filter(named, &catalog), filter);
    let of_path = identities.of_source(0).unwrap();
    identities.enter_term((field, code), of_path);
    assert_eq!(identities.filter(named, &catalog), None);
    let of_path = identities.filter(of_path, &catalog);
    assert_eq!(
        of_path.as_deref(),
        Some("file contains fl-0aa1bb22cc33dd441")
    );
}

#[test]
fn a_source_is_unknown_until_its_path_or_its_log_group_names_a_flow_log() {
    let mut identities = Identities::default();
    assert!(!identities.has_unknown_source());
    let known = Path::new("x_fl-0aa1bb22cc33dd441_1.log");
    // The two sources before it have not been entered yet.
    identities.enter_path(2, known);
    assert!(identities.has_unknown_source());
    identities.enter_path(0, known);
    identities.enter_path(1, Path::new("y.log"));
    assert!(identities.has_unknown_source());
    identities.enter_log_group(0, "/a");
    identities.enter_log_group(7, "/a");
    assert!(identities.has_unknown_source());
    identities.enter_log_group(1, "/a");
    identities.enter_log_group(1, "/b");
    assert!(!identities.has_unknown_source());
    identities.enter_path(2, Path::new("z.log"));
    assert!(identities.has_unknown_source());
}

#[test]
fn an_interface_is_shared_from_the_second_flow_log_on() {
    let mut seen = Seen::default();
    assert!(!seen.enter(70, 1));
    assert!(!seen.enter(70, 1));
    assert!(!seen.shared.contains(70));
    assert!(seen.enter(70, 0));
    assert!(!seen.enter(70, 2));
    assert!(seen.shared.contains(70) && !seen.shared.contains(69) && !seen.shared.contains(700));
}
