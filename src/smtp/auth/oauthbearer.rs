//! OAUTHBEARER (RFC 7628): a bearer token behind the header of GS2.

use crate::smtp::auth::State;
use crate::smtp::auth::Turn;
use crate::smtp::auth::bearer;
use crate::smtp::auth::gs2;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::reply::Reply;

/// Where the exchange is.
#[derive(Debug)]
pub(super) enum Oauthbearer {
    /// Wants the one message.
    Message,
    /// Has said why it failed; the client answers with `^A`, or cancels (§3.2.3).
    Refused,
}

impl Oauthbearer {
    /// `client-resp = (gs2-header kvsep *kvpair kvsep)` (§3.1). Without users the client need not
    /// say who it is.
    pub(super) fn respond(self, message: &[u8], policy: &AuthPolicy) -> Turn {
        if matches!(self, Self::Refused) {
            return Turn::Wrong;
        }
        let Some((username, token)) = name_and_token(message) else {
            return Turn::Malformed(Reply::NOT_OAUTHBEARER);
        };
        match policy.accepts_token(username.as_deref(), token) {
            Some(username) => Turn::Right(username),
            None => Turn::Challenge(REFUSAL.to_vec(), State::Oauthbearer(Self::Refused)),
        }
    }
}

fn name_and_token(message: &[u8]) -> Option<(Option<String>, &str)> {
    let end = message.iter().position(|byte| *byte == 1)?;
    let (header, fields) = message.split_at(end);
    let (header, rest) = gs2::split(str::from_utf8(header).ok()?)?;
    let token = bearer::token(bearer::without_end(fields)?)?;
    rest.is_empty().then_some((header.authorization, token))
}

/// §3.2.2
const REFUSAL: &[u8] = br#"{"status":"invalid_token","scope":"mail"}"#;

#[cfg(test)]
mod tests {
    use super::*;

    /// The first is an example of §4.
    #[test]
    fn the_name_may_be_missing_and_the_token_may_not() {
        let example = b"n,a=user@example.com,\x01host=server.example.com\x01port=587\x01\
                        auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01";
        let token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";
        for (message, expected) in [
            (&example[..], Some((Some("user@example.com".to_owned()), token))),
            (b"n,,\x01auth=bearer t\x01\x01", Some((None, "t"))),
            (b"y,a=a=2Cb=3Dc,\x01auth=Bearer t\x01\x01", Some((Some("a,b=c".to_owned()), "t"))),
            (b"n,a=bob,\x01auth=Basic t\x01\x01", None),
            (b"n,a=bob,\x01auth=Bearer \x01\x01", None),
            (b"n,a=bob,\x01auth=Bearer t\x01", None),
            (b"p=x,a=bob,\x01auth=Bearer t\x01\x01", None),
            (b"n,a=bob\x01auth=Bearer t\x01\x01", None),
            (b"n,a=bob,x\x01auth=Bearer t\x01\x01", None),
            (b"n,,", None),
            (b"", None),
        ] {
            assert_eq!(name_and_token(message), expected, "{}", message.escape_ascii());
        }
    }
}
