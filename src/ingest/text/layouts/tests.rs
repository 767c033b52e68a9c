use super::*;
use crate::ingest::text::known_formats;
use crate::ingest::text::layout_state::LayoutState;
use crate::schema::{DEFAULT_FORMAT, id};

fn layouts() -> Layouts {
    Layouts::new(Arc::default(), None).unwrap()
}

/// The names of the columns of a header; none where the line is no header.
fn header(line: &str) -> Option<Vec<String>> {
    let layouts = layouts();
    let mut layout_state = LayoutState::new(&layouts);
    let is_header = layout_state.meet(line) == LineClass::Header;
    let names = |layout: &Arc<Layout>| {
        let fields = layout.fields.iter();
        fields.map(|field| layouts.catalog.name(*field)).collect()
    };
    layout_state.layout().filter(|_| is_header).map(names)
}

#[track_caller]
fn check(line: &str, names: &[&str]) {
    let expected = names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(header(line), Some(expected), "{line}");
}

#[test]
fn any_spelling_of_a_name_will_do() {
    check("srcaddr", &["srcaddr"]);
    check("log-status log_status", &["log-status", "log_status (2)"]);
    check(
        "srcAddr DstAddr LogStatus",
        &["srcaddr", "dstaddr", "log-status"],
    );
}

#[test]
fn one_known_name_makes_a_header_of_unknown_ones() {
    check(
        "srcaddr my-field tls_version",
        &["srcaddr", "my-field", "tls_version"],
    );
    check("bytes instance-tag-3", &["bytes", "instance-tag-3"]);
    check("#Fields: srcaddr action", &["srcaddr", "action"]);
    check(
        "srcaddr\tdstaddr  action\r",
        &["srcaddr", "dstaddr", "action"],
    );
}

#[test]
fn the_same_name_again_gets_a_column_of_its_own() {
    check(
        "action action action",
        &["action", "action (2)", "action (3)"],
    );
    check("bytes x x", &["bytes", "x", "x (2)"]);
}

#[test]
fn records_are_no_headers() {
    for line in [
        "- - ACCEPT OK",
        "ACCEPT OK",
        "ACCEPT OK srcaddr",
        "eni-1235b8ca123456789 ACCEPT bytes",
        "srcaddr 10.0.0.1",
        "srcaddr -",
        "srcaddr 5",
        "srcaddr vpc-0c10dd1abc10dd1ab",
        "srcaddr us-east-1",
        "srcaddr IPv4",
        "end egress",
        "PORT STATE SERVICE VERSION",
        "what is this",
        "the end.",
        "duration line file",
        "#Fields: 1 2 3",
        "NODATA",
        " srcaddr",
        "",
    ] {
        assert_eq!(header(line), None, "{line}");
    }
}

#[test]
fn a_header_is_bounded() {
    let many = |count: usize| {
        let names: Vec<String> = (0..count)
            .map(|n| format!("f{}", "x".repeat(n % MAX_NAME_BYTES)))
            .collect();
        format!("srcaddr {}", names.join(" "))
    };
    assert_eq!(header(&many(511)).map(|names| names.len()), Some(512));
    assert_eq!(header(&many(512)), None);
    let name = "x".repeat(MAX_NAME_BYTES);
    assert!(header(&format!("srcaddr {name}")).is_some());
    assert!(header(&format!("srcaddr x{name}")).is_none());
    let layouts = layouts();
    let mut layout_state = LayoutState::new(&layouts);
    let mut headers = 0;
    for round in 0..20u32 {
        let letter = |n: u32| char::from_u32(u32::from('a') + n % 26).unwrap();
        let names: Vec<String> = (1..500)
            .map(|n| {
                [letter(round), letter(n / 26), letter(n), 'x']
                    .iter()
                    .collect()
            })
            .collect();
        let line = format!("srcaddr {}", names.join(" "));
        headers += usize::from(layout_state.meet(&line) == LineClass::Header);
    }
    assert_eq!(headers, MAX_EXTRA_NAMES / 499, "new names are bounded");
}

#[test]
fn the_words_of_version_2_are_known_by_their_shape() {
    let shape =
        |line: &str| known_formats::order(line).is_some_and(|(_, order)| order == DEFAULT_FORMAT);
    for line in [
        "2 123456789010 eni-1 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
        "2 unknown - - - - - - - - 1431280876 1431280934 - NODATA",
        "2 =cmd|calc!A1 @SUM(1) 1.2.3.4 1.2.3.5 1 2 6 1 1 1418530010 1418530070 +ACCEPT -OK",
        "2 1 eni-1 1.2.3.4 1.2.3.5 99999 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
        "2 1 eni-1 1.2.3.4 1.2.3.5 1 22 6 20 4249 1418530010 1418530070 ACCEPT OK # and so on",
    ] {
        assert!(shape(line), "{line}");
    }
    for line in [
        "- - - - - - - - - - - - - -",
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
        "2 1 eni-1 1.2.3.4 1.2.3.5 1 22 6 20 4249 1418530010 1418530070 ACCEPT",
        "2 1 eni-1 1.2.3.4 1.2.3.5 1 22 6 20 4249 1418530010 1418530070 ACCEPT OK more",
        "5 1 eni-1 vpc-1 subnet-1 i-1 us-east-1 use1-az1 - - - - 1418530010 1418530070",
    ] {
        assert!(!shape(line), "{line}");
    }
}

#[test]
fn a_log_format_is_read_as_aws_shows_it_and_bare() {
    let fields = |text: &str| {
        let layouts = Layouts::new(Arc::default(), Some(text));
        layouts.map(|layouts| layouts.given.unwrap().fields.clone())
    };
    let expected = Ok(vec![id::ACTION, id::START, id::END]);
    assert_eq!(fields("${action} ${start} ${end}"), expected);
    assert_eq!(fields("${action}${start}${end}"), expected);
    assert_eq!(fields("action start\n end"), expected);
    assert!(fields("action ${start").is_err());
    assert!(fields("${act ion}").is_err());
    assert!(fields("srcaddr {x}").is_err());
}

#[test]
fn equal_layouts_are_one() {
    let layouts = layouts();
    let (mut one, mut other) = (LayoutState::new(&layouts), LayoutState::new(&layouts));
    one.meet("srcaddr x");
    other.meet("srcaddr x");
    assert!(Arc::ptr_eq(one.layout().unwrap(), other.layout().unwrap()));
}
