//! Builds the web UI into ui/dist with npm, when its sources are newer than what is there.
//!
//! Without npm the program has no UI, says so where it would be, and all else works.

use std::env;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::ExitCode;
use std::time::SystemTime;

fn main() -> ExitCode {
    println!("cargo:rerun-if-env-changed=RESTANTE_SKIP_UI");
    let skipped =
        ["RESTANTE_SKIP_UI", "DOCS_RS"].into_iter().any(|name| env::var_os(name).is_some());
    if skipped {
        return ExitCode::SUCCESS;
    }
    match refresh() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}\n\nTo leave the web UI as it is, set RESTANTE_SKIP_UI=1.");
            ExitCode::FAILURE
        }
    }
}

/// Builds the pages unless they are as new as their sources.
fn refresh() -> Result<(), String> {
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let ui = root.ok_or("cargo did not say where the package is")?.join("ui");
    if !ui.join("package.json").exists() {
        // A published package, and the build of the image, have the built pages and no sources.
        return Ok(());
    }
    let sources = SOURCES.map(|name| ui.join(name));
    sources.iter().for_each(|path| watch(path));
    let changed_at = sources.iter().filter_map(|path| newest(path)).max();
    let page = ui.join("dist/index.html");
    if modified_at(&page) < changed_at {
        if Command::new(NPM).arg("--version").output().is_err() {
            println!("cargo:warning={NO_NPM}");
            return Ok(());
        }
        build(&ui)?;
        date_back(&page, changed_at)?;
    }
    watch(&page);
    Ok(())
}

fn watch(path: &Path) {
    // What does not exist would make cargo run this again each time.
    if path.exists() {
        println!("cargo:rerun-if-changed={}", path.display());
    }
}

fn build(ui: &Path) -> Result<(), String> {
    let installed_at = modified_at(&ui.join("node_modules/.package-lock.json"));
    if installed_at < modified_at(&ui.join("package-lock.json")) {
        npm(ui, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(ui, &["run", "build"])
}

fn npm(ui: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(NPM).args(arguments).current_dir(ui).output();
    let output = output.map_err(|error| format!("npm {}: {error}", arguments.join(" ")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (said(&output.stdout), said(&output.stderr));
    Err(format!("npm {} in {} failed:\n{out}{err}", arguments.join(" "), ui.display()))
}

/// Dates the pages as of the sources they were built from: what changes while npm runs is newer,
/// and cargo does not take the fresh pages for a reason to run this again.
fn date_back(page: &Path, to: Option<SystemTime>) -> Result<(), String> {
    let dated = to.map_or(Ok(()), |to| {
        fs::File::options().write(true).open(page).and_then(|file| file.set_modified(to))
    });
    dated.map_err(|error| format!("{}: {error}", page.display()))
}

/// When the newest of a file, or of a folder and all in it, was modified.
fn newest(path: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| newest(&entry.path())).chain(modified_at(path)).max()
}

fn modified_at(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// What the built pages depend on, in ui/.
const SOURCES: [&str; 7] = [
    "src",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
];

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

const NO_NPM: &str = "npm is not installed, so the web UI was not built. Everything else works; \
     to have it, install Node.js with npm, then touch build.rs and build again";
