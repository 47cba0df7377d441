//! Whether the committed `pkg/` is what the core builds to.

use crate::package;
use crate::toolchain::Toolchain;
use anyhow::{Context, Error, Result, bail};
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds a copy of the sources in a folder of its own, so that a path which found its way into the bytes shows as a
/// difference, and compares the outcome with `pkg/`.
pub fn check(root: &Path) -> Result<()> {
    let committed = root.join("pkg");
    if !committed.join(package::BINARY).exists() {
        bail!("there is no pkg/{}: run `cargo xtask build` and commit pkg/", package::BINARY);
    }
    let toolchain = Toolchain::find()?;
    let elsewhere = TemporaryFolder::new()?;
    let copy = elsewhere.0.join("sources");
    copy_sources(root, &copy)?;
    let rebuilt = elsewhere.0.join("pkg");
    package::build(&toolchain, &copy, &elsewhere.0.join("target"), &rebuilt, root)?;

    print_sizes(&rebuilt)?;
    let differences = differences(&committed, &rebuilt)?;
    for difference in &differences {
        println!("{difference}");
    }
    println!("{}", verdict(&differences, toolchain.deviation()).map_err(Error::msg)?);
    Ok(())
}

/// Whether `pkg/` may stand, and what to say about it. Another toolchain makes other bytes of the same binary, but the
/// same glue, types and licences: failing there over the binary would only teach people to ignore this check, so it
/// says what it could not prove and leaves the proof to the canonical toolchain.
fn verdict(differences: &[Difference], deviation: Option<String>) -> Result<String, String> {
    let canonical = Toolchain::canonical();
    if differences.is_empty() {
        return Ok("pkg/ is what src/ builds to, byte for byte".to_owned());
    }
    match deviation {
        None => Err("pkg/ is not what src/ builds to: run `cargo xtask build` and commit pkg/".to_owned()),
        Some(reason) if differences.iter().all(|difference| difference.file == package::BINARY) => Ok(format!(
            "NOT PROVEN: {reason}, and toolchains differ in bytes that mean the same. All but the binary is what src/ \
             builds to; whether the binary is, only {canonical} can tell: run this check there"
        )),
        Some(_) => {
            Err(format!("pkg/ is not what src/ builds to: run `cargo xtask build` with {canonical} and commit pkg/"))
        }
    }
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

/// A file that is not the same in both packages.
#[derive(Debug, PartialEq)]
struct Difference {
    file: String,
    how: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "pkg/{} {}", self.file, self.how)
    }
}

/// Compares two packages.
fn differences(committed: &Path, rebuilt: &Path) -> Result<Vec<Difference>> {
    let names: BTreeSet<String> = files(committed)?.into_iter().chain(files(rebuilt)?).collect();
    let mut differences = Vec::new();
    for file in names {
        let how = match (fs::read(committed.join(&file)), fs::read(rebuilt.join(&file))) {
            (Ok(old), Ok(new)) if old == new => continue,
            (Ok(old), Ok(new)) => {
                let at = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
                format!("differs from byte {at} on ({} bytes committed, {} bytes rebuilt)", old.len(), new.len())
            }
            (Err(_), _) => "is missing".to_owned(),
            (_, Err(_)) => "does not come from the build".to_owned(),
        };
        differences.push(Difference { file, how });
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

/// A folder that is removed when its owner is done, with an error or without.
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
        let found: Vec<String> = differences(&committed, &rebuilt).unwrap().iter().map(Difference::to_string).collect();
        assert_eq!(
            found,
            [
                "pkg/changed differs from byte 2 on (4 bytes committed, 5 bytes rebuilt)",
                "pkg/stale does not come from the build",
                "pkg/unborn is missing",
            ]
        );
    }

    #[test]
    fn only_another_toolchain_excuses_a_difference_and_only_in_the_binary() {
        let other_toolchain = || Some("the host is a toaster".to_owned());
        let differ = |files: &[&str]| -> Vec<Difference> {
            files.iter().map(|file| Difference { file: (*file).into(), how: "differs".into() }).collect()
        };
        let (binary, glue) = (package::BINARY, "parse_two_factor.cjs");
        for (files, deviation, stands) in [
            (&[][..], None, true),
            (&[][..], other_toolchain(), true),
            (&[binary][..], None, false),
            (&[binary][..], other_toolchain(), true),
            (&[glue][..], other_toolchain(), false),
            (&[glue, binary][..], other_toolchain(), false),
        ] {
            let verdict = verdict(&differ(files), deviation.clone());
            assert_eq!(verdict.is_ok(), stands, "{files:?} {deviation:?}: {verdict:?}");
            let unproven = verdict.is_ok_and(|text| text.contains("NOT PROVEN: the host is a toaster"));
            assert_eq!(unproven, stands && !files.is_empty(), "{files:?} {deviation:?}");
        }
    }
}
