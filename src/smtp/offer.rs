//! What a session offers at this moment: the lines of EHLO (RFC 5321 §4.1.1.1) and of HELP.
//!
//! Knows neither how it came about nor how it reaches the client.

use std::io;
use std::io::Write;

use crate::dialogue::Protocol;
use crate::smtp::auth::mechanism::Mechanism;

/// What the extensions and commands on offer depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) protocol: Protocol,
    pub(super) message_bytes_max: usize,
    pub(super) recipients_max: usize,
    /// Whether TLS can be started.
    pub(super) starts_tls: bool,
    /// Whether the session runs in TLS.
    pub(super) in_tls: bool,
    /// Whether the client may say whom it speaks for.
    pub(super) is_trusted: bool,
    /// The mechanisms of AUTH; without any it is not there.
    pub(super) auth: &'static [Mechanism],
}

impl Offer {
    /// Appends the reply to EHLO or LHLO, with the host's name in its first line.
    pub(super) fn write_to(self, host_name: &str, out: &mut Vec<u8>) -> io::Result<()> {
        write!(out, "250-{host_name}\r\n250-PIPELINING\r\n")?;
        write!(out, "250-SIZE {}\r\n", self.message_bytes_max)?;
        // RFC 9422 §4: one to six digits, and no MAILMAX where any number of mails will do.
        match self.recipients_max.min(999_999) {
            0 => {}
            recipients => write!(out, "250-LIMITS RCPTMAX={recipients}\r\n")?,
        }
        if self.starts_tls {
            out.extend_from_slice(b"250-STARTTLS\r\n");
        }
        // RFC 8689 §2: in TLS alone.
        if self.in_tls {
            out.extend_from_slice(b"250-REQUIRETLS\r\n");
        }
        if self.is_trusted {
            out.extend_from_slice(FOR_TRUSTED_PEERS.as_bytes());
        }
        out.extend_from_slice(ALWAYS.as_bytes());
        // RFC 4954 §3.
        if !self.auth.is_empty() {
            out.extend_from_slice(b"250-AUTH");
            self.auth.iter().try_for_each(|mechanism| write!(out, " {}", mechanism.name()))?;
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b"250 HELP\r\n");
        Ok(())
    }

    /// Appends the reply to HELP without an argument (RFC 5321 §4.1.1.8).
    pub(super) fn write_help_to(self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"214 2.0.0");
        for command in COMMANDS.iter().filter(|command| (command.is_there)(self)) {
            out.push(b' ');
            out.extend_from_slice(command.verb.as_bytes());
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// The syntax of a command, whether on offer or not. None: no such command.
pub(super) fn syntax(verb: &str) -> Option<&'static str> {
    let row = COMMANDS.iter().find(|command| command.verb.eq_ignore_ascii_case(verb));
    row.map(|command| command.syntax)
}

/// A command that HELP knows.
struct Known {
    verb: &'static str,
    syntax: &'static str,
    is_there: fn(Offer) -> bool,
}

const COMMANDS: [Known; 16] = [
    known("HELO", "HELO name", is_smtp),
    known("EHLO", "EHLO name", is_smtp),
    known("LHLO", "LHLO name", |offer| !is_smtp(offer)),
    known("STARTTLS", "STARTTLS", |offer| offer.starts_tls),
    known("AUTH", "AUTH mechanism [initial-response]", |offer| !offer.auth.is_empty()),
    known("MAIL", "MAIL FROM:<address> [parameters]", always),
    known("RCPT", "RCPT TO:<address> [parameters]", always),
    known("DATA", "DATA", always),
    known("BDAT", "BDAT size [LAST]", always),
    known("RSET", "RSET", always),
    known("NOOP", "NOOP [text]", always),
    known("VRFY", "VRFY address", always),
    known("HELP", "HELP [command]", always),
    known("QUIT", "QUIT", always),
    known("XCLIENT", "XCLIENT name=value ...", |offer| offer.is_trusted),
    known("XFORWARD", "XFORWARD name=value ...", |offer| offer.is_trusted),
];

const fn known(verb: &'static str, syntax: &'static str, is_there: fn(Offer) -> bool) -> Known {
    Known { verb, syntax, is_there }
}

fn is_smtp(offer: Offer) -> bool {
    offer.protocol == Protocol::Smtp
}

const fn always(_: Offer) -> bool {
    true
}

/// The extensions that are there in every session. FUTURERELEASE says how far ahead a mail may be
/// held, in seconds and as a date (RFC 4865 §3): as far as its grammar goes.
const ALWAYS: &str = "250-8BITMIME\r\n250-BINARYMIME\r\n250-CHUNKING\r\n250-SMTPUTF8\r\n\
     250-ENHANCEDSTATUSCODES\r\n250-DSN\r\n250-DELIVERBY\r\n\
     250-FUTURERELEASE 999999999 9999-12-31T23:59:59Z\r\n250-MT-PRIORITY\r\n";

const FOR_TRUSTED_PEERS: &str = "250-XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT\r\n\
     250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE\r\n";
