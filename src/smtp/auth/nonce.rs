//! What makes one exchange differ from all others.

/// Made of what the driver gave to the session, and counted on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::smtp) struct Nonce {
    session: u128,
    exchange: u64,
}

impl Nonce {
    /// That of no exchange yet. `session` is unique, and hard to guess.
    pub(in crate::smtp) const fn new(session: u128) -> Self {
        Self { session, exchange: 0 }
    }

    /// That of the next exchange.
    pub(in crate::smtp) const fn next(&mut self) -> Self {
        self.exchange += 1;
        *self
    }

    /// Letters, digits and a dot.
    pub(super) fn text(self) -> String {
        format!("{:032x}.{}", self.session, self.exchange)
    }

    /// A salt: no two sessions have the same.
    pub(super) const fn salt(self) -> [u8; 16] {
        self.session.to_be_bytes()
    }
}

impl std::fmt::Debug for Nonce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Nonce")
    }
}
