//! What texts are made of: three ASCII characters in a row, or two of which one is foreign.
//!
//! A text that contains another has all its grams. Each is told by a number of 16 bits that a few
//! others share.

/// The number of a gram.
pub(in crate::store) type Gram = u16;

/// How many numbers there are.
pub(in crate::store) const GRAMS: usize = 1 << Gram::BITS;

/// Calls `each` with every gram of a folded text, repeated ones too.
pub(in crate::store) fn each(text: &str, mut each: impl FnMut(Gram)) {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (ascii, behind) = rest.split_at(end);
        ascii.as_bytes().windows(3).for_each(|window| each(of_ascii(window)));
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

/// The grams of a text, each once.
pub(in crate::store) fn of(text: &str) -> Vec<Gram> {
    let mut grams = Vec::new();
    each(text, |gram| grams.push(gram));
    grams.sort_unstable();
    grams.dedup();
    grams
}

fn of_ascii(window: &[u8]) -> Gram {
    let [a, b, c] = [window[0], window[1], window[2]].map(u64::from);
    mixed(a | b << 8 | c << 16)
}

fn of_pair(one: char, other: char) -> Gram {
    mixed(u64::from(one) << 32 | u64::from(other) | 1 << 63)
}

/// The upper bits of a product depend on all bits of the number (Knuth, 6.4).
fn mixed(number: u64) -> Gram {
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - Gram::BITS)) as Gram
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_texts_have_none_unless_they_are_foreign() {
        for (text, count) in
            [("", 0), ("ab", 0), ("abc", 1), ("abcd", 2), ("é", 0), ("éa", 1), ("aéb", 2)]
        {
            assert_eq!(of(text).len(), count, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_part_has_no_gram_that_the_whole_lacks(
            before in "[a-cé你ß ]{0,6}", part in "[a-cé你ß ]{0,6}", after in "[a-cé你ß ]{0,6}"
        ) {
            let whole = of(&format!("{before}{part}{after}"));
            prop_assert!(of(&part).iter().all(|gram| whole.contains(gram)));
        }
    }
}
