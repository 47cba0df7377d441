//! `cargo xtask build` makes `pkg/` from the core; `cargo xtask check` makes it again elsewhere and compares.
//!
//! The core is compiled by a second cargo, so nothing here is ever part of the WebAssembly.

mod check;
mod compile;
mod licenses;
mod package;
mod toolchain;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use toolchain::Toolchain;

const USAGE: &str = "usage: cargo xtask build    compile the core and write pkg/
       cargo xtask check    build again in another folder and compare with pkg/ byte for byte
       cargo xtask crates   print the crates that are compiled into the core, as JSON";

fn main() -> ExitCode {
    if let Err(error) = run() {
        eprintln!("xtask: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Carries out the one command named on the command line.
fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["build"] => build(&repository()?),
        ["check"] => check::check(&repository()?),
        ["crates"] => {
            println!("{}", licenses::crates(&repository()?)?);
            Ok(())
        }
        _ => bail!("{USAGE}"),
    }
}

/// Writes `pkg/`.
fn build(root: &Path) -> Result<()> {
    let toolchain = Toolchain::find()?;
    let pkg = root.join("pkg");
    package::build(&toolchain, root, &target_dir(root), &pkg, root)?;
    check::print_sizes(&pkg)?;
    if let Some(warning) = toolchain.warning() {
        eprintln!("xtask: {warning}");
    }
    Ok(())
}

/// The repository's folder. Cargo sets the variable for `cargo run`; asking at run time rather than at compile time
/// keeps a binary from a shared target folder from working on another checkout.
fn repository() -> Result<PathBuf> {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").context("start me as `cargo xtask`")?;
    let root = Path::new(&xtask).parent().context("xtask/ has no parent folder")?;
    Ok(std::fs::canonicalize(root)?)
}

/// Where cargo keeps what it compiles for this checkout.
fn target_dir(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root.join(dir),
        None => root.join("target"),
    }
}

/// Runs a command to its end, its output going where ours goes; an exit code other than 0 is an error.
fn succeed(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("could not start `{program}`"))?;
    if !status.success() {
        bail!("`{program}` failed ({status})");
    }
    Ok(())
}

/// Runs a command and returns what it printed on standard output.
fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("could not start `{program}`"))?;
    if !output.status.success() {
        bail!("`{program}` failed ({})", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}
