use super::*;
use crate::query::{Context, Severity, compile};
use crate::schema::{FIELDS, Kind, id};
use crate::store::Catalog;

#[test]
fn every_field_has_an_entry_under_its_own_name_and_no_entry_is_for_another() {
    let entries = read();
    let named: Vec<&str> = entries.keys().map(String::as_str).collect();
    let mut fields: Vec<&str> = FIELDS.iter().map(|def| def.name).collect();
    fields.sort_unstable();
    assert_eq!(named, fields);
}

#[test]
fn a_summary_is_one_line_that_ends_with_a_full_stop() {
    for (name, entry) in read() {
        let summary = &entry.summary;
        assert!(summary.len() <= 110, "{name}: {} characters", summary.len());
        assert!(summary.ends_with(['.', '…']), "{name}: {summary}");
        assert!(!summary.contains('\n'), "{name}");
    }
}

#[test]
fn paragraphs_have_no_line_breaks_of_their_own_and_no_double_spaces() {
    for (name, entry) in read() {
        let texts = [&entry.meaning, &entry.missing, &entry.mistake, &entry.finds];
        for text in texts.into_iter().flatten() {
            assert!(
                !text.contains('\n') && !text.contains("  "),
                "{name}: {text}"
            );
            assert_eq!(text.trim(), text, "{name}");
        }
    }
}

#[test]
fn the_fields_that_a_student_meets_first_are_told_in_full() {
    let version_2 = FIELDS
        .iter()
        .filter(|def| def.version == 2)
        .map(|def| lookup(def.name).unwrap());
    let later = [
        id::TCP_FLAGS,
        id::TYPE,
        id::PKT_SRCADDR,
        id::PKT_DSTADDR,
        id::FLOW_DIRECTION,
        id::TRAFFIC_PATH,
    ];
    let mut count = 0;
    for field in version_2.chain(later) {
        let entry = entry(field).unwrap();
        let meaning = entry.meaning.as_deref().unwrap_or_default();
        let sentences = meaning.matches(['.', ':', ';']).count();
        assert!(sentences >= 2, "{field:?} {meaning}");
        assert!(
            entry.missing.is_some() && entry.mistake.is_some(),
            "{field:?}"
        );
        assert!(entry.filter.is_some() && entry.finds.is_some(), "{field:?}");
        count += 1;
    }
    assert_eq!(count, 20);
}

#[test]
fn every_word_of_a_closed_list_is_explained() {
    for def in FIELDS {
        if let Kind::Choice(words) = def.kind {
            let entry = entry(lookup(def.name).unwrap()).unwrap();
            let explained: Vec<&str> = entry.values.keys().map(String::as_str).collect();
            let mut words = words.to_vec();
            words.sort_unstable();
            assert_eq!(explained, words, "{}", def.name);
        }
    }
}

#[test]
fn every_filter_to_try_is_understood() {
    let catalog = Catalog::default();
    let context = Context::new(&catalog);
    for (name, entry) in read() {
        let Some(filter) = entry.filter else { continue };
        let compiled = compile(&filter, &context);
        assert!(compiled.expression.is_some(), "{name}: {filter}");
        let wrong = |severity| matches!(severity, Severity::Error);
        let errors = compiled.diagnostics.iter().filter(|d| wrong(d.severity));
        assert_eq!(errors.count(), 0, "{name}: {filter}");
    }
}
