//! The commands (RFC 5321 §4.1.1) and their grammar. Knows no session: order is checked elsewhere.

use crate::smtp::auth::response::Response;
use crate::smtp::parameters;
use crate::smtp::parameters::Parameters;
use crate::smtp::path;
use crate::smtp::reply::Reply;

/// A command that was understood, borrowed from its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command<'a> {
    Helo(&'a str),
    Ehlo(&'a str),
    /// EHLO's name in LMTP (RFC 2033 §4.1).
    Lhlo(&'a str),
    StartTls,
    Mail(Path<'a>),
    Rcpt(Path<'a>),
    Data,
    Bdat(Chunk),
    /// A BDAT that does not say how many bytes follow.
    BdatUnsized,
    Rset,
    Noop,
    Quit,
    /// What help is wanted on, if it was said.
    Help(Option<&'a str>),
    Vrfy,
    /// Attributes of the client that a proxy speaks for.
    Xclient(&'a str),
    Xforward(&'a str),
    Auth {
        mechanism: &'a str,
        initial_response: Option<Response<'a>>,
    },
    /// A command of some RFC that is not offered here.
    NotImplemented,
    /// A browser was made to speak to this port.
    Http,
}

/// The argument of MAIL or RCPT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path<'a> {
    /// As sent, without angle brackets.
    pub(super) address: &'a str,
    pub(super) parameters: Parameters<'a>,
}

/// The argument of BDAT (RFC 3030 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    /// How many bytes follow the command.
    pub(super) size_bytes: u64,
    /// Whether the mail ends with them. None: something else than LAST stood behind the size.
    pub(super) is_last: Option<bool>,
}

impl<'a> Command<'a> {
    /// Reads a line without its end.
    ///
    /// # Errors
    /// The reply when the line is no command or its argument makes no sense.
    pub(super) fn parse(line: &'a str) -> Result<Self, Reply> {
        // RFC 5321 §4.1.1: white space before the end of a line is tolerated.
        let line = line.trim_end_matches(BLANKS);
        let (verb, argument) = line.split_once(BLANKS).unwrap_or((line, ""));
        let argument = argument.trim_start_matches(BLANKS);
        let mut capitals = [0; VERB_BYTES_MAX];
        let Some(capitals) = capitals.get_mut(..verb.len()) else {
            return if is_http(line) { Ok(Self::Http) } else { Err(Reply::UNKNOWN_COMMAND) };
        };
        capitals.copy_from_slice(verb.as_bytes());
        capitals.make_ascii_uppercase();
        match &*capitals {
            b"MAIL" => mail(argument).map(Self::Mail),
            b"RCPT" => rcpt(argument).map(Self::Rcpt),
            b"DATA" => alone(Self::Data, argument),
            b"RSET" => alone(Self::Rset, argument),
            b"QUIT" => alone(Self::Quit, argument),
            b"EHLO" => Ok(Self::Ehlo(argument)),
            b"HELO" => Ok(Self::Helo(argument)),
            // §4.1.1.9: a parameter of NOOP is ignored.
            b"NOOP" => Ok(Self::Noop),
            b"BDAT" => Ok(bdat(argument)),
            b"LHLO" => Ok(Self::Lhlo(argument)),
            b"STARTTLS" => alone(Self::StartTls, argument),
            b"HELP" => Ok(Self::Help(words(argument).next())),
            b"VRFY" if argument.is_empty() => Err(Reply::NO_ARGUMENT),
            b"VRFY" => Ok(Self::Vrfy),
            b"AUTH" => auth(argument),
            b"XCLIENT" => Ok(Self::Xclient(argument)),
            b"XFORWARD" => Ok(Self::Xforward(argument)),
            // §3.5.2 lets EXPN be missing; appendix F retires TURN to SAML; ETRN, ATRN and BURL
            // belong to extensions that are not offered, and the rest was never in an RFC.
            b"EXPN" | b"TURN" | b"SEND" | b"SOML" | b"SAML" | b"ETRN" | b"ATRN" | b"BURL"
            | b"VERB" | b"ONEX" | b"XADR" | b"XUSR" | b"XEXCH50" => Ok(Self::NotImplemented),
            _ if is_http(line) => Ok(Self::Http),
            _ => Err(Reply::UNKNOWN_COMMAND),
        }
    }
}

/// `mail = "MAIL FROM:" Reverse-path [SP Mail-parameters]`
fn mail(argument: &str) -> Result<Path<'_>, Reply> {
    let argument = after("FROM:", argument).ok_or(Reply::WANTS_MAIL_FROM)?;
    let (address, rest) = path::split(argument).ok_or(Reply::BAD_SENDER)?;
    Ok(Path { address, parameters: Parameters::parse(rest, parameters::OF_MAIL)? })
}

/// `rcpt = "RCPT TO:" Forward-path [SP Rcpt-parameters]`
fn rcpt(argument: &str) -> Result<Path<'_>, Reply> {
    let argument = after("TO:", argument).ok_or(Reply::WANTS_RCPT_TO)?;
    let (address, rest) = path::split(argument).ok_or(Reply::BAD_RECIPIENT)?;
    if address.is_empty() {
        return Err(Reply::BAD_RECIPIENT);
    }
    Ok(Path { address, parameters: Parameters::parse(rest, parameters::OF_RCPT)? })
}

/// What follows a keyword in any case. Blanks between it and the path are in no RFC and in many
/// clients.
fn after<'a>(keyword: &str, argument: &'a str) -> Option<&'a str> {
    let front = argument.get(..keyword.len())?;
    let rest = &argument[keyword.len()..];
    front.eq_ignore_ascii_case(keyword).then(|| rest.trim_start_matches(BLANKS))
}

fn alone<'a>(command: Command<'a>, argument: &str) -> Result<Command<'a>, Reply> {
    if argument.is_empty() { Ok(command) } else { Err(Reply::STRAY_ARGUMENT) }
}

/// `bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ]` (RFC 3030 §2)
fn bdat<'a>(argument: &str) -> Command<'a> {
    let mut words = words(argument);
    let size = words.next().filter(|size| size.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(size_bytes) = size.and_then(|size| size.parse().ok()) else {
        return Command::BdatUnsized;
    };
    let is_last = match (words.next(), words.next()) {
        (None, _) => Some(false),
        (Some(marker), None) if marker.eq_ignore_ascii_case("LAST") => Some(true),
        _ => None,
    };
    Command::Bdat(Chunk { size_bytes, is_last })
}

/// `auth-command = "AUTH" SP sasl-mech [SP initial-response]` (RFC 4954 §8)
fn auth(argument: &str) -> Result<Command<'_>, Reply> {
    let mut words = words(argument);
    let mechanism = words.next().ok_or(Reply::NO_ARGUMENT)?;
    let initial_response = words.next().map(Response);
    if words.next().is_some() {
        return Err(Reply::STRAY_ARGUMENT);
    }
    Ok(Command::Auth { mechanism, initial_response })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(BLANKS).filter(|word| !word.is_empty())
}

/// Whether a line is the start of an HTTP request, or its `Host` field where the first line was
/// swallowed: a page in a browser can make it talk to this port, with commands in the body.
fn is_http(line: &str) -> bool {
    let (verb, _) = line.split_once(' ').unwrap_or((line, ""));
    HTTP_WORDS.contains(&verb) || verb.eq_ignore_ascii_case("host:") || line.contains(" HTTP/")
}

const HTTP_WORDS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// The longest verbs looked at: STARTTLS and XFORWARD.
const VERB_BYTES_MAX: usize = 8;

const BLANKS: [char; 2] = [' ', '\t'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_borrows_its_arguments_as_sent() {
        assert_eq!(Command::parse("eHlO  A b \t "), Ok(Command::Ehlo("A b")));
        let Ok(Command::Mail(path)) = Command::parse("mail from: <A@x.test> SIZE=1 ") else {
            panic!("not a MAIL");
        };
        assert_eq!((path.address, &*path.parameters.text), ("A@x.test", "SIZE=1"));
        assert_eq!(
            Command::parse("AUTH  plain  AA=="),
            Ok(Command::Auth { mechanism: "plain", initial_response: Some(Response("AA==")) })
        );
    }

    #[test]
    fn a_chunk_says_its_size_and_whether_it_is_the_last() {
        let chunk = |size_bytes, is_last| Command::Bdat(Chunk { size_bytes, is_last });
        for (line, command) in [
            ("BDAT 0", chunk(0, Some(false))),
            ("bdat  0010\tlast ", chunk(10, Some(true))),
            ("BDAT 18446744073709551615", chunk(u64::MAX, Some(false))),
            ("BDAT 5 FIRST", chunk(5, None)),
            ("BDAT 5 LAST LAST", chunk(5, None)),
            ("BDAT", Command::BdatUnsized),
            ("BDAT LAST", Command::BdatUnsized),
            ("BDAT +5", Command::BdatUnsized),
            ("BDAT -5 LAST", Command::BdatUnsized),
            ("BDAT 18446744073709551616", Command::BdatUnsized),
        ] {
            assert_eq!(Command::parse(line), Ok(command), "{line}");
        }
    }

    #[test]
    fn http_is_told_from_mail() {
        for line in
            ["GET / HTTP/1.1", "POST /x HTTP/2", "Host: x", "host: x", "PROPFIND / HTTP/1.1"]
        {
            assert_eq!(Command::parse(line), Ok(Command::Http), "{line}");
        }
        for line in ["get", "Hosts", "GETS", "NOPE", "HTTP/1.1", "X-Host: x"] {
            assert_eq!(Command::parse(line), Err(Reply::UNKNOWN_COMMAND), "{line}");
        }
        assert!(matches!(Command::parse("NOOP / HTTP/1.1"), Ok(Command::Noop)));
    }
}
