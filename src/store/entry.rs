//! One held mail: what arrived, which never changes, and the marks people put on it.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::dialogue::SessionFacts;
use crate::dialogue::record::Part;
use crate::message::envelope::Envelope;
use crate::message::id::MessageId;
use crate::store::inboxes::Inboxes;
use crate::store::names::Names;

/// The number of a mail: that of the change by which it arrived.
pub type Seq = u64;

/// A mail about to be held.
#[derive(Debug)]
pub struct Arrival {
    /// When the end of the mail was read.
    pub received_at: Timestamp,
    /// Who sent it and who was to get it.
    pub envelope: Envelope,
    /// The bytes between DATA and the final dot, un-stuffed and otherwise untouched.
    pub raw: Box<[u8]>,
    /// The session it came in.
    pub session: Arc<SessionFacts>,
    /// Its part of what was said in the session.
    pub said: Part,
    /// Where it is filed.
    pub inboxes: Inboxes,
}

impl Arrival {
    /// What holding this mail counts for, in bytes. What the client called itself counts whole, as
    /// if no other mail shared it: the rest of them may leave before this one.
    pub fn size_bytes(&self) -> usize {
        let Self { envelope, raw, session, said, inboxes, .. } = self;
        size_bytes(envelope, raw, session, *said, inboxes)
    }
}

/// A held mail as it arrived.
#[derive(Debug)]
pub struct Entry {
    /// Its number: arrival order.
    pub seq: Seq,
    /// Its name.
    pub id: MessageId,
    /// When the end of the mail was read.
    pub received_at: Timestamp,
    /// Who sent it and who was to get it.
    pub envelope: Envelope,
    /// The bytes between DATA and the final dot, un-stuffed and otherwise untouched.
    pub raw: Box<[u8]>,
    /// The session it came in.
    pub session: Arc<SessionFacts>,
    /// Its part of what was said in the session.
    pub said: Part,
    /// Where it is filed.
    pub inboxes: Inboxes,
}

impl Entry {
    /// An arrival with the number and name it was given.
    pub fn new(seq: Seq, id: MessageId, arrival: Arrival) -> Self {
        let Arrival { received_at, envelope, raw, session, said, inboxes } = arrival;
        Self { seq, id, received_at, envelope, raw, session, said, inboxes }
    }

    /// What holding this mail counts for, in bytes.
    pub fn size_bytes(&self) -> usize {
        let Self { envelope, raw, session, said, inboxes, .. } = self;
        size_bytes(envelope, raw, session, *said, inboxes)
    }
}

fn size_bytes(
    envelope: &Envelope,
    raw: &[u8],
    session: &SessionFacts,
    said: Part,
    inboxes: &Inboxes,
) -> usize {
    let names: usize = inboxes.iter().map(|name| name.len()).sum();
    let structures = (raw.len() / STRUCTURES_PART).min(STRUCTURES_BYTES_MAX);
    let told = envelope.size_bytes() + session.size_bytes() + said.size_bytes as usize;
    raw.len() + told + names + structures + OVERHEAD_BYTES
}

/// A held mail with its present marks.
#[derive(Clone, Debug)]
pub struct Held {
    /// What arrived.
    pub entry: Arc<Entry>,
    /// What people made of it since.
    pub marks: Marks,
}

/// What may change about a held mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Whether somebody has read it.
    pub read: bool,
    /// Its tags in the order given; None when there are none, which is the rule.
    pub tags: Option<Names>,
}

impl Marks {
    /// The tags, none being an empty list.
    pub fn tags(&self) -> &[Box<str>] {
        self.tags.as_deref().unwrap_or_default()
    }
}

/// A mail takes more than all the room there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the mail is larger than the store")
    }
}

impl std::error::Error for TooLarge {}

/// An entry, its places in the shelf and the log, what the allocator rounds up, and the columns
/// that searches keep of its header.
const OVERHEAD_BYTES: usize = 320;

/// The signature that searches keep of its texts takes less than this part of a mail, and no more
/// than so many bytes.
const STRUCTURES_PART: usize = 8;
const STRUCTURES_BYTES_MAX: usize = 4_096;
