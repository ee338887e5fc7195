//! PLAIN (RFC 4616): one message with everything.

use crate::smtp::auth::Turn;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::auth::response::text;
use crate::smtp::reply::Reply;

/// Takes the one message.
pub(super) fn respond(message: &[u8], policy: &AuthPolicy) -> Turn {
    let Some((username, password)) = credentials(message) else {
        return Turn::Malformed(Reply::NOT_PLAIN);
    };
    Turn::judged(text(username), |username| policy.accepts(username, password))
}

/// `message = [authzid] UTF8NUL authcid UTF8NUL passwd` (§2). Whom the client speaks for does not
/// matter: nobody owns anything here.
fn credentials(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut fields = message.split(|byte| *byte == 0);
    let _authorization = fields.next()?;
    let username = fields.next()?;
    let password = fields.next()?;
    fields.next().is_none().then_some((username, password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_password_stand_between_nuls() {
        for (message, username) in [
            (&b"\0bob\0secret"[..], Some(&b"bob"[..])),
            (b"anna\0bob\0secret", Some(b"bob")),
            (b"\0\0", Some(b"")),
            (b"bob", None),
            (b"\0bob", None),
            (b"\0bob\0sec\0ret", None),
            (b"", None),
        ] {
            assert_eq!(credentials(message).map(|(name, _)| name), username, "{message:?}");
        }
    }
}
