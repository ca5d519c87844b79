//! Finds the sibling modules that each import connects.

use std::path::PathBuf;

use super::{
    imports::{Import, Path},
    tree::{Module, Tree},
};

/// The number of `use` declarations that one path may lead through. It ends the search for a name that imports itself.
const MAX_DEPTH: usize = 16;

/// An import that leads from one sibling to another.
#[derive(Debug)]
pub struct Edge {
    /// The module that contains the siblings.
    pub parent: usize,
    /// The sibling that imports, itself or in a module that it contains.
    pub from: usize,
    /// The sibling that is imported.
    pub to: usize,
    /// The source file of the import.
    pub file: PathBuf,
    /// The line of the import, counted from 1.
    pub line: usize,
    /// The path of the import, for example `crate::page::Screen`.
    pub path: String,
}

/// All imports between siblings of a crate.
pub fn edges(tree: &Tree) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    for (index, module) in tree.modules.iter().enumerate() {
        let resolver = Resolver { tree, from: index };
        for import in &module.scope.imports {
            let Some(target) = resolver.target(import) else { continue };
            let edge = edge(tree, index, target, import);
            let is_same = |other: &Edge| other.to == edge.to && other.line == edge.line && other.path == edge.path;
            if !edges.iter().any(|other| other.file == edge.file && is_same(other)) {
                edges.push(edge);
            }
        }
    }
    edges
}

/// `to` is a child of a module that contains `module`.
fn edge(tree: &Tree, module: usize, to: usize, import: &Import) -> Edge {
    let parent = tree.modules[to].parent.unwrap_or_default();
    let from = tree.ancestors(module).find(|ancestor| tree.modules[*ancestor].parent == Some(parent)).unwrap_or(module);
    let file = tree.modules[module].file.clone();
    Edge { parent, from, to, file, line: import.line, path: import.path.join("::") }
}

/// Resolves the paths in one module.
struct Resolver<'a> {
    tree: &'a Tree,
    from: usize,
}

impl Resolver<'_> {
    /// The first module of an import that does not contain the importing module.
    fn target(&self, import: &Import) -> Option<usize> {
        let first = import.path.first()?;
        if import.is_use || is_anchor(first) {
            return self.resolve(self.from, &import.path, MAX_DEPTH);
        }
        let scope = &self.module(self.from).scope;
        if let Some(alias) = scope.aliases.get(first) {
            // The `use` itself is an edge already, unless it leads to a module that contains this one.
            let is_edge = self.resolve(self.from, alias, MAX_DEPTH).is_some();
            return if is_edge { None } else { self.resolve(self.from, &import.path, MAX_DEPTH) };
        }
        if import.path.len() == 1 {
            // A single name in code can be an item or a variable, but not a module.
            return if scope.items.contains(first) {
                None
            } else {
                self.resolve_globs(self.from, &import.path, MAX_DEPTH)
            };
        }
        self.resolve(self.from, &import.path, MAX_DEPTH)
    }

    /// Resolves a path that is written in `module`, which contains `self.from`.
    fn resolve(&self, module: usize, path: &[String], depth: usize) -> Option<usize> {
        let (start, rest) = self.start(module, path)?;
        self.descend(start, rest, depth)
    }

    /// Resolves a path relative to `module`, which contains `self.from`.
    fn descend(&self, module: usize, path: &[String], depth: usize) -> Option<usize> {
        let (name, rest) = path.split_first()?;
        let depth = depth.checked_sub(1)?;
        let Module { children, scope, .. } = self.module(module);
        if let Some(child) = children.get(name) {
            return if self.contains_from(*child) { self.descend(*child, rest, depth) } else { Some(*child) };
        }
        if scope.items.contains(name) {
            return None;
        }
        match scope.aliases.get(name) {
            Some(alias) => self.resolve(module, &[alias, rest].concat(), depth),
            None => self.resolve_globs(module, path, depth),
        }
    }

    /// Resolves a path whose first name `module` imports by a glob.
    fn resolve_globs(&self, module: usize, path: &[String], depth: usize) -> Option<usize> {
        let name = path.first()?;
        let depth = depth.checked_sub(1)?;
        self.module(module).scope.globs.iter().find_map(|glob| {
            let target = self.find_module(module, glob, depth)?;
            if target != module && self.contains_from(target) {
                self.descend(target, path, depth)
            } else if self.has_name(target, name, depth) {
                self.resolve(module, glob, depth)
            } else {
                None
            }
        })
    }

    /// The module that a whole path in `module` leads to.
    fn find_module(&self, module: usize, path: &[String], depth: usize) -> Option<usize> {
        let (start, rest) = self.start(module, path)?;
        let Some((name, rest)) = rest.split_first() else { return Some(start) };
        let depth = depth.checked_sub(1)?;
        let next = match self.module(start).children.get(name) {
            Some(child) => *child,
            None => self.find_module(start, self.module(start).scope.aliases.get(name)?, depth)?,
        };
        let rest: Path = [&["self".to_owned()], rest].concat();
        self.find_module(next, &rest, depth)
    }

    /// Whether a module declares or imports a name.
    fn has_name(&self, module: usize, name: &str, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let Module { children, scope, .. } = self.module(module);
        children.contains_key(name)
            || scope.items.contains(name)
            || scope.aliases.contains_key(name)
            || scope.globs.iter().any(|glob| {
                self.find_module(module, glob, depth).is_some_and(|target| self.has_name(target, name, depth))
            })
    }

    /// The module in which a path starts, and the rest of the path.
    fn start<'p>(&self, module: usize, path: &'p [String]) -> Option<(usize, &'p [String])> {
        let (mut start, mut rest) = match path.first()?.as_str() {
            "crate" => (0, &path[1..]),
            "self" => (module, &path[1..]),
            _ => (module, path),
        };
        while rest.first().is_some_and(|name| name == "super") {
            start = self.module(start).parent?;
            rest = &rest[1..];
        }
        Some((start, rest))
    }

    fn contains_from(&self, module: usize) -> bool {
        self.tree.ancestors(self.from).any(|ancestor| ancestor == module)
    }

    fn module(&self, index: usize) -> &Module {
        &self.tree.modules[index]
    }
}

fn is_anchor(name: &str) -> bool {
    ["crate", "self", "super"].contains(&name)
}
