//! What filters select from a few records, small enough to check by hand.

use super::records::{self, Record, record};
use super::*;

fn store() -> Store {
    let records: Vec<Record> = [
        "srcaddr=10.0.0.1 dstaddr=8.8.8.8 srcport=40000 dstport=443 protocol=6 packets=10 bytes=1000 start=100 end=160 action=ACCEPT log-status=OK tcp-flags=19 interface-id=eni-1",
        "srcaddr=1.2.3.4 dstaddr=10.0.0.1 srcport=50000 dstport=22 protocol=6 packets=1 bytes=40 start=200 end=200 action=REJECT log-status=OK tcp-flags=2 interface-id=eni-1",
        "srcaddr=10.0.0.1 dstaddr=10.0.0.2 srcport=0 dstport=0 protocol=1 packets=4 bytes=336 start=250 end=300 action=ACCEPT log-status=OK tcp-flags=0 interface-id=eni-2",
        "start=300 end=360 log-status=NODATA interface-id=eni-2",
        "srcaddr=2001:db8::1 dstaddr=fc00::1 srcport=53 dstport=53 protocol=17 packets=0 bytes=0 start=400 end=460 action=ACCEPT log-status=OK tcp-flags=0 interface-id=eni-3 pkt-srcaddr=10.9.9.9",
    ]
    .map(record)
    .into();
    records::store(&records, 2)
}

#[track_caller]
fn check(text: &str, expected: &[usize]) {
    let store = store();
    let fields = store.fields();
    let context = Context::of(&store, &fields);
    let compiled = compile(text, &context);
    let expression = compiled
        .expression
        .unwrap_or_else(|| panic!("{text}: {:?}", compiled.diagnostics));
    let plan = Plan::new(&expression, &store);
    let mut selected = Vec::new();
    for (index, chunk) in store.chunks().iter().enumerate() {
        plan.evaluate(chunk)
            .for_each(chunk.rows(), |row| selected.push(index * 2 + row));
    }
    assert_eq!(selected, expected, "{text}");
}

#[test]
fn a_missing_value_makes_every_comparison_false_and_not_makes_it_true() {
    check("srcaddr == 10.0.0.1", &[0, 2]);
    check("srcaddr != 10.0.0.1", &[1, 4]);
    check("not srcaddr 10.0.0.1", &[1, 3, 4]);
    check("srcaddr not in {10.0.0.1}", &[1, 4]);
    check("srcaddr != 10/8", &[1, 4]);
    check("not srcaddr in {10/8}", &[1, 3, 4]);
    check("srcaddr is missing", &[3]);
    check("exists srcaddr", &[0, 1, 2, 4]);
    check("bytes < 1 or bytes >= 1", &[0, 1, 2, 4]);
    check("bytes == 0", &[4]);
    check("action != ACCEPT", &[1]);
    check("pkt-srcaddr != srcaddr", &[4]);
    check("vpc-id is missing", &[0, 1, 2, 3, 4]);
    check("vpc-id != x", &[]);
}

#[test]
fn either_end_will_do_but_not_equal_means_neither() {
    check("addr 10.0.0.1", &[0, 1, 2]);
    check("addr != 10.0.0.1", &[4]);
    check("addr not in {10/8}", &[4]);
    check("port 22", &[1]);
    check("port != 22", &[0, 4]);
    check("port > 45000", &[1]);
    check("port in {50..60}", &[4]);
    check("src or dst host 10.0.0.2", &[2]);
    check("src and dst net 10", &[2]);
    check("pkt-addr 10/8", &[4]);
    check("pkt-addr != 10.9.9.8", &[4]);
    check("not pkt-addr 10/8", &[0, 1, 2, 3]);
    check("exists pkt-addr", &[4]);
    check("srcaddr != pkt-addr", &[4]);
}

#[test]
fn protocols_without_ports_have_none_for_the_filter() {
    check("srcport == 0", &[]);
    check("port == 0", &[]);
    check("srcport is missing", &[2, 3]);
    check("exists port", &[0, 1, 4]);
    check("srcport == dstport", &[4]);
    check("srcport != dstport", &[0, 1]);
    check("not tcp port 22", &[0, 2, 3, 4]);
}

#[test]
fn a_value_that_is_there_is_there() {
    check("exists tcp-flags", &[0, 1, 2, 4]);
    check("tcp-flags 0", &[2, 4]);
    check("flags S and not flags A", &[1]);
    check("tcp-flags == syn", &[1]);
    check("tcp-flags hasany fin+rst", &[0]);
}

#[test]
fn time_is_that_of_the_data() {
    check("last 60", &[4]);
    check("last 61", &[4]);
    check("last 101", &[3, 4]);
    check("first 101", &[0, 1]);
    check("first 100", &[0]);
    check("since 250", &[2, 3, 4]);
    check("until 250", &[0, 1]);
    check("at 300", &[2, 3]);
    check("time 155..205", &[0, 1]);
    check("time == 200", &[1]);
    check("time > 300", &[3, 4]);
    check("time < 200", &[0]);
    check("start >= -60s", &[4]);
}

#[test]
fn computed_fields_are_worked_out() {
    check("duration == 60", &[0, 3, 4]);
    check("duration == 0", &[1]);
    check("bps == 133", &[0]);
    check("bps == 320", &[1]);
    check("pps < 1", &[0, 2, 4]);
    check("bpp == 84", &[2]);
    check("bpp is missing", &[3, 4]);
    check("scope outbound", &[0]);
    check("scope inbound", &[1, 4]);
    check("scope internal", &[2]);
    check("scope != outbound", &[1, 2, 4]);
    check("line 4", &[2]);
    check("file *0.log", &[0, 1, 2, 3, 4]);
    check("file x", &[]);
}

#[test]
fn words_and_lines_are_searched() {
    check("interface-id eni-?", &[0, 1, 2, 3, 4]);
    check("interface-id in {eni-1, eni-3}", &[0, 1, 4]);
    check("interface-id matches /[23]$/", &[2, 3, 4]);
    check("interface-id !~ /[23]$/", &[0, 1]);
    check("\"10.0.0.1 \"", &[0, 1, 2]);
    check("\"10.0.0.1 \" and reject", &[1]);
    check("not \"10.0.0.1 \"", &[3, 4]);
    check("/nodata/i", &[3]);
    check("/nodata/", &[]);
    check("reject or \"2001:db8\"", &[1, 4]);
}

#[test]
fn a_line_that_was_kept_is_searched_as_it_stood() {
    let store = store();
    let chunk = &store.chunks()[0];
    let kept = vec![(1, "10.0.0.1   kept \u{e9}".into())];
    let chunk = Chunk::new(2, chunk.columns().to_vec(), chunk.runs().to_vec(), kept);
    let found = |text: &str| {
        let expression = compiled(text).expression.unwrap();
        let mask = Plan::new(&expression, &store).evaluate(&chunk);
        [mask.get(0), mask.get(1)]
    };
    assert_eq!(found("\"10.0.0.1   kept\""), [false, true]);
    assert_eq!(found("/kept .$/"), [false, true]);
    assert_eq!(found("\"1.2.3.4\""), [false, false]);
    assert_eq!(found("\"8.8.8.8\""), [true, false]);
}
