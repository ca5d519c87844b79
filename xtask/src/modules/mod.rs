//! `cargo xtask modules`: checks that sibling modules do not import each other in a cycle.
//!
//! The check reads the source files of each crate. These rules define what it counts:
//! - An import is a `use`, or a path in code, in the arguments of a macro, or in an attribute.
//! - An import counts for the module that defines the name. A re-export by a parent is followed to that module.
//! - Siblings are modules with the same parent. A module and all modules below it count as one sibling.
//! - Imports between parent and child do not count, in either direction.
//! - Code under `#[cfg(test)]` or `#[test]`, integration tests and benchmarks do not count.
//! - Method calls, trait implementations and inferred types do not count, because they name no module.

mod cycles;
mod imports;
mod resolve;
mod tree;

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;

use crate::{error::Error, workspace};
use cycles::Cycle;
use tree::Tree;

/// The number of imports that the report lists for each pair of modules.
const MAX_IMPORTS_LISTED: usize = 3;

/// The options of `cargo xtask modules`.
#[derive(Debug, Args)]
pub struct Options {
    /// Names of the crates to check. Default: all crates of the workspace
    #[arg(value_name = "CRATE")]
    crates: Vec<String>,
}

/// Checks the chosen crates, and prints each cycle with its imports.
///
/// # Errors
/// If there is a cycle, a crate is unknown, or a source file cannot be read or parsed.
pub fn check(options: &Options) -> Result<(), Error> {
    let all = crates()?;
    let unknown = options.crates.iter().find(|name| !all.contains(name));
    if let Some(name) = unknown {
        return Err(Error::UnknownCrate { name: name.clone(), known: all.join(", ") });
    }
    check_crates(if options.crates.is_empty() { &all } else { &options.crates })
}

/// Checks all crates, as [`check`] does.
///
/// # Errors
/// If there is a cycle, or a source file cannot be read or parsed.
pub fn check_all() -> Result<(), Error> {
    check_crates(&crates()?)
}

fn check_crates(names: &[String]) -> Result<(), Error> {
    eprintln!("==> Checking the imports of sibling modules");
    let mut count = 0;
    for name in names {
        for root in roots(&workspace::root().join(name).join("src"))? {
            let tree = Tree::load(&root)?;
            let edges = resolve::edges(&tree);
            let cycles = cycles::find(&edges);
            let (file, modules) = (relative(&root), tree.modules.len());
            eprintln!("    {}: {modules} modules, {} cycle(s)", file.display(), cycles.len());
            for cycle in &cycles {
                print(name, &tree, cycle);
            }
            count += cycles.len();
        }
    }
    if count == 0 { Ok(()) } else { Err(Error::ModuleCycles { count }) }
}

fn print(crate_name: &str, tree: &Tree, cycle: &Cycle) {
    let name = |module: usize| tree.modules[module].name.as_str();
    let names: Vec<&str> = cycle.modules.iter().map(|module| name(*module)).collect();
    eprintln!("{crate_name}: cycle of {} modules in {}: {}", names.len(), tree.path(cycle.parent), names.join(", "));
    for (from, to, edges) in cycle.imports() {
        eprintln!("  {} imports {}", name(from), name(to));
        for edge in edges.iter().take(MAX_IMPORTS_LISTED) {
            eprintln!("    {}:{} {}", relative(&edge.file).display(), edge.line, edge.path);
        }
        if edges.len() > MAX_IMPORTS_LISTED {
            eprintln!("    and {} more", edges.len() - MAX_IMPORTS_LISTED);
        }
    }
}

/// The folders of the workspace that hold a crate, sorted by name.
fn crates() -> Result<Vec<String>, Error> {
    let root = workspace::root();
    let is_crate = |path: &Path| path.join("Cargo.toml").exists() && path.join("src").is_dir();
    let folders = entries(&root)?.into_iter().filter(|path| is_crate(path));
    Ok(folders.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
}

/// The root files of a crate's library and binaries.
fn roots(src: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut roots: Vec<PathBuf> = ["lib.rs", "main.rs"].map(|name| src.join(name)).to_vec();
    if src.join("bin").is_dir() {
        roots.extend(entries(&src.join("bin"))?);
    }
    roots.retain(|path| path.is_file());
    Ok(roots)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::file(folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn relative(path: &Path) -> PathBuf {
    path.strip_prefix(workspace::root()).unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a crate, and returns each cycle as "parent: modules" with its imports as "from imports to (path)".
    fn cycles_of(files: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let tree = Tree::load(&folder.path().join("lib.rs")).unwrap();
        let name = |module: usize| tree.modules[module].name.clone();
        let describe = |cycle: &Cycle| {
            let names: Vec<String> = cycle.modules.iter().map(|module| name(*module)).collect();
            let imports = cycle.imports().into_iter().flat_map(|(from, to, edges)| {
                let (from, to) = (name(from), name(to));
                edges
                    .iter()
                    .map(move |edge| format!("{from} imports {to} ({}:{})", edge.line, edge.path))
                    .collect::<Vec<_>>()
            });
            (format!("{}: {}", tree.path(cycle.parent), names.join(", ")), imports.collect())
        };
        cycles::find(&resolve::edges(&tree)).iter().map(describe).collect()
    }

    fn has_cycle(a: &str, b: &str) -> bool {
        let cycles = cycles_of(&[("lib.rs", "mod a; mod b;"), ("a.rs", a), ("b.rs", b)]);
        assert!(cycles.len() <= 1);
        !cycles.is_empty()
    }

    #[test]
    fn cycle_is_reported_with_its_imports() {
        let a = "use std::fmt;\nuse crate::b::{B, C as D};";
        let cycles = cycles_of(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", a),
            ("b.rs", "fn f() { crate::a::g() }"),
            ("c.rs", "use crate::a::A;"),
        ]);
        let imports = ["a imports b (2:crate::b::B)", "a imports b (2:crate::b::C)", "b imports a (1:crate::a::g)"];
        assert_eq!(cycles, [("crate: a, b".to_owned(), imports.map(str::to_owned).to_vec())]);
    }

    #[test]
    fn imports_in_one_direction_are_no_cycle() {
        assert!(!has_cycle("use crate::b::B;", "use std::a::A;"));
    }

    #[test]
    fn cycle_of_three_modules_is_found() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c; mod d;"),
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use super::c::C;"),
            ("c.rs", "use crate::a::A;"),
            ("d.rs", "use crate::a::A;"),
        ];
        assert_eq!(cycles_of(&files)[0].0, "crate: a, b, c");
    }

    #[test]
    fn submodule_counts_for_the_modules_that_contain_it() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "mod inner;"),
            ("a/inner.rs", "use crate::b::B;"),
            ("b.rs", "mod inner { use crate::a::A; }"),
        ];
        assert_eq!(cycles_of(&files)[0].0, "crate: a, b");
    }

    #[test]
    fn submodules_of_one_module_are_siblings() {
        let files = [
            ("lib.rs", "mod a;"),
            ("a.rs", "mod x; mod y;"),
            ("a/x.rs", "use super::y::Y;"),
            ("a/y.rs", "use crate::a::x::X;"),
        ];
        assert_eq!(cycles_of(&files)[0].0, "crate::a: x, y");
    }

    #[test]
    fn parent_and_child_may_use_each_other() {
        let files = [("lib.rs", "mod a; use a::A; pub struct Root;"), ("a.rs", "use crate::Root; use super::*;")];
        assert_eq!(cycles_of(&files), []);
    }

    #[test]
    fn name_that_the_parent_reexports_leads_to_its_module() {
        let lib = "mod a; mod b; pub use a::A; use b::B as Renamed;";
        let files = [("lib.rs", lib), ("a.rs", "use crate::Renamed;"), ("b.rs", "use crate::A;")];
        assert_eq!(cycles_of(&files)[0].0, "crate: a, b");
    }

    #[test]
    fn name_behind_glob_imports_of_the_parent_leads_to_its_module() {
        let lib = "mod a; mod b; pub use b::*;";
        let files =
            [("lib.rs", lib), ("a.rs", "use super::*; fn f(_: B) {}"), ("b.rs", "pub struct B; use crate::a::A;")];
        assert_eq!(cycles_of(&files)[0].0, "crate: a, b");
    }

    #[test]
    fn path_through_an_imported_ancestor_leads_to_the_sibling() {
        let files = [
            ("lib.rs", "mod a;"),
            ("a.rs", "mod x; mod y;"),
            ("a/x.rs", "use crate::a; fn f() { a::y::g() }"),
            ("a/y.rs", "use super::x;"),
        ];
        assert_eq!(cycles_of(&files)[0].0, "crate::a: x, y");
    }

    #[test]
    fn paths_in_macros_and_attributes_count() {
        assert!(has_cycle("fn f() { println!(\"{}\", crate::b::N) }", "use crate::a::A;"));
        assert!(has_cycle("macro_rules! m { () => { $crate::b::f() } }", "use crate::a::A;"));
        assert!(has_cycle("#[error(\"{}\", crate::b::N)] struct A;", "use crate::a::A;"));
        assert!(has_cycle("struct A { #[serde(with = \"crate::b\")] n: u8 }", "use crate::a::A;"));
    }

    #[test]
    fn documentation_does_not_count() {
        assert!(!has_cycle("/// See [`crate::b::B`].\nstruct A;", "use crate::a::A;"));
    }

    #[test]
    fn test_code_does_not_count() {
        assert!(!has_cycle("#[cfg(test)] mod tests { use crate::b::B; }", "use crate::a::A;"));
        assert!(!has_cycle("#[cfg(all(test, unix))] use crate::b::B;", "use crate::a::A;"));
        assert!(!has_cycle("#[test] fn f() { crate::b::f() }", "use crate::a::A;"));
        assert!(has_cycle("#[cfg(not(test))] use crate::b::B;", "use crate::a::A;"));
    }

    #[test]
    fn missing_file_of_a_module_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("lib.rs"), "mod a;").unwrap();
        let error = Tree::load(&folder.path().join("lib.rs")).unwrap_err();
        assert!(matches!(error, Error::ModuleFileMissing { module, .. } if module == "a"));
    }
}
