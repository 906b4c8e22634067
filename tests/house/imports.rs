//! Which source file names which: every `use` and every path, resolved through re-exports to the file that defines it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;
use syn::{Item, UseTree};

/// A path below `crate`: `["diagnose", "check"]`.
pub type Module = Vec<String>;

/// What one file says.
pub struct Source {
    /// Below `src/`, with `/`.
    pub name: String,
    /// Where it stands in the tree of modules.
    pub module: Module,
    /// Every name that it defines, by module: inline modules are part of the file.
    defines: BTreeSet<(Module, String)>,
    /// `use` items: (module, name that it brings in, target, whether it is public to anybody).
    brings: Vec<Import>,
    /// Paths in code: (module, segments).
    paths: BTreeSet<(Module, Vec<String>)>,
    /// The macros that it calls.
    pub macros: BTreeSet<String>,
}

impl Source {
    /// The first words of all paths and imports: other crates among them.
    pub fn first_words(&self) -> BTreeSet<&str> {
        let imports = self.brings.iter().map(|import| &import.target);
        let paths = self.paths.iter().map(|(_, segments)| segments);
        imports
            .chain(paths)
            .filter_map(|segments| segments.first())
            .map(String::as_str)
            .collect()
    }

    /// The module at the top level that it belongs to: `decode` for src/decode/… and src/decode.rs; `None` for lib.rs.
    pub fn top(&self) -> Option<&str> {
        self.module.first().map(String::as_str)
    }
}

struct Import {
    module: Module,
    name: String,
    target: Vec<String>,
    is_public: bool,
}

/// All files of `src/`, and where each name is defined.
pub struct Sources {
    pub files: Vec<Source>,
    /// Module to the file that it stands in.
    modules: BTreeMap<Module, usize>,
}

impl Sources {
    /// Reads and parses every file. Code for tests alone is left out, wherever it stands.
    pub fn read(top: &Path, paths: &[PathBuf]) -> Self {
        let files: Vec<Source> = paths.iter().filter_map(|path| read(top, path)).collect();
        let mut modules = BTreeMap::new();
        for (index, file) in files.iter().enumerate() {
            modules.insert(file.module.clone(), index);
            for (module, _) in &file.defines {
                modules.entry(module.clone()).or_insert(index);
            }
        }
        Self { files, modules }
    }

    /// For each file, the files that it names. A parent's re-exports of its children are its door, not a use of them.
    pub fn arrows(&self) -> BTreeSet<(usize, usize)> {
        let mut arrows = BTreeSet::new();
        for (from, file) in self.files.iter().enumerate() {
            let mut add = |module: &Module, segments: &[String]| {
                if let Some(to) = self.file_of(module, segments, 0)
                    && to != from
                {
                    arrows.insert((from, to));
                }
            };
            for import in &file.brings {
                let is_door = import.is_public
                    && self
                        .file_of(&import.module, &import.target, 0)
                        .is_some_and(|to| self.files[to].module.starts_with(&file.module));
                if !is_door {
                    add(&import.module, &import.target);
                }
            }
            for (module, segments) in &file.paths {
                add(module, segments);
            }
        }
        arrows
    }

    /// The file that defines what a path names, seen from a module.
    fn file_of(&self, module: &Module, segments: &[String], depth: usize) -> Option<usize> {
        // Re-exports lead on a few times at most; a circle of them would not compile.
        if depth > 12 {
            return None;
        }
        let (mut at, rest) = self.start(module, segments, depth)?;
        let mut rest = rest;
        while let Some((first, more)) = rest.split_first() {
            let below: Module = at.iter().cloned().chain([first.clone()]).collect();
            if self.modules.contains_key(&below) {
                at = below;
                rest = more;
                continue;
            }
            let file = &self.files[*self.modules.get(&at)?];
            if file.defines.contains(&(at.clone(), first.clone())) {
                break;
            }
            let named = self
                .imports_of(&at)
                .find(|import| import.name == *first || import.name == "*");
            return match named {
                Some(import) if import.name == "*" => {
                    let mut target = import.target.clone();
                    target.push(first.clone());
                    self.file_of(&import.module, &target, depth + 1)
                        .or(Some(*self.modules.get(&at)?))
                }
                Some(import) => {
                    let mut target = import.target.clone();
                    target.extend(more.iter().cloned());
                    self.file_of(&import.module, &target, depth + 1)
                }
                // An associated item, a macro, or a derive's helper: it stands in this file.
                None => Some(*self.modules.get(&at)?),
            };
        }
        self.modules.get(&at).copied()
    }

    fn imports_of(&self, module: &Module) -> impl Iterator<Item = &Import> {
        let file = self.modules.get(module).map(|index| &self.files[*index]);
        let module = module.clone();
        file.into_iter()
            .flat_map(|file| &file.brings)
            .filter(move |import| import.module == module)
    }

    /// Where a path starts, and what is left of it. `None`: it is another crate's.
    fn start<'a>(
        &self,
        module: &Module,
        segments: &'a [String],
        depth: usize,
    ) -> Option<(Module, &'a [String])> {
        let (first, mut rest) = segments.split_first()?;
        match first.as_str() {
            "crate" => Some((Vec::new(), rest)),
            "self" => Some((module.clone(), rest)),
            "super" => {
                let mut at = module.clone();
                at.pop();
                while rest.first().is_some_and(|next| next == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
                Some((at, rest))
            }
            name => {
                let below: Module = module.iter().cloned().chain([name.to_owned()]).collect();
                if self.modules.contains_key(&below) {
                    return Some((below, rest));
                }
                // `use crate::pki; … pki::load()`: the first word is a module that was brought in.
                let import = self.imports_of(module).find(|import| {
                    import.name == name && import.target.first().is_some_and(|word| word != name)
                })?;
                let to = self.module_of(&import.module, &import.target, depth + 1)?;
                Some((to, rest))
            }
        }
    }

    /// The module that a path names, if it names one.
    fn module_of(&self, module: &Module, segments: &[String], depth: usize) -> Option<Module> {
        if depth > 12 {
            return None;
        }
        let (mut at, rest) = self.start(module, segments, depth)?;
        for name in rest {
            at.push(name.clone());
        }
        self.modules.contains_key(&at).then_some(at)
    }
}

fn read(top: &Path, path: &Path) -> Option<Source> {
    let inside = path.strip_prefix(top).ok()?;
    let mut module: Module = inside
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    let last = module.last().cloned().unwrap_or_default();
    // `tests.rs` is a module for tests alone; `main.rs` is another crate, above all modules.
    if last == "tests" || module == ["main"] {
        return None;
    }
    if last == "mod" || module == ["lib"] {
        module.pop();
    }
    let text = std::fs::read_to_string(path).expect("a text file");
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut source = Source {
        name: inside.to_string_lossy().replace('\\', "/"),
        module: module.clone(),
        defines: BTreeSet::new(),
        brings: Vec::new(),
        paths: BTreeSet::new(),
        macros: BTreeSet::new(),
    };
    Reader {
        source: &mut source,
        at: module,
    }
    .items(&file.items);
    Some(source)
}

struct Reader<'a> {
    source: &'a mut Source,
    at: Module,
}

impl Reader<'_> {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            self.visit_item(item);
        }
    }

    fn define(&mut self, name: &syn::Ident) {
        self.source.defines.insert((self.at.clone(), name.to_string()));
    }

    fn tree(&mut self, tree: &UseTree, before: &[String], is_public: bool) {
        let with = |name: &syn::Ident| {
            let mut all = before.to_vec();
            all.push(name.to_string());
            all
        };
        let (name, target) = match tree {
            UseTree::Path(path) => return self.tree(&path.tree, &with(&path.ident), is_public),
            UseTree::Group(group) => {
                return group
                    .items
                    .iter()
                    .for_each(|tree| self.tree(tree, before, is_public));
            }
            UseTree::Name(name) if name.ident == "self" => {
                (before.last().cloned().unwrap_or_default(), before.to_vec())
            }
            UseTree::Name(name) => (name.ident.to_string(), with(&name.ident)),
            UseTree::Rename(rename) if rename.ident == "self" => (rename.rename.to_string(), before.to_vec()),
            UseTree::Rename(rename) => (rename.rename.to_string(), with(&rename.ident)),
            UseTree::Glob(_) => ("*".to_owned(), before.to_vec()),
        };
        self.source.brings.push(Import {
            module: self.at.clone(),
            name,
            target,
            is_public,
        });
    }

    /// Paths inside a macro's arguments, which are words to the parser.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(word) => {
                    if colons != 2 {
                        self.path(std::mem::take(&mut path));
                    }
                    path.push(word.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                other => {
                    self.path(std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.path(path);
    }

    fn path(&mut self, segments: Vec<String>) {
        if segments.len() > 1 {
            self.source.paths.insert((self.at.clone(), segments));
        }
    }
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "test"))
    })
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes: &[syn::Attribute] = match item {
            Item::Fn(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            Item::Enum(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            _ => &[],
        };
        if is_for_tests(attributes) {
            return;
        }
        match item {
            Item::Use(item) => {
                let is_public = !matches!(item.vis, syn::Visibility::Inherited);
                return self.tree(&item.tree, &[], is_public);
            }
            Item::Mod(item) => {
                if let Some((_, items)) = &item.content {
                    self.at.push(item.ident.to_string());
                    self.items(items);
                    self.at.pop();
                }
                return;
            }
            Item::Fn(item) => self.define(&item.sig.ident),
            Item::Struct(item) => self.define(&item.ident),
            Item::Enum(item) => self.define(&item.ident),
            Item::Union(item) => self.define(&item.ident),
            Item::Trait(item) => self.define(&item.ident),
            Item::Type(item) => self.define(&item.ident),
            Item::Const(item) => self.define(&item.ident),
            Item::Static(item) => self.define(&item.ident),
            Item::Macro(item) => {
                if let Some(name) = &item.ident {
                    self.define(name);
                }
            }
            _ => {}
        }
        syn::visit::visit_item(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // Inside a function.
        self.tree(&item.tree, &[], false);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            syn::visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.path(
            path.segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect(),
        );
        syn::visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {
        // `pub(in super::…)` names no file that is used.
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if let Some(name) = call.path.segments.last() {
            self.source.macros.insert(name.ident.to_string());
        }
        self.tokens(call.tokens.clone());
        syn::visit::visit_macro(self, call);
    }
}

/// The circles: groups of files each of which leads to all others, in the order of their names.
pub fn circles(count: usize, arrows: &BTreeSet<(usize, usize)>) -> Vec<Vec<usize>> {
    let reach: Vec<BTreeSet<usize>> = (0..count)
        .map(|from| {
            let mut seen = BTreeSet::new();
            let mut open = vec![from];
            while let Some(at) = open.pop() {
                for (_, to) in arrows.range((at, 0)..(at + 1, 0)) {
                    if seen.insert(*to) {
                        open.push(*to);
                    }
                }
            }
            seen
        })
        .collect();
    let mut done = BTreeSet::new();
    let mut found = Vec::new();
    for from in 0..count {
        if !done.contains(&from) && reach[from].contains(&from) {
            let circle: Vec<usize> = (0..count)
                .filter(|to| reach[from].contains(to) && reach[*to].contains(&from))
                .collect();
            done.extend(circle.iter().copied());
            found.push(circle);
        }
    }
    found
}
