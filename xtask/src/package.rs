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

/// What makes the gzipped module smaller, which is what travels and what its limit is about. `-Os` takes 40 KB more off the raw
/// module and adds 10 KB to the gzipped one: LLVM writes alike what is alike, and `-Os` gives each function other locals and another place.
const PASSES: [&str; 9] = [
    "--remove-unused-module-elements",
    "--duplicate-function-elimination",
    "--vacuum",
    "--optimize-instructions",
    "--remove-unused-brs",
    "--remove-unused-names",
    "--merge-blocks",
    "--reorder-locals",
    // Functions of one name, made for several types, stand side by side, where gzip sees that they are alike.
    "--reorder-functions-by-name",
];

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
    let plain = work.join("parse_two_factor.wasm");
    // std was compiled with reference types, and wasm-bindgen would take them up again.
    wasm_opt(tools, &compiled, &plain, &["--debuginfo", "--strip-target-features"])?;
    bind(&plain, &work)?;

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
        .remove_producers_section(true);
    bindgen.generate(work).context("wasm-bindgen")?;
    if work.join("snippets").exists() {
        bail!("the core carries JavaScript snippets: JavaScript belongs into js/");
    }
    Ok(())
}

/// Makes the module small. The names of functions are gone afterwards.
fn optimise(tools: &Path, from: &Path, to: &Path) -> Result<()> {
    wasm_opt(
        tools,
        from,
        to,
        &[&PASSES[..], &["--strip-debug", "--strip-producers", "--strip-target-features"]].concat(),
    )
}

/// Runs npm's build of wasm-opt, which is the same program on every machine.
fn wasm_opt(tools: &Path, from: &Path, to: &Path, options: &[&str]) -> Result<()> {
    let program = tools.join("node_modules/binaryen/bin/wasm-opt");
    if !program.exists() {
        bail!("node_modules/binaryen is missing: run `npm ci`");
    }
    crate::succeed(Command::new("node").arg(program).args(FEATURES).args(options).arg("-o").arg(to).arg(from))
}

/// Makes `folder` exist and be empty.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))
}
