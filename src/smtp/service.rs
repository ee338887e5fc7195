//! What a listener speaks and what it asks of its clients: the same for all its sessions.

use std::sync::Arc;

use crate::dialogue::Endpoint;
use crate::dialogue::Protocol;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::limits::Limits;

/// A listener's side of every session.
#[derive(Clone, Debug)]
pub struct Service {
    /// The limits of each session.
    pub limits: Arc<Limits>,
    /// What the server calls itself.
    pub host_name: Arc<str>,
    /// Where it listens.
    pub listener: Endpoint,
    /// What it speaks.
    pub protocol: Protocol,
    /// Whether a session in clear may, or must, start TLS (RFC 3207).
    pub starttls: StartTls,
    /// Whose AUTH succeeds, and when it is asked for.
    pub auth: Arc<AuthPolicy>,
}

/// Whether STARTTLS is offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartTls {
    /// The session stays as it began.
    #[default]
    Absent,
    /// The client may.
    Offered,
    /// Nothing else goes before it (RFC 3207 §4).
    Required,
}

impl Service {
    /// The service that `restante` without arguments gives: plain SMTP, any credentials.
    pub fn new(listener: Endpoint, host_name: Arc<str>, limits: Arc<Limits>) -> Self {
        Self {
            limits,
            host_name,
            listener,
            protocol: Protocol::Smtp,
            starttls: StartTls::Absent,
            auth: Arc::default(),
        }
    }
}
