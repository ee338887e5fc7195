//! Counters that every protocol adds to and the API shows. Adding takes no lock and no room.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::dialogue::Protocol;
use crate::dialogue::verb::Verb;

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
    /// Bytes that came over SMTP connections, TLS taken off.
    pub bytes_received: Counter,
    /// Those of `sessions_opened` that speak LMTP.
    pub lmtp_sessions_opened: Counter,
    /// By the number of the verb, then by the class of the reply.
    replies: [[Counter; OUTCOMES.len()]; Verb::ALL.len()],
}

impl Metrics {
    /// A session began.
    pub fn session_opened(&self, protocol: Protocol) {
        self.sessions_opened.increment();
        if protocol == Protocol::Lmtp {
            self.lmtp_sessions_opened.increment();
        }
    }

    /// A command was answered with a reply of this code.
    pub fn replied(&self, verb: Verb, code: u16) {
        let outcome = usize::from(code / 100).saturating_sub(2).min(OUTCOMES.len() - 1);
        self.replies[verb as usize][outcome].increment();
    }

    /// How often each command was answered in each way, where it was at all.
    pub fn replies(&self) -> impl Iterator<Item = (Verb, &'static str, u64)> {
        Verb::ALL.into_iter().flat_map(|verb| {
            let counters = OUTCOMES.into_iter().zip(&self.replies[verb as usize]);
            let counts = counters.map(move |(outcome, counter)| (verb, outcome, counter.value()));
            counts.filter(|(_, _, count)| *count > 0)
        })
    }
}

/// The classes of replies (RFC 5321 §4.2.1).
const OUTCOMES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds one.
    pub fn increment(&self) {
        self.add(1);
    }

    /// Adds so many.
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    /// The present value.
    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_counted_by_command_and_class() {
        let metrics = Metrics::default();
        for (verb, code) in
            [(Verb::Mail, 250), (Verb::Mail, 250), (Verb::Data, 354), (Verb::Rcpt, 550)]
        {
            metrics.replied(verb, code);
        }
        let counted: Vec<_> = metrics.replies().collect();
        assert_eq!(
            counted,
            [(Verb::Mail, "2xx", 2), (Verb::Rcpt, "5xx", 1), (Verb::Data, "3xx", 1)]
        );
    }
}
