//! A mail while it is received: its bytes, and whether there is room for them.
//!
//! What has no room is read to its end all the same, so that the session stays in step.

use std::sync::Arc;

use crate::smtp::data::Decoder;
use crate::smtp::in_flight::InFlight;
use crate::smtp::in_flight::Share;
use crate::smtp::limits::Limits;
use crate::smtp::reply::Reply;

/// The body of the mail being received; one for all mails of a session.
#[derive(Debug)]
pub(super) struct Body {
    decoder: Decoder,
    bytes: Vec<u8>,
    /// The size of the mail, also of what was not kept.
    size_bytes: usize,
    /// That `bytes` are in flight.
    share: Share,
    /// Whether there was no room for them.
    crowded_out: bool,
    limits: Arc<Limits>,
}

impl Body {
    pub(super) fn new(limits: Arc<Limits>, in_flight: Arc<InFlight>) -> Self {
        Self {
            decoder: Decoder::new(),
            bytes: Vec::new(),
            size_bytes: 0,
            share: Share::new(in_flight),
            crowded_out: false,
            limits,
        }
    }

    /// Takes the next piece. When the mail ends in it, the number of bytes that belonged to it.
    pub(super) fn receive(&mut self, piece: &[u8]) -> Option<usize> {
        let Self { decoder, bytes, size_bytes, crowded_out, .. } = self;
        let bytes_max = self.limits.message_bytes_max;
        let end = decoder.decode(piece, |slice| {
            *size_bytes += slice.len();
            if *size_bytes <= bytes_max && !*crowded_out {
                bytes.extend_from_slice(slice);
            }
        });
        self.count();
        end
    }

    /// Makes ready for a chunk of this size (RFC 3030). Its bytes come by
    /// [`receive_chunk`](Self::receive_chunk), those of a mail that is too large by then too.
    pub(super) fn begin_chunk(&mut self, chunk_bytes: u64) {
        let chunk_bytes = usize::try_from(chunk_bytes).unwrap_or(usize::MAX);
        self.size_bytes = self.size_bytes.saturating_add(chunk_bytes);
        self.count();
    }

    /// Takes the next piece of a chunk, as it is: nothing is stuffed in there.
    pub(super) fn receive_chunk(&mut self, piece: &[u8]) {
        if self.refusal().is_none() {
            self.bytes.extend_from_slice(piece);
            self.count();
        }
    }

    /// The size of the mail so far, also of what was not kept.
    pub(super) const fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// Whether some of a mail is here.
    pub(super) const fn has_begun(&self) -> bool {
        self.size_bytes > 0
    }

    /// Why the mail will be refused: 552 when it is above the limit, 452 when there was no room
    /// for it.
    pub(super) fn refusal(&self) -> Option<Reply> {
        if self.size_bytes > self.limits.message_bytes_max {
            Some(Reply::TOO_LARGE)
        } else {
            self.crowded_out.then_some(Reply::NO_ROOM)
        }
    }

    /// Ends the mail and hands out its bytes.
    ///
    /// # Errors
    /// The [`refusal`](Self::refusal).
    pub(super) fn finish(&mut self) -> Result<Box<[u8]>, Reply> {
        let outcome = match self.refusal() {
            Some(reply) => Err(reply),
            None if self.bytes.len() <= REUSED_BYTES_MAX => Ok(Box::from(self.bytes.as_slice())),
            // Shrinking moves pages, not bytes: no second copy of a large mail.
            None => Ok(std::mem::take(&mut self.bytes).into_boxed_slice()),
        };
        self.abandon();
        outcome
    }

    /// Drops what was received and makes ready for the next mail.
    pub(super) fn abandon(&mut self) {
        self.share.release();
        self.bytes.clear();
        self.decoder.restart();
        self.size_bytes = 0;
        self.crowded_out = false;
    }

    /// Counts what is here as in flight, and frees it when it is too much.
    fn count(&mut self) {
        if self.size_bytes > self.limits.message_bytes_max {
            self.forget();
        } else if !self.share.grow_to(self.bytes.len(), self.limits.in_flight_bytes_max) {
            self.crowded_out = true;
            self.forget();
        }
    }

    /// Frees what was kept of a mail that will be refused.
    fn forget(&mut self) {
        self.share.release();
        self.bytes = Vec::new();
    }
}

/// Mails up to this size are copied into an exact allocation and leave the buffer to the next
/// one; larger ones take the buffer with them. Each idle session keeps so much.
const REUSED_BYTES_MAX: usize = 32 * 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_in_flight_until_the_mail_is_handed_out() {
        let in_flight = Arc::new(InFlight::default());
        let mut body = body(&in_flight, 100);
        assert_eq!(body.receive(b"..four\r\n"), None);
        assert_eq!(in_flight.bytes(), 7, "the stuffed dot is no byte of the mail");
        assert_eq!(body.receive(b".\r\nNOOP"), Some(3));
        assert_eq!(body.finish().as_deref(), Ok(&b".four\r\n"[..]));
        assert_eq!(in_flight.bytes(), 0);
    }

    #[test]
    fn the_bytes_in_flight_are_those_of_all_sessions() {
        let in_flight = Arc::new(InFlight::default());
        let (mut one, mut other) = (body(&in_flight, 10), body(&in_flight, 10));
        one.receive(b"123456");
        other.receive(b"12345");
        assert_eq!(in_flight.bytes(), 6, "what has no room is not kept");
        assert_eq!(other.receive(b"\r\n.\r\n"), Some(5));
        assert_eq!(other.finish(), Err(Reply::NO_ROOM));
        drop(one);
        other.receive(b"12345678\r\n.\r\n");
        assert_eq!(other.finish().as_deref(), Ok(&b"12345678\r\n"[..]));
    }

    #[test]
    fn a_mail_that_is_too_large_takes_no_room() {
        let in_flight = Arc::new(InFlight::default());
        let mut body = body(&in_flight, 1_000_000);
        body.receive(&[b'x'; 101]);
        assert_eq!((in_flight.bytes(), body.bytes.capacity()), (0, 0));
        body.receive(b"\r\n.\r\n");
        assert_eq!(body.finish(), Err(Reply::TOO_LARGE));
    }

    #[test]
    fn a_chunk_is_refused_by_its_size_before_its_bytes_take_room() {
        let in_flight = Arc::new(InFlight::default());
        let mut body = body(&in_flight, 1_000_000);
        body.begin_chunk(100);
        body.receive_chunk(&[b'.'; 100]);
        assert_eq!((in_flight.bytes(), body.refusal()), (100, None));
        body.begin_chunk(u64::MAX);
        assert_eq!((in_flight.bytes(), body.bytes.capacity()), (0, 0));
        body.receive_chunk(b"x");
        assert_eq!((in_flight.bytes(), body.finish()), (0, Err(Reply::TOO_LARGE)));
        assert!(!body.has_begun());
    }

    #[test]
    fn the_buffer_is_used_again_for_small_mails_and_leaves_with_large_ones() {
        let limits = Arc::new(Limits::default());
        for (size_bytes, is_kept) in [(REUSED_BYTES_MAX, true), (REUSED_BYTES_MAX + 1, false)] {
            let mut body = Body::new(Arc::clone(&limits), Arc::new(InFlight::default()));
            body.receive(&vec![b'x'; size_bytes - 2]);
            body.receive(b"\r\n.\r\n");
            assert_eq!(body.finish().map(|raw| raw.len()), Ok(size_bytes));
            assert_eq!(body.bytes.capacity() > 0, is_kept);
        }
    }

    fn body(in_flight: &Arc<InFlight>, in_flight_bytes_max: usize) -> Body {
        let limits = Limits { message_bytes_max: 100, in_flight_bytes_max, ..Limits::default() };
        Body::new(Arc::new(limits), Arc::clone(in_flight))
    }
}
