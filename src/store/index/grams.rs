//! What texts are made of: pairs of characters, and three ASCII characters in a row.
//!
//! A text that contains another has all its grams. Each is told by a number that hardly another
//! shares.

/// The number of a gram.
pub(in crate::store) type Gram = u32;

/// How many numbers there are.
pub(in crate::store) const GRAMS: usize = 1 << GRAM_BITS;

/// Enough that the thousands of grams of a long text leave nearly all others free.
pub(in crate::store) const GRAM_BITS: u32 = 18;

/// Calls `each` with every gram of a folded text, repeated ones too.
pub(in crate::store) fn each(text: &str, mut each: impl FnMut(Gram)) {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (ascii, behind) = rest.split_at(end);
        each_of_ascii(ascii.as_bytes(), &mut each);
        let end = behind.find(|c: char| c.is_ascii()).unwrap_or(behind.len());
        let (foreign, behind) = behind.split_at(end);
        // The neighbours on both sides belong to the pairs.
        let before = ascii.chars().next_back();
        let characters = before.into_iter().chain(foreign.chars()).chain(behind.chars().next());
        let mut last = None;
        for character in characters.filter(|_| !foreign.is_empty()) {
            if let Some(last) = last.replace(character) {
                each(of_pair(last, character));
            }
        }
        rest = behind;
    }
}

/// A number that a text's grams do not exceed, and one of them.
pub(in crate::store) const fn count_max(text: &str) -> usize {
    // A byte of ASCII ends two grams, a character of more bytes is in two pairs.
    2 * text.len() + 1
}

/// The grams of a text, each once.
pub(in crate::store) fn of(text: &str) -> Vec<Gram> {
    let mut grams = Vec::new();
    each(text, |gram| grams.push(gram));
    grams.sort_unstable();
    grams.dedup();
    grams
}

fn each_of_ascii(text: &[u8], each: &mut impl FnMut(Gram)) {
    let Some((first, rest)) = text.split_first() else { return };
    let mut last = u64::from(*first);
    for (before, byte) in rest.iter().enumerate() {
        last = last << 8 | u64::from(*byte);
        each(mixed(last & 0xFFFF | 1 << 16));
        if before > 0 {
            each(mixed(last & 0xFF_FFFF | 1 << 24));
        }
    }
}

fn of_pair(one: char, other: char) -> Gram {
    mixed(u64::from(one) << 32 | u64::from(other) | 1 << 63)
}

/// The upper bits of a product depend on all bits of the number (Knuth, 6.4).
const fn mixed(number: u64) -> Gram {
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - GRAM_BITS)) as Gram
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_character_alone_has_none() {
        for (text, count) in
            [("", 0), ("a", 0), ("ab", 1), ("abc", 3), ("é", 0), ("éa", 1), ("abéc", 3)]
        {
            assert_eq!(of(text).len(), count, "{text}");
        }
    }

    proptest! {
        #[test]
        fn there_are_no_more_than_said(text in "[a-cé你ß ]{0,9}") {
            let mut count = 0;
            each(&text, |_| count += 1);
            prop_assert!(count < count_max(&text) || text.is_empty());
        }

        #[test]
        fn a_part_has_no_gram_that_the_whole_lacks(
            before in "[a-cé你ß ]{0,6}", part in "[a-cé你ß ]{0,6}", after in "[a-cé你ß ]{0,6}"
        ) {
            let whole = of(&format!("{before}{part}{after}"));
            prop_assert!(of(&part).iter().all(|gram| whole.contains(gram)));
        }
    }
}
