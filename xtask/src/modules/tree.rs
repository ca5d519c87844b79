//! The modules of a crate, read from its source files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::imports::{self, Scope};
use crate::error::Error;

/// A module with its names and imports.
#[derive(Debug)]
pub struct Module {
    /// The name; `crate` for the root.
    pub name: String,
    /// The index of the module that contains it; `None` for the root.
    pub parent: Option<usize>,
    /// The source file.
    pub file: PathBuf,
    /// The indices of the modules that it contains, by name.
    pub children: BTreeMap<String, usize>,
    /// The names and imports of its own code.
    pub scope: Scope,
}

/// All modules of a crate. The index of the root is 0.
#[derive(Debug)]
pub struct Tree {
    /// The modules. A parent comes before its children.
    pub modules: Vec<Module>,
}

impl Tree {
    /// Reads a crate from its root file, for example `src/lib.rs`.
    ///
    /// # Errors
    /// If a source file is missing, or is not valid Rust.
    pub fn load(root: &Path) -> Result<Tree, Error> {
        let mut tree = Tree { modules: Vec::new() };
        let folder = root.parent().unwrap_or(root);
        tree.add("crate".to_owned(), None, root, folder, &parse(root)?.items)?;
        Ok(tree)
    }

    /// The path of a module, for example `crate::http::pages`.
    pub fn path(&self, module: usize) -> String {
        let Module { name, parent, .. } = &self.modules[module];
        parent.map_or_else(|| name.clone(), |parent| format!("{}::{name}", self.path(parent)))
    }

    /// The module itself and all modules that contain it, from the inside to the outside.
    pub fn ancestors(&self, module: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(module), |module| self.modules[*module].parent)
    }

    /// Adds a module and the modules that it contains. The files of the latter are in `folder`.
    fn add(
        &mut self,
        name: String,
        parent: Option<usize>,
        file: &Path,
        folder: &Path,
        items: &[syn::Item],
    ) -> Result<(), Error> {
        let index = self.modules.len();
        if let Some(parent) = parent {
            self.modules[parent].children.insert(name.clone(), index);
        }
        let scope = Scope::read(items);
        self.modules.push(Module { name, parent, file: file.to_owned(), children: BTreeMap::new(), scope });
        for item in items {
            let syn::Item::Mod(module) = item else { continue };
            if imports::is_test(&module.attrs) {
                continue;
            }
            let name = imports::plain(&module.ident);
            let subfolder = folder.join(&name);
            match &module.content {
                Some((_, items)) => self.add(name, Some(index), file, &subfolder, items)?,
                None => {
                    let file = module_file(&name, file, folder)?;
                    self.add(name, Some(index), &file, &subfolder, &parse(&file)?.items)?;
                }
            }
        }
        Ok(())
    }
}

fn module_file(name: &str, declared_in: &Path, folder: &Path) -> Result<PathBuf, Error> {
    let first = folder.join(format!("{name}.rs"));
    let second = folder.join(name).join("mod.rs");
    if first.exists() {
        return Ok(first);
    }
    if second.exists() {
        return Ok(second);
    }
    Err(Error::ModuleFileMissing { module: name.to_owned(), declared_in: declared_in.to_owned(), first, second })
}

fn parse(path: &Path) -> Result<syn::File, Error> {
    let text = fs::read_to_string(path).map_err(Error::file(path))?;
    syn::parse_file(&text).map_err(|source| Error::Syntax {
        path: path.to_owned(),
        line: source.span().start().line,
        source,
    })
}
