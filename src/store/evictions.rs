//! Which mail made room: the newest in all, and of each inbox.

use std::collections::HashMap;

use crate::store::entry::Held;
use crate::store::entry::Seq;

/// The newest mails that made room, by their inboxes. Bounded: of too many inboxes no more is known
/// than of all together.
#[derive(Debug)]
pub(super) struct Evictions {
    count: u64,
    newest: Seq,
    of_inboxes: HashMap<Box<str>, Seq>,
    /// Up to here, any inbox may have lost mail.
    forgotten: Seq,
    inboxes_max: usize,
}

impl Evictions {
    /// None yet.
    pub(super) fn new(inboxes_max: usize) -> Self {
        Self { count: 0, newest: 0, of_inboxes: HashMap::new(), forgotten: 0, inboxes_max }
    }

    /// Takes note of mails that make room.
    pub(super) fn add(&mut self, gone: &[Held]) {
        for held in gone {
            let seq = held.entry.seq;
            self.count += 1;
            self.newest = self.newest.max(seq);
            for name in held.entry.inboxes.iter() {
                if let Some(newest) = self.of_inboxes.get_mut(name) {
                    *newest = seq.max(*newest);
                    continue;
                }
                if self.of_inboxes.len() == self.inboxes_max {
                    self.of_inboxes.clear();
                    self.forgotten = self.newest;
                }
                self.of_inboxes.insert(name.clone(), seq);
            }
        }
    }

    /// How many mails made room.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// The newest mail that made room, in all or in one inbox: no later one did. 0 when none did.
    pub(super) fn newest(&self, inbox: Option<&str>) -> Seq {
        match inbox {
            None => self.newest,
            Some(name) => {
                self.of_inboxes.get(name).copied().unwrap_or_default().max(self.forgotten)
            }
        }
    }
}

impl Default for Evictions {
    fn default() -> Self {
        Self::new(INBOXES_MAX)
    }
}

/// Inboxes of which it is known. Above, all that was known of them is forgotten at once.
const INBOXES_MAX: usize = 10_000;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::entry::Entry;
    use crate::store::entry::Marks;
    use crate::store::tests::arrival;

    fn evict(evictions: &mut Evictions, seq: Seq, inbox: &str) {
        let arrival = arrival(&format!("X-Restante-Inbox: {inbox}\n\n"), 1);
        let id = crate::message::id::MessageId::from_parts(seq, 0);
        let entry = Arc::new(Entry::new(seq, id, arrival));
        evictions.add(&[Held { entry, marks: Marks::default() }]);
    }

    #[test]
    fn each_inbox_has_its_own_until_they_are_too_many() {
        let mut evictions = Evictions::new(2);
        let newest = |evictions: &Evictions, inbox| evictions.newest(inbox);
        evict(&mut evictions, 3, "a");
        evict(&mut evictions, 5, "b");
        evict(&mut evictions, 7, "b");
        assert_eq!((evictions.newest(None), evictions.count()), (7, 3));
        let of = |evictions: &Evictions| ["a", "b", "c"].map(|name| newest(evictions, Some(name)));
        assert_eq!(of(&evictions), [3, 7, 0], "at the limit");
        evict(&mut evictions, 8, "c");
        assert_eq!(of(&evictions), [8, 8, 8], "above it: more than there was, never less");
        evict(&mut evictions, 9, "a");
        assert_eq!(of(&evictions), [9, 8, 8]);
    }
}
