//! The SMTP sessions of late, those that delivered nothing too, in the order they began.
//!
//! Has a lock of its own: a session that begins never waits for a mail. Knows neither sockets nor
//! how a session is written down.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use jiff::Timestamp;

use crate::dialogue::Endpoint;
use crate::dialogue::Protocol;
use crate::dialogue::record::Record;
use crate::dialogue::record::Room;

/// How much is kept of sessions. What is above leaves, the oldest that is over first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionsLimits {
    /// Sessions listed, open ones among them.
    pub count_max: usize,
    /// What they and all they said take, in bytes.
    pub size_bytes_max: usize,
}

impl Default for SessionsLimits {
    fn default() -> Self {
        Self { count_max: 2_000, size_bytes_max: 32 * 1_024 * 1_024 }
    }
}

/// The sessions that are listed.
#[derive(Debug)]
pub struct Sessions {
    listed: Mutex<Listed>,
    turned_away: Mutex<Option<TurnedAway>>,
    room: Arc<Room>,
    count_max: usize,
}

/// A client that was turned away before it was greeted: no session was made for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnedAway {
    /// When.
    pub at: Timestamp,
    /// The number of the newest change by then.
    pub number: u64,
    /// What it was told, without the line end.
    pub reply: String,
}

#[derive(Debug, Default)]
struct Listed {
    /// By number.
    records: VecDeque<Arc<Record>>,
    last_number: u64,
}

impl Sessions {
    /// None yet.
    pub fn new(limits: &SessionsLimits) -> Self {
        Self {
            listed: Mutex::default(),
            turned_away: Mutex::default(),
            room: Arc::new(Room::new(limits.size_bytes_max)),
            count_max: limits.count_max,
        }
    }

    /// Lists a session that begins.
    pub fn open(
        &self,
        opened_at: Timestamp,
        ends: (Endpoint, Endpoint),
        protocol: Protocol,
    ) -> Arc<Record> {
        let mut listed = self.lock();
        listed.last_number += 1;
        let record = Arc::new(Record::new(listed.last_number, opened_at, ends, protocol));
        record.count_in(&self.room);
        listed.records.push_back(Arc::clone(&record));
        let gone = self.make_room(&mut listed);
        drop(listed);
        // What a mail does not hold is freed here, outside the lock.
        drop(gone);
        record
    }

    /// The session of this number, while it is listed.
    pub fn by_number(&self, number: u64) -> Option<Arc<Record>> {
        let listed = self.lock();
        let index = listed.records.binary_search_by_key(&number, |record| record.number).ok()?;
        listed.records.get(index).cloned()
    }

    /// All that are listed, newest first.
    pub fn newest_first(&self) -> Vec<Arc<Record>> {
        self.lock().records.iter().rev().cloned().collect()
    }

    /// Takes note of a client that was turned away.
    pub fn turn_away(&self, client: TurnedAway) {
        *self.turned_away.lock().unwrap_or_else(PoisonError::into_inner) = Some(client);
    }

    /// The last client that was turned away.
    pub fn turned_away(&self) -> Option<TurnedAway> {
        self.turned_away.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the listed ones take, in bytes.
    pub fn size_bytes(&self) -> usize {
        self.room.bytes()
    }

    /// Those that are above a limit leave; of those that are over the oldest, then of all.
    fn make_room(&self, listed: &mut Listed) -> Vec<Arc<Record>> {
        let mut gone = Vec::new();
        loop {
            let too_many = listed.records.len() > self.count_max;
            let oldest_closed = || listed.records.iter().position(|record| record.is_closed());
            let index = match (too_many, self.room.is_full()) {
                (false, false) => return gone,
                (true, _) => oldest_closed().unwrap_or(0),
                // An open session bounds itself.
                (false, true) => match oldest_closed() {
                    Some(index) => index,
                    None => return gone,
                },
            };
            let Some(record) = listed.records.remove(index) else { return gone };
            record.count_out();
            gone.push(record);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Listed> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::dialogue::record::RECORD_BYTES;
    use crate::dialogue::recorder::Recorder;

    fn sessions(count_max: usize, size_bytes_max: usize) -> Sessions {
        Sessions::new(&SessionsLimits { count_max, size_bytes_max })
    }

    fn open(sessions: &Sessions) -> Recorder {
        let end = Endpoint::from(([127, 0, 0, 1], 1));
        let record = sessions.open(Timestamp::UNIX_EPOCH, (end.clone(), end), Protocol::Smtp);
        Recorder::new(record, Instant::now())
    }

    fn numbers(sessions: &Sessions) -> Vec<u64> {
        sessions.newest_first().iter().map(|record| record.number).collect()
    }

    #[test]
    fn the_oldest_that_is_over_leaves_above_the_count() {
        let sessions = sessions(3, usize::MAX);
        let first = open(&sessions);
        drop(open(&sessions));
        assert_eq!(numbers(&sessions), [2, 1], "below");
        drop(open(&sessions));
        assert_eq!(numbers(&sessions), [3, 2, 1], "at the limit");
        drop(open(&sessions));
        assert_eq!(numbers(&sessions), [4, 3, 1], "above it");
        assert!(sessions.by_number(2).is_none());
        assert!(Arc::ptr_eq(&sessions.by_number(1).expect("it is open"), first.record()));
    }

    #[test]
    fn open_ones_leave_when_all_are_open() {
        let sessions = sessions(2, usize::MAX);
        let _open = [open(&sessions), open(&sessions), open(&sessions)];
        assert_eq!(numbers(&sessions), [3, 2]);
    }

    #[test]
    fn those_that_are_over_leave_above_the_bytes() {
        // Each is a record and a few bytes of words.
        let sessions = sessions(100, 3 * RECORD_BYTES + 50);
        drop(open(&sessions));
        drop(open(&sessions));
        assert_eq!(numbers(&sessions), [2, 1], "below");
        drop(open(&sessions));
        assert_eq!(numbers(&sessions), [3, 2, 1], "at the limit");
        drop(open(&sessions));
        assert_eq!(numbers(&sessions), [4, 3, 2], "above it");
        let words = sessions.size_bytes() - 3 * RECORD_BYTES;
        assert!(words > 0 && words < 50, "{words}");
    }

    #[test]
    fn what_left_is_not_counted_any_more() {
        let sessions = sessions(1, usize::MAX);
        let mut first = open(&sessions);
        let second = open(&sessions);
        let before = sessions.size_bytes();
        first.client("NOOP");
        first.flush();
        assert_eq!(sessions.size_bytes(), before);
        drop((first, second));
    }
}
