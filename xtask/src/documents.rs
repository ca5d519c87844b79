//! Checks that the documents name only files that exist.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{error::Error, workspace};

/// The documents, and the folders with documents.
const DOCUMENTS: [&str; 4] = ["ARCHITECTURE.md", "README.md", "docs", "infra/README.md"];
/// A code span that starts with one of these names a file or folder of the repository.
const FOLDERS: [&str; 12] = [
    "art/", "backend/", "docs/", "e2e/", "fuzz/", "gallery/", "game/", "infra/", "presets/", "shared/", "tools/",
    "web/",
];

/// Checks the links and the paths in code spans of all documents.
///
/// # Errors
/// If a document cannot be read, or names a file that does not exist.
pub fn check() -> Result<(), Error> {
    eprintln!("==> Checking the paths in the documents");
    let root = workspace::root();
    let mut missing = Vec::new();
    for document in documents(&root)? {
        let text = fs::read_to_string(&document).map_err(Error::file(&document))?;
        let folder = document.parent().unwrap_or(&root);
        let linked = links(&text).map(|link| (link, folder.join(link)));
        let named = paths(&text).map(|path| (path, root.join(path)));
        let name = document.strip_prefix(&root).unwrap_or(&document).display().to_string();
        let absent = linked.chain(named).filter(|(_, path)| !path.exists());
        missing.extend(absent.map(|(path, _)| format!("{name} names {path}")));
    }
    for line in &missing {
        eprintln!("    {line}");
    }
    if missing.is_empty() { Ok(()) } else { Err(Error::MissingFiles { count: missing.len() }) }
}

fn documents(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for name in DOCUMENTS {
        let path = root.join(name);
        if !path.is_dir() {
            found.push(path);
            continue;
        }
        for entry in fs::read_dir(&path).map_err(Error::file(&path))? {
            let file = entry.map_err(Error::file(&path))?.path();
            if file.extension().is_some_and(|extension| extension == "md") {
                found.push(file);
            }
        }
    }
    Ok(found)
}

/// The targets of Markdown links within the repository, without fragments.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local = targets.filter(|target| !target.contains("://"));
    local.filter_map(|target| target.split('#').next()).filter(|path| !path.is_empty())
}

/// The code spans that name a file or folder.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let spans = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    spans.filter(|span| FOLDERS.iter().any(|folder| span.starts_with(folder)) && !span.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_within_the_repository_are_found_without_their_fragments() {
        let text = "[a](docs/a.md#b), [c](https://example.org), [d](#e) and ![f](g.png)";
        assert_eq!(links(text).collect::<Vec<_>>(), ["docs/a.md", "g.png"]);
    }

    #[test]
    fn code_spans_with_paths_are_found() {
        let text = "`shared/src/rules`, `cargo test` and `web/`\n`backend serve` or `backend/src/main.rs`";
        assert_eq!(paths(text).collect::<Vec<_>>(), ["shared/src/rules", "web/", "backend/src/main.rs"]);
    }
}
