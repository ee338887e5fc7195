//! Builds the web UI with npm when its sources are newer than what was built from them, and tells
//! the compiler where the pages to embed are, as `RESTANTE_UI_DIR`.
//!
//! Without npm, and for documentation, a page that says how to build the UI stands in for it.

use std::env;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::ExitCode;
use std::time::SystemTime;

fn main() -> ExitCode {
    println!("cargo:rerun-if-env-changed=RESTANTE_SKIP_UI");
    match pages() {
        Ok(folder) => {
            println!("cargo:rustc-env=RESTANTE_UI_DIR={}", folder.display());
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("{reason}\n\nTo build without the web UI, set RESTANTE_SKIP_UI=1.");
            ExitCode::FAILURE
        }
    }
}

/// The folder to embed.
fn pages() -> Result<PathBuf, String> {
    let ui = folder_of("CARGO_MANIFEST_DIR")?.join("ui");
    let built = ui.join("dist");
    if env::var_os("RESTANTE_SKIP_UI").is_some() || env::var_os("DOCS_RS").is_some() {
        return placeholder("it was left out with RESTANTE_SKIP_UI");
    }
    if !ui.join("package.json").exists() {
        // A published package, and a container's build, have the built pages and no sources.
        return if built.exists() { Ok(built) } else { placeholder("its sources are not here") };
    }
    let sources = SOURCES.map(|name| ui.join(name));
    sources.iter().for_each(|path| watch(path));
    let changed_at = sources.iter().filter_map(|path| newest(path)).max();
    let page = built.join("index.html");
    if modified_at(&page) >= changed_at {
        watch(&page);
        return Ok(built);
    }
    if Command::new(NPM).arg("--version").output().is_err() {
        println!("cargo:warning=npm is not installed: this build has no web UI, only its API");
        return placeholder("npm was not installed");
    }
    build(&ui)?;
    date_back(&page, changed_at)?;
    watch(&page);
    Ok(built)
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

/// A page in place of the UI.
fn placeholder(why: &str) -> Result<PathBuf, String> {
    let folder = folder_of("OUT_DIR")?.join("ui");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>restante</title>\n\
         <h1>restante is running, without its web UI</h1>\n\
         <p>This program was built without the web UI: {why}.\n\
         <p>To have it, install Node.js with npm, then\n\
         <code>touch build.rs &amp;&amp; cargo build --release</code>.\n\
         <p>Mail is caught all the same: <a href=\"v1/messages\">the API</a> shows it.\n"
    );
    let written =
        fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join("index.html"), page));
    written.map(|()| folder.clone()).map_err(|error| format!("{}: {error}", folder.display()))
}

fn folder_of(variable: &str) -> Result<PathBuf, String> {
    let folder = env::var_os(variable).map(PathBuf::from);
    folder.ok_or_else(|| format!("cargo did not set {variable}"))
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
