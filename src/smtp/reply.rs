//! Every reply of the server, by name: code (RFC 5321 §4.2), enhanced code (RFC 2034), text.
//!
//! Knows neither why a reply is given nor how it reaches the client.

use std::fmt;
use std::io::Write;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::dialogue::Protocol;
use crate::dialogue::recorder::Recorder;
use crate::message::id::MessageId;
use crate::smtp::offer::Offer;

/// One reply, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply(Words);

/// What a reply says. The fixed ones are whole lines, so that writing one is a single copy.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Words {
    Fixed(&'static str),
    Greeting(Arc<str>, Protocol),
    Hello(Arc<str>),
    /// Boxed like the next, so that no other reply is moved about in their size.
    Extended(Box<(Arc<str>, Offer)>),
    Help(Box<Offer>),
    Syntax(&'static str),
    Held(MessageId),
    Challenge(Challenge),
}

/// What AUTH asks, in base64. It may prove that the server knows a password, so it is not shown.
#[derive(Clone, PartialEq, Eq)]
struct Challenge(Box<str>);

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Challenge")
    }
}

/// The replies that are the same every time. RFC 2034 §4 leaves 3xx and greetings without an
/// enhanced code.
impl Reply {
    // 2xx: done.
    pub(super) const READY_FOR_TLS: Self = fixed("220 2.0.0 ready to start TLS\r\n");
    pub(super) const BYE: Self = fixed("221 2.0.0 bye\r\n");
    pub(super) const AUTHENTICATED: Self = fixed("235 2.7.0 authenticated\r\n");
    pub(super) const OK: Self = fixed("250 2.0.0 ok\r\n");
    pub(super) const CHUNK_OK: Self = fixed("250 2.0.0 chunk ok\r\n");
    pub(super) const SENDER_OK: Self = fixed("250 2.1.0 sender ok\r\n");
    pub(super) const RECIPIENT_OK: Self = fixed("250 2.1.5 recipient ok\r\n");
    pub(super) const NOT_VERIFIED: Self =
        fixed("252 2.0.0 not verified, but every recipient is accepted\r\n");

    // 3xx: go on.
    pub(super) const SEND_MAIL: Self = fixed("354 send the mail, end it with a dot on a line\r\n");

    // 4xx: not now.
    pub(super) const SHUTTING_DOWN: Self = fixed("421 4.3.2 shutting down\r\n");
    pub(super) const TIMED_OUT: Self = fixed("421 4.4.2 nothing heard for too long\r\n");
    pub(super) const TOO_LONG_A_SESSION: Self = fixed("421 4.4.2 the session is too long\r\n");
    pub(super) const TOO_MANY_ERRORS: Self = fixed("421 4.7.0 too many errors\r\n");
    /// For a connection above `sessions_max`; no session is made for it.
    pub const TOO_MANY_SESSIONS: Self = fixed("421 4.3.2 too many sessions (--max-sessions)\r\n");
    /// For a connection above `sessions_per_peer_max`.
    pub const TOO_MANY_SESSIONS_OF_PEER: Self =
        fixed("421 4.7.0 too many sessions of your address (--max-sessions-per-peer)\r\n");
    /// For a connection above `rate_per_peer_max`.
    pub const TOO_OFTEN_FROM_PEER: Self =
        fixed("421 4.7.0 your address connects too often (--max-rate-per-peer)\r\n");
    /// For a connection above `rate_max`.
    pub const TOO_OFTEN: Self = fixed("421 4.7.0 too many connect at once (--max-rate)\r\n");
    /// For a connection of an address that cannot be counted any more.
    pub const TOO_MANY_PEERS: Self = fixed("421 4.7.0 too many addresses connect\r\n");
    pub(super) const NOT_HELD: Self = fixed("451 4.3.0 the mail could not be held\r\n");
    pub(super) const NO_ROOM: Self = fixed("452 4.3.1 too many bytes of mail in flight\r\n");
    pub(super) const TOO_MANY_RECIPIENTS: Self = fixed("452 4.5.3 too many recipients\r\n");

    // 5xx: not like this.
    pub(super) const UNKNOWN_COMMAND: Self = fixed("500 5.5.1 unknown command\r\n");
    pub(super) const CONTROL_CHARACTER: Self =
        fixed("500 5.5.2 control character in a command\r\n");
    pub(super) const LINE_TOO_LONG: Self = fixed("500 5.5.6 line too long\r\n");
    pub(super) const BAD_RECIPIENT: Self = fixed("501 5.1.3 no address: RCPT TO:<address>\r\n");
    pub(super) const BAD_SENDER: Self = fixed("501 5.1.7 no address: MAIL FROM:<address>\r\n");
    pub(super) const BAD_BASE64: Self = fixed("501 5.5.2 not base64\r\n");
    pub(super) const NOT_PLAIN: Self = fixed("501 5.5.2 not the message of PLAIN\r\n");
    pub(super) const NOT_CRAM_MD5: Self = fixed("501 5.5.2 not the response of CRAM-MD5\r\n");
    pub(super) const NOT_SCRAM: Self = fixed("501 5.5.2 not a message of SCRAM\r\n");
    pub(super) const NOT_XOAUTH2: Self = fixed("501 5.5.2 not the message of XOAUTH2\r\n");
    pub(super) const NOT_OAUTHBEARER: Self = fixed("501 5.5.2 not the message of OAUTHBEARER\r\n");
    pub(super) const NO_ARGUMENT: Self = fixed("501 5.5.4 argument missing\r\n");
    pub(super) const STRAY_ARGUMENT: Self = fixed("501 5.5.4 no argument allowed\r\n");
    pub(super) const WANTS_MAIL_FROM: Self = fixed("501 5.5.4 syntax: MAIL FROM:<address>\r\n");
    pub(super) const WANTS_RCPT_TO: Self = fixed("501 5.5.4 syntax: RCPT TO:<address>\r\n");
    pub(super) const BAD_PARAMETER: Self = fixed("501 5.5.4 bad value of a parameter\r\n");
    pub(super) const REPEATED_PARAMETER: Self = fixed("501 5.5.4 parameter given twice\r\n");
    pub(super) const TWO_RELEASES: Self =
        fixed("501 5.5.4 either HOLDFOR or HOLDUNTIL, not both\r\n");
    pub(super) const BAD_CHUNK: Self = fixed("501 5.5.4 syntax: BDAT size [LAST]\r\n");
    pub(super) const UNSIZED_CHUNK: Self =
        fixed("501 5.5.4 without the size of a chunk its bytes cannot be told from commands\r\n");
    pub(super) const BAD_ATTRIBUTE: Self = fixed("501 5.5.4 bad attribute of the client\r\n");
    pub(super) const CANCELLED: Self = fixed("501 5.7.0 authentication cancelled\r\n");
    pub(super) const SERVER_FIRST: Self =
        fixed("501 5.7.0 no initial response: the server speaks first\r\n");
    pub(super) const NOT_IMPLEMENTED: Self = fixed("502 5.5.1 not implemented\r\n");
    pub(super) const WANTS_HELLO: Self = fixed("503 5.5.1 EHLO first\r\n");
    pub(super) const WANTS_LHLO: Self = fixed("503 5.5.1 LHLO first\r\n");
    pub(super) const WANTS_MAIL: Self = fixed("503 5.5.1 MAIL first\r\n");
    pub(super) const IN_TRANSACTION: Self = fixed("503 5.5.1 a mail is already under way\r\n");
    pub(super) const IN_CHUNKS: Self =
        fixed("503 5.5.1 the mail comes in chunks: BDAT or RSET\r\n");
    pub(super) const WANTS_BDAT: Self = fixed("503 5.5.1 a BINARYMIME mail needs BDAT\r\n");
    pub(super) const WANTS_RCPT: Self = fixed("503 5.5.1 no valid recipients\r\n");
    pub(super) const ALREADY_IN_TLS: Self = fixed("503 5.5.1 already in TLS\r\n");
    pub(super) const ALREADY_AUTHENTICATED: Self = fixed("503 5.5.1 already authenticated\r\n");
    pub(super) const NO_HELP: Self = fixed("504 5.5.4 no such command\r\n");
    pub(super) const UNKNOWN_MECHANISM: Self = fixed("504 5.5.4 unknown mechanism\r\n");
    pub(super) const WANTS_STARTTLS: Self = fixed("530 5.7.0 STARTTLS first\r\n");
    pub(super) const NO_TLS_TO_REQUIRE: Self = fixed("530 5.7.0 REQUIRETLS needs TLS\r\n");
    pub(super) const WANTS_AUTH: Self = fixed("530 5.7.0 AUTH first\r\n");
    pub(super) const WRONG_CREDENTIALS: Self = fixed("535 5.7.8 wrong user or password\r\n");
    pub(super) const AUTH_WANTS_TLS: Self = fixed("538 5.7.11 AUTH only within TLS\r\n");
    pub(super) const NOT_TRUSTED: Self =
        fixed("550 5.7.0 for peers that --trust names, and you are none\r\n");
    pub(super) const TOO_LARGE: Self = fixed("552 5.3.4 the mail is too large\r\n");
    pub(super) const NO_RECIPIENTS: Self = fixed("554 5.5.1 no valid recipients\r\n");
    /// For a connection of an address that is not listed; RFC 5321 §3.1 lets a greeting refuse.
    pub const NOT_ALLOWED: Self = fixed("554 5.7.1 your address is not allowed here (--allow)\r\n");
    pub(super) const NOT_HTTP: Self = fixed("554 5.5.1 this is SMTP, not HTTP\r\n");
    pub(super) const NOT_TLS: Self = fixed("554 5.5.1 this port does not begin with TLS\r\n");
    pub(super) const UNKNOWN_PARAMETER: Self = fixed("555 5.5.4 unknown parameter\r\n");
}

/// The replies that say something of their own.
impl Reply {
    /// 220, the first words of a session (RFC 5321 §4.2: the domain comes first).
    pub(super) const fn greeting(host_name: Arc<str>, protocol: Protocol) -> Self {
        Self(Words::Greeting(host_name, protocol))
    }

    /// 250 to HELO.
    pub(super) const fn hello(host_name: Arc<str>) -> Self {
        Self(Words::Hello(host_name))
    }

    /// 250 to EHLO and LHLO: a line for each extension (RFC 5321 §4.1.1.1).
    pub(super) fn extended(host_name: Arc<str>, offer: Offer) -> Self {
        Self(Words::Extended(Box::new((host_name, offer))))
    }

    /// 214 to HELP: the commands that are there.
    pub(super) fn help(offer: Offer) -> Self {
        Self(Words::Help(Box::new(offer)))
    }

    /// 214 to HELP with a command: how it is written.
    pub(super) const fn syntax(syntax: &'static str) -> Self {
        Self(Words::Syntax(syntax))
    }

    /// 334: a challenge of AUTH (RFC 4954 §4).
    pub(super) fn challenge(bytes: &[u8]) -> Self {
        Self(Words::Challenge(Challenge(STANDARD.encode(bytes).into())))
    }

    /// 250 to a mail that every reader can see by now.
    pub(super) const fn held(id: MessageId) -> Self {
        Self(Words::Held(id))
    }
}

impl Reply {
    /// Appends the reply with its line ends.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        let written = match &self.0 {
            Words::Fixed(line) => {
                out.extend_from_slice(line.as_bytes());
                Ok(())
            }
            Words::Greeting(host, Protocol::Smtp) => write!(out, "220 {host} ESMTP restante\r\n"),
            Words::Greeting(host, Protocol::Lmtp) => write!(out, "220 {host} LMTP restante\r\n"),
            Words::Hello(host) => write!(out, "250 {host}\r\n"),
            Words::Extended(extended) => {
                let (host_name, offer) = &**extended;
                offer.write_to(host_name, out)
            }
            Words::Help(offer) => {
                offer.write_help_to(out);
                Ok(())
            }
            Words::Syntax(syntax) => write!(out, "214 2.0.0 {syntax}\r\n"),
            Words::Challenge(Challenge(text)) => write!(out, "334 {text}\r\n"),
            Words::Held(id) => write!(out, "250 2.0.0 held as {id}\r\n"),
        };
        written.expect("writing to a Vec cannot fail");
    }

    /// Writes it down as what the server said.
    pub(super) fn record(&self, recorder: &mut Recorder) {
        match &self.0 {
            Words::Fixed(line) => recorder.server(line.trim_end(), self.code()),
            Words::Challenge(Challenge(text)) if text.starts_with(PROOF) => {
                recorder.server("334 ********", self.code());
            }
            _ => {
                let mut text = Vec::with_capacity(64);
                self.write_to(&mut text);
                recorder.server_text(text.trim_ascii_end(), self.code());
            }
        }
    }

    /// The three digits.
    pub fn code(&self) -> u16 {
        match &self.0 {
            Words::Fixed(line) => {
                line.bytes().take(3).fold(0, |code, digit| code * 10 + u16::from(digit - b'0'))
            }
            Words::Help(_) | Words::Syntax(_) => 214,
            Words::Greeting(..) => 220,
            Words::Challenge(_) => 334,
            Words::Hello(_) | Words::Extended(..) | Words::Held(_) => 250,
        }
    }

    /// Whether the command failed, for good or for now: 4xx or 5xx.
    pub fn is_refusal(&self) -> bool {
        self.code() >= 400
    }

    /// Whether the command failed for good: 5xx.
    pub fn is_error(&self) -> bool {
        self.code() >= 500
    }
}

/// How `v=` begins in base64: the server's proof that it knows a password (RFC 5802 §5.1), from
/// which the password could be guessed.
const PROOF: &str = "dj";

const fn fixed(line: &'static str) -> Reply {
    Reply(Words::Fixed(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp::auth::mechanism::Mechanism;

    /// RFC 5321 §4.2 and §4.5.3.1.5, RFC 2034 §4: read from this file, so that none is left out.
    #[test]
    fn every_fixed_reply_is_a_reply() {
        let source = include_str!("reply.rs").split("#[cfg(test)]").next().unwrap_or_default();
        let lines: Vec<_> = source.split("fixed(\"").skip(1).collect();
        assert!(lines.len() > 40, "only {} found", lines.len());
        for line in lines {
            let (line, _) = line.split_once("\\r\\n\")").expect("ends in CRLF");
            assert!(line.len() <= 510 && line.is_ascii() && !line.contains('\\'), "{line}");
            let (code, text) = line.split_once(' ').expect("a blank behind the code");
            assert!(code.len() == 3 && ("214".."556").contains(&code), "{line}");
            let class = text.split('.').next().unwrap_or_default();
            assert!(code.starts_with('3') || code.starts_with(class) && class.len() == 1, "{line}");
        }
    }

    #[test]
    fn the_code_is_what_is_written() {
        let host: Arc<str> = "mail.test".into();
        let offer = Offer {
            protocol: Protocol::Smtp,
            message_bytes_max: 1,
            recipients_max: 1,
            starts_tls: true,
            in_tls: true,
            is_trusted: true,
            auth: &[Mechanism::Plain, Mechanism::Login],
        };
        for reply in [
            Reply::BYE,
            Reply::UNKNOWN_PARAMETER,
            Reply::greeting(Arc::clone(&host), Protocol::Smtp),
            Reply::hello(Arc::clone(&host)),
            Reply::extended(host, offer),
            Reply::help(offer),
            Reply::syntax("QUIT"),
            Reply::challenge(b"Username:"),
            Reply::held(MessageId::from_parts(0, 0)),
        ] {
            let mut out = Vec::new();
            reply.write_to(&mut out);
            assert!(out.starts_with(reply.code().to_string().as_bytes()), "{reply:?}");
            assert!(out.ends_with(b"\r\n"), "{reply:?}");
            assert_eq!(reply.is_error(), out[0] == b'5');
        }
    }
}
