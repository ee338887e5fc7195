//! A piece of text that every match of a term must contain, ready to be looked for.

use memchr::memmem::Finder;
use regex::bytes::Regex;
use regex::bytes::RegexBuilder;

use crate::store::index::grams;
use crate::store::index::grams::Gram;
use crate::store::index::verbatim::runs;

/// A folded text, in each form that the index can be asked for it.
#[derive(Debug)]
pub(super) struct Probe {
    /// For folded texts.
    pub(super) finder: Finder<'static>,
    /// For signatures.
    pub(super) grams: Vec<Gram>,
    /// For raw bytes that are plain text.
    plain: Option<Regex>,
    is_ascii: bool,
    /// For raw bytes in which its runs of visible ASCII stand; None when it has no run.
    pub(super) run: Option<Regex>,
}

impl Probe {
    /// Of a text as searches see it.
    pub(super) fn new(folded: &str) -> Self {
        let longest = runs(folded).max_by_key(|run| run.len());
        Self {
            finder: Finder::new(folded).into_owned(),
            grams: grams::of(folded),
            is_ascii: folded.is_ascii(),
            plain: folded.is_ascii().then(|| ascii_regex(&folded.replace(' ', "\n"))).flatten(),
            run: longest.and_then(ascii_regex),
        }
    }

    /// Whether it is in a text of ASCII, case and the length of blanks aside. None when this cannot
    /// be told here.
    pub(super) fn is_in_plain(&self, text: &[u8]) -> Option<bool> {
        if self.is_ascii { Some(self.plain.as_ref()?.is_match(text)) } else { Some(false) }
    }
}

/// Looks for ASCII in any case, a line feed standing for any white space. None when the text is too
/// long to be compiled: then it is looked for otherwise.
fn ascii_regex(text: &str) -> Option<Regex> {
    let pieces: Vec<String> = text.split('\n').map(regex::escape).collect();
    let expression = pieces.join(ASCII_WHITE_SPACE);
    RegexBuilder::new(&expression).unicode(false).case_insensitive(true).build().ok()
}

/// What folding makes one blank of.
const ASCII_WHITE_SPACE: &str = "[\\t-\\r ]+";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bodies_are_asked_for_the_whole_with_any_white_space() {
        let probe = Probe::new("hello you");
        assert_eq!(probe.is_in_plain(b"Oh HELLO\r\n \tYou!"), Some(true));
        assert_eq!(probe.is_in_plain(b"hello-you"), Some(false));
        assert!(probe.run.unwrap().is_match(b"HELLO"));
    }

    #[test]
    fn what_is_not_ascii_is_in_no_plain_body() {
        let probe = Probe::new("caf\u{e9} au lait");
        assert_eq!(probe.is_in_plain(b"cafe au lait"), Some(false));
        assert!(probe.run.unwrap().is_match(b"LAIT"), "the longest run");
        assert!(Probe::new("\u{4f60}").run.is_none());
    }
}
