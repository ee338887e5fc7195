//! What was said on a connection: the facts of an SMTP session that its mails share.
//!
//! Pure: knows neither sockets nor the store.

mod packing;
pub mod record;
pub mod recorder;
pub mod transcript;
pub mod verb;

use std::fmt;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::dialogue::record::Record;

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
    /// Whom the client passed the mail on for, if it said so (XFORWARD).
    pub forwarded: Option<Box<ForwardedFacts>>,
    /// All of the session, and what was said in it; None for a mail that came another way.
    pub record: Option<Arc<Record>>,
}

impl SessionFacts {
    /// The bytes of what the client chose to say.
    pub fn size_bytes(&self) -> usize {
        let auth = self.auth.as_ref().map_or(0, |auth| auth.username.len());
        self.helo.len() + auth + self.forwarded.as_ref().map_or(0, |from| from.size_bytes())
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

impl Protocol {
    /// Its name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Smtp => "smtp",
            Self::Lmtp => "lmtp",
        }
    }
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

impl Endpoint {
    /// The address and the port, of which a Unix socket has none.
    pub const fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Ip(address) => Some(*address),
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

/// Whom a relay passed a mail on for, in its words (XFORWARD). None: not said, or not known there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForwardedFacts {
    /// The name of the client that the relay had the mail from.
    pub name: Option<Box<str>>,
    /// Its address.
    pub address: Option<IpAddr>,
    /// Its port.
    pub port: Option<u16>,
    /// The protocol it spoke, such as `ESMTP`.
    pub protocol: Option<Box<str>>,
    /// Its argument of HELO or EHLO.
    pub helo: Option<Box<str>>,
    /// What the relay calls the mail.
    pub identity: Option<Box<str>>,
    /// `LOCAL` or `REMOTE`: where the relay had the mail from.
    pub source: Option<Box<str>>,
}

impl ForwardedFacts {
    fn size_bytes(&self) -> usize {
        let texts = [&self.name, &self.protocol, &self.helo, &self.identity, &self.source];
        size_of::<Self>() + texts.iter().copied().flatten().map(|text| text.len()).sum::<usize>()
    }
}
