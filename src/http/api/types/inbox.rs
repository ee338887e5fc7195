//! An inbox, in JSON.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::api::types::time;
use crate::store::shelf::Counts;

/// An inbox that holds something.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inbox {
    /// What `inbox=` takes.
    pub name: String,
    /// How many mails are in it.
    pub total: usize,
    /// How many of them nobody has read.
    pub unread: usize,
    /// Their raw bytes.
    pub size: usize,
    /// When the newest of them came.
    #[schema(format = DateTime)]
    pub last_received_at: String,
}

impl Inbox {
    /// Of what was counted, and the time of its newest mail.
    pub fn of(name: &str, counts: Counts, last_received_at: Timestamp) -> Self {
        Self {
            name: name.to_owned(),
            total: counts.total,
            unread: counts.unread,
            size: counts.raw_bytes,
            last_received_at: time(last_received_at),
        }
    }
}
