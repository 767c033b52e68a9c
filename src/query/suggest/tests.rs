use super::*;

#[test]
fn the_distance_counts_letters() {
    let chars = |text: &str| text.chars().collect::<Vec<char>>();
    for (a, b, expected) in [
        ("", "", 0),
        ("a", "", 1),
        ("srcadr", "srcaddr", 1),
        ("ab", "ba", 1),
        ("abc", "xyz", 3),
    ] {
        assert_eq!(distance(&chars(a), &chars(b)), expected, "{a} {b}");
    }
}

#[test]
fn the_nearest_field_is_given_by_its_own_name() {
    let catalog = Catalog::default();
    catalog.header_field("my-cost-center");
    let near = |text| field(text, &catalog);
    assert_eq!(near("srcadr").as_deref(), Some("srcaddr"));
    assert_eq!(near("sourceport2").as_deref(), Some("srcport"));
    assert_eq!(near("log-statsu").as_deref(), Some("log-status"));
    assert_eq!(near("mycostcentre").as_deref(), Some("my-cost-center"));
    assert_eq!(near("zzzzzz"), None);
    assert_eq!(near("xx"), None);
}
