//! Whether the committed `pkg/` is what the core builds to.

use crate::package;
use crate::toolchain::Toolchain;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Builds a copy of the sources in a folder of its own, so that a path which found its way into the bytes shows as a
/// difference, and compares the outcome with `pkg/`.
pub fn check(root: &Path) -> Result<ExitCode> {
    let committed = root.join("pkg");
    if !committed.exists() {
        bail!("there is no pkg/: run `cargo xtask build` and commit it");
    }
    let toolchain = Toolchain::find()?;
    let elsewhere = TemporaryFolder::new()?;
    let copy = elsewhere.0.join("sources");
    copy_sources(root, &copy)?;
    let rebuilt = elsewhere.0.join("pkg");
    package::build(&toolchain, &copy, &elsewhere.0.join("target"), &rebuilt, root)?;

    print_sizes(&rebuilt)?;
    let differences = differences(&committed, &rebuilt)?;
    if differences.is_empty() {
        println!("pkg/ is what src/ builds to, byte for byte");
        return Ok(ExitCode::SUCCESS);
    }
    for difference in &differences {
        println!("{difference}");
    }
    match toolchain.deviation() {
        None => println!("pkg/ is not what src/ builds to: run `cargo xtask build` and commit pkg/"),
        Some(reason) => println!(
            "This cannot tell whether pkg/ is what src/ builds to, because {reason}: compilers differ in bytes that \
             mean the same. Only {} decides; run this check there",
            Toolchain::canonical()
        ),
    }
    Ok(ExitCode::FAILURE)
}

/// Copies what the workspace is compiled from.
fn copy_sources(root: &Path, copy: &Path) -> Result<()> {
    fs::create_dir_all(copy)?;
    for file in ["Cargo.toml", "Cargo.lock"] {
        fs::copy(root.join(file), copy.join(file)).with_context(|| format!("could not copy {file}"))?;
    }
    for folder in ["src", "xtask"] {
        copy_folder(&root.join(folder), &copy.join(folder))?;
    }
    Ok(())
}

/// Copies a folder and all that is in it.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("could not read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// One sentence for each file that is not the same in both folders.
fn differences(committed: &Path, rebuilt: &Path) -> Result<Vec<String>> {
    let names: BTreeSet<String> = files(committed)?.into_iter().chain(files(rebuilt)?).collect();
    let mut differences = Vec::new();
    for name in names {
        match (fs::read(committed.join(&name)), fs::read(rebuilt.join(&name))) {
            (Ok(old), Ok(new)) if old == new => {}
            (Ok(old), Ok(new)) => {
                let at = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
                differences.push(format!(
                    "pkg/{name} differs from byte {at} on ({} bytes committed, {} bytes rebuilt)",
                    old.len(),
                    new.len()
                ));
            }
            (Err(_), _) => differences.push(format!("pkg/{name} is missing")),
            (_, Err(_)) => differences.push(format!("pkg/{name} does not come from the build")),
        }
    }
    Ok(differences)
}

/// Prints how large each file of a package is, as it lies there and as npm would send it.
pub fn print_sizes(pkg: &Path) -> Result<()> {
    let gzip = "for (const file of process.argv.slice(1)) \
                console.log(zlib.gzipSync(fs.readFileSync(file), { level: 9 }).length)";
    let names = files(pkg)?;
    let zipped = crate::output(Command::new("node").args(["-e", gzip, "--"]).args(names.iter().map(|n| pkg.join(n))))?;
    for (name, zipped) in names.iter().zip(zipped.lines()) {
        let raw = fs::metadata(pkg.join(name))?.len();
        println!("pkg/{name}: {raw} bytes, {zipped} gzipped");
    }
    Ok(())
}

/// The names in a package, which has no folders, in order.
fn files(pkg: &Path) -> Result<Vec<String>> {
    let mut names = fs::read_dir(pkg)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// A folder that is removed when the check is over, however it ends.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    /// Makes a folder that no other process uses.
    fn new() -> Result<TemporaryFolder> {
        let path = std::env::temp_dir().join(format!("parse-two-factor-check-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("could not make {}", path.display()))?;
        Ok(TemporaryFolder(fs::canonicalize(path)?))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("xtask: could not remove {}: {error}", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_difference_is_named() {
        let folder = TemporaryFolder::new().unwrap();
        let (committed, rebuilt) = (folder.0.join("committed"), folder.0.join("rebuilt"));
        for (package, name, content) in [
            (&committed, "changed", "abcd"),
            (&rebuilt, "changed", "abXde"),
            (&committed, "same", "same"),
            (&rebuilt, "same", "same"),
            (&committed, "stale", ""),
            (&rebuilt, "unborn", ""),
        ] {
            fs::create_dir_all(package).unwrap();
            fs::write(package.join(name), content).unwrap();
        }
        assert_eq!(
            differences(&committed, &rebuilt).unwrap(),
            [
                "pkg/changed differs from byte 2 on (4 bytes committed, 5 bytes rebuilt)",
                "pkg/stale does not come from the build",
                "pkg/unborn is missing",
            ]
        );
    }
}
