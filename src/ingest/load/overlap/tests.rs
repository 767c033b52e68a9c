use super::*;

#[test]
fn the_id_of_a_flow_log_is_in_the_name_of_its_object_or_of_a_folder() {
    let id = |path: &str| flow_log_id(Path::new(path));
    assert_eq!(
        id(
            "logs/123456789012_vpcflowlogs_us-east-1_fl-0c10d1ab02e4f6a81_20261123T0220Z_5a2c0102.log.gz"
        ),
        Some("fl-0c10d1ab02e4f6a81".into())
    );
    assert_eq!(
        id("fl-00aa11bb22cc33dd4/flow.log"),
        Some("fl-00aa11bb22cc33dd4".into())
    );
    for path in [
        "flow.log",
        "fl-/x",
        "fl-abc.log",
        "hfl-0c10d1ab02e4f6a81.log",
        "waffl-00aa11bb22cc.log",
    ] {
        assert_eq!(id(path), None, "{path}");
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
