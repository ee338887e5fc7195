//! Finds folded ASCII in raw bytes, upper case taken for lower, a blank for any white space.

use memchr::memchr;
use memchr::memchr2;

/// ASCII to be found, prepared.
#[derive(Clone, Debug)]
pub(in crate::store) struct Caseless {
    /// What stands between the blanks; the first or last is empty where a blank is at an end.
    pieces: Vec<Box<[u8]>>,
    /// The piece that is looked for first, and where in it its rarest byte is.
    anchor: usize,
    offset: usize,
}

impl Caseless {
    /// Of a folded text. None when there is nothing to look for but blanks.
    pub(in crate::store) fn new(folded: &str) -> Option<Self> {
        let pieces: Vec<Box<[u8]>> = folded.split(' ').map(|p| p.as_bytes().into()).collect();
        let bytes = pieces.iter().enumerate().flat_map(|(anchor, piece)| {
            piece.iter().enumerate().map(move |(offset, byte)| (commonness(*byte), anchor, offset))
        });
        let (_, anchor, offset) = bytes.min()?;
        Some(Self { pieces, anchor, offset })
    }

    /// Whether it is anywhere in these bytes. None where that would take long to find out, which
    /// takes a text of repetitions.
    pub(in crate::store) fn is_in(&self, bytes: &[u8]) -> Option<bool> {
        let anchor = &self.pieces[self.anchor];
        let mut steps_left = STEPS_PER_BYTE * (bytes.len() + anchor.len());
        let rare = anchor[self.offset];
        let upper = rare.to_ascii_uppercase();
        let mut from = self.offset;
        while let Some(rest) = bytes.get(from..) {
            let found = if rare == upper { memchr(rare, rest) } else { memchr2(rare, upper, rest) };
            let Some(found) = found else { return Some(false) };
            let start = from + found - self.offset;
            if self.is_at(bytes, start) {
                return Some(true);
            }
            steps_left = steps_left.checked_sub(anchor.len())?;
            from += found + 1;
        }
        Some(false)
    }

    /// Whether it stands where the anchor does.
    fn is_at(&self, bytes: &[u8], start: usize) -> bool {
        let Some((mut before, rest)) = bytes.split_at_checked(start) else { return false };
        let Some(mut behind) = without_prefix(rest, &self.pieces[self.anchor]) else {
            return false;
        };
        let (earlier, later) = self.pieces.split_at(self.anchor);
        for piece in &later[1..] {
            let Some(rest) = without_blank_ahead(behind) else { return false };
            let Some(rest) = without_prefix(rest, piece) else { return false };
            behind = rest;
        }
        for piece in earlier.iter().rev() {
            let Some(rest) = without_blank_behind(before) else { return false };
            let Some(rest) = without_suffix(rest, piece) else { return false };
            before = rest;
        }
        true
    }
}

fn without_prefix<'b>(bytes: &'b [u8], piece: &[u8]) -> Option<&'b [u8]> {
    let (here, rest) = bytes.split_at_checked(piece.len())?;
    here.eq_ignore_ascii_case(piece).then_some(rest)
}

fn without_suffix<'b>(bytes: &'b [u8], piece: &[u8]) -> Option<&'b [u8]> {
    let (rest, here) = bytes.split_at_checked(bytes.len().checked_sub(piece.len())?)?;
    here.eq_ignore_ascii_case(piece).then_some(rest)
}

fn without_blank_ahead(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|byte| !is_blank(*byte)).unwrap_or(bytes.len());
    (end > 0).then(|| &bytes[end..])
}

fn without_blank_behind(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last + 1);
    (end < bytes.len()).then(|| &bytes[..end])
}

/// What folding makes one blank of; `u8::is_ascii_whitespace` leaves the vertical tab out.
const fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

/// Comparing an anchor of so many bytes at every byte is still worth it.
const STEPS_PER_BYTE: usize = 32;

/// About how often a letter is met in mail, whatever the language: by its place in this list.
fn commonness(byte: u8) -> usize {
    COMMON.iter().position(|common| *common == byte).map_or(0, |place| COMMON.len() - place)
}

const COMMON: &[u8] = b"etaoinsrlhdcumpfgwybv/.-=<>\"1203k4567:89,xjqz";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query::fold;

    fn is_in(wanted: &str, bytes: &[u8]) -> bool {
        Caseless::new(wanted).unwrap().is_in(bytes) == Some(true)
    }

    #[test]
    fn case_and_the_length_of_blanks_do_not_matter() {
        assert!(is_in("hello you", b"Oh HELLO\r\n \t\x0bYou!"));
        assert!(!is_in("hello you", b"hello-you, helloyou"));
        assert!(is_in(" you", b"\tyou") && !is_in(" you", b"you"));
        assert!(is_in("you ", b"you\n") && !is_in("you ", b"you"));
        assert!(is_in("b", b"aB") && is_in("zz", b"zazzz") && !is_in("zz", b"zaz"));
        assert!(Caseless::new(" ").is_none());
    }

    #[test]
    fn what_would_take_long_is_not_told() {
        let caseless = Caseless::new(&"a".repeat(1_000)).unwrap();
        let bytes = format!("{}b", "a".repeat(999)).repeat(20);
        assert_eq!(caseless.is_in(bytes.as_bytes()), None);
    }

    proptest! {
        #[test]
        fn it_finds_what_is_found_in_the_folded_text(
            text in "[aAbZ1 \t\r\n]{0,30}", wanted in "[aAbZ1 \n]{1,4}"
        ) {
            let wanted = fold::fold(&wanted);
            if let Some(caseless) = Caseless::new(&wanted) {
                let is_in = fold::fold(&text).contains(&wanted);
                prop_assert_eq!(caseless.is_in(text.as_bytes()), Some(is_in));
            }
        }
    }
}
