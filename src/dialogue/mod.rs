//! What was said on a connection: the facts of an SMTP session that its mails share.
//!
//! Pure: knows neither sockets nor the store.

use std::net::SocketAddr;

/// The facts of an SMTP session at the moment a mail was delivered in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFacts {
    /// The client's address.
    pub peer: SocketAddr,
    /// The listener the client connected to.
    pub listener: SocketAddr,
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

/// What TLS agreed on (RFC 8446).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFacts {
    /// The protocol version, such as `TLSv1.3`.
    pub version: Box<str>,
    /// The cipher suite by its IANA name.
    pub cipher: Box<str>,
}

/// Who the client said it was (RFC 4954). The password is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthFacts {
    /// The SASL mechanism, in capitals.
    pub mechanism: &'static str,
    /// The user name as sent.
    pub username: Box<str>,
}
