//! AUTH (RFC 4954): the exchange of each mechanism. Any credentials are taken; passwords are
//! dropped where they are decoded.

pub mod policy;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;

use crate::dialogue::AuthFacts;
use crate::smtp::reply::Reply;

/// An exchange that waits for the client's next response.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Exchange {
    /// RFC 4616: one message with everything.
    Plain,
    /// draft-murchison-sasl-login: the name, ...
    LoginUsername,
    /// ... then the password.
    LoginPassword { username: Box<str> },
}

/// What a response led to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Say this, then wait for the next response.
    Challenge(Reply, Exchange),
    Done(AuthFacts),
    Failed(Reply),
}

impl Exchange {
    /// Starts a mechanism, with the initial response if it came along.
    pub(super) fn start(mechanism: &str, initial_response: Option<&str>) -> Progress {
        let (challenge, exchange) = if mechanism.eq_ignore_ascii_case("PLAIN") {
            (Reply::CHALLENGE_EMPTY, Self::Plain)
        } else if mechanism.eq_ignore_ascii_case("LOGIN") {
            (Reply::CHALLENGE_USERNAME, Self::LoginUsername)
        } else {
            return Progress::Failed(Reply::UNKNOWN_MECHANISM);
        };
        match initial_response {
            None => Progress::Challenge(challenge, exchange),
            // §4: a response of no length is sent as `=`.
            Some("=") => exchange.respond(""),
            Some(response) => exchange.respond(response),
        }
    }

    /// Takes a response in base64, or `*` to cancel (§4).
    pub(super) fn respond(self, response: &str) -> Progress {
        if response == "*" {
            return Progress::Failed(Reply::CANCELLED);
        }
        let Ok(response) = BASE64.decode(response) else {
            return Progress::Failed(Reply::BAD_BASE64);
        };
        match self {
            Self::Plain => match plain_username(&response) {
                Some(username) => done("PLAIN", username),
                None => Progress::Failed(Reply::BAD_CREDENTIALS),
            },
            Self::LoginUsername => Progress::Challenge(
                Reply::CHALLENGE_PASSWORD,
                Self::LoginPassword { username: text(&response).into_boxed_str() },
            ),
            Self::LoginPassword { username } => {
                Progress::Done(AuthFacts { mechanism: "LOGIN", username })
            }
        }
    }
}

/// `message = [authzid] NUL authcid NUL passwd` (RFC 4616 §2)
fn plain_username(message: &[u8]) -> Option<&[u8]> {
    let mut fields = message.split(|byte| *byte == 0);
    let _authorization = fields.next()?;
    let username = fields.next()?;
    let _password = fields.next()?;
    fields.next().is_none().then_some(username)
}

fn done(mechanism: &'static str, username: &[u8]) -> Progress {
    Progress::Done(AuthFacts { mechanism, username: text(username).into_boxed_str() })
}

/// UTF-8, or else Latin-1.
fn text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// Padding may be missing: some clients leave it out, and nothing depends on it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_says_its_name_between_two_nuls() {
        for (message, username) in [
            (&b"\0bob\0secret"[..], Some(&b"bob"[..])),
            (b"anna\0bob\0secret", Some(b"bob")),
            (b"\0\0", Some(b"")),
            (b"bob", None),
            (b"\0bob", None),
            (b"\0bob\0sec\0ret", None),
            (b"", None),
        ] {
            assert_eq!(plain_username(message), username, "{message:?}");
        }
    }

    #[test]
    fn a_password_is_nowhere_in_what_an_exchange_leaves() {
        let Progress::Done(facts) = Exchange::start("plain", Some("AGJvYgBzZWNyZXQ=")) else {
            panic!("credentials were refused");
        };
        assert_eq!(facts, AuthFacts { mechanism: "PLAIN", username: "bob".into() });
    }

    #[test]
    fn a_name_that_is_not_utf8_is_latin_1() {
        assert_eq!(text(b"gr\xFCn"), "grün");
        assert_eq!(text("grün".as_bytes()), "grün");
    }
}
