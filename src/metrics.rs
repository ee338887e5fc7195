//! Counters that every protocol adds to and the API shows.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// What has happened since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Mails accepted over SMTP.
    pub mails_accepted: Counter,
    /// SMTP sessions opened.
    pub sessions_opened: Counter,
    /// SMTP sessions ended.
    pub sessions_closed: Counter,
    /// SMTP connections turned away: too many, too often, or not allowed.
    pub sessions_refused: Counter,
    /// Connections to a listener behind a proxy that did not begin as a trusted proxy's.
    pub proxies_refused: Counter,
    /// TLS handshakes that came to nothing.
    pub handshakes_failed: Counter,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds one.
    pub fn increment(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The present value.
    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
