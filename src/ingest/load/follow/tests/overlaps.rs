use super::*;

const HEADER: &str = "interface-id srcaddr start end action";

#[test]
fn flow_logs_that_appear_while_following_are_compared_with_the_others() {
    let first = format!("{HEADER}\neni-1 10.0.0.1 1700000000 1700000060 ACCEPT\n");
    let mut live = Live::start(&[("fl-0aa1bb22cc33dd441.log", &first)], &[]);
    assert!(live.loaded.store.overlaps().is_empty());
    let other = format!("{HEADER}\neni-2 10.0.0.2 1700000000 1700000060 ACCEPT\n");
    live.append("fl-0aa1bb22cc33dd442.log", &other);
    while live.loaded.store.rows() < 2 {
        live.hear();
    }
    // The interface is in the first one alone so far.
    live.append(
        "fl-0aa1bb22cc33dd442.log",
        "eni-1 10.0.0.1 1700000000 1700000060 ACCEPT\n",
    );
    while live.loaded.store.overlaps().is_empty() {
        live.hear();
    }
    // What is known of a file that grows does not push it out.
    live.append("fl-0aa1bb22cc33dd442.log", "eni-3 10.0.0.3 1 2 ACCEPT\n");
    while live.loaded.store.rows() < 4 {
        live.hear();
    }
    let store = live.stop();
    let [overlap] = store.overlaps() else {
        panic!("{:?}", store.overlaps());
    };
    assert!(
        overlap.message.starts_with(
            "the interface eni-1 is in two flow logs over the same time, fl-0aa1bb22cc33dd441 and"
        ),
        "{overlap:?}"
    );
    let warnings = &store.sources()[overlap.source].warnings;
    assert_eq!(*warnings, std::slice::from_ref(&overlap.message));
}
