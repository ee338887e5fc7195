//! What docs/mail.md says about warnings and bounds, held against the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use restante::message::limits::Limits;

const PAGE: &str = include_str!("../../../docs/mail.md");

/// The first cells of a section's table, without what marks them as code.
fn rows(section: &str) -> BTreeSet<String> {
    let section = PAGE.split("\n## ").find(|text| text.starts_with(section));
    let lines = section.expect("the page has the section").lines();
    lines
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_page_names_every_warning() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/message");
    let used: BTreeSet<String> = fs::read_dir(folder)
        .expect("the sources are there")
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).expect("sources are text"))
        .filter(|source| source.contains("Warning::new(") || source.contains("Warning::of_part("))
        .flat_map(|source| codes_in(&source))
        .collect();
    assert!(used.len() > 30, "the codes were not found: {used:?}");
    assert_eq!(rows("Warnings"), used, "docs/mail.md on the left");
}

/// The literals that look like a code. Such a name occurs in these files for nothing else.
fn codes_in(source: &str) -> Vec<String> {
    let is_code = |text: &&str| {
        text.contains('-')
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    source.split('"').filter(is_code).map(str::to_owned).collect()
}

#[test]
fn the_page_names_every_bound() {
    let known = format!("{:?}", Limits::DEFAULT);
    let named = rows("Bounds");
    let fields: BTreeSet<String> = known
        .split(['{', ',', ' '])
        .filter_map(|piece| piece.strip_suffix(':'))
        .map(str::to_owned)
        .collect();
    assert_eq!(named, fields, "docs/mail.md on the left");
}
