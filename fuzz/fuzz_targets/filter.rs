//! Any text as a filter, alone or inserted into one of the documented examples: it compiles or gives a diagnostic, its
//! canonical form means the same, its tokens cover the text, and completion works at every position.
//!
//! The dictionary has the words of the language: `cargo fuzz run filter -- -dict=fuzz/filter.dict`.

#![no_main]

use std::sync::{Arc, LazyLock};

use flowdeck::query::{
    Context, Expression, Saved, Selected, Severity, compile, complete, narrow, tokens,
};
use flowdeck::schema::{FieldId, id};
use flowdeck::store::{
    Addresses, Chunk, Column, Integers, Layout, RowId, Run, Source, Store, Values,
};
use libfuzzer_sys::fuzz_target;

/// The filters of the documented examples.
static EXAMPLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/filters");
    let files = std::fs::read_dir(folder).expect("the examples are there");
    let texts = files.map(|file| {
        let path = file.expect("the folder can be read").path();
        std::fs::read_to_string(path).expect("an example is text")
    });
    let filters = |text: String| -> Vec<String> {
        let lines = text
            .lines()
            .filter_map(|line| line.strip_prefix("filter = "));
        lines
            .map(|line| line.trim_matches(['"', '\'']).to_owned())
            .collect()
    };
    let mut all: Vec<String> = texts.flat_map(filters).collect();
    all.sort();
    all
});

/// A store of one record.
static STORE: LazyLock<Store> = LazyLock::new(|| {
    let number = |number: u64| {
        let values = Values::Numbers(Integers::Constant(number));
        column(values, number)
    };
    let address = |bits: u64| {
        let addresses = Addresses {
            narrow: Integers::Constant(bits),
            wide: None,
        };
        column(Values::Addresses(addresses), bits)
    };
    let columns = vec![
        (id::SRCADDR, address(0x0a00_0001)),
        (id::DSTADDR, address(0x0808_0808)),
        (id::SRCPORT, number(40_000)),
        (id::DSTPORT, number(443)),
        (id::PROTOCOL, number(6)),
        (id::PACKETS, number(10)),
        (id::BYTES, number(1_000)),
        (id::START, number(1_763_856_000)),
        (id::END, number(1_763_856_060)),
        (id::ACTION, column(Values::Words(Integers::Constant(1)), 1)),
    ];
    let fields: Vec<FieldId> = columns.iter().map(|(field, _)| *field).collect();
    let layout = Arc::new(Layout {
        fields,
        header: None,
        ..Layout::default()
    });
    let source = Source {
        path: "/logs/a.log".into(),
        ..Source::default()
    };
    let mut store = Store::new(Arc::default(), vec![source]);
    store.catalog.header_field("cost-center");
    store.catalog.header_field("odd:name");
    let run = Run {
        row: 0,
        source: 0,
        line: 2,
        layout,
    };
    store.push(Arc::new(Chunk::new(1, columns, vec![run], Vec::new())));
    store
});

fn column(values: Values, only: u64) -> Column {
    Column {
        values,
        present: None,
        range: Some((only, only)),
    }
}

// Which example, where in it, and what is put there; behind a zero byte stand the texts of saved filters.
fuzz_target!(|input: (u16, u16, &str)| {
    let (which, place, typed) = input;
    let mut parts = typed.split('\0');
    let typed = parts.next().unwrap_or_default();
    let text = match EXAMPLES.get(usize::from(which) % 1024) {
        Some(example) => {
            let places: Vec<usize> = example.char_indices().map(|(at, _)| at).collect();
            let at = places.get(usize::from(place) % places.len().max(1));
            let (before, after) = example.split_at(at.copied().unwrap_or(0));
            format!("{before}{typed}{after}")
        }
        None => typed.to_owned(),
    };
    let names = ["web", "scan", "a", "b", "c c"];
    let saved: Vec<Saved> = names
        .into_iter()
        .zip(parts)
        .map(|(name, text)| Saved {
            name: name.into(),
            text: text.into(),
        })
        .collect();
    let context = Context {
        selected: Some(Selected {
            store: &STORE,
            row: RowId(0),
        }),
        saved: &saved,
        ..Context::of(&STORE, &[id::SRCADDR])
    };
    check(&text, &context, usize::from(place));
});

fn check(text: &str, context: &Context<'_>, place: usize) {
    let compiled = compile(text, context);
    for diagnostic in &compiled.diagnostics {
        assert!(text.get(diagnostic.span.clone()).is_some());
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.contains('\n'));
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
    let cursors: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let cursor = cursors.get(place % cursors.len().max(1)).copied();
    let completion = complete(text, cursor.unwrap_or(text.len()), context);
    assert!(text.get(completion.span).is_some());
    let Some(expression) = compiled.expression else {
        return;
    };
    // What is inherited is written out, so that a long text can have a canonical form that is too long.
    let canonical = expression.to_string();
    if canonical.len() <= 64 << 10 {
        let again = compile(&canonical, context).expression;
        assert_eq!(
            again,
            Some(Arc::<Expression>::clone(&expression)),
            "{canonical}"
        );
    }
    // Narrowing keeps a filter a filter.
    let narrowed = compile(&narrow(text, "action == REJECT"), context);
    let errors = narrowed.diagnostics.iter().filter(|diagnostic| {
        diagnostic.severity == Severity::Error && !diagnostic.message.starts_with("a filter has")
    });
    assert_eq!(errors.count(), 0);
}
