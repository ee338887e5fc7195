//! What a catcher is started with: typed, with units in the names.
//!
//! Knows neither flags nor environment variables; those are the command line's.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::dialogue::Protocol;
use crate::http::context::HttpLimits;
use crate::http::security::host::HostPattern;
use crate::net::access::AccessOptions;
use crate::net::place::Place;
use crate::net::tls::TlsOptions;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::limits::Limits;
use crate::store::inboxes::InboxBy;

/// Everything that can be configured. The default is what `restante` without arguments runs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where and how to speak SMTP. Port 0 takes any free port.
    pub smtp: Vec<SmtpListener>,
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
    /// Who may speak SMTP, and how often.
    pub access: AccessOptions,
    /// The certificate of listeners that speak TLS.
    pub tls: TlsOptions,
    /// Hosts that HTTP answers to beside those that are always safe.
    pub allow_hosts: Vec<HostPattern>,
    /// The path in front of every HTTP path: empty, or `/mail`, with no slash behind.
    pub base_path: String,
    /// What an HTTP request may take.
    pub http_limits: HttpLimits,
    /// How long mail in flight may take to be finished at shutdown.
    pub shutdown_grace: Duration,
}

/// A place where SMTP or LMTP is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpListener {
    /// Where.
    pub place: Place,
    /// What is spoken.
    pub protocol: Protocol,
    /// Whether it is spoken in TLS.
    pub security: Security,
    /// Whether a proxy stands before it, which says whose each connection is.
    pub behind_proxy: bool,
}

/// Whether a listener speaks TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// Never.
    #[default]
    Clear,
    /// When the client asks for it (RFC 3207).
    StartTlsOffered,
    /// When the client asks for it, and nothing else is said before (RFC 3207 §4).
    StartTlsRequired,
    /// From the first byte on (RFC 8314 §3.3).
    Tls,
}

impl SmtpListener {
    /// Whether it needs a certificate.
    pub fn speaks_tls(&self) -> bool {
        self.security != Security::Clear
    }
}

impl<P: Into<Place>> From<P> for SmtpListener {
    /// SMTP in clear.
    fn from(place: P) -> Self {
        Self {
            place: place.into(),
            protocol: Protocol::Smtp,
            security: Security::Clear,
            behind_proxy: false,
        }
    }
}

impl Security {
    /// A word for it, the same wherever it is shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clear => "none",
            Self::StartTlsOffered => "starttls",
            Self::StartTlsRequired => "starttls-required",
            Self::Tls => "implicit",
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            smtp: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, Self::SMTP_PORT)).into()],
            http: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, Self::HTTP_PORT))],
            store_size_bytes: 512 * 1_024 * 1_024,
            limits: Limits::default(),
            auth: Arc::default(),
            inbox_by: InboxBy::default(),
            access: AccessOptions::default(),
            tls: TlsOptions::default(),
            allow_hosts: Vec::new(),
            base_path: String::new(),
            http_limits: HttpLimits::default(),
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
