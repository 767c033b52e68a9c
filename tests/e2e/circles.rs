//! Files that import one another in a circle can only be understood together, so circles stay small.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{self, SourceFile};

/// The most files of a circle.
const MAX_FILES: usize = 3;

/// A file as the modules from the root of the crate to it: `["store", "chunk"]`.
type Module = Vec<String>;

/// What each file imports, tests left out.
type Imports = BTreeMap<Module, BTreeSet<Module>>;

/// The imports of `files`. A module's imports from its own children are left out: they are parts of it.
fn imports(files: &[SourceFile]) -> Imports {
    let production = |file: &&SourceFile| !file.is_tests() && !file.modules().is_empty();
    let files: Vec<&SourceFile> = files.iter().filter(production).collect();
    let known: BTreeSet<Module> = files.iter().map(|file| file.modules()).collect();
    let imports = files.iter().map(|file| {
        let own = file.modules();
        let named = file.names_of_crate().into_iter();
        let named = named.filter(|one| !one.in_tests && !one.is_visibility);
        let others = named
            .filter_map(|one| file_of(&known, &one.segments))
            .filter(|other| !other.starts_with(&own));
        (own.clone(), others.collect())
    });
    imports.collect()
}

/// The file that holds what `path` names: the longest beginning of the path that is a module.
fn file_of(known: &BTreeSet<Module>, path: &[String]) -> Option<Module> {
    (1..=path.len())
        .rev()
        .map(|length| path[..length].to_vec())
        .find(|module| known.contains(module))
}

/// All files that can be reached from `start` by one import or more.
fn reached(imports: &Imports, start: &Module) -> BTreeSet<Module> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Module> = vec![start];
    while let Some(module) = open.pop() {
        for other in imports.get(module).into_iter().flatten() {
            if reached.insert(other.clone()) {
                open.push(other);
            }
        }
    }
    reached
}

/// The circles: files each of which can be reached from each of the others.
fn circles(imports: &Imports) -> Vec<BTreeSet<Module>> {
    let reached: BTreeMap<&Module, BTreeSet<Module>> = imports
        .keys()
        .map(|module| (module, reached(imports, module)))
        .collect();
    let circle = |module: &Module| -> BTreeSet<Module> {
        let others = reached[module].iter();
        let others = others.filter(|other| reached[*other].contains(module));
        others.cloned().collect()
    };
    let circles: BTreeSet<BTreeSet<Module>> = imports.keys().map(circle).collect();
    circles
        .into_iter()
        .filter(|files| files.len() > 1)
        .collect()
}

fn path(module: &Module) -> String {
    format!("src/{}.rs", module.join("/"))
}

/// The files of a circle, each with what it imports of the others.
fn describe(circle: &BTreeSet<Module>, imports: &Imports) -> String {
    let files = circle.iter().map(|module| {
        let others: Vec<String> = imports[module].intersection(circle).map(path).collect();
        format!("  {} imports {}", path(module), others.join(", "))
    });
    let head = format!("a circle of {} files:", circle.len());
    let lines: Vec<String> = std::iter::once(head).chain(files).collect();
    lines.join("\n")
}

#[test]
fn no_import_circle_has_more_than_three_files() {
    let imports = imports(&source::files("src"));
    assert!(imports.len() > 200, "the sources are found");
    let large: Vec<String> = circles(&imports)
        .iter()
        .filter(|circle| circle.len() > MAX_FILES)
        .map(|circle| describe(circle, &imports))
        .collect();
    assert!(large.is_empty(), "\n{}\n", large.join("\n"));
}

#[test]
fn a_circle_is_found_whatever_the_spelling_of_its_paths() {
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        text: text.to_owned(),
    };
    let files = [
        file("src/a.rs", "mod b; mod c; use b::B; pub use c::C;"),
        // `C` is found in the parent, which hands it on.
        file("src/a/b.rs", "use super::C; pub(in crate::d) struct B;"),
        file("src/a/c.rs", "fn f() { crate::d::g() }"),
        file(
            "src/d.rs",
            "use crate::a::{b::B, c}; mod tests { use crate::e; }",
        ),
        file("src/e.rs", "use crate::d;"),
    ];
    let imports = imports(&files);
    let circles = circles(&imports);
    let names: Vec<Vec<String>> = circles
        .iter()
        .map(|circle| circle.iter().map(path).collect())
        .collect();
    assert_eq!(names, [["src/a/c.rs", "src/d.rs"]]);
    assert_eq!(
        describe(&circles[0], &imports),
        "a circle of 2 files:\n  src/a/c.rs imports src/d.rs\n  src/d.rs imports src/a/c.rs"
    );
}
