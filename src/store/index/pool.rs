//! The different texts of a chunk, side by side, so that one pass looks for a word in all of them.

use std::collections::HashMap;

use memchr::memchr;
use memchr::memchr_iter;
use memchr::memmem;
use memchr::memmem::Finder;

/// The number of a text or of a person within a chunk.
pub(super) type Id = u16;

/// No text at all.
pub(super) const NONE: Id = Id::MAX;

/// How many different texts or persons a chunk tells apart. The last few numbers have meanings of
/// their own.
pub(super) const IDS_MAX: usize = 60_000;

/// A longer text is not kept: the mail is asked itself.
const TEXT_BYTES_MAX: usize = 1_024;

/// Separates texts; those that contain it are not kept.
const END: u8 = 0;

/// Texts, each once, each between two zero bytes.
#[derive(Debug, Default)]
pub(super) struct Pool {
    bytes: Box<[u8]>,
}

/// Some of the ids of a pool.
#[derive(Debug)]
pub(super) struct Ids(Vec<u64>);

impl Ids {
    pub(super) const fn none() -> Self {
        Self(Vec::new())
    }

    pub(super) fn insert(&mut self, id: Id) {
        let word = usize::from(id / 64);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (id % 64);
    }

    pub(super) fn has(&self, id: Id) -> bool {
        self.0.get(usize::from(id / 64)).is_some_and(|word| word & (1 << (id % 64)) != 0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Pool {
    /// Adds the ids of the texts that contain this one.
    pub(super) fn containing(&self, wanted: &Finder<'_>, ids: &mut Ids) {
        if wanted.needle().contains(&END) {
            return;
        }
        let mut id = 0;
        let mut at = 1;
        while let Some(found) = self.bytes.get(at..).and_then(|rest| wanted.find(rest)) {
            let found = at + found;
            id += memchr_iter(END, &self.bytes[at..found]).count();
            ids.insert(Id::try_from(id).unwrap_or(NONE));
            // On to the text behind.
            let Some(end) = memchr(END, &self.bytes[found..]) else { return };
            (at, id) = (found + end + 1, id + 1);
        }
    }

    /// Adds the ids of the texts that end with this one.
    pub(super) fn ending(&self, wanted: &str, ids: &mut Ids) {
        let mut framed = wanted.as_bytes().to_vec();
        framed.push(END);
        self.framed(&framed, 0, ids);
    }

    /// Adds the id of this text.
    pub(super) fn equal(&self, wanted: &str, ids: &mut Ids) {
        let framed = [&[END], wanted.as_bytes(), &[END]].concat();
        self.framed(&framed, 1, ids);
    }

    /// The ids of texts that stand where `framed` is found, which ends with a separator; `skip`
    /// bytes of it belong to the text before.
    fn framed(&self, framed: &[u8], skip: usize, ids: &mut Ids) {
        let mut counted = 1;
        let mut id = 0;
        for found in memmem::find_iter(&self.bytes, framed) {
            let start = (found + skip).max(1);
            id += memchr_iter(END, &self.bytes[counted..start]).count();
            counted = start;
            ids.insert(Id::try_from(id).unwrap_or(NONE));
        }
    }

    pub(super) fn size_bytes(&self) -> usize {
        self.bytes.len()
    }
}

/// A pool while it is filled.
#[derive(Debug)]
pub(super) struct PoolBuilder {
    bytes: Vec<u8>,
    ids: HashMap<Box<str>, Id>,
}

impl PoolBuilder {
    pub(super) fn new() -> Self {
        Self { bytes: vec![END], ids: HashMap::new() }
    }

    /// The id of a text. None when it cannot be kept.
    pub(super) fn id_of(&mut self, text: &str) -> Option<Id> {
        if let Some(id) = self.ids.get(text) {
            return Some(*id);
        }
        let fits = text.len() <= TEXT_BYTES_MAX && !text.as_bytes().contains(&END);
        if !fits || self.ids.len() == IDS_MAX {
            return None;
        }
        let id = Id::try_from(self.ids.len()).ok()?;
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(END);
        self.ids.insert(text.into(), id);
        Some(id)
    }

    pub(super) fn build(self) -> Pool {
        Pool { bytes: self.bytes.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(texts: &[&str]) -> Pool {
        let mut builder = PoolBuilder::new();
        for (id, text) in texts.iter().enumerate() {
            assert_eq!(builder.id_of(text), Id::try_from(id).ok());
        }
        builder.build()
    }

    fn listed(ids: &Ids) -> Vec<Id> {
        (0..IDS_MAX as Id).filter(|id| ids.has(*id)).collect()
    }

    fn found(pool: &Pool, ask: impl Fn(&Pool, &mut Ids)) -> Vec<Id> {
        let mut ids = Ids::none();
        ask(pool, &mut ids);
        listed(&ids)
    }

    #[test]
    fn texts_are_found_by_a_part_the_end_and_the_whole() {
        let pool = pool(&["", "ab", "b", "abab", "cab", "a"]);
        let containing = |part: &str| found(&pool, |p, ids| p.containing(&Finder::new(part), ids));
        assert_eq!(containing("ab"), [1, 3, 4]);
        assert_eq!(containing("b"), [1, 2, 3, 4]);
        assert_eq!(containing("x"), [] as [Id; 0]);
        assert_eq!(containing("b\0b"), [] as [Id; 0]);
        assert_eq!(found(&pool, |p, ids| p.ending("ab", ids)), [1, 3, 4]);
        assert_eq!(found(&pool, |p, ids| p.equal("ab", ids)), [1]);
        assert_eq!(found(&pool, |p, ids| p.equal("b", ids)), [2]);
        assert_eq!(found(&pool, |p, ids| p.equal("", ids)), [0]);
        assert_eq!(found(&pool, |p, ids| p.equal("a", ids)), [5]);
    }

    #[test]
    fn what_is_too_long_or_holds_the_separator_is_not_kept() {
        let mut builder = PoolBuilder::new();
        assert!(builder.id_of(&"x".repeat(TEXT_BYTES_MAX)).is_some());
        assert!(builder.id_of(&"x".repeat(TEXT_BYTES_MAX + 1)).is_none());
        assert!(builder.id_of("a\0b").is_none());
        assert_eq!(builder.id_of(&"x".repeat(TEXT_BYTES_MAX)), Some(0), "each once");
    }
}
