use super::*;

#[test]
fn the_header_names_as_many_missing_paths_as_fit() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.log"), "srcaddr\n10.0.0.1\n").unwrap();
    std::fs::create_dir(folder.path().join("none")).unwrap();
    let header = |names: &[&str], cols: u16| -> String {
        let inputs = names.iter().map(|name| folder.path().join(name));
        let session = Session::of(inputs.map(Input::Path).collect(), cols, 20);
        let screen = screen(&session);
        let cells = (0..cols).map(|x| screen.buffer()[(x, 0)].symbol().to_owned());
        let line: String = cells.collect();
        let (_, line) = line.split_once("1 record · ").unwrap_or_default();
        let line = line.split(" ? help").next().unwrap_or_default();
        line.trim_end().to_owned()
    };
    assert_eq!(header(&["a.log", "b.log"], 80), "no such file: b.log (R)");
    assert_eq!(header(&["a.log", "none"], 80), "empty: none (R)");
    // A name takes precedence over the key hints.
    assert_eq!(header(&["a.log", "b.log"], 58), "no such file: b.log (R)");
    assert_eq!(
        header(&["a.log", "b.log", "c.log", "none"], 100),
        "no such file: b.log, c.log (R) · empty: none"
    );
    let many = ["a.log", "b.log", "c.log", "d.log", "e.log", "f.log"];
    assert_eq!(header(&many, 80), "no such file: b.log and 4 more (R)");
    assert_eq!(
        header(&many, 120),
        "no such file: b.log, c.log, d.log, e.log, f.log (R)"
    );
    assert_eq!(header(&many, 54), "5 paths missing (R)");
    let long = ["a.log", "a-file-that-has-a-long-name-2026.log"];
    assert_eq!(
        header(&long, 80),
        "no such file: …-a-long-name-2026.log (R)"
    );
}

#[test]
fn the_header_tells_damaged_files_from_unreadable_ones() {
    let folder = crate::app::problems::tests::troubled();
    std::fs::write(folder.path().join("d.orc"), "ORC\n").unwrap();
    std::fs::write(folder.path().join("e.json"), "{\"findingArn\":\"x\"}").unwrap();
    let session = Session::of(vec![Input::Path(folder.path().to_owned())], 120, 20);
    let screen = screen(&session).to_string();
    let header = screen.lines().next().unwrap();
    assert!(
        header.contains("1 file not read (R) · 1 file damaged · "),
        "{header}"
    );
    assert!(header.contains(" · 1 file skipped"), "{header}");
}

#[test]
fn the_header_shows_live_updates_and_pausing() {
    let mut session = crate::app::load::tests::live(80, 24);
    check("live_80x24", &session);
    session.press("F");
    crate::app::load::tests::arrive(&mut session, 3);
    check("paused_80x24", &session);
}
