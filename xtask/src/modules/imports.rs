//! Reads the names and the imports of one module from its syntax tree.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::{
    Attribute, Ident, Item, Meta, UseTree,
    ext::IdentExt,
    parse::Parser,
    punctuated::Punctuated,
    visit::{self, Visit},
};

/// A path, as a list of its segments.
pub type Path = Vec<String>;

/// A path that a module uses.
#[derive(Debug)]
pub struct Import {
    /// The path. For a glob import, the path before `::*`.
    pub path: Path,
    /// The line in the source file, counted from 1.
    pub line: usize,
    /// Whether it is the path of a `use`.
    pub is_use: bool,
}

/// The names that a module declares, and the paths that it uses.
#[derive(Debug, Default)]
pub struct Scope {
    /// The names of items, without modules.
    pub items: BTreeSet<String>,
    /// The names that `use` declares, each with its path.
    pub aliases: BTreeMap<String, Path>,
    /// The paths of glob imports.
    pub globs: Vec<Path>,
    /// All paths that the module uses.
    pub imports: Vec<Import>,
}

impl Scope {
    /// Reads the items of a module. Skips the modules that it contains, and test code.
    pub fn read(items: &[Item]) -> Scope {
        let mut scope = Scope::default();
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            scope.declare(item);
        }
        let mut collector = Collector { imports: Vec::new() };
        for item in items {
            collector.visit_item(item);
        }
        scope.imports = collector.imports;
        scope
    }

    fn declare(&mut self, item: &Item) {
        let name = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Union(item) => &item.ident,
            Item::Macro(item) => match &item.ident {
                Some(ident) => ident,
                None => return,
            },
            Item::Use(item) => return flatten(&item.tree, &mut Vec::new(), &mut |leaf| self.declare_use(leaf)),
            _ => return,
        };
        self.items.insert(plain(name));
    }

    fn declare_use(&mut self, leaf: Leaf) {
        match leaf.alias {
            Some(alias) => {
                self.aliases.insert(alias, leaf.path);
            }
            None => self.globs.push(leaf.path),
        }
    }
}

/// Whether the attributes limit an item to tests.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) => {
            list.path.is_ident("cfg") && list.parse_args().is_ok_and(|predicate| implies_test(&predicate))
        }
        Meta::NameValue(_) => false,
    })
}

/// Whether a `cfg` predicate is true only in tests: `test`, or `all(...)` with such a predicate.
fn implies_test(predicate: &Meta) -> bool {
    match predicate {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => {
            let parser = Punctuated::<Meta, syn::Token![,]>::parse_terminated;
            parser.parse2(list.tokens.clone()).is_ok_and(|parts| parts.iter().any(implies_test))
        }
        _ => false,
    }
}

/// The name of an identifier without `r#`.
pub fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// One path of a `use`.
struct Leaf {
    path: Path,
    /// The name that it declares. `None` for a glob import.
    alias: Option<String>,
    line: usize,
}

fn flatten(tree: &UseTree, prefix: &mut Path, found: &mut impl FnMut(Leaf)) {
    match tree {
        UseTree::Path(path) => {
            prefix.push(plain(&path.ident));
            flatten(&path.tree, prefix, found);
            prefix.pop();
        }
        UseTree::Name(name) => found(leaf(prefix, &name.ident, None)),
        UseTree::Rename(rename) => found(leaf(prefix, &rename.ident, Some(plain(&rename.rename)))),
        UseTree::Glob(glob) => {
            found(Leaf { path: prefix.clone(), alias: None, line: glob.star_token.span.start().line })
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, prefix, found)),
    }
}

fn leaf(prefix: &Path, ident: &Ident, alias: Option<String>) -> Leaf {
    let mut path = prefix.clone();
    // `use a::{self}` imports `a`.
    if ident != "self" || prefix.is_empty() {
        path.push(plain(ident));
    }
    let alias = alias.or_else(|| path.last().cloned());
    Leaf { path, alias, line: ident.span().start().line }
}

/// Collects the paths in code.
struct Collector {
    imports: Vec<Import>,
}

impl Collector {
    /// Collects the paths in tokens that syn does not parse: the arguments of macros and attributes.
    fn read_tokens(&mut self, tokens: TokenStream, strings: Strings) {
        let mut path: Path = Vec::new();
        let mut line = 0;
        let mut previous = Previous::Other;
        for token in tokens {
            let current = match token {
                TokenTree::Ident(ident) => {
                    if !matches!(previous, Previous::PathSeparator) {
                        self.push(&mut path, line);
                        line = ident.span().start().line;
                    }
                    // The name of a field or method is no path.
                    if !matches!(previous, Previous::Dot) {
                        path.push(plain(&ident));
                    }
                    Previous::Other
                }
                TokenTree::Punct(punct) => match (punct.as_char(), punct.spacing(), &previous) {
                    (':', Spacing::Joint, _) => Previous::Colon,
                    (':', _, Previous::Colon) => Previous::PathSeparator,
                    ('.', _, _) => Previous::Dot,
                    _ => Previous::Other,
                },
                TokenTree::Group(group) => {
                    self.push(&mut path, line);
                    let strings = if group.delimiter() == Delimiter::None { Strings::Ignored } else { strings };
                    self.read_tokens(group.stream(), strings);
                    Previous::Other
                }
                TokenTree::Literal(literal) => {
                    if strings == Strings::Paths {
                        self.read_string(&syn::Lit::new(literal));
                    }
                    Previous::Other
                }
            };
            previous = current;
        }
        self.push(&mut path, line);
    }

    /// Collects a path in a string, for example `#[serde(with = "crate::hex")]`.
    fn read_string(&mut self, literal: &syn::Lit) {
        let syn::Lit::Str(text) = literal else { return };
        let Ok(path) = text.parse::<syn::Path>() else { return };
        let mut path = path.segments.iter().map(|segment| plain(&segment.ident)).collect::<Path>();
        if path.len() > 1 {
            self.push(&mut path, text.span().start().line);
        }
    }

    fn push(&mut self, path: &mut Path, line: usize) {
        if !path.is_empty() {
            self.imports.push(Import { path: std::mem::take(path), line, is_use: false });
        }
    }
}

/// The token before the current one, as far as it matters for a path.
enum Previous {
    Colon,
    PathSeparator,
    Dot,
    Other,
}

/// Whether string literals can be paths.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strings {
    Paths,
    Ignored,
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        // The tree of modules visits the modules below.
        if !matches!(item, Item::Mod(_)) && !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if !is_test(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        flatten(&item.tree, &mut Vec::new(), &mut |Leaf { path, line, .. }| {
            self.imports.push(Import { path, line, is_use: true });
        });
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let line = path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
        let segments = path.segments.iter().map(|segment| plain(&segment.ident)).collect();
        self.imports.push(Import { path: segments, line, is_use: false });
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.read_tokens(call.tokens.clone(), Strings::Ignored);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.read_tokens(list.tokens.clone(), Strings::Paths);
        }
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
