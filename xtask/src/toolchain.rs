//! Which compiler is here, and whether its bytes are the ones that `pkg/` is held to.
//!
//! There is no rust-toolchain.toml on purpose: it would make rustup download a toolchain, and the WebAssembly target
//! for it, on machines that have the right compiler under another name (`stable`) or that cannot reach rustup's
//! servers. `rust-version` in Cargo.toml refuses compilers that are too old; what only matters for identical bytes is
//! checked here.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

pub const WASM: &str = "wasm32-unknown-unknown";

/// The compiler that committed `pkg/` comes from: 1.95.0 of 2026-04-14, as rust-lang.org ships it for this host.
const CANONICAL_COMMIT: &str = "59807616e1fa2540724bfbac14d7976d7e4a3860";
const CANONICAL_NAME: &str = "Rust 1.95.0 from rust-lang.org on x86_64-unknown-linux-gnu";
const CANONICAL_HOST: &str = "x86_64-unknown-linux-gnu";

pub struct Toolchain {
    /// `unknown` for compilers that distributions build.
    pub commit: String,
    release: String,
    host: String,
    pub sysroot: PathBuf,
}

impl Toolchain {
    /// Asks rustc what it is, and makes sure that it can compile for WebAssembly.
    pub fn find() -> Result<Toolchain> {
        let verbose = crate::output(rustc().arg("-vV"))?;
        let field = |name: &str| {
            verbose
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                .map(str::to_owned)
                .with_context(|| format!("`rustc -vV` does not say its {name}"))
        };
        let toolchain = Toolchain {
            commit: field("commit-hash")?,
            release: field("release")?,
            host: field("host")?,
            sysroot: crate::output(rustc().args(["--print", "sysroot"]))?.trim().into(),
        };
        toolchain.ensure_wasm()?;
        Ok(toolchain)
    }

    /// Adds the standard library for WebAssembly where rustup can, and says what to install where it cannot.
    fn ensure_wasm(&self) -> Result<()> {
        if has_std(&self.sysroot) {
            return Ok(());
        }
        eprintln!("xtask: rustup target add {WASM}");
        let added = crate::succeed(Command::new("rustup").args(["target", "add", WASM]));
        if added.is_err() || !has_std(&self.sysroot) {
            bail!(
                "rustc {} has no standard library for {WASM}, and rustup could not add it. Install it: \
                 `rustup target add {WASM}` where Rust came from rustup, `apt-get install libstd-rust-dev-wasm32` \
                 where rustc is Debian's",
                self.release
            );
        }
        Ok(())
    }

    /// Why this machine's bytes can differ from the committed ones; `None` on the canonical toolchain.
    pub fn deviation(&self) -> Option<String> {
        let installed = format!("lib/rustlib/manifest-rust-std-{WASM}");
        let reason = if self.host != CANONICAL_HOST {
            format!("the host is {}", self.host)
        } else if self.commit != CANONICAL_COMMIT {
            format!("the compiler is rustc {} (commit {})", self.release, self.commit)
        } else if !self.sysroot.join(installed).exists() {
            // A std compiled on this machine has other crate hashes, which order functions and name types.
            format!("the standard library for {WASM} did not come from rust-lang.org")
        } else {
            return None;
        };
        Some(reason)
    }

    /// What to tell someone who is about to commit a `pkg/` that others cannot reproduce.
    pub fn warning(&self) -> Option<String> {
        let reason = self.deviation()?;
        Some(format!(
            "{reason}, so pkg/ as built here can differ from what `cargo xtask check` demands. \
             Commit a pkg/ that was built with {CANONICAL_NAME}"
        ))
    }

    /// The toolchain that `pkg/` is held to, in words.
    pub fn canonical() -> &'static str {
        CANONICAL_NAME
    }
}

/// The compiler that cargo would use.
fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// Whether a toolchain has the standard library for WebAssembly.
fn has_std(sysroot: &Path) -> bool {
    let lib = sysroot.join("lib/rustlib").join(WASM).join("lib");
    std::fs::read_dir(lib).is_ok_and(|files| {
        files.flatten().any(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}
