//! Tables as lists and columns.

use super::*;

const LAYOUT: &str = "layout version|account_id|srcaddr|start";
const ONE: &str = "2 123456789012 10.0.0.1 10";
const TWO: &str = "2 123456789012 - 20";

#[test]
fn tables_of_pandas_are_rows_in_every_form() {
    let names = r#"["version","account_id","srcaddr","start"]"#;
    let (one, two) = (
        r#"[2,"123456789012","10.0.0.1",10.0]"#,
        r#"[2,"123456789012",null,20]"#,
    );
    let object = |values: [&str; 4]| {
        let [version, account, address, start] = values;
        format!(
            r#"{{"version":{version},"account_id":{account},"srcaddr":{address},"start":{start}}}"#
        )
    };
    let first = object(["2", r#""123456789012""#, r#""10.0.0.1""#, "10"]);
    let second = object(["2", r#""123456789012""#, "null", "20"]);
    for document in [
        format!(r#"{{"columns":{names},"index":[0,1],"data":[{one},{two}]}}"#),
        format!(r#"{{"0":{first},"1":{second}}}"#),
        format!(r#"{{"flows":{{"0":{first},"1":{second}}}}}"#),
        format!(r#"{{"first":{first},"2026-11-23T02:21:00Z":{second}}}"#),
        object([
            r#"{"0":2,"1":2}"#,
            r#"{"0":"123456789012","1":"123456789012"}"#,
            r#"{"0":"10.0.0.1","1":null}"#,
            r#"{"0":10,"1":20.0}"#,
        ]),
        object([
            "[2,2]",
            r#"["123456789012","123456789012"]"#,
            r#"["10.0.0.1",null]"#,
            "[10,20]",
        ]),
        format!(
            r#"{{"schema":{{"fields":[{{"name":"index","type":"integer"}},{{"name":"srcaddr","type":"string"}}],"pandas_version":"1.4.0"}},"data":[{first},{second}]}}"#
        ),
        format!(
            r#"{{"meta":[{{"name":"version","type":"Int64"}},{{"name":"account_id","type":"String"}},{{"name":"srcaddr","type":"String"}},{{"name":"start","type":"Int64"}}],"data":[{one},{two}],"rows":2}}"#
        ),
        format!(
            r#"{{"meta":[{{"name":"version","type":"Int64"}},{{"name":"srcaddr","type":"String"}}],"data":[{first},{second}],"rows":2,"statistics":{{"elapsed":0.1}}}}"#
        ),
    ] {
        check(&document, "json-rows", &[LAYOUT, ONE, TWO]);
    }
}

#[test]
fn columns_below_a_name_are_fields_once_there_is_an_address_beside_them() {
    let document = r#"{"meta":{"action":["a","b","c"]},"data":{"version":[2,2],
        "account_id":["123456789012","123456789012"],"srcaddr":["10.0.0.1",null],"start":[10,20]}}"#;
    let layout = "layout version|account-id|srcaddr|start";
    check(document, "json-rows", &[layout, ONE, TWO]);
}

#[test]
fn objects_under_labels_are_rows_if_they_have_the_same_fields() {
    let row = |address: &str| {
        format!(r#"{{"version":2,"account_id":"123456789012","srcaddr":"{address}","start":10}}"#)
    };
    let [one, two, three] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map(row);
    let rows = format!(r#""a":{one},"b":{two},"count":3,"c.d":{three}"#);
    let lines =
        ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map(|address| format!("2 123456789012 {address} 10"));
    let mut expected = vec![LAYOUT];
    expected.extend(lines.iter().map(String::as_str));
    check(&format!("{{{rows}}}"), "json-rows", &expected);
    check(&format!("[{{{rows}}}]"), "json-rows", &expected);
    // One record with something beside it, and the same record twice.
    for document in [
        format!(r#"{{"a":{one},"cloud":{{"zone":"x"}}}}"#),
        format!(r#"{{"a":{one},"b":{one}}}"#),
    ] {
        let (lines, _, fault) = super::lines(document.as_bytes(), 7);
        let records = lines.iter().filter(|line| line.starts_with("2 "));
        assert_eq!((records.count(), fault), (1, None), "{lines:?}");
    }
}

#[test]
fn rows_of_lists_have_the_names_of_the_first_list() {
    let names = r#"["version","account_id","srcaddr","start"]"#;
    let rows = r#"["2","123456789012","10.0.0.1","10"],["2","123456789012","","20"]"#;
    let expected = ["header ", LAYOUT, ONE, TWO];
    check(&format!("[{names},{rows}]"), "json-rows", &expected);
    check(
        &format!("{names}\n{}", rows.replace("],[", "]\n[")),
        "json-rows",
        &expected,
    );
    check(
        &format!(
            r#"{names} ["Int64","Nullable(String)","String","DateTime"] [2,"123456789012","10.0.0.1",10]"#
        ),
        "json-rows",
        &["header ", "header ", LAYOUT, ONE],
    );
    check(
        &format!("[{names},[1,2],[1,2,3,4,5]]"),
        "json",
        &[
            "header ",
            "reject TooFewFields [1,2]",
            "reject TooManyFields [1,2,3,4,5]",
        ],
    );
}

#[test]
fn a_list_of_values_without_a_header_is_a_line() {
    check(
        r#"[[2,"123456789012","eni-1",null,"-",57413.0,"","a b"],[2,"x"]]"#,
        "json-rows",
        &["2 123456789012 eni-1 - - 57413 - a b", "2 x"],
    );
}

#[test]
fn results_of_athena_are_rows_page_by_page() {
    let cell = |value: &str| format!(r#"{{"VarCharValue":"{value}"}}"#);
    let row = |cells: &[String]| format!(r#"{{"Data":[{}]}}"#, cells.join(","));
    let names = row(&["version", "account_id", "srcaddr", "start"].map(cell));
    let one = row(&["2", "123456789012", "10.0.0.1", "10"].map(cell));
    let two = row(&[cell("2"), cell("123456789012"), "{}".into(), cell("20")]);
    let page = |rows: &[&String]| {
        let rows: Vec<&str> = rows.iter().map(|row| row.as_str()).collect();
        format!(
            r#"{{"UpdateCount":0,"ResultSet":{{"Rows":[{}],"ResultSetMetadata":{{"ColumnInfo":[{{"CatalogName":"hive","Name":"version","Label":"version","Type":"integer"}}]}}}},"NextToken":"x"}}"#,
            rows.join(",")
        )
    };
    check(
        &format!(
            "{}\n{}\n{}",
            page(&[&names, &one]),
            page(&[&two]),
            page(&[])
        ),
        "json-rows",
        &["header ", LAYOUT, ONE, TWO],
    );
}

#[test]
fn columns_of_different_rows_are_a_reject() {
    for document in [
        r#"{"version":{"0":2,"1":2},"srcaddr":{"0":"10.0.0.1"}}"#,
        r#"{"version":{"0":2,"1":2},"srcaddr":{"1":"10.0.0.1","0":"10.0.0.2"}}"#,
        r#"{"version":[2,2],"srcaddr":["10.0.0.1"]}"#,
        r#"{"version":[2,2],"srcaddr":"10.0.0.1"}"#,
    ] {
        let (lines, ..) = lines(document.as_bytes(), 3);
        assert_eq!(lines, [format!("reject UnevenColumns {document}")]);
    }
    let document = r#"{"version":[2,2],"srcaddr":["10.0.0.1",{}]}"#;
    let (lines, ..) = lines(document.as_bytes(), 3);
    assert_eq!(
        lines,
        [r#"reject NestedValue(FieldId(3)) {"version":[2,2],"srcaddr":["10.0.0.1","#]
    );
}

#[test]
fn long_columns_are_rows_too() {
    let rows = 5000;
    let labelled: Vec<String> = (0..rows).map(|row| format!(r#""{row}":{row}"#)).collect();
    let plain: Vec<String> = (0..rows).map(|row| row.to_string()).collect();
    for document in [
        format!(r#"{{"start":{{{0}}},"bytes":{{{0}}}}}"#, labelled.join(",")),
        format!(r#"{{"start":[{0}],"bytes":[{0}]}}"#, plain.join(",")),
    ] {
        let (lines, ..) = lines(document.as_bytes(), 1 << 20);
        assert_eq!(lines.len(), rows + 1);
        assert_eq!(
            (&*lines[0], &*lines[5000]),
            ("layout start|bytes", "4999 4999")
        );
    }
    let rows: Vec<String> = (0..rows)
        .map(|row| format!(r#""{row}":{{"start":{row},"bytes":1}}"#))
        .collect();
    let (lines, ..) = lines(format!("{{{}}}", rows.join(",")).as_bytes(), 1 << 20);
    assert_eq!((lines.len(), &*lines[5000]), (5001, "4999 1"));
}

#[test]
fn a_table_by_columns_is_bounded() {
    let value = format!(r#""{}""#, "x".repeat(1 << 20));
    let column = vec![value; 66].join(",");
    let document = format!(r#"{{"interface-id":[{column}],"srcaddr":[]}}"#);
    let (lines, outcome) = outcome(document.as_bytes(), 1 << 20);
    let problem = outcome.unsupported.unwrap().problem().to_string();
    assert_eq!(lines.len(), 0);
    assert!(problem.contains("64 MiB"), "{problem}");
}

#[test]
fn columns_with_one_name_are_one_row() {
    let columns: Vec<String> = (0..20_000)
        .map(|_| r#""srcaddr":{"0":"10.0.0.1"}"#.to_owned())
        .collect();
    let (lines, ..) = lines(format!("{{{}}}", columns.join(",")).as_bytes(), 1 << 20);
    assert_eq!(lines.len(), 1);
}

#[test]
fn lists_beside_the_columns_of_a_table_are_no_columns() {
    check(
        r#"{"meta":{"action":["a","b","c"]},"data":{"version":[2,2],"account_id":["123456789012","123456789012"],
            "srcaddr":["10.0.0.1",null],"start":[10,20]}}"#,
        "json-rows",
        &["layout version|account-id|srcaddr|start", ONE, TWO],
    );
}
