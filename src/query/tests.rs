//! What filter texts mean: their canonical form, their diagnostics, and the rows that they select.

mod bounds;
mod diagnostics;
mod examples;
pub(crate) mod filters;
mod grammar;
mod lines;
mod meaning;
pub(crate) mod naive;
pub(crate) mod properties;
pub(crate) mod records;

use super::*;

/// A load of which nothing is known but two columns that no table names.
fn catalog() -> Catalog {
    let catalog = Catalog::default();
    catalog.header_field("cost-center");
    catalog.header_field("odd:name");
    catalog
}

fn compiled(text: &str) -> Compiled {
    let catalog = catalog();
    compile(text, &Context::new(&catalog))
}

/// The text is a filter, this is its canonical form, and that means the same.
#[track_caller]
fn check(text: &str, canonical: &str) {
    let Compiled {
        expression,
        diagnostics,
    } = compiled(text);
    let expression = expression.unwrap_or_else(|| panic!("{text}: {diagnostics:?}"));
    assert_eq!(expression.to_string(), canonical, "{text}");
    let again = compiled(canonical);
    assert_eq!(
        again.expression.as_ref(),
        Some(&expression),
        "{canonical}: {:?}",
        again.diagnostics
    );
}
