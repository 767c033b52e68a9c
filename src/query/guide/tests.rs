use super::*;
use crate::query::{Context, Saved, compile};
use crate::store::Catalog;

fn canonical(text: &str) -> String {
    let catalog = Catalog::default();
    let web = Saved {
        name: "web".into(),
        text: "port 443".into(),
    };
    let context = Context {
        saved: &[web],
        ..Context::new(&catalog)
    };
    let compiled = compile(text, &context);
    let expression = compiled.expression;
    expression.map_or_else(
        || format!("{:?}", compiled.diagnostics),
        |expression| expression.to_string(),
    )
}

#[test]
fn the_awkward_parts_are_as_they_say() {
    for part in AWKWARD {
        assert_eq!(canonical(part.filter), part.is, "{}", part.says);
        assert_eq!(canonical(part.is), part.is, "{}", part.says);
    }
}

#[test]
fn every_example_is_a_filter() {
    for example in EXAMPLES {
        // There is no record whose values could be meant.
        for filter in example.filters.iter().filter(|f| !f.contains("$srcaddr")) {
            let read = canonical(filter);
            assert!(!read.starts_with('['), "{filter}: {read}");
        }
    }
}
