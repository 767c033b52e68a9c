use crate::query::tests::records;
use crate::query::{Compiled, Context, Plan, compile};

/// Compiles `text` for a file with records of other firewalls.
fn compiled(text: &str) -> Compiled {
    let rows = [
        "action=BLOCK interface-id=eth0 log-status=INCOMPLETEDATA region=eu-west-1",
        "action=allow interface-id=eth1 log-status=OK region=eu-west-1",
    ];
    let rows: Vec<_> = rows.iter().map(|row| records::record(row)).collect();
    let store = records::store(&rows, 2);
    let fields = store.fields();
    compile(text, &Context::of(&store, &fields))
}

#[track_caller]
fn check(text: &str, canonical: &str, warning: Option<&str>) {
    let found = compiled(text);
    let messages: Vec<&str> = found.diagnostics.iter().map(|d| &*d.message).collect();
    assert_eq!(messages, warning.as_slice(), "{text}");
    let expression = found.expression.expect("it is a filter");
    assert_eq!(expression.to_string(), canonical, "{text}");
}

#[test]
fn words_of_the_files_need_no_quotes() {
    check("action == BLOCK", "action == BLOCK", None);
    check("action block", "action == BLOCK", None);
    check("action == ALLOW", "action == allow", None);
    check("action == \"BLOCK\"", "action == BLOCK", None);
    check(
        "action in {BLOCK, reject}",
        "action in {BLOCK, REJECT}",
        None,
    );
    check("action == BL*", "action == BL*", None);
    check(
        "log-status INCOMPLETEDATA",
        "log-status == INCOMPLETEDATA",
        None,
    );
    check("interface-id eth0", "interface-id == eth0", None);
}

#[test]
fn a_word_of_a_closed_list_selects_all_its_spellings() {
    let rows = [
        "action=ACCEPT",
        "action=accept",
        "action=Accept",
        "action=REJECT",
    ];
    let rows: Vec<_> = rows.iter().map(|row| records::record(row)).collect();
    let store = records::store(&rows, 4);
    let fields = store.fields();
    let selected = |text: &str| {
        let found = compile(text, &Context::of(&store, &fields));
        assert_eq!(found.diagnostics, [], "{text}");
        let expression = found.expression.expect("it is a filter");
        let again = compile(&expression.to_string(), &Context::of(&store, &fields));
        assert_eq!(again.expression.as_ref(), Some(&expression), "{text}");
        let plan = Plan::new(&expression, &store);
        let mut selected = Vec::new();
        for chunk in store.chunks() {
            plan.evaluate(chunk)
                .for_each(chunk.rows(), |row| selected.push(row));
        }
        selected
    };
    for text in [
        "accept",
        "action accept",
        "action == ACCEPT",
        "action in {accept}",
        "action in {ACC*, accept}",
    ] {
        assert_eq!(selected(text), [0, 1, 2], "{text}");
    }
    assert_eq!(selected("action != accept"), [3]);
    assert_eq!(selected("action == \"accept\""), [1]);
    assert_eq!(selected("action == \"Accept\""), [2]);
    assert_eq!(
        selected("action == ACCEPT and action != \"accept\""),
        [0, 2]
    );
    assert_eq!(selected("action == ACCEPT and action == \"accept\""), [1]);
}

#[test]
fn a_word_that_nothing_has_selects_nothing_and_is_a_warning() {
    check(
        "action == DENY and tcp",
        "action == DENY and protocol == tcp",
        Some("no loaded file has DENY as action; there are: ACCEPT, REJECT, BLOCK, allow"),
    );
    check(
        "interface-id == eth9",
        "interface-id == eth9",
        Some("no loaded file has eth9 as interface-id; there are: eth0, eth1"),
    );
    check(
        "eni-9",
        "interface-id == eni-9",
        Some("no loaded file has eni-9 as interface-id; there are: eth0, eth1"),
    );
}

#[test]
fn a_bare_word_of_the_files_gets_its_field_suggested() {
    let found = compiled("BLOCK and eth0");
    let suggestions: Vec<_> = found
        .diagnostics
        .iter()
        .filter_map(|d| d.suggestion.as_deref())
        .collect();
    assert_eq!(suggestions, ["action == BLOCK", "interface-id == eth0"]);
}
