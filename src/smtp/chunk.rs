//! A chunk of a mail while its bytes come in (RFC 3030 §2). Knows no command: it was checked.

use crate::smtp::addressing::Addressing;
use crate::smtp::body::Body;
use crate::smtp::reply::Reply;

/// The chunk being received.
#[derive(Debug)]
pub(super) struct Incoming {
    /// How many of its bytes are still to come.
    left: u64,
    pub(super) fate: Fate,
}

/// What becomes of a chunk once it is here.
#[derive(Debug)]
pub(super) enum Fate {
    /// Nothing: its bytes are passed over, then this is said.
    Refused(Reply),
    /// More of the mail is to come.
    Part,
    /// The mail of this envelope ends with it.
    Last(Addressing),
}

impl Incoming {
    pub(super) fn new(size_bytes: u64, fate: Fate, body: &mut Body) -> Self {
        if !matches!(fate, Fate::Refused(_)) {
            body.begin_chunk(size_bytes);
        }
        Self { left: size_bytes, fate }
    }

    /// Takes what belongs to the chunk. Once it is whole, how many bytes did.
    pub(super) fn receive(&mut self, bytes: &[u8], body: &mut Body) -> Option<usize> {
        let length = usize::try_from(self.left).map_or(bytes.len(), |left| left.min(bytes.len()));
        if !matches!(self.fate, Fate::Refused(_)) {
            body.receive_chunk(&bytes[..length]);
        }
        self.left -= length as u64;
        (self.left == 0).then_some(length)
    }
}
