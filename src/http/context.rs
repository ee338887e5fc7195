//! What HTTP is served with: its options, its limits, and what every handler works on.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::sync::watch;

use crate::http::security::host::HostPattern;
use crate::metrics::Metrics;
use crate::store::Store;
use crate::store::inboxes::InboxBy;

/// How HTTP is served.
#[derive(Clone, Debug, Default)]
pub struct HttpOptions {
    /// Hosts that are answered to beside local names.
    pub allow_hosts: Vec<HostPattern>,
    /// What stands before every path: empty, or like `/mail`.
    pub base_path: String,
    /// How much a request may take.
    pub limits: HttpLimits,
}

/// How much a request may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// A request body in bytes. Refuses with 413.
    pub body_bytes_max: usize,
    /// A mail that is posted, in bytes. Refuses with 413.
    pub mail_bytes_max: usize,
    /// The bytes of all mails that are being posted at a time. Refuses the next with 503.
    pub mail_in_flight_bytes_max: usize,
    /// How long a request body may take to come. Refuses with 408.
    pub body_timeout: Duration,
    /// Event streams open at a time. Refuses the next with 503.
    pub event_streams_max: usize,
    /// How long an event stream is silent before it says where it is.
    pub keep_alive_interval: Duration,
    /// How long a request may wait for mail. Refuses longer ones with 400.
    pub wait_max: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: 64 * 1_024,
            mail_bytes_max: 50 << 20,
            mail_in_flight_bytes_max: 512 << 20,
            body_timeout: Duration::from_secs(30),
            event_streams_max: 1_000,
            keep_alive_interval: Duration::from_secs(15),
            wait_max: Duration::from_secs(300),
        }
    }
}

impl HttpLimits {
    /// A body that holds a mail: as JSON, with files in base64, it is longer than the mail.
    pub fn posted_bytes_max(&self) -> usize {
        self.mail_bytes_max.saturating_add(self.mail_bytes_max / 2).saturating_add(64 * 1_024)
    }

    /// What may be posted at a time; always enough for one.
    pub fn posted_kibibytes_max(&self) -> usize {
        let bytes = self.mail_in_flight_bytes_max.max(self.posted_bytes_max());
        bytes.div_ceil(1_024).min(Semaphore::MAX_PERMITS)
    }
}

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    /// The client's address.
    pub peer: SocketAddr,
    /// The address it connected to.
    pub listener: SocketAddr,
}

/// What the handlers work on.
#[derive(Clone, Debug)]
pub struct Context {
    /// The mails.
    pub store: Arc<Store>,
    /// What names the inboxes of a mail.
    pub inbox_by: InboxBy,
    /// What the server says about itself.
    pub info: Arc<ServerInfo>,
    /// What it has counted.
    pub metrics: Arc<Metrics>,
    /// Becomes true when the server stops: event streams end then.
    pub shutdown: watch::Receiver<bool>,
}

/// What the server says about itself.
#[derive(Debug)]
pub struct ServerInfo {
    /// Its version.
    pub version: &'static str,
    /// Where SMTP is really spoken, and how.
    pub smtp: Vec<ListenerInfo>,
    /// Where HTTP is really bound.
    pub http: Vec<String>,
    /// Named limits with their values, in the order to show them.
    pub limits: Vec<(&'static str, u64)>,
    /// Who signed the certificate it speaks TLS with.
    pub authority: Authority,
    /// When it started.
    pub started_at: Timestamp,
    ready: AtomicBool,
}

/// A place where SMTP or LMTP is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenerInfo {
    /// Such as `127.0.0.1:1025` or `unix:/run/restante`.
    pub address: String,
    /// `smtp` or `lmtp`.
    pub protocol: &'static str,
    /// `none`, `starttls`, `starttls-required`, `implicit`.
    pub tls: &'static str,
    /// Whether a proxy says first whose a connection is.
    pub behind_proxy: bool,
}

/// Who signed the certificate that the server speaks TLS with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Authority {
    /// No listener speaks TLS.
    #[default]
    Unused,
    /// The certificate was given.
    Elsewhere,
    /// The server itself, with this certificate, as PEM.
    Here(String),
}

impl ServerInfo {
    /// Of a server that is not ready yet.
    pub fn new(started_at: Timestamp, smtp: Vec<ListenerInfo>, http: Vec<String>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            smtp,
            http,
            limits: Vec::new(),
            authority: Authority::Unused,
            started_at,
            ready: AtomicBool::new(false),
        }
    }

    /// Says whether every listener is bound and accepting.
    pub fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Release);
    }

    /// Whether every listener is bound and accepting.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }
}
