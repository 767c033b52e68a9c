use super::*;

#[test]
fn a_table_that_appears_in_a_followed_folder_is_refused() {
    let mut live = Live::start(&[("a.log", "srcaddr\n10.0.0.1\n")], &[]);
    let log = live.path("flows/_delta_log");
    fs::create_dir_all(&log).unwrap();
    fs::write(live.path("flows/b.log"), "srcaddr\n10.0.0.2\n").unwrap();
    let refused = |live: &Live| {
        let sources = live.loaded.store.sources();
        sources.iter().any(|source| {
            matches!(
                source.status,
                Status::Unreadable(ReadProblem::TableFolder { .. })
            )
        })
    };
    while !refused(&live) {
        live.hear();
    }
    live.append("a.log", "10.0.0.3\n");
    live.wait_for(&["a.log:2 10.0.0.1", "a.log:3 10.0.0.3"]);
    assert_eq!(live.stop().sources().len(), 2);
}
