//! How a mail came: its envelope and the session, in JSON.

use serde::Serialize;

use crate::message::envelope::Path;
use crate::store::entry::Entry;

/// The envelope of a mail, and the session that brought it.
#[derive(Debug, Serialize)]
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
    /// The TLS it came in.
    pub tls: Option<Tls>,
    /// Who the client said it was.
    pub auth: Option<Auth>,
    /// What the parameters of MAIL and RCPT declared.
    pub declared: Declared,
}

/// What TLS agreed on.
#[derive(Debug, Serialize)]
pub struct Tls {
    /// Such as `TLSv1.3`.
    pub version: String,
    /// The cipher suite by its IANA name.
    pub cipher: String,
}

/// A successful AUTH.
#[derive(Debug, Serialize)]
pub struct Auth {
    /// The SASL mechanism.
    pub mechanism: String,
    /// The user name.
    pub username: String,
}

/// What the client declared with the mail.
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
pub struct Dsn {
    /// What to return.
    pub ret: Option<String>,
    /// The envelope's id.
    pub envid: Option<String>,
    /// Those recipients for which something was said.
    pub recipients: Vec<DsnRecipient>,
}

/// What is to be notified about a recipient.
#[derive(Debug, Serialize)]
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
            tls: session.tls.as_ref().map(|tls| Tls {
                version: tls.version.to_string(),
                cipher: tls.cipher.to_string(),
            }),
            auth: session.auth.as_ref().map(|auth| Auth {
                mechanism: auth.mechanism.to_owned(),
                username: auth.username.to_string(),
            }),
            declared: Declared::of(entry),
        }
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

fn value(path: Path<'_>, keyword: &str) -> Option<String> {
    path.parameter(keyword).map(str::to_owned)
}
