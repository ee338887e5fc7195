//! Counts connections for each address and in all, in a table that does not grow without bound.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use crate::net::access::AccessOptions;
use crate::net::access::Barred;
use crate::net::access::Rate;

/// What is counted, and its limits.
#[derive(Debug)]
pub struct Peers {
    sessions_max: usize,
    rate_per_peer: Option<Pace>,
    rate: Option<Pace>,
    peers_max: usize,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    peers: HashMap<IpAddr, Peer>,
    /// When the next connection of all is due.
    due: Option<Instant>,
    /// When idle addresses were last looked for.
    swept_at: Option<Instant>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Peer {
    sessions: usize,
    /// When its next connection is due, if it has to be waited for.
    due: Option<Instant>,
}

/// A place among the connections of an address, given back when this is dropped.
#[derive(Debug)]
pub struct Admission {
    peers: Arc<Peers>,
    address: IpAddr,
}

impl Peers {
    /// Counts nothing yet.
    pub(super) fn new(options: &AccessOptions) -> Self {
        Self {
            sessions_max: options.sessions_per_peer_max.unwrap_or(usize::MAX),
            rate_per_peer: options.rate_per_peer_max.map(Pace::new),
            rate: options.rate_max.map(Pace::new),
            peers_max: PEERS_MAX,
            table: Mutex::default(),
        }
    }

    /// Counts a connection. One that is turned away counts for nothing.
    pub(super) fn admit(
        this: &Arc<Self>,
        address: IpAddr,
        now: Instant,
    ) -> Result<Admission, Barred> {
        let address = address.to_canonical();
        let mut table = this.table();
        let known = table.peers.contains_key(&address);
        if !known && table.peers.len() >= this.peers_max && !table.sweep(now) {
            return Err(Barred::Crowd);
        }
        let Peer { sessions, due } = table.peers.get(&address).copied().unwrap_or_default();
        if sessions >= this.sessions_max {
            return Err(Barred::Sessions);
        }
        let due = Pace::next(this.rate_per_peer, due, now).ok_or(Barred::RatePerPeer)?;
        table.due = Pace::next(this.rate, table.due, now).ok_or(Barred::Rate)?;
        table.peers.insert(address, Peer { sessions: sessions + 1, due });
        Ok(Admission { peers: Arc::clone(this), address })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Each change of the table is whole by itself.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Forgets addresses that nothing has to be remembered of; whether that made room. Looks no
    /// more often than once in a while: the table may be large.
    fn sweep(&mut self, now: Instant) -> bool {
        if self.swept_at.is_some_and(|at| now < at + SWEEP_INTERVAL) {
            return false;
        }
        self.swept_at = Some(now);
        let before = self.peers.len();
        self.peers.retain(|_, peer| peer.sessions > 0 || peer.due.is_some_and(|due| due > now));
        self.peers.len() < before
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let mut table = self.peers.table();
        let Some(peer) = table.peers.get_mut(&self.address) else { return };
        peer.sessions -= 1;
        if peer.sessions == 0 && peer.due.is_none() {
            table.peers.remove(&self.address);
        }
    }
}

/// A rate as it is kept: one in each interval, some of them early (ITU-T I.371, GCRA).
#[derive(Clone, Copy, Debug)]
struct Pace {
    interval: Duration,
    early_max: Duration,
}

impl Pace {
    fn new(rate: Rate) -> Self {
        let interval = rate.within / rate.count.max(1);
        Self { interval, early_max: rate.within.saturating_sub(interval) }
    }

    /// When the connection after this one is due. None: this one comes too early.
    #[expect(clippy::option_option, reason = "without a rate, nothing is ever due")]
    fn next(this: Option<Self>, due: Option<Instant>, now: Instant) -> Option<Option<Instant>> {
        let Some(Self { interval, early_max }) = this else { return Some(None) };
        let due = due.map_or(now, |due| due.max(now));
        (due - now <= early_max).then_some(Some(due + interval))
    }
}

/// Addresses that are remembered, at most. A full table takes about 6 MB.
const PEERS_MAX: usize = 65_536;

const SWEEP_INTERVAL: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests;
