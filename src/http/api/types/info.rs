//! What the server says about itself, in JSON.

use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::api::types::session::MailProtocol;
use crate::http::context::ListenerInfo;

/// What `GET /v1/info` says.
#[derive(Debug, Serialize, ToSchema)]
pub struct Info {
    /// The version of restante.
    pub version: &'static str,
    /// Where SMTP is really spoken.
    pub smtp: Vec<String>,
    /// Where HTTP is really bound.
    pub http: Vec<String>,
    /// The places of `smtp`, in the same order, and how it is spoken there.
    pub listeners: Vec<Listener>,
    /// When it started.
    #[schema(format = DateTime)]
    pub started_at: String,
    /// Whole seconds, such as `75s`.
    pub uptime: String,
    /// What is held.
    pub messages: Messages,
    /// What SMTP has counted.
    pub sessions: Sessions,
    /// Limits by name, in the unit the name ends with.
    #[schema(value_type = std::collections::HashMap<String, u64>)]
    pub limits: Map<String, Value>,
}

/// A place where SMTP or LMTP is spoken.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listener {
    /// Such as `127.0.0.1:1025` or `unix:/run/restante`.
    pub address: String,
    /// What is spoken there.
    #[schema(value_type = MailProtocol)]
    pub protocol: &'static str,
    /// How TLS is.
    #[schema(value_type = ListenerTls)]
    pub tls: &'static str,
    /// Whether connections begin with the header of a proxy.
    pub proxy: bool,
}

/// How a listener speaks TLS: never, after STARTTLS, only after STARTTLS, or from the first byte.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the words of the API")]
pub enum ListenerTls {
    None,
    Starttls,
    StarttlsRequired,
    Implicit,
}

impl From<&ListenerInfo> for Listener {
    fn from(listener: &ListenerInfo) -> Self {
        Self {
            address: listener.address.clone(),
            protocol: listener.protocol,
            tls: listener.tls,
            proxy: listener.behind_proxy,
        }
    }
}

/// What is held and was held.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MessageCounts)]
pub struct Messages {
    /// How many mails.
    pub total: usize,
    /// How many of them nobody has read.
    pub unread: usize,
    /// Raw bytes.
    pub size: usize,
    /// How many had to make room for newer ones.
    pub evicted: u64,
}

/// What SMTP has counted since the start.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionCounts)]
pub struct Sessions {
    /// How many are open at this moment.
    pub open: u64,
    /// How many were opened.
    pub opened: u64,
    /// How many connections were turned away because too many were open.
    pub refused: u64,
    /// How many mails they delivered.
    pub mails: u64,
}
