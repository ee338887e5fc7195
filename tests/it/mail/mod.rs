//! Golden mails: each `*.eml` is read, and what was understood is compared with the `*.txt`
//! beside it. `UPDATE=1 cargo test --test it mail::` writes the `*.txt` anew, to be looked at.

mod bounds;
mod composed;
mod full_size;
mod hostile;
mod measured;
mod page;
mod summary;

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use crate::mail::summary::summary;

#[test]
fn golden_mails_are_understood() {
    let update = std::env::var_os("UPDATE").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mail");
    let mails = mails_below(&folder);
    assert!(mails.len() > 50, "the golden mails are missing");
    let mut wrong = Vec::new();
    for mail in mails {
        let raw = fs::read(&mail).unwrap();
        let found = summary(&raw);
        let expectation = mail.with_extension("txt");
        if update {
            fs::write(&expectation, &found).unwrap();
            continue;
        }
        let expected = fs::read_to_string(&expectation).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}:\n{}", mail.display(), difference(&expected, &found)));
        }
    }
    assert!(wrong.is_empty(), "{} mails differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The golden mails in all folders, in the order of their names.
fn mails_below(folder: &Path) -> Vec<PathBuf> {
    let mut mails = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the golden mails are there") {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "eml") {
                mails.push(path);
            }
        }
    }
    mails.sort();
    mails
}

fn difference(expected: &str, found: &str) -> String {
    let expected: Vec<&str> = expected.lines().collect();
    let found: Vec<&str> = found.lines().collect();
    let gone = expected.iter().filter(|line| !found.contains(line)).map(|line| format!("- {line}"));
    let new = found.iter().filter(|line| !expected.contains(line)).map(|line| format!("+ {line}"));
    gone.chain(new).collect::<Vec<_>>().join("\n")
}
