//! Who may import whom: the table of docs/architecture.md, held to by every path in src/.
//!
//! Rust does not stop modules from importing in circles, so this reads `use` lines, `super::`, and
//! paths written out in the code. It reads formatted code, line by line; it is no parser.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use crate::house::Source;
use crate::house::sources;

/// A module, and the modules it may name beside itself. A row inside another one's module
/// (`smtp::connection`) is a module of its own: the outer one may not name it unless it says so.
const TABLE: [(&str, &[&str]); 24] = [
    ("message", &[]),
    ("dialogue", &[]),
    ("net", &[]),
    ("metrics", &["dialogue"]),
    ("query", &["message", "dialogue"]),
    ("smtp", &["message::id", "message::envelope", "message::address", "dialogue"]),
    ("store", &["message", "dialogue", "query"]),
    ("expect", &["message", "dialogue", "query", "store"]),
    ("smtp::connection", &["message", "dialogue", "store", "net", "metrics", "smtp"]),
    ("http::error", &[]),
    ("http::spelling", &[]),
    ("http::disposition", &[]),
    ("http::render", &[]),
    ("http::work", &[]),
    ("http::content", &["http::error"]),
    ("http::parameters", &["http::error", "http::spelling"]),
    ("http::security", &["http::error"]),
    ("http::context", &["store", "metrics", "http::security"]),
    (
        "http::api",
        &[
            "message",
            "dialogue",
            "query",
            "store",
            "expect",
            "metrics",
            "http::error",
            "http::spelling",
            "http::disposition",
            "http::render",
            "http::work",
            "http::content",
            "http::parameters",
            "http::security",
            "http::context",
        ],
    ),
    (
        "http",
        &["net", "http::api", "http::content", "http::context", "http::error", "http::security"],
    ),
    (
        "config",
        &[
            "dialogue",
            "net",
            "smtp::limits",
            "smtp::auth",
            "store::inboxes",
            "http::context",
            "http::security",
        ],
    ),
    (
        "server",
        &[
            "config",
            "dialogue",
            "store",
            "metrics",
            "net",
            "smtp",
            "smtp::connection",
            "http",
            "http::context",
        ],
    ),
    ("testing", &["config", "server", "dialogue", "message", "query", "store", "expect"]),
    (
        "cli",
        &["config", "server", "dialogue", "net", "smtp::auth", "store::inboxes", "http::security"],
    ),
];

/// Modules that are functions of what they are given.
const PURE: [&str; 4] = ["message", "dialogue", "query", "smtp"];

/// What would make an answer depend on more than the question: time, environment, runtime, wire.
const IMPURE: [&str; 9] = [
    "tokio::",
    "serde",
    "::now(",
    "env::",
    "fs::",
    "thread::",
    "process::",
    "net::Tcp",
    "net::Udp",
];

#[test]
fn every_path_keeps_to_the_table() {
    let wrong: Vec<String> = rust_sources().iter().flat_map(trespasses).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn pure_modules_are_pure() {
    let wrong: Vec<String> = rust_sources().iter().flat_map(impurities).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_row_and_every_row_a_module() {
    let sources = rust_sources();
    let modules: BTreeSet<String> = sources.iter().map(|source| module_of(&source.path)).collect();
    for module in &modules {
        assert!(is_root(module) || row_of(module).is_some(), "{module} has no row");
    }
    for (row, _) in TABLE {
        assert!(modules.iter().any(|module| lies_in(module, row)), "{row} is no module");
    }
}

/// Rows look like: | `store` | `message`, `dialogue` |
#[test]
fn the_page_shows_this_table() {
    let page = include_str!("../../docs/architecture.md");
    let section = page.split("\n## ").find(|section| section.starts_with("Who may name whom"));
    let rows = section.expect("docs/architecture.md has the table").lines();
    let documented: BTreeMap<&str, BTreeSet<&str>> = rows
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(module, named)| (module, named.split('`').skip(1).step_by(2).collect()))
        .collect();
    let expected = TABLE.map(|(module, named)| (module, named.iter().copied().collect()));
    assert_eq!(documented, BTreeMap::from(expected));
}

#[test]
fn bad_code_is_found() {
    for (path, text, named) in [
        ("src/message/part.rs", "use crate::store::Store;", "store::Store"),
        ("src/message/part.rs", "    let x = crate::store::Store::new();", "store::Store::new"),
        ("src/message/part.rs", "use super::super::store::Store;", "store::Store"),
        ("src/message/mod.rs", "pub use super::store::Store;", "store::Store"),
        ("src/message/part.rs", "fn f(x: super::super::http::api::T) {}", "http::api::T"),
        ("src/smtp/session.rs", "use crate::message::part::Part;", "message::part::Part"),
        ("src/smtp/session.rs", "use crate::smtp::connection;", "smtp::connection"),
        ("src/smtp/session.rs", "use super::connection::serve;", "smtp::connection::serve"),
        ("src/store/mod.rs", "use crate::smtp;\nlet x = smtp::limits::Y;", "smtp::limits::Y"),
        ("src/config.rs", "use crate::smtp as s;\nlet x = s::session::Y;", "smtp::session::Y"),
        ("src/cli/mod.rs", "use restante::store::Store;", "store::Store"),
        ("src/testing.rs", "use crate::{store::Store, http::api};", "http::api"),
        ("src/query/parse.rs", "mod tests {\n    use super::super::super::store::X;", "store::X"),
    ] {
        let found = trespasses(&Source { path: path.to_owned(), text: text.to_owned() });
        assert!(
            found.iter().any(|found| found.contains(&format!("`{named}`"))),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn good_code_is_left_alone() {
    for (path, text) in [
        ("src/message/mod.rs", "//! Not [`crate::store`].\n// crate::store::X\nuse std::fmt;"),
        ("src/message/mod.rs", "use crate::message::id::MessageId;\nuse super::message::part;"),
        ("src/message/part.rs", "mod tests {\n    use super::*;\n    use super::super::id::X;"),
        ("src/message/part/tests.rs", "use super::*;\nuse crate::message::id::X;"),
        (
            "src/smtp/session.rs",
            "use crate::message::envelope::Envelope;\nuse super::reply::Reply;",
        ),
        ("src/smtp/connection.rs", "use crate::smtp::session::Session;\nuse crate::store::Store;"),
        ("src/store/mod.rs", "use tokio::sync::watch;\nlet x = watch::channel(smtp::y);"),
        ("src/server.rs", "use crate::http;\nhttp::serve::serve(x);"),
        ("src/cli/mod.rs", "let filter = \"restante::smtp=debug\";"),
        ("src/cli/mod.rs", "use restante::config::Config;\nuse crate::cli::values;"),
    ] {
        let found = trespasses(&Source { path: path.to_owned(), text: text.to_owned() });
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn impure_code_is_found() {
    let impure = |path: &str, text: &str| {
        !impurities(&Source { path: path.to_owned(), text: text.to_owned() }).is_empty()
    };
    assert!(impure("src/query/mod.rs", "use tokio::sync::watch;"));
    assert!(impure("src/smtp/session.rs", "let now = Instant::now();"));
    assert!(impure("src/message/mod.rs", "#[derive(serde::Serialize)]"));
    assert!(impure("src/message/mod.rs", "std::env::var(\"X\")"));
    assert!(!impure("src/smtp/connection.rs", "use tokio::net::TcpStream;"));
    assert!(!impure("src/store/mod.rs", "use tokio::sync::watch;"));
    assert!(!impure("src/query/mod.rs", "// no tokio::sync here\nuse std::fmt;"));
    assert!(!impure("src/query/tests.rs", "Instant::now()"));
    assert!(!impure("src/query/mod.rs", "#[cfg(test)]\nmod tests {\n    Instant::now()"));
}

fn rust_sources() -> Vec<Source> {
    let all = sources().into_iter();
    all.filter(|source| source.path.starts_with("src/") && source.is_rust()).collect()
}

/// The paths of a file that its row does not allow.
fn trespasses(source: &Source) -> Vec<String> {
    let module = module_of(&source.path);
    if is_root(&module) {
        return Vec::new();
    }
    let Some((row, may_name)) = row_of(&module) else {
        return vec![format!("{}: {module} has no row in the table", source.path)];
    };
    let allowed = |path: &str| {
        let owner = row_of(path).map(|(row, _)| row);
        owner == Some(row)
            || may_name.iter().any(|named| {
                lies_in(path, named) && owner.is_none_or(|owner| lies_in(named, owner))
            })
    };
    let paths = paths_of(source, &module).into_iter();
    let wrong = paths.filter(|path| !path.is_empty() && !is_root(path) && !allowed(path));
    wrong.map(|path| format!("{}: `{row}` may not name `{path}`", source.path)).collect()
}

#[test]
fn only_the_api_describes_itself() {
    let sources = sources().into_iter().filter(|source| source.path.starts_with("src/"));
    let (api, others): (Vec<_>, Vec<_>) =
        sources.partition(|source| source.path.starts_with("src/http/api/"));
    let names = |source: &Source| source.text.lines().map(code_of).any(|l| l.contains("utoipa::"));
    assert!(api.iter().any(names), "the API has lost its description");
    let wrong: Vec<_> = others.iter().filter(|s| names(s)).map(|s| &s.path).collect();
    assert!(wrong.is_empty(), "utoipa is for src/http/api alone: {wrong:?}");
}

/// Every path into this crate that the file names, from the crate's root, in order.
fn paths_of(source: &Source, module: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut aliases: Vec<(String, String)> = Vec::new();
    let mut here = module.to_owned();
    for line in source.text.lines().map(code_of) {
        if line.starts_with("mod tests {") {
            here.push_str("::tests");
        }
        for path in written_paths(&line) {
            let Some(path) = resolve(&path, &here, &aliases) else { continue };
            if line.trim_start().starts_with("use ") || line.trim_start().starts_with("pub use ") {
                let name = line.rsplit_once(" as ").map(|(_, name)| name.trim_end_matches(';'));
                let last = path.rsplit("::").next().unwrap_or_default();
                aliases.push((name.unwrap_or(last).to_owned(), path.clone()));
            }
            paths.insert(path);
        }
    }
    paths
}

/// The runs of `name::name` in a line; a group in braces is written out.
fn written_paths(line: &str) -> Vec<String> {
    if let Some((front, group)) = line.split_once("::{") {
        let front = front.rsplit(|c: char| !is_path(c)).next().unwrap_or_default();
        let members = group.split(['{', '}', ',', ';']).map(str::trim);
        let members = members.filter(|member| member.starts_with(is_path));
        return members.map(|member| format!("{front}::{member}")).collect();
    }
    let runs = line.split(|c: char| !is_path(c));
    runs.map(|run| run.trim_matches(':').to_owned()).filter(|run| run.contains("::")).collect()
}

fn is_path(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == ':'
}

/// The path from the crate's root, if it is one into this crate.
fn resolve(path: &str, here: &str, aliases: &[(String, String)]) -> Option<String> {
    let (first, rest) = path.split_once("::")?;
    match first {
        "crate" | "restante" => Some(rest.to_owned()),
        "super" => {
            let (parent, _) = here.rsplit_once("::").unwrap_or_default();
            if rest.starts_with("super::") {
                return resolve(rest, parent, aliases);
            }
            Some(format!("{parent}::{rest}").trim_start_matches("::").replace("::*", ""))
        }
        _ => {
            let (_, meant) = aliases.iter().rev().find(|(name, _)| name == first)?;
            Some(format!("{meant}::{rest}"))
        }
    }
}

/// What a pure file uses and should not; its tests may.
fn impurities(source: &Source) -> Vec<String> {
    let module = module_of(&source.path);
    let pure = row_of(&module).is_some_and(|(row, _)| PURE.contains(&row));
    if !pure || module.ends_with("::tests") {
        return Vec::new();
    }
    let lines = source.production_code().lines().map(code_of);
    let used =
        lines.flat_map(|line| IMPURE.into_iter().filter(move |impure| line.contains(impure)));
    used.map(|impure| format!("{}: {module} is pure, and uses {impure}", source.path)).collect()
}

/// A line without its comment, and without what stands in quotes.
fn code_of(line: &str) -> String {
    line.split('"').step_by(2).collect::<String>().split("//").next().unwrap_or_default().to_owned()
}

/// The row whose module is the innermost around a path.
fn row_of(path: &str) -> Option<(&'static str, &'static [&'static str])> {
    TABLE.into_iter().filter(|(row, _)| lies_in(path, row)).max_by_key(|(row, _)| row.len())
}

fn lies_in(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The crate's roots name everything.
fn is_root(module: &str) -> bool {
    matches!(module, "lib" | "main")
}

/// `smtp::session` for `src/smtp/session.rs`, `smtp` for `src/smtp/mod.rs`.
fn module_of(path: &str) -> String {
    let path = Path::new(path.trim_start_matches("src/")).with_extension("");
    let parts: Vec<_> = path.iter().filter_map(|part| part.to_str()).collect();
    let parts = parts.strip_suffix(&["mod"]).unwrap_or(&parts);
    parts.join("::")
}
