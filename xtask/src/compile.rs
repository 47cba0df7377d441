//! From `src/` to a raw WebAssembly file, with nothing of this machine in it.

use crate::toolchain::{Toolchain, WASM};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles the core in `root` and returns the file that wasm-bindgen reads.
pub fn compile(toolchain: &Toolchain, root: &Path, target_dir: &Path) -> Result<PathBuf> {
    let flags = remapped(toolchain, root, target_dir)?
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        // Without them wasm-bindgen hands JavaScript values over in a table of its own: V8 of Node 20 can abort the process when it
        // inlines a call that returns an externref.
        .chain(["-Ctarget-feature=-reference-types".to_owned()])
        // SHA-2 in loops: written out, its 80 rounds are one percent of the module.
        .chain(["--cfg=sha2_backend_soft=\"compact\"".to_owned()])
        .collect::<Vec<_>>();
    let mut cargo = cargo(root);
    cargo
        .args(["build", "--release", "--locked", "--lib", "--package", "parse-two-factor"])
        .args(["--target", WASM, "--target-dir"])
        .arg(target_dir)
        // Takes precedence over every other source of flags, so a person's own configuration stays out of the bytes.
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .env("CARGO_INCREMENTAL", "0");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PROFILE_RELEASE_") {
            cargo.env_remove(name);
        }
    }
    crate::succeed(&mut cargo)?;
    Ok(target_dir.join(WASM).join("release/parse_two_factor.wasm"))
}

/// A cargo for the workspace in `root`.
pub fn cargo(root: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root);
    cargo
}

/// The folders of this machine that the compiler would name in panic messages, and what it shall call them. Where two
/// match, rustc takes the later one.
fn remapped(toolchain: &Toolchain, root: &Path, target_dir: &Path) -> Result<Vec<(PathBuf, String)>> {
    let cargo_home = cargo_home()?;
    let rust = format!("/rustc/{}", toolchain.commit);
    let mut folders = vec![
        (root.to_owned(), "/parse-two-factor".to_owned()),
        (target_dir.to_owned(), "/target".to_owned()),
        (cargo_home.clone(), "/cargo".to_owned()),
        (toolchain.sysroot.clone(), rust.clone()),
        (toolchain.sysroot.join("lib/rustlib/src/rust"), rust),
    ];
    // The folder of a registry is named after the host that served it, and mirrors differ in that.
    if let Ok(registries) = std::fs::read_dir(cargo_home.join("registry/src")) {
        for registry in registries {
            folders.push((registry?.path(), "/cargo/registry".to_owned()));
        }
    }
    Ok(folders)
}

/// Where cargo keeps the sources of dependencies.
fn cargo_home() -> Result<PathBuf> {
    match std::env::var_os("CARGO_HOME") {
        Some(home) => Ok(home.into()),
        None => Ok(std::env::home_dir().context("no home folder, and CARGO_HOME is not set")?.join(".cargo")),
    }
}
