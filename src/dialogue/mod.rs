//! What was said on a connection: the facts of an SMTP session that its mails share.
//!
//! Pure: knows neither sockets nor the store.

use std::fmt;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::sync::Arc;

/// The facts of an SMTP session at the moment a mail was delivered in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFacts {
    /// The client's address.
    pub peer: Endpoint,
    /// The listener the client connected to.
    pub listener: Endpoint,
    /// The argument of the last HELO or EHLO, as sent; empty when there was none.
    pub helo: Box<str>,
    /// Whether the client said EHLO.
    pub extended: bool,
    /// The TLS the session runs in, if any.
    pub tls: Option<Box<TlsFacts>>,
    /// The AUTH that succeeded, if any.
    pub auth: Option<Box<AuthFacts>>,
}

impl SessionFacts {
    /// The bytes of what the client chose to say.
    pub fn size_bytes(&self) -> usize {
        self.helo.len() + self.auth.as_ref().map_or(0, |auth| auth.username.len())
    }
}

/// What a listener speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// RFC 5321.
    #[default]
    Smtp,
    /// RFC 2033: a reply for each recipient.
    Lmtp,
}

/// One end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// An address and a port.
    Ip(SocketAddr),
    /// A Unix socket, by its path; clients have none as a rule, and an empty path here.
    Unix(Arc<str>),
}

impl Endpoint {
    /// The address without the port, of which a Unix socket has none.
    pub const fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Ip(address) => Some(address.ip()),
            Self::Unix(_) => None,
        }
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(address: SocketAddr) -> Self {
        Self::Ip(address)
    }
}

impl<I: Into<IpAddr>> From<(I, u16)> for Endpoint {
    fn from(address: (I, u16)) -> Self {
        Self::Ip(address.into())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{path}"),
        }
    }
}

/// What TLS agreed on (RFC 8446).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFacts {
    /// The protocol version, such as `TLSv1.3`.
    pub version: Box<str>,
    /// The cipher suite by its IANA name.
    pub cipher: Box<str>,
    /// The name the client asked for (RFC 6066 §3), if any.
    pub server_name: Option<Box<str>>,
    /// The certificate the client showed, if any: its subject.
    pub client_subject: Option<Box<str>>,
}

/// Who the client said it was (RFC 4954). The password is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthFacts {
    /// The SASL mechanism, in capitals.
    pub mechanism: &'static str,
    /// The user name as sent.
    pub username: Box<str>,
}
