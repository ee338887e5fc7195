//! How text is compared: in any script, without regard to case or to how many blanks there are.
//!
//! Two texts are equal but for case when their folds are equal: the canonical caseless match of
//! the Unicode Standard (3.13, D145), kept in NFC so that `e` is not found inside `é`. Full width
//! letters are letters of their own.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_normalizer::DecomposingNormalizerBorrowed;

/// Text ready to be searched: NFC of the full case folding, runs of white space as one blank.
pub fn fold(text: &str) -> String {
    let collapsed = collapse(text);
    let mut folded = String::with_capacity(collapsed.len());
    let mut rest: &str = &collapsed;
    while let Some(foreign) = rest.bytes().position(|byte| !byte.is_ascii()) {
        // A mark may join the letter before it; ASCII joins nothing that stands before it.
        let start = foreign.saturating_sub(1);
        let length = rest[foreign..].find(|c: char| c.is_ascii());
        let end = length.map_or(rest.len(), |length| foreign + length);
        if push_simple(&mut folded, &rest[..foreign], &rest[foreign..end]) {
            rest = &rest[end..];
            continue;
        }
        push_lowercase(&mut folded, &rest[..start]);
        folded.push_str(&fold_whole(&rest[start..end]));
        rest = &rest[end..];
    }
    push_lowercase(&mut folded, rest);
    folded
}

fn push_lowercase(folded: &mut String, ascii: &str) {
    let start = folded.len();
    folded.push_str(ascii);
    folded[start..].make_ascii_lowercase();
}

/// Adds ASCII and the letters behind it when these are such as fold one by one and join nothing:
/// most of those that Europe and East Asia write with.
fn push_simple(folded: &mut String, ascii: &str, foreign: &str) -> bool {
    let start = folded.len();
    push_lowercase(folded, ascii);
    for character in foreign.chars() {
        match simple(character) {
            Some(lower) => folded.push(lower),
            None if character == 'ß' => folded.push_str("ss"),
            None => {
                folded.truncate(start);
                return false;
            }
        }
    }
    true
}

/// The fold of a letter that is a letter by itself: composed, caseless or with one lower case.
fn simple(character: char) -> Option<char> {
    let up = |step| char::from_u32(u32::from(character) + step);
    match character {
        'À'..='Ö' | 'Ø'..='Þ' | 'А'..='Я' => up(0x20),
        'à'..='ö' | 'ø'..='ÿ' | 'а'..='я' => Some(character),
        '–'..='…' | '€' | '一'..='鿿' | '가'..='힣' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' => {
            Some(character)
        }
        _ => None,
    }
}

/// The canonical caseless form, composed.
fn fold_whole(text: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    let folded = CaseMapper::new().fold_string(&decomposed);
    compose(&folded).into_owned()
}

/// Text ready to be compared whole: NFC, runs of white space as one blank and none at the ends.
pub fn exact(text: &str) -> String {
    spelled(text.trim())
}

/// Text whose case counts, ready to be searched: NFC, runs of white space as one blank.
pub fn spelled(text: &str) -> String {
    compose(&collapse(text)).into_owned()
}

/// Text in Normalization Form C.
pub fn compose(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Makes each run of white space one blank.
fn collapse(text: &str) -> Cow<'_, str> {
    let kept = collapsed_length(text);
    if kept == text.len() {
        return Cow::Borrowed(text);
    }
    let mut collapsed = String::with_capacity(text.len());
    let (mut words, mut rest) = text.split_at(kept);
    loop {
        collapsed.push_str(words);
        if rest.is_empty() {
            return Cow::Owned(collapsed);
        }
        collapsed.push(' ');
        rest = rest.trim_start();
        (words, rest) = rest.split_at(collapsed_length(rest));
    }
}

/// How far a text goes on without white space that is more than one blank. Looks at bytes: this
/// is done to every text that is searched or indexed.
fn collapsed_length(text: &str) -> usize {
    let mut after_blank = false;
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        let is_blank = byte == b' ';
        let parts = match byte {
            b' ' => after_blank,
            b'\t'..=b'\r' => true,
            // What all white space outside ASCII starts with.
            0xC2 | 0xE1..=0xE3 => text[at..].starts_with(char::is_whitespace),
            _ => false,
        };
        if parts {
            return at - usize::from(after_blank);
        }
        after_blank = is_blank;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_is_folded_in_any_script() {
        for (one, other) in [
            ("Welcome", "wELCOME"),
            ("STRASSE", "straße"),
            ("ẞ", "ss"),
            ("ΟΔΟΣ", "οδος"),
            ("οδός", "ΟΔΌΣ"),
            ("İ", "i\u{307}"),
            ("İ", "I\u{307}"),
            ("É", "e\u{301}"),
            ("ПРИВЕТ", "привет"),
            ("Ａ", "ａ"),
            ("ﬃ", "FFI"),
            ("Ა", "ა"),
            ("가", "\u{1100}\u{1161}"),
            ("ᾳ", "ΑΙ"),
            ("\u{1e9b}\u{323}", "\u{1e69}"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
    }

    #[test]
    fn what_is_another_letter_stays_another() {
        for (one, other) in
            [("Ａ", "a"), ("e", "é"), ("i", "İ"), ("ı", "i"), ("ﾊ", "ハ"), ("①", "1")]
        {
            assert_ne!(fold(one), fold(other), "{one} and {other}");
        }
        assert!(!fold("café").contains(&fold("cafe")));
    }

    #[test]
    fn white_space_of_any_kind_and_length_is_one_blank() {
        assert_eq!(fold("a \r\n\t b\u{a0}\u{2003}c"), "a b c");
        assert_eq!(fold(" a "), " a ");
        assert_eq!(exact("\r\n A  b\u{3000} "), "A b");
        assert_eq!(exact("  "), "");
    }

    proptest! {
        #[test]
        fn white_space_outside_ascii_is_found(text in "[a \u{85}\u{a0}\u{1680}\u{2000}-\u{200b}\u{2028}-\u{202f}\u{205f}\u{3000}\u{feff}é\n]{0,12}") {
            let pieces: Vec<_> = text.split(char::is_whitespace).collect();
            let inner: Vec<_> = pieces.iter().filter(|piece| !piece.is_empty()).copied().collect();
            let mut expected = inner.join(" ");
            if text.starts_with(char::is_whitespace) {
                expected.insert(0, ' ');
            }
            if text.ends_with(char::is_whitespace) && !inner.is_empty() {
                expected.push(' ');
            }
            prop_assert_eq!(collapse(&text), expected);
        }
    }

    /// Letters, marks that join them, letters that fold to several, and blanks.
    fn awkward() -> impl Strategy<Value = String> {
        prop_oneof![
            "\\PC{0,20}",
            "[a-cA-C \u{300}-\u{345}ŉßİǰΐﬃ\u{1100}-\u{1175}\u{11a8}-\u{11c2}가-각ᾳ\u{3000}]{0,20}",
        ]
    }

    proptest! {
        #[test]
        fn folding_piece_by_piece_is_folding_the_whole(text in awkward()) {
            prop_assert_eq!(fold(&text), fold_whole(&collapse(&text)));
        }

        #[test]
        fn folding_again_changes_nothing(text in awkward()) {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
            prop_assert_eq!(exact(&exact(&text)), exact(&text));
        }

        #[test]
        fn upper_lower_and_decomposed_spellings_fold_alike(
            text in "[a-zß-öø-ÿα-ωа-яა-ჰ가-깋]{0,20}"
        ) {
            prop_assert_eq!(fold(&text.to_lowercase()), fold(&text));
            let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(&text);
            prop_assert_eq!(fold(&decomposed), fold(&text));
        }
    }
}
