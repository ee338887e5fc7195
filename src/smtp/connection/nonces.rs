//! Numbers that nobody outside can guess, never the same twice.

use std::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Makes them from a count and keys that the system chose, without asking it each time.
#[derive(Debug)]
pub(super) struct Nonces {
    keys: [RandomState; 2],
    count: AtomicU64,
}

impl Nonces {
    pub(super) fn new() -> Self {
        Self { keys: [RandomState::new(), RandomState::new()], count: AtomicU64::new(0) }
    }

    /// The next one.
    pub(super) fn next(&self) -> u128 {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let [high, low] = [0, 1].map(|half| u128::from(self.keys[half].hash_one(count)));
        high << 64 | low
    }
}
