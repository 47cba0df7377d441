//! The licence texts that must go with `pkg/`, because code of these crates is in the binary.

use crate::compile::cargo;
use crate::toolchain::WASM;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// For crates whose archive carries no licence file, and for the standard library, whose licence stands elsewhere in
/// every distribution of Rust.
const MIT: &str = include_str!("mit.txt");

const HEAD: &str =
    "parse_two_factor_bg.wasm contains code of the projects below. Where a project may be used under one \
of several licences, it is used here under the MIT licence.
";

/// Writes down the licence of every crate that is compiled into the core in `root`.
pub fn of_core(root: &Path) -> Result<String> {
    let metadata = metadata(root)?;
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let std = "The Rust standard library (https://www.rust-lang.org)".to_owned();
    texts.entry(mit_of("The Rust Project Contributors")).or_default().insert(std);
    for package in linked_packages(&metadata)? {
        let name = format!("{} {}", text(package, "name")?, text(package, "version")?);
        for licence in licence_texts(package).with_context(|| format!("the licence of {name}"))? {
            texts.entry(licence).or_default().insert(name.clone());
        }
    }
    Ok(render(texts))
}

/// The name, version and license of every crate that is compiled into the core in `root`, as a list in JSON.
pub fn crates(root: &Path) -> Result<Value> {
    let metadata = metadata(root)?;
    let crates = linked_packages(&metadata)?;
    let facts =
        crates.iter().map(|one| json!({"name": one["name"], "version": one["version"], "license": one["license"]}));
    Ok(facts.collect())
}

/// One section for each different text, in the order of the first project that it belongs to.
fn render(texts: BTreeMap<String, BTreeSet<String>>) -> String {
    let mut sections: Vec<(BTreeSet<String>, String)> = texts.into_iter().map(|(text, names)| (names, text)).collect();
    sections.sort();
    let mut out = HEAD.to_owned();
    for (names, text) in sections {
        let names: Vec<String> = names.into_iter().collect();
        out.push_str(&format!("\n{}\n\n{text}\n{}\n", names.join(", "), "-".repeat(80)));
    }
    out
}

/// What cargo knows about the workspace when it compiles for WebAssembly.
fn metadata(root: &Path) -> Result<Value> {
    let json =
        crate::output(cargo(root).args(["metadata", "--format-version=1", "--locked", "--filter-platform", WASM]))?;
    Ok(serde_json::from_str(&json)?)
}

/// The packages other than the core whose code ends up in the binary: what is reached from the core through normal
/// dependencies, without the procedural macros, which run in the compiler.
fn linked_packages(metadata: &Value) -> Result<Vec<&Value>> {
    let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])?
        .iter()
        .map(|package| Ok((text(package, "id")?, package)))
        .collect::<Result<_>>()?;
    let nodes: BTreeMap<&str, &Value> =
        list(&metadata["resolve"]["nodes"])?.iter().map(|node| Ok((text(node, "id")?, node))).collect::<Result<_>>()?;
    let core = text(&metadata["resolve"], "root")?;

    let mut seen = BTreeSet::from([core]);
    let mut waiting = vec![core];
    while let Some(id) = waiting.pop() {
        for dependency in list(&nodes[id]["deps"])? {
            let normal = list(&dependency["dep_kinds"])?.iter().any(|kind| kind["kind"].is_null());
            let id = text(dependency, "pkg")?;
            if normal && !is_proc_macro(packages[id])? && seen.insert(id) {
                waiting.push(id);
            }
        }
    }
    seen.remove(core);
    Ok(seen.into_iter().map(|id| packages[id]).collect())
}

/// Whether a package is a procedural macro.
fn is_proc_macro(package: &Value) -> Result<bool> {
    Ok(list(&package["targets"])?.iter().any(|target| target["kind"][0] == "proc-macro"))
}

/// The texts under which a package is used: MIT alone where that is on offer, else all that it comes with.
fn licence_texts(package: &Value) -> Result<Vec<String>> {
    let manifest = Path::new(text(package, "manifest_path")?);
    let folder = manifest.parent().context("a manifest without a folder")?;
    let mut files = Vec::new();
    for file in fs::read_dir(folder)? {
        let name = file?.file_name().to_string_lossy().into_owned();
        if ["LICENSE", "LICENCE", "COPYING"].iter().any(|start| name.to_uppercase().starts_with(start)) {
            files.push(name);
        }
    }
    files.sort();

    let mit = offers_mit(package["license"].as_str().unwrap_or_default());
    if mit && files.iter().any(|file| file.contains("MIT")) {
        files.retain(|file| file.contains("MIT"));
    }
    if files.is_empty() {
        if !mit {
            bail!("no licence file in {}", folder.display());
        }
        let authors: Vec<&str> = list(&package["authors"])?.iter().filter_map(Value::as_str).collect();
        let holder = if authors.is_empty() { text(package, "name")?.to_owned() } else { authors.join(", ") };
        return Ok(vec![mit_of(&holder)]);
    }
    files.iter().map(|file| Ok(tidy(&fs::read_to_string(folder.join(file))?))).collect()
}

/// Whether an SPDX expression (or cargo's older `MIT/Apache-2.0`) allows MIT alone.
fn offers_mit(expression: &str) -> bool {
    !expression.contains("AND") && expression.split([' ', '/', '(', ')']).any(|licence| licence == "MIT")
}

/// The MIT licence for one holder.
fn mit_of(holder: &str) -> String {
    format!("Copyright (c) {holder}\n\n{}", tidy(MIT))
}

/// The same text whatever the line ends and the white space around it, so that equal licences are printed once.
fn tidy(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// A field that must be an array.
fn list(value: &Value) -> Result<&Vec<Value>> {
    value.as_array().context("cargo metadata has another shape than expected")
}

/// A field that must be a string.
fn text<'a>(value: &'a Value, field: &str) -> Result<&'a str> {
    value[field].as_str().with_context(|| format!("cargo metadata has no {field}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn mit_is_taken_only_where_it_alone_is_enough() {
        for expression in ["MIT", "MIT OR Apache-2.0", "Apache-2.0/MIT", "Unlicense OR MIT"] {
            assert!(offers_mit(expression), "{expression}");
        }
        for expression in ["Apache-2.0", "(MIT OR Apache-2.0) AND Unicode-3.0", "MIT-0", ""] {
            assert!(!offers_mit(expression), "{expression}");
        }
    }

    #[test]
    fn only_crates_that_are_in_the_binary_are_named() {
        let package = |name: &str, kind: &str| json!({"id": name, "name": name, "targets": [{"kind": [kind]}]});
        let metadata = json!({
            "packages": [
                package("core", "cdylib"), package("hash", "lib"), package("inner", "lib"), package("derive", "proc-macro"),
                package("test-only", "lib"), package("parser", "lib"),
            ],
            "resolve": {"root": "core", "nodes": [
                {"id": "core", "deps": [
                    {"pkg": "hash", "dep_kinds": [{"kind": null}]},
                    {"pkg": "derive", "dep_kinds": [{"kind": null}]},
                    {"pkg": "test-only", "dep_kinds": [{"kind": "dev"}]},
                ]},
                {"id": "hash", "deps": [{"pkg": "inner", "dep_kinds": [{"kind": "build"}, {"kind": null}]}]},
                {"id": "derive", "deps": [{"pkg": "parser", "dep_kinds": [{"kind": null}]}]},
                {"id": "inner", "deps": []},
            ]},
        });
        let linked = linked_packages(&metadata).unwrap();
        let names: Vec<&str> = linked.iter().map(|package| text(package, "name").unwrap()).collect();
        assert_eq!(names, ["hash", "inner"]);
    }

    #[test]
    fn a_text_that_two_crates_share_is_printed_once() {
        let texts = BTreeMap::from([(tidy("The licence. \r\n"), BTreeSet::from(["a 1.0.0".into(), "b 2.0.0".into()]))]);
        let rendered = render(texts);
        assert_eq!(rendered.matches("The licence.").count(), 1);
        assert!(rendered.contains("\na 1.0.0, b 2.0.0\n\nThe licence.\n"), "{rendered}");
    }
}
