//! The bytes of mails being received, over all sessions, and a session's share of them.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

/// How many bytes of mails are being received at this moment, over all sessions.
#[derive(Debug, Default)]
pub struct InFlight {
    bytes: AtomicUsize,
}

impl InFlight {
    /// The bytes being received.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Counts more bytes unless that makes more than `bytes_max`.
    fn reserve(&self, bytes: usize, bytes_max: usize) -> bool {
        let more = |held: usize| held.checked_add(bytes).filter(|sum| *sum <= bytes_max);
        self.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    fn release(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// Some of the bytes in flight, given back when this is dropped.
#[derive(Debug)]
pub(super) struct Share {
    in_flight: Arc<InFlight>,
    bytes: usize,
}

impl Share {
    /// A share of nothing.
    pub(super) const fn new(in_flight: Arc<InFlight>) -> Self {
        Self { in_flight, bytes: 0 }
    }

    /// Grows to so many bytes, unless that makes more than `bytes_max` over all sessions.
    pub(super) fn grow_to(&mut self, bytes: usize, bytes_max: usize) -> bool {
        let has_room = self.in_flight.reserve(bytes.saturating_sub(self.bytes), bytes_max);
        if has_room {
            self.bytes = self.bytes.max(bytes);
        }
        has_room
    }

    /// Gives all of it back.
    pub(super) fn release(&mut self) {
        self.in_flight.release(std::mem::take(&mut self.bytes));
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.release();
    }
}
