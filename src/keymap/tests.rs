mod lost_keys;

use super::*;

#[test]
fn no_key_is_bound_twice_in_a_scope() {
    for (index, a) in BINDINGS.iter().enumerate() {
        for b in &BINDINGS[index + 1..] {
            if a.scope == b.scope {
                assert!(
                    !a.keys.iter().any(|key| b.keys.contains(key)),
                    "{a:?} and {b:?} share a key"
                );
            }
        }
    }
}

#[test]
fn inner_scope_wins() {
    assert_eq!(
        resolve(&[Scope::Help, Scope::Global], ch('?')),
        Some(Action::Back)
    );
    assert_eq!(
        resolve(&[Scope::Records, Scope::Global], ch('?')),
        Some(Action::Help)
    );
    assert_eq!(resolve(&[Scope::Filter], ch('?')), None, "typed, not bound");
}

#[test]
fn scopes_stand_together_in_the_table() {
    let mut seen: Vec<Scope> = Vec::new();
    for binding in BINDINGS {
        if seen.last() != Some(&binding.scope) {
            assert!(
                !seen.contains(&binding.scope),
                "{:?} comes twice",
                binding.scope
            );
            seen.push(binding.scope);
        }
    }
}

#[test]
fn every_printable_key_is_typed_where_text_is_edited() {
    let edited = [
        Scope::Filter,
        Scope::Find,
        Scope::Save,
        Scope::Format,
        Scope::Palette,
        Scope::HelpSearch,
        Scope::Prompt,
    ];
    for scope in edited {
        for c in ' '..='~' {
            assert_eq!(resolve(&[scope, Scope::Line], ch(c)), None, "{c}");
        }
    }
}

#[test]
fn keys_are_named_as_people_say_them() {
    let names: Vec<String> = [
        ch('G'),
        ctrl('c'),
        key_alt(KeyCode::Left),
        ch(' '),
        key(KeyCode::PageDown),
    ]
    .iter()
    .map(ToString::to_string)
    .collect();
    assert_eq!(names, ["G", "Ctrl-C", "Alt-←", "Space", "PgDn"]);
}
