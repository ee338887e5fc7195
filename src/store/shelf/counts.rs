//! What some mails add up to.

use crate::store::entry::Held;

/// How many mails there are, and how much they take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many there are.
    pub total: usize,
    /// How many of them nobody has read.
    pub unread: usize,
    /// Their raw bytes.
    pub raw_bytes: usize,
}

impl Counts {
    pub(super) fn add(&mut self, held: &Held) {
        self.total += 1;
        self.unread += usize::from(!held.marks.read);
        self.raw_bytes += held.entry.raw.len();
    }

    pub(super) fn subtract(&mut self, held: &Held) {
        self.total -= 1;
        self.unread -= usize::from(!held.marks.read);
        self.raw_bytes -= held.entry.raw.len();
    }
}
