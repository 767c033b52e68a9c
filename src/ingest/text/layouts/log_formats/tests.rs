use super::*;

fn layouts(described: &[LogFormat]) -> Layouts {
    let layouts = Layouts::new(Arc::default(), None).unwrap();
    layouts.with_orders(described, &[]).unwrap()
}

fn order(format: &str, hints: &[&str]) -> LogFormat {
    LogFormat {
        format: format.into(),
        name: hints.first().copied().unwrap_or_default().into(),
        hints: hints.iter().map(|hint| (*hint).to_owned()).collect(),
        file: None,
    }
}

#[test]
fn a_name_is_in_a_path_only_as_a_whole() {
    assert!(contains("/b/1_fl-12_x.log", "fl-12"));
    assert!(!contains("/b/1_fl-123_x.log", "fl-12"));
    assert!(!contains("/my-bucket/x", "bucket"));
    assert!(contains("bucket", "bucket"));
    assert!(!contains("bucket", ""));
}

#[test]
fn the_longest_hint_decides_and_equal_orders_do_not_compete() {
    let one = order("srcaddr", &["fl-1", "bucket"]);
    let other = order("dstaddr", &["fl-2", "bucket/two"]);
    let same = order("srcaddr", &["fl-3", "bucket"]);
    let layouts = layouts(&[one, other, same]);
    let field = |path: &str| match layouts.known_of(Path::new(path)) {
        Known::Given(layout) => layouts.catalog.name(layout.fields[0]),
        known => format!("{known:?}"),
    };
    assert_eq!(field("/bucket/x.log"), "srcaddr");
    assert_eq!(field("/bucket/two/x.log"), "dstaddr");
    assert_eq!(field("/bucket/x_fl-2_y.log"), "dstaddr");
    assert!(field("/bucket/fl-1/fl-2.log").contains("several of the described flow logs"));
    assert!(field("/elsewhere/x.log").contains("none of the described flow logs"));
}

#[test]
fn a_description_is_for_the_files_that_it_names_or_alone_for_those_below_its_folder() {
    let found = |format: &str, hints: &[&str]| LogFormat {
        file: Some("logs/flow-logs.json".into()),
        ..order(format, hints)
    };
    let one = found("srcaddr", &["fl-1"]);
    let other = found("dstaddr", &["fl-2"]);
    let known = |described: &[LogFormat], path: &str| {
        let layouts = layouts(described);
        match layouts.known_of(Path::new(path)) {
            Known::Described(layout, note) => {
                assert!(
                    note.contains("which logs/flow-logs.json describes"),
                    "{note}"
                );
                layouts.catalog.name(layout.fields[0])
            }
            known => format!("{known:?}"),
        }
    };
    let both = [one.clone(), other];
    assert_eq!(known(&both, "/elsewhere/x_fl-2_y.log"), "dstaddr");
    assert_eq!(known(&both, "logs/x.log"), "Nothing");
    assert_eq!(known(std::slice::from_ref(&one), "logs/a/x.log"), "srcaddr");
    assert_eq!(
        known(std::slice::from_ref(&one), "elsewhere/x.log"),
        "Nothing"
    );
    let nearer = LogFormat {
        file: Some("logs/a/flow-logs.json".into()),
        ..found("dstaddr", &["fl-3"])
    };
    let layouts = layouts(&[one, nearer]);
    let field = |path: &str| match layouts.known_of(Path::new(path)) {
        Known::Described(layout, _) => layouts.catalog.name(layout.fields[0]),
        known => format!("{known:?}"),
    };
    assert_eq!(field("logs/a/x.log"), "dstaddr");
    assert_eq!(field("logs/b/x.log"), "srcaddr");
}

#[test]
fn a_described_order_that_is_none_is_an_error() {
    let layouts = Layouts::new(Arc::default(), None).unwrap();
    assert!(
        layouts
            .with_orders(&[order("what is this", &[])], &[])
            .is_err()
    );
}
