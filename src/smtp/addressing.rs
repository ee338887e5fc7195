//! An envelope while MAIL and RCPT fill it: in flight like the mail it is for, once it is large.
//!
//! Knows neither commands nor their order.

use std::sync::Arc;

use crate::dialogue::ForwardedFacts;
use crate::message::envelope::Envelope;
use crate::message::envelope::EnvelopeBuilder;
use crate::smtp::command::Path;
use crate::smtp::in_flight::InFlight;
use crate::smtp::in_flight::Share;
use crate::smtp::limits::Limits;
use crate::smtp::reply::Reply;

/// The envelope under way.
#[derive(Debug)]
pub(super) struct Addressing {
    envelope: EnvelopeBuilder,
    size_bytes: usize,
    /// Made for a large envelope alone: others are as good as nothing.
    share: Option<Share>,
    /// Whether BODY declared BINARYMIME: such a mail comes in chunks alone (RFC 3030 §3).
    pub(super) is_binary: bool,
    /// Whether the mail has begun to come in chunks.
    pub(super) in_chunks: bool,
    /// What XFORWARD said of this mail.
    pub(super) forwarded: Option<Box<ForwardedFacts>>,
}

impl Addressing {
    /// Starts with the path of MAIL.
    pub(super) fn new(sender: &Path<'_>) -> Self {
        Self {
            envelope: EnvelopeBuilder::new(sender.address, &sender.parameters.text),
            size_bytes: size_bytes(sender),
            share: None,
            is_binary: sender.parameters.is_binary,
            in_chunks: false,
            forwarded: None,
        }
    }

    /// Adds the path of a RCPT.
    ///
    /// # Errors
    /// 452 when there is no room for it.
    pub(super) fn recipient(
        &mut self,
        recipient: &Path<'_>,
        in_flight: &Arc<InFlight>,
        limits: &Limits,
    ) -> Result<(), Reply> {
        let bytes = self.size_bytes + size_bytes(recipient);
        if bytes > UNCOUNTED_BYTES_MAX {
            let share = self.share.get_or_insert_with(|| Share::new(Arc::clone(in_flight)));
            if !share.grow_to(bytes, limits.in_flight_bytes_max) {
                return Err(Reply::NO_ROOM);
            }
        }
        self.size_bytes = bytes;
        self.envelope.recipient(recipient.address, &recipient.parameters.text);
        Ok(())
    }

    /// How many recipients were added.
    pub(super) const fn recipient_count(&self) -> usize {
        self.envelope.recipient_count()
    }

    /// The finished envelope.
    pub(super) fn build(self) -> Envelope {
        self.envelope.build()
    }
}

/// What a path takes, with the characters that set it apart from the next.
fn size_bytes(path: &Path<'_>) -> usize {
    path.address.len() + path.parameters.text.len() + 2
}

/// Up to this size an envelope is not counted, so that a mail as large as all that may be in
/// flight can still be received.
const UNCOUNTED_BYTES_MAX: usize = 16 * 1_024;
