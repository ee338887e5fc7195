//! The one-time codes of a mail.

use std::collections::HashSet;

use crate::message::Message;
use crate::message::limits::Limits;
use crate::message::shown;

/// A number or word that looks like a one-time code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code, as it stands in the text.
    pub value: String,
    /// The line it stands in.
    pub context: String,
    /// The path of the part it stands in.
    pub part: String,
}

/// Candidates for one-time codes, the best first: digits near words such as "code" or "PIN".
pub fn codes(message: &Message<'_>) -> Vec<Code> {
    let Some(text) = message.text() else { return Vec::new() };
    let part = message.parts().iter().find(|part| shown::is_shown(part));
    let part = part.map(|part| part.path().to_owned()).unwrap_or_default();
    let mut candidates: Vec<(bool, Code)> = Vec::new();
    let mut known = HashSet::new();
    let mut before = false;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()).take(CODE_LINES_MAX) {
        let speaks = speaks_of_code(line);
        if speaks || before {
            for value in line.split(|c: char| !(c.is_alphanumeric() || c == '-')) {
                let is_code =
                    (4..=8).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit());
                if is_code && known.len() < Limits::DEFAULT.codes_max && known.insert(value) {
                    let context = line.chars().take(CONTEXT_CHARS_MAX).collect();
                    let code = Code { value: value.to_owned(), context, part: part.clone() };
                    candidates.push((!speaks, code));
                }
            }
        }
        before = speaks;
    }
    candidates.sort_by_key(|(is_doubtful, _)| *is_doubtful);
    candidates.into_iter().map(|(_, code)| code).collect()
}

fn speaks_of_code(line: &str) -> bool {
    let line = line.to_lowercase();
    CODE_WORDS.iter().any(|word| line.contains(word))
}

const CONTEXT_CHARS_MAX: usize = 200;
const CODE_LINES_MAX: usize = 10_000;
const CODE_WORDS: &[&str] = &[
    "code",
    "pin",
    "otp",
    "password",
    "passcode",
    "verif",
    "token",
    "one-time",
    "confirm",
    "bestätigung",
    "kennwort",
    "código",
    "codice",
];
