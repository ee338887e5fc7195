//! One mail, whole: a value apart from the connection, consumed by delivering it.

use std::sync::Arc;

use crate::dialogue::SessionFacts;
use crate::message::envelope::Envelope;
use crate::smtp::reply::Reply;

/// A mail to be delivered. Nothing of it is left in the session (RFC 5321 §4.1.1.4).
#[derive(Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Who sent it and who was to get it.
    pub envelope: Envelope,
    /// The bytes between DATA and the final dot, un-stuffed and otherwise untouched.
    pub raw: Box<[u8]>,
    /// The session it came in.
    pub session: Arc<SessionFacts>,
}

/// Why a mail could not be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is larger than all the room there is: 552 5.3.4.
    TooLarge,
    /// Something went wrong that may be mended: 451 4.3.0.
    Failed,
}

impl Refusal {
    pub(super) const fn reply(self) -> Reply {
        match self {
            Self::TooLarge => Reply::TOO_LARGE,
            Self::Failed => Reply::NOT_HELD,
        }
    }
}
