//! From the raw WebAssembly file to `pkg/`.

use crate::toolchain::Toolchain;
use crate::{compile, licenses};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// What wasm-bindgen writes, and what it is called in `pkg/`. `.cjs` says CommonJS whatever the package around it says;
/// the glue finds the `.wasm` by `__dirname`.
const GLUE: [(&str, &str); 2] =
    [("parse_two_factor.js", "parse_two_factor.cjs"), ("parse_two_factor.d.ts", "parse_two_factor.d.cts")];
const DISPOSE_TYPE: &str = "    [Symbol.dispose](): void;\n";
pub const BINARY: &str = "parse_two_factor_bg.wasm";

/// The features that rustc's default WebAssembly target uses. Naming them keeps wasm-opt from emitting anything that
/// Node 18 could not load.
const FEATURES: [&str; 7] = [
    "--mvp-features",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Compiles the core in `root` and writes the whole package into `pkg`. `tools` is the checkout that has node_modules.
pub fn build(toolchain: &Toolchain, root: &Path, target_dir: &Path, pkg: &Path, tools: &Path) -> Result<()> {
    let compiled = compile::compile(toolchain, root, target_dir)?;
    let work = target_dir.join("bindgen");
    empty(&work)?;
    bind(&compiled, &work)?;

    empty(pkg)?;
    for (from, to) in GLUE {
        let text = fs::read_to_string(work.join(from)).with_context(|| format!("wasm-bindgen wrote no {from}"))?;
        // The glue names its types by file. A TypeScript app need not know `Symbol.dispose`, which only the newest do.
        let text = text.replace("parse_two_factor.d.ts", "parse_two_factor.d.cts").replace(DISPOSE_TYPE, "");
        fs::write(pkg.join(to), text)?;
    }
    optimise(tools, &work.join(BINARY), &pkg.join(BINARY))?;
    fs::write(pkg.join("THIRD-PARTY-LICENSES"), licenses::of_core(root)?)?;
    Ok(())
}

/// Writes the glue and the bound binary into `work`.
fn bind(compiled: &Path, work: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .nodejs(true)?
        .typescript(true)
        // After a trap the instance is thrown away: the shim asks for a fresh one with `__wbg_reset_state()`.
        .reset_state_function(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen.generate(work).context("wasm-bindgen")?;
    if work.join("snippets").exists() {
        bail!("the core carries JavaScript snippets: JavaScript belongs into js/");
    }
    Ok(())
}

/// Runs npm's build of wasm-opt, which is the same program on every machine.
fn optimise(tools: &Path, from: &Path, to: &Path) -> Result<()> {
    let program = tools.join("node_modules/binaryen/bin/wasm-opt");
    if !program.exists() {
        bail!("node_modules/binaryen is missing: run `npm ci`");
    }
    crate::succeed(
        Command::new("node")
            .arg(program)
            .args(FEATURES)
            .args(["-Os", "--strip-debug", "--strip-producers", "--strip-target-features", "-o"])
            .arg(to)
            .arg(from),
    )
}

/// Makes `folder` exist and be empty.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))
}
