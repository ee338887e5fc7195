//! The name of a held mail: a ULID, so that names sort in the order the mails arrived.

use std::fmt;
use std::str::FromStr;

use ulid::Ulid;

/// The name of a held mail, unique for good: 26 characters of Crockford's base 32, in arrival
/// order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(Ulid);

impl MessageId {
    /// The id made of a time in milliseconds since the Unix epoch and 80 random bits.
    pub const fn from_parts(unix_ms: u64, random: u128) -> Self {
        Self(Ulid::from_parts(unix_ms, random))
    }

    /// The next larger id; what keeps ids in order within a millisecond or when a clock steps back.
    pub const fn successor(self) -> Self {
        Self(Ulid(self.0.0.wrapping_add(1)))
    }

    /// The id of these bits, as [`bits`](Self::bits) gave them.
    pub const fn from_bits(bits: u128) -> Self {
        Self(Ulid(bits))
    }

    /// The id as a number: what knows no ids may keep one as that.
    pub const fn bits(self) -> u128 {
        self.0.0
    }

    /// The milliseconds since the Unix epoch that the id was made of.
    pub const fn unix_ms(self) -> u64 {
        self.0.timestamp_ms()
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for MessageId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Ulid::from_string(text).map(Self).map_err(|_| InvalidId)
    }
}

/// The text is not a ULID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is a ULID of 26 characters, such as 01JD9Z3V0M8Q4T7W2X5Y6A7B8C")
    }
}

impl std::error::Error for InvalidId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips_and_sorts_like_the_id() {
        let first = MessageId::from_parts(1_700_000_000_000, 7);
        let second = first.successor();
        assert_eq!(first.to_string().parse(), Ok(first));
        assert!(first < second && first.to_string() < second.to_string());
        assert_eq!(first.unix_ms(), 1_700_000_000_000);
    }

    #[test]
    fn what_is_no_ulid_is_refused() {
        assert_eq!("latest".parse::<MessageId>(), Err(InvalidId));
        assert_eq!("".parse::<MessageId>(), Err(InvalidId));
    }
}
