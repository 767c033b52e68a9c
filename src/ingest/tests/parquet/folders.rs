//! Folders that name values: what Spark, pyarrow and Athena leave out of the files themselves.

use super::*;

#[test]
fn a_folder_gives_the_field_that_its_files_lack() {
    let columns = "optional binary srcaddr; optional int64 start;";
    let flow = |address: &'static str| file(columns, vec![text(&[address]), int64(&[7])]);
    let with_action = "optional binary srcaddr; optional binary action;";
    let own = file(with_action, vec![text(&["10.0.0.9"]), text(&["-"])]);
    let folder = folder(&[
        ("out/action=ACCEPT/dstport=443/a", &flow("10.0.0.1")),
        ("out/action=REJECT/dstport=22/b", &flow("10.0.0.2")),
        ("out/action=REJECT/own", &own),
        ("out/action=__HIVE_DEFAULT_PARTITION__/c", &flow("10.0.0.3")),
        (
            "out/action=REJECT/d.csv",
            b"srcaddr,start,packets\n10.0.0.4,7,-\n",
        ),
        (
            "out/action=REJECT/e.log",
            b"srcaddr start\n10.0.0.5 7\n10.0.0.6 8\n",
        ),
        (
            "out/action=REJECT/f.jsonl",
            br#"{"srcaddr":"10.0.0.7","start":7}"#,
        ),
        ("out/bytes=5/g.log", b"srcaddr action\n10.0.0.8 ACCEPT\n"),
    ]);
    let loaded = load_path(folder.path(), Options::default());
    let store = &loaded.store;
    let (action, port, bytes) = (id::ACTION, id::DSTPORT, id::BYTES);
    let mut rows = Vec::new();
    for chunk in store.chunks() {
        for row in 0..chunk.rows() {
            let value = |field| chunk.cell_text(row, field, &store.catalog.dictionaries);
            let line = chunk.line_text(row, &store.catalog.dictionaries);
            rows.push((
                value(id::SRCADDR),
                value(action),
                value(port),
                value(bytes),
                line,
            ));
        }
    }
    rows.sort();
    let rows: Vec<String> = rows
        .into_iter()
        .map(|(address, action, port, bytes, line)| {
            format!("{address} {action} {port} {bytes} | {line}")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "10.0.0.1 ACCEPT 443 - | 10.0.0.1 7",
            "10.0.0.2 REJECT 22 - | 10.0.0.2 7",
            "10.0.0.3 - - - | 10.0.0.3 7",
            "10.0.0.4 REJECT - - | 10.0.0.4,7,-",
            "10.0.0.5 REJECT - - | 10.0.0.5 7",
            "10.0.0.6 REJECT - - | 10.0.0.6 8",
            "10.0.0.7 REJECT - - | 10.0.0.7 7",
            "10.0.0.8 ACCEPT - 5 | 10.0.0.8 ACCEPT",
            "10.0.0.9 - - - | 10.0.0.9 -",
        ]
    );
    assert!(store.has(action) && store.has(port));
    assert!(store.fields().contains(&port));
    assert_eq!(store.lacking(action).0, Vec::<usize>::new());
}
