//! The repository as the laws read it: packages from `cargo metadata`, files from the tree.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

/// Every package in the lock file and how they depend on one another.
pub(crate) static METADATA: LazyLock<Value> = LazyLock::new(|| {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let said = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).expect("cargo metadata is JSON")
});

/// Where the workspace lies.
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
    });
    &ROOT
}

/// Every package.
pub(crate) fn packages() -> &'static [Value] {
    METADATA["packages"].as_array().expect("packages")
}

/// The packages of this repository.
pub(crate) fn members() -> impl Iterator<Item = &'static Value> {
    packages().iter().filter(|package| package["source"].is_null())
}

/// A member of an object, as text.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is text"))
}

/// The files under a folder of the workspace with this ending, by path.
pub(crate) fn files(under: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(&root().join(under), &mut |path| {
        if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    });
    found.sort();
    found
}

fn walk(folder: &Path, visit: &mut impl FnMut(PathBuf)) {
    for entry in folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() { walk(&path, visit) } else { visit(path) }
    }
}

/// A file's text.
pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A path as people say it: from the workspace's root.
pub(crate) fn said(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
