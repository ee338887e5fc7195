//! How many letters a text is off from another, or from holding it.

/// Letters to insert, leave out or replace to make one text of the other.
pub(super) fn between(wanted: &str, text: &str) -> usize {
    let last = rows(wanted, text, |column| column);
    last.last().copied().unwrap_or_default()
}

/// The same for the piece of the text that is nearest.
pub(super) fn inside(wanted: &str, text: &str) -> usize {
    let last = rows(wanted, text, |_| 0);
    last.into_iter().min().unwrap_or_default()
}

/// Whether so few letters off are a slip of the fingers.
pub(super) fn is_slip(letters: usize, wanted: &str) -> bool {
    letters <= (wanted.chars().count() / 4).clamp(1, LETTERS_MAX)
}

/// The last row of the table of distances: from all that is wanted to each beginning of the text.
fn rows(wanted: &str, text: &str, first: fn(usize) -> usize) -> Vec<usize> {
    let wanted: Vec<char> = wanted.chars().take(WANTED_CHARS_MAX).collect();
    let text: Vec<char> = text.chars().take(TEXT_CHARS_MAX).collect();
    let mut above: Vec<usize> = (0..=text.len()).map(first).collect();
    for (row, letter) in wanted.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in text.iter().enumerate() {
            let replaced = above[column] + usize::from(letter != other);
            current.push(replaced.min(above[column + 1] + 1).min(current[column] + 1));
        }
        above = current;
    }
    above
}

const LETTERS_MAX: usize = 3;

/// What lies behind is not compared.
const WANTED_CHARS_MAX: usize = 80;
const TEXT_CHARS_MAX: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted() {
        for (wanted, text, letters) in
            [("", "", 0), ("bob", "bob", 0), ("bob", "rob", 1), ("bob", "", 3), ("bob", "bobby", 2)]
        {
            assert_eq!(between(wanted, text), letters, "{wanted} {text}");
        }
        for (wanted, text, letters) in
            [("welcome", "welcom to acme", 1), ("me", "to acme", 0), ("abc", "", 3)]
        {
            assert_eq!(inside(wanted, text), letters, "{wanted} {text}");
        }
    }

    #[test]
    fn few_letters_are_a_slip() {
        for (letters, wanted, slips) in
            [(1, "bob", true), (2, "bob", false), (3, "welcome to acme", true)]
        {
            assert_eq!(is_slip(letters, wanted), slips, "{wanted}");
        }
        assert!(!is_slip(4, &"x".repeat(1_000)));
    }
}
