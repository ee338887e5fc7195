//! How often the right code and the right link are found: measured on mails in the style of real
//! services.
//!
//! `codes/*.mails` and `links/*.mails` hold several mails each. A line `=== name: expectation`
//! starts one. Every third mail of a file is held out: rules are made by the others, and these
//! tell how well the rules do on mail they were not made for. In `services.mails`, written without
//! a look at the rules, some are still wrong; the floors below leave room for those and no more.

use std::fmt;
use std::fs;
use std::path::Path;

use restante::message::Message;
use restante::message::extract;
use restante::message::parse;

#[test]
fn codes_are_found() {
    let measured = measure("codes", |message| {
        extract::codes(message).into_iter().map(|code| code.value).collect()
    });
    measured.print("codes");
    assert!(measured.all().mails >= 160);
    assert!(measured.all().precision() >= 0.98, "{measured:?}");
    assert!(measured.all().recall() >= 0.99, "{measured:?}");
}

#[test]
fn the_main_link_is_found() {
    let measured = measure("links", |message| {
        let links = extract::links(message);
        extract::main_link(&links).map(|main| links[main].url.clone()).into_iter().collect()
    });
    measured.print("main links");
    assert!(measured.all().mails >= 55);
    assert!(measured.all().precision() >= 0.98, "{measured:?}");
    assert!(measured.all().recall() >= 0.99, "{measured:?}");
}

/// A mail of a file, and what shall be found in it.
struct Golden {
    name: String,
    expected: Option<String>,
    raw: String,
    is_held_out: bool,
}

/// The mails of a file, in order.
fn mails_of(path: &Path) -> Vec<Golden> {
    let text = fs::read_to_string(path).expect("golden mails are text");
    let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mails = text.split("=== ").skip(1).enumerate();
    mails
        .map(|(index, mail)| {
            let (head, raw) = mail.split_once('\n').expect("a mail stands below its name");
            let (name, expected) = head.rsplit_once(": ").expect("a name has an expectation");
            Golden {
                name: format!("{file}, {name}"),
                expected: Some(expected.to_owned()).filter(|expected| expected != "none"),
                raw: raw.to_owned(),
                is_held_out: index % 3 == 2,
            }
        })
        .collect()
}

/// Asks every mail of a folder for its candidates, the best first.
fn measure(folder: &str, candidates: impl Fn(&Message<'_>) -> Vec<String>) -> Measured {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mail").join(folder);
    let entries = fs::read_dir(folder).expect("the golden mails are there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    let mut measured = Measured::default();
    for mail in paths.iter().flat_map(|path| mails_of(path)) {
        let found = candidates(&parse(mail.raw.as_bytes()));
        let (set, figures) = if mail.is_held_out {
            ("held out", &mut measured.held_out)
        } else {
            ("tuned", &mut measured.tuned)
        };
        figures.count(mail.expected.as_ref(), &found);
        if mail.expected.as_ref() != found.first() {
            let expected = mail.expected.as_deref().unwrap_or("none");
            println!("{set}: {}: expected {expected}, found {found:?}", mail.name);
        }
    }
    measured
}

#[derive(Debug, Default)]
struct Measured {
    tuned: Figures,
    held_out: Figures,
}

impl Measured {
    fn all(&self) -> Figures {
        let [a, b] = [&self.tuned, &self.held_out];
        Figures {
            mails: a.mails + b.mails,
            wanted: a.wanted + b.wanted,
            answered: a.answered + b.answered,
            right: a.right + b.right,
        }
    }

    fn print(&self, what: &str) {
        println!("{what}, tuned on: {}", self.tuned);
        println!("{what}, held out: {}", self.held_out);
        println!("{what}, all: {}", self.all());
    }
}

/// What came of a set of mails.
#[derive(Debug, Default)]
struct Figures {
    mails: usize,
    /// Mails in which there is something to find.
    wanted: usize,
    /// Mails in which anything was found.
    answered: usize,
    /// Mails whose best candidate is the right one.
    right: usize,
}

impl Figures {
    fn count(&mut self, expected: Option<&String>, found: &[String]) {
        self.mails += 1;
        self.wanted += usize::from(expected.is_some());
        self.answered += usize::from(!found.is_empty());
        self.right += usize::from(expected.is_some() && expected == found.first());
    }

    /// Of the mails that were given an answer, how many were given the right one.
    fn precision(&self) -> f64 {
        self.right as f64 / self.answered.max(1) as f64
    }

    /// Of the mails that had something to find, in how many it was found and best.
    fn recall(&self) -> f64 {
        self.right as f64 / self.wanted.max(1) as f64
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mails, wanted, answered, right } = self;
        let (precision, recall) = (self.precision(), self.recall());
        write!(f, "{mails} mails, {wanted} with one, {answered} answered, {right} right: ")?;
        write!(f, "precision {precision:.3}, recall {recall:.3}")
    }
}
