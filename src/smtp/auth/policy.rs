//! Whose AUTH succeeds, and when it is asked for.

use crate::smtp::auth::mechanism::Mechanism;
use crate::smtp::auth::users::Users;

/// What a listener asks of AUTH. By default nothing: any credentials succeed, in clear too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthPolicy {
    /// Whether MAIL needs AUTH before it: 530 5.7.0 (RFC 4954 §6).
    pub is_required: bool,
    /// Whether AUTH needs TLS before it: 538 5.7.11 (RFC 4954 §6).
    pub needs_tls: bool,
    /// Those whose credentials succeed. None: everybody's.
    pub users: Option<Users>,
}

impl AuthPolicy {
    /// The mechanisms that can succeed, as EHLO lists them.
    ///
    /// CRAM-MD5 and SCRAM check without being sent the password, so they need it in plain; and
    /// clients prefer them, so they are not offered where one user would never get in. SCRAM proves
    /// the server's knowledge too: without users there is nothing it could prove.
    pub(in crate::smtp) fn mechanisms(&self) -> &'static [Mechanism] {
        match &self.users {
            None => &[
                Mechanism::Plain,
                Mechanism::Login,
                Mechanism::CramMd5,
                Mechanism::Xoauth2,
                Mechanism::Oauthbearer,
            ],
            Some(users) if users.are_known_in_plain() => &[
                Mechanism::Plain,
                Mechanism::Login,
                Mechanism::CramMd5,
                Mechanism::ScramSha256,
                Mechanism::Xoauth2,
                Mechanism::Oauthbearer,
            ],
            Some(_) => {
                &[Mechanism::Plain, Mechanism::Login, Mechanism::Xoauth2, Mechanism::Oauthbearer]
            }
        }
    }

    /// Whether these credentials succeed.
    pub(super) fn accepts(&self, username: &str, password: &[u8]) -> bool {
        self.users.as_ref().is_none_or(|users| users.are_right(username, password))
    }

    /// Who sends this token, if it succeeds: a user's password is taken for the user's token. A
    /// client need not say who it is (RFC 7628 §3.1).
    pub(super) fn accepts_token(&self, username: Option<&str>, token: &str) -> Option<Box<str>> {
        match (&self.users, username) {
            (None, username) => Some(username.unwrap_or_default().into()),
            (Some(users), Some(username)) => {
                users.are_right(username, token.as_bytes()).then(|| username.into())
            }
            (Some(users), None) => users.with_token(token).map(Into::into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp::auth::password::Password;

    fn policy(passwords: &[(&str, &str)]) -> AuthPolicy {
        let mut users = Users::default();
        for (name, password) in passwords {
            users.add(name, Password::from_htpasswd(password).unwrap()).unwrap();
        }
        AuthPolicy { users: Some(users), ..AuthPolicy::default() }
    }

    #[test]
    fn only_what_can_succeed_is_offered() {
        let names = |policy: &AuthPolicy| {
            policy.mechanisms().iter().map(|mechanism| mechanism.name()).collect::<Vec<_>>()
        };
        let sha1 = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=";
        assert_eq!(
            names(&AuthPolicy::default()),
            ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"]
        );
        assert_eq!(
            names(&policy(&[("a", "x"), ("b", "y")])),
            ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"]
        );
        assert_eq!(
            names(&policy(&[("a", "x"), ("b", sha1)])),
            ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"]
        );
    }

    #[test]
    fn a_token_says_who_sends_it() {
        let policy = policy(&[("anna", "t1"), ("bob", "t2")]);
        assert_eq!(policy.accepts_token(Some("bob"), "t2").as_deref(), Some("bob"));
        assert_eq!(policy.accepts_token(Some("bob"), "t1"), None);
        assert_eq!(policy.accepts_token(None, "t1").as_deref(), Some("anna"));
        assert_eq!(policy.accepts_token(None, "t3"), None);
        assert_eq!(AuthPolicy::default().accepts_token(None, "t3").as_deref(), Some(""));
    }
}
