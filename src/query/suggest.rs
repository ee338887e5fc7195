//! "Did you mean": the known name nearest to one that is not known.

use crate::query::field::Field;
use crate::query::value;

/// The candidate a typing error away from `word`, or what another tool calls by that name.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(WORD_CHARS_MAX + 1).collect();
    if word.len() > WORD_CHARS_MAX {
        return None;
    }
    // A word of three letters may be one error off, a longer one two.
    let distance_max = (word.len() / 2).min(2);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.chars().collect::<Vec<_>>()), candidate))
        .filter(|(distance, _)| *distance <= distance_max)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The field that was meant by a name that is none: what other tools call so, a typing error away,
/// or a header of the mail.
pub(super) fn field(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    let foreign = FOREIGN_FIELDS.iter().find(|(foreign, _)| *foreign == name);
    let ours = foreign.map(|(_, ours)| *ours).or_else(|| nearest(&name, Field::names()));
    ours.map(str::to_owned).or_else(|| header(&name))
}

/// The time that was meant by one written with slashes or a blank.
pub(super) fn time(text: &str) -> Option<String> {
    let meant = text.trim().replace('/', "-").replacen(' ', "T", 1);
    value::timestamp(&meant).map(|_| meant)
}

/// `x-mailer` and `headers.x-mailer` are meant as `header.x-mailer`.
fn header(name: &str) -> Option<String> {
    let header = match name.split_once('.') {
        Some((prefix, header)) => nearest(prefix, ["header"]).map(|_| header),
        None => Some(name).filter(|name| name.contains('-')),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let header = header.filter(|h| h.len() <= HEADER_CHARS_MAX && h.chars().all(plain));
    header.filter(|header| !header.is_empty()).map(|header| format!("header.{header}"))
}

/// How many letters have to be inserted, left out, replaced, or swapped with their neighbour.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, wanted) in to.iter().enumerate() {
            let replaced = above[column] + usize::from(letter != wanted);
            let mut best = replaced.min(above[column + 1] + 1).min(current[column] + 1);
            let swapped =
                row > 0 && column > 0 && from[row - 1] == *wanted && *letter == to[column - 1];
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[to.len()]
}

/// A longer name would not fit into an error.
const HEADER_CHARS_MAX: usize = 60;

/// No field is longer; a longer word is no slip of the fingers.
const WORD_CHARS_MAX: usize = 24;

const FOREIGN_FIELDS: [(&str, &str); 36] = [
    ("header", "header.NAME"),
    ("header.", "header.NAME"),
    ("headers", "header.NAME"),
    ("recipient", "rcpt"),
    ("recipients", "rcpt"),
    ("rcpt-to", "rcpt"),
    ("rcptto", "rcpt"),
    ("envelope-to", "rcpt"),
    ("delivered-to", "rcpt"),
    ("deliveredto", "rcpt"),
    ("envelope-from", "mail-from"),
    ("return-path", "mail-from"),
    ("username", "auth"),
    ("user", "auth"),
    ("ehlo", "helo"),
    ("ip", "peer"),
    ("remote", "peer"),
    ("filename", "attachment"),
    ("file", "attachment"),
    ("label", "tag"),
    ("in", "inbox"),
    ("mailbox", "inbox"),
    ("address", "any"),
    ("email", "any"),
    ("msgid", "message-id"),
    ("rfc822msgid", "message-id"),
    ("list", "header.list-id"),
    ("content", "body"),
    ("message", "body"),
    ("containing", "body"),
    ("date", "after"),
    ("since", "after"),
    ("until", "before"),
    ("newer_than", "newer"),
    ("older_than", "older"),
    ("url", "link"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_is_recognised() {
        let names = ["to", "subject", "size", "reply-to"];
        for (word, meant) in [
            ("subjct", Some("subject")),
            ("Sujbect", Some("subject")),
            ("szie", Some("size")),
            ("reply_to", Some("reply-to")),
            ("tp", Some("to")),
            ("t", None),
            ("welcome", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, names), meant, "{word}");
        }
        assert_eq!(nearest(&"s".repeat(10_000), names), None);
    }
}
