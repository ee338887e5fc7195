//! CRAM-MD5 (RFC 2195): the client shows that it knows the password by a digest over a challenge.

use std::fmt;

use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use md5::Md5;

use crate::smtp::auth::Turn;
use crate::smtp::auth::nonce::Nonce;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::auth::response::text;
use crate::smtp::auth::secret::Secret;
use crate::smtp::auth::secret::same;
use crate::smtp::reply::Reply;

/// A challenge that was made.
pub(super) struct CramMd5 {
    challenge: String,
}

impl CramMd5 {
    /// A challenge has the form of a message id (§2).
    pub(super) fn new(nonce: Nonce, host_name: &str) -> Self {
        Self { challenge: format!("<{}@{host_name}>", nonce.text()) }
    }

    pub(super) const fn challenge(&self) -> &str {
        self.challenge.as_str()
    }

    /// Takes the name and the digest, a blank between them.
    pub(super) fn respond(&self, message: &[u8], policy: &AuthPolicy) -> Turn {
        let Some((username, digest)) = name_and_digest(message) else {
            return Turn::Malformed(Reply::NOT_CRAM_MD5);
        };
        let Some(users) = &policy.users else { return Turn::Right(text(username).into()) };
        Turn::judged(text(username), |username| {
            let secret = users.password(username).and_then(|password| password.exposed());
            secret.is_some_and(|secret| self.is_answered_by(&digest, secret))
        })
    }

    fn is_answered_by(&self, digest: &[u8; 16], secret: &Secret) -> bool {
        let mut mac = Hmac::<Md5>::new_from_slice(secret.expose().as_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(self.challenge.as_bytes());
        same(&mac.finalize().into_bytes(), digest)
    }
}

impl fmt::Debug for CramMd5 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CramMd5")
    }
}

/// The digest is 32 hexadecimal digits, in lower case as §2 has it or not; the name may contain
/// blanks.
fn name_and_digest(message: &[u8]) -> Option<(&[u8], [u8; 16])> {
    let (name, written) = message.split_at_checked(message.len().checked_sub(32)?)?;
    let written = str::from_utf8(written).ok()?;
    let mut digest = [0; 16];
    for (byte, pair) in digest.iter_mut().zip(written.as_bytes().chunks(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
    }
    Some((name.strip_suffix(b" ")?, digest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp::auth::users::Users;

    /// The example of §2.
    #[test]
    fn tim_is_known() {
        let cram = CramMd5 { challenge: "<1896.697170952@postoffice.reston.mci.net>".to_owned() };
        let mut users = Users::default();
        users.add_plain(&Secret::new("tim:tanstaaftanstaaf")).unwrap();
        let policy = AuthPolicy { users: Some(users), ..AuthPolicy::default() };
        let says = |message: &str| cram.respond(message.as_bytes(), &policy);
        let right = "tim b913a602c7eda7a495b4e6e7334d3890";
        assert!(matches!(says(right), Turn::Right(name) if &*name == "tim"));
        assert!(matches!(says(&right.replace("b9", "B9")), Turn::Right(_)));
        assert!(matches!(says(&right.replace("b9", "b8")), Turn::Wrong));
        assert!(matches!(says(&right.replace("tim", "tom")), Turn::Wrong));
        for message in ["", "tim", "tim b913", &right[4..], &right.replace("b9", "xx")] {
            assert!(matches!(says(message), Turn::Malformed(_)), "{message}");
        }
    }
}
