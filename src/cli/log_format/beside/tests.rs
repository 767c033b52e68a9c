use super::*;

#[test]
fn descriptions_are_found_in_the_folders_of_the_paths() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("a.log", "");
    write(
        "flow-logs.json",
        r#"{"FlowLogs":[{"FlowLogId":"fl-1","LogFormat":"${srcaddr} ${bytes}"},{"FlowLogId":"fl-2","LogFormat":"nonsense"}]}"#,
    );
    write("events.json", r#"{"events":[{"message":"LogFormat"}]}"#);
    write("broken.json", r#"{"FlowLogs":[{"LogFormat":"${srcaddr}"#);
    let paths = [folder.path().join("a.log"), folder.path().to_owned()];
    for paths in [&paths[..1], &paths[1..], &paths[..]] {
        let found = beside(paths);
        assert_eq!(found.len(), 1, "{paths:?}");
        assert_eq!(found[0].name, "fl-1");
        assert_eq!(found[0].file, Some(folder.path().join("flow-logs.json")));
    }
    assert_eq!(beside(&["-".into(), "/nonexistent/x.log".into()]), []);
}

#[test]
fn descriptions_are_found_below_a_folder_that_is_given_and_not_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("a/b");
    fs::create_dir_all(&inner).unwrap();
    let description = r#"{"FlowLogs":[{"FlowLogId":"fl-1","LogFormat":"${srcaddr} ${bytes}"}]}"#;
    fs::write(inner.join("flow-logs.json"), description).unwrap();
    fs::write(folder.path().join("x.log"), "").unwrap();
    let names = |path: &str| {
        let found = beside(&[folder.path().join(path)]);
        found
            .into_iter()
            .map(|order| order.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["fl-1"]);
    assert_eq!(names("a"), ["fl-1"]);
    assert_eq!(names("x.log"), Vec::<String>::new());
}

#[test]
fn a_description_is_found_among_many_other_files() {
    let folder = tempfile::tempdir().unwrap();
    for index in 0..1200 {
        fs::write(folder.path().join(format!("events-{index}.json")), "{}").unwrap();
    }
    let text = r#"{"FlowLogs":[{"FlowLogId":"fl-1","LogFormat":"${srcaddr} ${bytes}"}]}"#;
    let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("my-flow-logs.json"), bytes).unwrap();
    assert_eq!(beside(&[folder.path().to_owned()]).len(), 1);
}
