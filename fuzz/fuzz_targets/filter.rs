//! Any text as a filter: it compiles or says why, its canonical form means the same, and its pieces are all of it.

#![no_main]

use flowdeck::query::{Context, Severity, compile, narrow, tokens};
use flowdeck::schema::id;
use flowdeck::store::Catalog;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let catalog = Catalog::default();
    catalog.header_field("cost-center");
    catalog.header_field("odd:name");
    let context = Context {
        catalog: &catalog,
        fields: &[id::SRCADDR],
        span: Some((1_763_856_000, 1_763_946_000)),
        selected: None,
        saved: &[],
    };
    let compiled = compile(text, &context);
    for diagnostic in &compiled.diagnostics {
        assert!(text.get(diagnostic.span.clone()).is_some());
        assert!(!diagnostic.message.is_empty());
    }
    let wrong = compiled
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity != Severity::Warning);
    assert_eq!(compiled.expression.is_none(), wrong);
    let mut at = 0;
    for token in tokens(text) {
        assert_eq!(token.span.start, at);
        at = token.span.end;
    }
    assert_eq!(at, text.len());
    let Some(expression) = compiled.expression else {
        return;
    };
    // What is inherited is written out, so that a long text can have a canonical form that is too long.
    let canonical = expression.to_string();
    if canonical.len() <= 64 << 10 {
        assert_eq!(compile(&canonical, &context).expression, Some(expression));
    }
    // Narrowing keeps a filter a filter.
    let narrowed = compile(&narrow(text, "action == REJECT"), &context);
    let errors = narrowed
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error && !diagnostic.message.starts_with("a filter has"));
    assert_eq!(errors.count(), 0);
});
