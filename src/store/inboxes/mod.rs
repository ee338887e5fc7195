//! Which inboxes a mail is filed in: named by the mail, its envelope or the session it came in.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::LazyLock;

use memchr::memchr;

use crate::dialogue::SessionFacts;
use crate::message::envelope::Envelope;
use crate::store::names::Names;

/// The names of a mail's inboxes; most mails share one list.
pub type Inboxes = Names;

/// The inbox of a mail that nothing names one for.
pub const DEFAULT: &str = "default";

/// The header by which a mail names its inbox, unless told otherwise.
pub const HEADER: &str = "X-Restante-Inbox";

/// What names a mail's inboxes: the first of these that has something to say.
///
/// Read from text such as `header,auth`, which is the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxBy(Arc<[Source]>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    /// The first header of this name.
    Header(Box<str>),
    /// The user name of AUTH.
    Auth,
    /// Each recipient's address.
    Recipient,
    /// `tag` of each `local+tag@domain`.
    RecipientTag,
    /// Each recipient's domain.
    RecipientDomain,
    /// The argument of HELO or EHLO.
    Helo,
    /// The client's address, without its port.
    Peer,
    /// The address of the listener, with its port.
    Listener,
}

impl InboxBy {
    /// Files a mail: under `default` when nothing names its inboxes. This runs before each 250.
    pub fn inboxes(&self, raw: &[u8], envelope: &Envelope, session: &SessionFacts) -> Inboxes {
        let named = self.0.iter().find_map(|source| source.inboxes(raw, envelope, session));
        named.unwrap_or_else(|| SHARED_DEFAULT.clone())
    }
}

impl Default for InboxBy {
    fn default() -> Self {
        Self(Arc::new([Source::Header(HEADER.into()), Source::Auth]))
    }
}

impl FromStr for InboxBy {
    type Err = InvalidInboxBy;

    fn from_str(text: &str) -> Result<Self, InvalidInboxBy> {
        let sources: Option<_> = text.split(',').map(|word| Source::named(word.trim())).collect();
        sources.map(Self).ok_or(InvalidInboxBy)
    }
}

/// A text that names no inboxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidInboxBy;

impl fmt::Display for InvalidInboxBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "right are header, header:NAME, auth, rcpt, rcpt-tag, rcpt-domain, helo, peer and \
             listener, or several of them separated by commas",
        )
    }
}

impl std::error::Error for InvalidInboxBy {}

impl Source {
    fn named(word: &str) -> Option<Self> {
        Some(match word {
            "header" => Self::Header(HEADER.into()),
            "auth" => Self::Auth,
            "rcpt" => Self::Recipient,
            "rcpt-tag" => Self::RecipientTag,
            "rcpt-domain" => Self::RecipientDomain,
            "helo" => Self::Helo,
            "peer" => Self::Peer,
            "listener" => Self::Listener,
            _ => {
                // RFC 5322 §3.6.8: what a header's name is made of.
                let name = word.strip_prefix("header:")?;
                let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
                (is_name && !name.contains(':')).then(|| Self::Header(name.into()))?
            }
        })
    }

    /// The inboxes by this alone, if it names any.
    fn inboxes(&self, raw: &[u8], envelope: &Envelope, session: &SessionFacts) -> Option<Inboxes> {
        let name = match self {
            Self::Header(name) => named_by_header(name, raw),
            Self::Auth => session.auth.as_ref().and_then(|auth| inbox_name(&auth.username)),
            Self::Helo => inbox_name(&session.helo),
            Self::Peer => session.peer.ip().and_then(|ip| inbox_name(&ip.to_string())),
            Self::Listener => inbox_name(&session.listener.to_string()),
            Self::Recipient => return of_recipients(envelope, address),
            Self::RecipientTag => return of_recipients(envelope, tag),
            Self::RecipientDomain => return of_recipients(envelope, domain),
        };
        name.map(|name| Inboxes::from([name]))
    }
}

/// Looks at the first letters of header lines only.
fn named_by_header(name: &str, raw: &[u8]) -> Option<Box<str>> {
    let mut rest = raw;
    while let Some(end) = memchr(b'\n', rest) {
        let line = &rest[..end];
        if line.is_empty() || line == b"\r" {
            return None;
        }
        if let Some(value) = value_of_header(name.as_bytes(), line) {
            return inbox_name(&String::from_utf8_lossy(value.trim_ascii()));
        }
        rest = &rest[end + 1..];
    }
    None
}

fn value_of_header<'a>(wanted: &[u8], line: &'a [u8]) -> Option<&'a [u8]> {
    let (name, value) = line.split_at_checked(wanted.len())?;
    if !name.eq_ignore_ascii_case(wanted) {
        return None;
    }
    value.trim_ascii_start().strip_prefix(b":")
}

/// A name for each recipient that gives one, each name once, in their order.
fn of_recipients(envelope: &Envelope, name: fn(&str) -> Option<String>) -> Option<Inboxes> {
    let mut seen = HashSet::new();
    let names = envelope.recipients().filter_map(|path| inbox_name(&name(path.address)?));
    let new = names.filter(|name| seen.insert(name.clone()));
    let inboxes: Inboxes = new.take(INBOXES_MAX).collect();
    (!inboxes.is_empty()).then_some(inboxes)
}

/// Domains ignore case (RFC 5321 §2.4), so an address has one spelling here.
fn address(address: &str) -> Option<String> {
    Some(match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_lowercase()),
        None => address.to_owned(),
    })
}

fn tag(address: &str) -> Option<String> {
    let (local, _) = address.rsplit_once('@').unwrap_or((address, ""));
    let (_, tag) = local.trim_matches('"').split_once('+')?;
    Some(tag.to_owned())
}

fn domain(address: &str) -> Option<String> {
    address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase())
}

/// A name that can be an inbox's: cut when it is too long, none when it is empty.
fn inbox_name(text: &str) -> Option<Box<str>> {
    let end = text.char_indices().nth(NAME_CHARS_MAX).map_or(text.len(), |(end, _)| end);
    (end > 0).then(|| text[..end].into())
}

/// Truncates: an inbox's name is shown in side bars and kept for each mail.
const NAME_CHARS_MAX: usize = 128;

/// Truncates: each is counted under the lock. The recipients stay, and are found by `rcpt:`.
const INBOXES_MAX: usize = 1_000;

static SHARED_DEFAULT: LazyLock<Inboxes> = LazyLock::new(|| [Box::from(DEFAULT)].into());

#[cfg(test)]
mod tests;
