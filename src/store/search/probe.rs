//! A piece of text that every match of a term must contain, ready to be looked for.

use memchr::memmem::Finder;

use crate::store::caseless::Caseless;
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
    /// For raw bytes in which its runs of visible ASCII stand; None when it has no run.
    pub(super) run: Option<Caseless>,
    /// For raw bytes that are plain text.
    whole: Option<Caseless>,
    is_ascii: bool,
}

impl Probe {
    /// Of a text as searches see it.
    pub(super) fn new(folded: &str) -> Self {
        let longest = runs(folded).max_by_key(|run| run.len());
        let is_ascii = folded.is_ascii();
        Self {
            finder: Finder::new(folded).into_owned(),
            grams: grams::of(folded),
            run: longest.and_then(Caseless::new),
            whole: Caseless::new(folded).filter(|_| is_ascii),
            is_ascii,
        }
    }

    /// Whether it is in a text of ASCII, case and the length of blanks aside. None when this cannot
    /// be told here.
    pub(super) fn is_in_plain(&self, text: &[u8]) -> Option<bool> {
        if self.is_ascii { self.whole.as_ref()?.is_in(text) } else { Some(false) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bodies_are_asked_for_the_whole_and_others_for_the_longest_run() {
        let probe = Probe::new("caf au lait");
        assert_eq!(probe.is_in_plain(b"Caf\r\nAU LAIT!"), Some(true));
        assert_eq!(probe.is_in_plain(b"caf lait"), Some(false));
        assert!(probe.run.unwrap().is_in(b"LAIT") == Some(true));
    }

    #[test]
    fn what_is_not_ascii_is_in_no_plain_body() {
        let probe = Probe::new("caf\u{e9} au lait");
        assert_eq!(probe.is_in_plain(b"cafe au lait"), Some(false));
        assert!(probe.run.unwrap().is_in(b"lait") == Some(true));
        assert!(Probe::new("\u{4f60}").run.is_none());
    }
}
