//! What a session does next, and what belongs to it while it does.

use crate::smtp::addressing::Addressing;
use crate::smtp::auth::Exchange;
use crate::smtp::body::Body;
use crate::smtp::chunk::Incoming;

/// What happens next. A mail under way is owned by its state: leaving the state drops it.
#[derive(Debug)]
pub(super) enum State {
    /// Wants a command.
    Command,
    /// Wants a response of AUTH.
    Response(Exchange),
    /// Wants the mail of this envelope.
    Receiving(Addressing),
    /// Wants the rest of a chunk of a mail, or has it whole.
    Chunk(Incoming),
    /// Has a mail whole.
    Received(Addressing),
    /// Handed a mail out; waits to hear what became of it.
    Delivering,
    /// Said that TLS may start.
    HandshakeDue,
    /// Waits for TLS.
    Handshake,
    /// Is over.
    Closed,
}

impl State {
    pub(super) const fn wants_mail(&self) -> bool {
        matches!(self, Self::Receiving(_) | Self::Chunk(_))
    }

    /// Takes what belongs to the mail under way. Once the mail, or its chunk, is whole, how many
    /// bytes did.
    pub(super) fn take(&mut self, bytes: &[u8], body: &mut Body) -> Option<usize> {
        match self {
            Self::Receiving(_) => {
                let end = body.receive(bytes)?;
                if let Self::Receiving(envelope) = std::mem::replace(self, Self::Command) {
                    *self = Self::Received(envelope);
                }
                Some(end)
            }
            Self::Chunk(chunk) => chunk.receive(bytes, body),
            _ => Some(0),
        }
    }
}
