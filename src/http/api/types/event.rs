//! The data of server-sent events, in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::api::types::Summary;
use crate::message::id::MessageId;

/// The data of `message` and `changed`.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailEvent {
    /// The mail, with the marks it has now.
    #[serde(flatten)]
    pub summary: Summary,
    /// Whether it still matches a query of marks (`is:`, `tag:`). Only there with such a query.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub matches: Option<bool>,
}

/// The data of `deleted` and `evicted`.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoneEvent {
    /// The ids of the mails that are gone.
    pub ids: Vec<String>,
}

impl GoneEvent {
    /// Of these mails.
    pub fn of(ids: &[MessageId]) -> Self {
        Self { ids: ids.iter().map(ToString::to_string).collect() }
    }
}

/// The data of `cleared`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClearedEvent {
    /// Every mail up to and including this `seq` is gone.
    pub until: u64,
}

/// The data of `session`: an SMTP session is over.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionEvent {
    /// Its id.
    pub id: String,
    /// Whether it failed.
    pub failed: bool,
}

/// The data of `reset`: nothing. Forget what you know and read it anew.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResetEvent {}
