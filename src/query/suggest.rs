//! "Did you mean": the known name nearest to one that is not known.

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

/// What the name of a field in another tool is called here.
pub(super) fn field_of_another_tool(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    FOREIGN_FIELDS.iter().find(|(foreign, _)| *foreign == name).map(|(_, ours)| *ours)
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

/// No field is longer; a longer word is no slip of the fingers.
const WORD_CHARS_MAX: usize = 24;

const FOREIGN_FIELDS: [(&str, &str); 24] = [
    ("recipient", "rcpt"),
    ("recipients", "rcpt"),
    ("rcpt-to", "rcpt"),
    ("rcptto", "rcpt"),
    ("envelope-to", "rcpt"),
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
