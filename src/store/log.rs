//! The numbered changes of a store, newest last. Holds kinds and numbers, never a mail.

use std::collections::VecDeque;

use crate::message::id::MessageId;
use crate::store::entry::Held;
use crate::store::entry::Seq;

/// The changes that listeners may still ask for, bounded by forgetting the oldest.
#[derive(Debug)]
pub struct Log {
    records: VecDeque<Record>,
    /// The number of the newest change; 0 before the first.
    head: u64,
    weight: usize,
    weight_max: usize,
}

/// A change as the log remembers it.
#[derive(Clone, Debug)]
pub enum Record {
    /// The mail whose `seq` is this record's number arrived.
    Inserted,
    /// The marks of the mail of this number changed.
    Changed(Seq),
    /// These mails were removed on request.
    Deleted(Box<[MessageId]>),
    /// Every mail up to and including this number was removed.
    Cleared(Seq),
    /// These mails made room for a new one.
    Evicted(Box<[MessageId]>),
    /// The session of this number is over.
    SessionEnded(u64),
}

/// A change as a listener hears of it.
#[derive(Clone, Debug)]
pub enum Event {
    /// A mail arrived.
    Message(Held),
    /// A mail's marks changed.
    Changed(Held),
    /// These mails were removed on request.
    Deleted(Box<[MessageId]>),
    /// Every mail up to and including this number was removed.
    Cleared(Seq),
    /// These mails made room for a new one.
    Evicted(Box<[MessageId]>),
    /// The session of this number is over.
    SessionEnded(u64),
}

/// A stretch of the log.
#[derive(Clone, Debug)]
pub struct Events {
    /// The changes in order, each with its number. A number without an event is of a mail gone
    /// since.
    pub events: Vec<(u64, Event)>,
    /// The position to ask from next.
    pub last: u64,
    /// The newest number there is.
    pub head: u64,
}

impl Log {
    /// How many mails one record may name.
    pub const BATCH_MAX: usize = 1_000;

    /// An empty log that keeps up to `weight_max` numbers: a record is one, and each mail it names.
    pub const fn new(weight_max: usize) -> Self {
        Self { records: VecDeque::new(), head: 0, weight: 0, weight_max }
    }

    /// The number of the newest change; 0 before the first.
    pub const fn head(&self) -> u64 {
        self.head
    }

    /// The number the next change will get.
    pub const fn next_number(&self) -> u64 {
        self.head + 1
    }

    /// Adds a change.
    pub fn push(&mut self, record: Record) {
        self.head += 1;
        self.weight += record.weight();
        // Room first, then the record: so the queue never grows past its bound.
        while self.weight > self.weight_max {
            let Some(oldest) = self.records.pop_front() else { break };
            self.weight -= oldest.weight();
        }
        self.records.push_back(record);
    }

    /// The changes after a number. None when some of them are forgotten.
    pub fn after(&self, number: u64) -> Option<impl Iterator<Item = (u64, &Record)>> {
        let oldest = self.head + 1 - self.records.len() as u64;
        let skipped = usize::try_from((number + 1).checked_sub(oldest)?).ok()?;
        Some((number + 1..).zip(self.records.iter().skip(skipped)))
    }
}

impl Record {
    fn weight(&self) -> usize {
        match self {
            Self::Inserted | Self::Changed(_) | Self::Cleared(_) | Self::SessionEnded(_) => 1,
            Self::Deleted(ids) | Self::Evicted(ids) => 1 + ids.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(log: &Log, after: u64) -> Option<Vec<u64>> {
        Some(log.after(after)?.map(|(number, _)| number).collect())
    }

    #[test]
    fn numbers_start_at_one_and_have_no_gaps() {
        let mut log = Log::new(10);
        assert_eq!(numbers(&log, 0), Some(vec![]));
        log.push(Record::Inserted);
        log.push(Record::Changed(1));
        assert_eq!(numbers(&log, 0), Some(vec![1, 2]));
        assert_eq!(numbers(&log, 1), Some(vec![2]));
        assert_eq!(numbers(&log, 2), Some(vec![]));
    }

    #[test]
    fn the_oldest_are_forgotten_and_that_is_said() {
        let mut log = Log::new(3);
        for _ in 0..3 {
            log.push(Record::Inserted);
        }
        assert_eq!(numbers(&log, 0), Some(vec![1, 2, 3]), "at the limit");
        log.push(Record::Inserted);
        assert_eq!(numbers(&log, 0), None, "above it");
        assert_eq!(numbers(&log, 1), Some(vec![2, 3, 4]));
    }

    #[test]
    fn a_record_weighs_what_it_names() {
        let id = MessageId::from_parts(1, 1);
        let mut log = Log::new(3);
        log.push(Record::Inserted);
        log.push(Record::Deleted(Box::new([id])));
        assert_eq!(numbers(&log, 0), Some(vec![1, 2]));
        log.push(Record::Inserted);
        assert_eq!(numbers(&log, 0), None);
        assert_eq!(numbers(&log, 1), Some(vec![2, 3]));
    }
}
