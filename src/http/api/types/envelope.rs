//! How a mail came: its envelope and the session, in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use crate::dialogue::AuthFacts;
use crate::dialogue::ForwardedFacts;
use crate::dialogue::TlsFacts;
use crate::message::envelope::Path;
use crate::store::entry::Entry;

/// The envelope of a mail, and the session that brought it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Envelope {
    /// The address of MAIL FROM as sent; empty for the null sender.
    pub from: String,
    /// The addresses of RCPT TO as sent.
    pub to: Vec<String>,
    /// The argument of HELO or EHLO.
    pub helo: String,
    /// The client's address and port.
    pub peer: String,
    /// The address and port it connected to.
    pub listener: String,
    /// The session, by its id; null for a mail that came another way.
    pub session: Option<String>,
    /// The TLS it came in.
    pub tls: Option<Tls>,
    /// Who the client said it was.
    pub auth: Option<Auth>,
    /// Whom a relay passed it on for (XFORWARD).
    pub forwarded: Option<Forwarded>,
    /// What the parameters of MAIL and RCPT declared.
    pub declared: Declared,
}

/// What a relay said about the client it had a mail from; null for what it did not say or know.
#[derive(Debug, Serialize, ToSchema)]
pub struct Forwarded {
    /// The client's name.
    pub name: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// Its port.
    pub port: Option<u16>,
    /// The protocol it spoke.
    pub protocol: Option<String>,
    /// Its argument of HELO or EHLO.
    pub helo: Option<String>,
    /// What the relay calls the mail.
    pub identity: Option<String>,
    /// `LOCAL` or `REMOTE`.
    pub source: Option<String>,
}

/// What TLS agreed on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tls {
    /// Such as `TLSv1.3`.
    pub version: String,
    /// The cipher suite by its IANA name.
    pub cipher: String,
    /// The name the client asked for.
    pub server_name: Option<String>,
    /// The subject of the certificate the client showed.
    pub client_subject: Option<String>,
}

/// A successful AUTH.
#[derive(Debug, Serialize, ToSchema)]
pub struct Auth {
    /// The SASL mechanism.
    pub mechanism: String,
    /// The user name.
    pub username: String,
}

/// What the client declared with the mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct Declared {
    /// SIZE (RFC 1870).
    pub size: Option<u64>,
    /// BODY (RFC 6152), in capitals.
    pub body: Option<String>,
    /// SMTPUTF8 (RFC 6531).
    pub smtputf8: bool,
    /// RET and ENVID, NOTIFY and ORCPT (RFC 3461); null when none was given.
    pub dsn: Option<Dsn>,
    /// All parameters of MAIL, as sent.
    pub parameters: String,
}

/// Which delivery status notifications the client asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dsn {
    /// What to return.
    pub ret: Option<String>,
    /// The envelope's id.
    pub envid: Option<String>,
    /// Those recipients for which something was said.
    pub recipients: Vec<DsnRecipient>,
}

/// What is to be notified about a recipient.
#[derive(Debug, Serialize, ToSchema)]
pub struct DsnRecipient {
    /// The recipient.
    pub address: String,
    /// When to notify.
    pub notify: Option<String>,
    /// The original recipient.
    pub orcpt: Option<String>,
}

impl Envelope {
    /// Of a held mail.
    pub fn of(entry: &Entry) -> Self {
        let session = &entry.session;
        Self {
            from: entry.envelope.mail_from().to_owned(),
            to: entry.envelope.recipients().map(|path| path.address.to_owned()).collect(),
            helo: session.helo.to_string(),
            peer: session.peer.to_string(),
            listener: session.listener.to_string(),
            session: session.record.as_ref().map(|record| record.number.to_string()),
            tls: session.tls.as_deref().map(Tls::of),
            auth: session.auth.as_deref().map(Auth::of),
            forwarded: session.forwarded.as_deref().map(Forwarded::of),
            declared: Declared::of(entry),
        }
    }
}

impl Forwarded {
    fn of(client: &ForwardedFacts) -> Self {
        Self {
            name: text(&client.name),
            address: client.address.map(|address| address.to_string()),
            port: client.port,
            protocol: text(&client.protocol),
            helo: text(&client.helo),
            identity: text(&client.identity),
            source: text(&client.source),
        }
    }
}

impl Tls {
    /// Of a session.
    pub fn of(tls: &TlsFacts) -> Self {
        Self {
            version: tls.version.to_string(),
            cipher: tls.cipher.to_string(),
            server_name: text(&tls.server_name),
            client_subject: text(&tls.client_subject),
        }
    }
}

impl Auth {
    /// Of a session.
    pub fn of(auth: &AuthFacts) -> Self {
        Self { mechanism: auth.mechanism.to_owned(), username: auth.username.to_string() }
    }
}

impl Declared {
    fn of(entry: &Entry) -> Self {
        let sender = entry.envelope.sender();
        let recipients: Vec<DsnRecipient> =
            entry.envelope.recipients().filter_map(DsnRecipient::of).collect();
        let (ret, envid) = (value(sender, "RET"), value(sender, "ENVID"));
        let has_dsn = ret.is_some() || envid.is_some() || !recipients.is_empty();
        Self {
            size: sender.parameter("SIZE").and_then(|size| size.parse().ok()),
            body: sender.parameter("BODY").map(str::to_ascii_uppercase),
            smtputf8: sender.parameter("SMTPUTF8").is_some(),
            dsn: has_dsn.then_some(Dsn { ret, envid, recipients }),
            parameters: sender.parameters.to_owned(),
        }
    }
}

impl DsnRecipient {
    fn of(path: Path<'_>) -> Option<Self> {
        let (notify, orcpt) = (value(path, "NOTIFY"), value(path, "ORCPT"));
        let says_something = notify.is_some() || orcpt.is_some();
        says_something.then(|| Self { address: path.address.to_owned(), notify, orcpt })
    }
}

fn text(text: &Option<Box<str>>) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

fn value(path: Path<'_>, keyword: &str) -> Option<String> {
    path.parameter(keyword).map(str::to_owned)
}
