//! Who may connect, how often, and who may speak for others.

use std::fmt;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use crate::net::networks::Networks;
use crate::net::peers::Admission;
use crate::net::peers::Peers;

/// The rules, as they are configured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessOptions {
    /// Who may connect; everybody when it is empty.
    pub allow: Networks,
    /// Who may say whom it speaks for.
    pub trust: Networks,
    /// Connections of one address at a time. Refuses the next.
    pub sessions_per_peer_max: Option<usize>,
    /// New connections of one address. Refuses the next.
    pub rate_per_peer_max: Option<Rate>,
    /// New connections in all. Refuses the next.
    pub rate_max: Option<Rate>,
}

/// So many at once, and then as many again evenly within this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many, at least one.
    pub count: u32,
    /// Within how long.
    pub within: Duration,
}

/// Why a client is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// Its address is not in the list of those that may connect.
    NotAllowed,
    /// It has too many connections.
    Sessions,
    /// It connects too often.
    RatePerPeer,
    /// All together connect too often.
    Rate,
    /// Too many addresses are known for one more to be counted.
    Crowd,
}

/// The rules, and what is counted for them.
#[derive(Debug)]
pub struct Access {
    options: AccessOptions,
    /// None when nothing is limited: then nothing is counted.
    peers: Option<Arc<Peers>>,
}

impl Access {
    /// Rules that nobody has met yet.
    pub fn new(options: AccessOptions) -> Self {
        let limits = options.sessions_per_peer_max.is_some()
            || options.rate_per_peer_max.is_some()
            || options.rate_max.is_some();
        let peers = limits.then(|| Arc::new(Peers::new(&options)));
        Self { options, peers }
    }

    /// Lets a client in for as long as the answer is kept. One without an address, over a Unix
    /// socket, always comes in.
    ///
    /// # Errors
    /// When a rule turns it away.
    pub fn admit(&self, peer: Option<IpAddr>, now: Instant) -> Result<Option<Admission>, Barred> {
        let Some(address) = peer else { return Ok(None) };
        if !self.options.allow.is_empty() && !self.options.allow.contains(address) {
            return Err(Barred::NotAllowed);
        }
        self.peers.as_ref().map(|peers| Peers::admit(peers, address, now)).transpose()
    }

    /// Whether a client may say whom it speaks for. One over a Unix socket counts as 127.0.0.1.
    pub fn is_trusted(&self, peer: Option<IpAddr>) -> bool {
        self.options.trust.contains(peer.unwrap_or(Ipv4Addr::LOCALHOST.into()))
    }

    /// Whether a client of a listener behind a proxy may be that proxy: anybody, unless it is said
    /// who is trusted.
    pub fn may_be_proxy(&self, peer: Option<IpAddr>) -> bool {
        self.options.trust.is_empty() || self.is_trusted(peer)
    }
}

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAllowed => "its address is not allowed",
            Self::Sessions => "its address has too many sessions",
            Self::RatePerPeer => "its address connects too often",
            Self::Rate => "too many connect at once",
            Self::Crowd => "too many addresses connect",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(text: &str) -> Networks {
        text.split_ascii_whitespace().map(|text| text.parse().unwrap()).collect()
    }

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn who_is_not_listed_stays_outside() {
        let allow = networks("127.0.0.0/8 ::1");
        let access = Access::new(AccessOptions { allow, ..AccessOptions::default() });
        let now = Instant::now();
        assert!(access.admit(address("127.0.0.9"), now).is_ok());
        assert!(access.admit(address("::1"), now).is_ok());
        assert!(access.admit(None, now).is_ok());
        assert_eq!(access.admit(address("10.0.0.1"), now).unwrap_err(), Barred::NotAllowed);
        let everybody = Access::new(AccessOptions::default());
        assert!(everybody.admit(address("10.0.0.1"), now).is_ok());
    }

    #[test]
    fn nobody_is_trusted_unless_it_is_said() {
        let nobody = Access::new(AccessOptions::default());
        assert!(!nobody.is_trusted(address("127.0.0.1")) && !nobody.is_trusted(None));
        assert!(nobody.may_be_proxy(address("10.0.0.1")) && nobody.may_be_proxy(None));
        let trust = networks("127.0.0.1");
        let some = Access::new(AccessOptions { trust, ..AccessOptions::default() });
        for (peer, trusted) in
            [(address("127.0.0.1"), true), (address("127.0.0.2"), false), (None, true)]
        {
            assert_eq!(some.is_trusted(peer), trusted);
            assert_eq!(some.may_be_proxy(peer), trusted);
        }
    }
}
