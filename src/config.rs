//! What a catcher is started with: typed, with units in the names.
//!
//! Knows neither flags nor environment variables; those are the command line's.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::http::security::host::HostPattern;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::limits::Limits;
use crate::store::inboxes::InboxBy;

/// Everything that can be configured. The default is what `restante` without arguments runs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to speak SMTP. Port 0 takes any free port.
    pub smtp: Vec<SocketAddr>,
    /// Where to serve the API and the web UI. Port 0 takes any free port.
    pub http: Vec<SocketAddr>,
    /// The bytes all held mails may take; the oldest make room for the newest.
    pub store_size_bytes: usize,
    /// What an SMTP session may take.
    pub limits: Limits,
    /// Whose AUTH succeeds, and when it is asked for.
    pub auth: Arc<AuthPolicy>,
    /// What a mail's inboxes are named by.
    pub inbox_by: InboxBy,
    /// Hosts that HTTP answers to beside those that are always safe.
    pub allow_hosts: Vec<HostPattern>,
    /// The path in front of every HTTP path: empty, or `/mail`, with no slash behind.
    pub base_path: String,
    /// How long mail in flight may take to be finished at shutdown.
    pub shutdown_grace: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            smtp: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, Self::SMTP_PORT))],
            http: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, Self::HTTP_PORT))],
            store_size_bytes: 512 * 1_024 * 1_024,
            limits: Limits::default(),
            auth: Arc::default(),
            inbox_by: InboxBy::default(),
            allow_hosts: Vec::new(),
            base_path: String::new(),
            // Within the 10 s that container engines give before they kill.
            shutdown_grace: Duration::from_secs(8),
        }
    }
}

impl Config {
    /// The port mail catchers are expected to speak SMTP on.
    pub const SMTP_PORT: u16 = 1025;
    /// The port mail catchers are expected to show their mails on.
    pub const HTTP_PORT: u16 = 8025;
}
