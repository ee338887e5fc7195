//! The rules of the house: size, form and words of every file people read.
//!
//! Each rule is a function from a file to what is wrong with it, and is tried on a bad sample.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// A file of the project. The path starts at the project's root.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// What a rule finds wrong in a file, each with its line.
type Rule = fn(&Source) -> Vec<String>;

/// Every rule, with a path and a text that break it.
const RULES: [(&str, Rule, &str, &str); 11] = [
    ("at most 400 lines", long_files, "src/x.rs", LONG_FILE),
    ("functions of at most 60 lines", long_functions, "src/x.rs", LONG_FUNCTION),
    ("lines people can read", wide_lines, "ui/src/x.ts", WIDE_LINE),
    ("opens with //!", unopened, "src/x.rs", "use std::fmt;\n"),
    ("no unfinished work", unfinished, "ui/src/x.ts", concat!("// TO", "DO later\n")),
    ("no unwrap outside tests", unwraps, "src/x.rs", "f().unwrap();\n"),
    ("no empty promise", unwraps, "src/x.rs", "f().expect(\"\");\n"),
    ("no sleep in tests", sleeps, "tests/it/x.rs", concat!("thread::sle", "ep(pause);\n")),
    ("one import a line", imports, "src/x.rs", "use std::{fmt, io};\n"),
    ("names say what a thing is", names, "src/x.rs", concat!("pub struct Mail", "Manager;\n")),
    ("no path of somebody's machine", machine_paths, "docs/x.md", concat!("see /ho", "me/me\n")),
];

/// Files above 400 lines, with the reason. None so far.
const LONG_FILES: [(&str, &str); 0] = [];

#[test]
fn no_file_breaks_a_rule() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, rule, ..) in RULES {
            wrong.extend(rule(&source).into_iter().map(|found| format!("{name}: {found}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_finds_its_bad_sample() {
    for (name, rule, path, text) in RULES {
        let text =
            text.replace("{long}", &"    line();\n".repeat(61)).replace("{wide}", &"x".repeat(121));
        let text = text.replace("{file}", &"line\n".repeat(401));
        let found = rule(&Source { path: path.to_owned(), text });
        assert_eq!(found.len(), 1, "{name}: {found:?}");
    }
}

#[test]
fn files_stay_small() {
    let mut sizes: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.path.starts_with("src/"))
        .map(|source| source.text.lines().count())
        .collect();
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    println!("{} files in src/, of {median} lines in the median", sizes.len());
    assert!(median <= 150, "the median file in src/ has {median} lines");
}

#[test]
fn every_dependency_has_a_reason() {
    let page = read("docs/architecture.md");
    let section = page.split("\n## ").find(|section| section.starts_with("Dependencies"));
    let rows = section.unwrap().lines().filter(|line| line.starts_with("| `"));
    // A row may give the reason for several: | `a`, `b` | reason |
    let cells = rows.map(|row| row.split(" | ").next().unwrap_or_default());
    let documented: BTreeSet<String> =
        cells.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned)).collect();
    let manifest = read("Cargo.toml");
    let mut used: BTreeSet<String> = manifest
        .split("\n[")
        .filter(|table| {
            table.split_once(']').is_some_and(|(name, _)| name.ends_with("dependencies"))
        })
        .flat_map(|table| table.lines().skip(1).filter_map(|line| line.split_once(" = ")))
        .map(|(name, _)| name.to_owned())
        .collect();
    let package: Value = serde_json::from_str(&read("ui/package.json")).unwrap();
    for table in ["dependencies", "devDependencies"] {
        used.extend(package[table].as_object().into_iter().flat_map(|table| table.keys().cloned()));
    }
    assert_eq!(documented, used, "docs/architecture.md on the left");
}

#[test]
fn what_ci_runs_is_what_everybody_runs() {
    let script = read(".ci/run");
    let commands: Vec<_> =
        script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(
        commands,
        ["set -euo pipefail", "cd \"$(dirname \"$0\")/..\"", "exec make test"],
        "a step of CI belongs into the Makefile"
    );
}

impl Source {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    fn is_code(&self) -> bool {
        [".rs", ".ts", ".svelte", ".css", ".js"].iter().any(|end| self.path.ends_with(end))
    }

    fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.starts_with("ui/e2e/")
            || self.path.ends_with("tests.rs")
            || self.path.contains("/tests/")
            || self.path.ends_with(".test.ts")
    }

    /// What stands above `mod tests`; nothing in a file of tests.
    pub(crate) fn production_code(&self) -> &str {
        if self.is_test() {
            return "";
        }
        self.text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default()
    }

    fn test_code(&self) -> &str {
        if self.is_code() { &self.text[self.production_code().len()..] } else { "" }
    }

    /// Each line of a text of this file that `wrong` finds wrong.
    fn lines_that(&self, text: &str, wrong: impl Fn(&str) -> bool) -> Vec<String> {
        let skipped = self.text.find(text).map_or(0, |start| self.text[..start].lines().count());
        let lines = text.lines().enumerate().filter(|(_, line)| wrong(line));
        lines
            .map(|(index, line)| format!("{}:{}: {line}", self.path, skipped + index + 1))
            .collect()
    }
}

/// Every file of the project that people write and read.
pub(crate) fn sources() -> Vec<Source> {
    fn visit(root: &Path, folder: &str, found: &mut Vec<Source>) {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if UNWRITTEN.contains(&name.as_str()) {
                continue;
            }
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if entry.file_type().unwrap().is_dir() {
                visit(root, &path, found);
            } else if let Ok(text) = fs::read_to_string(entry.path()) {
                // What is no UTF-8 is a picture, or a mail as it came.
                found.push(Source { path, text });
            }
        }
    }
    let mut found = Vec::new();
    visit(Path::new(env!("CARGO_MANIFEST_DIR")), "", &mut found);
    found
}

/// Written by tools, or by nobody.
const UNWRITTEN: [&str; 12] = [
    ".git",
    "target",
    "node_modules",
    "dist",
    "test-results",
    "playwright-report",
    "artifacts",
    "corpus",
    "Cargo.lock",
    "package-lock.json",
    "openapi.d.ts",
    "golden",
];

fn long_files(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    let excused = LONG_FILES.iter().any(|(path, _)| *path == source.path);
    let long = source.is_code() && lines > 400 && !excused;
    if long { vec![format!("{}: {lines} lines", source.path)] } else { Vec::new() }
}

/// Counts the lines of code from a function's head to its brace, as clippy does.
fn long_functions(source: &Source) -> Vec<String> {
    if !source.is_rust() {
        return Vec::new();
    }
    let lines: Vec<&str> = source.text.lines().collect();
    let mut found = Vec::new();
    for (index, head) in lines.iter().enumerate() {
        let trimmed = head.trim_start();
        let before = trimmed.split("fn ").next().unwrap_or_default();
        let words = before
            .split(' ')
            .all(|word| word.starts_with("pub(") || ["", "pub", "const", "async"].contains(&word));
        if !words || !trimmed.contains("fn ") || head.ends_with([';', '}']) {
            continue;
        }
        let end = format!("{}}}", &head[..head.len() - trimmed.len()]);
        let body = lines[index + 1..].iter().take_while(|line| **line != end);
        let code = body.filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//"));
        let count = code.count();
        if count > 60 {
            found.push(format!("{}:{}: {count} lines", source.path, index + 1));
        }
    }
    found
}

fn wide_lines(source: &Source) -> Vec<String> {
    let text = if source.is_code() { source.text.as_str() } else { "" };
    let tested = source.production_code().len();
    // A tag with its attributes reads better whole; no formatter breaks the UI's lines.
    let columns = if source.path.starts_with("ui/") { 120 } else { 100 };
    // What the compiler is told in such a comment has to stand in one line.
    let told = |line: &str| line.contains("svelte-ignore");
    let wide = |line: &str| line.chars().count() > columns && !told(line);
    // What a test sends or expects stands as it is.
    let quoted = |line: &str| line.contains(['"', '\'']);
    let mut found = source.lines_that(&text[..text.len().min(tested)], wide);
    found.extend(
        source.lines_that(&text[text.len().min(tested)..], |line| wide(line) && !quoted(line)),
    );
    found
}

fn unopened(source: &Source) -> Vec<String> {
    let opened = !source.is_rust() || source.text.starts_with("//! ");
    if opened { Vec::new() } else { vec![source.path.clone()] }
}

fn unfinished(source: &Source) -> Vec<String> {
    let words =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("#[ig", "nore")];
    let is_word = |line: &str, word: &str| {
        line.split(|c: char| !c.is_alphanumeric() && !"#[".contains(c)).any(|found| found == word)
    };
    let text = if source.is_code() { &source.text } else { "" };
    source.lines_that(text, |line| words.iter().any(|word| is_word(line, word)))
}

fn unwraps(source: &Source) -> Vec<String> {
    let text = if source.is_rust() { source.production_code() } else { "" };
    source.lines_that(text, |line| line.contains(".unwrap()") || line.contains(".expect(\"\")"))
}

fn sleeps(source: &Source) -> Vec<String> {
    let calls = [concat!("sle", "ep("), concat!("waitFor", "Timeout(")];
    source.lines_that(source.test_code(), |line| calls.iter().any(|call| line.contains(call)))
}

/// Globs hide where a name comes from, and groups make for conflicts.
fn imports(source: &Source) -> Vec<String> {
    let text = if source.is_rust() { &source.text } else { "" };
    source.lines_that(text, |line| {
        let line = line.trim_start();
        let import = line.starts_with("use ") || line.starts_with("pub use ");
        import && (line.contains('{') || line.ends_with("::*;") && !GLOBS.contains(&line))
    })
}

/// Tests may take everything from what they test, and what a framework of tests is made for.
const GLOBS: [&str; 2] = ["use super::*;", "use proptest::prelude::*;"];

fn names(source: &Source) -> Vec<String> {
    // In tests of HTTP, GET is a word of the protocol.
    let text = if source.is_rust() { source.production_code() } else { "" };
    source.lines_that(text, |line| {
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        words.windows(2).any(|pair| match pair {
            ["struct" | "enum" | "trait" | "type", name] => {
                ["Manager", "Helper", "Util", "Utils"].iter().any(|end| name.ends_with(end))
            }
            ["mod", name] => ["util", "utils", "helpers", "common", "misc"].contains(name),
            ["fn", name] => name.starts_with("get_"),
            _ => false,
        })
    })
}

fn machine_paths(source: &Source) -> Vec<String> {
    let folders = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
        concat!("../sha", "red"),
    ];
    source.lines_that(&source.text, |line| folders.iter().any(|folder| line.contains(folder)))
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

const LONG_FILE: &str = "{file}";
const LONG_FUNCTION: &str = "pub(crate) fn f() {\n{long}}\n";
const WIDE_LINE: &str = "{wide}";
