//! Words on a terminal: how wide they are, and nothing in them that a terminal obeys.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;
use unicode_width::UnicodeWidthStr;

/// A text of any lines in which every control character can be seen. What comes from a mail could
/// otherwise move the cursor, retitle the window or type commands.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|character| obeyed(character) && !"\n\t".contains(character)) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    Cow::Owned(text.chars().map(|c| if "\n\t".contains(c) { c } else { picture(c) }).collect())
}

/// The same in one line.
pub(crate) fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().map(picture).collect()
}

/// How many columns a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// As much of a text as so many columns show.
pub(crate) fn cut(text: &str, columns_max: usize) -> Cow<'_, str> {
    if text.width() <= columns_max {
        return Cow::Borrowed(text);
    }
    let (mut taken, mut kept) = (0, String::new());
    for character in text.chars() {
        taken += character.width().unwrap_or(0);
        // One column is for the sign that something is missing.
        if taken >= columns_max {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    Cow::Owned(kept)
}

/// Whether a terminal takes it for more than a letter: control characters, and what turns the
/// direction of the text behind it around (UAX #9).
const fn obeyed(character: char) -> bool {
    matches!(character, '\0'..='\x1F' | '\x7F'..='\u{9F}')
        || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// What stands in a character's place.
fn picture(character: char) -> char {
    match character {
        '\0'..='\x1F' => {
            char::from_u32(u32::from(character) + 0x2400).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\x7F' => '\u{2421}',
        other if obeyed(other) => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_that_it_obeys() {
        let hostile = "a\x1b]0;owned\x07\u{9b}2J\x7f\u{202e}b\tc\r\nd\re";
        assert_eq!(visible(hostile), "a␛]0;owned␇\u{FFFD}2J␡\u{FFFD}b\tc\nd␍e");
        assert_eq!(in_one_line(hostile), "a␛]0;owned␇\u{FFFD}2J␡\u{FFFD}b c d e");
        assert_eq!(visible("Grüße\n\t世界"), "Grüße\n\t世界");
    }

    #[test]
    fn widths_are_those_of_the_terminal() {
        assert_eq!(columns("世界é"), 5);
        assert_eq!(cut("世界世界", 8), "世界世界");
        assert_eq!(cut("世界世界", 7), "世界世…");
        assert_eq!(cut("世界世界", 6), "世界…");
        assert_eq!(cut("abc", 2), "a…");
    }
}
